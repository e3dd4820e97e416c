"""Opening, closing and splitting a lycée on the shipped data: asked, refused, kept, written."""

import json

import pytest

from geozones.common.errors import InputError
from geozones.domain.decisions import Locks
from geozones.domain.places import Precision, Spot
from geozones.store import Store
from geozones.workspace.figures.study import Study
from geozones.workspace.roles import Actor, Role
from geozones.workspace.scenarios.history_text import describe_event
from geozones.workspace.scenarios.open_scenario import Work, study_of_work
from geozones.workspace.scenarios.openings import (
    AskedLycee,
    Site,
    closing,
    closing_losses,
    opening,
    site_at,
    site_of,
    splitting,
    why_not_closed,
    zone_around,
)
from geozones.workspace.scenarios.service import Scenarios
from geozones.workspace.sharing.dossier import dossier
from geozones.workspace.sharing.exported_plan import ExportView, of_work
from helpers.studies import locked

CRAON = Spot(47.845, -0.955)
ELIZE = "0720034W"
SAVARIERES = "0440537V"


@pytest.fixture
def service(study: Study, store: Store) -> Scenarios:
    return Scenarios(study.analysis, lambda: store, Actor("Ada", Role.PLANNER))


@pytest.fixture(scope="module")
def site(study: Study) -> Site:
    return site_at(study, CRAON)


def asked(
    site: Site, name: str = "Lycée neuf", code: str = "", pupils: int | None = 400
) -> AskedLycee:
    return AskedLycee(name, "LGT", site, code, pupils)


def the(work: Work, study: Study) -> list[str]:
    return [describe_event(study.territory, work, event) for event in work.timeline.path]


@pytest.mark.slow
def test_files_and_another_installation_have_what_was_opened_and_closed(
    study: Study, service: Scenarios, site: Site
) -> None:
    zone = zone_around(study, site)
    work = service.record(service.new(), "open_lycee", opening(study, asked(site), zone))
    work = service.record(work, "close_lycee", closing(SAVARIERES))
    whole = dossier(of_work(study.analysis, work), ExportView())
    ids = {point.id for point in whole.scene.lycees}
    assert "X53-lycee-neuf-craon" in ids
    zones = (area for sector in whole.sectors for area in sector.zones if area.id == zone)
    notes = {row.id: row.note for area in zones for row in area.lycees}
    assert notes["X53-lycee-neuf-craon"] == "position corrigée à la main"
    assert SAVARIERES not in ids
    # a plan file, as a publication keeps it
    now = study_of_work(study.analysis, work)
    assert now.area()["lycees"] == 119
    assert now.decisions.changed_zones == {zone, study.plan.zone_of(SAVARIERES).id}
    read = study.atlas.plan_of_json(now.plan_json())
    assert read.plan == now.plan
    assert study.analysis.relocated(read.places).territory.lycees == now.territory.lycees
    # a scenario file, taken elsewhere
    taken = service.import_(json.dumps(service.export(work)).encode())
    assert taken.state == work.state
    assert the(taken, study)[1] == "Les Savarières (Saint-Sébastien-sur-Loire) : lycée fermé"
    assert service.step(service.step(taken, "undo"), "undo").state.plan == study.plan


def test_a_site_becomes_a_lycee_and_takes_its_pupils(study: Study, service: Scenarios) -> None:
    pupils = study.territory.lycees[ELIZE].pupils
    place = study.territory.lycees[ELIZE]
    site = site_at(study, Spot(place.lat + 0.01, place.lon))
    data = splitting(study, ELIZE, asked(site, "Site nord", pupils=100))
    work = service.record(service.new(), "split_lycee", data)
    now = study_of_work(study.analysis, work)
    new = data["opened"]["id"]  # type: ignore[index]
    assert now.plan.zone_of(str(new)) == now.plan.zone_of(ELIZE)
    assert now.teams.pupils(place)[0] == pupils - 100
    assert now.area()["pupils"] == study.area()["pupils"]
    assert "un site devient le lycée Site nord" in the(work, study)[0]
    with pytest.raises(InputError, match="un nombre plus petit"):
        splitting(study, ELIZE, asked(site, "Site nord", pupils=pupils))


@pytest.mark.parametrize(
    ("where", "commune", "precision"),
    [
        ("Craon", "Craon", Precision.COMMUNE),
        ("12 rue de la Paix, 53400 Craon", "Craon", Precision.COMMUNE),
        ("47,845 -0,955", "Craon", Precision.MANUAL),
        ("47°50'42\" N 0°57'18\" O", "Craon", Precision.MANUAL),
    ],
)
def test_a_place_is_an_address_a_commune_or_a_position(
    study: Study, where: str, commune: str, precision: Precision
) -> None:
    site = site_of(study, where)
    assert (site.commune.name, site.precision) == (commune, precision)
    assert site.description.startswith("Craon (53), 47,8")


@pytest.mark.parametrize(
    ("where", "why"),
    [
        ("46,9 -2,9", "en mer, ou hors de la région"),
        ("48,8566 2,3522", "en mer, ou hors de la région"),
        ("95 0", "n'est pas sur Terre"),
        ("Paris", "Aucune commune du territoire"),
        ("quelque part", "Aucune commune du territoire"),
        ("  ", "Indiquez où est le lycée"),
        ("12", "n'est pas lisible"),
        (SAVARIERES, "Un lycée y est déjà"),
    ],
)
def test_what_is_no_place_for_a_lycee_is_refused(study: Study, where: str, why: str) -> None:
    with pytest.raises(InputError, match=why):
        site_of(study, where)


@pytest.mark.parametrize(
    ("name", "code", "pupils", "why"),
    [
        ("", "", None, "de 1 à 120 caractères"),
        ("x" * 121, "", None, "de 1 à 120 caractères"),
        ("Neuf", "0530001Z", None, "n'est pas un code UAI"),
        ("Neuf", "0440537V", None, r"est déjà celui de Les Savarières"),
        ("Neuf", "", 0, "Le nombre d'élèves"),
        ("Les  savarieres (Saint-Sébastien-sur-Loire)", "", None, "s'appelle déjà"),
    ],
)
def test_a_name_or_code_that_is_taken_is_refused(
    study: Study, name: str, code: str, pupils: int | None, why: str
) -> None:
    lycee = asked(site_at(study, CRAON), name, code, pupils)
    with pytest.raises(InputError, match=why):
        opening(study, lycee, "MAY-3")


def test_a_lycee_at_the_place_of_another_is_refused(study: Study) -> None:
    place = study.territory.lycees[SAVARIERES]
    site = site_at(study, Spot(place.lat, place.lon))
    with pytest.raises(InputError, match="est déjà à cette position"):
        opening(study, asked(site), "MAY-3")


def test_it_is_said_with_names_why_a_lycee_does_not_close(study: Study) -> None:
    sector = next(s for s in study.plan.sectors if s.support_centre)
    assert sector.support_centre is not None
    said = why_not_closed(study, sector.support_centre)
    assert said.startswith(f"{study.name(sector.support_centre)} est le centre support du secteur")
    lock = Locks().with_lock("lycee", SAVARIERES, "promis")
    assert "Les Savarières (Saint-Sébastien-sur-Loire) est verrouillé : promis." in (
        why_not_closed(locked(study, lock), SAVARIERES)
    )
    assert not why_not_closed(study, SAVARIERES)
    assert "demi-journées de besoin" in closing_losses(study, SAVARIERES)

"""A scenario's own places: what follows from them, and what stays as it was."""

import json
from dataclasses import replace

import pytest
import shapely
from shapely.geometry import Point

from geozones.common.errors import InputError
from geozones.domain import UnknownLyceeError
from geozones.domain.places import LocationOverrides, Precision, Spot
from geozones.domain.plan import Plan, plan_of
from geozones.features.webinar.use_cases import make_webinar
from geozones.store import Store
from geozones.travel.engine_chain import Chain
from geozones.workspace.figures.study import Study, open_study, study_of
from geozones.workspace.folder.drives import Drives
from geozones.workspace.roles import Actor, Role
from geozones.workspace.scenarios.history_text import describe_event
from geozones.workspace.scenarios.service import Scenarios
from geozones.workspace.sharing.dossier import dossier
from geozones.workspace.sharing.exported_plan import ExportView, of_work

RACAN, NEAR = "0720012X", Spot(47.702, 0.431)
SAVARIERES = "0440537V"
FAR = "0850025R"  # in Vendée
NEW = "0490999V"


@pytest.fixture(scope="module")
def study() -> Study:
    """The real region, opened anew: the session's may have left the caches that are tested."""
    return open_study()


@pytest.fixture(scope="module")
def moved(study: Study) -> Study:
    return study_of(study.analysis.relocated(LocationOverrides().with_spot(RACAN, NEAR)))


@pytest.fixture(scope="module")
def grown(study: Study) -> tuple[Study, Plan]:
    """A lycée that the data has not, in Baugé-en-Anjou; another left out."""
    new = replace(
        study.territory.lycees[RACAN],
        id=NEW, name="Lycée neuf", commune="Baugé-en-Anjou", insee="49018", departement="49",
        lat=47.541, lon=-0.105, precision="rue", pupils=None, pupils_source="",
    )  # fmt: skip
    plan = study.plan
    zones = {key: zone for key, zone in plan.zone_by_lycee.items() if key != SAVARIERES}
    changes = LocationOverrides((new,), excluded=frozenset({SAVARIERES}))
    return (
        study_of(study.analysis.relocated(changes)),
        plan_of(plan.sectors, plan.zones, zones | {NEW: zones["0490003M"]}),
    )


def test_without_places_of_its_own_a_scenario_changes_nothing_and_settings_go_with_places(
    study: Study, moved: Study
) -> None:
    assert study.analysis.relocated(LocationOverrides()) is study.analysis
    assert study.analysis.home is study.analysis
    strict = moved.analysis.with_max_minutes(40)
    assert strict.territory.overrides == moved.state.places
    assert strict.times.between(RACAN, FAR) == moved.times.between(RACAN, FAR)
    assert strict.territory.cells[RACAN] is moved.territory.cells[RACAN]
    assert moved.analysis.with_max_minutes(30).home.settings.max_minutes == 30
    assert moved.analysis.relocated(LocationOverrides()) is study.analysis


@pytest.mark.slow
def test_a_moved_lycee_has_other_times_told_as_estimated(study: Study, moved: Study) -> None:
    others = [lycee for lycee in study.territory.positions if lycee != RACAN]
    legs = study.times.restricted(others, others).estimated_pairs
    assert moved.times.estimated_pairs == legs + 2 * len(others)
    assert moved.times.is_estimated(RACAN, FAR)
    assert moved.times.made_by(SAVARIERES, FAR).engine == study.times.provenance.engine
    kept = moved.times.restricted(others, others)
    assert (kept.minutes == study.times.restricted(others, others).minutes).all()
    # a few km away, not in another world
    for lycee in others[::7]:
        before, after = study.times.between(RACAN, lycee), moved.times.between(RACAN, lycee)
        assert after == pytest.approx(before, rel=0.25)


def test_its_cell_and_its_drives_to_communes_follow_it_and_far_ones_stay(
    study: Study, moved: Study
) -> None:
    assert moved.territory.cells[RACAN].distance(Point(NEAR.lon, NEAR.lat)) < 1e-4
    assert shapely.coverage_is_valid(list(moved.territory.cells.values()))
    assert moved.territory.cells[FAR].equals(study.territory.cells[FAR])
    before, after = (sum(cell.area for cell in w.territory.cells.values()) for w in (study, moved))
    assert after == pytest.approx(before, rel=1e-5)
    before, after = study.territory.drives.to_communes, moved.territory.drives.to_communes
    assert after.origins == before.origins
    saint_calais = "commune:72269"
    assert after.is_estimated(RACAN, saint_calais)
    assert not after.is_estimated(FAR, saint_calais)
    assert after.between(FAR, saint_calais) == before.between(FAR, saint_calais)


def test_a_plan_file_holds_whole_the_places_it_needs_one_corrected_by_hand_too(
    study: Study, grown: tuple[Study, Plan], moved: Study
) -> None:
    here, plan = grown
    document = json.dumps(here.with_plan(plan).plan_json())
    again = study.atlas.read_plan(document)
    assert again.plan == plan
    assert (
        study_of(study.analysis.relocated(again.places)).territory.lycees == here.territory.lycees
    )
    assert "places" not in study.plan_json()
    read = study.atlas.read_plan(json.dumps(moved.plan_json()))
    (lycee,) = read.places.lycees
    assert (lycee.id, lycee.lat, lycee.precision) == (RACAN, NEAR.lat, Precision.MANUAL)
    assert (
        study_of(study.analysis.relocated(read.places)).territory.lycees == moved.territory.lycees
    )


@pytest.mark.slow
def test_an_engine_that_failed_for_new_positions_is_not_waited_for_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("GEOZONES_ENGINES", "openrouteservice")
    home = open_study()
    asked: list[tuple[str, ...]] = []
    chain = Drives.chain

    def recorded(drives: Drives, names: tuple[str, ...] | None = None) -> Chain:
        asked.append(tuple(names or ()))
        return chain(drives, names)

    monkeypatch.setattr(Drives, "chain", recorded)
    overrides = LocationOverrides().with_spot(RACAN, NEAR)
    drives = study_of(home.analysis.relocated(overrides)).territory.drives
    assert drives.to_communes.is_estimated(RACAN, "commune:72269")
    waited_for = [names for names in asked if "openrouteservice" in names]
    assert len(waited_for) == 2  # the first ask, handed on once to the data folder's drives


# -- in a scenario ----------------------------------------------------------------------------


@pytest.fixture
def service(study: Study, store: Store) -> Scenarios:
    return Scenarios(study.analysis, lambda: store, Actor("Ada", Role.ADMINISTRATOR))


def test_a_correction_is_saved_told_undone_and_made_again(service: Scenarios, study: Study) -> None:
    work = service.place(service.new(), RACAN, NEAR)
    read = service.open(work.scenario.id)
    assert read.state.places.spot_by_lycee == {RACAN: NEAR}
    (event,) = read.timeline.path
    assert describe_event(study.territory, read, event) == (
        "Racan (Montval-sur-Loir) : position corrigée à la main (47,70200 ; 0,43100)"
    )
    undone = service.step(read, "undo")
    assert not undone.state.places
    assert service.step(undone, "redo").state.places == read.state.places
    restored = service.place(read, RACAN, None)
    assert not restored.state.places
    assert len(restored.timeline.path) == 2


def test_a_point_outside_the_commune_is_refused_unless_one_insists(service: Scenarios) -> None:
    paris = Spot(48.8566, 2.3522)
    with pytest.raises(InputError, match="Position refusée : le point est hors de la commune"):
        service.place(service.new(), RACAN, paris)
    taken = service.place(service.new(), RACAN, paris, insist=True)
    assert taken.state.places.spot_by_lycee == {RACAN: paris}
    with pytest.raises(UnknownLyceeError):
        service.place(service.new(), "0000000A", NEAR)


def test_a_small_correction_moves_no_land_to_another_sector_and_a_large_one_says_which(
    service: Scenarios, study: Study
) -> None:
    place = study.territory.lycees["X44-saint-philbert"]
    near, far = Spot(place.lat + 0.005, place.lon), Spot(place.lat + 0.06, place.lon)
    taken = service.place(service.new(), place.id, near)
    moved = study.territory.relocated(taken.state.places)
    assert study.territory.sectors_changed(moved, study.plan) == {}
    with pytest.raises(InputError, match=r"L'Île-d'Yeu.* au secteur Sud Loire"):
        service.place(taken, place.id, far)
    insisted = service.place(taken, place.id, far, insist=True)
    assert insisted.state.places.spot_by_lycee == {place.id: far}


def test_exports_and_the_webinar_are_of_the_scenario_s_places(
    service: Scenarios, study: Study, grown: tuple[Study, Plan]
) -> None:
    here, plan = grown
    work = service.place(service.new(plan, "une liste", here.state.places), RACAN, NEAR)
    subject = of_work(study.analysis, work)
    whole = dossier(subject, ExportView())
    points = {point.id: point for point in whole.scene.lycees}
    assert (points[RACAN].lat, points[RACAN].precision) == (NEAR.lat, "manuel")
    assert NEW in points
    assert SAVARIERES not in points
    pair = dossier(subject, ExportView("before-after"))
    assert {moved.lycee for moved in pair.comparison.moves} == {
        "Lycée neuf (Baugé-en-Anjou)", "Les Savarières (Saint-Sébastien-sur-Loire)",
    }  # fmt: skip
    assert make_webinar(subject).webinar

"""One scenario with every status and the mark of a change: each is found in each format.

A scenario is proposed, then retained: what it proposes is « proposé », then « retenu ».
"""

import csv
import io
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import NamedTuple

import pytest

from geozones.domain import DecisionStatus, ScenarioStatus
from geozones.domain.story import StepKind, Story, StoryStep
from geozones.export import Dossier
from geozones.export.registry import format_of
from geozones.features.webinar.document import webinar_page
from geozones.features.webinar.use_cases import make_webinar
from geozones.render.figure import Figure
from geozones.render.scene_json import drawn_scene
from geozones.render.sheet import Sheet
from geozones.ui.carte.drawer import zones_table
from geozones.ui.widgets.panel import region_summary, sector_card, zone_card
from geozones.workspace.figures.study import Study
from geozones.workspace.roles import Actor, Role
from geozones.workspace.scenarios.backups import open_store
from geozones.workspace.scenarios.open_scenario import study_of_work
from geozones.workspace.scenarios.service import Scenarios
from geozones.workspace.sharing.dossier import dossier
from geozones.workspace.sharing.exported_plan import ExportedPlan, ExportView, of_work
from helpers.drawn_view import drawn_view, page_words
from helpers.file_texts import book_text, deck_text, page_text

#: Nord keeps N1, changed, and is published; Est, made of N2, is proposed; Sud is the tool's draft,
#: with a zone that people made.
EVENTS = (
    ("move", {"moves": {"C": "N2"}}),
    ("split_sector", {"sector": "nord", "new": "est", "name": "Est", "zones": ["N2"]}),
    ("create_zone", {"zone": "S2", "name": "Le Port", "sector": "sud"}),
    ("move", {"moves": {"I": "S2"}}),
)


class Shown(NamedTuple):
    """The scenario as pages and files are given it."""

    subject: ExportedPlan
    region: Dossier
    plan: dict[str, object]

    @property
    def study(self) -> Study:
        return self.subject.study


@pytest.fixture(scope="module", params=[DecisionStatus.PROPOSED, DecisionStatus.RETAINED])
def made(request: pytest.FixtureRequest) -> DecisionStatus:
    """The status of what people made in the scenario."""
    return DecisionStatus(request.param)


@pytest.fixture(scope="module")
def shown(
    toy: Study, made: DecisionStatus, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Shown]:
    store = open_store(f"sqlite:///{tmp_path_factory.mktemp('store')}/scenarios.db")
    service = Scenarios(toy.analysis, lambda: store, Actor("Ada", Role.PLANNER))
    work = service.new()
    for kind, data in EVENTS:
        work = service.record(work, kind, data)
    if made is DecisionStatus.RETAINED:
        work = service.decide(work, ScenarioStatus.KEPT, "Comité du 25 novembre.")
    subject = of_work(toy.analysis, work)
    yield Shown(
        subject, dossier(subject, ExportView()), study_of_work(toy.analysis, work).plan_json()
    )
    store.close()


def _page(shown: Shown) -> str:
    study = shown.study
    cards = [region_summary(study), *(sector_card(study, s) for s in study.plan.sectors)]
    cards += [zone_card(study, zone) for zone in study.plan.zones]
    table = zones_table(study, None, "de la région")
    return page_text(" ".join(str(element) for element in (*cards, table)).encode())


def _map(shown: Shown) -> str:
    zones = json.loads(drawn_scene(shown.region.scene).text)["zones"]
    said = []
    for zone in zones:
        said += [word for fact in zone["facts"] for word in fact]
        said += ["note", zone["note"], zone["spoken"]]
    return " ".join(said).replace("’", "'")


def _sheet(shown: Shown) -> str:
    return page_words(Figure((shown.region.scene,), shown.region.ground, Sheet(title="Région")))


def _picture(shown: Shown) -> str:
    return drawn_view(shown.region).decode()


def _deck(shown: Shown) -> str:
    # the deck of the change, then that of the plan as one that nobody compares
    plan = dossier(replace(shown.subject, base=None), ExportView())
    return " ".join(deck_text(format_of("pptx").make(view)) for view in (shown.region, plan))


def _workbook(shown: Shown) -> str:
    return book_text(format_of("xlsx").make(shown.region))


def _html(shown: Shown) -> str:
    return page_text(format_of("html").make(shown.region))


def _webinar(shown: Shown) -> str:
    sectors = (StoryStep(StepKind.SECTOR, sector.id) for sector in shown.study.plan.sectors)
    zones = (StoryStep(StepKind.ZONE, zone.id) for zone in shown.study.plan.zones)
    story = Story((StoryStep(StepKind.REGION), *sectors, *zones))
    return page_text(webinar_page(make_webinar(shown.subject, story).webinar))


#: What the map says of a zone that people made.
_NOTES = {DecisionStatus.PROPOSED: "Proposée", DecisionStatus.RETAINED: "Retenue"}
#: What says the statuses in each format, and where; ``{made}`` is that of what people made.
_LEGEND = (
    "publié par la Région {made},",
    "brouillon de l'outil, non décidé modifié par le scénario",
)
_SHEET = (
    "Nord publié",
    "1 zone · 1 zone modifiée, 1 zone retirée · RNS",
    "1 Les Sources Sud brouillon",
    "3 La Côte · 4 Le Port Est {made}",
)
FORMATS: dict[str, tuple[Callable[[Shown], str], tuple[str, ...]]] = {
    "page": (
        _page,
        (
            "Publiés par la Région Nord 1 zone modifiée, 1 zone retirée 2 lycées",
            "Brouillons, rien n'est décidé Sud 1 zone modifiée, 1 zone {made}e 3 lycées",
            "{made}s, ",
            "Est 4 lycées",
            "Secteur publié 1 zone modifiée, 1 zone retirée Nord",
            "Les Sources modifiée",
            "Le Port {made} ",
            "Zone de continuité {made} modifiée Le Bocage",
            "Les Sources Nord , publié, modifié",
            "La Côte Sud , brouillon, modifié",
            "Le Port Sud , {made} 1",
        ),
    ),
    "map": (
        _map,
        (
            "Secteur Nord (publié), RNS Ada Lovelace Statut publié, modifié",
            "Secteur Est ({made}) Statut {made}, modifié",
            "Secteur Sud (brouillon) Statut brouillon, modifié",
            "Secteur Sud (brouillon) Statut {made} Lycées",
            "note {Made}, ",
            "note Brouillon de l'outil, non décidé ; modifiée par le scénario",
            "lycées, brouillon, modifié",
        ),
    ),
    "sheet": (_sheet, (*_SHEET, *_LEGEND, "BROUILLON de l'outil, pas une décision")),
    "picture": (_picture, (*_SHEET, *_LEGEND)),
    "pptx": (
        _deck,
        (
            "Est ({made}) Curie",
            "Sud (brouillon, 1 zone modifiée, 1 zone {made}e) I",
        ),
    ),
    "xlsx": (
        _workbook,
        (
            "Secteur Nord publié, 1 zone modifiée, 1 zone retirée",
            "Secteur Sud brouillon, 1 zone modifiée, 1 zone {made}e",
            "Secteur Est {made}",
            "Les Sources publié, modifié A",
            "La Côte brouillon, modifié G",
            "Le Port {made} I",
            "Le Bocage {made}, modifié C",
        ),
    ),
    "html": (
        _html,
        (
            "Nord publié 1 zone modifiée, 1 zone retirée 2 lycées",
            "Sud brouillon 1 zone modifiée, 1 zone {made}e 3 lycées",
            "Est {made} 4 lycées",
            "Les Sources modifiée",
            "Le Port {made} 1 lycée",
            *_LEGEND,
        ),
    ),
    "webinar": (
        _webinar,
        (
            "Nord 1 zone, 2 lycées · publié, 1 zone modifiée, 1 zone retirée",
            "Sud 2 zones, 3 lycées · brouillon, 1 zone modifiée, 1 zone {made}e",
            "Secteur Sud. Brouillon : proposition de l'outil",
            "Secteur Est. {made}",
            "(publié, modifié)",
            "(brouillon, modifié)",
            "modifiée par le scénario",
            *_LEGEND[:1],
        ),
    ),
}


def plain(text: str) -> str:
    """Return a text without kinds of spaces and of apostrophes, nor capitals."""
    return " ".join(text.replace("’", "'").split()).casefold()


@pytest.mark.parametrize("name", FORMATS)
def test_each_status_and_the_mark_are_told_in_each_format(
    shown: Shown, made: DecisionStatus, name: str
) -> None:
    told, phrases = FORMATS[name]
    said = plain(told(shown))
    for phrase in phrases:
        assert plain(phrase.format(made=made.label, Made=_NOTES[made])) in said


def test_the_json_of_a_plan_has_each_status(shown: Shown, made: DecisionStatus) -> None:
    sectors = shown.plan["sectors"]
    assert isinstance(sectors, list)
    assert {s["id"]: s["status"] for s in sectors} == {
        "nord": "publie",
        "sud": "brouillon",
        "est": made,
    }
    assert {z["id"]: z["status"] for s in sectors for z in s["zones"]} == {
        "N1": "publie",
        "N2": made,
        "S1": "brouillon",
        "S2": made,
    }


def test_only_a_draft_is_hatched_and_each_sign_is_the_status_s(
    shown: Shown, made: DecisionStatus
) -> None:
    zones = {zone["id"]: zone for zone in json.loads(drawn_scene(shown.region.scene).text)["zones"]}
    assert {key: zone["status"] for key, zone in zones.items()} == {
        "N1": "publie",
        "N2": made,
        "S1": "brouillon",
        "S2": made,
    }
    assert {key for key, zone in zones.items() if zone["hatch"]} == {"S1"}
    assert {key for key, zone in zones.items() if zone["changed"]} == {"N1", "N2", "S1"}


def test_geojson_tells_the_status_of_each_sector_zone_and_lycee(
    shown: Shown, made: DecisionStatus
) -> None:
    features = json.loads(format_of("geojson").make(shown.region))["features"]
    own = [feature["properties"] for feature in features]
    said = {row["id"]: row["statut"] for row in own if "id" in row}
    assert said == {
        "nord": "publié",
        "est": made.label,
        "sud": "brouillon",
        "N1": "publié",
        "N2": made.label,
        "S1": "brouillon",
        "S2": made.label,
    }
    lycees = {row["uai"]: row["statut"] for row in own if "uai" in row}
    assert (lycees["A"], lycees["D"], lycees["G"], lycees["I"]) == (
        "publié",
        made.label,
        "brouillon",
        made.label,
    )


def test_a_table_has_the_status_and_the_mark_of_each_lycee_s_zone(
    shown: Shown, made: DecisionStatus
) -> None:
    text = format_of("csv").make(shown.region).decode("utf-8-sig")
    rows = csv.DictReader(io.StringIO(text), delimiter=";")
    said = {row["uai"]: (row["statut"], row["zone_modifiee"]) for row in rows}
    assert {key: said[key] for key in "AGID"} == {
        "A": ("publié", "oui"),
        "G": ("brouillon", "oui"),
        "I": (made.label, "non"),
        "D": (made.label, "oui"),
    }

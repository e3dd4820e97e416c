"""Nothing on a slide lies over anything else, whatever changes, in the widest typeface."""

import io
import re
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from itertools import combinations

import pptx
import pytest
from PIL import ImageFont
from pptx.enum.shapes import MSO_SHAPE_TYPE
from pptx.shapes.base import BaseShape
from pptx.slide import Slide

from geozones.domain import Plan
from geozones.export import Dossier
from geozones.export.blocks import Page, ReportPages, Row, Table, TableColumn, lines
from geozones.export.deck import deck_of as report_deck
from geozones.export.deck import pptx as deck_of
from geozones.store import open_store
from geozones.workspace.figures.study import Study
from geozones.workspace.roles import LOCAL
from geozones.workspace.scenarios.service import Scenarios
from geozones.workspace.sharing.dossier import dossier
from geozones.workspace.sharing.exported_plan import ExportView, of_baseline, of_plan, of_work
from helpers.slow_params import slow_but

type Box = tuple[float, float, float, float]

PAIR, REGION = ExportView("before-after"), ExportView()
#: Points in a unit of python-pptx, and the height of a line as a part of its size in DejaVu Sans.
PT, LINE = 1 / 12_700, 1.17


def one(plan: Plan) -> Plan:
    return plan.move("0720012X", "SAR-4")


def package(plan: Plan) -> Plan:
    return one(plan).move("0720013Y", "SAR-4").move("0490782J", "MAY-2")


def nine(plan: Plan) -> Plan:
    """Nine lycées move among nine zones."""
    targets = {"0720012X": "SAR-4", "0720013Y": "SAR-4", "0490782J": "MEL-3", "0440537V": "NAN-3"}
    targets |= {"0440021J": "NAN-5", "0850006V": "SLC-3", "0530004S": "MAY-3", "0530040F": "MAY-3"}
    for lycee, zone in (targets | {"0530520C": "MAY-3"}).items():
        plan = plan.move(lycee, zone)
    return plan


def nine_long(plan: Plan) -> Plan:
    """They move among zones with names of sixty characters."""
    more = " et communes voisines jusqu'à la limite du Loiret"
    zones = (replace(zone, own_name=f"{zone.name}{more}"[:60]) for zone in plan.zones)
    return nine(replace(plan, zones=tuple(zones)))


def recut(plan: Plan) -> Plan:
    """Every zone of a sector gives a lycée to the next."""
    zones = [zone.id for zone in plan.zones if zone.sector == "sarthe"]
    first = {zone: min(plan.members(zone)) for zone in zones}
    for zone, other in zip(zones, zones[1:] + zones[:1], strict=True):
        plan = plan.move(first[zone], other)
    return plan


def names(plan: Plan) -> Plan:
    """Two zones have names of sixty characters."""
    long = "Les Rives de la Sarthe et de la Vègre – Saint-Denis-d'Anjou"
    zones = tuple(
        replace(zone, own_name=f"{long} {zone.id[-1]}") if zone.id in {"SAR-1", "MAY-2"} else zone
        for zone in plan.zones
    )
    return replace(plan, zones=zones)


def sixty(plan: Plan) -> Plan:
    """Sixty lycées change zone."""
    zones = [zone.id for zone in plan.zones]
    moved = [lycee for zone in zones for lycee in sorted(plan.members(zone))[:2]][:60]
    for lycee in moved:
        here = zones.index(plan.zone_of(lycee).id)
        plan = plan.move(lycee, zones[(here + 1) % len(zones)])
    return plan


#: Changes that no plan tells, as events of a scenario.
EVENTS: dict[str, tuple[str, dict[str, object]]] = {
    "a position": (
        "place",
        {"lycee": "0720012X", "lat": 47.72, "lon": 0.41, "precision": "manuel"},
    ),
    "a sector's name": (
        "edit_sector",
        {"sector": "sarthe", "changes": {"name": "Sarthe, Perche et vallée de l'Huisne"}},
    ),
}
#: Titles that a scenario does not change.
LEFT_OUT = ("Calendrier", "Un RNS", "En Vendée", "Secteur Nantes")
SCENARIOS: dict[str, tuple[Callable[[Plan], Plan] | None, ExportView]] = {
    "one lycée": (one, PAIR),
    "a package": (package, PAIR),
    "nine lycées": (nine, PAIR),
    "nine lycées, long names": (nine_long, PAIR),
    "a sector re-cut": (recut, PAIR),
    "names only": (names, PAIR),
    "sixty lycées": (sixty, PAIR),
    "the region": (None, REGION),
    "a sector": (None, ExportView("sector", "mayenne")),
    **dict.fromkeys(EVENTS, (None, PAIR)),
}


@pytest.fixture(scope="module")
def slides_of(
    study: Study, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[str], list[Slide]]]:
    """The slides of a scenario's deck, made once."""
    store = open_store(f"sqlite:///{tmp_path_factory.mktemp('store') / 'scenarios.db'}")
    service = Scenarios(study.analysis, lambda: store, LOCAL)

    @cache
    def made(name: str) -> list[Slide]:
        change, view = SCENARIOS[name]
        if name in EVENTS:
            work = service.record(service.new(), *EVENTS[name], "au bon endroit")
            shown = dossier(of_work(study.analysis, work), view)
        elif change is None:
            shown = dossier(of_baseline(study.analysis), view)
        else:
            shown = dossier(of_plan(study.with_plan(change(study.plan)), "essai.json"), view)
        return list(pptx.Presentation(io.BytesIO(deck_of(shown))).slides)

    yield made
    store.close()


def texts(slide: Slide) -> str:
    """Return all that a slide tells, its spaces made plain."""
    told = [shape.text_frame.text for shape in slide.shapes if shape.has_text_frame]
    return " ".join(told).replace("\u00a0", " ").replace("\u202f", " ")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("a position", "La position de Racan (Montval-sur-Loir) change de"),
        ("a sector's name", "Le secteur Sarthe s’appelle désormais Sarthe, Perche"),
    ],
)
def test_a_change_that_no_plan_tells_has_its_maps_its_reason_and_no_other_sector(
    slides_of: Callable[[str], list[Slide]], name: str, told: str
) -> None:
    deck = slides_of(name)
    assert any(shape.shape_type == MSO_SHAPE_TYPE.PICTURE for shape in deck[0].shapes)
    assert told in texts(deck[1])
    assert "au bon endroit" in texts(deck[1])
    titles = [slide.shapes.title.text_frame.text for slide in deck]
    assert not any(title.startswith(("En Vendée", "Secteur Nantes")) for title in titles)


def test_the_deck_of_a_change_has_eight_slides_at_most_and_tells_each_thing_once(
    slides_of: Callable[[str], list[Slide]],
) -> None:
    for name in ("a package", "nine lycées", "nine lycées, long names", "names only"):
        deck = slides_of(name)
        titles = [slide.shapes.title.text_frame.text for slide in deck]
        assert len(deck) <= 8
        assert len(set(titles)) == len(titles)
        assert not any("(suite)" in title or title.startswith(LEFT_OUT) for title in titles)
        assert all(slide._element.get("show") != "0" for slide in deck)
        notes = [slide.notes_slide.notes_text_frame.text for slide in deck]
        assert len(set(notes)) == len(notes)


def test_nine_lycees_that_move_have_a_slide_and_their_zones_have_numbers_or_none(
    slides_of: Callable[[str], list[Slide]],
) -> None:
    deck = slides_of("nine lycées")
    (moved,) = (shape.table for shape in deck[1].shapes if shape.has_table)
    assert len(moved.rows) - 1 >= 7  # six at least, and the count of the others
    numbered = [
        any(shape.name == "Zones de la carte" for shape in slides[0].shapes)
        for slides in (slides_of("one lycée"), deck, slides_of("nine lycées, long names"))
    ]
    assert numbered == [True, False, False]
    assert "zones changent, nommées plus loin" in texts(deck[0])


def test_a_change_of_names_alone_is_told(slides_of: Callable[[str], list[Slide]]) -> None:
    text = " ".join(
        shape.text_frame.text.replace("\u00a0", " ")
        for slide in slides_of("names only")[:2]
        for shape in slide.shapes
        if shape.has_text_frame
    )
    for name in ("Les Rives de la Sarthe et de la Vègre", "Allonnes – Arnage – Brette-les-Pins"):
        assert name in text


@pytest.mark.slow
def test_many_moves_have_a_line_each_and_other_lists_say_where_they_stop(
    slides_of: Callable[[str], list[Slide]],
) -> None:
    deck = slides_of("sixty lycées")
    moves = [s for s in deck if s.shapes.title.text_frame.text.startswith("60\u00a0")]
    assert len(deck) - len(moves) <= 7
    tables = [shape.table for slide in moves for shape in slide.shapes if shape.has_table]
    assert sum(len(table.rows) - 1 for table in tables) == 60
    # so many zones have no number on the maps: the table names them
    assert " zones changent, nommées plus loin" in texts(deck[0])
    told = "\n".join(map(texts, deck))
    assert re.search(r"… et \d+ autres points : classeur, feuille Ce qui change", told)


@cache
def font(bold: bool) -> ImageFont.FreeTypeFont:  # noqa: FBT001 - regular or bold
    wanted = f"DejaVu Sans:{'bold' if bold else 'book'}"
    found = subprocess.run(
        ["fc-match", "-f", "%{file}", wanted], capture_output=True, text=True, check=True
    ).stdout
    assert "DejaVuSans" in found
    return ImageFont.truetype(found, 100)


def lines_of(words: list[tuple[str, float]], across: float) -> int:
    """Count the lines of words, each with its width, in a width; both in points."""
    lines, used = 1, 0.0
    for word, wide in words:
        blank = wide * 0.35 / max(len(word), 1)  # of a space, about
        if used and used + wide > across + 0.5:
            lines, used = lines + 1, 0.0
        used += wide + blank
    return lines


def text_height(frame: object, across: float) -> float:
    """Return the height in points that a frame's text takes in a width."""
    high = 0.0
    for paragraph in frame.paragraphs:  # type: ignore[attr-defined]
        runs = [run for run in paragraph.runs if run.font.size]
        if not runs:
            continue
        words = [
            (word, font(bool(run.font.bold)).getlength(word) * run.font.size.pt / 100)
            for run in runs
            for word in run.text.split(" ")
            if word
        ]
        size = max(run.font.size.pt for run in runs)
        space = paragraph.space_after.pt if paragraph.space_after else 0.0
        high += lines_of(words, across) * size * LINE + space
    return high


def extent(shape: BaseShape) -> Box:
    """Return what a shape covers, in points: its text or its rows rather than its box."""
    left, top = shape.left * PT, shape.top * PT
    width, height = shape.width * PT, shape.height * PT
    if shape.has_table:
        table = shape.table
        across = [column.width * PT - 10 for column in table.columns]
        height = 0.0
        for row in table.rows:
            cells = zip(row.cells, across, strict=True)
            texts = [text_height(cell.text_frame, wide) for cell, wide in cells]
            height += max(row.height * PT, max(texts) + 7)
    elif shape.has_text_frame and shape.text_frame.text.strip() and not shape.is_placeholder:
        height = text_height(shape.text_frame, width)
    return left, top, left + width, top + height


def shown(slide: Slide) -> list[tuple[str, Box]]:
    """Return what stands on a slide: not the plain shapes that lie under texts on purpose."""
    return [(each.name, extent(each)) for each in slide.shapes if each.name != "Filet"]


@pytest.mark.parametrize(
    "name", slow_but(SCENARIOS, "the region", "a sector", "a package", "names only")
)
def test_nothing_lies_over_anything_nor_leaves_the_slide(
    slides_of: Callable[[str], list[Slide]], name: str
) -> None:
    for rank, slide in enumerate(slides_of(name), 1):
        for _, box in (parts := shown(slide)):
            assert box[0] >= 0, (rank, box)
            assert box[2] <= 13.334 * 72, (rank, box)
            assert box[3] <= 7.5 * 72, (rank, box)
        for (one_name, a), (other, b) in combinations(parts, 2):
            common = min(min(a[2], b[2]) - max(a[0], b[0]), min(a[3], b[3]) - max(a[1], b[1]))
            assert common <= 1.0, (rank, one_name, other, common)


@pytest.mark.parametrize(
    "name", slow_but(SCENARIOS, "the region", "a sector", "a package", "names only")
)
def test_titles_have_two_lines_at_most(slides_of: Callable[[str], list[Slide]], name: str) -> None:
    for slide in slides_of(name):
        title = slide.shapes.title
        assert text_height(title.text_frame, title.width * PT - 14) <= title.height * PT
        assert min(run.font.size.pt for run in title.text_frame.paragraphs[0].runs) >= 18


def test_a_text_without_room_for_a_line_has_a_further_slide(toy_region: Dossier) -> None:
    many = Table((TableColumn("Nom", 1),), tuple(Row((str(n),)) for n in range(9)))
    full = lines(["Une ligne. " * 30] * 4)
    page = Page("Titre", (full, lines(["La suite."]), many, lines(["La fin."])))
    deck = pptx.Presentation(io.BytesIO(report_deck(toy_region, ReportPages("Essai", (page,)))))
    assert all(each in " ".join(map(texts, deck.slides)) for each in ("La suite.", "La fin."))

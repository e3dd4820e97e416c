"""Files of two plans say what there was before, what gets worse first, and what to watch."""

import io
import re
from dataclasses import replace
from html import unescape

import openpyxl
import pytest
from pptx import Presentation

from geozones.common.french import typeset
from geozones.export import Dossier, attributes
from geozones.export.dossier import NOT_COUNTED
from geozones.export.html import page
from geozones.export.messages import message_of
from geozones.export.registry import format_of
from geozones.metrics.metric_changes import PointsTold
from geozones.metrics.metric_registry import watch_list
from geozones.workspace.figures.study import Study
from geozones.workspace.figures.vigilance import vigilance
from geozones.workspace.sharing.dossier import dossier
from geozones.workspace.sharing.exported_plan import ExportView, of_plan
from helpers.file_texts import slides_of

from .conftest import Drawn


@pytest.fixture
def pair(toy_views: dict[str, Dossier]) -> Dossier:
    return toy_views["region"]


def test_a_page_gives_a_reason_once_and_titles_the_decision_as_other_files_do(
    pair: Dossier, drawn: Drawn
) -> None:
    moves = tuple(replace(move, why="plus près de la côte") for move in pair.comparison.moves)
    told = replace(
        pair,
        comparison=replace(pair.comparison, moves=moves),
        reasons=("Descartes → La Côte : plus près de la côte.", "Une idée du groupe."),
        asked=("Faut-il l'adopter ?",),
    )
    page = unescape(drawn(told, "html").decode())
    assert page.count("plus près de la côte") == 1
    assert "Une idée du groupe." in page
    assert "<h3>Décision demandée\u00a0: faut-il l’adopter\u202f?</h3>" in page


def test_a_workbook_has_a_sheet_of_both_plans_the_worst_first(pair: Dossier, drawn: Drawn) -> None:
    book = openpyxl.load_workbook(io.BytesIO(drawn(pair, "xlsx")))
    rows = [[cell for cell in row if cell] for row in book["Ce qui change"].values]
    assert pair.comparison is not None
    title = message_of(pair.comparison).title
    assert [title] in rows
    told = [row[1] for row in rows if len(row) == 5]
    assert len(told) - told.count("Chiffre") == len({*told} - {"Chiffre"})  # each figure once
    figures = next(rank for rank, row in enumerate(rows) if "Écart" in row)
    assert rows[figures] == ["Effet", "Chiffre", "Avant", "Après", "Écart"]
    effects = [row[0] for row in rows[figures + 1 :] if len(row) == 5]
    assert effects[0] == "Ce qui se dégrade"
    assert effects.index("Ce qui s’améliore") > effects.count("Ce qui se dégrade") - 1
    assert any(str(row[0]).startswith("Nouveau\u00a0: ") for row in rows if row)
    assert any(row[1:] == ["Descartes (Doué)", "Le Bocage", "La Côte"] for row in rows)
    sheet = [[cell for cell in row if cell] for row in book["Sud"].values]
    assert any("D" in row and "change de secteur" in row for row in sheet)
    assert any(row[0].startswith("La Côte\u00a0: relève la plus lente") for row in rows if row)


def test_a_deck_has_a_slide_of_what_will_have_to_be_watched(pair: Dossier, drawn: Drawn) -> None:
    deck = Presentation(io.BytesIO(drawn(pair, "pptx")))
    titles = [slide.shapes.title.text_frame.text for slide in deck.slides if slide.shapes.title]
    assert "2\u00a0points de vigilance au lieu de 0" in titles
    said = [slide.notes_slide.notes_text_frame.text for slide in deck.slides]
    assert any("Ce qui se dégrade" in text for text in said)
    assert all(0 < len(text) <= 600 for text in said)


def test_a_deck_lists_every_point_that_changes_and_counts_those_left_to_its_notes(
    pair: Dossier,
) -> None:
    new, worse, lifted = (
        tuple(f"Zone {word} {rank} : trop peu pour assurer la relève." for rank in range(count))
        for word, count in (("du Bois", 12), ("du Port", 6), ("du Lac", 4))
    )
    points = PointsTold(new, worse, lifted)
    assert points.counted.replace("\u00a0", " ") == "12 nouveaux, 6 aggravés, 4 levés"
    assert pair.comparison is not None
    told = replace(pair, comparison=replace(pair.comparison, points=points))
    said = message_of(told.comparison).points.replace("\u00a0", " ")
    assert said == "Points de vigilance : 12 nouveaux, 6 aggravés, 4 levés."
    deck = Presentation(io.BytesIO(format_of("pptx").make(told)))
    texts = [
        [line.text for line in shape.text_frame.paragraphs]
        for slide in deck.slides
        for shape in slide.shapes
        if shape.name == "Texte"
    ]
    starts = ("• Nouveau", "• Aggravé", "• Levé")
    (listed,) = (lines for lines in texts if lines[0].startswith(starts))
    left = 22 - (len(listed) - 1)
    assert left > 0
    rest = f"… et {left} autres points : classeur, feuille Ce qui change"
    assert listed[-1].replace("\u00a0", " ") == rest
    notes = [slide.notes_slide.notes_text_frame.text for slide in deck.slides]
    assert 300 < max(map(len, notes)) <= 600  # as many points as there is time to say
    book = openpyxl.load_workbook(io.BytesIO(format_of("xlsx").make(told)))
    lines = [str(row[0]) for row in book["Ce qui change"].values]
    assert [sum(one.startswith(start[2:]) for one in lines) for start in starts] == [12, 6, 4]


@pytest.mark.parametrize("sector", ["nord", "sud"])
def test_a_view_of_a_scenario_tells_what_changes_there_and_nothing_else(
    toy: Study, sector: str
) -> None:
    moved = of_plan(toy.with_plan(toy.plan.move("D", "S1")), "essai.json")
    shown = dossier(moved, ExportView("sector", sector))
    assert [move.lycee for move in shown.comparison.moves] == ["Descartes (Doué)"]
    changes = {change.metric.key: change for change in shown.comparison.changes}
    assert changes["max_minutes"].before == toy.area(sector_id=sector)["max_minutes"]
    assert changes["max_minutes"].after == shown.values["max_minutes"]
    assert changes["vigilance"].after == sum(point.is_alert for point in shown.points)


@pytest.fixture(scope="module")
def watched(toy_trial: Dossier) -> Dossier:
    """The plan of the trial as a plan without a before: its file lists all its points."""
    return replace(toy_trial, comparison=None)


def test_a_slide_lists_the_points_that_its_title_counts(watched: Dossier) -> None:
    known = watch_list(watched.points)
    assert (known.count, len(known.information)) == (2, 1)
    rows, texts = {}, {}
    for slide in slides_of(format_of("pptx").make(watched)):
        title = slide.shapes[0].text_frame.text
        texts[title] = "\n".join(s.text_frame.text for s in slide.shapes if s.has_text_frame)
        for shape in slide.shapes:
            if shape.has_table:
                rows[title] = len(shape.table.rows) - 1
    title = "2\u00a0points de vigilance"
    assert rows[title] == 2
    (information,) = (point.sentence for point in known.information)
    assert texts[title].index(NOT_COUNTED) < texts[title].index(typeset(information))


def test_the_number_is_that_of_the_page_information_left_out(study: Study) -> None:
    view = dossier(of_plan(study, "plan.json"), ExportView())
    known = watch_list(vigilance(study))
    count = known.count
    assert watch_list(view.points).text == known.text
    assert len(view.points) == count + 1
    zones = [attributes.of_zone(view, s, zone) for s in view.sectors for zone in s.zones]
    assert sum(zone["points_de_vigilance"] for zone in zones) == count
    opened = re.search(r"<summary><strong>([^<]*)</strong>", page(view).decode())
    assert opened.group(1) == known.text

"""The bilan as a document, a deck and a workbook: the same figures, worse before better."""

import io
from dataclasses import replace
from datetime import date

import openpyxl
import pikepdf
import pptx
import pytest

from geozones.domain.comments import About, Comment, PlaceKind
from geozones.domain.field_journal import Journal
from geozones.export.bilan import FORMATS
from geozones.export.bilan.content import BilanContent
from geozones.export.dossier import Dossier
from geozones.export.messages import FEEDBACK_TITLE
from geozones.workspace.comments.summary import Feedback
from geozones.workspace.experiment.bilan import bilan_of
from geozones.workspace.experiment.document import INVENTED, content_of
from geozones.workspace.experiment.samples import sample_of, school_days
from geozones.workspace.sharing.dossier import dossier
from geozones.workspace.sharing.export_view import ExportView
from geozones.workspace.sharing.exported_plan import of_baseline
from geozones.workspace.study import Study


@pytest.fixture(scope="module")
def journal(study: Study) -> Journal:
    return sample_of(study, ["mayenne"], school_days(date(2025, 11, 3), 2), 5)


@pytest.fixture(scope="module")
def content(study: Study, journal: Journal) -> BilanContent:
    return content_of(study, journal, "mayenne")


@pytest.fixture(scope="module")
def shown(study: Study) -> Dossier:
    return dossier(of_baseline(study.analysis), ExportView("sector", ("mayenne",)))


def test_the_workbook_holds_each_figure_with_its_interval_and_number(
    study: Study, journal: Journal, content: BilanContent, shown: Dossier
) -> None:
    made = FORMATS["xlsx"].make(shown, content)
    assert made == FORMATS["xlsx"].make(shown, content)
    book = openpyxl.load_workbook(io.BytesIO(made))
    sheet = book[book.sheetnames[1]]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]
    lines = bilan_of(study, journal, sector="mayenne").lines
    assert [row[0] for row in rows] == [line.label for line in lines]
    visits = next(row for row in rows if row[0] == "Visites de continuité")
    assert visits[3].replace("\u00a0", " ") == "1,00 par mois"
    assert visits[5].endswith("visites")
    said = [cell.value for row in book["Bilan"].iter_rows() for cell in row]
    assert INVENTED in [text.replace("\u00a0", " ") for text in said if text]


def test_the_deck_says_first_that_the_journal_is_invented(
    content: BilanContent, shown: Dossier
) -> None:
    deck = pptx.Presentation(io.BytesIO(FORMATS["pptx"].make(shown, content)))
    first, second = [
        [shape.text_frame.text for shape in slide.shapes if shape.has_text_frame]
        for slide in list(deck.slides)[:2]
    ]
    assert any("inventé par l'outil" in text for text in first)
    assert any("attendu et observé" in text for text in second)
    assert all(slide.notes_slide.notes_text_frame.text for slide in deck.slides)


def test_what_people_said_of_the_plan_is_in_the_bilan(
    content: BilanContent, shown: Dossier
) -> None:
    heard = replace(shown, feedback=("Deux avis reçus : un favorable, un réservé.",))
    deck = pptx.Presentation(io.BytesIO(FORMATS["pptx"].make(heard, content)))
    texts = [
        shape.text_frame.text
        for slide in deck.slides
        for shape in slide.shapes
        if shape.has_text_frame
    ]
    assert any("un favorable, un réservé" in text for text in texts)


def test_the_document_is_tagged_and_titled(content: BilanContent, shown: Dossier) -> None:
    with pikepdf.open(io.BytesIO(FORMATS["pdf"].make(shown, content))) as file:
        assert "Bilan de l'expérimentation" in str(file.docinfo["/Title"])
        assert bool(file.Root.MarkInfo.Marked)


def test_what_people_said_of_the_sector_is_in_its_bilan(study: Study, journal: Journal) -> None:
    said = [
        Comment(key, "v", "s", About(PlaceKind.SECTOR, key, key), "Ada", "Bien.")
        for key in ("mayenne", "sarthe")
    ]
    content = content_of(study, journal, "mayenne", feedback=Feedback(tuple(said)))
    (part,) = (part for part in content.parts if part.title == FEEDBACK_TITLE)
    assert part.sentences == ("1\u00a0commentaire : 1\u00a0à traiter.",)
    assert all(part.title != FEEDBACK_TITLE for part in content_of(study, journal, "mayenne").parts)

"""The bilan as a document, a deck and a workbook: the same figures, worse before better."""

import io
import subprocess
from dataclasses import replace
from datetime import date
from pathlib import Path

import openpyxl
import pikepdf
import pptx
import pytest
from pptx.slide import Slide

from geozones.domain.field_journal import Journal
from geozones.export.bilan import FORMATS
from geozones.export.bilan.content import BilanContent
from geozones.export.dossier import Dossier
from geozones.features.experiment.model import INVENTED_NOTICE, bilan_of
from geozones.features.experiment.report import content_of
from geozones.workspace.sharing.dossier import dossier
from geozones.workspace.sharing.exported_plan import ExportView, of_baseline
from geozones.workspace.study import Study
from helpers.sample_files import sample_of, school_days


@pytest.fixture(scope="module")
def journal(study: Study) -> Journal:
    return sample_of(study, ["mayenne"], school_days(date(2025, 11, 3), 2, study.atlas.school), 5)


@pytest.fixture(scope="module")
def content(study: Study, journal: Journal, shown: Dossier) -> BilanContent:
    return content_of(study, journal, shown, "mayenne")


@pytest.fixture(scope="module")
def shown(study: Study) -> Dossier:
    return dossier(of_baseline(study.analysis), ExportView("sector", "mayenne"))


def test_the_workbook_holds_each_figure_with_its_interval_and_number(
    study: Study, journal: Journal, content: BilanContent, shown: Dossier
) -> None:
    made = FORMATS["xlsx"].make(shown, content)
    assert made == FORMATS["xlsx"].make(shown, content)
    book = openpyxl.load_workbook(io.BytesIO(made))
    sheet = book["Chiffres Secteur Mayenne"]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=3)]
    lines = bilan_of(study, journal, sector="mayenne").lines
    labels = [line.figure.label for line in lines]
    assert [row[0] for row in rows if row[0] in labels] == labels
    visits = next(row for row in rows if row[0] == "Visites de continuité")
    assert visits[3].replace("\u00a0", " ") == "1,00 par mois"
    assert plain(visits[5]).endswith(" visites")
    for sheet in book:
        band = sheet["A1"]
        assert plain(band.value) == INVENTED_NOTICE
        assert band.fill.fgColor.rgb == "FF7A4300"
        assert sheet.print_title_rows.startswith("$1:")
    said = [cell.value for row in book["Bilan"].iter_rows() for cell in row if cell.value]
    assert plain(said[1]) == plain(content.title)
    for one in book.worksheets[1:]:
        assert plain(one["A1"].value) == INVENTED_NOTICE


def plain(text: str) -> str:
    return text.replace("\u00a0", " ").replace("\u202f", " ")


def names(slide: Slide) -> list[str]:
    return [shape.name for shape in slide.shapes]


@pytest.mark.parametrize("invented", [True, pytest.param(False, marks=pytest.mark.slow)])
def test_each_slide_and_page_says_that_the_journal_is_invented(
    content: BilanContent, shown: Dossier, tmp_path: Path, *, invented: bool
) -> None:
    content = content if invented else replace(content, warning="")
    deck = pptx.Presentation(io.BytesIO(FORMATS["pptx"].make(shown, content)))
    slides = [
        " ".join(shape.text_frame.text for shape in slide.shapes if shape.has_text_frame)
        for slide in deck.slides
    ]
    assert len(slides) > 4
    assert {INVENTED_NOTICE in plain(text) for text in slides} == {invented}
    (drawn, *_) = (slide for slide in deck.slides if names(slide).count("Dessin du chiffre"))
    # as many figures as bars, each with its number of observations
    assert names(drawn).count("Chiffre") == names(drawn).count("Valeurs") > 2
    assert "attendu : 1,00 par mois" in plain(slides[list(deck.slides).index(drawn)])
    assert INVENTED_NOTICE not in plain(content.title)
    assert all(slide.notes_slide.notes_text_frame.text for slide in deck.slides)
    file = tmp_path / "bilan.pdf"
    file.write_bytes(FORMATS["pdf"].make(shown, content))
    told = subprocess.run(["pdftotext", "-layout", file, "-"], capture_output=True, check=True)
    *pages, rest = told.stdout.decode().split("\f")
    assert pages
    assert not rest.strip()
    assert {INVENTED_NOTICE in plain(text) for text in pages} == {invented}


def test_what_people_said_of_the_plan_is_in_the_bilan(
    study: Study, journal: Journal, shown: Dossier
) -> None:
    heard = replace(shown, feedback=("Deux avis reçus : un favorable, un réservé.",))
    content = content_of(study, journal, heard, "mayenne")
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

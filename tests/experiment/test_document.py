"""The bilan as a document, a deck and a workbook: the same report, the finding first."""

import io
from dataclasses import replace
from datetime import date

import openpyxl
import pytest

from geozones.domain.field_journal import Journal
from geozones.export.blocks import Bars, Picture, ReportPages, Table
from geozones.export.dossier import Dossier
from geozones.features.experiment.model import INVENTED_NOTICE, bilan_of
from geozones.features.experiment.report import bilan_file, bilan_report
from geozones.workspace.figures.study import Study
from geozones.workspace.sharing.dossier import dossier
from geozones.workspace.sharing.exported_plan import ExportView, of_baseline
from helpers.file_texts import deck_text, document_text, slide_notes, slide_texts, slides_of
from helpers.sample_files import sample_of, school_days

SUBJECT = "Bilan de l'expérimentation : le secteur Mayenne"


@pytest.fixture(scope="module")
def journal(study: Study) -> Journal:
    return sample_of(study, ["mayenne"], school_days(date(2025, 11, 3), 2, study.atlas.school), 5)


@pytest.fixture(scope="module")
def shown(study: Study) -> Dossier:
    return dossier(of_baseline(study.analysis), ExportView("sector", "mayenne"))


@pytest.fixture(scope="module")
def report(study: Study, journal: Journal, shown: Dossier) -> ReportPages:
    return bilan_report(study, journal, shown, "mayenne", {"absence_rate": "Retenu par Ada."})


def plain(text: object) -> str:
    return str(text).replace("\u00a0", " ").replace("\u202f", " ").replace("\u2019", "'")


def test_the_finding_is_first_then_what_is_to_be_decided_and_each_figure_has_its_interval(
    study: Study, journal: Journal, report: ReportPages
) -> None:
    bilan = bilan_of(study, journal, sector="mayenne")
    assert report.title == SUBJECT
    assert report.pages[0].title == bilan.title == bilan.findings[0]
    (bars,) = (block for page in report.pages for block in page.blocks if isinstance(block, Bars))
    drawn = [(bar.label, bar.value, bar.interval, bar.expected, bar.verdict) for bar in bars.bars]
    assert drawn == [
        (line.figure.label, line.observed, line.interval, line.expected, line.verdict)
        for line in bilan.lines
    ]
    for bar, line in zip(bars.bars, bilan.lines, strict=True):
        estimate = line.estimate
        if line.hoped and bar.low is not None and bar.expected_at is not None:
            # one scale: what was expected in the middle, the rest in proportion
            near = 1.05 * (estimate.high or estimate.value) <= 2 * line.hoped
            assert bar.expected_at == pytest.approx(0.5) if near else bar.expected_at < 0.5
            assert bar.at / bar.expected_at == pytest.approx(estimate.value / line.hoped)
            assert bar.low / bar.at == pytest.approx((estimate.low or 0.0) / estimate.value)
        assert 0 <= (bar.low or 0) <= bar.at <= (bar.high or bar.at) <= 1


def test_a_zone_has_its_number_in_the_table_and_on_the_usual_map(
    study: Study, shown: Dossier, report: ReportPages
) -> None:
    pictures = [b for page in report.pages for b in page.blocks if isinstance(b, Picture)]
    assert pictures[0].scenes == (shown.scene,)
    numbers = {zone.name: zone.number for zone in shown.scene.zones}
    (page,) = (page for page in report.pages if page.key.startswith("Par zone"))
    table = page.blocks[0]
    assert isinstance(table, Table)
    names = [row.texts[0] for row in table.rows]
    zones = [zone for zone in study.plan.zones_of("mayenne") if study.plan.members(zone.id)]
    assert names == [*(f"{numbers[zone.name]}. {zone.name}" for zone in zones), "Secteur Mayenne"]
    requests = [int(plain(row.texts[1]).replace(" ", "")) for row in table.rows]
    assert sum(requests[:-1]) == requests[-1]


def test_the_whole_has_a_page_for_each_sector_with_rows(study: Study, journal: Journal) -> None:
    region = dossier(of_baseline(study.analysis), ExportView("region"))
    keys = [page.key for page in bilan_report(study, journal, region).pages]
    assert "Par secteur L'ensemble" in keys
    assert [key for key in keys if key.startswith("Par zone")] == ["Par zone Secteur Mayenne"]


def test_the_workbook_says_what_the_report_says_and_that_the_journal_is_invented(
    report: ReportPages, shown: Dossier
) -> None:
    made = bilan_file(shown, report, "xlsx")
    assert made == bilan_file(shown, report, "xlsx")
    book = openpyxl.load_workbook(io.BytesIO(made))
    cells = {plain(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row}
    for page in report.pages:
        for block in page.blocks:
            told = block.table if isinstance(block, Bars) else block
            if isinstance(told, Table):
                assert {plain(text) for row in told.rows for text in row.texts} <= cells
    assert "Retenu par Ada." in cells
    for sheet in book:
        assert plain(sheet["A1"].value) == INVENTED_NOTICE


@pytest.mark.parametrize("invented", [True, pytest.param(False, marks=pytest.mark.slow)])
def test_each_slide_and_page_says_that_the_journal_is_invented(
    report: ReportPages, shown: Dossier, *, invented: bool
) -> None:
    report = report if invented else replace(report, warning="")
    deck = slides_of(bilan_file(shown, report, "pptx"))
    slides = [" ".join(slide_texts(slide)) for slide in deck]
    assert {INVENTED_NOTICE in plain(text) for text in slides} == {invented}
    assert plain(deck[0].shapes.title.text_frame.text) == plain(report.pages[0].title)
    assert "attendu : 1,00 par mois" in plain(" ".join(slides))
    assert all(map(slide_notes, deck))
    *pages, rest = document_text(bilan_file(shown, report, "pdf")).split("\f")
    assert pages
    assert not rest.strip()
    assert {INVENTED_NOTICE in plain(text) for text in pages} == {invented}


def test_what_people_said_of_the_plan_is_in_the_bilan(
    study: Study, journal: Journal, shown: Dossier
) -> None:
    heard = replace(shown, feedback=("Deux avis reçus : un favorable, un réservé.",))
    report = bilan_report(study, journal, heard, "mayenne")
    deck = bilan_file(heard, report, "pptx")
    assert "un favorable, un réservé" in deck_text(deck)

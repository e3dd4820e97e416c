"""Workbooks of several sheets, with comments, too long."""

from collections.abc import Callable
from pathlib import Path

import pytest

from geozones.common.errors import InputError
from geozones.export.xlsx import xlsx as exported
from geozones.intake import workbooks
from geozones.intake.document_reader import read_document
from geozones.workspace.figures.study import Study
from geozones.workspace.sharing.dossier import dossier
from geozones.workspace.sharing.exported_plan import ExportView, of_baseline

from .conftest import Import
from .files import HEAD, LYCEES, ROWS, Table, ods, ods_of, xlsx, xlsx_of

COVER = [("Zones de continuité",), ("Version", "juin 2025"), ("Contact", "DSI")]
LIST = [HEAD, *ROWS]

type Write = Callable[[dict[str, Table]], bytes]


@pytest.mark.parametrize("write", [xlsx_of, ods_of])
@pytest.mark.parametrize("above", [[], [("",)], COVER])
def test_the_sheet_that_has_titles_is_read(imported: Import, write: Write, above: Table) -> None:
    report = imported(write({"À lire": above, "Liste": LIST, "Autre": LIST[:2]}))
    assert [row.id for row in report.accepted] == LYCEES
    assert "« Liste »" in report.notes[0].what


@pytest.mark.parametrize("write", [xlsx_of, ods_of])
def test_without_titles_the_first_sheet_that_holds_something_is_read(write: Write) -> None:
    document = read_document(write({"Vide": [("",)], "Liste": ROWS, "Notes": COVER}))
    assert [line.cells[2] for line in document.lines] == LYCEES
    assert "« Liste »" in document.notes[0].what
    with pytest.raises(InputError, match="aucune ligne remplie"):
        read_document(write({"Vide": [("",)], "Vide aussi": []}))


def test_our_own_workbook_is_read_past_its_cover(imported: Import, study: Study) -> None:
    made = dossier(of_baseline(study.analysis), ExportView())
    report = imported(exported(made))
    sector = made.sectors[0]
    assert f"« {sector.name} »" in report.notes[0].what
    assert {row.id for row in report.accepted} == {lycee.id for lycee in sector.lycees}
    assert [zone.name for zone in report.listing.zones] == [zone.name for zone in sector.zones]


@pytest.mark.parametrize("name", ["typed.xlsx", "typed.ods"])
def test_dates_numbers_formulas_and_merged_cells_of_an_office_are_read_as_text(name: str) -> None:
    """A hidden sheet with titles comes first; a formula has the value that the office kept."""
    document = read_document((Path(__file__).parent / "fixtures" / name).read_bytes())
    assert "« Liste »" in document.notes[0].what
    second, third, fourth = [line.cells for line in document.lines[1:4]]
    assert second[4:] == ("LAVAL CEDEX 9", "53000", "1200", "12/03/2025", "2400", "08:30")
    assert third[:3] + third[5:9] == (
        "", "", "0530011Z", "53000", "1150.5", "12/03/2025 08:30", "x y",
    )  # fmt: skip
    assert fourth == ("Mayenne", "B", "530016", "Lavoisier", "Mayenne", "1000")


def test_comments_are_not_of_their_cells(imported: Import) -> None:
    report = imported(ods(LIST, comment="à vérifier"))
    assert [row.id for row in report.accepted] == LYCEES
    assert (report.repairs, report.listing.zones[0].name) == ((), "A")


@pytest.mark.parametrize("write", [xlsx, ods])
def test_lines_that_nobody_counted_are_not_counted(
    monkeypatch: pytest.MonkeyPatch, write: Callable[[Table], bytes]
) -> None:
    monkeypatch.setattr(workbooks, "MAX_LINES", 50)
    document = read_document(write([*LIST, *[("", "", "", "x", "y")] * 60]))
    assert document.lines[-1].number == 50
    assert "001 et suivantes : non lues" in document.notes[-1].what

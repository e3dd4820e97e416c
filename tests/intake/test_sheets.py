"""Tables as people have them: sheets, comments, quotes, and what geozones itself writes."""

from collections.abc import Callable
from pathlib import Path

import pytest

from geozones.common.errors import InputError
from geozones.export import Dossier
from geozones.export.attributes import csv_bytes
from geozones.export.geo import geojson
from geozones.export.xlsx import xlsx as exported
from geozones.intake import workbooks
from geozones.intake.document_reader import read_document
from geozones.workspace.figures.study import Study
from geozones.workspace.sharing.dossier import dossier
from geozones.workspace.sharing.exported_plan import ExportView, of_baseline

from .conftest import Import
from .files import HEAD, LYCEES, ROWS, Table, csv_text, ods, ods_of, xlsx, xlsx_of

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


SEPARATORS = [";", ",", "|", "\t"]


@pytest.mark.parametrize("separator", SEPARATORS)
@pytest.mark.parametrize("cell", range(len(HEAD)))
@pytest.mark.parametrize("faulty", range(len(ROWS)))
def test_a_quote_that_is_never_closed_costs_no_row(
    imported: Import, separator: str, cell: int, faulty: int
) -> None:
    rows = [list(row) for row in ROWS]
    rows[faulty][cell] = f'"{rows[faulty][cell]}'
    report = imported(csv_text([HEAD, *rows], separator))
    assert [row.id for row in report.accepted] == LYCEES
    assert [(note.row, "Guillemet" in note.what) for note in report.notes] == [(faulty + 2, True)]


def test_stray_quotes_cost_no_row_nor_make_a_cell_of_several(imported: Import) -> None:
    rows = [list(row) for row in ROWS]
    rows[0][3], rows[2][3] = '"Ambroise Paré', 'Lavoisier"'
    document = read_document(csv_text([HEAD, *rows]))
    assert [line.cells[2] for line in document.lines[1:]] == LYCEES
    assert [note.row for note in document.notes] == [2]
    rows = [*ROWS[:2], ("Mayenne", "B", "0530016E", '"Lavoisier', "Mayenne"), *ROWS[:2] * 2000]
    rows.append(ROWS[3])
    assert [row.id for row in imported(csv_text([HEAD, *rows])).accepted] == LYCEES


@pytest.mark.parametrize("separator", SEPARATORS)
@pytest.mark.parametrize("form", ["all", "half"])
def test_cells_in_quotes_may_take_several_lines(
    imported: Import, separator: str, form: str
) -> None:
    name = "{}\r\n" if form == "all" else "{}"
    rows = [
        [f'"{sector}"', f'"{zone}\n({zone})"', f'"{code}"', f'"{name.format(lycee)}"', town]
        for sector, zone, code, lycee, town in ROWS
    ]
    report = imported(csv_text([HEAD, *rows], separator))
    assert [row.id for row in report.accepted] == LYCEES
    assert [zone.name for zone in report.listing.zones] == ["A (A)", "B (B)"]
    assert (report.notes, report.repairs) == ((), ())
    step = 3 if form == "all" else 2
    assert [row.row for row in report.accepted] == [2, 2 + step, 2 + 2 * step, 2 + 3 * step]


def test_quotes_and_separators_inside_quotes_are_of_the_cell() -> None:
    document = read_document(csv_text([HEAD, *ROWS, ("M", "A;1", "", 'x "le" y', "Laval")]))
    assert len(document.lines[-1].cells) == 6
    row = ("M", '"A;1"', "", '"x ""le"" y"', "Laval")
    document = read_document(csv_text([HEAD, *ROWS, row]))
    assert document.lines[-1].cells == ("M", "A;1", "", 'x "le" y', "Laval")


def test_a_cell_over_the_limit_of_the_reader_is_told_and_the_others_are_read(
    imported: Import,
) -> None:
    long = ("Mayenne", "A", "", f'"{"x" * 140_000}"', "LAVAL")
    report = imported(csv_text([HEAD, ROWS[0], long, *ROWS[1:]]))
    assert set(LYCEES) <= {row.id for row in report.accepted}
    assert [(note.row, note.what[:16]) for note in report.notes] == [(3, "Case trop longue")]


@pytest.fixture(scope="module")
def made(study: Study) -> Dossier:
    return dossier(of_baseline(study.analysis), ExportView())


@pytest.mark.parametrize("write", [csv_bytes, geojson])
def test_an_export_gives_back_its_lycees_zones_and_sectors(
    imported: Import, made: Dossier, write: Callable[[Dossier], bytes]
) -> None:
    report = imported(write(made))
    zones, sectors = report.listing.zones, report.listing.sectors
    listed = {
        (row.id, row.name, row.commune, zones[row.zone].name, sectors[zones[row.zone].sector].name)
        for row in report.accepted
    }
    assert listed == {
        (lycee.id, lycee.name, lycee.commune, zone.name, sector.name)
        for sector, zone, lycee in made.lines()
    }
    assert (report.ambiguous, report.rejected) == ((), ())
    assert {repair.field for repair in report.repairs} <= {"uai_associes"}

"""Quotes of a CSV file: closed or not, around cells on several lines, between tabs."""

import pytest

from geozones.intake.document_reader import read_document

from .conftest import Import
from .files import HEAD, LYCEES, ROWS, csv_text

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

"""Bilan as a workbook: a sheet of its sentences, then one for each table."""

import io
from datetime import datetime

import xlsxwriter

from geozones.export.bilan.content import BilanContent, BilanPart
from geozones.export.dossier import Dossier
from geozones.export.text import typeset
from geozones.export.workbook_cells import Styles, make_styles, write_text
from geozones.export.workbook_page import set_page

_LONGEST_NAME = 31
_WIDTH = 80


def xlsx(dossier: Dossier, content: BilanContent) -> bytes:
    """Return the workbook: the same content gives the same bytes."""
    stream = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(stream, options)
    book.set_properties(
        {
            "title": content.title,
            "author": "geozones",
            "created": datetime.fromisoformat(dossier.version.file_date),
        }
    )
    styles = make_styles(book, ())
    _sentences_sheet(book, dossier, content, styles)
    chapter, names = "", {"bilan"}
    for part in content.parts:
        chapter = part.title if part.chapter else chapter
        if part.table is not None and part.table.rows:
            name = _name(f"{part.title} {chapter}", names)
            _table(book.add_worksheet(name), dossier, content, part, styles)
    book.close()
    return stream.getvalue()


def _sentences_sheet(
    book: xlsxwriter.Workbook, dossier: Dossier, content: BilanContent, styles: Styles
) -> None:
    """Write the sheet of sentences, with the title, the period and the warning."""
    sheet = book.add_worksheet("Bilan")
    sheet.set_column(0, 0, 40)
    sheet.set_column(1, 1, 110)
    sheet.write_string(0, 0, typeset(content.title), styles.title)
    row = 1
    for label, value in (
        ("Période", content.period),
        ("Plan", dossier.version.full_name),
        ("Attention", content.warning),
    ):
        if value:
            sheet.write_string(row, 0, label, styles.label)
            write_text(sheet, row, 1, typeset(value), styles)
            row += 1
    for part in content.parts:
        for sentence in part.sentences:
            sheet.write_string(row, 0, typeset(part.title), styles.label)
            write_text(sheet, row, 1, typeset(sentence), styles)
            row += 1
    set_page(sheet, dossier, content.title, repeat=False)
    sheet.fit_to_pages(1, 0)


def _table(
    sheet: xlsxwriter.worksheet.Worksheet,
    dossier: Dossier,
    content: BilanContent,
    part: BilanPart,
    styles: Styles,
) -> None:
    assert part.table is not None  # noqa: S101 - the caller looked
    top = 0
    if content.warning:
        sheet.write_string(0, 0, typeset(content.warning), styles.label)
        top = 1
    whole = sum(share for _, share, _ in part.table.columns)
    for column, (head, share, _) in enumerate(part.table.columns):
        sheet.set_column(column, column, max(12, _WIDTH * 1.6 * share / whole))
        sheet.write_string(top, column, head, styles.head)
    for row, cells in enumerate(part.table.rows, top + 1):
        for column, cell in enumerate(cells):
            write_text(sheet, row, column, typeset(cell), styles)
    sheet.freeze_panes(top + 1, 1)
    set_page(sheet, dossier, part.title)
    sheet.repeat_rows(0, top)
    sheet.fit_to_pages(1, 0)


def _name(text: str, taken: set[str]) -> str:
    """Return a valid name for a sheet, different from the names taken."""
    plain = "".join(sign for sign in text if sign not in "[]:*?/\\'")
    name, rank = plain[:_LONGEST_NAME].strip(), 2
    while name.casefold() in taken:
        name = f"{plain[: _LONGEST_NAME - 4].strip()} {rank}"
        rank += 1
    taken.add(name.casefold())
    return name

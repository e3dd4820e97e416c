"""Bilan as a workbook: a sheet of its sentences, then one for each table."""

import io
from collections.abc import Sequence
from datetime import datetime

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from geozones.export.bilan.content import BilanContent, BilanPart, BilanTable, DrawnFigure
from geozones.export.dossier import Dossier
from geozones.export.file_parts import typeset
from geozones.export.workbook_sheets import Styles, make_styles, set_page, write_text

_LONGEST_NAME = 31
_WIDTH = 80
_FIGURES = (
    ("Ce qui s'est passé", 3.0, False),
    ("Observé", 2.1, True),
    ("Intervalle à 95 %", 1.9, True),
    ("Attendu", 2.1, True),
    ("Jugement", 1.7, False),
    ("D'après", 2.4, False),
)
#: Columns left out where nothing was expected.
_MODELLED = frozenset({"Attendu", "Jugement"})
#: Height of a row of headings, in points: three lines.
_HEADS = 44


def xlsx(dossier: Dossier, content: BilanContent) -> bytes:
    """Return the workbook: the same content gives the same bytes."""
    stream = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(stream, options)
    book.set_properties(
        {
            "title": content.subject,
            "author": "geozones",
            "created": datetime.fromisoformat(dossier.version.file_date),
        }
    )
    writer = _Writer(book, dossier, content)
    writer.sentences()
    area = ""
    for part in content.parts:
        area = part.area or area
        for shown in (_figures(part.figures), part.table):
            if shown is not None and shown.rows:
                writer.table(f"{part.tab} {area}", part, shown)
    book.close()
    return stream.getvalue()


def _figures(lines: Sequence[DrawnFigure]) -> BilanTable:
    """Return the table of figures that other formats draw."""
    modelled = any(line.expected for line in lines)
    return BilanTable(
        tuple(column for column in _FIGURES if modelled or column[0] not in _MODELLED),
        tuple(
            (
                line.label,
                line.observed,
                line.interval or "—",
                *((line.expected or "—", line.verdict or "—") if modelled else ()),
                line.counted,
            )
            for line in lines
        ),
    )


class _Writer:
    """Workbook under construction: its formats, the names of its sheets."""

    def __init__(self, book: xlsxwriter.Workbook, dossier: Dossier, content: BilanContent) -> None:
        self._book, self._dossier, self._content = book, dossier, content
        self._styles: Styles = make_styles(book, ())
        self._names = set[str]()
        band = {"bold": True, "font_size": 12, "font_name": "Arial", "valign": "vcenter"}
        self._band = book.add_format({**band, "font_color": "#ffffff", "bg_color": "#7a4300"})

    def sentences(self) -> None:
        """Write the sheet of sentences, under the title and the period."""
        content, styles = self._content, self._styles
        sheet, row = self._sheet("Bilan", 2)
        sheet.set_column(0, 0, 40)
        sheet.set_column(1, 1, 110)
        sheet.write_string(row, 0, typeset(content.title), styles.title)
        for label, value in (
            ("Sujet", content.subject),
            ("Période", content.period),
            ("Plan", self._dossier.version.full_name),
        ):
            row += 1
            sheet.write_string(row, 0, label, styles.label)
            write_text(sheet, row, 1, typeset(value), styles)
        for part in content.parts:
            for sentence in part.sentences:
                row += 1
                sheet.write_string(row, 0, typeset(part.area or part.title), styles.label)
                write_text(sheet, row, 1, typeset(sentence), styles)
        self._page(sheet, content.subject, 0 if content.warning else None)

    def table(self, name: str, part: BilanPart, shown: BilanTable) -> None:
        """Write a table on a sheet of its own, under its title."""
        sheet, top = self._sheet(name, len(shown.columns))
        sheet.write_string(top, 0, typeset(part.title), self._styles.title)
        top += 1
        sheet.set_row(top, _HEADS)
        whole = sum(share for _, share, _ in shown.columns)
        for column, (head, share, _) in enumerate(shown.columns):
            width = max(12, _WIDTH * 1.6 * share / whole) if head else 4
            sheet.set_column(column, column, width)
            sheet.write_string(top, column, head, self._styles.head)
        for row, cells in enumerate(shown.rows, top + 1):
            for column, cell in enumerate(cells):
                self._cell(sheet, row, column, cell)
        sheet.freeze_panes(top + 1, 1)
        self._page(sheet, part.title, top)

    def _cell(self, sheet: Worksheet, row: int, column: int, cell: str) -> None:
        if cell.startswith("#"):
            sheet.write_blank(row, column, None, self._book.add_format({"bg_color": cell}))
        else:
            write_text(sheet, row, column, typeset(cell), self._styles)

    def _sheet(self, name: str, columns: int) -> tuple[Worksheet, int]:
        """Add a sheet, with the warning in a band over its columns; return its first free row."""
        sheet = self._book.add_worksheet(self._named(name))
        if not self._content.warning:
            return sheet, 0
        sheet.set_row(0, 22)
        sheet.merge_range(0, 0, 0, columns - 1, typeset(self._content.warning), self._band)
        return sheet, 1

    def _page(self, sheet: Worksheet, title: str, repeated: int | None) -> None:
        """Set the print layout; the first rows, down to ``repeated``, are on each page."""
        set_page(sheet, self._dossier, title, repeat=False)
        if repeated is not None:
            sheet.repeat_rows(0, repeated)
        sheet.fit_to_pages(1, 0)

    def _named(self, text: str) -> str:
        """Return a valid name for a sheet, different from those of others."""
        plain = "".join(sign for sign in text if sign not in "[]:*?/\\'")
        name, rank = plain[:_LONGEST_NAME].strip(), 2
        while name.casefold() in self._names:
            name = f"{plain[: _LONGEST_NAME - 4].strip()} {rank}"
            rank += 1
        self._names.add(name.casefold())
        return name

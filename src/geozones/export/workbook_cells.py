"""Cells of a workbook and their formats, and the print settings of its sheets."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from textwrap import wrap

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from geozones.domain.terms import worded
from geozones.export.dossier import Dossier
from geozones.export.file_parts import is_risky, longest_noun, typeset
from geozones.metrics.metric import MINUTES
from geozones.metrics.metric import Format as NumberFormat

_INK, _HEAD, _RULE = "#1f2a33", "#14507a", "#d9d5cd"
_FONT = {"font_name": "Arial", "font_size": 10, "font_color": _INK, "valign": "top"}
#: Suffix of the number format of an estimated figure, which stays a number.
_ESTIMATED = '" (estimé)"'


@dataclass(frozen=True, slots=True)
class Styles:
    """The formats of a workbook."""

    title: Format
    label: Format
    text: Format
    risky: Format
    head: Format
    turned: Format
    self: Format
    numbers: dict[tuple[str, bool], Format]
    """By number format, and whether the figure is estimated."""


def make_styles(book: xlsxwriter.Workbook, formats: Iterable[NumberFormat]) -> Styles:
    """Add the cell formats to a workbook, including the number formats of some metrics."""

    def made(**more: object) -> Format:
        return book.add_format(_FONT | more)

    head = {"bold": True, "font_color": "#ffffff", "bg_color": _HEAD, "text_wrap": True}
    head |= {"valign": "vcenter", "border": 1, "border_color": _RULE}
    lined = {"text_wrap": True, "bottom": 1, "bottom_color": _RULE}
    return Styles(
        title=made(bold=True, font_size=15),
        label=made(bold=True, **lined),
        text=made(**lined),
        risky=made(**lined, quote_prefix=True),
        head=made(**head),
        turned=made(**head, rotation=90),
        numbers={
            (cell, guess): made(
                **lined,
                num_format=cell + _ESTIMATED * guess,
                align="center",
                **{"italic": True} if guess else {},
            )
            for cell in dict.fromkeys((MINUTES.cell, *(kind.cell for kind in formats)))
            for guess in (False, True)
        },
        self=made(**lined, bg_color="#ecebe8"),
    )


def write_text(sheet: Worksheet, row: int, column: int, text: str, styles: Styles) -> None:
    """Write a text that Excel never reads as a formula, a number or a link."""
    sheet.write_string(row, column, text, styles.risky if is_risky(text) else styles.text)


def write_number(
    sheet: Worksheet,
    at: tuple[int, int],
    value: float | None,
    written: tuple[NumberFormat, bool],
    styles: Styles,
) -> None:
    """Write a number: ``written`` is its format, and whether it is estimated.

    An empty cell for ``None``; a text for infinity.
    """
    kind, guess = written
    if value is None:
        sheet.write_blank(*at, None, styles.text)
    elif not math.isfinite(value):
        sheet.write_string(*at, kind.infinite, styles.text)
    else:
        sheet.write_number(*at, round(value, max(kind.digits, 1)), styles.numbers[kind.cell, guess])


def column_width(head: str, width: int) -> int:
    """Return the width in characters of a column, where its head has a word that needs more."""
    return max(width, len(longest_noun(head)) + 2)


def heads_height(heads: Sequence[tuple[str, int]]) -> int:
    """Return the height in points of a row of heads, each with the width of its column."""
    # in the sheet's font, three letters more than figures in the same width
    lines = max(len(wrap(worded(head), width + 3)) for head, width in heads)
    return 14 * max(lines, 3) + 2


def set_page(sheet: Worksheet, dossier: Dossier, title: str, *, repeat: bool = True) -> None:
    """Set the print layout of a sheet: its name above, the identity of the plan below.

    ``repeat``: repeat the first row on each page.
    """
    sheet.set_landscape()
    sheet.set_paper(9)
    if repeat:
        sheet.repeat_rows(0)
    # the size before the font: a name that begins with a digit would be read as part of the size
    sheet.set_header(f'&L&12&"Arial,Bold"{_coded(title)}')
    sheet.set_footer(f'&L&9&"Arial,Regular"{_coded(dossier.version.dated_name)}&R&9&P / &N')


def _coded(text: str) -> str:
    """Return a text for a page's header or footer, where & begins a code; cut at 200 characters."""
    return typeset(text).replace("&", "&&")[:200]

"""Cells of a workbook: formats, and functions that write a text or a number."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from geozones.export.text import is_risky
from geozones.metrics.format import MINUTES
from geozones.metrics.format import Format as NumberFormat

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

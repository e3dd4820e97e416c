"""Sheets of a workbook about the whole plan, and the cells and styles of all its sheets."""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from textwrap import wrap

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from geozones.common.french import inside
from geozones.domain.organisation import NOT_PUBLISHED
from geozones.domain.terms import terms, worded
from geozones.export import sentences
from geozones.export.dossier import Dossier, PlanComparison, SectorRow, TripRow
from geozones.export.file_parts import is_risky, longest_noun, typeset
from geozones.export.messages import (
    message_of,
)
from geozones.metrics import Metric, MetricPlace, metric, number_of, shown_in
from geozones.metrics.metric import COUNT, KILOMETRES, MINUTES
from geozones.metrics.metric import Format as NumberFormat
from geozones.metrics.metric_registry import watch_list

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


_HEADS = (
    ("Secteur", 26),
    ("Statut", 24),
    ("RNS", 24),
    ("{Support_centre}", 34),
    ("Zones", 8),
    ("{Sites}", 8),
)
_WIDTH = 15


def summary_metrics(dossier: Dossier) -> tuple[Metric, ...]:
    """Return the metrics of a sector in the sheet, in order."""
    records = shown_in(MetricPlace.SECTOR_ATTRIBUTES, posts=True)
    return tuple(record for record in records if record.key in dossier.values)


def summary_sheet(sheet: Worksheet, dossier: Dossier, styles: Styles) -> None:
    """Write a line for each sector, and one for all sectors if there are several."""
    records = summary_metrics(dossier)
    heads = [*_HEADS, *((record.file_title, _WIDTH) for record in records)]
    heads.append(("Points de vigilance", 11))
    for column, (head, width) in enumerate(heads):
        sheet.set_column(column, column, column_width(head, width))
        sheet.write_string(0, column, worded(head), styles.head)
    sheet.set_row(0, heads_height(heads))
    rows = [row for row in dossier.sectors if row.lycees]
    for rank, sector in enumerate(rows, 1):
        texts = (
            sector.name,
            sector.status_text,
            sector.rns or NOT_PUBLISHED,
            sector.support_centre or NOT_PUBLISHED,
        )
        for column, text in enumerate(texts):
            write_text(sheet, rank, column, text, styles)
        _figures(sheet, rank, sector, records, styles)
        watched = watch_list(dossier.points_of(sector))
        write_number(sheet, (rank, len(heads) - 1), watched.count, (COUNT, False), styles)
    if len(rows) > 1:
        last = len(rows) + 1
        for column, text in enumerate(("Ensemble", "", "", "")):
            write_text(sheet, last, column, text, styles)
        _figures(sheet, last, dossier, records, styles)
        watched = watch_list(dossier.points)
        write_number(sheet, (last, len(heads) - 1), watched.count, (COUNT, False), styles)
    sheet.freeze_panes(1, 1)
    set_page(sheet, dossier, f"Synthèse : {dossier.title}")
    sheet.fit_to_pages(1, 0)


def _figures(
    sheet: Worksheet,
    row: int,
    shown: Dossier | SectorRow,
    records: tuple[Metric, ...],
    styles: Styles,
) -> None:
    counts = (sum(bool(zone.lycees) for zone in shown.zones), len(shown.lycees))
    for column, count in enumerate(counts, 4):
        write_number(sheet, (row, column), count, (COUNT, False), styles)
    for column, record in enumerate(records, len(_HEADS)):
        value = number_of(shown.values[record.key])
        written = (record.format, record.key in shown.guessed)
        write_number(sheet, (row, column), value, written, styles)


#: Figures of a zone before its kilometres.
COST_METRICS = tuple(map(metric, ("total_hours", "road_hours", "unattended_hours")))


def cost_sheet(sheet: Worksheet, dossier: Dossier, styles: Styles) -> None:
    """Write a line for each zone: hours of a year, and kilometres by item of the cost."""
    items = tuple(dict.fromkeys(key for zone in dossier.zones for key in zone.kilometres))
    heads = [("Secteur", 26), ("Zone", 30)]
    heads += [(record.file_title, _WIDTH) for record in COST_METRICS]
    heads += [(f"{item}, km par an", _WIDTH) for item in items]
    for column, (head, width) in enumerate(heads):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, head, styles.head)
    sheet.set_row(0, 58)
    zones = [(sector, zone) for sector in dossier.sectors for zone in sector.zones if zone.lycees]
    for row, (sector, zone) in enumerate(zones, 1):
        write_text(sheet, row, 0, sector.name, styles)
        write_text(sheet, row, 1, zone.name, styles)
        for column, record in enumerate(COST_METRICS, 2):
            value = number_of(zone.values[record.key])
            written = (record.format, record.key in zone.guessed)
            write_number(sheet, (row, column), value, written, styles)
        for column, item in enumerate(items, 2 + len(COST_METRICS)):
            km = zone.kilometres.get(item)
            write_number(sheet, (row, column), km, (KILOMETRES, False), styles)
    sheet.freeze_panes(1, 2)
    sheet.autofilter(0, 0, max(len(zones), 1), len(heads) - 1)
    set_page(sheet, dossier, f"Coût annuel : {dossier.title}")
    sheet.fit_to_pages(1, 0)


_TRIP_COLUMNS = (
    ("Secteur", 18),
    ("Zone", 26),
    ("{Short_code} de départ", 12),
    ("De", 38),
    ("{Short_code} d'arrivée", 12),
    ("À", 38),
    ("Minutes", 13),
    ("Bas (min)", 9),
    ("Haut (min)", 9),
    ("Estimé", 8),
    ("Part en ligne droite (%)", 11),
)


def trips_sheet(sheet: Worksheet, dossier: Dossier, styles: Styles) -> None:
    """Write a line for each drive, one way, zone by zone."""
    for column, (head, width) in enumerate(_TRIP_COLUMNS):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, worded(head), styles.head)
    sheet.set_row(0, 44)
    row = 0
    for row, (texts, trip) in enumerate(_lines(dossier), 1):
        for column, text in enumerate(texts):
            write_text(sheet, row, column, text, styles)
        last = len(texts)
        known = math.isfinite(trip.minutes)
        ends = trip.interval if known else (None, None)
        for column, value in enumerate((trip.minutes, *ends), last):
            write_number(sheet, (row, column), value, (MINUTES, False), styles)
        write_text(sheet, row, last + 3, "oui" if trip.estimated else "non", styles)
        share = 100 * trip.leg_share if known else None
        write_number(sheet, (row, last + 4), share, (MINUTES, False), styles)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(row, 1), len(_TRIP_COLUMNS) - 1)
    set_page(sheet, dossier, "Trajets entre collègues d'une même zone")
    sheet.fit_to_pages(1, 0)


def _lines(dossier: Dossier) -> Iterator[tuple[tuple[str, ...], TripRow]]:
    """Iterate over the drives, each with the cells before its figures."""
    for sector in dossier.sectors:
        for zone in sector.zones:
            names = {lycee.id: lycee.name for lycee in zone.lycees}
            for trip in zone.trips:
                ends = (trip.origin, names[trip.origin], trip.destination, names[trip.destination])
                yield (sector.name, zone.name, *ends), trip


_POINT_COLUMNS = (
    ("Secteur", 22),
    ("Zone", 30),
    ("Statut", 11),
    ("Nature", 22),
    ("Origine", 34),
    ("Compté", 8),
    ("Point de vigilance", 110),
)


def vigilance_sheet(sheet: Worksheet, dossier: Dossier, styles: Styles) -> None:
    """Write a line for each point to watch; information is listed and not counted."""
    for column, (head, width) in enumerate(_POINT_COLUMNS):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, head, styles.head)
    for row, point in enumerate(dossier.points, 1):
        texts = (
            point.sector,
            point.zone,
            point.status,
            point.kind,
            point.about,
            "oui" if point.is_alert else "non",
            point.sentence,
        )
        for column, text in enumerate(texts):
            write_text(sheet, row, column, text, styles)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(len(dossier.points), 1), len(_POINT_COLUMNS) - 1)
    set_page(sheet, dossier, "Points de vigilance")
    sheet.fit_to_pages(1, 0)


_WIDTHS = (58, 34, 34, 16, 26)
#: Height of a line of text, in points.
_LINE = 15
_FIGURE_HEADS = ("Avant", "Après", "Écart", "Appréciation")


def comparison_sheet(sheet: Worksheet, dossier: Dossier, styles: Styles) -> None:
    """Write the message, what is proposed, the lycées that move; then figures, points and zones."""
    comparison = dossier.comparison
    assert comparison is not None  # noqa: S101 - who calls knows
    for column, width in enumerate(_WIDTHS):
        sheet.set_column(column, column, width)
    row = 0
    for heads, rows in _tables(dossier, comparison):
        if len(heads) == 1:
            sheet.merge_range(row, 0, row, len(_WIDTHS) - 1, "", styles.head)
        for column, head in enumerate(heads):
            sheet.write_string(row, column, typeset(head), styles.head)
        for cells in rows:
            row += 1
            if len(heads) == 1:
                _write_sentence(sheet, row, cells[0], styles)
                continue
            for column, text in enumerate(cells):
                write_text(sheet, row, column, text, styles)
        row += 2
    sheet.freeze_panes(0, 1)
    title = f"Ce qui change : {comparison.before.name}, {dossier.version.name}"
    set_page(sheet, dossier, title, repeat=False)
    sheet.fit_to_pages(1, 0)


def _write_sentence(sheet: Worksheet, row: int, text: str, styles: Styles) -> None:
    """Write a sentence over all columns; Excel does not make a row high for merged cells."""
    sheet.merge_range(row, 0, row, len(_WIDTHS) - 1, "", styles.text)
    write_text(sheet, row, 0, text, styles)
    sheet.set_row(row, _LINE * -(-len(text) // sum(_WIDTHS)))


type _Table = tuple[tuple[str, ...], Sequence[tuple[str, ...]]]


def _tables(dossier: Dossier, comparison: PlanComparison) -> list[_Table]:
    """Return the tables of the sheet, without empty tables."""
    figures = [
        (
            change.metric.file_label,
            change.before_text,
            change.after_text,
            change.difference_text,
            change.word,
        )
        for change in comparison.changes
    ]
    moves = [
        (move.lycee, move.before or "—", move.after or "—", move.id, comparison.change_of(move.id))
        for move in comparison.moves
    ]
    noun, code = worded("{Site}"), worded("{Short_code}")
    tables: list[_Table] = [
        ((comparison.title,), _column(message_of(comparison).lines)),
        (("Ce qui est proposé",), _column(sentences.what_changes(comparison))),
        ((noun, "Zone avant", "Zone après", code, "Changement"), moves),
        (("Pourquoi",), _column(sentences.untold_reasons(dossier))),
        (("Ce qui est à décider",), _column(dossier.asked)),
        ((f"Chiffre : {dossier.title}", *_FIGURE_HEADS), figures),
        *(((title,), _column(points)) for title, points in comparison.points.titled),
        _changed_zones(dossier, comparison),
    ]
    return [(heads, rows) for heads, rows in tables if rows]


def _column(lines: Sequence[str]) -> list[tuple[str, ...]]:
    return [(line,) for line in lines]


def _changed_zones(dossier: Dossier, comparison: PlanComparison) -> _Table:
    """Return the few plain figures of each zone whose lycées changed, before and after."""
    records = [record for record in shown_in(MetricPlace.ZONE_TABLE) if record.of_zone is not None]
    then = {zone.id: zone for zone in dossier.zones}
    first = {zone.id: zone for zone in comparison.earlier.zones}
    rows = []
    changed = comparison.changed_zones
    for code in (code for code in dict.fromkeys((*then, *first)) if code in changed):
        sides = (first.get(code), then.get(code))
        name = next(row.name for row in reversed(sides) if row is not None)
        counts = ("—" if row is None else str(len(row.lycees)) for row in sides)
        rows.append((f"{name} : {terms().site.plural}", *counts))
        for record in records:
            old, new = (
                "—" if row is None or record.key not in row.values
                else record.write(row.values[record.key], record.format.compared_digits)
                for row in sides
            )  # fmt: skip
            rows.append((f"{name} : {inside(record.file_label)}", old, new))
    return ((f"Zone dont les {terms().site.plural} changent", "Avant", "Après"), rows)

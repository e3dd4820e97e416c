"""Reports as workbooks: a sheet for each page, or for pages of one key; and the matrix of drives.

Sheets are about the plan, its sectors, what changes, a year, points and drives. Number cells stay
numbers. No text is read as a formula, a number or a link.
"""

import io
import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from itertools import groupby
from textwrap import wrap
from typing import NamedTuple

import numpy as np
import xlsxwriter
from xlsxwriter.format import Format as CellFormat
from xlsxwriter.worksheet import Worksheet

from geozones.common.errors import shortened
from geozones.common.french import inside, long_date, longer_than, minutes, plural, typeset
from geozones.domain.terms import has_organisation, terms, worded
from geozones.domain.times import ESTIMATED_MEANS
from geozones.export.blocks import (
    Bars,
    Block,
    Cell,
    KeyFacts,
    Line,
    Number,
    Page,
    Picture,
    Quoted,
    ReportPages,
    Row,
    Table,
    TableColumn,
    Text,
)
from geozones.export.dossier import Dossier, LyceeRow, PlanComparison, SectorRow, ZoneRow
from geozones.export.file_parts import is_risky, longest_noun
from geozones.export.reports import (
    CHANGE_SHEET,
    FEEDBACK_SHEET,
    POINTS_SHEET,
    change_pages,
    feedback_page,
    figure_row,
    leaders,
    sector_columns,
)
from geozones.metrics import Metric, MetricPlace, Values, metric, number_of, shown_in
from geozones.metrics.metric import COUNT, KILOMETRES, MINUTES, Format
from geozones.metrics.metric_registry import watch_list

_SECTORS = (
    TableColumn("Secteur", 26, names=True),
    TableColumn("Statut", 24),
    TableColumn("RNS", 24),
    TableColumn("{Support_centre}", 34),
    TableColumn("Zones", 8, numeric=True),
    TableColumn("{Sites}", 8, numeric=True),
)
_FIGURE = 15
#: Figures of a zone before its kilometres.
_COSTS = tuple(map(metric, ("total_hours", "road_hours", "unattended_hours")))
_TRIPS = (
    TableColumn("Secteur", 18),
    TableColumn("Zone", 26),
    TableColumn("{Short_code} de départ", 12),
    TableColumn("De", 38),
    TableColumn("{Short_code} d'arrivée", 12),
    TableColumn("À", 38),
    TableColumn("Minutes", 13, numeric=True),
    TableColumn("Bas (min)", 9, numeric=True),
    TableColumn("Haut (min)", 9, numeric=True),
    TableColumn("Estimé", 8),
    TableColumn("Part en ligne droite (%)", 11, numeric=True),
)
_POINTS = (
    TableColumn("Secteur", 22),
    TableColumn("Zone", 30),
    TableColumn("Statut", 11),
    TableColumn("Nature", 22),
    TableColumn("Origine", 34),
    TableColumn("Compté", 8),
    TableColumn("Point de vigilance", 110),
)
#: Pages of a change that the workbook has elsewhere.
_ELSEWHERE = frozenset({"feedback", "sources", "finding"})


class LyceeColumn(NamedTuple):
    """TableColumn of the sheet of a sector, which has a row for each lycée."""

    head: str
    width: int  # In characters.
    value: Callable[[ZoneRow, LyceeRow], str | float | None]
    format: Format | None = None  # Format of a number; ``None`` for texts.
    #: Whether a number is an estimate; ``None`` for a column that has none.
    guessed: Callable[[ZoneRow, LyceeRow], bool] | None = None

    def cell(self, zone: ZoneRow, lycee: LyceeRow) -> Cell:
        """Return the cell of a lycée."""
        value = self.value(zone, lycee)
        if self.format is None or isinstance(value, str):
            return str(value or "")
        return Number(value, self.format, self.guessed is not None and self.guessed(zone, lycee))


_SUPPORT = LyceeColumn("{Support_centre}", 9, lambda _, lycee: "oui" if lycee.is_support else "")
#: Columns of a sector, in order; those of metrics, the remark and the changes follow.
_LYCEES = (
    LyceeColumn("N°", 6, lambda zone, _: zone.number, COUNT),
    LyceeColumn("Zone", 26, lambda zone, _: zone.name),
    LyceeColumn("Statut", 17, lambda zone, _: zone.status_text),
    LyceeColumn("{Short_code}", 12, lambda _, lycee: lycee.id),
    LyceeColumn("{Site}", 31, lambda _, lycee: lycee.name),
    LyceeColumn("Nom imprimé", 26, lambda _, lycee: lycee.printed or lycee.name),
    LyceeColumn("Commune", 21, lambda _, lycee: lycee.commune),
    LyceeColumn("Dép.", 6, lambda _, lycee: lycee.departement),
    _SUPPORT,
    LyceeColumn("{Sizes}", 8, lambda _, lycee: lycee.pupils, COUNT),
    LyceeColumn("Besoin (demi-journées)", 10, lambda _, lycee: lycee.need, COUNT),
    LyceeColumn("Besoin d'après", 20, lambda _, lycee: lycee.need_origin),
    LyceeColumn(
        "Relève (min)",
        9,
        lambda _, lycee: lycee.releve_minutes,
        MINUTES,
        lambda _, lycee: lycee.estimated,
    ),
    LyceeColumn("Bas (min)", 7, lambda _, lycee: (lycee.interval or (None, None))[0], MINUTES),
    LyceeColumn("Haut (min)", 7, lambda _, lycee: (lycee.interval or (None, None))[1], MINUTES),
    LyceeColumn("Relève depuis", 31, lambda _, lycee: lycee.releve_from),
)
_REMARK = LyceeColumn("Remarque", 22, lambda _, lycee: lycee.note)


def workbook_pages(dossier: Dossier) -> Iterator[Page]:
    """Yield the sheets of a workbook in order, each named by the ``key`` of its page.

    Pages of one key are under one another on one sheet.
    """
    yield _about(dossier)
    yield Page(f"Synthèse : {dossier.title}", (_summary(dossier),), key="Synthèse")
    if dossier.comparison is not None:
        yield from _changes(dossier, dossier.comparison)
    for page in feedback_page(dossier):
        yield Page(page.title, page.blocks, key=FEEDBACK_SHEET)
    for sector in dossier.sectors:
        yield _sector(dossier, sector)
    yield Page(f"Coût annuel : {dossier.title}", (_costs(dossier),), key="Coût annuel")
    points = tuple(
        Row(
            (
                point.sector,
                point.zone,
                point.status,
                point.kind,
                point.about,
                "oui" if point.is_alert else "non",
                point.sentence,
            )
        )
        for point in dossier.points
    )
    yield Page("Points de vigilance", (Table(_POINTS, points),), key=POINTS_SHEET)
    trips = Table(_TRIPS, tuple(_trips(dossier)))
    yield Page("Trajets entre collègues d'une même zone", (trips,), key="Trajets")


def _about(dossier: Dossier) -> Page:
    version = dossier.version
    counts = (
        plural(len(dossier.sectors), "secteur"),
        plural(sum(bool(zone.lycees) for zone in dossier.zones), "zone"),
        terms().site.counted(len(dossier.lycees)),
    )
    rows: list[tuple[Cell, ...]] = [
        ("Plan", version.name),
        ("Statut", version.status or "—"),
        ("Version", version.fingerprint),
        ("Date", long_date(version.date) if version.date else "non datée"),
        ("Contenu", ", ".join(counts)),
        *((f"Secteur {sector.name}", sector.status_text) for sector in dossier.sectors),
        ("Durées", f"en minutes, en voiture ; « estimé » : {ESTIMATED_MEANS}"),
        ("Bas, haut", dossier.matrix.interval_means),
        *(("Sources" if rank == 0 else "", one) for rank, one in enumerate(dossier.sources)),
        *(("Sans position", lycee.name) for lycee in dossier.unplaced),
    ]
    columns = (TableColumn("", 24, names=True), TableColumn("", 100))
    return Page(dossier.title, (Table(columns, tuple(map(Row, rows))),), key="À lire")


def _summary(dossier: Dossier) -> Table:
    """Return a row for each sector, and one for all sectors if there are several."""
    records = [
        record
        for record in shown_in(MetricPlace.SECTOR_ATTRIBUTES, posts=True)
        if record.key in dossier.values
    ]
    columns = (
        *sector_columns(_SECTORS),
        *(TableColumn(record.file_title, _FIGURE, numeric=True) for record in records),
        TableColumn("Points de vigilance", 11, numeric=True),
    )
    sectors = [row for row in dossier.sectors if row.lycees]
    rows = []
    for sector in sectors:
        texts = (sector.name, sector.status_text, *leaders(sector))
        watched = watch_list(dossier.points_of(sector)).count
        rows.append(Row((*texts, *_figures(sector, records), Number(watched, COUNT))))
    if len(sectors) > 1:
        watched = watch_list(dossier.points).count
        figures = (*_figures(dossier, records), Number(watched, COUNT))
        rows.append(Row(("Ensemble", *[""] * (len(texts) - 1), *figures), total=True))
    return Table(columns, tuple(rows))


def _figures(shown: Dossier | SectorRow, records: list[Metric]) -> Iterator[Number]:
    yield Number(sum(bool(zone.lycees) for zone in shown.zones), COUNT)
    yield Number(len(shown.lycees), COUNT)
    for record in records:
        yield _number(record, shown.values, shown.guessed)


def _number(record: Metric, values: Values, guessed: frozenset[str]) -> Number:
    return Number(number_of(values[record.key]), record.format, record.key in guessed)


def _changes(dossier: Dossier, comparison: PlanComparison) -> Iterator[Page]:
    """Yield the pages of the change, its unchanged figures, and those of the changed zones."""
    title = f"Ce qui change : {comparison.before.name}, {dossier.version.name}"
    pages = change_pages(dossier)
    blocks: list[Block] = [Text((Line(pages[0].title),))]
    blocks += (block for block in pages[0].blocks if isinstance(block, Text))
    yield Page(title, tuple(blocks), key=CHANGE_SHEET)
    for page in pages:
        if page.key not in _ELSEWHERE:
            yield Page(page.title, page.blocks, key=CHANGE_SHEET)
    told = comparison.headline if comparison.changed_figures else ()  # among those that change
    same = tuple(
        figure_row(change)
        for change in comparison.changes
        if not change.has_difference and change not in told
    )
    columns = (
        TableColumn("Effet", 58),
        TableColumn("Chiffre", 34, names=True),
        TableColumn("Avant", 34, numeric=True),
        TableColumn("Après", 34, numeric=True),
        TableColumn("Écart", 26, numeric=True),
    )
    if same:
        yield Page("Chiffres qui ne changent pas", (Table(columns, same),), key=CHANGE_SHEET)
    zones = _changed_zones(dossier, comparison)
    if zones.rows:
        yield Page(f"Zones dont les {terms().site.plural} changent", (zones,), key=CHANGE_SHEET)


def _changed_zones(dossier: Dossier, comparison: PlanComparison) -> Table:
    """Return the few plain figures of each zone whose lycées changed, before and after."""
    records = [record for record in shown_in(MetricPlace.ZONE_TABLE) if record.of_zone is not None]
    then = {zone.id: zone for zone in dossier.zones}
    first = {zone.id: zone for zone in comparison.earlier.zones}
    rows = []
    for code in (c for c in dict.fromkeys((*then, *first)) if c in comparison.changed_zones):
        sides = (first.get(code), then.get(code))
        name = next(row.name for row in reversed(sides) if row is not None)
        counts = ("—" if row is None else str(len(row.lycees)) for row in sides)
        rows.append(Row((f"{name} : {terms().site.plural}", *counts)))
        rows += (
            Row((f"{name} : {inside(record.file_label)}", *(_compared(record, s) for s in sides)))
            for record in records
        )
    columns = (
        TableColumn("Zone", 58, names=True),
        TableColumn("Avant", 34, numeric=True),
        TableColumn("Après", 34, numeric=True),
    )
    return Table(columns, tuple(rows))


def _compared(record: Metric, zone: ZoneRow | None) -> str:
    if zone is None or record.key not in zone.values:
        return "—"
    return record.write(zone.values[record.key], record.format.compared_digits)


def _sector(dossier: Dossier, sector: SectorRow) -> Page:
    records = [
        record
        for record in shown_in(MetricPlace.LYCEE_ROWS, posts=True)
        if record.key in dossier.values
    ]
    columns = (*_LYCEES, *map(_metric_column, records), _REMARK)
    if not has_organisation():
        columns = tuple(column for column in columns if column is not _SUPPORT)
    if (comparison := dossier.comparison) is not None:
        columns += (
            LyceeColumn("Zone avant", 26, lambda _, lycee: comparison.zones.get(lycee.id, "")),
            LyceeColumn("Changement", 17, lambda _, lycee: comparison.change_of(lycee.id)),
        )
    rows = tuple(
        Row(tuple(column.cell(zone, lycee) for column in columns))
        for zone in sector.zones
        for lycee in zone.lycees
    )
    heads = tuple(
        TableColumn(each.head, each.width, numeric=each.format is not None) for each in columns
    )
    title = f"Secteur {sector.name} ({sector.status_text})"
    return Page(title, (Table(heads, rows),), key=sector.name)


def _metric_column(record: Metric) -> LyceeColumn:
    """Return the column of a metric of the zone, beside each lycée."""
    return LyceeColumn(
        record.sheet_title,
        11,
        lambda zone, _: number_of(zone.values[record.key]),
        record.format,
        lambda zone, _: record.key in zone.guessed,
    )


def _costs(dossier: Dossier) -> Table:
    """Return a row for each zone: hours of a year, and kilometres by item of the cost."""
    items = tuple(dict.fromkeys(key for zone in dossier.zones for key in zone.kilometres))
    columns = (
        TableColumn("Secteur", 26),
        TableColumn("N°", 6, numeric=True),
        TableColumn("Zone", 30, names=True),
        *(TableColumn(record.file_title, _FIGURE, numeric=True) for record in _COSTS),
        *(TableColumn(f"{item}, km par an", _FIGURE, numeric=True) for item in items),
    )
    rows = tuple(
        Row(
            (
                sector.name,
                Number(zone.number, COUNT),
                zone.name,
                *(_number(record, zone.values, zone.guessed) for record in _COSTS),
                *(Number(zone.kilometres.get(item), KILOMETRES) for item in items),
            )
        )
        for sector in dossier.sectors
        for zone in sector.zones
        if zone.lycees
    )
    return Table(columns, rows)


def _trips(dossier: Dossier) -> Iterator[Row]:
    """Yield a row for each drive, one way, zone by zone."""
    for sector in dossier.sectors:
        for zone in sector.zones:
            names = {lycee.id: lycee.name for lycee in zone.lycees}
            for trip in zone.trips:
                known = math.isfinite(trip.minutes)
                low, high = trip.interval if known else (None, None)
                yield Row(
                    (
                        sector.name,
                        zone.name,
                        trip.origin,
                        names[trip.origin],
                        trip.destination,
                        names[trip.destination],
                        Number(trip.minutes, MINUTES),
                        Number(low, MINUTES),
                        Number(high, MINUTES),
                        "oui" if trip.estimated else "non",
                        Number(100 * trip.leg_share if known else None, MINUTES),
                    )
                )


_FONT = {"font_name": "Arial", "font_size": 10, "valign": "top"}
_HEAD, _RULE, _WARNED = "#14507a", "#d9d5cd", "#7a4300"
#: Number format of an estimate.
_ESTIMATED = '" (estimé)"'
#: Widths, in characters, for cells of minutes, in a wide font too: a number too wide for its column
#: is shown as ###.
_SHORT, _NO_WAY, _GUESSED = 7, 13, 18
#: Longest name of a sheet, of a site above its minutes; height of a line, in points; widths of a
#: sheet of sentences.
_LONGEST_NAME, _LONGEST_HEAD, _LINE, _WIDTHS = 31, 60, 15, (58, 34, 34, 34, 26)
_MATRIX = (TableColumn("{Short_code}", 17), TableColumn("{Site}", 38), TableColumn("Zone", 30))
_HEAD_HEIGHT = 190
#: Lycées above which there is a table a sector: all pairs would be over a million cells.
_WHOLE = 1_000
_NOT_PRINTED = "La matrice se lit à l'écran : elle est trop large pour être imprimée."

type MatrixLine = tuple[SectorRow, ZoneRow, LyceeRow]


def xlsx(dossier: Dossier) -> bytes:
    """Return the workbook of a view: the same dossier gives the same bytes."""

    def matrix(book: "Book") -> None:
        matrix_sheet(book.sheet("Matrice"), dossier, book)

    return workbook(dossier, dossier.title, workbook_pages(dossier), last=matrix)


def report_book(dossier: Dossier, report: ReportPages) -> bytes:
    """Return a report as a workbook: its tables on sheets of their own, its sentences together."""
    return workbook(dossier, report.title, report.pages, report.warning)


def workbook(
    dossier: Dossier,
    title: str,
    pages: Iterable[Page],
    warning: str = "",
    last: Callable[["Book"], None] = lambda _: None,
) -> bytes:
    """Return pages as a workbook, consecutive pages of one key on one sheet.

    ``warning`` is in a band over each sheet; ``last`` adds what is not a page.
    """
    stream = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    made = xlsxwriter.Workbook(stream, options)
    made.set_properties(
        {
            "title": typeset(title),
            "subject": dossier.version.full_name,
            "author": "geozones",
            "created": datetime.fromisoformat(dossier.version.file_date),
        }
    )
    book = Book(made, dossier, warning)
    for _, group in groupby(pages, key=lambda page: page.key):
        book.add([*group])
    last(book)
    made.close()
    return stream.getvalue()


class Book:
    """Workbook under construction: its formats, the names of its sheets."""

    def __init__(self, book: xlsxwriter.Workbook, dossier: Dossier, warning: str) -> None:
        self._book, self._dossier, self._warning = book, dossier, warning
        self._names: set[str] = set()
        self._numbers: dict[tuple[str, bool], CellFormat] = {}
        self._swatches: dict[str, CellFormat] = {}
        lined = {"text_wrap": True, "bottom": 1, "bottom_color": _RULE}
        head = {"bold": True, "font_color": "#ffffff", "bg_color": _HEAD, "text_wrap": True}
        head |= {"valign": "vcenter", "border": 1, "border_color": _RULE}
        self.title = self._made(bold=True, font_size=15)
        self.label = self._made(bold=True, **lined)
        self.text = self._made(**lined)
        self.risky = self._made(**lined, quote_prefix=True)
        self.head = self._made(**head)
        self.turned = self._made(**head, rotation=90)
        self.self = self._made(**lined, bg_color="#ecebe8")
        self._band = self._made(bold=True, font_size=12, font_color="#ffffff", bg_color=_WARNED)

    def _made(self, **more: object) -> CellFormat:
        return self._book.add_format(_FONT | more)

    def sheet(self, name: str) -> Worksheet:
        """Add a sheet under a valid name for Excel, different from those of others."""
        kept = "".join(" " if sign in "[]:*?/\\" else sign for sign in typeset(name)).strip(" '")
        rank, unique = 1, ""
        while not unique or unique.casefold() in self._names:
            end = "" if rank == 1 else f" ({rank})"
            # cut a text to units UTF-16 units, as Excel counts: an emoji is two
            text = kept or "Feuille"
            units = _LONGEST_NAME - len(end)
            while len(text.encode("utf-16-le")) > 2 * units:
                text = text[:-1]
            unique = text.rstrip(" '") + end
            rank += 1
        self._names.add(unique.casefold())
        return self._book.add_worksheet(unique)

    def add(self, pages: Sequence[Page]) -> None:
        """Add a sheet with pages under one another; a single table is filtered and frozen."""
        sheet, first = self.sheet(pages[0].key), pages[0]
        only = first.blocks[0] if len(pages) == len(first.blocks) == 1 else None
        if isinstance(only, Bars):
            only = only.table
        if isinstance(only, Table):
            self._table_alone(sheet, first.title, only)
        else:
            row = self._warned(sheet, len(_WIDTHS))
            for column, width in enumerate(_WIDTHS):
                sheet.set_column(column, column, width)
            for page in pages:
                title = page.title
                sheet.merge_range(row, 0, row, len(_WIDTHS) - 1, "", self.head)
                sheet.write_string(row, 0, typeset(title), self.head)
                sheet.set_row(row, _LINE * -(-len(title) // sum(_WIDTHS)))
                row += 1
                for block in page.blocks:
                    row = self._block(sheet, row, block)
                row += 1
            sheet.freeze_panes(0, 1)
            self.set_page(sheet, pages[0].title, repeated=0 if self._warning else None)
        sheet.fit_to_pages(1, 0)

    def _table_alone(self, sheet: Worksheet, title: str, shown: Table) -> None:
        top = self._warned(sheet, len(shown.columns))
        headed = any(column.head for column in shown.columns)
        if not headed:  # a title stands above what has no heads
            sheet.hide_gridlines(2)
            sheet.write_string(top, 0, typeset(title), self.title)
            top += 1
        for rank, column in enumerate(shown.columns):
            cells = [row.cells[rank] for row in shown.rows]
            numbers = [c for c in cells if isinstance(c, Number) and c.value is not None]
            least = len(longest_noun(column.head)) + 2
            if any(c.guessed for c in numbers):
                least = max(least, _GUESSED)
            elif any(not math.isfinite(c.value or 0) for c in numbers):
                least = max(least, _NO_WAY)
            sheet.set_column(rank, rank, max(int(column.share), least))
        self._table(sheet, top, shown)
        if headed:
            sheet.freeze_panes(top + 1, 1 if shown.rows and shown.rows[-1].total else 0)
            sheet.autofilter(top, 0, top + max(len(shown.rows), 1), len(shown.columns) - 1)
        self.set_page(sheet, title, repeated=top if headed else None)

    def _warned(self, sheet: Worksheet, columns: int) -> int:
        """Write the warning, if any, over some columns; return the first free row."""
        if not self._warning:
            return 0
        sheet.merge_range(0, 0, 0, max(columns, 2) - 1, typeset(self._warning), self._band)
        return 1

    def _block(self, sheet: Worksheet, row: int, block: Block) -> int:
        """Write a block from a row; return the row below it."""
        match block:
            case Text():
                told = [block.title, *(line.whole for line in block.lines)]
            case KeyFacts():
                told = [f"{fact.label} : {fact.value}" for fact in block.facts]
            case Quoted():
                told = [f"« {block.text} » ({block.source})"]
            case Bars():
                return self._block(sheet, row, block.table)
            case Table():
                self._table(sheet, row, block)
                return row + 1 + len(block.rows)
            case Picture():
                for beside in block.beside:
                    row = self._block(sheet, row, beside)
                return row
        for sentence in filter(None, told):
            # write a sentence over all columns; Excel does not make a row high for merged cells
            sheet.merge_range(row, 0, row, len(_WIDTHS) - 1, "", self.text)
            self.write(sheet, row, 0, sentence)
            sheet.set_row(row, _LINE * -(-len(sentence) // sum(_WIDTHS)))
            row += 1
        return row

    def _table(self, sheet: Worksheet, top: int, shown: Table) -> None:
        """Write the heads of a table, if it has any, and its rows below."""
        if any(column.head for column in shown.columns):
            for rank, column in enumerate(shown.columns):
                sheet.write_string(top, rank, typeset(worded(column.head)), self.head)
            # in the sheet's font, three letters more than figures in the same width
            lines = max(len(wrap(worded(c.head), int(c.share) + 3)) for c in shown.columns)
            sheet.set_row(top, 14 * max(lines, 1 if len(shown.columns) < 4 else 3) + 2)
        for row, cells in enumerate(shown.rows, top + 1):
            self._row(sheet, row, shown, cells)

    def _row(self, sheet: Worksheet, row: int, shown: Table, cells: Row) -> None:
        for rank, (cell, column) in enumerate(zip(cells.cells, shown.columns, strict=True)):
            if rank == 0 and cells.swatch is not None:
                colour = cells.swatch.colour
                if colour not in self._swatches:
                    self._swatches[colour] = self._made(bg_color=colour)
                sheet.write_string(row, rank, typeset(cells.texts[0]), self._swatches[colour])
            elif isinstance(cell, Number):
                self.number(sheet, row, rank, cell)
            elif not column.head and column.names:
                sheet.write_string(row, rank, typeset(cell), self.label)
            else:
                self.write(sheet, row, rank, cell)

    def write(self, sheet: Worksheet, row: int, column: int, text: Cell) -> None:
        """Write a text that Excel never reads as a formula, a number or a link."""
        said = typeset(str(text))
        sheet.write_string(row, column, said, self.risky if is_risky(said) else self.text)

    def number(self, sheet: Worksheet, row: int, column: int, shown: Number) -> None:
        """Write a number: an empty cell for ``None``; a text for infinity."""
        value, kind = shown.value, shown.format
        if value is None:
            sheet.write_blank(row, column, None, self.text)
        elif not math.isfinite(value):
            sheet.write_string(row, column, kind.infinite, self.text)
        else:
            key = (kind.cell, shown.guessed)
            if key not in self._numbers:
                look = {"text_wrap": True, "bottom": 1, "bottom_color": _RULE, "align": "center"}
                look |= {"italic": True} if shown.guessed else {}
                self._numbers[key] = self._made(
                    **look, num_format=kind.cell + _ESTIMATED * shown.guessed
                )
            sheet.write_number(row, column, round(value, max(kind.digits, 1)), self._numbers[key])

    def set_page(self, sheet: Worksheet, title: str, *, repeated: int | None = None) -> None:
        """Set the print layout of a sheet: its name above, the identity of the plan below.

        The rows down to ``repeated``, if given, are on each page.
        """
        sheet.set_landscape()
        sheet.set_paper(9)
        if repeated is not None:
            sheet.repeat_rows(0, repeated)
        # the size before the font: a name that begins with a digit would be read as part of it
        sheet.set_header(f'&L&12&"Arial,Bold"{_coded(title)}')
        name = _coded(self._dossier.version.dated_name)
        sheet.set_footer(f'&L&9&"Arial,Regular"{name}&R&9&P / &N')


def _coded(text: str) -> str:
    """Return a text for a page's header or footer, where & begins a code; cut at 200 characters."""
    return typeset(text).replace("&", "&&")[:200]


def minutes_width(dossier: Dossier) -> int:
    """Return the number of characters of the longest duration."""
    matrix = dossier.matrix
    if matrix.estimated.any() or matrix.beyond.any():
        return _GUESSED
    return _SHORT if np.isfinite(matrix.minutes).all() else _NO_WAY


def matrix_sheet(sheet: Worksheet, dossier: Dossier, book: Book) -> None:
    """Write the minutes between all lycées, or a table a sector where they are too many."""
    lines, fixed = list(dossier.lines()), len(_MATRIX)
    for rank, column in enumerate(_MATRIX):
        sheet.set_column(rank, rank, int(column.share))
    if len(lines) <= _WHOLE or len(dossier.sectors) < 2:
        widest, last = len(lines), _minutes(sheet, dossier, lines, book, 0) + 1
        sheet.freeze_panes(1, fixed)
        sheet.autofilter(0, 0, max(len(lines), 1), fixed - 1)
    else:
        widest, last, within = max(len(sector.lycees) for sector in dossier.sectors), 2, ""
        if dossier.matrix.within:
            limit = minutes(dossier.matrix.within)
            within = f"Au-delà de {limit}, les durées ne sont pas calculées ; "
        left_out = worded(
            f"Un tableau par secteur. {within}entre deux {{sites}} de secteurs différents, la "
            "commande « geozones times » donne la durée."
        )
        sheet.write_string(0, 1, typeset(left_out), book.label)
        for sector in dossier.sectors:
            own = [line for line in lines if line[0] is sector]
            sheet.write_string(last, 0, typeset(f"Secteur {sector.name}"), book.title)
            last = _minutes(sheet, dossier, own, book, last + 1) + 1
        sheet.freeze_panes(0, fixed)
    sheet.set_column(fixed, fixed + widest, minutes_width(dossier))
    # too wide for paper: a sentence is printed in its place, which filters never hide
    sheet.write_string(last, 1, typeset(_NOT_PRINTED), book.text)
    book.set_page(sheet, "Minutes de la ligne vers la colonne")
    sheet.print_area(last, 1, last, 1)


def _minutes(
    sheet: Worksheet, dossier: Dossier, lines: Sequence[MatrixLine], book: Book, top: int
) -> int:
    """Write the minutes between some lycées under a row of heads, ``top``; return the row below."""
    for rank, column in enumerate(_MATRIX):
        sheet.write_string(top, rank, typeset(worded(column.head)), book.head)
    sheet.set_row(top, _HEAD_HEIGHT)
    matrix, first = dossier.matrix, len(_MATRIX)
    at = [matrix.ids.index(lycee.id) for _, _, lycee in lines]
    for rank, (_, zone, lycee) in enumerate(lines):
        head = shortened(f"{lycee.name} ({lycee.commune})", _LONGEST_HEAD)
        row = top + 1 + rank
        sheet.write_string(top, first + rank, typeset(head), book.turned)
        for place, text in enumerate((lycee.id, lycee.name, zone.name)):
            book.write(sheet, row, place, text)
        way = (at[rank], at)
        drives = (part[way].tolist() for part in (matrix.minutes, matrix.estimated, matrix.beyond))
        for place, (value, guess, beyond) in enumerate(zip(*drives, strict=True)):
            if place == rank:
                sheet.write_blank(row, first + place, None, book.self)
            elif beyond:
                book.write(sheet, row, first + place, longer_than(matrix.within or 0))
            else:
                shown = math.inf if math.isnan(value) else value
                book.number(sheet, row, first + place, Number(shown, MINUTES, guess))
    return top + 1 + len(lines)

"""Sheets of a workbook: about the plan, its sectors, what changes, a year, points, drives."""

import math
from collections.abc import Callable, Iterator
from typing import NamedTuple

from geozones.common.french import inside, long_date, plural
from geozones.domain.terms import has_organisation, terms
from geozones.domain.times import ESTIMATED_MEANS
from geozones.export.blocks import Block, Cell, Line, Number, Page, Row, Table, TableColumn, Text
from geozones.export.dossier import Dossier, LyceeRow, PlanComparison, SectorRow, ZoneRow
from geozones.export.reports.change import CHANGE_SHEET, change_pages, figure_row
from geozones.export.reports.parts import FEEDBACK_SHEET, feedback_page
from geozones.export.reports.plan import POINTS_SHEET, leaders, sector_columns
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
    same = tuple(figure_row(change) for change in comparison.changes if not change.has_difference)
    columns = (
        TableColumn("Effet", 58),
        TableColumn("Chiffre", 34, names=True),
        TableColumn("Avant", 34, numeric=True),
        TableColumn("Après", 16, numeric=True),
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

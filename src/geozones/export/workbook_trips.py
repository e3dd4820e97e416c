"""Sheet of drives: every drive between colleagues of a zone, with its uncertainty."""

import math
from collections.abc import Iterator

from xlsxwriter.worksheet import Worksheet

from geozones.domain.terms import worded
from geozones.export.dossier import Dossier, TripRow
from geozones.export.workbook_cells import Styles, write_number, write_text
from geozones.export.workbook_page import set_page
from geozones.metrics.format import MINUTES

_COLUMNS = (
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
    for column, (head, width) in enumerate(_COLUMNS):
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
    sheet.autofilter(0, 0, max(row, 1), len(_COLUMNS) - 1)
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

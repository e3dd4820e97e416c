"""Sheet of the yearly cost: hours and kilometres of each zone, by item."""

from xlsxwriter.worksheet import Worksheet

from geozones.export.dossier import Dossier
from geozones.export.workbook_cells import Styles, write_number, write_text
from geozones.export.workbook_page import set_page
from geozones.metrics import metric, number_of
from geozones.metrics.format import KILOMETRES

#: Figures of a zone before its kilometres.
COST_METRICS = tuple(map(metric, ("total_hours", "road_hours", "rupture_hours")))
_WIDTH = 15


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

"""Summary sheet: a line for each sector with its RNS, figures and points to watch."""

from xlsxwriter.worksheet import Worksheet

from geozones.domain.terms import worded
from geozones.export.dossier import Dossier, SectorRow
from geozones.export.workbook_cells import Styles, write_number, write_text
from geozones.export.workbook_page import set_page
from geozones.metrics import Metric, MetricPlace, number_of, shown_in
from geozones.metrics.format import COUNT
from geozones.metrics.watch_list import watch_list

_HEADS = (
    ("Secteur", 26),
    ("Statut", 24),
    ("RNS", 24),
    ("{Support_centre}", 34),
    ("Zones", 8),
    ("{Sites}", 8),
)
_WIDTH = 15
NOT_PUBLISHED = "non publié"


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
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, worded(head), styles.head)
    sheet.set_row(0, 44)
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
        watched = watch_list(point for point in dossier.points if point.sector_id == sector.id)
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

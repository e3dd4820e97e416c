"""Sheet of points to watch."""

from xlsxwriter.worksheet import Worksheet

from geozones.export.dossier import Dossier
from geozones.export.workbook_cells import Styles, write_text
from geozones.export.workbook_page import set_page

_COLUMNS = (
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
    for column, (head, width) in enumerate(_COLUMNS):
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
    sheet.autofilter(0, 0, max(len(dossier.points), 1), len(_COLUMNS) - 1)
    set_page(sheet, dossier, "Points de vigilance")
    sheet.fit_to_pages(1, 0)

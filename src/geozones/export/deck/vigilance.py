"""The slides of points to watch."""

from pptx.presentation import Presentation

from geozones.export.deck.parts import INNER, TableColumn, TableRow
from geozones.export.deck.table_slides import table_slides
from geozones.export.dossier import Dossier
from geozones.export.vigilance import count_of

_COLUMNS = (
    TableColumn("Zone", 2.9, strong=True),
    TableColumn("À surveiller", INNER - 6.1),
    TableColumn("Origine", 3.2),
)


def vigilance_slides(deck: Presentation, dossier: Dossier) -> None:
    """Add the points to watch in view, over as many slides as they need."""
    rows = [
        TableRow((point.where, point.sentence, f"{point.said_by} ({point.status})"))
        for point in dossier.points
    ]
    said = [point.sentence for point in dossier.points if point.is_alert]
    if rows:
        table_slides(deck, count_of(dossier.points), _COLUMNS, rows, said)

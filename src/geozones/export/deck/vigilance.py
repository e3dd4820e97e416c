"""The slides of points to watch."""

from geozones.export import speech
from geozones.export.deck.page import Deck
from geozones.export.deck.parts import add_slide, notes
from geozones.export.deck.tables import TableColumn, TableRow, paged, table
from geozones.export.dossier import Dossier
from geozones.export.vigilance import count_of

_COLUMNS = (
    TableColumn("À surveiller", 9.2),
    TableColumn("Origine", 3.1),
)


def vigilance_slides(deck: Deck, dossier: Dossier) -> None:
    """Add the points to watch in view, over as many slides as they need."""
    rows = [
        TableRow((point.sentence, f"{point.said_by} ({point.status})")) for point in dossier.points
    ]
    if not rows:
        return
    said = [point.sentence for point in dossier.points if point.is_alert]
    for rank, part in enumerate(paged(_COLUMNS, rows, deck.body)):
        title = count_of(dossier.points)
        slide = add_slide(deck, title if rank == 0 else f"{title} (suite)")
        table(slide, deck.body, _COLUMNS, part)
        notes(slide, speech.of_points(dossier), said)

"""Slides of points to watch: the first for the room, the others hidden from the show."""

from collections.abc import Sequence

from geozones.common.french import plural
from geozones.export.deck.page import Deck
from geozones.export.deck.parts import add_slide, write_notes
from geozones.export.deck.speech import SlideNotes
from geozones.export.deck.tables import TableColumn, TableRow, paged, table
from geozones.export.dossier import Dossier
from geozones.export.vigilance import NOT_COUNTED, PointRow
from geozones.metrics.watch_list import watch_list

_COLUMNS = (
    TableColumn("À surveiller", 9.2),
    TableColumn("Origine", 3.1),
)
#: Height of the row with the number of other points, in inches.
_ROW = 0.5


def vigilance_slides(deck: Deck, dossier: Dossier, notes: SlideNotes) -> None:
    """Add the first slide of points to watch in view."""
    known = watch_list(dossier.points)
    for part in _pages(deck, known.counted)[:1]:
        _slide(deck, known.text, part, notes)


def more_points(deck: Deck, dossier: Dossier, notes: SlideNotes) -> None:
    """Add the points that are not on the slide of `vigilance_slides`, then information."""
    known = watch_list(dossier.points)
    for part in _pages(deck, known.counted)[1:]:
        _slide(deck, f"{known.text} (suite)", part, notes)
    for part in paged(_COLUMNS, _rows(known.information), deck.body) if known.information else ():
        _slide(deck, NOT_COUNTED, part, notes)


def _rows(points: Sequence[PointRow]) -> list[TableRow]:
    return [
        TableRow((point.sentence, f"{point.kind_and_origin} ({point.status})")) for point in points
    ]


def _pages(deck: Deck, points: Sequence[PointRow]) -> list[list[TableRow]]:
    """Return the points as rows, by slide; the first slide counts the remaining points."""
    if not points:
        return []
    rows = _rows(points)
    pages = paged(_COLUMNS, rows, deck.body)
    if len(pages) == 1:
        return pages
    room = deck.body.below(deck.body.top + _ROW)
    first = paged(_COLUMNS, rows, room)[0]
    left = len(rows) - len(first)
    more = plural(
        left, "autre point, à la fin du diaporama", "autres points, à la fin du diaporama"
    )
    others = paged(_COLUMNS, rows[len(first) :], deck.body)
    return [[*first, TableRow((f"… et {more}", ""), strong=True)], *others]


def _slide(deck: Deck, title: str, rows: Sequence[TableRow], notes: SlideNotes) -> None:
    slide = add_slide(deck, title)
    table(slide, deck.body, _COLUMNS, rows)
    write_notes(slide, notes)

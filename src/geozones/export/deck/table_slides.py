"""A table over as many slides as it needs."""

from collections.abc import Sequence

from pptx.presentation import Presentation

from geozones.export.deck.parts import (
    BOTTOM,
    INNER,
    MARGIN,
    TOP,
    SlideBox,
    TableColumn,
    TableRow,
    add_slide,
    notes,
    paged,
    table,
)

_SIZE = 12.0


def table_slides(
    deck: Presentation,
    title: str,
    columns: Sequence[TableColumn],
    rows: Sequence[TableRow],
    said: Sequence[str],
) -> None:
    """Add a table over as many slides as it needs, each with the same notes."""
    for rank, part in enumerate(paged(columns, rows, _SIZE, BOTTOM - TOP)):
        slide = add_slide(deck, title if rank == 0 else f"{title} (suite)")
        table(slide, SlideBox(MARGIN, TOP, INNER, BOTTOM - TOP), columns, part, _SIZE)
        notes(slide, said)

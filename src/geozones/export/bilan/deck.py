"""Bilan as a deck: each part on as many slides as it needs."""

import io

from geozones.export.archive import undated
from geozones.export.bilan.content import BilanContent, BilanPart
from geozones.export.deck.page import Deck, SlideBox
from geozones.export.deck.parts import (
    AMBER,
    BLUE,
    TextRun,
    add_slide,
    bullet_pages,
    bullets,
    footers,
    text,
    write_notes,
    write_title,
)
from geozones.export.deck.speech import SlideNotes
from geozones.export.deck.tables import TableColumn, TableRow, paged, table
from geozones.export.deck.template import new_deck
from geozones.export.dossier import Dossier


def pptx(dossier: Dossier, content: BilanContent) -> bytes:
    """Return the deck: the same content gives the same bytes."""
    deck = new_deck(dossier)
    deck.presentation.core_properties.title = content.title
    first = deck.presentation.slides.add_slide(deck.first)
    write_title(deck, first, content.title, BLUE)
    listed = [content.period, dossier.version.full_name]
    lines = [[TextRun(line, 20)] for line in listed]
    text(first, deck.body.below(4.0), lines, space=8).name = "Texte"
    write_notes(first, SlideNotes([*listed, content.warning] if content.warning else listed))
    chapter = ""
    for part in content.parts:
        if part.chapter:
            chapter = part.title
        else:
            _slides(deck, part, f"{chapter} : {_lower(part.title)}")
    footers(deck, dossier)
    if content.warning:
        _warn(deck, content.warning)
    stream = io.BytesIO()
    deck.presentation.save(stream)
    return undated(stream.getvalue())


def _warn(deck: Deck, warning: str) -> None:
    """Write the warning at the top of each slide."""
    box = SlideBox(deck.body.left, 0.02, deck.body.width, 0.28)
    for slide in deck.presentation.slides:
        shape = text(slide, box, [[TextRun(warning, 14, bold=True, colour=AMBER)]])
        shape.name = "Avertissement"


def _slides(deck: Deck, part: BilanPart, title: str) -> None:
    named = [title, f"{title} (suite)"]
    used = 0
    for page in bullet_pages(deck, part.sentences, deck.body.height) if part.sentences else ():
        slide = add_slide(deck, named[min(used, 1)])
        used += 1
        bullets(deck, slide, [TextRun(sentence) for sentence in page], deck.body.top)
        write_notes(slide, SlideNotes(page))
    if part.table is None or not part.table.rows:
        return
    columns = [TableColumn(head, share, numeric) for head, share, numeric in part.table.columns]
    rows = [TableRow(cells) for cells in part.table.rows[: part.table.in_a_room]]
    if not rows:
        return
    for some in paged(columns, rows, deck.body):
        slide = add_slide(deck, named[min(used, 1)])
        used += 1
        table(slide, deck.body, columns, some)
        figures = [" ; ".join(cell for cell in row.cells if cell) for row in some]
        write_notes(slide, SlideNotes([title], figures))


def _lower(title: str) -> str:
    return title[:1].lower() + title[1:]

"""Bilan as a deck, and the drawing of a figure with its interval, on a slide or as SVG."""

import io
from collections.abc import Sequence
from dataclasses import replace
from itertools import batched

from pptx.enum.shapes import MSO_SHAPE
from pptx.enum.text import MSO_ANCHOR
from pptx.slide import Slide

from geozones.common.french import inside
from geozones.export.bilan.content import (
    BAR_KEY,
    BilanContent,
    BilanPart,
    BilanTable,
    DrawnFigure,
    interval_pieces,
)
from geozones.export.deck import page
from geozones.export.deck.page import WIDTH, Deck, SlideBox, new_deck
from geozones.export.deck.parts import (
    BODY,
    RECORD,
    TextRun,
    add_slide,
    bullet_pages,
    bullets,
    footers,
    rule,
    text,
    write_notes,
    write_title,
)
from geozones.export.deck.speech import SlideNotes
from geozones.export.deck.tables import TableColumn, TableRow, paged, table
from geozones.export.dossier import Dossier
from geozones.export.file_parts import AMBER, BLUE, MUTED, undated


def draw_interval(slide: Slide, box: SlideBox, line: DrawnFigure) -> None:
    """Draw the figure in a box of a slide; its words are beside it, so screen readers skip it."""
    for piece in interval_pieces(line, box.width, box.height):
        place = SlideBox(box.left + piece.left, box.top + piece.top, piece.width, piece.height)
        kind = MSO_SHAPE.OVAL if piece.round else MSO_SHAPE.RECTANGLE
        shape = rule(slide, place, piece.colour, kind)
        shape.name = "Dessin du chiffre"


#: Sizes of titles, which leave room for the band of a warning, and height of the band in inches.
_TITLES, _BAND = (26, 24, 22), 0.3
#: Figures of a slide, and height of their key, in inches.
_FIGURES, _KEY = 4, 0.4


def pptx(dossier: Dossier, content: BilanContent) -> bytes:
    """Return the deck: the same content gives the same bytes."""
    deck = replace(new_deck(dossier), title_sizes=_TITLES)
    deck.presentation.core_properties.title = content.subject
    _first_slide(deck, dossier, content)
    chapter = content.parts[0]
    for part in content.parts[1:]:
        if part.chapter:
            chapter = part
        else:
            _slides(deck, part, chapter, chapter is content.parts[0])
    footers(deck, dossier)
    if content.warning:
        _warn(deck, content.warning)
    stream = io.BytesIO()
    deck.presentation.save(stream)
    return undated(stream.getvalue())


def _first_slide(deck: Deck, dossier: Dossier, content: BilanContent) -> None:
    """Write the most telling finding as the title, the others below, then what it is about."""
    first = deck.presentation.slides.add_slide(deck.first)
    write_title(deck, first, content.title, BLUE)
    found = content.parts[0].sentences
    about = [content.subject, content.period, dossier.version.dated_name]
    lines = [[TextRun(f"• {sentence}", 20)] for sentence in found]
    lines += [[TextRun(line, 16, colour=MUTED)] for line in about]
    text(first, deck.body.below(3.8), lines, space=8).name = "Texte"
    warned = [content.warning] if content.warning else []
    write_notes(first, SlideNotes([content.title, *found, *about, *warned]))


def _warn(deck: Deck, warning: str) -> None:
    """Write the warning in a band at the top of each slide, from edge to edge."""
    for slide in deck.presentation.slides:
        rule(slide, SlideBox(0, 0, WIDTH, _BAND), AMBER)
        box = SlideBox(deck.body.left, 0, deck.body.width, _BAND)
        shape = text(slide, box, [[TextRun(warning, 14, bold=True, colour="FFFFFF")]])
        shape.text_frame.margin_top = shape.text_frame.margin_bottom = 0
        shape.text_frame.vertical_anchor = MSO_ANCHOR.MIDDLE
        shape.name = "Avertissement"


def _slides(
    deck: Deck,
    part: BilanPart,
    chapter: BilanPart,
    whole: bool,  # noqa: FBT001
) -> None:
    """Add the slides of a part: its sentences, its figures or its table.

    The figures of a part of the whole have its finding for a title.
    """
    title = f"{chapter.area} : {inside(part.title)}"
    if part.figures and not whole:
        title = chapter.title
    named = [title, f"{title} (suite)"]
    used = 0
    for shown in bullet_pages(deck, part.sentences, deck.body.height) if part.sentences else ():
        slide = add_slide(deck, named[min(used, 1)])
        used += 1
        bullets(deck, slide, [TextRun(sentence) for sentence in shown], deck.body.top)
        write_notes(slide, SlideNotes(shown))
    pages = -(-len(part.figures) // _FIGURES) or 1
    for lines in batched(part.figures, -(-len(part.figures) // pages) or 1):
        _figures_slide(deck, lines, named[min(used, 1)], chapter.sentences)
        used += 1
    if part.table is not None and part.table.rows:
        _table_slides(deck, part.table, named, used)


def _figures_slide(
    deck: Deck, lines: Sequence[DrawnFigure], title: str, found: Sequence[str]
) -> None:
    """Draw some figures under one another: name and number of observations, bar, values."""
    slide = add_slide(deck, title)
    name, bar, gap = 4.4, 3.4, 0.25
    row = (deck.body.height - _KEY) / _FIGURES
    for rank, line in enumerate(lines):
        top, left = deck.body.top + rank * row, deck.body.left
        box = SlideBox(left, top, name, row)
        judged = f"{line.verdict}, d'après {line.counted}"
        text(
            slide, box, [_fitted(line.label, box, 2), _fitted(judged, box, 2, 14)]
        ).name = "Chiffre"
        draw_interval(slide, SlideBox(left + name + gap, top + 0.1, bar, 0.5), line)
        left += name + bar + 2 * gap
        box = SlideBox(left, top, deck.body.right - left, row)
        told = [_fitted(line.observed, box, 1), _fitted(f"attendu : {line.expected}", box, 1, 14)]
        if line.interval:
            told.append(_fitted(f"intervalle à 95 % : {line.interval}", box, 1, 14))
        text(slide, box, told).name = "Valeurs"
    box = SlideBox(deck.body.left, deck.body.bottom - _KEY, deck.body.width, _KEY)
    text(slide, box, [[TextRun(BAR_KEY, 14, colour=MUTED)]]).name = "Clé"
    write_notes(slide, SlideNotes([title, *found], [f"{line.described}." for line in lines]))


def _fitted(words: str, box: SlideBox, lines: int, most: float = BODY) -> list[TextRun]:
    """Return a line of text at most as large as ``most``; bold if ``most`` is the body size."""
    sizes = [size for size in (BODY, 16.0, 14.0, 13.0, RECORD) if size <= most]
    size = page.fitting_size(words, box.width * 72 - 4, sizes, lines)
    return [TextRun(words, size, bold=most == BODY)]


def _table_slides(deck: Deck, shown: BilanTable, named: Sequence[str], used: int) -> None:
    """Write a table over the slides that it needs; ``used`` slides have the title already.

    A little smaller, if it then needs only one: two would be half-empty.
    """
    columns = [TableColumn(head, share, numeric) for head, share, numeric in shown.columns]
    rows = [_row(cells) for cells in shown.rows]
    sizes = (size for size in (BODY, 16.0) if len(paged(columns, rows, deck.body, size=size)) == 1)
    size = next(sizes, BODY)
    for some in paged(columns, rows, deck.body, size=size):
        slide = add_slide(deck, named[min(used, 1)])
        used += 1
        table(slide, deck.body, columns, some, size)
        figures = [" ; ".join(cell for cell in row.cells if cell) for row in some]
        write_notes(slide, SlideNotes([named[0]], figures))


def _row(cells: tuple[str, ...]) -> TableRow:
    """Return a row; its first cell is a swatch if it is a colour."""
    if cells[0].startswith("#"):
        return TableRow(("", *cells[1:]), swatch=(cells[0], False))
    return TableRow(cells)

"""Decks: a slide for each page of a report, its blocks and native tables in the template.

A map takes the room that the other blocks of its page leave. Text is never smaller than `BODY`,
except in tables and for the record. A long table continues on further slides, or ends with the
number of rows left to the workbook, as lists do.
"""

import io
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import accumulate, batched

from pptx.dml.color import RGBColor
from pptx.enum.dml import MSO_PATTERN
from pptx.enum.shapes import MSO_SHAPE
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.oxml.ns import qn
from pptx.slide import Slide
from pptx.table import Table as NativeTable
from pptx.table import _Cell
from pptx.util import Inches, Pt

from geozones.common.french import NBSP, typeset
from geozones.domain.terms import worded
from geozones.export import messages
from geozones.export.blocks import (
    Bar,
    Bars,
    Block,
    Fact,
    KeyFacts,
    Line,
    Page,
    Picture,
    Quoted,
    ReportPages,
    Row,
    Swatch,
    Table,
    TableColumn,
    Text,
    and_others,
)
from geozones.export.change_scenes import unnumbered
from geozones.export.deck import page
from geozones.export.deck import page as sizes
from geozones.export.deck.page import (
    ASIDE,
    BODY,
    RECORD,
    WIDTH,
    Deck,
    SlideBox,
    TextLine,
    TextRun,
    add_slide,
    cut_to,
    fill,
    footers,
    lines_height,
    new_deck,
    picture,
    rule,
    text,
    text_height,
    write_notes,
)
from geozones.export.dossier import Dossier
from geozones.export.file_parts import AMBER, BLUE, INK, MUTED, PALE, RULE, undated
from geozones.export.pictures import map_png
from geozones.export.reports import report_of
from geozones.render.palette import contrast
from geozones.render.signs import hatching
from geozones.render.typeface import office_typeface, set_in

#: Sizes of a table, in points, the greatest first, and slack of a height in points.
TABLE_SIZES, _SLACK = (BODY, 16.0, 14.0), 0.5


def widths(columns: Sequence[TableColumn], width: float, size: float) -> list[float]:
    """Return the width of each column, in inches, for a table's width and a size in points.

    No column is narrower than the longest word of its head, if the others leave it the room.
    """
    wide = partial(page.width_pt, size_pt=size, bold=True)
    words = [worded(column.head).split() for column in columns]
    least = [(max(map(wide, head), default=0.0) + page.CELL_SIDES_PT) / 72 + 0.01 for head in words]
    shares = [column.share for column in columns]
    found = [share / sum(shares) * width for share in shares]
    lacking = sum(max(need - each, 0.0) for need, each in zip(least, found, strict=True))
    spare = sum(max(each - need, 0.0) for need, each in zip(least, found, strict=True))
    if lacking == 0 or spare <= lacking:
        return found
    kept = 1 - lacking / spare
    return [max(need, need + (each - need) * kept) for need, each in zip(least, found, strict=True)]


def heights(
    columns: Sequence[TableColumn], rows: Sequence[Row], width: float, size: float = BODY
) -> list[float]:
    """Return the height of each row in points."""
    across = [each * 72 for each in widths(columns, width, size)]
    return [
        page.row_height(
            [typeset(text) for text in row.texts],
            across,
            size,
            [row.total or column.names for column in columns],
        )
        for row in rows
    ]


def _head_height(columns: Sequence[TableColumn], width: float, size: float) -> float:
    heads = Row(tuple(worded(column.head) for column in columns), total=True)
    (height,) = heights(columns, [heads], width, size)
    return height


def table_height(shown: Table, width: float, size: float = BODY) -> float:
    """Return the height of a whole table, in inches, at a size in points."""
    rows = heights(shown.columns, shown.rows, width, size)
    return (_head_height(shown.columns, width, size) + sum(rows)) / 72


def best_size(shown: Table, box: SlideBox) -> float:
    """Return the greatest size, in points, at which a table takes the fewest slides."""
    counts = {size: len(paged(shown, box, box, size)) for size in TABLE_SIZES}
    fewest = min(counts.values())
    return next(size for size, count in counts.items() if count == fewest)


def paged(shown: Table, first: SlideBox, box: SlideBox, size: float) -> list[list[Row]]:
    """Split the rows of a table over slides: what is left of the first, then a box on each.

    Rows are balanced if that takes no more slides, so that the last slide is not nearly empty. The
    first slide has none if no row fits it.
    """
    pages = _split(shown, first.height, box, len(shown.rows), size)
    even = _split(shown, first.height, box, -(-len(shown.rows) // max(len(pages), 1)), size)
    return even if len(even) == len(pages) else pages


def _split(shown: Table, first: float, box: SlideBox, most: int, size: float) -> list[list[Row]]:
    """Fill a height in inches, then boxes, with at most ``most`` rows each."""
    head = _head_height(shown.columns, box.width, size)
    pages: list[list[Row]] = [[]]
    room, used = first * 72, head
    rows = shown.rows
    for row, height in zip(rows, heights(shown.columns, rows, box.width, size), strict=True):
        over = used + height > room or len(pages[-1]) >= most
        if over and (pages[-1] or room < box.height * 72):
            pages.append([])
            room, used = box.height * 72, head
        pages[-1].append(row)
        used += height
    return pages


def cut_rows(shown: Table, box: SlideBox) -> tuple[list[Row], float]:
    """Return the rows of a table that fit a box, and their size; the last one counts the others.

    The size is the greatest at which most rows fit.
    """
    rows, columns = list(shown.rows), shown.columns
    fitting = {size: _fitting(columns, rows, box, size) for size in TABLE_SIZES}
    if len(rows) in fitting.values():
        return rows, next(size for size, count in fitting.items() if count == len(rows))
    widest = max(range(len(columns)), key=lambda rank: columns[rank].share)

    def others(count: int) -> Row:
        said = and_others(count, shown.others or ("autre ligne", "autres lignes"), shown.sheet)
        return Row(tuple(said * (rank == widest) for rank in range(len(columns))), total=True)

    for tried in TABLE_SIZES:
        (high,) = heights(columns, [others(len(rows))], box.width, tried)
        room = replace(box, height=box.height - high / 72)
        fitting[tried] = _fitting(columns, rows, room, tried)
    kept = max(fitting.values())
    size = next(size for size, count in fitting.items() if count == kept)
    return [*rows[:kept], others(len(rows) - kept)], size


def _fitting(
    columns: Sequence[TableColumn], rows: Sequence[Row], box: SlideBox, size: float
) -> int:
    """Count the rows that fit a box under the head."""
    room = box.height * 72 - _head_height(columns, box.width, size) + _SLACK
    return sum(used <= room for used in accumulate(heights(columns, rows, box.width, size)))


def table(
    slide: Slide,
    box: SlideBox,
    columns: Sequence[TableColumn],
    rows: Sequence[Row],
    size: float = BODY,
) -> float:
    """Draw a native table from the top of a box; return where it ends, in inches."""
    tall = [_head_height(columns, box.width, size), *heights(columns, rows, box.width, size)]
    frame = slide.shapes.add_table(
        len(rows) + 1,
        len(columns),
        Inches(box.left),
        Inches(box.top),
        Inches(box.width),
        Pt(sum(tall)),
    )
    frame.name = "Tableau"
    native = frame.table
    # « no style, no grid », which does not conflict with these colours
    style = frame._element.graphic.graphicData.tbl.tblPr.find(qn("a:tableStyleId"))  # noqa: SLF001
    style.text = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"
    for rank, width in enumerate(widths(columns, box.width, size)):
        native.columns[rank].width = Inches(width)
    for rank, height in enumerate(tall):
        native.rows[rank].height = Pt(height)
    for rank, column in enumerate(columns):
        head = TextRun(worded(column.head), size, bold=True, colour="FFFFFF")
        _cell(native.cell(0, rank), head, paint=BLUE, numeric=column.numeric)
    for rank, row in enumerate(rows, 1):
        _fill_row(native, rank, columns, row, size)
    return box.top + sum(tall) / 72


def _fill_row(
    native: NativeTable, at: int, columns: Sequence[TableColumn], row: Row, size: float
) -> None:
    """Write the cells of a row, the first over its swatch if it has one."""
    inks = dict(row.inks)
    for rank, (cell, column) in enumerate(zip(row.texts, columns, strict=True)):
        colour = inks.get(rank, INK)
        if rank == 0 and row.swatch is not None:
            ground = row.swatch.colour
            colour = max(INK, "FFFFFF", key=lambda ink: contrast(f"#{ink}", ground))
        run = TextRun(cell, size, bold=row.total or column.names, colour=colour)
        paint = PALE if row.total else None
        _cell(native.cell(at, rank), run, paint=paint, numeric=column.numeric)
    if row.swatch is not None:
        _painted(native.cell(at, 0), row.swatch)


def _cell(cell: _Cell, run: TextRun, *, paint: str | None, numeric: bool) -> None:
    cell.margin_left = cell.margin_right = Pt(page.CELL_SIDES_PT / 2)
    cell.margin_top = cell.margin_bottom = Pt(page.CELL_ENDS_PT / 2)
    cell.vertical_anchor = MSO_ANCHOR.MIDDLE
    lines = [[TextRun(part, run.size, run.bold, run.colour)] for part in run.text.split("\n")]
    fill(cell.text_frame, lines, align=PP_ALIGN.RIGHT if numeric else PP_ALIGN.LEFT)
    if paint is None:
        cell.fill.background()
    else:
        cell.fill.solid()
        cell.fill.fore_color.rgb = RGBColor.from_string(paint)
    # draw a line below a cell; python-pptx has no borders
    properties = cell._tc.get_or_add_tcPr()  # noqa: SLF001 - no public way
    line = properties.makeelement(qn("a:lnB"), {"w": "9525", "cmpd": "sng"})
    solid = line.makeelement(qn("a:solidFill"), {})
    solid.append(solid.makeelement(qn("a:srgbClr"), {"val": RULE}))
    line.append(solid)
    properties.insert(0, line)


def _painted(cell: _Cell, swatch: Swatch) -> None:
    """Fill a cell as the map fills a zone."""
    paint = RGBColor.from_string(swatch.colour.lstrip("#"))
    if not swatch.hatched:
        cell.fill.solid()
        cell.fill.fore_color.rgb = paint
        return
    cell.fill.patterned()
    cell.fill.pattern = MSO_PATTERN.LIGHT_UPWARD_DIAGONAL
    line = hatching(swatch.colour, f"#{INK}")
    cell.fill.fore_color.rgb = RGBColor.from_string(line.lstrip("#"))
    cell.fill.back_color.rgb = paint


#: Space between blocks, in inches; after a line of a list and after a figure, in points.
_GAP, _AFTER, _AFTER_FACT = 0.15, 6.0, 3.0
#: Parts of the width for what stands beside a map, in order of trial; in inches, least height of a
#: map, height of its caption and legend, side of a QR code.
_SHARES = (0.24, 0.27, 0.3, 0.34, 0.4, 0.46, 0.52, 0.57)
_LEAST_MAP, _UNDER_MAP, _CODE = 3.05, 1.3, 2.4
#: Sizes of the value of a figure, and of lines for the record: the greatest that fits.
_VALUES, _RECORDS = (24.0, 22.0, 20.0, BODY, ASIDE, RECORD), (BODY, ASIDE, RECORD)
#: Heights of an observed figure, of their key and of the warning's band, in inches.
_BAR, _BAR_KEY, _BAND = 1.35, 0.4, 0.3
#: Least width of a figure beside others, greatest height of the names of a map's zones, in inches.
_FACT, _KEY = 2.9, 0.9
#: Room that the blocks after a table that is cut may take from it, as a part of the body.
_AFTER_TABLE = 0.35
_QUOTES = ("autre citation", "autres citations")


def pptx(dossier: Dossier, template: bytes | None = None) -> bytes:
    """Return the deck of a view, over a template (a .pptx file) if given."""
    return deck_of(dossier, report_of(dossier), template)


def deck_of(dossier: Dossier, report: ReportPages, template: bytes | None = None) -> bytes:
    """Return a report as a deck; the same report and template give the same bytes."""
    deck = new_deck(dossier, template)
    deck.presentation.core_properties.title = report.title
    if report.warning:  # titles leave room for its band
        deck = replace(deck, title_sizes=[size for size in deck.title_sizes if size <= 26])
    with set_in(office_typeface()):
        for page in report.pages:
            _Slides(deck, dossier, page).add()
    footers(deck, dossier)
    if report.warning:
        warning = report.warning
        for slide in deck.presentation.slides:
            rule(slide, SlideBox(0, 0, WIDTH, _BAND), AMBER)
            box = SlideBox(deck.body.left, 0, deck.body.width, _BAND)
            shape = text(slide, box, [[TextRun(warning, 14, bold=True, colour="FFFFFF")]])
            shape.text_frame.margin_top = shape.text_frame.margin_bottom = 0
            shape.text_frame.vertical_anchor = MSO_ANCHOR.MIDDLE
            shape.name = "Avertissement"
    stream = io.BytesIO()
    deck.presentation.save(stream)
    return undated(stream.getvalue())


class _BlockWriter:
    """Blocks on the current slide of a page: their heights, and their places in a room."""

    def __init__(self, deck: Deck, dossier: Dossier, page: Page) -> None:
        self._deck, self._dossier, self._page = deck, dossier, page
        self._count = 0
        self._slide = self._new()
        #: Size of the text, smaller on a slide with a map.
        self._size = BODY
        #: Texts for which a slide had no room: they have one more.
        self._left_over: list[tuple[Sequence[TextLine], tuple[str, str], str]] = []

    def _new(self) -> Slide:
        title = self._page.title + (" (suite)" if self._count else "")
        slide = add_slide(self._deck, title)
        further = self._page.notes[1:] if self._count else ()
        write_notes(slide, further or self._page.notes)
        self._count += 1
        return slide

    def _height(self, block: Block, width: float, *, least: bool = False) -> float:
        """Return the height of a block in a width, in inches; the least that it can do with."""
        match block:
            case Text():
                size = RECORD if block.small else self._size
                return sum(_listed_height(line, width) for line in _lines(block, size))
            case KeyFacts():
                return _facts_height(block.facts, width, (_VALUES[-1 if least else 0], self._size))
            case Table():
                return table_height(block, width, TABLE_SIZES[-1])
            case Bars():
                return _BAR * len(block.bars) + text_height(block.key, width)
            case Quoted():
                return sum(_listed_height(line, width) for line in _quoted(block))
            case Picture():
                return _LEAST_MAP

    def _put(self, block: Block, room: SlideBox) -> float:
        """Put a block at the top of a room; return where it ends, in inches."""
        match block:
            case Text():
                return self._text(block, room)
            case KeyFacts():
                return self._facts(block.facts, room)
            case Table():
                rows, size = cut_rows(block, room)
                return table(self._slide, room, block.columns, rows, size)
            case Bars():
                return self._bars(block, room)
            case Quoted():
                return self._write(_quoted(block), room, _QUOTES, "")
            case Picture():
                msg = "a page has one map"
                raise ValueError(msg)

    def _text(self, block: Text, room: SlideBox) -> float:
        written = _lines(block, self._size)
        for size in _RECORDS if block.small else ():
            written = _lines(block, size)
            if sum(_listed_height(line, room.width) for line in written) <= room.height:
                break
        return self._write(written, room, block.others, block.sheet)

    def _write(
        self, lines: Sequence[TextLine], room: SlideBox, others: tuple[str, str], sheet: str
    ) -> float:
        """Write the lines that fit; the last one counts those left out.

        A slide without room for a line has one after it.
        """
        if not lines:
            return room.top
        if room.height < text_height("x", room.width):
            self._left_over.append((lines, others, sheet))
            return room.top
        kept = cut_to(lines, room, _AFTER, lambda count: and_others(count, others, sheet))
        high = sum(_listed_height(line, room.width) for line in kept)
        place = replace(room, height=high)
        text(self._slide, place, kept, space=_AFTER if len(kept) > 1 else 0).name = "Texte"
        return place.bottom

    def _facts(self, facts: Sequence[Fact], room: SlideBox) -> float:
        """Write figures side by side where the room is wide, else under one another."""
        heights = ((size, _facts_height(facts, room.width, (size, self._size))) for size in _VALUES)
        size, high = next(
            ((size, high) for size, high in heights if high <= room.height),
            (_VALUES[-1], room.height),
        )
        place = replace(room, height=high)
        columns = place.columns(_columns(facts, room.width))
        for some in batched(facts, len(columns)):
            row = max(_fact_height(fact, columns[0].width, (size, self._size)) for fact in some)
            for fact, box in zip(some, columns, strict=False):
                shape = text(
                    self._slide, replace(box, height=row), [*_fact(fact, (size, self._size))]
                )
                shape.name = "Chiffre"
            columns = [replace(box, top=box.top + row) for box in columns]
        return place.bottom

    def _bars(self, block: Bars, room: SlideBox) -> float:
        row = min((room.height - _BAR_KEY) / len(block.bars), _BAR)
        for rank, bar in enumerate(block.bars):
            self._bar(bar, SlideBox(room.left, room.top + rank * row, room.width, row))
        place = SlideBox(room.left, room.top + row * len(block.bars), room.width, _BAR_KEY)
        text(self._slide, place, [[TextRun(block.key, 14, colour=MUTED)]]).name = "Clé"
        return place.bottom

    def _bar(self, bar: Bar, box: SlideBox) -> None:
        """Draw an observed figure: its name, its bar, its value and what is known of it."""
        left, middle, right = box.columns(3, 0.25)
        text(self._slide, left, [_fitted(bar.label, left, BODY)]).name = "Chiffre"
        for place, colour, kind in _drawn_bar(bar, replace(middle, height=0.5)):
            rule(self._slide, place, colour, kind).name = "Dessin du chiffre"
        told = [_fitted(bar.value, right, BODY)]
        told += [_fitted(detail, right, 14.0) for detail in bar.details]
        text(self._slide, right, told).name = "Valeurs"

    def _key(self, names: Sequence[tuple[int, str]], box: SlideBox) -> None:
        """Write the zones that a map numbers."""
        if names:
            line = _key_line(names)
            place = replace(box, top=box.top + 0.04, height=_key_height(names, box.width))
            text(self._slide, place, [line]).name = "Zones de la carte"


class _Slides(_BlockWriter):
    """The slides of a page: the first, and others for the texts that have no room on it."""

    def add(self) -> None:
        """Add the slides."""
        self._fill()
        while self._left_over:
            texts, self._left_over = self._left_over, []
            self._slide, top = self._new(), self._deck.body.top
            for written, others, sheet in texts:
                top = self._write(written, self._deck.body.below(top), others, sheet) + _GAP

    def _fill(self) -> None:
        """Put the blocks of the page on its slides."""
        blocks, room = list(self._page.blocks), self._deck.body
        code = next((b for b in blocks if isinstance(b, Picture) and b.png), None)
        if code is not None:
            room = self._code(code, room)
            blocks.remove(code)
        maps = [rank for rank, b in enumerate(blocks) if isinstance(b, Picture)]
        if not maps:
            self._stack(blocks, room)
            return
        self._size = ASIDE
        (at,) = maps
        drawn = blocks[at]
        assert isinstance(drawn, Picture)  # noqa: S101 - just looked for
        before, after = blocks[:at], blocks[at + 1 :]
        top, moved = room.top, list[Block]()
        for block in before:
            if top + self._height(block, room.width) + _GAP > room.bottom - _LEAST_MAP:
                moved.append(block)
            else:
                top = self._put(block, room.below(top)) + _GAP
        self._map(drawn, after, moved, room.below(top))

    def _stack(self, blocks: Sequence[Block], room: SlideBox) -> None:
        """Put blocks under one another, on further slides where a table goes on."""
        top = room.top
        for rank, block in enumerate(blocks):
            rest = sum(self._height(each, room.width) + _GAP for each in blocks[rank + 1 :])
            place = room.below(top)
            if isinstance(block, Table) and block.others is not None:
                spared = min(rest, room.height * _AFTER_TABLE)
                place = replace(place, height=max(place.height - spared, 0.0))
            if isinstance(block, Table) and block.others is None:
                place = self._whole_table(block, place, room, rest)
                top = place.top
            elif isinstance(block, Quoted):
                if not rank or not isinstance(blocks[rank - 1], Quoted):
                    together = [each for each in blocks[rank:] if isinstance(each, Quoted)]
                    said = [line for each in together for line in _quoted(each)]
                    top = self._write(said, place, _QUOTES, "") + _GAP
            elif isinstance(block, Bars):
                top = self._all_bars(block, place, room) + _GAP
            else:
                top = self._put(block, place) + _GAP

    def _whole_table(self, block: Table, place: SlideBox, room: SlideBox, rest: float) -> SlideBox:
        """Draw all rows of a table, on as many slides as they need; return the room left.

        Its text is small enough for what comes after it, ``rest`` inches, if that is possible.
        """
        spared = place.height - rest - _GAP
        fitting = (s for s in TABLE_SIZES if table_height(block, place.width, s) <= spared)
        size = next(fitting, 0.0) or min(best_size(block, room), ASIDE if rest else BODY)
        for rank, rows in enumerate(paged(block, place, room, size)):
            if rank:
                self._slide, place = self._new(), room
            if rows:
                place = room.below(table(self._slide, place, block.columns, rows, size) + _GAP)
        return place

    def _all_bars(self, block: Bars, place: SlideBox, room: SlideBox) -> float:
        """Draw observed figures, a few on each slide; return where they end, in inches."""
        most = int((place.height - _BAR_KEY) / _BAR)
        count = -(-len(block.bars) // max(most, 1))
        for rank, some in enumerate(batched(block.bars, -(-len(block.bars) // count))):
            if rank:
                self._slide, place = self._new(), room
            bottom = self._bars(replace(block, bars=some), place)
        return bottom

    def _map(
        self, drawn: Picture, after: Sequence[Block], moved: list[Block], room: SlideBox
    ) -> None:
        """Draw a map in the room that other blocks leave.

        Blocks that are ``moved``, and what does not fit, are on a slide more.
        """
        beside, below = list(drawn.beside), list(after)
        high = _key_height(drawn.key, room.width)
        # names of many zones have no room: the table of moves has them
        short = high and self._left(below, drawn, room) < _LEAST_MAP
        if high > _KEY or short or (high and not self._sized(beside, below, drawn, room)[0]):
            beside = _ended_with(beside, Line(messages.named_later(len(drawn.key))))
            drawn = replace(drawn, key=(), scenes=tuple(map(unnumbered, drawn.scenes)))
        while below and self._left(below, drawn, room) < _LEAST_MAP:
            moved.insert(0, below.pop())
        share, count = self._sized(beside, below, drawn, room)
        while beside and not share:
            moved.insert(0, beside.pop())
            share, count = self._sized(beside, below, drawn, room)
        beside, below = beside[:count], [*beside[count:], *below]
        place = replace(room, height=self._left(below, drawn, room))
        left = replace(place, width=place.width * (1 - share) - _GAP * bool(beside))
        shown = map_png(drawn.scenes, self._dossier.ground, left, drawn.captions)
        picture(self._slide, left, shown, drawn.described)
        self._key(drawn.key, SlideBox(room.left, place.bottom, room.width, 0.0))
        panel = SlideBox(left.right + _GAP, place.top, place.width * share, place.height)
        top, narrow = panel.top, [_narrowed(block) for block in beside]
        for rank, block in enumerate(narrow):
            rest = sum(self._height(b, panel.width, least=True) + _GAP for b in narrow[rank + 1 :])
            room_left = replace(panel.below(top), height=panel.bottom - top - rest)
            top = self._put(block, room_left) + _GAP
        top = place.bottom + _key_height(drawn.key, room.width) + _GAP
        for block in below:
            top = self._put(block, room.below(top)) + _GAP
        if moved:
            self._slide, self._size = self._new(), BODY
            self._stack(moved, self._deck.body)

    def _left(self, below: Sequence[Block], drawn: Picture, room: SlideBox) -> float:
        """Return the height that a map has over its key and the blocks below it."""
        high = sum(self._height(block, room.width) + _GAP for block in below)
        return room.height - high - _key_height(drawn.key, room.width)

    def _sized(
        self, beside: Sequence[Block], below: Sequence[Block], drawn: Picture, room: SlideBox
    ) -> tuple[float, int]:
        """Return `_largest` at the greatest size of text at which the blocks fit; set the size."""
        found = (0.0, 0)
        for self._size in (ASIDE, RECORD):
            found = self._largest(beside, below, drawn, room)
            if found[0]:
                break
        return found

    def _largest(
        self, beside: Sequence[Block], below: Sequence[Block], drawn: Picture, room: SlideBox
    ) -> tuple[float, int]:
        """Return the part of the width for blocks beside a map, and how many of them stay there.

        The others are below: what leaves the largest map is chosen. Both are 0 if nothing fits.
        """
        best, chosen = 0.0, (0.0, 0)
        for count in range(len(beside), 0, -1):
            height = self._left([*beside[count:], *below], drawn, room)
            share = self._share(beside[:count], replace(room, height=height))
            area = (1 - share) * (height - _UNDER_MAP) if share and height >= _LEAST_MAP else 0.0
            if area > best:
                best, chosen = area, (share, count)
        return chosen

    def _share(self, blocks: Sequence[Block], place: SlideBox) -> float:
        """Return the least of some parts of the width at which blocks fit beside a map, or 0."""
        narrow = [_narrowed(block) for block in blocks]
        for share in _SHARES:
            width = place.width * share
            least = sum(self._height(block, width, least=True) for block in narrow)
            if least + _GAP * (len(narrow) - 1) <= place.height:
                return share
        return 0.0

    def _code(self, code: Picture, room: SlideBox) -> SlideBox:
        """Place a QR code at the right, its address under it; return the room left."""
        side = min(_CODE, room.height - 1.0)
        box = SlideBox(room.right - _CODE, room.top, side, side)
        picture(self._slide, box, code.png, code.described, "Code QR")
        place = SlideBox(box.left, box.bottom + 0.05, _CODE, room.bottom - box.bottom - 0.05)
        size = sizes.fitting_size(code.link, _CODE * 72, _RECORDS, 3)
        text(self._slide, place, [[TextRun(code.link, size, colour=BLUE)]]).name = "Adresse"
        return replace(room, width=room.width - _CODE - 2 * _GAP)


def _ended_with(blocks: Sequence[Block], line: Line) -> list[Block]:
    """Return blocks with one more line, in the last of them if it is a sentence."""
    match blocks:
        case [*others, Text(lines=(last,), title="") as text]:
            return [*others, replace(text, lines=(replace(last, text=f"{last.text} {line.text}"),))]
    return [*blocks, Text((line,))]


def _narrowed(block: Block) -> Block:
    """Return a block for a narrow place: a table as the brief form of its rows."""
    if not isinstance(block, Table):
        return block
    return Text(tuple(row.brief for row in block.rows if row.brief is not None))


def _lines(block: Text, size: float) -> list[TextLine]:
    """Return the lines of a block, after its title; several are a list, if no word heads them."""
    several = len(block.lines) > 1
    written: list[TextLine] = []
    if block.title:
        written.append([TextRun(block.title, size, bold=True, colour=BLUE)])
    for line in block.lines:
        head = [TextRun(f"{line.head} ", size, bold=True)] if line.head else []
        bullet = "• " if several and not line.head else ""
        written.append([*head, TextRun(f"{bullet}{line.text}", size, colour=line.ink)])
    return written


def _quoted(quote: Quoted) -> list[TextLine]:
    head = [TextRun(f"{quote.name} : ", bold=True)] if quote.name else []
    return [[*head, TextRun(f"« {quote.text} » "), TextRun(f"({quote.source})", colour=MUTED)]]


def _listed_height(line: TextLine, width: float) -> float:
    return lines_height(line, width) + _AFTER / 72


def _fact(fact: Fact, at: tuple[float, float]) -> Iterator[TextLine]:
    """Yield a figure: its name, its values; ``at``: sizes of values and of names, in points.

    Values as small as names stand beside them, which takes half the height.
    """
    size, small = at
    value = [TextRun(fact.value, size, bold=True, colour=fact.ink)]
    if not fact.changes:
        value.append(TextRun(", inchangé", small, colour=MUTED))
    if size <= small:
        yield [TextRun(f"{fact.label}{NBSP}: ", small, colour=MUTED), *value]
        return
    yield [TextRun(fact.label, small, colour=MUTED)]
    yield value


def _columns(facts: Sequence[Fact], width: float) -> int:
    """Return in how many columns figures stand, their rows balanced."""
    most = max(int(width / _FACT), 1)
    rows = -(-len(facts) // most)
    return -(-len(facts) // max(rows, 1))


def _fact_height(fact: Fact, width: float, at: tuple[float, float]) -> float:
    return sum(lines_height(line, width) for line in _fact(fact, at)) + _AFTER_FACT / 72


def _facts_height(facts: Sequence[Fact], width: float, at: tuple[float, float]) -> float:
    count = _columns(facts, width)
    across = SlideBox(0, 0, width, 0).columns(count)[0].width
    return sum(
        max(_fact_height(fact, across, at) for fact in some) for some in batched(facts, count)
    )


def _fitted(words: str, box: SlideBox, most: float) -> TextLine:
    """Return a line of text at most as large as ``most``; bold if that is the body's size."""
    tried = [size for size in _RECORDS if size <= most]
    size = sizes.fitting_size(words, box.width * 72 - 4, tried, 2)
    return [TextRun(words, size, bold=most == BODY)]


def _key_line(names: Sequence[tuple[int, str]]) -> TextLine:
    """Return zones by their numbers, names unbroken."""
    return [
        run
        for rank, name in names
        for run in (
            TextRun(f"{rank}{NBSP}", ASIDE, bold=True),
            TextRun(f"{name.replace(' ', NBSP)}    ", ASIDE),
        )
    ]


def _key_height(names: Sequence[tuple[int, str]], width: float) -> float:
    return lines_height(_key_line(names), width) + 0.08 if names else 0.0


def _drawn_bar(bar: Bar, box: SlideBox) -> Iterator[tuple[SlideBox, str, MSO_SHAPE]]:
    """Yield the scale, the interval, the observed value, then what was expected, as shapes."""
    radius, thin = 0.17 * box.height, 0.03
    inner = box.width - 2 * radius  # a value at an end is whole

    def at(share: float) -> float:
        return box.left + radius + share * inner

    middle, high = box.top + box.height / 2, box.height
    yield SlideBox(at(0), middle - thin / 2, inner, thin), RULE, MSO_SHAPE.RECTANGLE
    if bar.low is not None and bar.high is not None:
        span = max((bar.high - bar.low) * inner, thin)
        tint = "E3B98C" if bar.outside else "9DBBD2"
        yield (
            SlideBox(at(bar.low), middle - 0.32 * high, span, 0.64 * high),
            tint,
            MSO_SHAPE.RECTANGLE,
        )
    colour = AMBER if bar.outside else BLUE
    disc = SlideBox(at(bar.at) - radius, middle - radius, 2 * radius, 2 * radius)
    yield disc, colour, MSO_SHAPE.OVAL
    if bar.expected_at is not None:
        yield (
            SlideBox(at(bar.expected_at) - thin, box.top, 2 * thin, high),
            INK,
            MSO_SHAPE.RECTANGLE,
        )

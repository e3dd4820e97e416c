"""Native tables on slides, large enough for a room; on as many slides as needed."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from itertools import accumulate

from pptx.dml.color import RGBColor
from pptx.enum.dml import MSO_PATTERN
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.oxml.ns import qn
from pptx.slide import Slide
from pptx.table import Table as NativeTable
from pptx.table import _Cell
from pptx.util import Inches, Pt

from geozones.common.french import typeset
from geozones.domain.terms import worded
from geozones.export.blocks import Row, Swatch, Table, TableColumn, and_others
from geozones.export.deck import page
from geozones.export.deck.page import SlideBox
from geozones.export.deck.parts import BODY, TextRun, fill
from geozones.export.file_parts import BLUE, INK, PALE, RULE
from geozones.render.palette import contrast
from geozones.render.signs import hatching

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
    most = max(fitting.values())
    size = next(size for size, count in fitting.items() if count == most)
    if most == len(rows):
        return rows, size
    widest = max(range(len(columns)), key=lambda rank: columns[rank].share)

    def others(count: int) -> Row:
        said = and_others(count, shown.others or ("autre ligne", "autres lignes"), shown.sheet)
        return Row(tuple(said * (rank == widest) for rank in range(len(columns))), total=True)

    (high,) = heights(columns, [others(len(rows))], box.width, size)
    room = replace(box, height=box.height - high / 72)
    kept = _fitting(columns, rows, room, size)
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

"""Native tables on slides, large enough for a room; on as many slides as needed."""

from collections.abc import Sequence
from dataclasses import dataclass

from pptx.dml.color import RGBColor
from pptx.enum.dml import MSO_PATTERN
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.oxml.ns import qn
from pptx.slide import Slide
from pptx.table import Table, _Cell
from pptx.util import Inches, Pt

from geozones.common.french import plural
from geozones.domain.terms import worded
from geozones.export.deck import page
from geozones.export.deck.page import SlideBox
from geozones.export.deck.parts import BODY, TextRun, fill
from geozones.export.file_parts import BLUE, INK, RULE, typeset
from geozones.render.palette import contrast
from geozones.render.signs import hatching


@dataclass(frozen=True, slots=True)
class TableColumn:
    """Column of a table: head, share of the width, whether it holds figures, names in bold.

    The head is a text for `worded`.
    """

    head: str
    share: float
    numeric: bool = False
    strong: bool = False


@dataclass(frozen=True, slots=True)
class TableRow:
    """Row of a table.

    ``strong`` for a total; ``colours`` of the text of its cells; ``swatch`` fills its first cell
    with a colour of the map, hatched if its second value is true.
    """

    cells: tuple[str, ...]
    strong: bool = False
    fill: str | None = None
    colours: tuple[str, ...] = ()
    swatch: tuple[str, bool] | None = None


def widths(columns: Sequence[TableColumn], width: float, size: float = BODY) -> list[float]:
    """Return the width of each column, in inches, for a table width and a size in points.

    No column is narrower than the longest word of its head, if the others leave it the room.
    """
    least = [_longest_word(column.head, size) for column in columns]
    shares = [column.share for column in columns]
    found = [share / sum(shares) * width for share in shares]
    lacking = sum(max(need - each, 0.0) for need, each in zip(least, found, strict=True))
    spare = sum(max(each - need, 0.0) for need, each in zip(least, found, strict=True))
    if lacking == 0 or spare <= lacking:
        return found
    kept = 1 - lacking / spare
    return [max(need, need + (each - need) * kept) for need, each in zip(least, found, strict=True)]


def _longest_word(head: str, size: float) -> float:
    """Return the width of a cell for the longest word of a head, in inches."""
    words = worded(head).split()
    longest = max((page.width_pt(word, size, bold=True) for word in words), default=0.0)
    return (longest + page.CELL_SIDES_PT) / 72 + 0.01


def heights(
    columns: Sequence[TableColumn], rows: Sequence[TableRow], width: float, size: float = BODY
) -> list[float]:
    """Return the height of each row in points."""
    across = [each * 72 for each in widths(columns, width, size)]
    return [
        page.row_height(
            [typeset(cell) for cell in row.cells],
            across,
            size,
            [row.strong or column.strong for column in columns],
        )
        for row in rows
    ]


def _head_height(columns: Sequence[TableColumn], width: float, size: float) -> float:
    heads = TableRow(tuple(worded(column.head) for column in columns), strong=True)
    (height,) = heights(columns, [heads], width, size)
    return height


def paged(
    columns: Sequence[TableColumn],
    rows: Sequence[TableRow],
    box: SlideBox,
    most: int = 99,
    size: float = BODY,
) -> list[list[TableRow]]:
    """Split rows over slides, each with a box for its table, and at most ``most`` rows.

    Rows are balanced if that takes no more slides, so that the last slide is not nearly empty.
    """
    pages = _split(columns, rows, box, most, size)
    even = _split(columns, rows, box, -(-len(rows) // len(pages)), size)
    return even if len(even) == len(pages) else pages


def cut_rows(
    columns: Sequence[TableColumn], rows: Sequence[TableRow], box: SlideBox, one: str, several: str
) -> list[TableRow]:
    """Return the rows that fit a box; the last one then counts the others, left to the notes.

    ``one`` and ``several`` name the rows left out: ``autre point``, ``autres points``.
    """
    pages = _split(columns, rows, box, len(rows), BODY)
    if len(pages) == 1:
        return list(rows)
    widest = max(range(len(columns)), key=lambda rank: columns[rank].share)

    def others(count: int) -> TableRow:
        said = f"… et {plural(count, one, several)}, dans les notes"
        cells = tuple(said if rank == widest else "" for rank in range(len(columns)))
        return TableRow(cells, strong=True)

    (high,) = heights(columns, [others(len(rows))], box.width)
    room = SlideBox(box.left, box.top, box.width, box.height - high / 72)
    first = _split(columns, rows, room, len(rows), BODY)[0]
    return [*first, others(len(rows) - len(first))]


def _split(
    columns: Sequence[TableColumn],
    rows: Sequence[TableRow],
    box: SlideBox,
    most: int,
    size: float,
) -> list[list[TableRow]]:
    head = _head_height(columns, box.width, size)
    pages: list[list[TableRow]] = [[]]
    used = head
    for row, height in zip(rows, heights(columns, rows, box.width, size), strict=True):
        if pages[-1] and (used + height > box.height * 72 or len(pages[-1]) >= most):
            pages.append([])
            used = head
        pages[-1].append(row)
        used += height
    return pages


def table(
    slide: Slide,
    box: SlideBox,
    columns: Sequence[TableColumn],
    rows: Sequence[TableRow],
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
    _unstyled(frame._element)  # noqa: SLF001 - no public way
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
    native: Table, at: int, columns: Sequence[TableColumn], row: TableRow, size: float
) -> None:
    """Write the cells of a row, the first over its swatch if it has one."""
    for rank, (cell, column) in enumerate(zip(row.cells, columns, strict=True)):
        colour = row.colours[rank] if row.colours else INK
        if rank == 0 and row.swatch is not None:
            colour = _readable(row.swatch[0])
        run = TextRun(cell, size, bold=row.strong or column.strong, colour=colour)
        _cell(native.cell(at, rank), run, paint=row.fill, numeric=column.numeric)
    if row.swatch is not None:
        _painted(native.cell(at, 0), *row.swatch)


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
    _underlined(cell)


def _readable(ground: str) -> str:
    """Return the text colour with more contrast on a ``#rrggbb`` ground: dark or white."""
    return max(INK, "FFFFFF", key=lambda ink: contrast(f"#{ink}", ground))


def _painted(cell: _Cell, colour: str, hatched: bool) -> None:  # noqa: FBT001 - a swatch's two
    """Fill a cell as the map fills a zone."""
    paint = RGBColor.from_string(colour.lstrip("#"))
    if not hatched:
        cell.fill.solid()
        cell.fill.fore_color.rgb = paint
        return
    cell.fill.patterned()
    cell.fill.pattern = MSO_PATTERN.LIGHT_UPWARD_DIAGONAL
    line = hatching(colour, f"#{INK}")
    cell.fill.fore_color.rgb = RGBColor.from_string(line.lstrip("#"))
    cell.fill.back_color.rgb = paint


def _underlined(cell: _Cell) -> None:
    """Draw a line below a cell; python-pptx has no borders."""
    properties = cell._tc.get_or_add_tcPr()  # noqa: SLF001 - no public way
    line = properties.makeelement(qn("a:lnB"), {"w": "9525", "cmpd": "sng"})
    solid = line.makeelement(qn("a:solidFill"), {})
    solid.append(solid.makeelement(qn("a:srgbClr"), {"val": RULE}))
    line.append(solid)
    properties.insert(0, line)


def _unstyled(frame: object) -> None:
    """Set the « no style, no grid » table style, which does not conflict with these colours."""
    style = frame.graphic.graphicData.tbl.tblPr.find(qn("a:tableStyleId"))  # type: ignore[attr-defined]
    style.text = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"

"""Parts of a slide: titles, texts, native tables, pictures, notes. Places are in inches."""

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pptx.dml.color import RGBColor
from pptx.enum.dml import MSO_PATTERN
from pptx.enum.shapes import MSO_SHAPE
from pptx.enum.text import MSO_ANCHOR, MSO_AUTO_SIZE, PP_ALIGN
from pptx.oxml.ns import qn
from pptx.presentation import Presentation
from pptx.shapes.base import BaseShape
from pptx.slide import Slide
from pptx.table import Table, _Cell
from pptx.text.text import TextFrame
from pptx.util import Emu, Inches, Pt

from geozones.common.french import NBSP
from geozones.domain import DecisionStatus
from geozones.export.deck import measure
from geozones.export.dossier import Dossier
from geozones.export.text import typeset
from geozones.render.colour import contrast
from geozones.render.signs import hatching

INK, MUTED, BLUE, RULE = "1F2A33", "5A6670", "14507A", "D9D5CD"
PALE, AMBER, GREEN, RED = "F4F2EE", "7A4300", "1C6B34", "A3300F"
#: The colour of the word of a status.
STATUS_COLOURS = {
    DecisionStatus.PUBLISHED: GREEN,
    DecisionStatus.RETAINED: INK,
    DecisionStatus.PROPOSED: "4A2897",
    DecisionStatus.DRAFT: AMBER,
}
_SIGNS = {
    DecisionStatus.PUBLISHED: "uni : publié",
    DecisionStatus.RETAINED: "contour sombre : retenu",
    DecisionStatus.PROPOSED: "contour violet : proposé",
    DecisionStatus.DRAFT: "hachures : brouillon",
}
#: What is to be known of a sector that the Région has not published.
STATUS_NOTES = {
    DecisionStatus.RETAINED: "Retenu : décidé ici, pas encore publié.",
    DecisionStatus.PROPOSED: "Proposé : dans un scénario, non décidé.",
    DecisionStatus.DRAFT: "Brouillon : proposition de l'outil, pas une décision de la Région.",
}
WIDTH, HEIGHT, MARGIN = 13.333, 7.5, 0.5
INNER = WIDTH - 2 * MARGIN
#: Where the body of a slide begins and ends, in inches from the top.
TOP, BOTTOM = 1.25, 6.95
_LANGUAGE = "fr-FR"


@dataclass(frozen=True, slots=True)
class SlideBox:
    """A place on a slide, in inches."""

    left: float
    top: float
    width: float
    height: float

    @property
    def sizes(self) -> tuple[Emu, Emu, Emu, Emu]:
        """Left, top, width and height as python-pptx takes them."""
        return Inches(self.left), Inches(self.top), Inches(self.width), Inches(self.height)


@dataclass(frozen=True, slots=True)
class TextRun:
    """A piece of text of one look."""

    text: str
    size: float = 14
    bold: bool = False
    colour: str = INK


type TextLine = Sequence[TextRun]


@dataclass(frozen=True, slots=True)
class TableColumn:
    """A column of a table: head, width in inches, whether it holds figures, or names in bold."""

    head: str
    width: float
    numeric: bool = False
    strong: bool = False


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row of a table.

    ``strong`` for a total; ``colours`` of the text of its cells; ``swatch`` fills its first cell
    with a colour of the map, hatched if its second value is true.
    """

    cells: tuple[str, ...]
    strong: bool = False
    fill: str | None = None
    colours: tuple[str, ...] = ()
    swatch: tuple[str, bool] | None = None


def add_slide(deck: Presentation, words: str) -> Slide:
    """Add a slide with its title in the layout's own place."""
    slide: Slide = deck.slides.add_slide(deck.slide_layouts[1])
    title(slide, words, (26, 22, 18, 15), lines=1)
    rule(slide, SlideBox(MARGIN, 1.0, INNER, 0.015), RULE)
    return slide


def title(slide: Slide, words: str, sizes: Sequence[float], lines: int, colour: str = BLUE) -> None:
    """Write a slide's title as large as it fits."""
    size = measure.fitting_size(typeset(words), (INNER - 0.2) * 72, sizes, lines)
    frame = slide.shapes.title.text_frame
    _fill(frame, [[TextRun(words, size, bold=True, colour=colour)]], wrap=True, align=PP_ALIGN.LEFT)
    frame.margin_left = frame.margin_right = 0
    frame.vertical_anchor = MSO_ANCHOR.MIDDLE if lines == 1 else MSO_ANCHOR.BOTTOM


def rule(slide: Slide, box: SlideBox, colour: str) -> BaseShape:
    """Draw a line, as a thin rectangle, or a flat area."""
    shape = slide.shapes.add_shape(MSO_SHAPE.RECTANGLE, *box.sizes)
    shape.fill.solid()
    shape.fill.fore_color.rgb = RGBColor.from_string(colour)
    shape.line.fill.background()
    shape.name = "Filet"
    style = shape._element.find(qn("p:style"))  # noqa: SLF001 - the theme's shadow, no public way
    shape._element.remove(style)  # noqa: SLF001
    return shape


def legend(slide: Slide, box: SlideBox, dossier: Dossier) -> None:
    """Say what the signs of the map beside it mean."""
    found = {zone.status for zone in dossier.zones}
    parts = [said for status, said in _SIGNS.items() if status in found]
    if any(zone.changed for zone in dossier.zones):
        parts.append("tirets orange : modifié")
    parts += ["● lycée", "★ centre support"]
    said = "   ".join(parts)
    size = measure.fitting_size(said, box.width * 72, (10, 9, 8), lines=1)
    text(slide, box, [[TextRun(said, size, colour=MUTED)]])


def footers(deck: Presentation, dossier: Dossier) -> None:
    """Write on each slide which plan it is, and its number."""
    peak = f" · {dossier.peak_note}" if dossier.peak_note else ""
    said = f"{dossier.version.full_name}{peak}"
    size = measure.fitting_size(said, (INNER - 1.2) * 72, (10, 9, 8, 7), lines=1)
    for slide in list(deck.slides)[1:]:
        box = SlideBox(MARGIN, 7.02, INNER - 1, 0.32)
        text(slide, box, [[TextRun(said, size, colour=MUTED)]])
        _number(slide)


def _number(slide: Slide) -> None:
    """Write the slide's number as a field, that PowerPoint keeps up to date."""
    box = SlideBox(WIDTH - MARGIN - 0.9, 7.02, 0.9, 0.32)
    shape = text(slide, box, [[TextRun("0", 10, colour=MUTED)]], PP_ALIGN.RIGHT)
    run = shape.text_frame.paragraphs[0]._p.r_lst[0]  # noqa: SLF001 - no public way
    identity = "{B6F15528-21DE-4FAA-801E-634DDDAF4B2B}"
    field = run.makeelement(qn("a:fld"), {"id": identity, "type": "slidenum"})
    field.extend(list(run))
    run.getparent().replace(run, field)


def text(
    slide: Slide,
    box: SlideBox,
    lines: Iterable[TextLine],
    align: PP_ALIGN = PP_ALIGN.LEFT,
    space: float = 0,
) -> BaseShape:
    """Write lines in a box, ``space`` points after each."""
    shape = slide.shapes.add_textbox(*box.sizes)
    shape.text_frame.margin_left = shape.text_frame.margin_right = 0
    _fill(shape.text_frame, lines, wrap=True, align=align)
    for paragraph in shape.text_frame.paragraphs if space else ():
        paragraph.space_after = Pt(space)
    return shape


def _fill(
    frame: TextFrame, lines: Iterable[TextLine], *, wrap: bool, align: PP_ALIGN | None = None
) -> None:
    frame.word_wrap = wrap
    frame.auto_size = MSO_AUTO_SIZE.NONE
    for rank, line in enumerate(lines):
        paragraph = frame.paragraphs[0] if rank == 0 else frame.add_paragraph()
        if align is not None:
            paragraph.alignment = align
        for piece in line:
            run = paragraph.add_run()
            # an empty run has no size of its own: the line would be as tall as 18 points
            run.text = typeset(piece.text) or NBSP
            run.font.size = Pt(piece.size)
            run.font.bold = piece.bold
            run.font.color.rgb = RGBColor.from_string(piece.colour)
            run._r.get_or_add_rPr().set("lang", _LANGUAGE)  # noqa: SLF001 - no public way


def picture(slide: Slide, box: SlideBox, png: bytes, description: str) -> None:
    """Place a picture with a description for screen readers."""
    shape = slide.shapes.add_picture(io.BytesIO(png), *box.sizes)
    shape.name = "Carte"
    shape._element._nvXxPr.cNvPr.set("descr", typeset(description))  # noqa: SLF001 - no public way


def notes(slide: Slide, sentences: Iterable[str]) -> None:
    """Write what the presenter says."""
    slide.notes_slide.notes_text_frame.text = "\n".join(typeset(line) for line in sentences)


def heights(columns: Sequence[TableColumn], rows: Sequence[TableRow], size: float) -> list[float]:
    """Return the height of each row in points."""
    widths = [column.width * 72 for column in columns]
    return [measure.row_height([typeset(cell) for cell in row.cells], widths, size) for row in rows]


def head_height(columns: Sequence[TableColumn], size: float) -> float:
    """Return the height of the row of heads in points."""
    (height,) = heights(columns, [TableRow(tuple(column.head for column in columns))], size * 1.06)
    return height


def table(
    slide: Slide,
    box: SlideBox,
    columns: Sequence[TableColumn],
    rows: Sequence[TableRow],
    size: float = 11,
) -> float:
    """Draw a native table from the top of a box; return where it ends, in inches."""
    tall = [head_height(columns, size), *heights(columns, rows, size)]
    frame = slide.shapes.add_table(
        len(rows) + 1,
        len(columns),
        Inches(box.left),
        Inches(box.top),
        Inches(sum(column.width for column in columns)),
        Pt(sum(tall)),
    )
    frame.name = "Tableau"
    native = frame.table
    _unstyled(frame._element)  # noqa: SLF001 - no public way
    for rank, column in enumerate(columns):
        native.columns[rank].width = Inches(column.width)
    for rank, height in enumerate(tall):
        native.rows[rank].height = Pt(height)
    for rank, column in enumerate(columns):
        head = TextRun(column.head, size, bold=True, colour="FFFFFF")
        _cell(native.cell(0, rank), head, fill=BLUE, numeric=column.numeric)
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
        _cell(native.cell(at, rank), run, fill=row.fill, numeric=column.numeric)
    if row.swatch is not None:
        _painted(native.cell(at, 0), *row.swatch)


def _cell(cell: _Cell, run: TextRun, *, fill: str | None, numeric: bool) -> None:
    cell.margin_left = cell.margin_right = Pt(measure.CELL_SIDES_PT / 2)
    cell.margin_top = cell.margin_bottom = Pt(measure.CELL_ENDS_PT / 2)
    cell.vertical_anchor = MSO_ANCHOR.MIDDLE
    lines = [[TextRun(part, run.size, run.bold, run.colour)] for part in run.text.split("\n")]
    _fill(cell.text_frame, lines, wrap=True, align=PP_ALIGN.RIGHT if numeric else PP_ALIGN.LEFT)
    if fill is None:
        cell.fill.background()
    else:
        cell.fill.solid()
        cell.fill.fore_color.rgb = RGBColor.from_string(fill)
    _underlined(cell)


def _readable(ground: str) -> str:
    """Return the text colour with more contrast on a ``#rrggbb`` ground: dark or white."""
    white = "FFFFFF"
    return max(INK, white, key=lambda ink: contrast(f"#{ink}", ground))


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
    """Rule a cell off below; python-pptx has no borders."""
    properties = cell._tc.get_or_add_tcPr()  # noqa: SLF001 - no public way
    line = properties.makeelement(qn("a:lnB"), {"w": "9525", "cmpd": "sng"})
    solid = line.makeelement(qn("a:solidFill"), {})
    solid.append(solid.makeelement(qn("a:srgbClr"), {"val": RULE}))
    line.append(solid)
    properties.insert(0, line)


def _unstyled(frame: object) -> None:
    """Take the « no style, no grid » table style, that colours here do not fight with."""
    style = frame.graphic.graphicData.tbl.tblPr.find(qn("a:tableStyleId"))  # type: ignore[attr-defined]
    style.text = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"


def paged(
    columns: Sequence[TableColumn],
    rows: Sequence[TableRow],
    size: float,
    room: float,
) -> list[list[TableRow]]:
    """Split rows over slides, each with ``room`` inches for a table."""
    head = head_height(columns, size)
    tall = heights(columns, rows, size)
    slides: list[list[TableRow]] = [[]]
    used = head
    for row, height in zip(rows, tall, strict=True):
        if slides[-1] and used + height > room * 72:
            slides.append([])
            used = head
        slides[-1].append(row)
        used += height
    return slides

"""Parts of a slide: titles, texts, pictures, notes. Places are in inches."""

import copy
import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate

from pptx.dml.color import RGBColor
from pptx.enum.shapes import MSO_SHAPE, PP_PLACEHOLDER
from pptx.enum.text import MSO_ANCHOR, MSO_AUTO_SIZE, PP_ALIGN
from pptx.oxml import parse_xml
from pptx.oxml.ns import qn
from pptx.shapes.base import BaseShape
from pptx.slide import Slide
from pptx.text.text import TextFrame
from pptx.util import Pt

from geozones.common.french import NBSP, typeset
from geozones.export.deck import page
from geozones.export.deck.page import Deck, SlideBox
from geozones.export.dossier import Dossier
from geozones.export.file_parts import AMBER, BLUE, INK, MUTED, RULE

#: Sizes in points of text for the room, of text beside a map, of text for the record.
BODY, ASIDE, RECORD = 18.0, 16.0, 14.0
#: Most lines of a title; space that a template leaves above and below it, in points.
_TITLE_LINES, _TITLE_END = 2, 3.6
_LANGUAGE = "fr-FR"
_DECORATIVE = (
    '<a:extLst xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main">'
    '<a:ext uri="{C183D7F6-B498-43B3-948B-1728B52AA6E4}">'
    '<adec:decorative xmlns:adec="http://schemas.microsoft.com/office/drawing/2017/decorative" '
    'val="1"/></a:ext></a:extLst>'
)
_NUMBER = "{B6F15528-21DE-4FAA-801E-634DDDAF4B2B}"


@dataclass(frozen=True, slots=True)
class TextRun:
    """Text with one style; at its size or larger."""

    text: str
    size: float = BODY
    bold: bool = False
    colour: str = INK


type TextLine = Sequence[TextRun]


def add_slide(deck: Deck, words: str) -> Slide:
    """Add a slide with its title in the layout's placeholder; remove other placeholders."""
    slide: Slide = deck.presentation.slides.add_slide(deck.layout)
    for shape in list(slide.placeholders):
        if shape.placeholder_format.idx != slide.shapes.title.placeholder_format.idx:
            shape._element.getparent().remove(shape._element)  # noqa: SLF001
    title = slide.shapes.title
    width = (title.width or 0) / 12_700 - 14
    size = _title_size(deck, words, width, (title.height or 0) / 12_700)
    frame = title.text_frame
    if not deck.own:
        # the template's own style; its size only if the words would overflow
        frame.text = typeset(words)
        frame.word_wrap = True
        frame.auto_size = MSO_AUTO_SIZE.NONE
        for run in frame.paragraphs[0].runs:
            run.font.size = Pt(size)
            run._r.get_or_add_rPr().set("lang", _LANGUAGE)  # noqa: SLF001 - no public way
        return slide
    fill(frame, [[TextRun(words, size, bold=True, colour=BLUE)]], align=PP_ALIGN.LEFT)
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
    frame.vertical_anchor = MSO_ANCHOR.MIDDLE
    top = deck.body.top - 0.13
    rule(slide, SlideBox(deck.body.left, top, deck.body.width, 0.015), RULE)
    return slide


def _title_size(deck: Deck, words: str, width: float, height: float) -> float:
    """Return the largest size at which a title fits its box, in points, on two lines at most."""
    room = height if deck.own else height - 2 * _TITLE_END
    for size in deck.title_sizes:
        lines = page.line_count(typeset(words), width, size, bold=True)
        if lines == 1 or (lines == _TITLE_LINES and lines * size * page.LEADING <= room):
            return size
    return deck.title_sizes[-1]


def rule(
    slide: Slide, box: SlideBox, colour: str, kind: MSO_SHAPE = MSO_SHAPE.RECTANGLE
) -> BaseShape:
    """Draw a line, as a thin rectangle, or a flat area; screen readers skip it."""
    shape = slide.shapes.add_shape(kind, *box.sizes)
    shape.fill.solid()
    shape.fill.fore_color.rgb = RGBColor.from_string(colour)
    shape.line.fill.background()
    shape.name = "Filet"
    style = shape._element.find(qn("p:style"))  # noqa: SLF001 - the theme's shadow, no public way
    shape._element.remove(style)  # noqa: SLF001
    shape._element._nvXxPr.cNvPr.append(parse_xml(_DECORATIVE))  # noqa: SLF001 - no public way
    return shape


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
    fill(shape.text_frame, lines, align=align)
    for paragraph in shape.text_frame.paragraphs if space else ():
        paragraph.space_after = Pt(space)
    return shape


def fill(frame: TextFrame, lines: Iterable[TextLine], *, align: PP_ALIGN = PP_ALIGN.LEFT) -> None:
    """Write lines in a frame, one paragraph each."""
    frame.word_wrap = True
    frame.auto_size = MSO_AUTO_SIZE.NONE
    for rank, line in enumerate(lines):
        paragraph = frame.paragraphs[0] if rank == 0 else frame.add_paragraph()
        paragraph.alignment = align
        for piece in line:
            run = paragraph.add_run()
            # an empty run has no size of its own: the line would be as tall as 18 points
            run.text = typeset(piece.text) or NBSP
            run.font.size = Pt(piece.size)
            run.font.bold = piece.bold
            run.font.color.rgb = RGBColor.from_string(piece.colour)
            run._r.get_or_add_rPr().set("lang", _LANGUAGE)  # noqa: SLF001 - no public way


def text_height(words: str, width: float, size: float = BODY, *, bold: bool = False) -> float:
    """Return the height of a text of a width, in inches, at a size in points."""
    lines = page.line_count(typeset(words), width * 72, size, bold=bold)
    return lines * size * page.LEADING / 72


def lines_height(line: TextLine, width: float) -> float:
    """Return the height of a paragraph of several styles in a width, in inches."""
    strong = any(run.bold for run in line)
    words = "".join(run.text for run in line)
    return text_height(words, width, max(run.size for run in line), bold=strong)


def cut_to(
    lines: Sequence[TextLine], box: SlideBox, space: float, others: Callable[[int], str]
) -> list[TextLine]:
    """Return the first lines that fit a box, ``space`` points after each.

    The last one then says how many ``others`` there are.
    """
    heights = [lines_height(line, box.width) + space / 72 for line in lines]
    if sum(heights) <= box.height + 0.01:
        return list(lines)

    def left_out(count: int) -> TextLine:
        return [TextRun(others(count), colour=MUTED)]

    room = box.height - lines_height(left_out(len(lines)), box.width) - space / 72
    kept = sum(used <= room for used in accumulate(heights))
    kept -= kept > 0 and len(lines[kept - 1]) == 1 and lines[kept - 1][0].bold  # no title alone
    return [*lines[:kept], left_out(len(lines) - kept)]


def picture(slide: Slide, box: SlideBox, png: bytes, description: str, name: str = "Carte") -> None:
    """Place a picture with a description for screen readers."""
    shape = slide.shapes.add_picture(io.BytesIO(png), *box.sizes)
    shape.name = name
    shape._element._nvXxPr.cNvPr.set("descr", typeset(description))  # noqa: SLF001 - no public way


def write_notes(slide: Slide, notes: Sequence[str]) -> None:
    """Write the speaker notes of a slide."""
    slide.notes_slide.notes_text_frame.text = "\n".join(map(typeset, notes))


def footers(deck: Deck, dossier: Dossier) -> None:
    """Write the plan's name and the slide number on each slide."""
    words = dossier.version.dated_name
    box = deck.footer
    size = page.fitting_size(words, (box.width - 1.2) * 72, (14, 13, 12, 11, 10), lines=1)
    colour = MUTED if dossier.version.decided else AMBER
    for slide in deck.presentation.slides:
        if _in_placeholders(slide, dossier.version.name):
            continue
        where = SlideBox(box.left, box.top, box.width - 1, box.height)
        shape = text(slide, where, [[TextRun(words, size, colour=colour)]])
        shape.name = "Pied de page"
        number = SlideBox(box.right - 0.9, box.top, 0.9, box.height)
        shape = text(slide, number, [[TextRun("0", 14, colour=MUTED)]], PP_ALIGN.RIGHT)
        shape.name = "Numéro"
        _as_number(shape)


def _in_placeholders(slide: Slide, words: str) -> bool:
    """Fill the layout's own footer and number, if it has a footer; return whether it has."""
    kinds = {shape.placeholder_format.type: shape for shape in slide.slide_layout.placeholders}
    if PP_PLACEHOLDER.FOOTER not in kinds:
        return False
    for kind in (PP_PLACEHOLDER.FOOTER, PP_PLACEHOLDER.SLIDE_NUMBER):
        if kind not in kinds:
            continue
        element = copy.deepcopy(kinds[kind]._element)  # noqa: SLF001 - no public way
        slide.shapes._spTree.append(element)  # noqa: SLF001 - no public way
        shape = slide.shapes[-1]
        shape.name = "Pied de page" if kind is PP_PLACEHOLDER.FOOTER else "Numéro"
        shape.text_frame.text = typeset(words) if kind is PP_PLACEHOLDER.FOOTER else "0"
        if kind is PP_PLACEHOLDER.SLIDE_NUMBER:
            _as_number(shape)
    return True


def _as_number(shape: BaseShape) -> None:
    """Turn a text into the slide's number, a field that PowerPoint updates."""
    run = shape.text_frame.paragraphs[0]._p.r_lst[0]  # noqa: SLF001 - no public way
    field = run.makeelement(qn("a:fld"), {"id": _NUMBER, "type": "slidenum"})
    field.extend(list(run))
    run.getparent().replace(run, field)

"""Deck under construction: its template, two layouts, the parts of a slide, sizes of texts.

The office program lays out text itself, in the deck's typeface where the machine has it, in another
elsewhere. Texts are measured as wide as in DejaVu Sans, the widest that takes its place, so that
words stay in their boxes on any machine. Threads may share a font: Pillow measures without letting
another thread run. Places are in inches.
"""

import copy
import io
import zipfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from itertools import accumulate

import pptx
from PIL import ImageFont
from pptx.dml.color import RGBColor
from pptx.enum.shapes import MSO_SHAPE, PP_PLACEHOLDER
from pptx.enum.text import MSO_ANCHOR, MSO_AUTO_SIZE, PP_ALIGN
from pptx.exc import PythonPptxError
from pptx.opc.constants import RELATIONSHIP_TYPE
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.presentation import Presentation
from pptx.shapes.base import BaseShape
from pptx.shapes.placeholder import LayoutPlaceholder
from pptx.slide import Slide, SlideLayout
from pptx.text.text import TextFrame
from pptx.util import Emu, Inches, Pt

from geozones.common.errors import InputError
from geozones.common.french import NBSP, typeset
from geozones.export.dossier import Dossier
from geozones.export.file_parts import AMBER, BLUE, INK, MUTED, RULE
from geozones.render.typeface import last_resort


@dataclass(frozen=True, slots=True)
class SlideBox:
    """A place on a slide, in inches."""

    left: float
    top: float
    width: float
    height: float

    @property
    def sizes(self) -> tuple[Emu, Emu, Emu, Emu]:
        """Left, top, width and height in the units of python-pptx."""
        return Inches(self.left), Inches(self.top), Inches(self.width), Inches(self.height)

    @property
    def bottom(self) -> float:
        """The bottom, in inches from the top of the slide."""
        return self.top + self.height

    @property
    def right(self) -> float:
        """The right side, in inches from the left of the slide."""
        return self.left + self.width

    def below(self, top: float) -> "SlideBox":
        """Return the rest of the box below a height, in inches from the top of the slide."""
        return SlideBox(self.left, top, self.width, max(self.bottom - top, 0.0))

    def columns(self, count: int, gap: float = 0.22) -> list["SlideBox"]:
        """Split the box into ``count`` columns of equal width."""
        width = (self.width - gap * (count - 1)) / max(count, 1)
        return [
            SlideBox(self.left + rank * (width + gap), self.top, width, self.height)
            for rank in range(count)
        ]


@dataclass(frozen=True, slots=True)
class Deck:
    """Deck under construction."""

    presentation: Presentation  # The file, with its properties.
    layout: SlideLayout  # The layout of the slides, which has a title.
    body: SlideBox  # Boxes for the content of a slide, and for the line below it.
    footer: SlideBox
    title_sizes: Sequence[float]  # Sizes tried for a title, in points, the largest first.
    own: bool = True  # Whether the template is the tool's: titles then have its colours.


#: Typeface of a deck: on every office machine, Liberation Sans and Arimo have its widths.
NAME = "Arial"
#: Height of a line, as a part of the size: Carlito has the highest.
LEADING = 1.22
#: Space that a cell leaves around its text, in points: both sides, above and below.
CELL_SIDES_PT, CELL_ENDS_PT = 10.0, 7.0
_MEASURED_AT = 100
#: Width of 95 of 100 French texts in DejaVu Sans, regular and bold, as parts of that in Arimo.
_WIDEST = (1.16, 1.31)


@lru_cache(maxsize=1)
def _font() -> ImageFont.FreeTypeFont:
    path = last_resort("regular")
    return ImageFont.truetype(path, _MEASURED_AT, layout_engine=ImageFont.Layout.BASIC)


@lru_cache(maxsize=8192)
def width_pt(text: str, size_pt: float, *, bold: bool = False) -> float:
    """Return the width of a text in points."""
    width = float(_font().getlength(text)) * _WIDEST[bold]
    return width * size_pt / _MEASURED_AT


def line_count(text: str, width: float, size_pt: float, *, bold: bool = False) -> int:
    """Return the number of lines of a text in a width in points; a word too long is cut."""
    lines = 0
    for paragraph in text.split("\n"):
        lines += 1
        used = 0.0
        for word in paragraph.split(" "):
            need = width_pt(word, size_pt, bold=bold)
            if used and used + need > width:
                lines, used = lines + 1, 0.0
            while need > width:
                lines, need = lines + 1, need - width
            used += need + width_pt(" ", size_pt, bold=bold)
    return lines


def row_height(
    cells: Sequence[str], widths: Sequence[float], size_pt: float, bold: Sequence[bool]
) -> float:
    """Return the height in points of a row of cells, each with its column's width in points."""
    most = max(
        line_count(text, width - CELL_SIDES_PT, size_pt, bold=strong)
        for text, width, strong in zip(cells, widths, bold, strict=True)
    )
    return most * size_pt * LEADING + CELL_ENDS_PT


def fitting_size(text: str, width: float, sizes: Sequence[float], lines: int) -> float:
    """Return the largest size in points at which a text takes at most ``lines`` lines."""
    for size in sizes:
        if line_count(text, width, size) <= lines:
            return size
    return sizes[-1]


WIDTH, HEIGHT, MARGIN = 13.333, 7.5, 0.5
INNER = WIDTH - 2 * MARGIN
#: The tool's own layout: boxes of title, body and footer.
_TITLE = SlideBox(MARGIN, 0.3, INNER, 0.95)
_FIRST = SlideBox(MARGIN, 1.7, INNER, 2.0)
_BODY = SlideBox(MARGIN, 1.4, INNER, 5.5)
_FOOTER = SlideBox(MARGIN, 7.0, INNER, 0.36)
_FIRST_LAYOUT, _TITLE_ONLY = 0, 5
#: Least ratio of width over height, that of 4:3 but for rounding, and least room under a title, in
#: inches.
_WIDE, _LEAST_BODY = 1.3, 3.0
#: Parts of a slide that a title takes in a template that has no place for one: left, top, right,
#: bottom.
_TITLE_PARTS = (0.05, 0.05, 0.95, 0.17)
_TITLE_XML = (
    f'<p:sp {nsdecls("a", "p")}><p:nvSpPr><p:cNvPr id="{{id}}" name="Titre"/><p:cNvSpPr>'
    '<a:spLocks noGrp="1"/></p:cNvSpPr><p:nvPr><p:ph type="title"/></p:nvPr></p:nvSpPr>'
    "<p:spPr/><p:txBody><a:bodyPr/><a:lstStyle/><a:p/></p:txBody></p:sp>"
)
MOST_MB, _MOST_INFLATED = 20, 300_000_000
_TITLES = frozenset({PP_PLACEHOLDER.TITLE, PP_PLACEHOLDER.CENTER_TITLE})
_FOOTING = frozenset({PP_PLACEHOLDER.FOOTER, PP_PLACEHOLDER.SLIDE_NUMBER, PP_PLACEHOLDER.DATE})


def new_deck(dossier: Dossier, template: bytes | None = None) -> Deck:
    """Return an empty deck whose properties name the plan."""
    deck = _own() if template is None else _from(template)
    version = dossier.version
    date = datetime.fromisoformat(version.file_date)
    properties = deck.presentation.core_properties
    properties.title = typeset(dossier.title)
    properties.subject = version.full_name
    properties.author = properties.last_modified_by = "geozones"
    properties.language = "fr-FR"
    properties.version = version.fingerprint
    properties.created = properties.modified = date
    properties.revision = 1
    return deck


def check_template(content: bytes) -> None:
    """Raise ``InputError`` if a template cannot be used; the message gives the reason."""
    _from(content)


def _own() -> Deck:
    deck = pptx.Presentation()
    deck.slide_width, deck.slide_height = Inches(WIDTH), Inches(HEIGHT)
    places = {_FIRST_LAYOUT: _FIRST, _TITLE_ONLY: _TITLE}
    for rank, layout in enumerate(list(deck.slide_layouts)):
        if rank not in places:
            deck.slide_layouts.remove(layout)
            continue
        _only_title(list(layout.placeholders), places[rank])
    _only_title(list(deck.slide_master.placeholders), _TITLE)
    part = deck.slide_master.part.part_related_by(RELATIONSHIP_TYPE.THEME)
    part._blob = part.blob.replace(b"Calibri", NAME.encode())  # noqa: SLF001
    _, layout = list(deck.slide_layouts)
    return Deck(deck, layout, _BODY, _FOOTER, (30, 28, 26, 24, 22, 20, 18))


def _only_title(placeholders: list[LayoutPlaceholder], place: SlideBox) -> None:
    for shape in placeholders:
        if shape.placeholder_format.idx == 0:
            shape.left, shape.top, shape.width, shape.height = place.sizes
        else:
            shape._element.getparent().remove(shape._element)  # noqa: SLF001


def _from(content: bytes) -> Deck:
    """Return a deck over a template: its masters and layouts, none of its slides."""
    _refuse_unsafe(content)
    try:
        deck = pptx.Presentation(io.BytesIO(content))
        width, height = deck.slide_width, deck.slide_height
        layouts = [layout for master in deck.slide_masters for layout in master.slide_layouts]
        ids = deck.slides._sldIdLst  # noqa: SLF001 - no public way
        for entry in list(ids):
            deck.part.drop_rel(entry.rId)
            ids.remove(entry)
    except (PythonPptxError, KeyError, ValueError, AttributeError, SyntaxError) as error:
        raise InputError(
            "Le modèle ne peut pas être lu : ce n'est pas un fichier PowerPoint (.pptx) entier."
        ) from error
    if not width or not height or width / height < _WIDE:
        raise InputError(
            "Le modèle est trop étroit : choisissez le format 16:9 ou 4:3 (Création, Taille)."
        )
    if not layouts:
        raise InputError("Le modèle n'a aucune disposition : ajoutez-en une au masque.")
    titled = [layout for layout in layouts if _title_of(layout) is not None]
    if not titled:
        titled = [min(layouts, key=_extra)]
        layout = titled[0]
        taken = max((shape.shape_id for shape in layout.shapes), default=1)
        layout.shapes._spTree.append(parse_xml(_TITLE_XML.format(id=taken + 1)))  # noqa: SLF001
        title = _title_of(layout)
        assert title is not None  # noqa: S101 - just added
        left, top, right, bottom = _TITLE_PARTS
        title.left, title.top = Emu(int(left * width)), Emu(int(top * height))
        title.width, title.height = (
            Emu(int((right - left) * width)),
            Emu(int((bottom - top) * height)),
        )
    chosen = min(titled, key=lambda layout: (_is_centred(layout), _extra(layout)))
    body, footer = _body_of(chosen, width / 914_400, height / 914_400)
    if body.height < _LEAST_BODY:
        raise InputError("Le titre du modèle laisse trop peu de place en dessous pour une carte.")
    return Deck(deck, chosen, body, footer, (30, 28, 26, 24, 22, 20, 18), own=False)


def _refuse_unsafe(content: bytes) -> None:
    """Raise for a file that is no presentation, holds macros or would fill the memory."""
    if len(content) > MOST_MB * 1_000_000:
        raise InputError(f"Le modèle dépasse {MOST_MB} Mo : enlevez-en les images inutiles.")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            infos = archive.infolist()
            names = {info.filename.casefold() for info in infos}
            if sum(info.file_size for info in infos) > _MOST_INFLATED:
                raise InputError(
                    "Le modèle est trop lourd une fois décompressé : ce n'est pas un modèle."
                )
            types = archive.read("[Content_Types].xml") if archive.testzip() is None else b""
    except (zipfile.BadZipFile, KeyError, OSError, RuntimeError, NotImplementedError) as error:
        raise InputError(
            "Le modèle est abîmé : ce n'est pas un fichier PowerPoint (.pptx) entier."
        ) from error
    if any("vbaproject" in name for name in names) or b"macroenabled" in types.lower():
        raise InputError("Le modèle contient des macros : enregistrez-le en .pptx, sans macro.")


def _title_of(layout: SlideLayout) -> LayoutPlaceholder | None:
    for shape in layout.placeholders:
        if shape.placeholder_format.type in _TITLES:
            return shape
    return None


def _is_centred(layout: SlideLayout) -> bool:
    title = _title_of(layout)
    return title is not None and title.placeholder_format.type == PP_PLACEHOLDER.CENTER_TITLE


def _extra(layout: SlideLayout) -> int:
    """Count the placeholders that a slide of the tool would leave empty."""
    kinds = [shape.placeholder_format.type for shape in layout.placeholders]
    return sum(kind not in _TITLES and kind not in _FOOTING for kind in kinds)


def _body_of(layout: SlideLayout, width: float, height: float) -> tuple[SlideBox, SlideBox]:
    """Return the room under a layout's title, above its footer, and the room of the footer."""
    title = _title_of(layout)
    assert title is not None  # noqa: S101 - who calls chose it so
    left, top = (title.left or 0) / 914_400, ((title.top or 0) + (title.height or 0)) / 914_400
    across = (title.width or 0) / 914_400 or width - 2 * left
    tops = [
        shape.top / 914_400
        for shape in layout.placeholders
        if shape.placeholder_format.type in _FOOTING and shape.top
    ]
    bottom = min([top for top in tops if top > height / 2], default=height - 0.5)
    body = SlideBox(left, top + 0.1, across, bottom - top - 0.2)
    return body, SlideBox(left, bottom, across, 0.36)


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
        lines = line_count(typeset(words), width, size, bold=True)
        if lines == 1 or (lines == _TITLE_LINES and lines * size * LEADING <= room):
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
    lines = line_count(typeset(words), width * 72, size, bold=bold)
    return lines * size * LEADING / 72


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
    size = fitting_size(words, (box.width - 1.2) * 72, (14, 13, 12, 11, 10), lines=1)
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

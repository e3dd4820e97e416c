"""Template of a deck: the tool's own, or a template of the Région, checked before use."""

import io
import zipfile
from datetime import datetime

import pptx
from pptx.enum.shapes import PP_PLACEHOLDER
from pptx.exc import PythonPptxError
from pptx.opc.constants import RELATIONSHIP_TYPE
from pptx.presentation import Presentation
from pptx.shapes.placeholder import LayoutPlaceholder
from pptx.slide import SlideLayout
from pptx.util import Inches

from geozones.common.errors import InputError
from geozones.export.deck import measure
from geozones.export.deck.page import Deck, SlideBox
from geozones.export.dossier import Dossier
from geozones.export.text import typeset

WIDTH, HEIGHT, MARGIN = 13.333, 7.5, 0.5
INNER = WIDTH - 2 * MARGIN
#: The tool's own layout: boxes of title, body and footer.
_TITLE = SlideBox(MARGIN, 0.3, INNER, 0.95)
_FIRST = SlideBox(MARGIN, 1.7, INNER, 2.0)
_BODY = SlideBox(MARGIN, 1.4, INNER, 5.5)
_FOOTER = SlideBox(MARGIN, 7.0, INNER, 0.36)
_FIRST_LAYOUT, _TITLE_ONLY = 0, 5
#: Least ratio of width over height, and least room under a title, in inches.
_WIDE, _LEAST_BODY = 1.6, 3.0
MOST_MB, _MOST_INFLATED = 20, 300_000_000
_TITLES = frozenset({PP_PLACEHOLDER.TITLE, PP_PLACEHOLDER.CENTER_TITLE})
_FOOTING = frozenset({PP_PLACEHOLDER.FOOTER, PP_PLACEHOLDER.SLIDE_NUMBER, PP_PLACEHOLDER.DATE})


def new_deck(dossier: Dossier, template: bytes | None = None) -> Deck:
    """Return an empty deck whose properties name the plan.

    Raises
    ------
    InputError
        If the template cannot be used; the message gives the reason.
    """
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
    part._blob = part.blob.replace(b"Calibri", measure.NAME.encode())  # noqa: SLF001
    first, others = list(deck.slide_layouts)
    return Deck(deck, first, others, _BODY, _FOOTER, (30, 28, 26, 24, 22, 20, 18))


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
        _without_slides(deck)
    except (PythonPptxError, KeyError, ValueError, AttributeError, SyntaxError) as error:
        msg = "Le modèle ne peut pas être lu : ce n'est pas un fichier PowerPoint (.pptx) entier."
        raise InputError(msg) from error
    if not width or not height or width / height < _WIDE:
        msg = "Le modèle n'est pas au format 16:9 : choisissez-en un large (Création, Taille)."
        raise InputError(msg)
    titled = [layout for layout in layouts if _title_of(layout) is not None]
    if not titled:
        msg = "Aucune disposition du modèle n'a d'emplacement de titre : ajoutez-en un au masque."
        raise InputError(msg)
    others = min(titled, key=lambda layout: (_is_centred(layout), _extra(layout)))
    first = next((layout for layout in titled if _is_centred(layout)), others)
    body, footer = _body_of(others, width / 914_400, height / 914_400)
    if body.height < _LEAST_BODY:
        msg = "Le titre du modèle laisse trop peu de place en dessous pour une carte."
        raise InputError(msg)
    return Deck(deck, first, others, body, footer, (30, 28, 26, 24, 22, 20, 18), own=False)


def _refuse_unsafe(content: bytes) -> None:
    """Raise for a file that is no presentation, holds macros or would fill the memory."""
    if len(content) > MOST_MB * 1_000_000:
        msg = f"Le modèle dépasse {MOST_MB} Mo : enlevez-en les images inutiles."
        raise InputError(msg)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            infos = archive.infolist()
            names = {info.filename.casefold() for info in infos}
            if sum(info.file_size for info in infos) > _MOST_INFLATED:
                msg = "Le modèle est trop lourd une fois décompressé : ce n'est pas un modèle."
                raise InputError(msg)
            types = archive.read("[Content_Types].xml") if archive.testzip() is None else b""
    except (zipfile.BadZipFile, KeyError, OSError, RuntimeError, NotImplementedError) as error:
        msg = "Le modèle est abîmé : ce n'est pas un fichier PowerPoint (.pptx) entier."
        raise InputError(msg) from error
    if any("vbaproject" in name for name in names) or b"macroenabled" in types.lower():
        msg = "Le modèle contient des macros : enregistrez-le en .pptx, sans macro."
        raise InputError(msg)


def _without_slides(deck: Presentation) -> None:
    ids = deck.slides._sldIdLst  # noqa: SLF001 - no public way
    for entry in list(ids):
        deck.part.drop_rel(entry.rId)
        ids.remove(entry)


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

"""The deck's own template: 16:9, two layouts, French, the tool's colours."""

from datetime import datetime

import pptx
from pptx.opc.constants import RELATIONSHIP_TYPE
from pptx.presentation import Presentation
from pptx.util import Inches

from geozones.export.deck.parts import HEIGHT, INNER, MARGIN, WIDTH
from geozones.export.dossier import Dossier
from geozones.export.text import typeset

_TITLE_ONLY = 5
_PLACES = {
    0: (MARGIN, 1.7, INNER, 2.0),
    5: (MARGIN, 0.28, INNER, 0.7),
}
_NO_DATE = "2025-06-11"


def new_deck(dossier: Dossier) -> Presentation:
    """Return an empty deck whose properties say which plan it is."""
    deck = pptx.Presentation()
    deck.slide_width, deck.slide_height = Inches(WIDTH), Inches(HEIGHT)
    _keep_layouts(deck)
    _theme(deck)
    version = dossier.version
    date = datetime.fromisoformat(version.date or _NO_DATE)
    properties = deck.core_properties
    properties.title = typeset(dossier.title)
    properties.subject = version.full_name
    properties.author = properties.last_modified_by = "geozones"
    properties.language = "fr-FR"
    properties.version = version.mark
    properties.created = properties.modified = date
    properties.revision = 1
    return deck


def _keep_layouts(deck: Presentation) -> None:
    """Keep two layouts, with their titles where 16:9 wants them."""
    layouts = list(deck.slide_layouts)
    for rank, layout in enumerate(layouts):
        if rank not in _PLACES:
            deck.slide_layouts.remove(layout)
            continue
        for shape in list(layout.placeholders):
            if shape.placeholder_format.idx == 0:
                shape.left, shape.top, shape.width, shape.height = (
                    Inches(side) for side in _PLACES[rank]
                )
            else:
                shape._element.getparent().remove(shape._element)  # noqa: SLF001
    master = deck.slide_master
    for shape in list(master.placeholders):
        if shape.placeholder_format.idx == 0:
            shape.left, shape.top, shape.width, shape.height = (
                Inches(side) for side in _PLACES[_TITLE_ONLY]
            )
        else:
            shape._element.getparent().remove(shape._element)  # noqa: SLF001


def _theme(deck: Presentation) -> None:
    part = deck.slide_master.part.part_related_by(RELATIONSHIP_TYPE.THEME)
    part._blob = part.blob.replace(b"Calibri", b"Arial")  # noqa: SLF001

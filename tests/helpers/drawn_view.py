"""Words of pictures, read off their pages set as PDF."""

import io
import re

from pypdf import PdfReader

from geozones.export import Dossier
from geozones.export.pictures import figure_of, typeset_figure
from geozones.render.figure import Figure


def page_words(figure: Figure) -> str:
    """Return the words of a picture on one line, with plain spaces."""
    (page,) = PdfReader(io.BytesIO(typeset_figure(figure, "pdf"))).pages
    return re.sub(r"\s+", " ", page.extract_text().replace("-\n", "-"))


def drawn_view(view: Dossier) -> bytes:
    """Return the words of the picture of a view."""
    return page_words(figure_of(view, "hd")).encode()

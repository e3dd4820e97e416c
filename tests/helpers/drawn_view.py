"""Picture of a dossier's view as an SVG, whose words a test can read."""

from geozones.export import Dossier
from geozones.export.pictures import figure_of, sheet_of


def drawn_view(view: Dossier) -> bytes:
    """Return the drawing that a PNG of the view holds, as an SVG."""
    return figure_of(view, sheet_of(view, "hd")).encode()

"""Picture of a dossier's view as an SVG, whose words a test can read."""

from geozones.export import Dossier
from geozones.export.pictures import figure_of, sheet_of, svg_part


def drawn_view(view: Dossier) -> bytes:
    """Return the picture that a PNG of the view holds, as an SVG."""
    sheet = sheet_of(view, "hd")
    return svg_part(figure_of(view, sheet), sheet)

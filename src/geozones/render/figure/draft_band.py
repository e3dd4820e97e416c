"""Band above a map that marks an undecided plan, clear of the names on the map."""

from geozones.domain.terms import worded
from geozones.render.figure.canvas import Canvas, StrokeStyle, TextStyle
from geozones.render.figure.fonts import wrap
from geozones.render.figure.map_frame import Box
from geozones.render.figure.subject import PictureSubject

UNDECIDED = "NON DÉCIDÉ : ce plan est un scénario."
DRAFTS = "Hachures : BROUILLON de l'outil, pas une décision {of_the_organisation}."
_SIZE, _LEADING, _PAD, _GAP = 16.0, 1.3, 8.0, 8.0
_PAPER, _INK, _EDGE = "#fff4dd", "#7a4300", "#b98030"


def draw_band(
    canvas: Canvas,
    subject: PictureSubject,
    box: Box,
    undecided: bool,  # noqa: FBT001 - what the band is about
) -> Box:
    """Print the band, if any, at the top of a box; return the rest of the box."""
    sentences = [UNDECIDED] if undecided else []
    sentences += [worded(DRAFTS)] if any(zone.draft for zone in subject.zones) else []
    if not sentences:
        return box
    style = TextStyle(_SIZE, "bold", _INK)
    lines = wrap(" ".join(sentences), _SIZE, box.width - 4 * _PAD, "bold", most=3)
    high = _SIZE * _LEADING * len(lines) + 1.2 * _PAD
    band = Box(box.left, box.top - high, box.right, box.top)
    canvas.panel(band, _PAPER, StrokeStyle(_EDGE, 1.5), 8.0, radius=4)
    at = (band.left + 2 * _PAD, band.top - 0.6 * _PAD)
    canvas.block(at, lines, style, "label-band", _LEADING)
    return box._replace(top=band.bottom - _GAP)

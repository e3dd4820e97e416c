"""Markers of lycées: a ring, dashed if the position is approximate; a star: support centre."""

from collections.abc import Sequence

import numpy as np
from matplotlib.patches import Circle, RegularPolygon
from matplotlib.path import Path

from geozones.render.colour import mixed
from geozones.render.figure.canvas import Canvas, StrokeStyle, TextStyle
from geozones.render.figure.draw_ground import OUTSIDE
from geozones.render.figure.map_frame import Box
from geozones.render.scene import LyceePoint
from geozones.render.signs import MOVED

type Point = tuple[float, float]

#: Radius of a lycée's ring, and half the side of a support centre's square, in units.
RADIUS, HALF = 5.2, 8.0
#: Length of the head of an arrow, and its colour.
_ARROW, _ARROW_INK = 15.0, "#15202b"
#: Size of the text of a zone's number; its disc is 1.64 times as wide.
BADGE = 14.0


def half_of(point: LyceePoint) -> float:
    """Return the half side of the box of a lycée's marker, in units."""
    return HALF if point.role == "support" else RADIUS + 1.2


def box_of(point: LyceePoint, at: Sequence[float]) -> Box:
    """Return the box of a lycée's marker at a place of the sheet."""
    reach = half_of(point)
    return Box(at[0] - reach, at[1] - reach, at[0] + reach, at[1] + reach)


def draw_markers(  # noqa: PLR0913 - what is drawn, and how
    canvas: Canvas,
    points: Sequence[LyceePoint],
    places: np.ndarray,
    layer: float,
    moved: frozenset[str] = frozenset(),
    *,
    dots: bool = False,
) -> None:
    """Draw the markers of lycées at positions, float[n, (x, y)]; yellow for those in ``moved``.

    ``dots``: lycées that are neither moved nor support centres are only dots.
    """
    for point, at in zip(points, places.tolist(), strict=True):
        if dots and point.id not in moved and point.role != "support":
            draw_dot(canvas, (at[0], at[1]), point.ink, layer)
        elif point.role == "support":
            draw_star(canvas, at, point.ink, layer + 0.02)
        else:
            fill = MOVED if point.id in moved else "#ffffff"
            stroke = ring_stroke(point.ink, approximate=point.approximate)
            # over the dots nearby
            draw_ring(canvas, at, stroke, layer + 0.05 * (point.id in moved), fill)


def draw_faint(canvas: Canvas, places: np.ndarray, box: Box, layer: float) -> None:
    """Draw the lycées outside the picture's subject faintly, at positions, float[n, (x, y)]."""
    for x, y in places.tolist():
        if box.inset(6).holds(Box(x, y, x, y)):
            tone = mixed("#5a6670", OUTSIDE, 0.45)
            dot = Circle((x, y), 2.4, facecolor=tone, edgecolor="none", zorder=layer)
            canvas.axes.add_artist(dot)


def draw_dot(canvas: Canvas, at: tuple[float, float], colour: str, layer: float) -> None:
    """Draw the dot of a town."""
    for radius, tone, up in ((3.4, "#ffffff", 0.0), (2.3, colour, 0.01)):
        dot = Circle(at, radius, facecolor=tone, edgecolor="none", zorder=layer + up)
        canvas.axes.add_artist(dot)


def draw_ring(
    canvas: Canvas,
    at: Sequence[float],
    stroke: StrokeStyle,
    layer: float,
    fill: str = "#ffffff",
) -> None:
    """Draw the marker of a lycée; ``stroke`` comes from `ring_stroke`."""
    middle = (at[0], at[1])
    around = Circle(middle, RADIUS + 2.0, facecolor="#ffffff", edgecolor="none", zorder=layer)
    ring = Circle(
        middle,
        RADIUS,
        facecolor=fill,
        edgecolor=stroke.colour,
        linewidth=canvas.points(stroke.width),
        linestyle=canvas.dashes(stroke),
        zorder=layer + 0.01,
    )
    canvas.axes.add_artist(around)
    canvas.axes.add_artist(ring)


def ring_stroke(colour: str, *, approximate: bool = False) -> StrokeStyle:
    """Return the stroke of a lycée's ring, dashed if its position is approximate."""
    return StrokeStyle(colour, 2.5, (2.5, 1.75) if approximate else ())


def draw_star(canvas: Canvas, at: Sequence[float], ink: str, layer: float) -> None:
    """Draw the marker of a support centre."""
    x, y = at
    square = Box(x - HALF, y - HALF, x + HALF, y + HALF)
    canvas.panel(square.inset(-1.6), "#ffffff", layer=layer, radius=3.6)
    canvas.panel(square, ink, layer=layer + 0.01, radius=2.6)
    star = Path.unit_regular_star(5, 0.42).vertices
    corners = np.asarray(star) * 5.6 + (x, y - 0.4)
    canvas.polygon(corners, "#ffffff", layer + 0.02)


def draw_arrow(canvas: Canvas, start: Point, end: Point, layer: float) -> None:
    """Draw the arrow of a lycée that moves; nothing if it is too short to be seen."""
    way = np.array(end) - np.array(start)
    length = float(np.hypot(*way))
    if length < 2 * RADIUS + _ARROW:
        return
    along = way / length
    side = np.array((-along[1], along[0])) * _ARROW * 0.45
    first, tip = np.array(start) + along * (RADIUS + 3), np.array(end)
    back = tip - along * _ARROW
    for stroke, up in ((StrokeStyle("#ffffff", 6.4), 0.0), (StrokeStyle(_ARROW_INK, 3.0), 0.01)):
        canvas.lines([np.array((first, back))], stroke, layer + up)
    grown = along * 2.4, side * 1.4
    outer = [tip + grown[0], back - grown[0] + grown[1], back - grown[0] - grown[1]]
    canvas.polygon(np.array([*outer, outer[0]]), "#ffffff", layer)
    canvas.polygon(np.array((tip, back + side, back - side, tip)), _ARROW_INK, layer + 0.02)


def draw_diamond(canvas: Canvas, at: Sequence[float], layer: float) -> None:
    """Draw the marker of a searched place that is not a lycée."""
    sign = RegularPolygon(
        (at[0], at[1]),
        4,
        radius=11,
        facecolor=MOVED,
        edgecolor="#15202b",
        linewidth=canvas.points(3),
        zorder=layer,
    )
    canvas.axes.add_artist(sign)


def draw_badge(canvas: Canvas, at: tuple[float, float], number: int, style: TextStyle) -> None:
    """Draw a zone's number around a point, in a disc of a style's colour, size and layer."""
    size, ink, layer = style.size, style.colour, style.layer
    disc = Circle(
        at, size * 0.82, facecolor=ink, edgecolor="#ffffff", linewidth=canvas.points(1.6),
        zorder=layer,
    )  # fmt: skip
    canvas.axes.add_artist(disc)
    small = size if number < 10 else size * 0.86
    white = TextStyle(small, "bold", "#ffffff", align="center", layer=layer + 0.01)
    canvas.text((at[0], at[1] - size * 0.365), str(number), white)

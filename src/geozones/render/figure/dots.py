"""Lycées as points: a ring, a star in a square for a support centre, dashes for « about here »."""

from collections.abc import Sequence

import numpy as np
from matplotlib.patches import Circle, RegularPolygon
from matplotlib.path import Path

from geozones.render.figure.canvas import Canvas, Ink, Type
from geozones.render.figure.frame import Box
from geozones.render.figure.ground import OUTSIDE, mixed
from geozones.render.scene import LyceePoint

#: Radius of a lycée's point, half the side of a support centre's square.
RADIUS, HALF = 5.2, 8.0
MOVED = "#ffd23f"
#: Size of a zone's number; its disc is 1.64 times as wide.
BADGE = 14.0


def half_of(point: LyceePoint) -> float:
    """Return how far a point's sign reaches from its place."""
    return HALF if point.role == "support" else RADIUS + 1.2


def box_of(point: LyceePoint, at: Sequence[float]) -> Box:
    """Return the box that a point's sign covers."""
    reach = half_of(point)
    return Box(at[0] - reach, at[1] - reach, at[0] + reach, at[1] + reach)


def draw_dots(
    canvas: Canvas,
    points: Sequence[LyceePoint],
    places: np.ndarray,
    layer: float,
    moved: frozenset[str] = frozenset(),
) -> None:
    """Draw lycées at places on the sheet, float[n, 2]; those that moved on a yellow ground."""
    for point, at in zip(points, places.tolist(), strict=True):
        if point.role == "support":
            draw_star(canvas, at, point.ink, layer + 0.02)
        else:
            fill = MOVED if point.id in moved else "#ffffff"
            ink = ring_ink(point.ink, approximate=point.approximate)
            draw_ring(canvas, at, ink, layer, fill)


def draw_faint(canvas: Canvas, places: np.ndarray, box: Box, layer: float) -> None:
    """Draw lycées that the picture is not about."""
    for x, y in places.tolist():
        if box.inset(6).holds(Box(x, y, x, y)):
            tone = mixed("#5a6670", OUTSIDE, 0.45)
            dot = Circle((x, y), 2.4, facecolor=tone, edgecolor="none", zorder=layer)
            canvas.axes.add_artist(dot)


def draw_ring(
    canvas: Canvas,
    at: Sequence[float],
    ink: Ink,
    layer: float,
    fill: str = "#ffffff",
) -> None:
    """Draw the sign of a lycée, its ring in an ink of `ring_ink`."""
    middle = (at[0], at[1])
    around = Circle(middle, RADIUS + 2.0, facecolor="#ffffff", edgecolor="none", zorder=layer)
    ring = Circle(
        middle,
        RADIUS,
        facecolor=fill,
        edgecolor=ink.colour,
        linewidth=canvas.points(ink.width),
        linestyle=canvas.dashes(ink),
        zorder=layer + 0.01,
    )
    canvas.axes.add_artist(around)
    canvas.axes.add_artist(ring)


def ring_ink(colour: str, *, approximate: bool = False) -> Ink:
    """Return how a lycée's ring is drawn: dashed where its place is not exactly known."""
    return Ink(colour, 2.5, (2.5, 1.75) if approximate else ())


def draw_star(canvas: Canvas, at: Sequence[float], ink: str, layer: float) -> None:
    """Draw the sign of a support centre."""
    x, y = at
    square = Box(x - HALF, y - HALF, x + HALF, y + HALF)
    canvas.panel(square.inset(-1.6), "#ffffff", layer=layer, radius=3.6)
    canvas.panel(square, ink, layer=layer + 0.01, radius=2.6)
    star = Path.unit_regular_star(5, 0.42).vertices
    corners = np.asarray(star) * 5.6 + (x, y - 0.4)
    canvas.polygon(corners, "#ffffff", layer + 0.02)


def draw_diamond(canvas: Canvas, at: Sequence[float], layer: float) -> None:
    """Draw the sign of a place that is asked about and is no lycée."""
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


def draw_badge(
    canvas: Canvas, at: tuple[float, float], number: int, ink: str, layer: float
) -> None:
    """Draw a zone's number in a disc around a point."""
    size = BADGE
    disc = Circle(
        at, size * 0.82, facecolor=ink, edgecolor="#ffffff", linewidth=canvas.points(1.6),
        zorder=layer,
    )  # fmt: skip
    canvas.axes.add_artist(disc)
    small = size if number < 10 else size * 0.86
    kind = Type(small, "bold", "#ffffff", align="center", layer=layer + 0.01)
    canvas.text((at[0], at[1] - size * 0.365), str(number), kind)

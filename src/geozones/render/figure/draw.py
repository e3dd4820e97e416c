"""Drawing of a map that is laid out, as SVG."""

import numpy as np

from geozones.render.figure.basemap import DARK, draw_basemap
from geozones.render.figure.canvas import Box, Canvas, StrokeStyle, TextStyle, fit
from geozones.render.figure.cartons import draw_cartons
from geozones.render.figure.insets import TITLE, Inset
from geozones.render.figure.labels import draw_label, text_style
from geozones.render.figure.map_layout import MapLayout
from geozones.render.figure.subject import (
    PictureSubject,
    draw_arrow,
    draw_diamond,
    draw_faint,
    draw_markers,
)
from geozones.render.map_ground import MapGround
from geozones.render.sheet import LEAST_IN_ROOM


def draw_map(layout: MapLayout, ground: MapGround) -> str:
    """Draw a map according to its layout; the lycées that move are yellow, each with its arrow."""
    subject, frame = layout.subject, layout.frame
    scene, moved = subject.scene, subject.moved
    canvas = Canvas(frame.box)
    draw_basemap(canvas, scene, ground, frame)
    if subject.others:
        others = frame.points(np.array([(p.lon, p.lat) for p in subject.others]))
        draw_faint(canvas, others, frame.box, 2.0)
    draw_markers(canvas, layout.points, layout.places, 3.0, moved, dots=subject.dots)
    for start, end in layout.arrows:
        draw_arrow(canvas, start, end, 3.4)
    if scene.pin is not None:
        draw_diamond(canvas, frame.point(scene.pin.lat, scene.pin.lon), 3.5)
    for inset in layout.insets:
        places = frame.points(np.array([(point.lon, point.lat) for point in inset.points]))
        draw_markers(canvas, inset.points, places, 3.55, dots=True)
        _inset(canvas, inset, subject, ground)
    draw_cartons(canvas, layout.cartons, ground)
    for label, position in layout.labels:
        draw_label(canvas, label, position, 8.0)
    return canvas.svg()


def _inset(canvas: Canvas, inset: Inset, subject: PictureSubject, ground: MapGround) -> None:
    box, points, dots = inset.box, inset.points, subject.dots
    for stroke, layer in ((StrokeStyle("#ffffff", 4.0), 3.6), (StrokeStyle(DARK, 1.3), 3.61)):
        canvas.panel(inset.extent, "none", stroke, layer, radius=5)
    draw_basemap(canvas, subject.scene, ground.near, inset.frame, 4.0)
    draw_markers(canvas, points, inset.places, 5.0, dots=dots)
    for label, position in inset.labels:
        draw_label(canvas, label, position, 8.0)
    canvas.panel(box, "none", StrokeStyle("#ffffff", 5), 6.0, radius=2)
    canvas.panel(box, "none", StrokeStyle(DARK, 1.5), 6.1, radius=2)
    # print the title of an inset in a band, after its letter, which stands beside its town too
    box, code = inset.box, inset.points[0].id
    band = box._replace(bottom=box.top - TITLE + 1)
    canvas.panel(band, "#ffffff", StrokeStyle(DARK, 1.5), 6.05, radius=2)
    at = band._replace(right=band.left + band.height)
    size = LEAST_IN_ROOM if subject.room else 13.0
    _letter(canvas, inset.letter, at, 6.2, size, f"label-letter-{code}-0")
    _letter(canvas, inset.letter, inset.tag, 3.7, size, f"label-tag-{code}-0")
    style = text_style("zone", DARK)
    title = fit(inset.title, style.size, box.width - 40, style.face)
    canvas.text((box.left + 31, box.top - 17), title, style, gid=f"label-inset-{code}-0")


def _letter(canvas: Canvas, letter: str, box: Box, layer: float, size: float, gid: str) -> None:
    """Draw the letter of an inset, white in a dark square."""
    canvas.panel(box, DARK, StrokeStyle("#ffffff", 1.2), layer, radius=2)
    x, y = box.centre
    style = TextStyle(size, "bold", "#ffffff", align="center", layer=layer + 0.02)
    canvas.text((x, y - size * 0.36), letter, style, gid)

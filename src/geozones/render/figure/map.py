"""Map on a sheet: basemap, markers, insets, labels, scale bar."""

import numpy as np

from geozones.render.figure.basemap import DARK, draw_basemap
from geozones.render.figure.canvas import Canvas, StrokeStyle, TextStyle
from geozones.render.figure.draw_ground import draw_credit
from geozones.render.figure.fonts import fit
from geozones.render.figure.insets import Inset
from geozones.render.figure.labels import draw_label, text_style
from geozones.render.figure.map_frame import Box
from geozones.render.figure.map_layout import MapLayout
from geozones.render.figure.markers import draw_arrow, draw_diamond, draw_faint, draw_markers
from geozones.render.figure.numbered_key import draw_key, draw_numbers
from geozones.render.figure.scale_bar import draw_scale_bar
from geozones.render.figure.subject import PictureSubject
from geozones.render.map_ground import MapGround


def draw_map(canvas: Canvas, layout: MapLayout, ground: MapGround) -> None:
    """Draw a map according to its layout; the lycées that move are yellow, each with its arrow."""
    subject, frame = layout.subject, layout.frame
    scene, moved = subject.scene, subject.moved
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
        _inset(canvas, inset, subject, ground)
    for label, position in layout.labels:
        draw_label(canvas, label, position, 8.0)
    draw_scale_bar(canvas, layout.scale_bar, frame)
    draw_credit(canvas, ground, frame)


def _inset(
    canvas: Canvas,
    inset: Inset,
    subject: PictureSubject,
    ground: MapGround,
) -> None:
    box, extent = inset.box, inset.town.extent
    for stroke, layer in ((StrokeStyle("#ffffff", 4.0), 3.6), (StrokeStyle(DARK, 1.3), 3.61)):
        canvas.panel(extent, "none", stroke, layer, radius=5)
    draw_markers(canvas, inset.town.points, inset.town.places, 3.55)
    draw_basemap(canvas, subject.scene, ground.near, inset.frame, 4.0)
    band = Box(box.left, box.top - 23, box.right, box.top)
    shown = inset.frame.box
    if shown.bottom > box.bottom:
        names = box._replace(top=shown.bottom)
        canvas.panel(names, "#ffffff", layer=5.9, radius=2)
        zones = subject.number if subject.listed else {}
        draw_key(canvas, inset.town.points, zones, names, 8.0)
        draw_numbers(canvas, inset.town.points, inset.places, 5.0)
    else:
        draw_markers(canvas, inset.town.points, inset.places, 5.0)
    for label, position in inset.labels:
        draw_label(canvas, label, position, 8.0)
    canvas.panel(box, "none", StrokeStyle("#ffffff", 5), 6.0, radius=2)
    canvas.panel(box, "none", StrokeStyle(DARK, 1.5), 6.1, radius=2)
    canvas.panel(band, "#ffffff", StrokeStyle(DARK, 1.5), 6.05, radius=2)
    style = text_style("zone", DARK)
    code = inset.town.points[0].id
    at = Box(box.left, box.top - 23, box.left + 23, box.top)
    _letter(canvas, inset.letter, at, 6.2, f"label-letter-{code}-0")
    _letter(canvas, inset.letter, inset.tag, 3.7, f"label-tag-{code}-0")
    title = fit(inset.town.title, style.size, box.width - 40, style.face)
    canvas.text((box.left + 31, box.top - 17), title, style, gid=f"label-inset-{code}-0")


def _letter(canvas: Canvas, letter: str, box: Box, layer: float, gid: str) -> None:
    """Draw the letter of an inset, white in a dark square."""
    canvas.panel(box, DARK, StrokeStyle("#ffffff", 1.2), layer, radius=2)
    x, y = box.centre
    style = TextStyle(13, "bold", "#ffffff", align="center", layer=layer + 0.02)
    canvas.text((x, y - 4.7), letter, style, gid)

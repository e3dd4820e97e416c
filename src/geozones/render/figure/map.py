"""Map on a sheet: basemap, markers, insets, labels, scale bar."""

import numpy as np

from geozones.render.figure.basemap import DARK, draw_basemap
from geozones.render.figure.canvas import Canvas, StrokeStyle
from geozones.render.figure.draw_ground import draw_credit
from geozones.render.figure.fonts import fit
from geozones.render.figure.insets import Inset
from geozones.render.figure.labels import draw_label, text_style
from geozones.render.figure.map_frame import Box
from geozones.render.figure.map_layout import MapLayout
from geozones.render.figure.markers import draw_arrow, draw_diamond, draw_faint, draw_markers
from geozones.render.figure.numbered_key import draw_key, draw_numbers
from geozones.render.figure.scale_bar import draw_scale_bar
from geozones.render.map_ground import MapGround
from geozones.render.scene import Scene


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
        _inset(canvas, inset, scene, ground)
    for label, position in layout.labels:
        draw_label(canvas, label, position, 8.0)
    draw_scale_bar(canvas, layout.scale_bar, frame)
    draw_credit(canvas, ground, frame)


def _inset(
    canvas: Canvas,
    inset: Inset,
    scene: Scene,
    ground: MapGround,
) -> None:
    box, extent = inset.box, inset.town.extent
    for stroke, layer in ((StrokeStyle("#ffffff", 4.0), 3.6), (StrokeStyle(DARK, 1.3), 3.61)):
        canvas.lines([inset.leader], stroke, layer)
        canvas.panel(extent, "none", stroke, layer, radius=5)
    draw_markers(canvas, inset.town.points, inset.town.places, 3.55)
    draw_basemap(canvas, scene, ground.near, inset.frame, 4.0)
    band = Box(box.left, box.top - 23, box.right, box.top)
    shown = inset.frame.box
    if shown.bottom > box.bottom:
        names = box._replace(top=shown.bottom)
        canvas.panel(names, "#ffffff", layer=5.9, radius=2)
        draw_key(canvas, inset.town.points, names, 8.0)
        draw_numbers(canvas, inset.town.points, inset.places, 5.0)
    else:
        draw_markers(canvas, inset.town.points, inset.places, 5.0)
    for label, position in inset.labels:
        draw_label(canvas, label, position, 8.0)
    canvas.panel(box, "none", StrokeStyle("#ffffff", 5), 6.0, radius=2)
    canvas.panel(box, "none", StrokeStyle(DARK, 1.5), 6.1, radius=2)
    canvas.panel(band, "#ffffff", StrokeStyle(DARK, 1.5), 6.05, radius=2)
    style = text_style("zone", DARK)
    title = fit(inset.town.title, style.size, box.width - 16, style.face)
    canvas.text((box.left + 9, box.top - 17), title, style, gid=_gid(inset))


def _gid(inset: Inset) -> str:
    return f"label-inset-{inset.town.points[0].id}-0"

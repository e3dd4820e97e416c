"""A map on a sheet: basemap, markers, insets, labels, scale bar."""

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geozones.render.figure.basemap import DARK, draw_basemap
from geozones.render.figure.canvas import Canvas, StrokeStyle
from geozones.render.figure.fonts import fit
from geozones.render.figure.frame import Box
from geozones.render.figure.ground import draw_credit
from geozones.render.figure.insets import Inset
from geozones.render.figure.labels import draw_label, text_style
from geozones.render.figure.map_layout import MapLayout
from geozones.render.figure.markers import draw_diamond, draw_faint, draw_markers
from geozones.render.figure.scale_bar import draw_scale_bar
from geozones.render.figure.watermark import sheet_watermark, watermarks
from geozones.render.ground import Ground
from geozones.render.scene import Scene

#: Radius of the disc that a marker covers, in units.
_MARKER = 7.0


def draw_map(
    canvas: Canvas,
    layout: MapLayout,
    ground: Ground,
    moved: frozenset[str] = frozenset(),
    *,
    undecided: bool = False,
) -> None:
    """Draw a map as laid out; ``undecided`` prints « non décidé » across it.

    The lycées in ``moved`` have a yellow marker.
    """
    subject, frame = layout.subject, layout.frame
    scene = subject.scene
    draw_basemap(canvas, scene, ground, frame)
    insets = shapely.union_all([shapely.box(*inset.box) for inset in layout.insets])
    watermarks(canvas, scene, frame, 1.5, shapely.union_all([insets, _drawn(layout)]))
    if undecided:
        sheet_watermark(canvas, frame, 1.6, insets)
    if subject.others:
        others = frame.points(np.array([(p.lon, p.lat) for p in subject.others]))
        draw_faint(canvas, others, frame.box, 2.0)
    draw_markers(canvas, layout.points, layout.places, 3.0, moved)
    if scene.pin is not None:
        draw_diamond(canvas, frame.point(scene.pin.lat, scene.pin.lon), 3.5)
    for inset in layout.insets:
        _inset(canvas, inset, scene, ground, moved)
    for label, position in layout.labels:
        draw_label(canvas, label, position, 8.0)
    draw_scale_bar(canvas, layout.scale_bar, frame)
    draw_credit(canvas, ground, frame)


def _drawn(layout: MapLayout) -> BaseGeometry:
    """Return the area of the labels, markers and leaders, which a watermark may not cover."""
    towns = [shapely.box(*inset.town.extent) for inset in layout.insets]
    leaders = [shapely.linestrings(inset.leader).buffer(4.0) for inset in layout.insets]
    labels = [shapely.box(*position.box) for _, position in layout.labels]
    return shapely.union_all([*towns, *leaders, *labels, _markers(layout.places)])


def _markers(places: np.ndarray) -> BaseGeometry:
    return shapely.union_all(shapely.buffer(shapely.points(places), _MARKER))


def _inset(
    canvas: Canvas,
    inset: Inset,
    scene: Scene,
    ground: Ground,
    moved: frozenset[str],
) -> None:
    box, extent = inset.box, inset.town.extent
    for stroke, layer in ((StrokeStyle("#ffffff", 4.0), 3.6), (StrokeStyle(DARK, 1.3), 3.61)):
        canvas.lines([inset.leader], stroke, layer)
        canvas.panel(extent, "none", stroke, layer, radius=5)
    draw_markers(canvas, inset.town.points, inset.town.places, 3.55, moved)
    draw_basemap(canvas, scene, ground.near, inset.frame, 4.0)
    band = Box(box.left, box.top - 23, box.right, box.top)
    drawn = [shapely.box(*band), _markers(inset.places)]
    drawn += [shapely.box(*position.box) for _, position in inset.labels]
    watermarks(canvas, scene, inset.frame, 4.5, shapely.union_all(drawn))
    draw_markers(canvas, inset.town.points, inset.places, 5.0, moved)
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

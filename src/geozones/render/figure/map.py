"""A map in a box of the sheet: the ground, its lycées, insets for towns, names, scale and north."""

from collections.abc import Sequence

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geozones.render.figure.canvas import Canvas, Ink
from geozones.render.figure.dots import draw_diamond, draw_dots, draw_faint
from geozones.render.figure.fonts import fit
from geozones.render.figure.frame import Box
from geozones.render.figure.ground import DARK, draw_ground
from geozones.render.figure.insets import Inset
from geozones.render.figure.marks import draw_key
from geozones.render.figure.names import draw_name, type_of
from geozones.render.figure.plan import MapPlan
from geozones.render.figure.watermark import sheet_watermark, watermarks
from geozones.render.scene import Outline, Scene

#: As far as this from its middle a lycée takes the room.
_DOT = 7.0


def draw_map(
    canvas: Canvas,
    plan: MapPlan,
    outlines: Sequence[Outline],
    moved: frozenset[str] = frozenset(),
    *,
    draft: bool = False,
) -> None:
    """Draw a map and everything on it; ``draft`` prints « brouillon » across it."""
    subject, frame = plan.subject, plan.frame
    scene = subject.scene
    draw_ground(canvas, scene, outlines, frame)
    insets = shapely.union_all([shapely.box(*inset.box) for inset in plan.insets])
    watermarks(canvas, scene, frame, 1.5, shapely.union_all([insets, _drawn(plan)]))
    if draft:
        sheet_watermark(canvas, frame, 1.6, insets)
    if subject.others:
        others = frame.points(np.array([(p.lon, p.lat) for p in subject.others]))
        draw_faint(canvas, others, frame.box, 2.0)
    draw_dots(canvas, plan.points, plan.places, 3.0, moved)
    if scene.pin is not None:
        draw_diamond(canvas, frame.point(scene.pin.lat, scene.pin.lon), 3.5)
    for inset in plan.insets:
        _inset(canvas, inset, scene, outlines, moved)
    for name, given in plan.names:
        draw_name(canvas, name, given, 8.0)
    draw_key(canvas, plan.key, frame)


def _drawn(plan: MapPlan) -> BaseGeometry:
    """Return where names, lycées, and what ties insets to their towns are drawn."""
    towns = [shapely.box(*inset.town.spot) for inset in plan.insets]
    ways = [shapely.linestrings(inset.leader).buffer(4.0) for inset in plan.insets]
    names = [shapely.box(*given.box) for _, given in plan.names]
    return shapely.union_all([*towns, *ways, *names, _dots(plan.places)])


def _dots(places: np.ndarray) -> BaseGeometry:
    return shapely.union_all(shapely.buffer(shapely.points(places), _DOT))


def _inset(
    canvas: Canvas,
    inset: Inset,
    scene: Scene,
    outlines: Sequence[Outline],
    moved: frozenset[str],
) -> None:
    box, spot = inset.box, inset.town.spot
    for ink, layer in ((Ink("#ffffff", 4.0), 3.6), (Ink(DARK, 1.3), 3.61)):
        canvas.lines([inset.leader], ink, layer)
        canvas.panel(spot, "none", ink, layer, radius=5)
    draw_dots(canvas, inset.town.points, inset.town.places, 3.55, moved)
    draw_ground(canvas, scene, outlines, inset.frame, 4.0)
    band = Box(box.left, box.top - 23, box.right, box.top)
    drawn = [shapely.box(*band), _dots(inset.places)]
    drawn += [shapely.box(*given.box) for _, given in inset.names]
    watermarks(canvas, scene, inset.frame, 4.5, shapely.union_all(drawn))
    draw_dots(canvas, inset.town.points, inset.places, 5.0, moved)
    for name, given in inset.names:
        draw_name(canvas, name, given, 8.0)
    canvas.panel(box, "none", Ink("#ffffff", 5), 6.0, radius=2)
    canvas.panel(box, "none", Ink(DARK, 1.5), 6.1, radius=2)
    canvas.panel(band, "#ffffff", Ink(DARK, 1.5), 6.05, radius=2)
    kind = type_of("zone", DARK)
    title = fit(inset.town.title, kind.size, box.width - 16, kind.face)
    canvas.text((box.left + 9, box.top - 17), title, kind, gid=_gid(inset))


def _gid(inset: Inset) -> str:
    return f"label-inset-{inset.town.points[0].id}-0"

"""Maps of a document: a scene drawn for a place on a page."""

from dataclasses import replace
from typing import Protocol

import shapely

from geozones.export.picture import png
from geozones.render import MapGround, Scene, View
from geozones.render.figure import draw, draw_before_after
from geozones.render.figure.labels import LEAST_IN_ROOM
from geozones.render.sheet import UNITS, Sheet

#: Pixels across the width of a slide, more than a projector's.
_PIXELS_PER_INCH = 160
#: Points of the smallest name on a slide, legible from the back of a room.
LEAST_NAME_PT = 12.5


class HasSize(Protocol):
    """Anything with a width and a height in inches."""

    @property
    def width(self) -> float:
        """Width in inches."""

    @property
    def height(self) -> float:
        """Height in inches."""


def map_png(scene: Scene, ground: MapGround, place: HasSize) -> bytes:
    """Return a map with the shape of a place, without title nor legend."""
    sheet = _sheet(place)
    return png(draw(scene, ground, sheet), sheet)


def pair_png(
    before: Scene,
    after: Scene,
    ground: MapGround,
    names: tuple[str, str],
    place: HasSize,
) -> bytes:
    """Return two maps of the changes, of the same extent, each under its name."""
    sheet = _sheet(place)
    return png(draw_before_after(*near_changes(before, after), ground, sheet, names), sheet)


def near_changes(before: Scene, after: Scene) -> tuple[Scene, Scene]:
    """Return two scenes focused on the zones that differ between them."""
    changed = _changed(before, after)
    return _near(before, changed), _near(after, changed)


def _changed(before: Scene, after: Scene) -> frozenset[str]:
    """Return the zones that differ between both scenes."""
    known, now = ({zone.id: zone.geometry for zone in scene.zones} for scene in (before, after))
    return frozenset(
        code
        for here, there in ((known, now), (now, known))
        for code, shape in here.items()
        if code not in there or not shape.equals(there[code])
    )


def _near(scene: Scene, subject: frozenset[str]) -> Scene:
    """Return a scene focused on some zones, the others faded; unchanged without zones."""
    shapes = [zone.geometry for zone in scene.zones if zone.id in subject]
    if not shapes:
        return scene
    zones = tuple(replace(zone, aside=zone.id not in subject) for zone in scene.zones)
    west, south, east, north = shapely.total_bounds(shapes).tolist()
    return replace(scene, zones=zones, view=View((west, south, east, north), "changes"))


def _sheet(place: HasSize) -> Sheet:
    width, height = (round(side * _PIXELS_PER_INCH) for side in (place.width, place.height))
    unit = min(place.width, place.height) * 72 / UNITS
    zoom = LEAST_NAME_PT / (LEAST_IN_ROOM * unit)
    return Sheet(width, height, _PIXELS_PER_INCH, bare=True, zoom=zoom, room=True)

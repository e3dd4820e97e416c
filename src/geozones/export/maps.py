"""Maps of a document: a scene drawn for a place on a page."""

from dataclasses import replace
from typing import Protocol

from geozones.export.change_scenes import near_changes
from geozones.export.picture import png
from geozones.render import MapGround, Scene
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
    """Return a map with the shape of a place, the meaning of its signs below it."""
    sheet = replace(_sheet(place), keys=True)
    return png(draw(scene, ground, sheet), sheet)


def pair_png(
    before: Scene,
    after: Scene,
    ground: MapGround,
    names: tuple[str, str],
    place: HasSize,
) -> bytes:
    """Return two maps of a change, at one scale, each under its name, their signs below."""
    sheet = replace(_sheet(place), keys=True)
    return png(draw_before_after(*near_changes(before, after), ground, sheet, names), sheet)


def _sheet(place: HasSize) -> Sheet:
    width, height = (round(side * _PIXELS_PER_INCH) for side in (place.width, place.height))
    unit = min(place.width, place.height) * 72 / UNITS
    zoom = LEAST_NAME_PT / (LEAST_IN_ROOM * unit)
    return Sheet(width, height, _PIXELS_PER_INCH, bare=True, zoom=zoom, room=True)

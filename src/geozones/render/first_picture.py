"""Pictures as SVG: of a plan before the map is drawn, and of the points of a list.

The picture of a plan, drawn while the map is being loaded, shows the zones in the colours and signs
of the map, without names, where the page will put the map.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from math import cos, radians

import htpy

from geozones.render.figure.basemap import draw_basemap
from geozones.render.figure.canvas import Box, Canvas, Frame, mercator
from geozones.render.scene import Bounds, MapGround, Scene

#: Pixels of the world at zoom 0, and of the longer side of the zones, about those of a screen.
_WORLD, _ZONES = 256, 720
#: How far the land around the zones goes, as shares of their width and height.
_ACROSS, _DOWN = 1.2, 1.0
#: Details left out, in units: a third of a pixel of the screen.
_DETAIL = 0.4


@dataclass(frozen=True, slots=True)
class FirstPicture:
    """Picture of a plan."""

    svg: str  # The file.
    #: Extent of the map when it opens: west, south, east, north in pixels of the world at zoom 0,
    #: counted to the right and downwards.
    zones: Bounds
    box: Bounds  # Extent of the picture, likewise.


def first_picture(scene: Scene, ground: MapGround) -> FirstPicture:
    """Draw the zones of a scene and the land around them."""
    west, south, east, north = scene.view.bounds
    across, up = east - west, float(mercator(north) - mercator(south))
    longer = max(across, up)
    width, height = (
        round(_ZONES * side / longer * (1 + 2 * around))
        for side, around in ((across, _ACROSS), (up, _DOWN))
    )
    canvas = Canvas(Box(0, 0, width, height))
    inner = Box(
        width * _ACROSS / (1 + 2 * _ACROSS),
        height * _DOWN / (1 + 2 * _DOWN),
        width * (1 + _ACROSS) / (1 + 2 * _ACROSS),
        height * (1 + _DOWN) / (1 + 2 * _DOWN),
    )
    frame = replace(Frame.fit(scene.view.bounds, inner), box=canvas.box, detail=_DETAIL)
    draw_basemap(canvas, scene, MapGround(land=ground.land), frame)
    return FirstPicture(canvas.svg(), _world(scene.view.bounds), _world(frame.bounds))


def _world(bounds: Bounds) -> Bounds:
    west, south, east, north = bounds
    left, right = ((longitude + 180) / 360 * _WORLD for longitude in (west, east))
    bottom, top = ((180 - float(mercator(y))) / 360 * _WORLD for y in (south, north))
    return left, bottom, right, top


#: Height of the picture and its margin, in pixels of the drawing.
_HEIGHT, _MARGIN = 360.0, 14.0
#: Widest and narrowest picture, as shares of its height.
_WIDEST, _NARROWEST = 1.8, 0.6


def points_svg(points: Iterable[tuple[float, float]]) -> str:
    """Draw points (latitude and longitude, WGS84 degrees) as dots; return an SVG document.

    Longitudes are shrunk by the cosine of the mean latitude, so shapes look right.
    """
    known = list(points)
    middle = sum(lat for lat, _ in known) / len(known)
    placed = [(lon * cos(radians(middle)), -lat) for lat, lon in known]
    west, north = (min(values) for values in zip(*placed, strict=True))
    east, south = (max(values) for values in zip(*placed, strict=True))
    size = max(south - north, (east - west) / _WIDEST, 1e-6)
    scale = (_HEIGHT - 2 * _MARGIN) / size
    width = min(max((east - west) / size, _NARROWEST), _WIDEST) * _HEIGHT
    dots = [
        htpy.circle(
            cx=f"{width / 2 + (x - (west + east) / 2) * scale:.1f}",
            cy=f"{_HEIGHT / 2 + (y - (north + south) / 2) * scale:.1f}",
            r="4",
        )
        for x, y in placed
    ]
    return str(
        htpy.svg(xmlns="http://www.w3.org/2000/svg", viewBox=f"0 0 {width:.0f} {_HEIGHT:.0f}")[
            htpy.rect(width="100%", height="100%", rx="6", fill="#eef2f3"),
            htpy.g(fill="#17527d", stroke="#fff", stroke_width="1.5")[dots],
        ]
    )

"""Pictures as SVG: of a plan before the map is drawn, and of the points of a list.

The picture of a plan, drawn while the map is being loaded, shows the zones in the colours and signs
of the map, without names. Points are in the pixels of the map at `_ZOOM` (Web Mercator), so that
the page can put the picture where the map will be.
"""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import cos, radians

import htpy
import numpy as np
import shapely
from markupsafe import Markup
from shapely.geometry.base import BaseGeometry

from geozones.render.map_ground import MapGround
from geozones.render.scene import Bounds, Scene, ZoneArea
from geozones.render.signs import HATCH_STEP, HATCH_WIDTH, hatching, lines_around

#: Zoom whose pixels are the units of the picture, and the usual zoom of the region on a screen.
_ZOOM, _SHOWN = 10, 8.5
_TILE_PX = 256
#: Detail left out, in units: a third of a pixel of the screen.
_TOLERANCE = 1.0
#: How far the land around the zones goes, as shares of their width and height.
_ACROSS, _DOWN = 1.2, 1.0
_LAND, _COAST = "#f4f2ec", "#b9cdd8"
_ON_SCREEN = 2 ** (_ZOOM - _SHOWN)


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
    (left, bottom), (right, top) = _units(np.array([[west, south], [east, north]]))
    across, down = (right - left) * _ACROSS, (bottom - top) * _DOWN
    box = (left - across, top - down, right + across, bottom + down)
    svg = htpy.svg(
        xmlns="http://www.w3.org/2000/svg",
        viewBox=" ".join(f"{value:.0f}" for value in (*box[:2], box[2] - box[0], box[3] - box[1])),
    )[
        htpy.defs[(_hatch(zone) for zone in _once(z for z in scene.zones if z.draft))],
        _land(ground, box),
        (_zone(zone) for zone in scene.zones),
        (_line(sector.geometry, "#ffffff", 4.4) for sector in scene.sectors),
        (_line(sector.geometry, sector.ink, 2) for sector in scene.sectors),
        (
            _line(zone.geometry, line.colour, line.width, line.dash)
            for zone in scene.zones
            for line in lines_around(zone.status, changed=zone.changed)
        ),
    ]
    return FirstPicture(
        str(svg).removeprefix("<!doctype html>"),
        _world((left, bottom, right, top)),
        _world((box[0], box[3], box[2], box[1])),
    )


def _world(units: Bounds) -> Bounds:
    west, south, east, north = (float(value) / 2**_ZOOM for value in units)
    return west, south, east, north


def _units(points: np.ndarray) -> np.ndarray:
    """Project longitudes and latitudes (n × 2, degrees) to units of the picture."""
    world = _TILE_PX * 2**_ZOOM
    sine = np.sin(np.radians(points[:, 1]))
    across = points[:, 0] / 360 + 0.5
    down = 0.5 - np.log((1 + sine) / (1 - sine)) / (4 * math.pi)
    units: np.ndarray = np.column_stack([across, down]) * world
    return units


def _once(zones: Iterable[ZoneArea]) -> Iterable[ZoneArea]:
    return {_hatch_id(zone): zone for zone in zones}.values()


def _hatch_id(zone: ZoneArea) -> str:
    return f"h{zone.colour[1:]}{zone.ink[1:]}"


def _hatch(zone: ZoneArea) -> htpy.Element:
    step, width = HATCH_STEP * _ON_SCREEN, HATCH_WIDTH * _ON_SCREEN
    return htpy.pattern(
        id=_hatch_id(zone),
        width=f"{step:.1f}",
        height=f"{step:.1f}",
        patternUnits="userSpaceOnUse",
        patternTransform="rotate(45)",
    )[
        htpy.rect(width=f"{step:.1f}", height=f"{step:.1f}", fill=zone.colour),
        htpy.rect(width=f"{width:.1f}", height=f"{step:.1f}", fill=hatching(zone.colour, zone.ink)),
    ]


def _land(ground: MapGround, box: Bounds) -> htpy.Element | None:
    if ground.land is None:
        return None
    land = shapely.transform(ground.land, _units)
    return htpy.path(d=_path(shapely.clip_by_rect(land, *box)), fill=_LAND, stroke=_COAST)


def _zone(zone: ZoneArea) -> htpy.Element:
    fill = f"url(#{_hatch_id(zone)})" if zone.draft else zone.colour
    drawn = _path(shapely.transform(zone.geometry, _units))
    return htpy.path(d=drawn, fill=fill, stroke="#ffffff", stroke_width=_width(1.8))


def _line(
    geometry: BaseGeometry, colour: str, width: float, dash: tuple[float, ...] = ()
) -> htpy.Element:
    dashes = {"stroke-dasharray": " ".join(map(_width, dash))} if dash else {}
    return htpy.path(
        d=_path(shapely.transform(geometry, _units)),
        fill="none",
        stroke=colour,
        stroke_width=_width(width),
        stroke_linejoin="round",
        **dashes,
    )


def _width(pixels: float) -> str:
    return f"{pixels * _ON_SCREEN:.1f}"


def _path(geometry: BaseGeometry) -> Markup:
    """Return the outline of an area as the commands of an SVG path."""
    simple = shapely.simplify(geometry, _TOLERANCE)
    return Markup("".join(_commands(simple)))  # noqa: S704 - numbers and letters of a path


def _commands(geometry: BaseGeometry) -> Iterator[str]:
    for part in shapely.get_parts(geometry):
        for ring in shapely.get_rings(part):
            points = np.rint(shapely.get_coordinates(ring)[:-1]).astype(int)
            steps = np.diff(points, axis=0)
            steps = steps[np.any(steps != 0, axis=1)]
            first = f"M{points[0][0]} {points[0][1]}"
            yield f"{first}l{' '.join(f'{x} {y}' for x, y in steps)}z".replace(" -", "-")


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

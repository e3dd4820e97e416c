"""Labels of a map: their zooms and their priorities."""

import math
from collections.abc import Sequence
from functools import lru_cache

import shapely
from shapely.geometry.base import BaseGeometry

from geozones.render import Label, LyceePoint, SectorArea, ZoneArea
from geozones.render.label_space import label_spaces
from geozones.render.map_ground import FAR
from geozones.render.signs import INK

#: Zooms (powers of 2 of the scale; 8 shows the region on a screen) from which names are shown.
_ZONES, _LYCEES, _OTHER_LYCEES = 9.0, 10.0, 11.5
#: The same for the sector in focus: its zones and lycées are named from smaller zooms, and its own
#: name disappears where its zones are named.
_OWN_ZONES, _OWN_LYCEES = 7.75, 8.25
#: Ranks, the lowest first; ranks of the ground are in `geozones.render.map_ground`.
_CHOSEN, _SECTOR, _ZONE, _LYCEE = -1, 0, 2, 3


def labels_of(
    sectors: Sequence[SectorArea],
    zones: Sequence[ZoneArea],
    lycees: Sequence[LyceePoint],
    focus: str | None,
    chosen: str | None = None,
) -> tuple[Label, ...]:
    """Return the labels of a plan's sectors, zones and lycées.

    With a sector in ``focus`` (id), its zones have names and the numbers of its legend, and other
    sectors have only their own name. The lycée ``chosen`` (id) has its name at every zoom.
    """
    named = [_sector(sector, focus) for sector in sectors]
    own = [zone for zone in zones if focus in (None, zone.sector)]
    named += [_zone(zone, rank if focus else 0) for rank, zone in enumerate(own, 1)]
    near = {zone.id for zone in own}
    named += [
        _lycee(point, focus, own=point.zone in near, chosen=point.id == chosen)
        for point in lycees
        if math.isfinite(point.lat) and math.isfinite(point.lon)
    ]
    return tuple(named)


@lru_cache(maxsize=1024)
def anchor_of(geometry: BaseGeometry) -> tuple[float, float]:
    """Return the point of an area farthest from its borders, as (latitude, longitude)."""
    parts = getattr(geometry, "geoms", [geometry])
    largest = max(parts, key=lambda part: part.area)
    circle = shapely.maximum_inscribed_circle(largest, tolerance=0.01)
    lon, lat = circle.coords[0]
    return lat, lon


def _sector(sector: SectorArea, focus: str | None) -> Label:
    until = _OWN_ZONES if sector.id == focus else FAR
    rooms = label_spaces(sector.geometry)
    return Label(
        "sector", sector.name, *sector.anchor, _SECTOR, INK, sector.id, 0, rooms, (0.0, until)
    )


def _zone(zone: ZoneArea, number: int) -> Label:
    rooms = label_spaces(zone.geometry)
    zooms = (_OWN_ZONES if number else _ZONES, FAR)
    at = anchor_of(zone.geometry)
    return Label("zone", zone.name, *at, _ZONE, INK, zone.id, number, rooms, zooms)


def _lycee(point: LyceePoint, focus: str | None, *, own: bool, chosen: bool) -> Label:
    start = (_OWN_LYCEES if focus else _LYCEES) if own else _OTHER_LYCEES
    rank, zooms = (_CHOSEN, (0.0, FAR)) if chosen else (_LYCEE, (start, FAR))
    return Label("lycee", point.name, point.lat, point.lon, rank, INK, point.id, 0, (), zooms)

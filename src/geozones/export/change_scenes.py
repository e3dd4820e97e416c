"""Scenes of a change: two plans on the same extent, where they differ, the rest in grey."""

import math
from collections.abc import Mapping
from dataclasses import replace

import shapely
from shapely.geometry.base import BaseGeometry

from geozones.render import LyceePoint, Patch, Scene, ShownChange, ShownMove, View
from geozones.render.signs import INK, MOVED

#: Fills of the other zones and of those that change, and the ink of lycées.
_GREY, _PALE, _QUIET = "#e3e6e8", "#fbfaf6", "#5a6670"
#: Least area of land that changes zone, in square degrees, and least distance of a lycée put
#: elsewhere, in degrees: about a hectare, and 50 metres.
_LEAST_LAND, _LEAST_WAY = 1e-6, 5e-4
#: Part of the way that an arrow goes inside the zone that it leads to.
_INSIDE = 0.35
#: Margin around what changes, as a part of its height and width.
_AROUND = 0.04


def near_changes(before: Scene, after: Scene) -> tuple[Scene, Scene]:
    """Return two scenes of what differs between them, both on its extent.

    The zones that differ by their land are the subject; else by their names; else the zones of the
    sectors that differ, or of the lycées put elsewhere. Scenes that do not differ are unchanged.
    """
    subject = _subject(before, after)
    if not subject:
        return before, after
    shapes = [
        zone.geometry for scene in (before, after) for zone in scene.zones if zone.id in subject
    ]
    named = {zone.id: zone.name for scene in (before, after) for zone in scene.zones}
    zones = tuple((code, name) for code, name in named.items() if code in subject)
    west, south, east, north = shapely.total_bounds(shapes).tolist()
    dx, dy = (east - west) * _AROUND, (north - south) * _AROUND
    view = View((west - dx, south - dy, east + dx, north + dy), "changes")
    moves = (_departures(before, after), _arrivals(before, after))
    sides = zip((before, after), (after, before), moves, strict=True)
    first, second = (
        _near(scene, subject, _land(scene, other, subject), ShownChange(moved, zones), view)
        for scene, other, moved in sides
    )
    return first, second


def _near(
    scene: Scene,
    subject: frozenset[str],
    land: tuple[Patch, ...],
    change: ShownChange,
    view: View,
) -> Scene:
    """Return a scene of a change: zones of the subject pale, its land in colour, others grey."""
    moved = {move.id for move in change.moves}
    zones = tuple(
        replace(zone, aside=zone.id not in subject, colour=_PALE if zone.id in subject else _GREY)
        for zone in scene.zones
    )
    return replace(
        scene,
        zones=zones,
        lycees=tuple(
            replace(point, ink=INK if point.id in moved else _QUIET) for point in scene.lycees
        ),
        patches=land,
        view=view,
        change=change,
        selected_zones=frozenset(),
        layers={**(scene.layers or {}), "departements": False},
    )


def _subject(before: Scene, after: Scene) -> frozenset[str]:
    """Return the zones (ids) that two scenes of a change are about."""
    shapes = _differing(
        *({zone.id: zone.geometry.normalize().wkb for zone in s.zones} for s in (before, after))
    )
    moved = {move.id for move in _arrivals(before, after)}
    about = shapes | {point.zone for point in after.lycees if point.id in moved}
    if about:
        return about
    names = _differing(*({zone.id: zone.name for zone in s.zones} for s in (before, after)))
    if names:
        return names
    sectors = _differing(
        *({s.id: (s.name, s.status, s.facts) for s in scene.sectors} for scene in (before, after))
    )
    return frozenset(zone.id for zone in after.zones if zone.sector in sectors)


def _differing(here: Mapping[str, object], there: Mapping[str, object]) -> frozenset[str]:
    """Return the keys whose values differ, or that one side lacks."""
    return frozenset(
        key for key in {**here, **there} if key not in here or here[key] != there.get(key)
    )


def _land(scene: Scene, other: Scene, subject: frozenset[str]) -> tuple[Patch, ...]:
    """Return the land of a scene that is in another zone in the other scene."""
    there = {zone.id: zone.geometry for zone in other.zones}
    patches = []
    for zone in scene.zones:
        if zone.id not in subject:
            continue
        gone = zone.geometry.difference(there.get(zone.id, shapely.Point()))
        parts = [part for part in shapely.get_parts(gone) if part.area > _LEAST_LAND]
        if parts:
            land = shapely.union_all(parts)
            patches.append(Patch(f"change-{zone.id}", zone.name, MOVED, land, ()))
    return tuple(patches)


def _departures(before: Scene, after: Scene) -> tuple[ShownMove, ...]:
    """Return the lycées that leave a zone, each with an arrow to the zone that it joins."""
    now = {point.id: point for point in after.lycees}
    shapes = {zone.id: zone.geometry for zone in before.zones}
    moves = []
    for point in before.lycees:
        there = now.get(point.id)
        if there is None:
            moves.append(ShownMove(point.id))
        elif there.zone != point.zone:
            moves.append(ShownMove(point.id, _arrow(point, there.zone, after, shapes)))
        elif _way(point, there) > _LEAST_WAY:
            moves.append(ShownMove(point.id, ((point.lat, point.lon), (there.lat, there.lon))))
    return tuple(moves)


def _arrivals(before: Scene, after: Scene) -> tuple[ShownMove, ...]:
    """Return the lycées that are in another zone, at another place, or new."""
    known = {point.id: point for point in before.lycees}
    return tuple(
        ShownMove(point.id)
        for point in after.lycees
        if (old := known.get(point.id)) is None
        or old.zone != point.zone
        or _way(old, point) > _LEAST_WAY
    )


def _placed(point: LyceePoint) -> bool:
    return math.isfinite(point.lat) and math.isfinite(point.lon)


def _way(one: LyceePoint, other: LyceePoint) -> float:
    return abs(one.lat - other.lat) + abs(one.lon - other.lon)


def _arrow(
    point: LyceePoint, zone: str, after: Scene, shapes: Mapping[str, BaseGeometry]
) -> tuple[tuple[float, float], tuple[float, float]] | None:
    """Return the arrow from a lycée into the zone that it joins, towards its lycées there."""
    others = [p for p in after.lycees if p.zone == zone and p.id != point.id]
    places = [(p.lat, p.lon) for p in others if _placed(p)]
    if not places or not _placed(point):
        return None
    lat, lon = (sum(values) / len(places) for values in zip(*places, strict=True))
    entered = _entered(point, (lat, lon), shapes.get(zone))
    part = entered + _INSIDE * (1 - entered)
    end = (point.lat + (lat - point.lat) * part, point.lon + (lon - point.lon) * part)
    return (point.lat, point.lon), end


def _entered(point: LyceePoint, end: tuple[float, float], zone: BaseGeometry | None) -> float:
    """Return the part of the way to a place at which a zone begins; 0.6 if it is not met."""
    way = shapely.LineString([(point.lon, point.lat), (end[1], end[0])])
    met = None if zone is None else way.intersection(zone)
    if met is None or met.is_empty:
        return 0.6
    start = shapely.Point(point.lon, point.lat)
    return start.distance(met) / way.length if way.length else 0.6

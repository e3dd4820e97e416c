"""Views of a dossier as scenes: a zone, and two plans where they differ, the rest in grey."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import replace

import shapely
from shapely.geometry.base import BaseGeometry

from geozones.export.dossier import Dossier, SectorRow
from geozones.render import Label, LyceePoint, Patch, Scene, ShownChange, ShownMove, View
from geozones.render.signs import INK, MOVED

#: Fills of the other zones and of those that change, and the ink of lycées.
_GREY, _PALE, _QUIET = "#e3e6e8", "#fbfaf6", "#5a6670"
#: Least area of land that changes zone, in square degrees, and least distance of a lycée put
#: elsewhere, in degrees: about a hectare, and 50 metres.
_LEAST_LAND, _LEAST_WAY = 1e-6, 5e-4
#: Part of the way that an arrow goes inside the zone that it leads to.
_INSIDE = 0.35
#: Most lycées that move with an arrow each.
MOST_ARROWS = 12
#: Most zones of a change with a number on its maps: more hide the map.
_MOST_NUMBERS = 12
#: Margin around what changes, as a part of its height and width.
_AROUND = 0.04


def near_changes(
    before: Scene, after: Scene, subject: frozenset[str] | None = None
) -> tuple[Scene, Scene]:
    """Return both scenes, cropped to the zones that differ.

    ``subject`` gives the zones; by default, those whose land differs or that hold a moved or new
    lycée; else the renamed zones; else the zones of sectors that differ. If there are none, the
    scenes are unchanged.
    """
    if subject is None:
        subject = zones_of_change(before, after)
    if not subject:
        return before, after
    shapes = [
        zone.geometry for scene in (before, after) for zone in scene.zones if zone.id in subject
    ]
    there, here = ({zone.id: zone for zone in scene.zones} for scene in (before, after))
    named = there | here
    names = {  # of both plans, where they differ
        code: " → ".join(dict.fromkeys(side[code].name for side in (there, here) if code in side))
        + " (retirée)" * (code not in here)
        for code in subject & named.keys()
    }
    zones = tuple(sorted((named[code].number, name) for code, name in names.items()))
    zones *= len(zones) <= _MOST_NUMBERS
    west, south, east, north = shapely.total_bounds(shapes).tolist()
    dx, dy = (east - west) * _AROUND, (north - south) * _AROUND
    view = View((west - dx, south - dy, east + dx, north + dy), "changes")
    held = {p.id for scene in (before, after) for p in scene.lycees if p.zone in subject}
    moves = tuple(
        tuple(move for move in found if move.id in held)
        for found in (_departures(before, after), _arrivals(before, after))
    )
    sides = zip((before, after), (after, before), moves, strict=True)
    first, second = (
        _near(scene, subject, _land(scene, other, subject), ShownChange(moved, zones), view)
        for scene, other, moved in sides
    )
    return first, second


def unnumbered(scene: Scene) -> Scene:
    """Return a scene of a change without the numbers of its zones."""
    change = scene.change
    return scene if change is None else replace(scene, change=replace(change, zones=()))


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


def zones_in_view(dossier: Dossier) -> frozenset[str]:
    """Return the changed zones (ids) that are in view or that a moved lycée leaves or joins.

    Otherwise the file of one sector would show the changes of the whole region, its own tiny.
    """
    comparison = dossier.comparison
    if comparison is None:
        return frozenset()
    scenes = (comparison.scene, dossier.scene)
    moved = {move.id for move in comparison.moves}
    shown = {zone.id for zone in (*comparison.earlier.zones, *dossier.zones)}
    shown |= {p.zone for scene in scenes for p in scene.lycees if p.id in moved}
    return zones_of_change(*scenes) & shown


def zones_of_change(before: Scene, after: Scene) -> frozenset[str]:
    """Return the zones (ids) that two scenes of a change are about: see `near_changes`."""
    # the zones (ids) that lose or gain land: cells made anew differ by a hair
    here, there = ({zone.id: zone.geometry for zone in scene.zones} for scene in (before, after))
    alone = here.keys() ^ there.keys()
    shapes = frozenset(alone) | {
        code
        for code in here.keys() & there.keys()
        if not here[code].equals_exact(there[code])
        and any(map(_is_land, shapely.get_parts(here[code].symmetric_difference(there[code]))))
    }
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


def _is_land(part: BaseGeometry) -> bool:
    """Tell whether a part is land, and not a sliver between two drawings of one border."""
    return part.area > _LEAST_LAND and not part.buffer(-_LEAST_WAY).is_empty


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
        parts = [part for part in shapely.get_parts(gone) if _is_land(part)]
        if parts:
            land = shapely.union_all(parts)
            patches.append(Patch(f"change-{zone.id}", zone.name, MOVED, land, ()))
    return tuple(patches)


def _departures(before: Scene, after: Scene) -> tuple[ShownMove, ...]:
    """Return the lycées that leave a zone, each with an arrow to its new zone.

    Many arrows would overlap: above a limit, lycées are only marked.
    """
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
    return tuple(moves if len(moves) <= MOST_ARROWS else (ShownMove(move.id) for move in moves))


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


def _way(one: LyceePoint, other: LyceePoint) -> float:
    return abs(one.lat - other.lat) + abs(one.lon - other.lon)


def _arrow(
    point: LyceePoint, zone: str, after: Scene, shapes: Mapping[str, BaseGeometry]
) -> tuple[tuple[float, float], tuple[float, float]] | None:
    """Return the arrow from a lycée into the zone that it joins, towards its lycées there."""
    others = [p for p in after.lycees if p.zone == zone and p.id != point.id]
    places = [(p.lat, p.lon) for p in others if p.is_placed]
    if not places or not point.is_placed:
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


#: Margin around a zone, as a part of its height and width.
_AROUND_ZONE = 0.35


def on_zone(scene: Scene, code: str) -> Scene:
    """Return a scene focused on one zone (id), with every other zone faded."""
    zones = tuple(replace(zone, aside=zone.id != code) for zone in scene.zones)
    bounds = next((zone.geometry.bounds for zone in zones if zone.id == code), scene.view.bounds)
    west, south, east, north = bounds
    dx, dy = (east - west) * _AROUND_ZONE, (north - south) * _AROUND_ZONE
    view = View((west - dx, south - dy, east + dx, north + dy), f"zone-{code}")
    return replace(scene, zones=zones, selected_zones=frozenset({code}), view=view)


def tells_change(dossier: Dossier) -> bool:
    """Tell whether a view shows any change; a sector that the scenario leaves as it is does not."""
    comparison = dossier.comparison
    if comparison is None:
        return False
    return bool(comparison.moves or comparison.others or zones_in_view(dossier))


def shown_sectors(dossier: Dossier) -> list[SectorRow]:
    """Return the sectors of a view with a change; all if none has one."""
    known = [sector for sector in dossier.sectors if sector.lycees]
    comparison = dossier.comparison
    if comparison is None:
        return known
    zones = comparison.changed_zones or zones_of_change(comparison.scene, dossier.scene)
    changed = [
        sector
        for sector in known
        if sector.marks or any(zone.changed or zone.id in zones for zone in sector.zones)
    ]
    return changed or known


def with_moved(scene: Scene, moved: frozenset[str]) -> Scene:
    """Return a scene with a ring around the lycées (ids) that move, and their names if few."""
    few = moved if len(moved) <= MOST_ARROWS else ()
    names = names_of(point for point in scene.lycees if point.id in few)
    return replace(scene, picked=moved, labels=(*scene.labels, *names))


def names_of(points: Iterable[LyceePoint]) -> tuple[Label, ...]:
    """Return the names of lycées as labels; of those without position, none."""
    return tuple(
        Label("lycee", point.name, point.lat, point.lon, 0, of=point.id)
        for point in points
        if math.isfinite(point.lat) and math.isfinite(point.lon)
    )

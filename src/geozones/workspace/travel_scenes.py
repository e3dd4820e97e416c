"""Scenes of the page « Temps de trajet »: communes by their minutes, a drive, what is reached."""

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import shapely

from geozones.domain import Plan
from geozones.domain.french import minutes, number
from geozones.render import Patch, Pin, Scene, View, Way
from geozones.render.palette import NO_WAY, ramp
from geozones.travel.engine import Isochrone, Route
from geozones.workspace.reach import Access, Reached, class_of
from geozones.workspace.scenes import SceneOptions, build_scene

if TYPE_CHECKING:
    from geozones.workspace.core import Workspace

#: Degrees left around a drive on the map.
_MARGIN = 0.05


def access_scene(workspace: "Workspace", plan: Plan, found: Access, options: SceneOptions) -> Scene:
    """Return the map of the communes coloured by their minutes from a place."""
    colours = ramp()
    patches = []
    for reached in found.communes:
        rank = reached.rank
        guess = " (estimé)" if reached.estimated else ""
        patches.append(
            Patch(
                reached.commune.code,
                reached.commune.name,
                NO_WAY if rank is None else colours[rank],
                reached.commune.geometry,
                (("Trajet", _duration(reached) + guess),),
            )
        )
    return replace(_over_ground(workspace, plan, found, options), patches=tuple(patches))


def _duration(reached: Reached) -> str:
    return minutes(math.inf if reached.minutes is None else reached.minutes)


def isochrone_scene(
    workspace: "Workspace",
    plan: Plan,
    found: Access,
    isochrones: Sequence[Isochrone],
    options: SceneOptions,
) -> Scene:
    """Return the map of what an engine says is reached within each duration, the longest under."""
    colours = ramp()
    patches = tuple(
        Patch(
            f"isochrone {each.minutes:g}",
            f"Moins de {minutes(each.minutes)}",
            colours[class_of(each.minutes)],
            shapely.MultiPolygon(
                [shapely.Polygon([(lon, lat) for lat, lon in ring]) for ring in each.rings]
            ).buffer(0),
            (("Depuis", found.label),),
        )
        for each in sorted(isochrones, key=lambda each: -each.minutes)
        if each.rings
    )
    return replace(_over_ground(workspace, plan, found, options), patches=patches)


def _over_ground(workspace: "Workspace", plan: Plan, found: Access, options: SceneOptions) -> Scene:
    """Return the sectors and lycées without their zones, and the place asked about."""
    lycee = found.place if found.place in workspace.positions else None
    scene = build_scene(workspace, plan, replace(options, lycee=lycee))
    pin = None if lycee else Pin(found.label, *found.point)
    labels = tuple(label for label in scene.labels if label.kind != "zone")
    return replace(scene, zones=(), labels=labels, pin=pin)


def pair_scene(
    workspace: "Workspace",
    plan: Plan,
    pair: tuple[str, str],
    options: SceneOptions,
    route: Route | None = None,
) -> Scene:
    """Return the map around two lycées and the drive between them.

    Without ``route`` the drive is a straight line, and says so.
    """
    ends = tuple(workspace.positions[lycee] for lycee in pair)
    trip = workspace.trip(*pair)
    facts = (
        ("De", workspace.name(pair[0])),
        ("À", workspace.name(pair[1])),
        ("Durée", minutes(trip.minutes)),
        ("Distance", "—" if trip.km is None else f"{number(trip.km)} km"),
        ("Tracé", "droit : aucun moteur ne donne la route" if route is None else "par la route"),
    )
    points = ends if route is None else route.line
    way = Way("-".join(pair), points, route is None, facts)
    west, south, east, north = shapely.MultiPoint([(lon, lat) for lat, lon in points]).bounds
    bounds = (west - _MARGIN, south - _MARGIN, east + _MARGIN, north + _MARGIN)
    scene = build_scene(workspace, plan, replace(options, lycee=pair[0]))
    key = f"pair-{'-'.join(pair)}-{options.look}"
    return replace(scene, ways=(way,), view=View(bounds, key))

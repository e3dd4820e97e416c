"""Layers over any plan: zones coloured by their relève, areas reachable, one drive."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import shapely

from geozones.common.french import drive_text, minutes, number
from geozones.metrics import metric
from geozones.metrics.metric import number_of
from geozones.render import DrawnDrive, Patch, Pin, Scene, View
from geozones.render.palette import NO_VALUE, ramp
from geozones.travel.engine import Isochrone, Route
from geozones.workspace.maps.plan_scene import SceneOptions, build_scene
from geozones.workspace.reachability.accessibility import (
    FROM_PLACE,
    IN_ZONE,
    MinuteClasses,
    PlaceAccess,
    Reached,
    trip_between,
)
from geozones.workspace.study import Study

#: Isochrones of an engine, one for each duration.
type Rings = Sequence[Isochrone]


@dataclass(frozen=True)
class ReachLayer:
    """Areas coloured by their minutes from a place, and the legend."""

    access: PlaceAccess  # The minutes to each commune, and their source.
    patches: tuple[Patch, ...]  # The areas, each with its facts.
    #: A colour and its label, the nearest first, last the colour of unreachable areas.
    legend: tuple[tuple[str, str], ...]
    title: str  # The place and the moment.
    pin: Pin | None  # The place, if it is not a lycée of the map.

    @property
    def colours(self) -> dict[str, str]:
        """The colour of each area, by id: the INSEE code of a commune."""
        return {patch.id: patch.colour for patch in self.patches}


def coloured(classes: MinuteClasses) -> tuple[tuple[str, str], ...]:
    """Return the colour and label of each class of minutes, then of unreachable areas."""
    return tuple(zip((*ramp(), NO_VALUE), classes.words, strict=True))


def layer_of(study: Study, reach: PlaceAccess) -> ReachLayer:
    """Return the communes coloured by minutes that are already known."""
    patches = [_commune(reached) for reached in reach.communes]
    return _layer(study, reach, patches, FROM_PLACE)


def isochrone_layer(study: Study, reach: PlaceAccess, isochrones: Rings) -> ReachLayer:
    """Return the isochrones of an engine as areas, the longest duration at the bottom."""
    colours = ramp()
    patches = [
        Patch(
            f"isochrone {each.minutes:g}",
            f"Moins de {minutes(each.minutes)}",
            colours[IN_ZONE.rank(each.minutes)],
            shapely.MultiPolygon(
                [shapely.Polygon([(lon, lat) for lat, lon in ring]) for ring in each.rings]
            ).buffer(0),
            (("Depuis", reach.label),),
        )
        for each in sorted(isochrones, key=lambda each: -each.minutes)
        if each.rings
    ]
    return _layer(study, reach, patches, IN_ZONE)


def over_reach(scene: Scene, layer: ReachLayer) -> Scene:
    """Return a scene of the same plan over a layer: its zones are outlined, not filled."""
    return replace(scene, patches=layer.patches, pin=layer.pin)


def _layer(
    study: Study, reach: PlaceAccess, patches: Sequence[Patch], classes: MinuteClasses
) -> ReachLayer:
    legend = coloured(classes)
    if all(reached.rank is not None for reached in reach.communes):
        legend = legend[:-1]
    known = reach.place in study.territory.positions
    pin = None if known else Pin(reach.label, *reach.point)
    title = f"Durée depuis {reach.label}"
    return ReachLayer(reach, tuple(patches), legend, title, pin)


def _commune(reached: Reached) -> Patch:
    rank = reached.rank
    took = drive_text(reached.minutes, estimated=reached.estimated)
    return Patch(
        reached.commune.code,
        reached.commune.name,
        NO_VALUE if rank is None else ramp()[rank],
        reached.commune.geometry,
        (("Trajet", took),),
    )


#: Margin around a drive on the map, in degrees.
_MARGIN = 0.05


def pair_scene(
    study: Study,
    pair: tuple[str, str],
    options: SceneOptions,
    route: Route | None = None,
) -> Scene:
    """Return the map around two lycées and the drive between them.

    Without ``route`` the drive is a straight line, marked as such.
    """
    ends = tuple(study.territory.positions[lycee_id] for lycee_id in pair)
    trip = trip_between(study.analysis, *pair)
    facts = (
        ("De", study.name(pair[0])),
        ("À", study.name(pair[1])),
        ("Durée", study.analysis.drive(*pair)),
        ("Distance", "—" if trip.km is None else f"{number(trip.km)} km"),
        (
            "Tracé",
            "en ligne droite : aucun moteur ne donne la route" if route is None else "par la route",
        ),
    )
    points = ends if route is None else route.line
    way = DrawnDrive("-".join(pair), points, route is None, facts)
    west, south, east, north = shapely.MultiPoint([(lon, lat) for lat, lon in points]).bounds
    bounds = (west - _MARGIN, south - _MARGIN, east + _MARGIN, north + _MARGIN)
    scene = build_scene(study, replace(options, lycee=pair[0]))
    key = f"pair-{'-'.join(pair)}-{options.look}"
    return replace(scene, drives=(way,), view=View(bounds, key))


#: Metric that may colour the zones.
RELEVE = "worst_releve_minutes"


@dataclass(frozen=True)
class Colouring:
    """Colours by zone, and the legend."""

    colours: Mapping[str, str]  # Zone (id) -> ``#rrggbb``.
    #: A colour and its label, the best first; last the colour of zones without a relève, if any.
    legend: tuple[tuple[str, str], ...]
    title: str  # The metric, with its unit.


def colour_by_releve(study: Study) -> Colouring:
    """Return the colours of a plan's non-empty zones by their slowest relève."""
    shades = coloured(IN_ZONE)
    ranks: dict[str, int] = {}
    for zone in study.plan.zones:
        if study.plan.members(zone.id):
            slowest = number_of(study.area(zone_id=zone.id)[RELEVE])
            known = math.inf if slowest is None else slowest
            ranks[zone.id] = IN_ZONE.rank(known) if math.isfinite(known) else IN_ZONE.no_way
    legend = shades[:-1]
    if IN_ZONE.no_way in ranks.values():
        legend = (*legend, (shades[-1][0], "sans relève"))
    colours = {zone: shades[rank][0] for zone, rank in ranks.items()}
    record = metric(RELEVE)
    return Colouring(colours, legend, f"{record.label} ({record.unit})")

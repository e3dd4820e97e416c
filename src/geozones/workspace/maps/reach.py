"""Layers over any plan: classes of colour by a metric, areas reachable, one drive."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import shapely

from geozones.common.errors import InputError
from geozones.common.french import NBSP, minutes, number, plural, ranged_minutes
from geozones.domain import Plan
from geozones.domain.uncertainty import PARTLY_ESTIMATED
from geozones.metrics import VIGILANCE, Better, Metric, are_whole, bounds_of, colourable
from geozones.metrics.metric_registry import watch_list
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
)
from geozones.workspace.reachability.trips import trip_between
from geozones.workspace.study import Study, is_estimated
from geozones.workspace.vigilance import vigilance

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
    took = ranged_minutes(reached.minutes, *reached.interval, estimated=reached.estimated)
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
    ends = tuple(study.territory.positions[lycee] for lycee in pair)
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


#: Meaning of the order of the colours.
_ORDER = {
    Better.LOWER: "le plus clair est le meilleur",
    Better.HIGHER: "le plus clair est le meilleur",
    Better.NEITHER: "du plus petit, clair, au plus grand",
}


@dataclass(frozen=True)
class Colouring:
    """Colours by zone, and the legend."""

    colours: Mapping[str, str]  # Zone (id) -> ``#rrggbb``.
    #: A colour and its label, the best first; last the colour of zones without a value, if any.
    legend: tuple[tuple[str, str], ...]
    title: str  # The metric, with its unit and, for minutes, their moment.
    note: str  # Which way is better, the limit of a rule, the number of estimated figures.


def colourings(study: Study | None = None) -> dict[str, str]:
    """Return the metrics that may colour zones, by key: their names with units.

    With a study, only metrics with a value in some zone: metrics of posts need posts.
    """
    known = None if study is None else _values(study, study.plan).values()
    return {
        record.key: _title(record)
        for record in colourable()
        if known is None or any(_number(values[record.key]) is not None for values in known)
    }


def colour_zones(study: Study, key: str) -> Colouring:
    """Return the colours of a plan's zones by a metric, one of `colourings`.

    Class bounds come from the shipped plan under the study's hypotheses, if it has values, so that
    moving a lycée does not change them. An infinite value is in the worst class.
    """
    record = next((record for record in colourable() if record.key == key), None)
    if record is None:
        raise InputError(
            "Les zones ne se colorent pas par ce chiffre : choisissez-en un de la liste."
        )
    values = {zone: _number(of[key]) for zone, of in _values(study, study.plan).items()}
    shipped = [_number(of[key]) for of in _values(study, study.territory.plan).values()]
    finite = _finite(shipped) or _finite(values.values())
    bounds = bounds_of(record, study.settings, finite)
    shades = ramp(len(bounds) + 1)
    words = _words(record, bounds, whole=are_whole(finite))
    if math.inf in values.values():
        words[-1] += ", ou sans accès"
    if record.better is Better.HIGHER:
        shades = shades[::-1]
    legend = list(zip(shades, words, strict=True))
    if record.better is Better.HIGHER:
        legend.reverse()
    if None in values.values():
        missing = record.format.missing
        legend.append((NO_VALUE, "sans valeur" if missing == "—" else missing))
    colours = {
        zone: NO_VALUE if value is None else shades[sum(value > bound for bound in bounds)]
        for zone, value in values.items()
    }
    known = [zone for zone, value in values.items() if value is not None]
    return Colouring(colours, tuple(legend), _title(record), _note(study, record, known))


def _values(study: Study, plan: Plan) -> dict[str, dict[str, object]]:
    """Return the metrics of each non-empty zone of a plan, with its count of points to watch."""
    shown = study.with_plan(plan)
    watched = watch_list(vigilance(shown))
    points = Counter(point.zone for point in watched.counted)
    return {
        zone.id: {
            **shown.area(zone=zone.id),
            VIGILANCE.key: shown.kept_metrics(zone=zone.id).get(VIGILANCE.key, points[zone.id]),
        }
        for zone in plan.zones
        if plan.members(zone.id)
    }


def _number(value: object) -> float | None:
    """Return a value if it is a number, unconverted: whole numbers stay integers."""
    return value if isinstance(value, (int, float)) else None


def _finite(values: Iterable[float | None]) -> list[float]:
    return [value for value in values if value is not None and math.isfinite(value)]


def _title(record: Metric) -> str:
    has_unit = not record.unit or record.unit.casefold() in record.label.casefold()
    return record.label if has_unit else f"{record.label} ({record.unit})"


def _note(study: Study, record: Metric, zones: Sequence[str]) -> str:
    """Describe which way is better, the rule's limit, and how many ``zones`` use an estimate."""
    parts = [_ORDER[record.better]]
    if record.limit is not None:
        parts.append(record.limit(study.settings).words)
    if record is not VIGILANCE:
        guessed = sum(is_estimated(study, record, study.area(zone=zone), [zone]) for zone in zones)
        parts += [f"{PARTLY_ESTIMATED} dans {plural(guessed, 'zone')}"] if guessed else []
    return " · ".join(parts)


def _words(record: Metric, bounds: Sequence[float], *, whole: bool) -> list[str]:
    """Return the label of each class, the lowest first; whole-number classes do not overlap."""
    digits = 0 if all(bound == round(bound) for bound in bounds) else 1

    def written(value: float) -> str:
        return number(value, digits)

    def up_to(low: float, high: float) -> str:
        first = low + 1 if whole else low
        return written(high) if first == high else f"{written(first)} à {written(high)}"

    unit = f"{NBSP}{record.unit}" if record.unit else ""
    first = "0" if bounds[0] == 0 else f"{written(bounds[0])}{unit} au plus"
    middle = [up_to(low, high) for low, high in pairwise(bounds)]
    return [first, *middle, f"plus de {written(bounds[-1])}{unit}"]

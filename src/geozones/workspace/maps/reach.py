"""Layer of areas reachable from a place: communes or isochrones, coloured over any plan."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import shapely

from geozones.common.french import minutes, ranged_minutes
from geozones.render import Patch, Pin, Scene
from geozones.render.palette import NO_VALUE, ramp
from geozones.travel.engine import Isochrone
from geozones.workspace.reachability.accessibility import (
    FROM_PLACE,
    IN_ZONE,
    MinuteClasses,
    PlaceAccess,
    Reached,
    access,
)
from geozones.workspace.study import Study

#: Isochrones of an engine, one for each duration.
type Rings = Sequence[Isochrone]


@dataclass(frozen=True)
class ReachLayer:
    """Areas coloured by their minutes from a place, and the legend.

    Parameters
    ----------
    access
        The minutes to each commune, and their source.
    patches
        The areas, each with its facts.
    legend
        A colour and its label, the nearest first, last the colour of unreachable areas.
    title
        The place and the moment.
    pin
        The place, if it is not a lycée of the map.
    """

    access: PlaceAccess
    patches: tuple[Patch, ...]
    legend: tuple[tuple[str, str], ...]
    title: str
    pin: Pin | None

    @property
    def colours(self) -> dict[str, str]:
        """The colour of each area, by id: the INSEE code of a commune."""
        return {patch.id: patch.colour for patch in self.patches}


def coloured(classes: MinuteClasses) -> tuple[tuple[str, str], ...]:
    """Return the colour and label of each class of minutes, then of unreachable areas."""
    return tuple(zip((*ramp(), NO_VALUE), classes.words, strict=True))


def accessibility_layer(study: Study, place: str) -> ReachLayer:
    """Return the communes coloured by their minutes from a place.

    ``place`` is a lycée (id), ``commune:CODE`` or ``lat,lon``.

    Raises
    ------
    InputError, UnknownPlaceError
        If the place is not in the territory.
    EngineError
        If no engine has an answer.
    """
    return layer_of(study, access(study.analysis, place))


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
    title = f"Durée depuis {reach.label}{study.analysis.peak_note}"
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

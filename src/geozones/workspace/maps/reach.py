"""What is reached from a place, as a layer: communes or isochrones coloured under any plan."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import shapely

from geozones.common.french import minutes, ranged_minutes
from geozones.render import Patch, Pin, Scene
from geozones.render.palette import NO_WAY, ramp
from geozones.travel.engine import Isochrone
from geozones.workspace.reachability.accessibility import (
    FROM_PLACE,
    IN_ZONE,
    Access,
    MinuteClasses,
    Reached,
    access,
)
from geozones.workspace.study import Study

#: What an engine says is reached, for each duration.
type Rings = Sequence[Isochrone]


@dataclass(frozen=True)
class ReachLayer:
    """Areas coloured by their minutes from a place, and the legend.

    Parameters
    ----------
    access
        The minutes to each commune, and who made them.
    patches
        The areas, each with what it tells.
    legend
        A colour and what it says, the nearest first, the lack of a way last.
    title
        From where, and at which moment.
    pin
        The place, where it is no lycée of the map.
    """

    access: Access
    patches: tuple[Patch, ...]
    legend: tuple[tuple[str, str], ...]
    title: str
    pin: Pin | None

    @property
    def colours(self) -> dict[str, str]:
        """The colour of each area, by id: a commune's is its INSEE code."""
        return {patch.id: patch.colour for patch in self.patches}


def coloured(classes: MinuteClasses) -> tuple[tuple[str, str], ...]:
    """Return the colour of each class of minutes and what it says, then the lack of a way."""
    return tuple(zip((*ramp(), NO_WAY), classes.words, strict=True))


def accessibility_layer(study: Study, place: str) -> ReachLayer:
    """Return the communes coloured by their minutes from a place.

    ``place`` is a lycée (id), ``commune:CODE`` or ``lat,lon``.

    Raises
    ------
    InputError, UnknownPlaceError
        If the place is not of the territory.
    EngineError
        If no engine can say.
    """
    return layer_of(study, access(study.analysis, place))


def layer_of(study: Study, reach: Access) -> ReachLayer:
    """Return the communes coloured by minutes that are known already."""
    patches = [_commune(reached) for reached in reach.communes]
    return _layer(study, reach, patches, FROM_PLACE)


def isochrone_layer(study: Study, reach: Access, isochrones: Rings) -> ReachLayer:
    """Return what an engine says is reached within each duration, the longest under."""
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
    study: Study, reach: Access, patches: Sequence[Patch], classes: MinuteClasses
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
        NO_WAY if rank is None else ramp()[rank],
        reached.commune.geometry,
        (("Trajet", took),),
    )

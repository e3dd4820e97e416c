"""What a picture is about: the zones that are not aside, their lycées, and what it names."""

import math
from collections import Counter
from dataclasses import dataclass
from functools import cached_property

import shapely
from shapely.geometry.base import BaseGeometry

from geozones.render.scene import Label, LyceePoint, Scene, SectorArea, ZoneArea

#: So many lycées have their names on a slide.
_FEW = 8


@dataclass(frozen=True)
class PictureSubject:
    """What a picture draws of a scene: zones, sectors, lycées, in the order of its legend."""

    scene: Scene
    #: names of the ground, the most important first
    ground_names: tuple[Label, ...] = ()
    #: whether it is for a room: few names, all large, no inset
    room: bool = False
    #: lycées that move between two plans, on a picture of both: it is about them
    moved: frozenset[str] | None = None

    @property
    def dots(self) -> bool:
        """Whether lycées are only dots, each at its place: their names are not told."""
        if self.room:
            return not self.names_lycees
        return self.moved is not None and not self.close

    @cached_property
    def zones(self) -> tuple[ZoneArea, ...]:
        """The zones that the picture is about, those not aside."""
        return tuple(zone for zone in self.scene.zones if not zone.aside)

    @cached_property
    def close(self) -> bool:
        """Whether it is a close-up of a part of the region, whose zones and lycées are labelled."""
        return len(self.zones) < len(self.scene.zones)

    @cached_property
    def sectors(self) -> tuple[SectorArea, ...]:
        """The sectors that the picture is about."""
        own = {zone.sector for zone in self.zones}
        return tuple(sector for sector in self.scene.sectors if sector.id in own)

    @cached_property
    def area(self) -> BaseGeometry:
        """The union of its zones, in degrees: no inset nor scale bar may cover it."""
        areas = self.zones or self.scene.zones or self.scene.sectors
        return shapely.union_all([area.geometry for area in areas])

    @cached_property
    def number(self) -> dict[str, int]:
        """The number of each zone of the picture, as map and legend print it."""
        return {zone.id: rank for rank, zone in enumerate(self.zones, 1)}

    @cached_property
    def lycees(self) -> tuple[LyceePoint, ...]:
        """The lycées of its zones that have a position."""
        zones = {zone.id for zone in self.zones} or None
        shown = (self.scene.layers or {}).get("lycees", True)
        return tuple(
            point
            for point in self.scene.lycees
            if shown and has_position(point) and (zones is None or point.zone in zones)
        )

    @cached_property
    def others(self) -> tuple[LyceePoint, ...]:
        """The other lycées, drawn faintly."""
        own = {point.id for point in self.lycees}
        shown = (self.scene.layers or {}).get("lycees", True)
        return tuple(
            point
            for point in self.scene.lycees
            if shown and has_position(point) and point.id not in own
        )

    @cached_property
    def unplaced(self) -> tuple[LyceePoint, ...]:
        """The lycées that cannot be drawn: their position is not known."""
        zones = {zone.id for zone in self.zones}
        return tuple(
            point
            for point in self.scene.lycees
            if not has_position(point) and (not zones or point.zone in zones)
        )

    @property
    def names_lycees(self) -> bool:
        """Whether each lycée has its name: in a close-up; in a room, only where they are few."""
        return self.close and (not self.room or len(self.lycees) <= _FEW)

    @property
    def named(self) -> bool:
        """Whether labels are drawn at all."""
        return (self.scene.layers or {}).get("labels", True)


def has_position(point: LyceePoint) -> bool:
    """Tell whether a lycée can be drawn."""
    return math.isfinite(point.lat) and math.isfinite(point.lon)


def town(points: tuple[LyceePoint, ...]) -> str:
    """Return the commune that most of some lycées are in."""
    communes = [dict(point.facts).get("Commune", "") for point in points]
    return Counter(communes).most_common(1)[0][0]

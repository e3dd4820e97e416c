"""Subject of a picture: the zones that are not faded, their lycées, and the names to print."""

import math
from collections import Counter
from dataclasses import dataclass
from functools import cached_property

import shapely
from shapely.geometry.base import BaseGeometry

from geozones.render.scene import Label, LyceePoint, Scene, SectorArea, ZoneArea

#: Most lycées whose names a slide shows.
_FEW = 8


@dataclass(frozen=True)
class PictureSubject:
    """Contents of a picture of a scene: zones, sectors, lycées, in the order of its legend."""

    scene: Scene
    #: names of the ground, the most important first
    ground_names: tuple[Label, ...] = ()
    #: whether it is for a slide: few names, all large, no inset
    room: bool = False
    #: lycées that move between two plans, which are the subject of a picture of both
    moved: frozenset[str] | None = None

    @property
    def dots(self) -> bool:
        """Whether lycées are only dots at their positions, without names."""
        if self.room:
            return not self.names_lycees
        return self.moved is not None and not self.close

    @cached_property
    def zones(self) -> tuple[ZoneArea, ...]:
        """Zones of the subject, which are not faded."""
        return tuple(zone for zone in self.scene.zones if not zone.aside)

    @cached_property
    def close(self) -> bool:
        """Whether it is a close-up of a part of the region, whose zones and lycées are labelled."""
        return len(self.zones) < len(self.scene.zones)

    @cached_property
    def sectors(self) -> tuple[SectorArea, ...]:
        """Sectors of the subject."""
        own = {zone.sector for zone in self.zones}
        return tuple(sector for sector in self.scene.sectors if sector.id in own)

    @cached_property
    def area(self) -> BaseGeometry:
        """Union of its zones, in degrees, which no inset nor scale bar may cover."""
        areas = self.zones or self.scene.zones or self.scene.sectors
        return shapely.union_all([area.geometry for area in areas])

    @cached_property
    def number(self) -> dict[str, int]:
        """Number of each zone of the picture, for map and legend."""
        return {zone.id: rank for rank, zone in enumerate(self.zones, 1)}

    @cached_property
    def lycees(self) -> tuple[LyceePoint, ...]:
        """Lycées of its zones that have a position."""
        zones = {zone.id for zone in self.zones} or None
        shown = (self.scene.layers or {}).get("lycees", True)
        return tuple(
            point
            for point in self.scene.lycees
            if shown and has_position(point) and (zones is None or point.zone in zones)
        )

    @cached_property
    def others(self) -> tuple[LyceePoint, ...]:
        """Other lycées, drawn faintly."""
        own = {point.id for point in self.lycees}
        shown = (self.scene.layers or {}).get("lycees", True)
        return tuple(
            point
            for point in self.scene.lycees
            if shown and has_position(point) and point.id not in own
        )

    @cached_property
    def unplaced(self) -> tuple[LyceePoint, ...]:
        """Lycées that cannot be drawn, since their position is unknown."""
        zones = {zone.id for zone in self.zones}
        return tuple(
            point
            for point in self.scene.lycees
            if not has_position(point) and (not zones or point.zone in zones)
        )

    @property
    def names_lycees(self) -> bool:
        """Whether each lycée has its name: in a close-up; on a slide, only if they are few."""
        return self.close and (not self.room or len(self.lycees) <= _FEW)

    @property
    def named(self) -> bool:
        """Whether any label is drawn."""
        return (self.scene.layers or {}).get("labels", True)


def has_position(point: LyceePoint) -> bool:
    """Return whether a lycée can be drawn."""
    return math.isfinite(point.lat) and math.isfinite(point.lon)


def town(points: tuple[LyceePoint, ...]) -> str:
    """Return the most frequent commune of some lycées."""
    communes = [dict(point.facts).get("Commune", "") for point in points]
    return Counter(communes).most_common(1)[0][0]

"""Subject of a picture: the zones that are not faded, their lycées, and the names to print."""

import math
from collections import Counter
from dataclasses import dataclass
from functools import cached_property

import shapely
from shapely.geometry.base import BaseGeometry

from geozones.render.figure.free_space import FreeSpace
from geozones.render.figure.map_frame import Frame
from geozones.render.scene import Label, LyceePoint, Scene, SectorArea, ZoneArea


@dataclass(frozen=True)
class PictureSubject:
    """Contents of a picture of a scene: zones, sectors, lycées, in the order of its legend."""

    scene: Scene
    #: names of the ground, the most important first
    ground_names: tuple[Label, ...] = ()
    #: whether it is for a slide: few names, all large, no inset
    room: bool = False
    #: whether a legend beside the map names the zones of a region by their numbers
    listed: bool = False
    #: whether a picture of few names, without room for those of its lycées, leaves them all out
    unnamed: bool = False

    @cached_property
    def moved(self) -> frozenset[str]:
        """Lycées that move between two plans, which are the subject of a picture of both."""
        change = self.scene.change
        return frozenset() if change is None else frozenset(move.id for move in change.moves)

    @property
    def few(self) -> bool:
        """Whether it names few things and enlarges no town: on a slide, or of a change."""
        return self.room or self.scene.change is not None

    @property
    def dots(self) -> bool:
        """Whether lycées are only dots at their positions, without names."""
        return self.few and not self.names_lycees

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
    def spaces(self) -> dict[Frame, FreeSpace]:
        """Free spaces around it that were computed, by frame."""
        return {}

    @cached_property
    def number(self) -> dict[str, int]:
        """Number of each zone of the picture, for map and legend."""
        if self.scene.change is not None:
            return {code: rank for rank, (code, _) in enumerate(self.scene.change.zones, 1)}
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
        """Whether each lycée has its name: in a close-up; on a slide, only if all have room.

        In a picture of a change, only the lycées that move have their names.
        """
        if self.scene.change is not None or self.unnamed:
            return False
        return self.close

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

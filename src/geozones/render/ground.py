"""The ground of a map: what does not change with the plan, drawn under zones and over them."""

import math
from dataclasses import dataclass, replace

from shapely.geometry.base import BaseGeometry

from geozones.render.scene import Label

#: Ranks of names: of a large town, and the first of the others, behind zones and lycées.
CITY_RANK, FIRST_RANK = 1, 4
#: Zooms from which towns and rivers are named, and one farther than any.
_TOWN_ZOOM, RIVER_ZOOM, FAR = 7.5, 8.0, 99.0
#: Zooms at which an axis drawn by hand is right enough: the region's scale.
SCHEMATIC_ZOOMS = (0.0, 9.5)
#: What must be said wherever such an axis is drawn.
SCHEMATIC = "autoroute (tracé schématique)"


def zooms_of_town(order: int) -> tuple[float, float]:
    """Return the zooms at which a town is named, by its order: twice as many at each zoom."""
    return (max(_TOWN_ZOOM, 8 + math.log2((order + 2) / 20)), FAR)


@dataclass(frozen=True, slots=True)
class Outline:
    """The border of a département of the region."""

    id: str
    name: str
    geometry: BaseGeometry


@dataclass(frozen=True, slots=True)
class River:
    """The course of a river, a line; ``rank`` is 1 for the widest, 3 for a small one."""

    name: str
    rank: int
    geometry: BaseGeometry


@dataclass(frozen=True, slots=True)
class Road:
    """All roads of a class, lines, drawn at zooms from the first to before the second.

    ``kind`` is ``motorway``, ``trunk``, ``primary`` or ``secondary``, as OpenStreetMap has it.
    """

    kind: str
    geometry: BaseGeometry
    zooms: tuple[float, float]


@dataclass(frozen=True)
class Ground:
    """What a map is drawn on, lowest first. Without land, all around the zones is one colour.

    Parameters
    ----------
    land
        All land, under the region too; what is not land is sea.
    borders
        Lines between the départements around the region.
    lakes, rivers
        Drawn over the zones.
    departements
        Borders of the region's own.
    roads
        Drawn over the zones too, the least important first.
    schematic
        Whether their course is by hand, which must be said where they are drawn.
    names
        Of towns, rivers and départements around: kinds ``city`` (a préfecture), ``town``,
        ``river``, ``departement``, ``motorway``.
    credit
        Whose data it is, to be written on every picture; empty where nobody has to be named.
    """

    departements: tuple[Outline, ...] = ()
    land: BaseGeometry | None = None
    borders: BaseGeometry | None = None
    lakes: tuple[BaseGeometry, ...] = ()
    rivers: tuple[River, ...] = ()
    names: tuple[Label, ...] = ()
    credit: str = ""
    roads: tuple[Road, ...] = ()
    schematic: bool = False

    @property
    def near(self) -> "Ground":
        """The ground of what is shown from near: without what is schematic."""
        return replace(self, roads=(), schematic=False) if self.schematic else self

    @property
    def geometries(self) -> tuple[BaseGeometry, ...]:
        """Every shape of it."""
        there = (shape for shape in (self.land, self.borders) if shape is not None)
        rivers = (river.geometry for river in self.rivers)
        outlines = (outline.geometry for outline in self.departements)
        roads = (road.geometry for road in self.roads)
        return (*there, *self.lakes, *rivers, *roads, *outlines)

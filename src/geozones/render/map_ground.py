"""Ground of a map: layers that do not change with the plan, under and over the zones."""

import math
from dataclasses import dataclass, replace

from shapely.geometry.base import BaseGeometry

from geozones.render.scene import Label

#: Ranks of names: of a large town, and the first of the others, after zones and lycées.
CITY_RANK, FIRST_RANK = 1, 4
#: First zooms that name towns and rivers, and a zoom beyond all.
_TOWN_ZOOM, RIVER_ZOOM, FAR = 7.5, 8.0, 99.0
#: First zoom of the close ground: as ZOOM in static/geozones-near.js.
CLOSE_ZOOM = 11.0
#: Zooms at which a hand-drawn axis is precise enough: the region's scale.
SCHEMATIC_ZOOMS = (0.0, 9.5)
#: Notice wherever such an axis is drawn.
SCHEMATIC = "autoroute (tracé schématique)"


def zooms_of_town(order: int) -> tuple[float, float]:
    """Return the zooms that name a town, by its order: twice as many towns at each zoom."""
    return (max(_TOWN_ZOOM, 8 + math.log2((order + 2) / 20)), FAR)


@dataclass(frozen=True, slots=True)
class Outline:
    """Border of a département of the region."""

    id: str
    name: str
    geometry: BaseGeometry


@dataclass(frozen=True, slots=True)
class River:
    """Course of a river, a line; ``rank`` is 1 for the widest, 3 for a small river."""

    name: str
    rank: int
    geometry: BaseGeometry


@dataclass(frozen=True, slots=True)
class Road:
    """All roads of a class, lines, drawn at zooms from the first to before the second.

    ``kind`` is ``motorway``, ``trunk``, ``primary`` or ``secondary``, as in OpenStreetMap.
    """

    kind: str
    geometry: BaseGeometry
    zooms: tuple[float, float]


@dataclass(frozen=True)
class CloseGround:
    """Ground of close zooms, which a data folder may lack."""

    communes: tuple[BaseGeometry, ...] = ()  # Lines between two communes.
    waters: tuple[BaseGeometry, ...] = ()  # Rivers and lakes, areas.
    names: tuple[Label, ...] = ()  # Names of the communes that no town of the `MapGround` names.
    credit: str = ""  # Sources of the data, for the page of the sources.

    def __bool__(self) -> bool:
        """Tell whether there is anything to draw."""
        return bool(self.communes or self.waters or self.names)


@dataclass(frozen=True)
class MapGround:
    """Ground of a map, lowest layer first. Without land, all around the zones is one colour."""

    departements: tuple[Outline, ...] = ()  # Borders of the region's départements.
    land: BaseGeometry | None = None  # All land, under the region too; what is not land is sea.
    borders: BaseGeometry | None = None  # Lines between the départements around the region.
    lakes: tuple[BaseGeometry, ...] = ()  # Drawn over the zones.
    rivers: tuple[River, ...] = ()
    #: Names of towns, rivers and départements around: kinds ``city`` (a préfecture), ``town``,
    #: ``river``, ``departement``, ``motorway``.
    names: tuple[Label, ...] = ()
    credit: str = ""  # Credit of the data, for every picture; empty if no credit is due.
    roads: tuple[Road, ...] = ()  # Roads, also drawn over the zones, the least important first.
    schematic: bool = False  # Whether the roads are drawn by hand, which needs a notice.

    @property
    def near(self) -> "MapGround":
        """Ground for close-ups: without schematic parts."""
        return replace(self, roads=(), schematic=False) if self.schematic else self

    @property
    def geometries(self) -> tuple[BaseGeometry, ...]:
        """Every shape of the ground."""
        there = (shape for shape in (self.land, self.borders) if shape is not None)
        rivers = (river.geometry for river in self.rivers)
        outlines = (outline.geometry for outline in self.departements)
        roads = (road.geometry for road in self.roads)
        return (*there, *self.lakes, *rivers, *roads, *outlines)

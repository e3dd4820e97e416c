"""Scene: neutral description of a picture, its ground and the space of names, for every output.

The room of a label is a rectangle, as bounds in degrees. Both projections keep meridians and
parallels straight and square, so that a label inside a room is inside the area at every scale, on
screen and on a sheet.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geozones.domain import DecisionStatus
from geozones.render.signs import INK

type Bounds = tuple[float, float, float, float]
#: Line of a tooltip or panel: a label and its value.
type Fact = tuple[str, str]


@dataclass(frozen=True, slots=True)
class ZoneArea:
    """Zone to fill; ``aria_label`` is its text for screen readers.

    ``number`` is its number in every picture and file of the plan (`Study.zone_numbers`),
    ``status`` is its decision status, ``changed`` whether a scenario changed it (see
    `geozones.render.signs`), ``note`` a warning if it is undecided, ``deployed`` whether the
    organisation is at work at the date shown; ``aside``: the zone is outside the picture's subject,
    and faded.
    """

    id: str
    name: str
    number: int
    sector: str
    colour: str
    ink: str
    status: DecisionStatus
    changed: bool
    note: str
    deployed: bool
    aside: bool
    geometry: BaseGeometry
    facts: tuple[Fact, ...]
    aria_label: str = ""

    @property
    def draft(self) -> bool:
        """Whether it is a proposal of this tool."""
        return self.status is DecisionStatus.DRAFT


@dataclass(frozen=True, slots=True)
class SectorArea:
    """Sector to outline and name; ``facts`` give its RNS and its support centre.

    ``marks`` are its changes in words, beside its status; empty for none.
    """

    id: str
    name: str
    colour: str
    ink: str
    status: DecisionStatus
    marks: str
    geometry: BaseGeometry
    anchor: tuple[float, float]
    facts: tuple[Fact, ...] = ()


@dataclass(frozen=True, slots=True)
class LyceePoint:
    """Lycée; ``role`` is ``lycee`` or ``support`` (a support centre).

    ``precision`` is the precision of its position: ``adresse``, ``rue``, ``commune``,
    ``provisoire``, or ``manuel`` (corrected by hand); ``aria_label`` its text for screen readers.
    """

    id: str
    name: str
    zone: str
    lat: float
    lon: float
    ink: str
    role: str
    facts: tuple[Fact, ...]
    precision: str = "adresse"
    aria_label: str = ""

    @property
    def approximate(self) -> bool:
        """Whether its position is its town's centre, or unchecked."""
        return self.precision in {"commune", "provisoire"}

    @property
    def is_placed(self) -> bool:
        """Whether its position is known, so that it can be drawn."""
        return math.isfinite(self.lat) and math.isfinite(self.lon)


@dataclass(frozen=True, slots=True)
class Label:
    """Name on the map; ``kind`` is ``sector``, ``zone``, ``lycee``, or a kind of the ground.

    Where two would collide, the lowest rank wins. ``of`` is the id of the sector, zone or lycée; a
    ``number`` other than 0 is the zone's number in the legend. The name of an area goes in one of
    its ``spaces`` (see `geozones.render.scene`); other names beside their point. On screen
    it is shown at zooms in ``zooms``, the second excluded. ``known_as`` is another name by which
    people look for the place, empty for none.
    """

    kind: str
    text: str
    lat: float
    lon: float
    rank: int
    ink: str = INK
    of: str = ""
    number: int = 0
    spaces: tuple[Bounds, ...] = ()
    zooms: tuple[float, float] = (0.0, 99.0)
    known_as: str = ""


@dataclass(frozen=True, slots=True)
class Patch:
    """Area that colours the ground: a commune by its minutes, or the reach of a duration."""

    id: str
    name: str
    colour: str
    geometry: BaseGeometry
    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class DrawnDrive:
    """Drive to draw, as (latitude, longitude) points; ``straight`` if no engine drew it."""

    id: str
    points: tuple[tuple[float, float], ...]
    straight: bool
    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class Pin:
    """Place in a question that is no lycée."""

    name: str
    lat: float
    lon: float


#: Stance of a lycée that was asked and has not answered.
AWAITED = "attendu"


@dataclass(frozen=True, slots=True)
class FeedbackMark:
    """Mark of comments and opinions on a place, on the screen map.

    ``of`` is the place (``zone:ID``, ``sector:ID``, ``lycee:ID``), ``count`` the number of comments
    about it, ``waits`` whether a comment is untreated, ``stance`` the opinion of a lycée
    (``favorable``, ``réservé``, ``défavorable``, ``attendu``; empty if it was not asked).
    """

    of: str
    name: str
    lat: float
    lon: float
    count: int
    waits: bool
    stance: str
    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class ShownMove:
    """Lycée (``id``) that changes zone or position: its arrow, as (latitude, longitude) ends.

    Without ``arrow`` only the lycée is marked.
    """

    id: str
    arrow: tuple[tuple[float, float], tuple[float, float]] | None = None


@dataclass(frozen=True, slots=True)
class ShownChange:
    """Change that a scene shows: the lycées that move, and the zones that differ.

    ``zones`` are the numbers and names of these zones, in both plans, by number; none if they are
    too many for numbers.
    """

    moves: tuple[ShownMove, ...]
    zones: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class View:
    """Extent of the view: ``bounds`` are (west, south, east, north) in degrees.

    The screen moves there when ``key`` changes, and otherwise stays where the user left it.
    """

    bounds: Bounds
    key: str


@dataclass(frozen=True)
class Scene:
    """All the content of a picture of a plan."""

    zones: tuple[ZoneArea, ...]
    sectors: tuple[SectorArea, ...]
    lycees: tuple[LyceePoint, ...]
    labels: tuple[Label, ...]
    view: View
    patches: tuple[Patch, ...] = ()
    drives: tuple[DrawnDrive, ...] = ()
    pin: Pin | None = None
    #: comments and opinions on places
    feedback: tuple[FeedbackMark, ...] = ()
    #: for a picture of what differs between two plans, and of nothing else
    change: ShownChange | None = None
    selected_zones: frozenset[str] = frozenset()
    selected_lycee: str | None = None
    #: the sector in view; ``None`` for the region
    focus: str | None = None
    #: lycées chosen to be moved together
    picked: frozenset[str] = frozenset()
    editable: bool = False
    #: why dragging a lycée moves nothing, where it is not ``editable``
    fixed: str = ""
    #: whether a click sets the position of a lycée, instead of choosing
    siting: bool = False
    #: id -> whether it is drawn, for ``lycees``, ``labels``, ``departements``
    layers: Mapping[str, bool] | None = None
    #: the land of each lycée (id), for the screen to colour a dropped lycée before the answer
    cells: Mapping[str, BaseGeometry] | None = None
    #: identity of the plan of the hints: see `geozones.workspace.moves.destinations`
    hints: str = ""
    #: number of the last gesture on this map included in the scene
    answered: int = 0
    #: the event (id) of the scenario's history shown, so that a gesture names what it undoes
    head: str | None = None
    #: an optional background the user switched on: a tile URL template and its attribution
    tiles: tuple[str, str] | None = None

    @property
    def geometries(self) -> tuple[BaseGeometry, ...]:
        """Shapes of its areas: zones, sectors, patches, land of lycées."""
        return (
            *(zone.geometry for zone in self.zones),
            *(sector.geometry for sector in self.sectors),
            *(patch.geometry for patch in self.patches),
            *(self.cells or {}).values(),
        )


#: Cells of the grid over an area, each way.
_CELLS = 64
#: Heights of rooms, in cells.
_HEIGHTS = (1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 13, 16, 19, 23, 28, 34, 42, 50, 58)
#: Rooms of each height: the longest, then rooms separate from it.
_EACH = 3
_MOST = 16
#: Ratio of width to height of a usual name: the first room holds the largest such name.
_USUAL = 5.0
#: Rooms travel as whole multiples of this part of a degree, rounded inwards.
SCALE = 10_000


@lru_cache(maxsize=2048)
def label_spaces(geometry: BaseGeometry) -> tuple[Bounds, ...]:
    """Return rectangles inside polygons (degrees), the room of the largest usual name first.

    Some are long and low, some high, for names of any shape. They are ordered by the largest name,
    five times as wide as high, that each holds.
    """
    if geometry.is_empty or geometry.area == 0:
        return ()
    west, south, east, north = geometry.bounds
    across, up = (east - west) / _CELLS, (north - south) / _CELLS
    squeeze = math.cos(math.radians((south + north) / 2)) * across / up
    rooms: list[tuple[float, Bounds]] = []
    for left, bottom, wide, high in _maximal(_inside(geometry, west, south, across, up)):
        x, y = west + left * across, south + bottom * up
        bounds = (
            math.ceil(x * SCALE) / SCALE,
            math.ceil(y * SCALE) / SCALE,
            math.floor((x + wide * across) * SCALE) / SCALE,
            math.floor((y + high * up) * SCALE) / SCALE,
        )
        if bounds[0] < bounds[2] and bounds[1] < bounds[3]:
            rooms.append((-min(wide * squeeze / _USUAL, high), bounds))
    return tuple(bounds for _, bounds in sorted(rooms)[:_MOST])


def _inside(
    geometry: BaseGeometry, west: float, south: float, across: float, up: float
) -> np.ndarray:
    """Return bool[row, column]: which cells of the grid are wholly inside."""

    def to_cells(points: np.ndarray) -> np.ndarray:
        cells: np.ndarray = (points - (west, south)) / (across, up)
        return cells

    placed = shapely.transform(geometry, to_cells)
    shapely.prepare(placed)
    middles = np.arange(_CELLS) + 0.5
    x, y = np.meshgrid(middles, middles)
    inside = np.asarray(shapely.contains_xy(placed, x, y))
    border = shapely.get_coordinates(shapely.segmentize(shapely.boundary(placed), 0.2))
    columns, rows = np.clip(border.astype(int), 0, _CELLS - 1).T
    inside[rows, columns] = False
    return inside


def _maximal(inside: np.ndarray) -> list[tuple[int, int, int, int]]:
    """Return long rectangles of each height (left, bottom, width, height), in cells."""
    sums = np.vstack((np.zeros((1, _CELLS), int), np.cumsum(inside, axis=0)))
    full = np.zeros((len(_HEIGHTS), _CELLS, _CELLS), bool)
    for rank, high in enumerate(_HEIGHTS):
        full[rank, : _CELLS - high + 1] = sums[high:] - sums[: _CELLS - high + 1] == high
    run = np.zeros(full.shape[:2], int)
    longest, end = run.copy(), run.copy()
    for column in range(_CELLS):
        run = (run + 1) * full[:, :, column]
        end = np.where(run > longest, column, end)
        longest = np.maximum(longest, run)
    found: list[tuple[int, int, int, int]] = []
    for rank, high in enumerate(_HEIGHTS):
        left = longest[rank].copy()
        for _ in range(_EACH):
            row = int(left.argmax())
            if not left[row]:
                break
            wide = int(left[row])
            found.append((int(end[rank, row]) - wide + 1, row, wide, high))
            left[max(row - high, 0) : row + high] = 0
    if not found:
        return []
    sides = np.array(found)
    low, high = sides[:, :2], sides[:, :2] + sides[:, 2:]
    starts = (low[:, None] <= low[None]).all(axis=2)
    ends = (high[None] <= high[:, None]).all(axis=2)
    other = (sides[:, None] != sides[None]).any(axis=2)
    held = (starts & ends & other).any(axis=0)
    return [span for span, is_held in zip(found, held, strict=True) if not is_held]


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

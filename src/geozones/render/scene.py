"""A Scene: what is drawn, in neutral terms, for the screen map and every export alike."""

from collections.abc import Mapping
from dataclasses import dataclass

from shapely.geometry.base import BaseGeometry

from geozones.domain import DecisionStatus
from geozones.render.signs import INK

type Bounds = tuple[float, float, float, float]
#: A line of a tooltip or panel: a label and its value.
type Fact = tuple[str, str]


@dataclass(frozen=True, slots=True)
class ZoneArea:
    """A zone to fill; ``spoken`` is what a screen reader says of it.

    ``status`` is how decided it is, ``changed`` tells that a scenario changed it (see
    `geozones.render.signs`), ``note`` warns of what is not decided,
    ``deployed`` tells whether the organisation is at work at the date shown; ``aside`` that the
    zone is not what the picture is about.
    """

    id: str
    name: str
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
    spoken: str = ""

    @property
    def draft(self) -> bool:
        """Whether it is a proposal of this tool."""
        return self.status is DecisionStatus.DRAFT


@dataclass(frozen=True, slots=True)
class SectorArea:
    """A sector to outline and name; ``facts`` say who leads it and from where.

    ``marks`` say beside its status what changed in it, in words; empty for nothing.
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
    """A lycée; ``role`` is ``lycee`` or ``support`` (a support centre).

    ``precision`` is how well its place is known: ``adresse``, ``rue``, ``commune``,
    ``provisoire``, or ``manuel`` (corrected by hand); ``spoken`` what a screen reader says of it.
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
    spoken: str = ""

    @property
    def approximate(self) -> bool:
        """Whether it stands at its town's centre, or where nobody has checked."""
        return self.precision in {"commune", "provisoire"}


@dataclass(frozen=True, slots=True)
class Label:
    """A name on the map; ``kind`` is ``sector``, ``zone``, ``lycee``, or one of the ground.

    Where two would collide, the lowest rank wins. ``of`` is the id of the sector, zone or lycée;
    a ``number`` other than 0 is that of the zone in the legend. The name of an area goes in one
    of its ``rooms`` (see `geozones.render.rooms`); the others beside their point. On screen it is
    shown at zooms of ``zooms``, the second left out.
    """

    kind: str
    text: str
    lat: float
    lon: float
    rank: int
    ink: str = INK
    of: str = ""
    number: int = 0
    rooms: tuple[Bounds, ...] = ()
    zooms: tuple[float, float] = (0.0, 99.0)


@dataclass(frozen=True, slots=True)
class Patch:
    """An area that colours the ground: a commune by its minutes, what a duration reaches."""

    id: str
    name: str
    colour: str
    geometry: BaseGeometry
    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class Way:
    """A drive to draw, as (latitude, longitude) points; ``straight`` where no engine drew it."""

    id: str
    points: tuple[tuple[float, float], ...]
    straight: bool
    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class Pin:
    """A place that is asked about and is no lycée."""

    name: str
    lat: float
    lon: float


@dataclass(frozen=True, slots=True)
class SaidMark:
    """What people said of a place, marked on the screen map.

    ``of`` is the place (``zone:ID``, ``sector:ID``, ``lycee:ID``), ``count`` how many comments are
    about it, ``waits`` whether one of them is not treated yet, ``stance`` the opinion of a lycée
    (``favorable``, ``réservé``, ``défavorable``, ``attendu``; empty where none is asked).
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
class View:
    """Where to look: ``bounds`` are (west, south, east, north) in degrees.

    The screen moves there when ``key`` changes, and otherwise stays where the user left it.
    """

    bounds: Bounds
    key: str


@dataclass(frozen=True)
class Scene:
    """Everything a picture of a plan shows."""

    zones: tuple[ZoneArea, ...]
    sectors: tuple[SectorArea, ...]
    lycees: tuple[LyceePoint, ...]
    labels: tuple[Label, ...]
    view: View
    patches: tuple[Patch, ...] = ()
    ways: tuple[Way, ...] = ()
    pin: Pin | None = None
    #: what people said of places
    said: tuple[SaidMark, ...] = ()
    selected_zones: frozenset[str] = frozenset()
    selected_lycee: str | None = None
    #: the sector that is looked at; ``None`` for the region
    focus: str | None = None
    #: lycées chosen to be moved together
    picked: frozenset[str] = frozenset()
    editable: bool = False
    #: whether dragging a lycée corrects where it is, not which zone it is in
    placing: bool = False
    #: whether a click says where a lycée is to open, and chooses nothing
    siting: bool = False
    #: id -> whether it is drawn, for ``lycees``, ``labels``, ``departements``
    layers: Mapping[str, bool] | None = None
    #: the land of each lycée (id), for the screen to colour one that is dropped before the answer
    cells: Mapping[str, BaseGeometry] | None = None
    #: what tells the hints that are of this plan: see `geozones.workspace.moves.hints`
    hints: str = ""
    #: number of the last gesture on this map that the scene takes into account
    answered: int = 0
    #: the event (id) of the scenario's history that it shows, for a gesture to say what it undoes
    head: str | None = None
    #: an optional background the user switched on: a tile URL template and its attribution
    tiles: tuple[str, str] | None = None

    @property
    def geometries(self) -> tuple[BaseGeometry, ...]:
        """The shapes of its areas: zones, sectors, patches, land of lycées."""
        return (
            *(zone.geometry for zone in self.zones),
            *(sector.geometry for sector in self.sectors),
            *(patch.geometry for patch in self.patches),
            *(self.cells or {}).values(),
        )

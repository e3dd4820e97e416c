"""Scene: neutral description of a picture, for the screen map and every export."""

from collections.abc import Mapping
from dataclasses import dataclass

from shapely.geometry.base import BaseGeometry

from geozones.domain import DecisionStatus
from geozones.render.signs import INK

type Bounds = tuple[float, float, float, float]
#: Line of a tooltip or panel: a label and its value.
type Fact = tuple[str, str]


@dataclass(frozen=True, slots=True)
class ZoneArea:
    """Zone to fill; ``aria_label`` is its text for screen readers.

    ``status`` is its decision status, ``changed`` whether a scenario changed it (see
    `geozones.render.signs`), ``note`` a warning if it is undecided, ``deployed`` whether the
    organisation is at work at the date shown; ``aside``: the zone is outside the picture's subject,
    and faded.
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


@dataclass(frozen=True, slots=True)
class Label:
    """Name on the map; ``kind`` is ``sector``, ``zone``, ``lycee``, or a kind of the ground.

    Where two would collide, the lowest rank wins. ``of`` is the id of the sector, zone or lycée; a
    ``number`` other than 0 is the zone's number in the legend. The name of an area goes in one of
    its ``spaces`` (see `geozones.render.label_space`); other names beside their point. On screen
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

    ``zones`` are the ids and names of these zones, in both plans, in the order of their numbers.
    """

    moves: tuple[ShownMove, ...]
    zones: tuple[tuple[str, str], ...]


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
    #: whether dragging a lycée corrects its position, instead of its zone
    placing: bool = False
    #: whether dragging a lycée, which moves nothing here, says how to try the move
    tries: bool = False
    #: whether a click sets the position of a new lycée, instead of choosing
    siting: bool = False
    #: id -> whether it is drawn, for ``lycees``, ``labels``, ``departements``
    layers: Mapping[str, bool] | None = None
    #: the land of each lycée (id), for the screen to colour a dropped lycée before the answer
    cells: Mapping[str, BaseGeometry] | None = None
    #: identity of the plan of the hints: see `geozones.workspace.moves.hints`
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

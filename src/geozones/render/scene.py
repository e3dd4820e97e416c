"""A Scene: what is drawn, in neutral terms, for the screen map and every export alike."""

from collections.abc import Mapping
from dataclasses import dataclass

from shapely.geometry.base import BaseGeometry

type Bounds = tuple[float, float, float, float]
#: A line of a tooltip or panel: a label and its value.
type Fact = tuple[str, str]


@dataclass(frozen=True, slots=True)
class ZoneArea:
    """A zone to fill.

    ``changed`` tells that a trial changed its lycées, ``note`` warns of what is not decided,
    ``deployed`` tells whether the organisation is at work at the date shown; ``aside`` that the
    zone is not what the picture is about.
    """

    id: str
    name: str
    sector: str
    colour: str
    ink: str
    draft: bool
    changed: bool
    note: str
    deployed: bool
    aside: bool
    geometry: BaseGeometry
    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class SectorArea:
    """A sector to outline and name."""

    id: str
    name: str
    colour: str
    ink: str
    draft: bool
    geometry: BaseGeometry
    anchor: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Outline:
    """A département's border."""

    id: str
    name: str
    geometry: BaseGeometry


@dataclass(frozen=True, slots=True)
class LyceePoint:
    """A lycée; ``role`` is ``lycee`` or ``support`` (a support centre).

    ``precision`` is how well its place is known: ``adresse``, ``rue``, ``commune``,
    ``provisoire``, or ``manuel`` (corrected by hand).
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

    @property
    def approximate(self) -> bool:
        """Whether it stands at its town's centre, or where nobody has checked."""
        return self.precision in {"commune", "provisoire"}


@dataclass(frozen=True, slots=True)
class Label:
    """A name on the map; ``kind`` is ``sector``, ``zone``, ``town`` or ``lycee``.

    Where two would collide, the lowest rank wins.
    """

    kind: str
    text: str
    lat: float
    lon: float
    rank: int
    ink: str = "#3d464d"


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
    selected_zones: frozenset[str] = frozenset()
    selected_lycee: str | None = None
    #: lycées chosen to be moved together
    picked: frozenset[str] = frozenset()
    editable: bool = False
    #: whether dragging a lycée corrects where it is, not which zone it is in
    placing: bool = False
    #: id -> whether it is drawn, for ``lycees``, ``labels``, ``departements``
    layers: Mapping[str, bool] | None = None
    #: an optional background the user switched on: a tile URL template and its attribution
    tiles: tuple[str, str] | None = None

    @property
    def geometries(self) -> tuple[BaseGeometry, ...]:
        """The shapes of its areas: zones, sectors, patches."""
        return (
            *(zone.geometry for zone in self.zones),
            *(sector.geometry for sector in self.sectors),
            *(patch.geometry for patch in self.patches),
        )

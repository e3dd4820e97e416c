"""What each page shows and asks: the records that a session keeps."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from geozones.workspace import ListImport


@dataclass(frozen=True, slots=True)
class Selection:
    """What is looked at. ``look`` counts the times the map was asked to move there."""

    sector: str | None = None
    zone: str | None = None
    lycee: str | None = None
    target: str | None = None
    look: int = 0


@dataclass(frozen=True, slots=True)
class TravelView:
    """What the page « Temps de trajet » shows: a zone, a pair of lycées, a place asked from."""

    part: str = "zones"
    sector: str | None = None
    zone: str | None = None
    pair: tuple[str, str] | None = None
    place: str | None = None
    understood: str = ""
    isochrones: bool = False
    look: int = 0


@dataclass(frozen=True, slots=True)
class ShareView:
    """What the page « Partager » shows and makes; ``plan`` and ``other`` are plans by code."""

    plan: str | None = None
    kind: str = "region"
    sector: str | None = None
    zone: str | None = None
    other: str | None = None
    format: str = "png"
    size: str = "hd"


@dataclass(frozen=True, slots=True)
class Ready:
    """A file made for this session, to download; ``key`` says what was asked for."""

    key: tuple[str, ...]
    name: str
    media: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Demand:
    """What is asked of a proposal, as typed on the page « Propositions ».

    Sizes and counts are lycées and zones, ``cap`` minutes, ``seconds`` how long to search; ``None``
    asks for nothing.
    """

    sectors: tuple[str, ...] = ()
    stay: bool = True
    size: tuple[int, int] = (3, 6)
    cap: int | None = None
    moves: int | None = None
    zones: int | None = None
    held_lycees: tuple[str, ...] = ()
    held_zones: tuple[str, ...] = ()
    together: tuple[tuple[str, str], ...] = ()
    apart: tuple[tuple[str, str], ...] = ()
    seconds: int = 60


@dataclass(frozen=True, slots=True)
class ProposalView:
    """Which point of the curve is looked at (``None``: the last), and the plan after it or not."""

    moves: int | None = None
    after: bool = True


@dataclass(frozen=True, slots=True)
class TeamView:
    """What the page « Équipes » shows; ``first`` and ``last`` are the dates of an absence."""

    part: str = "besoins"
    sector: str | None = None
    zone: str | None = None
    post: str | None = None
    first: date = field(default_factory=date.today)
    last: date = field(default_factory=lambda: date.today() + timedelta(days=6))
    names: bool = False
    years: bool = False


@dataclass(frozen=True, slots=True)
class ListView:
    """An import under way on the page « Données », and the step it is at, from 1.

    ``shipped`` compares it with the shipped plan, not with the scenario at work; ``keep_absent``
    keeps the lycées that the list has not; ``shown`` says which repairs are listed.
    """

    current: ListImport | None = None
    step: int = 1
    shipped: bool = True
    keep_absent: bool = True
    shown: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class Notice:
    """A message to show once, under the key figures; ``kind`` is ``ok`` or ``error``."""

    kind: str
    text: str

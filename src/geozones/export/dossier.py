"""What an export tells, before any format: names, figures, scenes; filled by the workspace.

Durations are in minutes, as the workspace has them (the peak factor is in them, and in
``peak_note``): ``inf`` where there is no way, ``None`` where the figure does not apply. An
``estimated`` duration is a guess, and is never written without saying so.
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from shapely.geometry.base import BaseGeometry

from geozones.domain.french import long_date
from geozones.export.text import slug
from geozones.render import Outline, Scene


@dataclass(frozen=True, slots=True)
class Version:
    """Which plan this is: every file says it.

    Parameters
    ----------
    name
        « Plan livré », or the scenario's name.
    status
        How far its decision is, in words.
    mark
        The version's number, and the print of the plan: equal marks, equal plans.
    date
        ISO date of the version; empty where it is not known.
    decided
        Whether the plan may be shown without « brouillon » across it: published, or decided.
    """

    name: str
    status: str
    mark: str
    date: str
    decided: bool = True

    @property
    def slug(self) -> str:
        """The same for a file name: what it is called and which version."""
        return f"{slug(self.name, 30)}_v{slug(self.mark)}"

    @property
    def told(self) -> str:
        """The same on one line: ``Plan livré (publié), version 5acb13bf, 11 juin 2025``."""
        date = f", {long_date(self.date)}" if self.date else ""
        return f"{self.name} ({self.status}), version {self.mark}{date}"


@dataclass(frozen=True, slots=True)
class LyceeRow:
    """A lycée; ``releve`` is who would come first and in how many minutes, if anyone."""

    id: str
    name: str
    commune: str
    departement: str
    lat: float
    lon: float
    is_support: bool
    note: str
    releve_minutes: float | None
    releve_from: str
    estimated: bool
    associated_uais: tuple[str, ...] = ()

    @property
    def is_placed(self) -> bool:
        """Whether its position is known."""
        return math.isfinite(self.lat) and math.isfinite(self.lon)


@dataclass(frozen=True, slots=True)
class ZoneRow:
    """A zone: its lycées, its figures, what the rules say of it."""

    id: str
    name: str
    lycees: tuple[LyceeRow, ...]
    mean_minutes: float | None
    max_minutes: float | None
    worst_pair: tuple[str, str] | None
    worst_releve_minutes: float | None
    estimated: bool
    changed: bool
    alerts: tuple[str, ...]
    #: column name and figure of its posts; none where the plan has no post
    teams: tuple[tuple[str, float | None], ...] = ()


@dataclass(frozen=True, slots=True)
class SectorRow:
    """A sector with its zones; ``scene`` looks at it, the others aside."""

    id: str
    name: str
    draft: bool
    rns: str | None
    support_centre: str | None
    mean_minutes: float | None
    max_minutes: float | None
    support_mean_minutes: float | None
    support_max_minutes: float | None
    estimated: bool
    zones: tuple[ZoneRow, ...]
    scene: Scene
    teams: tuple[tuple[str, float | None], ...] = ()

    @property
    def status(self) -> str:
        """How its status is written."""
        return "Brouillon" if self.draft else "Publié"

    @property
    def lycees(self) -> tuple[LyceeRow, ...]:
        """Its lycées, zone by zone."""
        return tuple(lycee for zone in self.zones for lycee in zone.lycees)


@dataclass(frozen=True, slots=True)
class Step:
    """A date of the calendar of deployment: what happens where."""

    label: str
    experimental: tuple[str, ...]
    others: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Gap:
    """A figure of two plans, written, and the difference; ``better`` is ``None`` for neither."""

    label: str
    before: str
    after: str
    difference: str
    better: bool | None


@dataclass(frozen=True, slots=True)
class Moved:
    """A lycée that is not in the same zone in two plans; empty where a plan does not have it."""

    lycee: str
    before: str
    after: str
    changes_sector: bool


@dataclass(frozen=True, slots=True)
class Comparison:
    """What another plan, the one before, has otherwise; ``scene`` shows it on the same extent."""

    before: Version
    gaps: tuple[Gap, ...]
    moves: tuple[Moved, ...]
    scene: Scene


@dataclass(frozen=True, slots=True)
class Matrix:
    """Minutes ``rows[i][j]`` from lycée ``ids[i]`` to ``ids[j]``; NaN where there is no way."""

    ids: tuple[str, ...]
    rows: tuple[tuple[float, ...], ...]
    estimated: frozenset[tuple[int, int]]


@dataclass(frozen=True)
class Dossier:
    """One view of one plan, whole.

    ``title`` says what is looked at, ``slug`` the same for a file name. ``sources`` are sentences:
    who made the figures, which document the plan comes from. ``author`` publishes the plan.
    ``comparison`` tells what it has otherwise than the plan before; ``paired`` that the view is
    about that.
    """

    title: str
    slug: str
    version: Version
    sectors: tuple[SectorRow, ...]
    mean_minutes: float | None
    max_minutes: float | None
    scene: Scene
    matrix: Matrix
    outlines: tuple[Outline, ...] = ()
    calendar: tuple[Step, ...] = ()
    author: str = ""
    sources: tuple[str, ...] = ()
    peak_note: str = ""
    comparison: Comparison | None = None
    paired: bool = False
    cells: Mapping[str, BaseGeometry] = field(default_factory=dict)

    @property
    def zones(self) -> tuple[ZoneRow, ...]:
        """The zones in view."""
        return tuple(zone for sector in self.sectors for zone in sector.zones)

    @property
    def lycees(self) -> tuple[LyceeRow, ...]:
        """The lycées in view, zone by zone."""
        return tuple(lycee for sector in self.sectors for lycee in sector.lycees)

    def lines(self) -> Iterator[tuple[SectorRow, ZoneRow, LyceeRow]]:
        """Go through the lycées, each with its sector and zone."""
        for sector in self.sectors:
            for zone in sector.zones:
                for lycee in zone.lycees:
                    yield sector, zone, lycee

    @property
    def unplaced(self) -> tuple[LyceeRow, ...]:
        """The lycées that no map can show: their position is not known."""
        return tuple(lycee for lycee in self.lycees if not lycee.is_placed)

    @property
    def has_drafts(self) -> bool:
        """Whether a sector in view is a draft."""
        return any(sector.draft for sector in self.sectors)

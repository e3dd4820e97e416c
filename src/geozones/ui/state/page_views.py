"""View state of the pages but « Carte », and of shared links."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any, Self

from geozones.common.clock import today
from geozones.common.french import number
from geozones.domain import Plan
from geozones.domain.access import Access
from geozones.jobs import Job
from geozones.workspace.figures.analysis import Analysis
from geozones.workspace.folder.territories import KnownTerritory
from geozones.workspace.ledger import Ledger
from geozones.workspace.reachability.accuracy import References
from geozones.workspace.scenarios.open_scenario import Work
from geozones.workspace.sharing.bundle import ExportedFile
from geozones.workspace.teams import PostsJob


@dataclass(frozen=True, slots=True)
class DataView:
    """State of the page « Données ».

    ``opening`` is the territory that is being opened instead of this one, ``references`` are the
    driving times of the user's own ``file``, kept for the session, ``faults`` those of that file.
    ``erased`` is the name typed to be erased.
    """

    part: str = "liste"
    opening: KnownTerritory | None = None
    references: References | None = None
    file: str = ""
    faults: tuple[str, ...] = ()
    erased: str = ""


@dataclass(frozen=True, slots=True)
class RefusedNeed:
    """Text typed as the need of a lycée that is not a need, and why."""

    typed: str
    why: str


@dataclass(frozen=True, slots=True)
class TeamView:
    """State of the page « Équipes »; ``first`` and ``last`` are the dates of an absence, if chosen.

    ``followed`` is the selection on the map that gave the sector and the zone (`follow_map`).
    ``refused`` are the texts of the table of needs that are none, by lycée, until they are mended.
    """

    part: str = "postes"
    sector: str | None = None
    zone: str | None = None
    opened: bool = False
    followed: tuple[str | None, ...] = ()
    post: str | None = None
    first: date | None = None
    last: date | None = None
    refused: Mapping[str, RefusedNeed] = field(default_factory=dict)

    def within(self, plan: Plan) -> Self:
        """Return the view without a sector or a zone that is not in a plan."""
        sector_id = self.sector if plan.has_sector(self.sector) else None
        zones = {zone.id: zone.sector for zone in plan.zones}
        if self.zone is not None and (self.zone not in zones or zones[self.zone] != sector_id):
            return replace(self, sector=sector_id, zone=None, post=None)
        return replace(self, sector=sector_id)

    @property
    def absence(self) -> tuple[date, date]:
        """First and last day of an absence: as chosen, else from today, for a week."""
        first = self.first or today()
        return first, self.last or first + timedelta(days=6)

    def zones(self, plan: Plan) -> tuple[str, ...]:
        """Return the zones in view: one, or all of the sector or of the region."""
        if self.zone is not None:
            return (self.zone,)
        zones = plan.zones if self.sector is None else plan.zones_of(self.sector)
        return tuple(zone.id for zone in zones)


@dataclass(frozen=True, slots=True)
class TeamProposalView:
    """Search of posts of the session; ``share``: full-time percentage of the posts added."""

    job: PostsJob | None = None
    share: int = 100
    keep: bool = False


@dataclass(frozen=True, slots=True)
class ShareView:
    """Form of the page « Partager »; ``plan`` is the code of a plan.

    ``part`` is ``fichiers`` or the key of a feature's part; ``linked`` tells whether a link led
    to that part. ``followed`` is the selection on the map that gave the view (`follow_map`).
    """

    part: str = "fichiers"
    linked: bool = False
    plan: str | None = None
    kind: str = "region"
    sector: str | None = None
    followed: tuple[str | None, ...] = ()
    format: str = "png"
    size: str = "hd"


@dataclass(frozen=True, slots=True)
class DeckTemplate:
    """The Région's own slide template, kept for the session, or the reason why it was refused.

    ``mark`` is a hash of its content.
    """

    content: bytes | None = field(default=None, repr=False)
    name: str = ""
    mark: str = ""
    fault: str = ""


@dataclass(frozen=True, slots=True)
class MadeFile:
    """File ready to download; ``key`` identifies the request."""

    key: tuple[str, ...]
    name: str
    media: str
    content: bytes = field(repr=False)

    @property
    def weight(self) -> str:
        """Size of the file in words."""
        size = len(self.content)
        if size < 1_000_000:
            return f"{number(max(size / 1000, 1))} ko"
        return f"{number(size / 1_000_000, 1)} Mo"


@dataclass(frozen=True, slots=True)
class FileInMaking:
    """File being made; ``key`` identifies the request."""

    key: tuple[str, ...]
    media: str
    job: Job[Any, Any, ExportedFile]


@dataclass(frozen=True, slots=True)
class MadeFiles:
    """Files made for this session: only the last of each kind, because they are large.

    Each kind has at most one file made and one being made.
    """

    by_kind: Mapping[str, MadeFile] = field(default_factory=dict)
    in_making: Mapping[str, FileInMaking] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ScenariosView:
    """State of the page « Scénarios », and its forms by scenario.

    ``feedback`` opens the comments and opinions of the sheet, ``leaves`` the map at the next run.
    ``lasts`` is the number of days that the next link stays open, in digits (empty: without end),
    ``comments`` whether its readers may leave comments; ``compared`` are the scenarios side by
    side; ``others``, ``owners``, ``editors`` and ``readers`` hold the access rights.
    """

    archived: bool = False
    managed: str | None = None
    compared: tuple[str, ...] = ()
    lasts: str = ""
    comments: bool = False
    feedback: bool = False
    leaves: bool = False
    statuses: Mapping[str, str] = field(default_factory=dict)
    notes: Mapping[str, str] = field(default_factory=dict)
    sure: Mapping[str, bool] = field(default_factory=dict)
    others: Mapping[str, Access | None] = field(default_factory=dict)
    owners: Mapping[str, str] = field(default_factory=dict)
    editors: Mapping[str, str] = field(default_factory=dict)
    readers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Shared:
    """Version that a shared link shows, and the token of the link."""

    token: str = ""
    work: Work | None = None


@dataclass(frozen=True, slots=True)
class SharedView:
    """Selection on the page of a shared link: side of the change, zone, lycée."""

    side: str = "Après"
    zone: str | None = None
    lycee: str | None = None

    def within(self, plan: Plan) -> Self:
        """Return the view without a zone or a lycée that is not in a plan."""
        zone_id = self.zone if plan.has_zone(self.zone) else None
        lycee_id = self.lycee if self.lycee in plan.zone_by_lycee else None
        return replace(self, zone=zone_id, lycee=lycee_id)


@dataclass(frozen=True, slots=True)
class Published:
    """The publications, and the key of the matrix in use, as read at the start of a drawing."""

    ledger: Ledger | None = field(default=None, repr=False)
    #: The analysis of the plan in force under the default hypotheses, once it was asked for.
    analysis: Analysis | None = field(default=None, repr=False)
    matrix: str = ""

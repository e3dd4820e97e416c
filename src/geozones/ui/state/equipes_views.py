"""View state of the page « Équipes »."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Self

from geozones.domain import Plan
from geozones.workspace.experiment.reproposal import ReproposalJob
from geozones.workspace.teams.search import PostsJob


@dataclass(frozen=True, slots=True)
class TeamView:
    """State of the page « Équipes »; ``first`` and ``last`` are the dates of an absence.

    ``followed`` is the selection on the map that gave the sector and the zone (`follow_map`).
    """

    part: str = "postes"
    sector: str | None = None
    zone: str | None = None
    opened: bool = False
    followed: tuple[str | None, ...] = ()
    post: str | None = None
    first: date = field(default_factory=date.today)
    last: date = field(default_factory=lambda: date.today() + timedelta(days=6))
    names: bool = False
    names_on_sheet: bool = False
    years: bool = False

    def within(self, plan: Plan) -> Self:
        """Return the view without a sector or a zone that is not in a plan."""
        sector = self.sector if plan.has_sector(self.sector) else None
        zones = {zone.id: zone.sector for zone in plan.zones}
        if self.zone is not None and (self.zone not in zones or zones[self.zone] != sector):
            return replace(self, sector=sector, zone=None, post=None)
        return replace(self, sector=sector)

    def zones(self, plan: Plan) -> tuple[str, ...]:
        """Return the zones in view: one, or all of the sector or of the region."""
        if self.zone is not None:
            return (self.zone,)
        zones = plan.zones if self.sector is None else plan.zones_of(self.sector)
        return tuple(zone.id for zone in zones)


@dataclass(frozen=True, slots=True)
class RefusedNeed:
    """Text typed as the need of a lycée that is not a need, and why."""

    typed: str
    why: str


@dataclass(frozen=True, slots=True)
class NeedsView:
    """State of the table of needs: the refused texts, by lycée, until they are mended."""

    refused: Mapping[str, RefusedNeed] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class BilanView:
    """State of the part « Bilan ».

    ``file`` is the journal file (id) chosen to be deleted, ``format`` the format of the document;
    ``names`` keeps the technicians' names with the import; ``job`` is the search of a new
    proposal under the observed hypotheses.
    """

    file: str | None = None
    names: bool = False
    format: str = "pdf"
    job: ReproposalJob | None = None


@dataclass(frozen=True, slots=True)
class TeamProposalView:
    """Search of posts of the session; ``share``: full-time percentage of the posts added."""

    job: PostsJob | None = None
    share: int = 100
    keep: bool = False

"""Équipes: needs, posts, and cover of absences, for a plan and its drives."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache, partial
from secrets import token_hex
from typing import TYPE_CHECKING, Any

from geozones.domain import Plan, SearchCancelledError, TravelTimes
from geozones.domain.settings import TeamSettings
from geozones.domain.teams import Misfit, Post, Teams, misfits
from geozones.teams.absence import PostAbsence, Relief, Schedule, reliefs
from geozones.teams.centre_loads import CentreLoad, centre_loads, second_base
from geozones.teams.checker import PostRequirements, PostViolation, check_posts
from geozones.teams.presence_gaps import travel_minutes
from geozones.teams.simulate import SimulatedYears, simulate
from geozones.teams.staffing_problem import StaffingOptions, StaffingRequest, check_time
from geozones.teams.zone_cover import ZoneTeam
from geozones.workspace.calendar import technicians_by_sector
from geozones.workspace.covers import CoverDuty, Covers
from geozones.workspace.study import Study

if TYPE_CHECKING:
    from geozones.teams.more_posts import MorePosts
    from geozones.teams.posts_proposal import PostsProposal

__all__ = [
    "CentreLoad",
    "CoverDuty",
    "Relief",
    "Schedule",
    "SimulatedYears",
    "Staff",
    "Technicians",
]  # fmt: skip

#: Most seconds to find whether a zone needs more posts: the question is asked while a page waits.
_MORE_POSTS_S = 2.0
#: Progress callback: current zone, zones done, total zones.
type Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Technicians:
    """The T.I.S. of a sector.

    Parameters
    ----------
    planned
        Their number in the document's calendar.
    centre
        Their load and reach from the support centre; ``None`` if it is not published.
    best
        The same from the lycée with the least driving.
    second
        The best start of a second T.I.S.: lycée (id), mean minutes to the lycées from the nearer
        of the two starts, mean minutes from the centre alone.
    with_one, with_two
        How well the sector's posts cover absences with one T.I.S. and with two; ``None`` unless
        T.I.S. replace absent technicians.
    """

    planned: int
    centre: CentreLoad | None
    best: CentreLoad | None
    second: tuple[str, float, float] | None
    with_one: CoverDuty | None
    with_two: CoverDuty | None


@dataclass(frozen=True, eq=False)
class Staff:
    """The people of a plan, on its territory: posts, covers, checks, proposals.

    ``names`` are the names of the holders by post id, if the user wants them shown.
    """

    study: Study
    names: dict[str, str] | None = None

    @property
    def plan(self) -> Plan:
        """The plan of the posts."""
        return self.study.plan

    @property
    def people(self) -> Teams:
        """Needs and posts."""
        return self.study.teams

    @property
    def covers(self) -> Covers:
        """Covers of absences, cached."""
        return self.study.analysis.covers

    def label(self, post: Post) -> str:
        """Return the label of a post: its number and zone, and its holder's name if shown."""
        name = (self.names or {}).get(post.id)
        known = self.people.label(self.plan, post)
        return f"{known} ({name})" if name else known

    def needs(self, zone: str) -> dict[str, int]:
        """Return the half-days a week that each lycée of a zone needs."""
        return self.covers.needs(self.plan, self.people, zone)

    def travel(self, posts: Iterable[Post]) -> float:
        """Return minutes of drive a week: each day, from the résidence to its lycées and back."""
        return travel_minutes(posts, self.study.times)

    @property
    def misfits(self) -> tuple[Misfit, ...]:
        """Posts that no longer fit the plan: their zone, or a lycée of their week, has left."""
        return misfits(self.people, self.plan)

    def team(self, zone: str) -> ZoneTeam:
        """Return the team of a zone, with the T.I.S. that it can call."""
        return self.covers.team(self.plan, self.people, zone)

    def check(self, zone: str) -> tuple[PostViolation, ...]:
        """Return the rules that the posts of a zone break, in sentences."""
        requirements = PostRequirements(
            self.needs(zone),
            self.study.times,
            self.study.settings.teams,
            name=self.study.name,
            label=self.label,
        )
        return check_posts(self.people.of_zone(zone), requirements)

    def sentences(self, zone: str) -> tuple[str, ...]:
        """Return the faults of a zone's posts, in sentences; exceptions are left out."""
        rules = [breach for breach in self.study.alerts([zone]) if breach.post is not None]
        # the plan's rules report a lycée out of the zone, with its half-days
        faults = [fault for fault in self.check(zone) if fault.rule != "zone"]
        return (*(fault.message for fault in faults), *(breach.message for breach in rules))

    def exceptions(self, zone: str) -> tuple[str, ...]:
        """Return the accepted exceptions of a zone's posts, each with its reason."""
        breaches = [breach for breach in self.study.check([zone]) if breach.post is not None]
        return tuple(breach.message for breach in breaches if not breach.is_alert)

    def options(self, **fields: Any) -> StaffingOptions:  # noqa: ANN401 - fields of StaffingOptions
        """Return options of a proposal, under the territory's hypotheses about teams."""
        return StaffingOptions(settings=self.study.settings.teams, **fields)

    def propose(
        self, zones: Sequence[str], options: StaffingOptions, progress: Progress | None = None
    ) -> tuple["PostsProposal", ...]:
        """Return the posts proposed for some zones, one after the other, each with its proof.

        The time limit is for all zones together. If ``progress`` raises ``SearchCancelledError``,
        the proposals already found are returned.

        Raises
        ------
        InputError
            If an option is out of range.
        """
        from geozones.teams.posts_proposal import propose_posts  # noqa: PLC0415 - the solver, if asked

        check_time(options.time_limit)
        proposals: list[PostsProposal] = []
        wanted = [zone for zone in zones if self.plan.members(zone)]
        left = options.time_limit

        def tell(name: str, done: int) -> None:
            if progress is not None:
                progress(name, done, len(wanted))

        try:
            for rank, zone in enumerate(wanted):
                name = self.plan.zone(zone).name
                tell(name, rank)
                # a zone may use time that earlier zones left, up to twice its share of what remains
                part = min(2 * left / (len(wanted) - rank), left)
                asked = replace(options, time_limit=max(part, 0.05))
                proposal = propose_posts(self._ask(zone), asked, partial(tell, name, rank))
                left -= proposal.seconds
                proposals.append(proposal)
            tell("", len(wanted))
        except SearchCancelledError:
            return tuple(proposals)
        return tuple(proposals)

    def _ask(self, zone: str) -> StaffingRequest:
        return StaffingRequest(
            zone,
            self.needs(zone),
            self.study.times,
            self.people.of_zone(zone),
            self.study.name,
            lambda _: f"tip-{token_hex(5)}",
        )

    def more_posts(self, zone: str) -> "MorePosts | None":
        """Return the posts that a proposal for a zone needs beyond those that its cost counts.

        ``None`` if it needs no more, if posts are defined in the zone, or if the time was too short
        to know. The answer is cached.
        """
        cost = self.study.cost(zone=zone)
        if cost.defined or not cost.lycees:
            return None
        needs = tuple(sorted(self.needs(zone).items()))
        return _more_posts(self.study.times, self.study.settings.teams, needs, cost.posts)

    def absence(self, post: str, first: date, last: date) -> Schedule:
        """Return who covers each half-day that a post (id) misses, public holidays left out.

        Raises
        ------
        InputError
            If there is no such post, its zone is gone, or the dates are invalid.
        """
        zone = self.people.post(post).zone
        return reliefs(self.team(zone), [PostAbsence(post, first, last)])

    def standing(self, zones: Iterable[str], technicians: int | None = None) -> CoverDuty:
        """Return how well the posts of some zones (ids) cover absences; see `Covers.standing`."""
        return self.covers.standing(self.plan, self.people, zones, technicians)

    def simulate(self, zone: str, years: int, seed: int) -> SimulatedYears:
        """Simulate school years of a zone; raise ``InputError`` if it has no post."""
        return simulate(self.team(zone), years, seed)

    def technicians(self, sector: str) -> Technicians:
        """Return the load and reach of a sector's T.I.S., and the effect of a second one."""
        lycees, times = self.plan.lycees_of(sector), self.study.times
        loads = centre_loads(lycees, times, self.study.settings.teams)
        centre = self.plan.sector(sector).support_centre
        zones = [zone.id for zone in self.plan.zones_of(sector)]
        start = centre or (loads[0].centre if loads else None)
        replaces = self.study.settings.teams.tis_replaces
        return Technicians(
            technicians_by_sector(self.plan, self.study.atlas.calendar)[sector],
            next((entry for entry in loads if entry.centre == centre), None),
            loads[0] if loads else None,
            None if start is None else second_base(lycees, start, times),
            self.standing(zones, 1) if replaces else None,
            self.standing(zones, 2) if replaces else None,
        )


@lru_cache(maxsize=4096)
def _more_posts(
    times: TravelTimes, settings: TeamSettings, needs: tuple[tuple[str, int], ...], counted: int
) -> "MorePosts | None":
    from geozones.teams.more_posts import more_posts  # noqa: PLC0415 - the solver, if asked

    request = StaffingRequest("", dict(needs), times)
    return more_posts(
        request, StaffingOptions(settings=settings, time_limit=_MORE_POSTS_S), counted
    )

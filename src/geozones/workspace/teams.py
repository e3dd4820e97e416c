"""Équipes: needs, posts, who covers whom, what posts stand; joined with the plan and the drives."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property, lru_cache, partial
from secrets import token_hex
from typing import TYPE_CHECKING, Any

from geozones.domain import Plan, SearchCancelledError
from geozones.domain.cover import Cover, CoverFigures, pair_figures, single_figures
from geozones.domain.teams import Misfit, Post, Teams, misfits
from geozones.teams.absence import Absence, Relief, Schedule, reliefs
from geozones.teams.checker import Fault, Question, check_posts
from geozones.teams.cover import ZoneTeam, cover_of
from geozones.teams.problem import Ask, Options, check_time
from geozones.teams.sector import CentreLoad, centre_loads, second_base
from geozones.teams.simulate import Years, simulate
from geozones.workspace.calendar import staffing

if TYPE_CHECKING:
    from geozones.teams.propose import Proposal
    from geozones.workspace.core import Workspace

__all__ = [
    "CentreLoad", "Covers", "Relief", "Schedule", "Staff", "Standing", "Technicians", "Years",
]  # fmt: skip

#: Told of the zone looked at, how many are done, and of how many.
type Progress = Callable[[str, int, int], None]
_MEMORY = 4096


@dataclass(frozen=True)
class Standing:
    """What an area's posts stand: its covers, and the figures over single absences and pairs."""

    covers: dict[str, Cover]
    single: CoverFigures | None
    pairs: CoverFigures | None


@dataclass(frozen=True)
class Technicians:
    """The T.I.S. of a sector.

    Parameters
    ----------
    planned
        How many the calendar of the document gives it.
    centre
        What they do from the support centre; ``None`` where it is not published.
    best
        The same from the lycée of least driving.
    second
        Where a second one would best start from: lycée, mean minutes to the nearer of the two,
        mean from the centre alone.
    with_one, with_two
        What the sector's posts stand with one T.I.S. and with two.
    """

    planned: int
    centre: CentreLoad | None
    best: CentreLoad | None
    second: tuple[str, float, float] | None
    with_one: Standing
    with_two: Standing


@dataclass(frozen=True, eq=False)
class Staff:
    """The people of a plan, on its territory: what pages and commands ask of them.

    ``names`` are those of the holders by post id, where the user wants them shown.
    """

    workspace: "Workspace"
    plan: Plan
    people: Teams
    names: dict[str, str] | None = None

    def label(self, post: Post) -> str:
        """Return how a post is called: its number and zone, and its holder's name if asked."""
        name = (self.names or {}).get(post.id)
        known = self.people.label(self.plan, post)
        return f"{known} ({name})" if name else known

    def needs(self, zone: str) -> dict[str, int]:
        """Return the half-days a week that each lycée of a zone needs."""
        lycees = self.workspace.lycees
        return {key: self.people.need(lycees[key]).half_days for key in self.plan.members(zone)}

    @cached_property
    def technicians_by_sector(self) -> dict[str, int]:
        """How many T.I.S. each sector has once the calendar of the document has run."""
        calendar = self.workspace.data.calendar
        last = staffing(self.plan, calendar, len(calendar) - 1)
        return {sector: entry.technicians for sector, entry in last.items()}

    @property
    def misfits(self) -> tuple[Misfit, ...]:
        """Grids that no longer fit the plan."""
        return misfits(self.people, self.plan)

    def team(self, zone: str) -> ZoneTeam:
        """Return the people of a zone, and whom they can call."""
        sector = self.plan.sector(self.plan.zone(zone).sector)
        return ZoneTeam(
            zone=zone,
            sector=sector.id,
            members=self.plan.members(zone),
            posts=self.people.of_zone(zone),
            times=self.workspace.times,
            settings=self.workspace.settings.teams,
            centre=sector.support_centre,
            technicians=self.technicians_by_sector[sector.id] if sector.support_centre else 0,
            needs=self.needs(zone),
        )

    def check(self, zone: str) -> tuple[Fault, ...]:
        """Return the rules that the posts of a zone break, in sentences."""
        question = Question(
            self.needs(zone),
            self.workspace.times,
            self.workspace.settings.teams,
            name=self.workspace.name,
            label=self.label,
        )
        return check_posts(self.people.of_zone(zone), question)

    def options(self, **fields: Any) -> Options:  # noqa: ANN401 - fields of Options
        """Return options of a proposal, under the territory's hypotheses about teams."""
        return Options(settings=self.workspace.settings.teams, **fields)

    def propose(
        self, zones: Sequence[str], options: Options, progress: Progress | None = None
    ) -> tuple["Proposal", ...]:
        """Return the posts proposed for some zones, one after the other, each with its proof.

        The time limit is for all of them. Stopped by ``progress``, which may raise
        ``SearchCancelledError``, it returns those that were done.

        Raises
        ------
        InputError
            If an option is out of range.
        """
        from geozones.teams.propose import propose_posts  # noqa: PLC0415 - the solver, if asked

        check_time(options.time_limit)
        found: list[Proposal] = []
        wanted = [zone for zone in zones if self.plan.members(zone)]
        left = options.time_limit

        def tell(name: str, done: int) -> None:
            if progress is not None:
                progress(name, done, len(wanted))

        try:
            for rank, zone in enumerate(wanted):
                name = self.plan.zone(zone).name
                tell(name, rank)
                # a zone may take what the others leave, and twice its part while they are to come
                part = min(2 * left / (len(wanted) - rank), left)
                asked = replace(options, time_limit=max(part, 0.05))
                proposal = propose_posts(self._ask(zone), asked, partial(tell, name, rank))
                left -= proposal.seconds
                found.append(proposal)
            tell("", len(wanted))
        except SearchCancelledError:
            return tuple(found)
        return tuple(found)

    def _ask(self, zone: str) -> Ask:
        return Ask(
            zone,
            self.needs(zone),
            self.workspace.times,
            self.people.of_zone(zone),
            self.workspace.name,
            lambda _: f"tip-{token_hex(5)}",
        )

    def absence(self, post: str, first: date, last: date) -> Schedule:
        """Return who covers each half-day that a post (id) misses.

        Raises
        ------
        InputError
            If there is no such post, its zone is gone, or the dates make no sense.
        """
        zone = self.people.post(post).zone
        return reliefs(self.team(zone), [Absence(post, first, last)])

    def standing(self, zones: Iterable[str], technicians: int | None = None) -> Standing:
        """Return what the posts of some zones stand; zones without posts are left out."""
        found = {
            zone: cover
            for zone in zones
            if (cover := self.workspace.covers.cover(self, zone, technicians)) is not None
        }
        covers = list(found.values())
        return Standing(found, single_figures(covers), pair_figures(covers))

    def simulate(self, zone: str, years: int, seed: int) -> Years:
        """Simulate school years of a zone; raises ``InputError`` where it has no post."""
        return simulate(self.team(zone), years, seed)

    def technicians(self, sector: str) -> Technicians:
        """Return the load and reach of the T.I.S. of a sector, and what a second one changes."""
        lycees, times = self.plan.lycees_of(sector), self.workspace.times
        loads = centre_loads(lycees, times, self.workspace.settings.teams)
        centre = self.plan.sector(sector).support_centre
        zones = [zone.id for zone in self.plan.zones_of(sector)]
        start = centre or (loads[0].centre if loads else None)
        return Technicians(
            self.technicians_by_sector[sector],
            next((entry for entry in loads if entry.centre == centre), None),
            loads[0] if loads else None,
            None if start is None else second_base(lycees, start, times),
            self.standing(zones, 1),
            self.standing(zones, 2),
        )


class Covers:
    """What the posts of zones stand, over one territory: worked out once for what it depends on."""

    def __init__(self) -> None:
        self._cover = lru_cache(maxsize=_MEMORY)(_cover)

    def of(self, workspace: "Workspace", people: Teams) -> Callable[[Plan, str], Cover | None]:
        """Return what gives the cover of a zone of any plan with these people."""
        staff = lru_cache(maxsize=8)(lambda plan: Staff(workspace, plan, people))
        return lambda plan, zone: self.cover(staff(plan), zone)

    def cover(self, staff: Staff, zone: str, technicians: int | None = None) -> Cover | None:
        """Return what the posts of a zone stand, with other T.I.S. than planned if asked."""
        if not staff.people.of_zone(zone):
            return None
        team = staff.team(zone)
        if technicians is not None and team.centre is not None:
            team = replace(team, technicians=technicians)
        return self._cover(_Key(team, staff.plan.zone(zone).name))


@dataclass(frozen=True)
class _Key:
    """What a cover depends on; the drives and settings are those of the territory."""

    team: ZoneTeam
    name: str

    @cached_property
    def _parts(self) -> tuple[object, ...]:
        team = self.team
        people = (team.members, team.posts, tuple(team.needs.items()))
        return (self.name, team.sector, team.centre, team.technicians, *people)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Key) and self._parts == other._parts

    def __hash__(self) -> int:
        """Hash by content."""
        return hash(self._parts)


def _cover(key: _Key) -> Cover:
    labels = {
        post.id: f"T.I.P. {rank} – zone {key.name}" for rank, post in enumerate(key.team.posts, 1)
    }
    return cover_of(key.team, lambda post: labels[post.id])

"""Service of a zone on a half-day: who covers absent posts, of a plan or of dated absences."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from math import inf

import numpy as np

from geozones.common.errors import InputError
from geozones.common.french import long_date
from geozones.domain import TravelTimes
from geozones.domain.school_calendar import NO_CALENDAR, Period, SchoolCalendar
from geozones.domain.settings import TeamSettings
from geozones.domain.teams import (
    FREE,
    NOBODY,
    SLOTS,
    TIS,
    Cover,
    MissedHalfDay,
    Post,
    ServiceHalfDays,
)

#: Costs of the assignment, besides minutes, in their order: a lycée without anyone for too long, a
#: lycée without anyone, a T.I.S. Each is more than all that follow together, for as many
#: lycées as a zone has.
_TOO_LONG, _EMPTY, _CALL_TIS = 1e10, 1e7, 1e4


@dataclass(frozen=True, slots=True)
class HalfDayService:
    """Service of one half-day; lycées are bit sets of their ranks among the zone's members."""

    missed: tuple[MissedHalfDay, ...]  # Each half-day missed, and who covers it.
    attended: int  # Lycées where somebody is.
    half_days: ServiceHalfDays  # Counts of this half-day.


@dataclass(frozen=True)
class ZoneTeam:
    """People of a zone, and the T.I.S. whom they can call."""

    members: tuple[str, ...]  # Lycées (ids) of the zone.
    #: Its posts; a half-day in a lycée that is no longer a member is neither missed nor available
    #: for a cover.
    posts: tuple[Post, ...]
    times: TravelTimes
    settings: TeamSettings = field(default_factory=TeamSettings)
    #: Where the sector's T.I.S. start from (``None``: not published), and how many of them may
    #: replace someone absent: none but under the hypothesis ``tis_replaces``.
    centre: str | None = None
    technicians: int = 0
    needs: Mapping[str, int] = field(default_factory=dict)  # Half-days a week by lycée.

    @cached_property
    def _answers(self) -> dict[tuple[int, int, int, int], HalfDayService]:
        """Half-days computed so far, by the arguments of `serve`."""
        return {}

    @cached_property
    def _rank(self) -> dict[str, int]:
        return {lycee: rank for rank, lycee in enumerate(self.members)}

    def due(self, post: int, slot: int) -> str | None:
        """Return the lycée of the zone where a post (by rank) is due; ``None`` for none."""
        cell = self.posts[post].cells[slot]
        return cell if cell in self._rank else None

    def place(self, post: int, slot: int) -> str | None:
        """Return the place from which a post can be called; ``None`` if it is not at work here."""
        cell = self.posts[post].cells[slot]
        home = self.posts[post].home if cell == FREE else cell
        return home if home in self._rank else None

    def serve(self, slot: int, absent: int, busy: int = 0, overdue: int = 0) -> HalfDayService:
        """Return the service of a half-day of the week when some posts are absent.

        Colleagues come to lycées that absences leave without anyone: the choice has the fewest
        lycées without anyone for too long, then the fewest without anyone, then the fewest T.I.S.,
        then the fewest minutes.

        ``absent`` and ``busy`` are bit sets of the ranks of the posts that are absent, and of those
        that may not be called (these still serve the lycée where they are); ``overdue`` of the
        ranks of the lycées that have been without anyone for too long.
        """
        key = (slot, absent, busy & ~absent, overdue)
        if key not in self._answers:
            self._answers[key] = _HalfDay(self, *key).service()
        return self._answers[key]

    def cover(self, slot: int, absent: int) -> tuple[MissedHalfDay, ...]:
        """Return the covers of some absences, each lycée that they leave counting as overdue."""
        away = (rank for rank in range(len(self.posts)) if absent >> rank & 1)
        places = {lycee for rank in away if (lycee := self.due(rank, slot)) is not None}
        return self.serve(slot, absent, 0, sum(1 << self._rank[at] for at in places)).missed

    def rank_of(self, lycee: str) -> int:
        """Return the rank of a lycée (id) among the members."""
        return self._rank[lycee]

    def from_centre(self, lycee: str) -> float:
        """Return the minutes of a T.I.S. from the support centre; ``inf`` if unreachable."""
        if self.centre is None or self.centre not in self.times.one_way:
            return inf
        return 0.0 if self.centre == lycee else self.times.one_way[self.centre][lycee]


class _HalfDay:
    """Assignment of those who can come to the lycées that absences leave without anyone."""

    def __init__(self, team: ZoneTeam, slot: int, absent: int, busy: int, overdue: int) -> None:
        self._team, self._slot, self._overdue = team, slot, overdue
        ranks = range(len(team.posts))
        self._absent = [rank for rank in ranks if absent >> rank & 1]
        self._present = [rank for rank in ranks if not absent >> rank & 1]
        self._busy = {rank for rank in self._present if busy >> rank & 1}
        self._missed = [(rank, at) for rank in self._absent if (at := team.due(rank, slot))]
        #: Ranks of those present and due in each lycée.
        self._there: dict[str, list[int]] = {}
        for rank in self._present:
            if (at := team.due(rank, slot)) is not None:
                self._there.setdefault(at, []).append(rank)

    def service(self) -> HalfDayService:
        """Return the service of the half-day."""
        empty = [at for at in dict.fromkeys(at for _, at in self._missed) if at not in self._there]
        came = self._assigned(empty)
        left = Counter(at for who in came.values() if (at := self._leaves(who)) is not None)
        emptied = [at for at in left if left[at] == len(self._there[at])]
        without = [*(at for at in empty if at not in came), *emptied]
        staffed = {*self._there, *came} - set(without)
        return HalfDayService(
            tuple(self._answers(came, emptied)),
            sum(1 << self._team.rank_of(at) for at in staffed),
            self._counts(came, without, len(emptied)),
        )

    def _assigned(self, empty: Sequence[str]) -> dict[str, int | str]:
        """Return who comes to some lycées, by lycée: the rank of a post, or ``TIS``."""
        if not empty:
            return {}
        callers = [*self._callers(), *[(TIS, 0.0)] * self._team.technicians]
        cost = np.full((len(empty), len(callers) + len(empty)), inf)
        for row, at in enumerate(empty):
            for column, (who, price) in enumerate(callers):
                cost[row, column] = price + self._minutes(who, at)
            cost[row, len(callers) + row] = self._without(at)
        if len(empty) == 1:  # the usual case, without the solver
            columns = [int(cost[0].argmin())]
        else:
            from scipy.optimize import linear_sum_assignment  # noqa: PLC0415 - slow to load, if asked

            columns = linear_sum_assignment(cost)[1].tolist()
        return {
            at: callers[column][0]
            for at, column in zip(empty, columns, strict=True)
            if column < len(callers)
        }

    def _callers(self) -> Iterator[tuple[int | str, float]]:
        """Yield each post that may come, and the price of what it leaves.

        All but one of those in a lycée may leave it for nothing; the last one leaves it without
        anyone.
        """
        for rank in self._present:
            if self._team.posts[rank].cells[self._slot] == FREE:
                yield rank, 0.0
        for at, ranks in self._there.items():
            able = [rank for rank in ranks if rank not in self._busy]
            for place, rank in enumerate(able, 1):
                yield rank, self._without(at) if place == len(ranks) else 0.0

    def _without(self, lycee: str) -> float:
        """Return the price of a lycée without anyone."""
        late = self._overdue >> self._team.rank_of(lycee) & 1
        return _EMPTY + (_TOO_LONG if late else 0.0)

    def _minutes(self, who: int | str, lycee: str) -> float:
        """Return the minutes to a lycée, with a T.I.S.'s price; ``inf`` if they cannot come."""
        if isinstance(who, str):
            return _CALL_TIS + self._team.from_centre(lycee)
        place = self._team.place(who, self._slot)
        if place == lycee:
            return 0.0
        if place is None or who in self._busy:
            return inf
        return self._team.times.one_way[place][lycee]

    def _leaves(self, who: int | str) -> str | None:
        """Return the lycée that someone who comes leaves; ``None`` for none."""
        return None if isinstance(who, str) else self._team.due(who, self._slot)

    def _answers(
        self, came: Mapping[str, int | str], emptied: Sequence[str]
    ) -> Iterator[MissedHalfDay]:
        """Yield each missed half-day with who comes; its lycée's cover goes to the first one."""
        seen: set[str] = set()
        for rank, at in self._missed:
            post = self._team.posts[rank].id
            first, who = at not in seen, came.get(at)
            seen.add(at)
            if first and who is not None:
                yield self._covered(post, at, who, emptied)
            elif at in self._there and at not in emptied:
                yield MissedHalfDay(post, self._slot, at, NOBODY, 0.0)
            else:
                empty = (at,) if first and at not in self._there else ()
                there = who is not None
                yield MissedHalfDay(
                    post, self._slot, at, NOBODY, 0.0 if there else inf, empty=empty
                )

    def _covered(
        self, post: str, lycee: str, who: int | str, emptied: Sequence[str]
    ) -> MissedHalfDay:
        if isinstance(who, str):
            minutes = self._team.from_centre(lycee)
            return MissedHalfDay(post, self._slot, lycee, TIS, minutes)
        left = self._leaves(who)
        return MissedHalfDay(
            post, self._slot, lycee, self._team.posts[who].id, self._minutes(who, lycee),
            leaves=left, empty=(left,) if left in emptied and left is not None else (),
        )  # fmt: skip

    def _counts(
        self, came: Mapping[str, int | str], without: Sequence[str], emptied: int
    ) -> ServiceHalfDays:
        left = sum(self._leaves(who) is not None for who in came.values())
        by_tis = sum(who == TIS for who in came.values())
        due = Counter(at for _, at in self._missed)
        due.update({at: len(ranks) for at, ranks in self._there.items()})
        here = Counter({at: len(ranks) for at, ranks in self._there.items()})
        here.update(came.keys())
        here.subtract(at for who in came.values() if (at := self._leaves(who)) is not None)
        return ServiceHalfDays(
            missed=len(self._missed),
            given_free=len(came) - left - by_tis,
            given_by_tis=by_tis,
            displaced=left - emptied,
            unattended=len(without),
            reduced=sum(max(due[at] - here[at], 0) for at in due) - len(without),
        )


def cover_of(team: ZoneTeam) -> Cover:
    """Return the covers of every single absence in a week.

    The monthly cap is ignored here, since it depends on dates (see `geozones.teams.zone_cover`).
    """
    ranks = range(len(team.posts))
    single = [missed for r in ranks for slot in range(SLOTS) for missed in team.cover(slot, 1 << r)]
    given = [cell for post in team.posts for cell in post.cells]
    unmet = sum(max(need - given.count(lycee), 0) for lycee, need in team.needs.items())
    posts = tuple(post.id for post in team.posts)
    return Cover(posts, team.settings.near_minutes, tuple(single), unmet)


#: Longest absence accepted, in days: a school year.
MAX_DAYS = 366


@dataclass(frozen=True, slots=True)
class PostAbsence:
    """The absence of a post (id) from one date to another, both included."""

    post: str
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Relief:
    """Half-day missed at a date, and the person who covers it."""

    day: date  # The date, and the half-day: its lycée, who covers it and in how many minutes.
    missed: MissedHalfDay
    #: Where that person would be on that half-day (lycée id); ``None`` if nobody comes.
    origin: str | None
    #: Number of colleagues at work who could not be called because of their monthly cap.
    capped: int

    @property
    def leaves(self) -> str | None:
        """The lycée (id) that they leave during the cover; ``None`` if they leave none."""
        return self.missed.leaves

    @property
    def alone(self) -> bool:
        """Whether the lycée that they leave then has nobody."""
        return self.leaves in self.missed.empty


@dataclass(frozen=True)
class Schedule:
    """Every half-day missed, in order."""

    reliefs: tuple[Relief, ...]
    service: ServiceHalfDays  # Counts over these half-days.
    interventions: dict[tuple[str, str], int]  # Covers by post (id) and month (``YYYY-MM``).

    @property
    def uncovered(self) -> tuple[Relief, ...]:
        """The half-days missed in lycées where nobody is."""
        return tuple(relief for relief in self.reliefs if relief.missed.minutes == inf)


def check_dates(first: date, last: date) -> None:
    """Check that dates are in order and not too many."""
    if last < first:
        raise InputError(
            f"L'absence finit le {long_date(last.isoformat())}, avant de commencer le "
            f"{long_date(first.isoformat())} : inversez les deux dates."
        )
    days = (last - first).days + 1
    if days > MAX_DAYS:
        raise InputError(
            f"Une absence de {days} jours dépasse un an : au-delà de {MAX_DAYS} jours, c'est un "
            "remplacement, pas une relève. Choisissez une période plus courte."
        )


def reliefs(
    team: ZoneTeam, absences: Sequence[PostAbsence], calendar: SchoolCalendar = NO_CALENDAR
) -> Schedule:
    """Return who covers each half-day that absences in one zone leave, date by date.

    Days are those that the calendar has worked. Someone who has
    made ``monthly_cap`` interventions in a calendar month is not called again that month; serving
    the lycée where they already are is no intervention. Before the first day, no lycée is empty.
    """
    ranks = {post.id: rank for rank, post in enumerate(team.posts)}
    for absence in absences:
        check_dates(absence.first, absence.last)
        if absence.post not in ranks:
            raise InputError("Ce poste n'est pas de la zone : choisissez-le parmi ses postes.")
    made: Counter[tuple[str, str]] = Counter()
    seen = dict.fromkeys(range(len(team.members)), -1)
    schedule: list[Relief] = []
    service = ServiceHalfDays()
    for number, day in enumerate(_working_days(absences, calendar)):
        absent = sum(
            1 << ranks[key] for key in {a.post for a in absences if a.first <= day <= a.last}
        )
        month = day.isoformat()[:7]
        for half in (0, 1):
            capped = [key for key in ranks if made[key, month] >= team.settings.monthly_cap]
            busy = sum(1 << ranks[key] for key in capped)
            late = sum(
                1 << at for at, last in seen.items() if number - last > team.settings.gap_days
            )
            served = team.serve(2 * day.weekday() + half, absent, busy, late)
            seen |= {at: number for at in seen if served.attended >> at & 1}
            service += served.half_days
            for missed in served.missed:
                relief = _relief(team, day, missed, (busy & ~absent).bit_count())
                schedule.append(relief)
                if missed.by not in {TIS, NOBODY} and relief.origin != missed.lycee:
                    made[missed.by, month] += 1
    return Schedule(tuple(schedule), service, dict(made))


def _working_days(absences: Sequence[PostAbsence], calendar: SchoolCalendar) -> tuple[date, ...]:
    """Return the working days from the first absence to the last."""
    if not absences:
        return ()
    days = Period(min(a.first for a in absences), max(a.last for a in absences))
    return calendar.working_days(days)


def _relief(team: ZoneTeam, day: date, missed: MissedHalfDay, capped: int) -> Relief:
    if missed.by in {TIS, NOBODY}:
        return Relief(day, missed, team.centre if missed.by == TIS else None, capped)
    rank = next(rank for rank, post in enumerate(team.posts) if post.id == missed.by)
    return Relief(day, missed, team.place(rank, missed.slot), capped)

"""Covers of dated absences: for each half-day missed, who comes, from where, how fast."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import inf

from geozones.common.errors import InputError
from geozones.common.french import long_date
from geozones.domain.school_calendar import NO_CALENDAR, Period, SchoolCalendar
from geozones.domain.teams import NOBODY, TIS, MissedHalfDay, ServiceHalfDays
from geozones.teams.zone_cover import ZoneTeam

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

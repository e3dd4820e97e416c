"""Generator of a plausible journal from known rates, with a fixed seed: for demos and tests."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

import numpy as np

from geozones.domain.field_journal import (
    Absence,
    Intervention,
    Journal,
    JournalTrip,
    Nature,
    journal_of,
)
from geozones.domain.school_calendar import NO_CALENDAR, Period, SchoolCalendar
from geozones.domain.teams import MONTH_DAYS
from geozones.domain.terms import worded

#: Half-days a week of a post, and the minute at which each half of a day begins.
WEEK, _STARTS = 10, (8 * 60, 13 * 60 + 30)
_HALF_DAY = 210.0
#: Weeks of school, then of holidays, one after the other, where no calendar gives them.
_SCHOOL_WEEKS, _HOLIDAY_WEEKS = 7, 2


@dataclass(frozen=True, slots=True)
class SampleRates:
    """Rates of a generated journal: the true values that its figures should recover."""

    #: Visits of each T.I.P. to each lycée of the zone that they do not serve.
    visits_per_month: float = 1.4
    #: Share of working days, and mean length in working days (a geometric law).
    absence_rate: float = 0.07
    absence_days: float = 4.0
    #: Chance that a half-day missed is covered, where a colleague is there.
    cover_share: float = 0.8
    tis_visits: float = 1.5  # Visits of a T.I.S. to each lycée a month, and minutes on site.
    tis_minutes: float = 150.0
    tickets: float = 1.2  # Interventions of each half-day of presence, on average.
    ticket_minutes: float = 40.0  # Minutes of an intervention, on average.
    #: Minutes driven over minutes of the matrix; standard deviation of its logarithm from zone to
    #: zone and from drive to drive.
    drive_factor: float = 1.12
    zone_spread: float = 0.05
    drive_spread: float = 0.10


@dataclass(frozen=True)
class SampleArea:
    """Zone to generate: half-days a week of its lycées (ids), and start of its T.I.S."""

    zone: str
    needs: Mapping[str, int]
    centre: str | None = None


@dataclass
class _JournalGenerator:
    """Rows generated so far, and the random generator."""

    random: np.random.Generator
    rates: SampleRates
    minutes: Callable[[str, str], float]
    interventions: list[Intervention] = field(default_factory=list)
    absences: list[Absence] = field(default_factory=list)
    trips: list[JournalTrip] = field(default_factory=list)
    tickets: int = 0

    def count(self, mean: float) -> int:
        return int(self.random.poisson(mean))

    def length(self, mean: float, spread: float = 0.5) -> float:
        drawn = self.random.lognormal(math.log(mean) - spread * spread / 2, spread)
        return float(max(1, round(drawn)))


def school_days(
    first: date, months: int, calendar: SchoolCalendar = NO_CALENDAR
) -> tuple[date, ...]:
    """Return the working days of some months of school, by a calendar.

    In the years that it does not know: seven weeks of school, then two of holidays.
    """
    days: list[date] = []
    day, monday = first, first - timedelta(first.weekday())
    while len(days) < months * MONTH_DAYS:
        week = (day - monday).days // 7
        at_school = week % (_SCHOOL_WEEKS + _HOLIDAY_WEEKS) < _SCHOOL_WEEKS
        if calendar.is_working(day) and (at_school or calendar.knows(Period(day, day))):
            days.append(day)
        day += timedelta(1)
    return tuple(days)


def sample_journal(
    areas: Sequence[SampleArea],
    days: Sequence[date],
    minutes: Callable[[str, str], float],
    seed: int,
    rates: SampleRates | None = None,
) -> Journal:
    """Return the journal of some zones over working days; the same seed gives the same rows.

    ``minutes`` returns minutes of the matrix, one way, between lycées (ids).
    """
    making = _JournalGenerator(np.random.default_rng(seed), rates or SampleRates(), minutes)
    people, called = 0, worded("{Technician}")
    for area in areas:
        weeks = _weeks(area.needs)
        names = [f"{called} {people + rank:03d}" for rank in range(1, len(weeks) + 1)]
        people += len(weeks)
        factor = making.rates.drive_factor * math.exp(
            making.random.normal(0, making.rates.zone_spread)
        )
        _zone(making, area, dict(zip(names, weeks, strict=True)), (days, factor))
    return journal_of(making.interventions, making.absences, making.trips, invented=True)


def _weeks(needs: Mapping[str, int]) -> list[tuple[str, ...]]:
    """Return the half-days of each post: needs of the lycées one after the other, ten by ten."""
    half_days = [lycee for lycee, need in sorted(needs.items()) for _ in range(need)]
    return [tuple(half_days[start : start + WEEK]) for start in range(0, len(half_days), WEEK)]


def _zone(
    making: _JournalGenerator,
    area: SampleArea,
    weeks: Mapping[str, tuple[str, ...]],
    when: tuple[Sequence[date], float],
) -> None:
    days, factor = when
    away = {name: _absences(making, name, days) for name in weeks}
    for rank, day in enumerate(days):
        there = [name for name in weeks if not away[name][rank]]
        for half in (0, 1):
            slot = day.weekday() * 2 + half
            due = {name: week[slot] for name, week in weeks.items() if slot < len(week)}
            lent = _covers(making, due, there, (day, half, factor))
            for name in there:
                if name in due and name not in lent:
                    _presence(making, name, due[name], day, half)
        for name in there:
            _visits(making, area, name, (weeks[name], day, factor))
        _tis(making, area, day, factor)


def _absences(making: _JournalGenerator, name: str, days: Sequence[date]) -> list[bool]:
    """Draw the days on which someone is absent, by a Markov chain; write them as absences."""
    rates = making.rates
    leave = 1 / rates.absence_days
    start = rates.absence_rate * leave / (1 - rates.absence_rate)
    draws = making.random.random(len(days))
    state, away = bool(draws[0] < rates.absence_rate), []
    for rank, draw in enumerate(draws):
        if rank:
            state = bool(draw >= leave) if state else bool(draw < start)
        away.append(state)
    begun: int | None = None
    for rank, state in enumerate([*away, False]):
        if state and begun is None:
            begun = rank
        elif not state and begun is not None:
            making.absences.append(Absence(name, days[begun], days[rank - 1]))
            begun = None
    return away


def _presence(making: _JournalGenerator, name: str, lycee: str, day: date, half: int) -> None:
    start = _STARTS[half]
    making.interventions.append(Intervention(day, start, lycee, name, 0, _HALF_DAY, Nature.FIXED))
    for _ in range(making.count(making.rates.tickets)):
        making.tickets += 1
        level = 1 if making.random.random() < 0.7 else 2
        minute = start + int(making.random.integers(0, 180))
        worked = min(making.length(making.rates.ticket_minutes), 280.0)
        making.interventions.append(
            Intervention(
                day, minute, lycee, name, level, worked, Nature.UNKNOWN, str(making.tickets)
            )
        )


def _covers(
    making: _JournalGenerator,
    due: Mapping[str, str],
    there: Sequence[str],
    when: tuple[date, int, float],
) -> set[str]:
    """Draw the replacement for each half-day missed; return who has left their own lycée."""
    day, half, factor = when
    lent: set[str] = set()
    for name, lycee in due.items():
        if name in there or making.random.random() >= making.rates.cover_share:
            continue
        free = [one for one in there if one not in lent and due.get(one) != lycee]
        if not free:
            continue
        colleague = free[int(making.random.integers(len(free)))]
        lent.add(colleague)
        making.interventions.append(
            Intervention(day, _STARTS[half] + 30, lycee, colleague, 0, 180.0, Nature.COVER)
        )
        _drive(making, colleague, (due.get(colleague), lycee), (day, _STARTS[half], factor))
    return lent


def _visits(
    making: _JournalGenerator,
    area: SampleArea,
    name: str,
    where: tuple[tuple[str, ...], date, float],
) -> None:
    week, day, factor = where
    rates = making.rates
    chance = rates.visits_per_month / MONTH_DAYS / (1 - rates.absence_rate)
    for lycee in sorted(area.needs):
        if lycee in week or making.random.random() >= chance:
            continue
        half = int(making.random.integers(2))
        making.interventions.append(
            Intervention(day, _STARTS[half] + 90, lycee, name, 1, making.length(60.0), Nature.VISIT)
        )
        slot = day.weekday() * 2 + half
        start = week[slot] if slot < len(week) else week[0]
        _drive(making, name, (start, lycee), (day, _STARTS[half] + 60, factor))


def _tis(making: _JournalGenerator, area: SampleArea, day: date, factor: float) -> None:
    rates = making.rates
    if area.centre is None:
        return
    name = f"{worded('{Technician}')} de secteur {area.centre}"
    for lycee in sorted(area.needs):
        if making.random.random() >= rates.tis_visits / MONTH_DAYS:
            continue
        minute = _STARTS[0] + int(making.random.integers(0, 180))
        level = 3 if making.random.random() < 0.3 else 2
        worked = making.length(rates.tis_minutes, 0.4)
        making.tickets += 1
        making.interventions.append(
            Intervention(
                day, minute, lycee, name, level, worked, Nature.VISIT, str(making.tickets), tis=True
            )
        )
        _drive(making, name, (area.centre, lycee), (day, minute - 30, factor))


def _drive(
    making: _JournalGenerator, name: str, way: tuple[str | None, str], when: tuple[date, int, float]
) -> None:
    origin, destination = way
    day, minute, factor = when
    if origin is None or origin == destination:
        return
    expected = making.minutes(origin, destination)
    if not math.isfinite(expected) or expected <= 0:
        return
    spread = making.random.normal(0, making.rates.drive_spread)
    driven = round(expected * factor * math.exp(spread), 1)
    making.trips.append(JournalTrip(day, minute, name, origin, destination, max(driven, 0.5)))

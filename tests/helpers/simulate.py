"""Simulation of school years with random absences."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from math import inf

import numpy as np
from numpy.typing import NDArray

from geozones.common.errors import InputError
from geozones.domain.settings import TeamSettings
from geozones.domain.teams import (
    MONTH_DAYS,
    NOBODY,
    SLOTS,
    TIS,
    CoverFigures,
    MissedHalfDay,
    ServiceHalfDays,
    figures,
)
from geozones.teams.zone_cover import HalfDayService, ZoneTeam

type Ints = NDArray[np.int64]

MAX_YEARS = 100_000
_MAX_POSTS = 12


@dataclass(frozen=True, slots=True)
class YearlyMean:
    """Half-days a year over simulated years: mean, its standard error, and 90th percentile."""

    mean: float
    standard_error: float
    p90: float


@dataclass(frozen=True)
class SimulatedYears:
    """Figures of simulated school years of a zone."""

    years: int  # Number of years, rate of absence (0 to 1), seed of the random draws.
    rate: float
    seed: int
    cover: CoverFigures  # Figures over all the half-days missed in all the years.
    service: ServiceHalfDays  # Half-days a year, on average.
    unattended: YearlyMean  # Half-days a year of lycées without anyone.
    #: Minutes a year of colleagues' drives for covers, there and back, on average: once for both
    #: halves of a day between the same lycées.
    driven: float


def simulate(
    team: ZoneTeam,
    years: int = 10_000,
    seed: int = 2025,
    *,
    cap: bool = True,
    tick: Callable[[], None] | None = None,
) -> SimulatedYears:
    """Simulate school years of a zone; the same seed gives the same years.

    Each post is absent or not, day by day, independently of the others: a Markov chain whose share
    of absent days is ``absence_rate`` and whose absences last ``absence_days`` working days on
    average. Whoever made ``monthly_cap`` interventions in a month (18 working days) is not called
    again until the next (``cap`` false: no cap).
    """
    _check(team, years, seed)
    random, run = np.random.default_rng(seed), _SimulationRun(team, years, cap=cap)
    rate, leave, start = absence_chances(team)
    shape = (years, len(team.posts))
    away = random.random(shape, dtype=np.float32) < rate
    for day in range(team.settings.year_days):
        if tick is not None:
            tick()
        if day:
            draw = random.random(shape, dtype=np.float32)
            away = np.where(away, draw >= leave, draw < start)
        run.add_day(day, away)
    return run.figures(seed)


def absence_chances(team: ZoneTeam) -> tuple[float, float, float]:
    """Return the absence rate, the chance that an absence ends, and that one starts, each day."""
    settings = team.settings
    rate, leave = settings.absence_rate, 1 / settings.absence_days
    return rate, leave, (rate * leave / (1 - rate) if rate < 1 else 1.0)


class _SimulationRun:
    """Years in progress; arrays have one row a year."""

    def __init__(self, team: ZoneTeam, years: int, *, cap: bool) -> None:
        posts = len(team.posts)
        self._team, self._years = team, years
        self._cap = team.settings.monthly_cap if cap else 2 * MONTH_DAYS + 1
        self._post_bits = 1 << np.arange(posts, dtype=np.int64)
        self._calls = np.zeros((years, posts), np.int16)
        self._unattended = np.zeros(years, np.int64)
        self._outcomes = _Outcomes(team)

    def add_day(self, day: int, away: NDArray[np.bool_]) -> None:
        """Serve both halves of a day, ``away`` being ``bool[year, post]``."""
        if day % MONTH_DAYS == 0:
            self._calls[:] = 0
        absent = away @ self._post_bits
        busy = np.zeros_like(absent)
        halves = []
        for half in (0, 1):
            busy = ((self._calls >= self._cap) & ~away) @ self._post_bits
            numbers = self._outcomes.numbers((2 * day + half) % SLOTS, absent, busy)
            table = self._outcomes.arrays
            self._unattended += table.unattended[numbers]
            self._calls += table.calls[numbers]
            halves.append(numbers)
        self._outcomes.count(*halves)

    def figures(self, seed: int) -> SimulatedYears:
        """Return the figures of all the years."""
        settings, outcomes = self._team.settings, self._outcomes
        return SimulatedYears(
            self._years, settings.absence_rate, seed,
            outcomes.delays(settings.near_minutes),
            outcomes.service().scaled(1 / self._years),
            _mean(self._unattended),
            outcomes.driven() / self._years,
        )  # fmt: skip


@dataclass(frozen=True, eq=False)
class _OutcomeArrays:
    """Outcomes by number."""

    unattended: NDArray[np.int64]  # ``int[outcome]``: lycées without anyone.
    calls: NDArray[np.int16]  # ``int[outcome, post]``: interventions.


class _Outcomes:
    """Half-days met in the simulation, numbered in order of appearance, and how often."""

    def __init__(self, team: ZoneTeam) -> None:
        self._team = team
        self._number: dict[tuple[int, int, int], int] = {}
        self._served: list[HalfDayService] = []
        self._days: dict[tuple[int, int], int] = {}
        self._ranks = {post.id: rank for rank, post in enumerate(team.posts)}
        self._arrays: _OutcomeArrays | None = None

    def numbers(self, slot: int, absent: Ints, busy: Ints) -> Ints:
        """Return the number of the outcome of a half-day in each year, from its bit sets."""
        posts = len(self._team.posts)
        different, where = np.unique((absent << posts) | busy, return_inverse=True)
        low = (1 << posts) - 1
        found = [self._of(slot, key >> posts, key & low) for key in different.tolist()]
        return np.array(found, np.int64)[where]

    def _of(self, slot: int, absent: int, busy: int) -> int:
        key = (slot, absent, busy)
        if key not in self._number:
            self._number[key] = len(self._served)
            self._served.append(self._team.serve(*key))
            self._arrays = None
        return self._number[key]

    @property
    def arrays(self) -> _OutcomeArrays:
        """The outcomes known so far, as arrays."""
        if self._arrays is None:
            served = self._served
            self._arrays = _OutcomeArrays(
                np.array([s.half_days.unattended for s in served], np.int64),
                np.array([self._calls(s.missed) for s in served], np.int16),
            )
        return self._arrays

    def _calls(self, missed: tuple[MissedHalfDay, ...]) -> list[int]:
        calls = [0] * len(self._ranks)
        for entry in missed:
            if entry.by in self._ranks and entry.minutes > 0:
                calls[self._ranks[entry.by]] += 1
        return calls

    def count(self, mornings: Ints, afternoons: Ints) -> None:
        """Count a day of each year, by the numbers of both of its halves."""
        known = len(self._served)
        codes, met = np.unique(mornings * known + afternoons, return_counts=True)
        for code, count in zip(codes.tolist(), met.tolist(), strict=True):
            day = divmod(code, known)
            self._days[day] = self._days.get(day, 0) + count

    def _met(self) -> list[tuple[HalfDayService, int]]:
        """Return each half-day and how often it was met."""
        met = [0] * len(self._served)
        for halves, count in self._days.items():
            for number in halves:
                met[number] += count
        return list(zip(self._served, met, strict=True))

    def service(self) -> ServiceHalfDays:
        """Return the half-days of all the years."""
        return sum((s.half_days.scaled(n) for s, n in self._met()), ServiceHalfDays())

    def delays(self, near: float) -> CoverFigures:
        """Return the figures over all the half-days missed."""
        weight: dict[float, int] = {}
        for served, count in self._met():
            for missed in served.missed:
                weight[missed.minutes] = weight.get(missed.minutes, 0) + count
        minutes, weights = (np.array(list(half), float) for half in (weight, weight.values()))
        return figures(minutes, weights, near)

    def driven(self) -> float:
        """Return the minutes that colleagues drive in all the days counted, there and back."""
        ways = self._team.times.one_way
        trips = [frozenset(self._trips(served.missed)) for served in self._served]
        return sum(
            count * sum(ways[a][b] + ways[b][a] for _, a, b in trips[first] | trips[then])
            for (first, then), count in self._days.items()
        )

    def _trips(self, missed: tuple[MissedHalfDay, ...]) -> list[tuple[str, str, str]]:
        """Return the post that comes, its lycée and the lycée covered (ids), for each drive."""
        trips = []
        for entry in missed:
            if entry.by not in {TIS, NOBODY}:
                place = self._team.place(self._ranks[entry.by], entry.slot)
                if place is not None and place != entry.lycee:
                    trips.append((entry.by, place, entry.lycee))
        return trips


def _mean(years: Ints) -> YearlyMean:
    error = float(years.std(ddof=1) / np.sqrt(len(years))) if len(years) > 1 else inf
    p90 = float(np.quantile(years, 0.9, method="inverted_cdf"))
    return YearlyMean(float(years.mean()), error, p90)


def check_absences(settings: TeamSettings) -> None:
    """Check the rate and the duration of absences; raise ``InputError`` if out of range."""
    ranges = (
        (0 <= settings.absence_rate <= 0.5, "Le taux d'absence est entre 0 et 50 %."),
        (1 <= settings.absence_days <= 120, "Une absence dure de 1 à 120 jours en moyenne."),
    )
    _refuse(ranges)


def _check(team: ZoneTeam, years: int, seed: int) -> None:
    check_absences(team.settings)
    ranges = (
        (1 <= years <= MAX_YEARS, f"La simulation porte sur 1 à {MAX_YEARS} années."),
        (seed >= 0, "La graine du tirage est un entier, 0 ou plus."),
        (len(team.posts) > 0, "Cette zone n'a pas de poste : proposez-les d'abord."),
        (
            len(team.posts) <= _MAX_POSTS,
            f"La simulation porte sur une zone de {_MAX_POSTS} postes au plus.",
        ),
    )
    _refuse(ranges)


def _refuse(ranges: Iterable[tuple[bool, str]]) -> None:
    for fine, message in ranges:
        if not fine:
            raise InputError(message)

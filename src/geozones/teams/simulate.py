"""Simulation of school years with random absences, to measure long absences and the monthly cap."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from math import inf

import numpy as np
from numpy.typing import NDArray

from geozones.common.errors import InputError
from geozones.domain.cover import NOBODY, TIS, CoverFigures, MissedHalfDay, figures
from geozones.domain.teams import SLOTS
from geozones.teams.zone_cover import ZoneTeam

MAX_YEARS = 100_000
#: Working days of a month, for the cap: 36 weeks over ten months.
MONTH_DAYS = 18
_MAX_POSTS = 12


@dataclass(frozen=True)
class SimulatedYears:
    """Figures of simulated school years of a zone.

    Parameters
    ----------
    years, rate, seed
        Number of years, rate of absence (0 to 1), seed of the random draws.
    cover
        Figures over all the half-days missed in all the years.
    uncovered
        Half-days a year that nobody covers: mean, standard error of that mean, 90th percentile.
    missed, by_tis
        Half-days a year missed, and covered by a T.I.S., on average.
    driven
        Minutes a year of colleagues' drives for covers, there and back, on average: once for both
        halves of a day between the same lycées.
    """

    years: int
    rate: float
    seed: int
    cover: CoverFigures
    uncovered: tuple[float, float, float]
    missed: float
    by_tis: float
    driven: float


@dataclass
class _Outcomes:
    """Covers met in the simulation, numbered in order of appearance; each list is by number.

    Parameters
    ----------
    missed, uncovered, tis
        Half-days missed, without anyone, and covered by a T.I.S.
    calls
        Interventions by rank of the post.
    delays
        Minutes of each half-day missed, and how many lycées it leaves without anyone.
    """

    team: ZoneTeam

    def __post_init__(self) -> None:
        posts = len(self.team.posts)
        self.rank = {post.id: rank for rank, post in enumerate(self.team.posts)}
        self.missed: list[int] = []
        self.uncovered: list[int] = []
        self.tis: list[int] = []
        self.calls: list[list[int]] = []
        self.delays: list[tuple[tuple[float, int], ...]] = []
        self.trips: list[frozenset[tuple[str, str, str]]] = []
        self.days: Counter[tuple[int, int]] = Counter()
        self.posts = posts

    def add(self, slot: int, absent: int, busy: int) -> int:
        """Add the covers of a half-day for bit sets of absent and busy posts; return a number."""
        answers = self.team.cover(slot, absent, busy)
        calls = [0] * self.posts
        for missed in answers:
            if missed.by not in {TIS, NOBODY} and missed.minutes > 0:
                calls[self.rank[missed.by]] += 1
        self.calls.append(calls)
        self.missed.append(len(answers))
        self.uncovered.append(sum(m.by == NOBODY for m in answers))
        self.tis.append(sum(m.by == TIS for m in answers))
        self.delays.append(tuple((m.minutes, len(m.empty)) for m in answers))
        self.trips.append(frozenset(self._trip(m) for m in answers if m.by in self.rank))
        return len(self.missed) - 1

    def _trip(self, missed: MissedHalfDay) -> tuple[str, str, str]:
        """Return the post that comes, its lycée and the lycée covered (ids)."""
        place = self.team.place(self.rank[missed.by], missed.slot) or missed.lycee
        return missed.by, place, missed.lycee

    def add_day(self, mornings: NDArray[np.int32], afternoons: NDArray[np.int32]) -> None:
        """Count a day of each year, by the numbers of the covers of both halves."""
        known = len(self.missed)
        codes, met = np.unique(mornings.astype(np.int64) * known + afternoons, return_counts=True)
        for code, count in zip(codes.tolist(), met.tolist(), strict=True):
            self.days[divmod(code, known)] += count

    def driven(self) -> float:
        """Return the minutes that colleagues drive in all the days counted, there and back."""
        ways = self.team.times.one_way
        return sum(
            count * sum(ways[a][b] + ways[b][a] for _, a, b in trips if a != b)
            for (morning, afternoon), count in self.days.items()
            for trips in [self.trips[morning] | self.trips[afternoon]]
        )


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

    Raises
    ------
    InputError
        If years, rate or length are out of range, or the zone has too many posts to simulate.
    """
    _check(team, years, seed)
    settings, posts = team.settings, len(team.posts)
    random = np.random.default_rng(seed)
    rate, leave = settings.absence_rate, 1 / settings.absence_days
    start = rate * leave / (1 - rate) if rate < 1 else 1.0
    bits = 1 << np.arange(posts)
    away = random.random((years, posts), dtype=np.float32) < rate
    made = np.zeros((years, posts), np.int16)
    totals = np.zeros((3, years), np.int32)
    counts: Counter[int] = Counter()
    outcomes, table = _Outcomes(team), _OutcomeTable(posts)
    for day in range(settings.year_days):
        if tick is not None:
            tick()
        if day:
            draw = random.random((years, posts), dtype=np.float32)
            away = np.where(away, draw >= leave, draw < start)
        if day % MONTH_DAYS == 0:
            made[:] = 0
        absent = away @ bits
        halves = []
        for half in (0, 1):
            busy = ((made >= settings.monthly_cap) & ~away) @ bits if cap else absent * 0
            slot = (2 * day + half) % SLOTS
            numbers = table.numbers(slot, absent, busy, outcomes)
            _tally(numbers, outcomes, totals, made, counts)
            halves.append(numbers)
        outcomes.add_day(*halves)
    return _years(outcomes, totals, counts, (years, rate, seed), settings.near_minutes)


class _OutcomeTable:
    """Numbers of outcomes by half-day, absent and busy posts (bit sets), filled on demand."""

    def __init__(self, posts: int) -> None:
        self._posts = posts
        self._known = np.full(SLOTS << (2 * posts), -1, np.int32)

    def numbers(
        self, slot: int, absent: NDArray[np.int64], busy: NDArray[np.int64], outcomes: _Outcomes
    ) -> NDArray[np.int32]:
        keys = (slot << (2 * self._posts)) | (absent << self._posts) | busy
        numbers: NDArray[np.int32] = self._known[keys]
        if (numbers < 0).any():
            for key in np.unique(keys[numbers < 0]).tolist():
                low = (1 << self._posts) - 1
                absent_bits, busy_bits = key >> self._posts & low, key & low
                self._known[key] = outcomes.add(slot, absent_bits, busy_bits)
            numbers = self._known[keys]
        return numbers


def _tally(
    numbers: NDArray[np.int32],
    outcomes: _Outcomes,
    totals: NDArray[np.int32],
    made: NDArray[np.int16],
    counts: Counter[int],
) -> None:
    for row, values in enumerate((outcomes.missed, outcomes.uncovered, outcomes.tis)):
        totals[row] += np.array(values, np.int32)[numbers]
    made += np.array(outcomes.calls, np.int16)[numbers]
    met = np.bincount(numbers)
    for number in np.flatnonzero(met).tolist():
        counts[number] += int(met[number])


def _years(
    outcomes: _Outcomes,
    totals: NDArray[np.int32],
    counts: Counter[int],
    asked: tuple[int, float, int],
    near: float,
) -> SimulatedYears:
    weight: Counter[tuple[float, int]] = Counter()
    for number, count in counts.items():
        for missed in outcomes.delays[number]:
            weight[missed] += count
    delays, empty = np.array(list(weight), float).reshape(-1, 2).T
    weights = np.array(list(weight.values()), float)
    lost = totals[1]
    error = float(lost.std(ddof=1) / np.sqrt(len(lost))) if len(lost) > 1 else inf
    p90 = float(np.quantile(lost, 0.9, method="inverted_cdf"))
    return SimulatedYears(
        *asked,
        figures(delays, weights, empty, near),
        (float(lost.mean()), error, p90),
        float(totals[0].mean()),
        float(totals[2].mean()),
        outcomes.driven() / len(lost),
    )


def expected_year(team: ZoneTeam) -> tuple[float, float]:
    """Return the exact mean half-days a year missed and uncovered, without a monthly cap.

    They are expectations over every set of absent posts: what ``simulate`` estimates.
    """
    rate, posts = team.settings.absence_rate, len(team.posts)
    missed = uncovered = 0.0
    for absent in range(1 << posts):
        away = absent.bit_count()
        chance = rate**away * (1 - rate) ** (posts - away)
        answers = [m for slot in range(SLOTS) for m in team.cover(slot, absent)]
        missed += chance * len(answers)
        uncovered += chance * sum(m.by == NOBODY for m in answers)
    weeks = team.settings.year_days / (SLOTS / 2)
    return missed * weeks, uncovered * weeks


def _check(team: ZoneTeam, years: int, seed: int) -> None:
    settings = team.settings
    ranges = (
        (1 <= years <= MAX_YEARS, f"On simule de 1 à {MAX_YEARS} années."),
        (seed >= 0, "La graine du tirage est un entier, 0 ou plus."),
        (0 <= settings.absence_rate <= 0.5, "Le taux d'absence est entre 0 et 50 %."),
        (1 <= settings.absence_days <= 120, "Une absence dure de 1 à 120 jours en moyenne."),
        (len(team.posts) > 0, "Cette zone n'a pas de poste : proposez-les d'abord."),
        (len(team.posts) <= _MAX_POSTS, f"On simule une zone de {_MAX_POSTS} postes au plus."),
    )  # fmt: skip
    for fine, message in ranges:
        if not fine:
            raise InputError(message)

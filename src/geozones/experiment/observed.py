"""Observer of the figures of an area and a period, from tallies by lycée and month.

Presences (`Intervention.is_request`) are counted apart: they are no requests.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from geozones.domain.field_journal import Journal
from geozones.domain.teams import MONTH_DAYS
from geozones.experiment.estimates import (
    DriveFactors,
    Estimate,
    clustered_share,
    drive_factors,
    mean,
    mean_of,
    rate,
    spell_length,
    spells_share,
)
from geozones.experiment.facts import Facts, ObservedMiss, Person, month_of, months_of

LEVELS = 4


@dataclass(slots=True)
class WorkTally:
    """Requests by level (0: unknown), their completeness, and their known durations.

    ``tickets`` counts the requests with a ticket; ``timed``, ``minutes`` and ``squares`` are the
    number, sum and sum of squares of the durations; ``presences`` counts the rows that are no
    request.
    """

    levels: list[int] = field(default_factory=lambda: [0] * LEVELS)
    tickets: int = 0
    timed: int = 0
    minutes: float = 0.0
    squares: float = 0.0
    presences: int = 0

    @property
    def asked(self) -> int:
        """Number of requests."""
        return sum(self.levels)

    @property
    def graded(self) -> int:
        """Number of requests with a level."""
        return sum(self.levels[1:])

    def add(self, other: "WorkTally") -> None:
        """Add the counts of another tally."""
        self.levels = [a + b for a, b in zip(self.levels, other.levels, strict=True)]
        self.tickets += other.tickets
        self.timed += other.timed
        self.minutes += other.minutes
        self.squares += other.squares
        self.presences += other.presences


def work_tallies(journal: Journal) -> Mapping[tuple[str, str], WorkTally]:
    """Return the tally of each lycée (id; empty for an unknown one) and month."""
    tallies: dict[tuple[str, str], WorkTally] = defaultdict(WorkTally)
    month, day = "", None
    for row in journal.interventions:
        if row.day is not day:
            day, month = row.day, month_of(row.day)
        tally = tallies[row.lycee, month]
        if not row.is_request:
            tally.presences += 1
            continue
        tally.levels[row.level] += 1
        tally.tickets += bool(row.ticket)
        if row.minutes >= 0:
            tally.timed += 1
            tally.minutes += row.minutes
            tally.squares += row.minutes * row.minutes
    return dict(tallies)


@dataclass(frozen=True, slots=True)
class UnattendedRun:
    """Longest run of working days without anyone in a lycée (id)."""

    lycee: str
    days: int


@dataclass(frozen=True)
class Observed:
    """Figures observed in an area and a period; ``None`` for what was not recorded."""

    first: date | None
    last: date | None
    days: int  # Working days of the period.
    lycees: int
    estimates: Mapping[str, Estimate | None]  # By key of `geozones.experiment.observed_figures`.
    #: The longest gap of each lycée, the longest first; empty if no presence is known.
    gaps: tuple[UnattendedRun, ...]


class Observer:
    """Observer of any area and month of a journal; ``minutes`` come from the matrix, one way."""

    def __init__(self, facts: Facts, minutes: Callable[[str, str], float]) -> None:
        self.facts = facts
        self._minutes = minutes
        #: a page asks for the same areas at each rerun
        self._seen: dict[tuple[frozenset[str], str | None], Observed] = {}

    @cached_property
    def factors(self) -> DriveFactors:
        """Factors of observed drives over the matrix."""
        return drive_factors(self.facts, self._minutes)

    @cached_property
    def recorded(self) -> frozenset[str]:
        """The lycées (ids) of the journal's interventions and trips."""
        journal = self.facts.journal
        served = {row.lycee for row in journal.interventions if row.lycee}
        return frozenset(served.union(*((trip.origin, trip.destination) for trip in journal.trips)))

    @cached_property
    def _work(self) -> Mapping[tuple[str, str], WorkTally]:
        return work_tallies(self.facts.journal)

    def observe(self, lycees: Iterable[str], month: str | None = None) -> Observed:
        """Return the figures of some lycées (ids), in a month (``2026-03``) or in all of them."""
        key = frozenset(lycees), month
        if key not in self._seen:
            self._seen[key] = _Area(self, *key).observed()
        return self._seen[key]

    def work(self, lycees: frozenset[str] | None, month: str | None = None) -> WorkTally:
        """Return the requests of some lycées or, for ``None``, of all rows, in a month or in all.

        All rows include those of unknown lycées (empty id) and of lycées outside the plan.
        """
        total = WorkTally()
        for (lycee, at), tally in self._work.items():
            if (lycees is None or lycee in lycees) and month in {None, at}:
                total.add(tally)
        return total

    @cached_property
    def months(self) -> tuple[str, ...]:
        """The months (``2026-03``) with a working day or a row, in order."""
        return months_of((*self.facts.days, *(row.day for row in self.facts.journal.interventions)))


class _Area:
    def __init__(self, observer: Observer, lycees: frozenset[str], month: str | None) -> None:
        self._observer, self._facts = observer, observer.facts
        self._lycees, self._month = lycees, month
        facts = self._facts
        self._days = [day for day in facts.days if self._within(day)]
        self._months = len(self._days) / MONTH_DAYS
        zones = {facts.zone_of[lycee] for lycee in lycees if lycee in facts.zone_of}
        whole = lycees >= observer.recorded
        self._people = [
            person
            for person in facts.people.values()
            if not person.tis and (whole or self._is_ours(person, zones))
        ]
        self._keys = {person.key for person in self._people}

    def _is_ours(self, person: Person, zones: set[str]) -> bool:
        if person.zone not in zones:
            return False
        # for one lycée, its own people; for a zone or a sector, all of theirs
        return len(self._lycees) > 1 or bool(person.lycees & self._lycees)

    def _within(self, day: date) -> bool:
        return self._month is None or month_of(day) == self._month

    def observed(self) -> Observed:
        work = self._observer.work(self._lycees, self._month)
        estimates: dict[str, Estimate | None] = {
            "interventions": rate(work.asked, self._months),
            **{f"level_{level}": rate(work.levels[level], self._months) for level in (1, 2, 3)},
            "level_unknown": rate(work.levels[0], self._months),
            "work_minutes": mean_of(work.timed, work.minutes, work.squares),
            "visits_per_month": self._visits(),
            "presence": self._presence(),
            "elsewhere": self._elsewhere(),
            **self._absences(),
            **self._covers(),
            **self._drives(),
            **self._tis(),
        }
        # a figure without any row is unknown, not zero
        if not work.asked:
            for key in ("interventions", "level_1", "level_2", "level_3", "level_unknown"):
                estimates[key] = None
        days = self._days
        return Observed(
            days[0] if days else None,
            days[-1] if days else None,
            len(days),
            len(self._lycees),
            estimates,
            self._gaps(),
        )

    def _active(self, person: Person) -> int:
        """Return the working days of the period between someone's first and last record."""
        return sum(self._within(day) for day in self._facts.days[person.first : person.last + 1])

    def _visits(self) -> Estimate | None:
        """Visits of each T.I.P. to each lycée of their zone that is not theirs, a month."""
        facts, count, exposure = self._facts, 0, 0.0
        zone_lycees: dict[str, set[str]] = defaultdict(set)
        for lycee in self._lycees:
            if lycee in facts.zone_of:
                zone_lycees[facts.zone_of[lycee]].add(lycee)
        for person in facts.people.values():
            others = zone_lycees.get(person.zone, set()) - person.lycees
            if not person.tis and person.lycees and others:
                exposure += len(others) * self._active(person) / MONTH_DAYS
        for visit in facts.visits:
            person = facts.people[visit.person]
            zone = facts.zone_of.get(visit.lycee)
            ours = visit.lycee in self._lycees and zone == person.zone
            count += ours and not person.tis and self._within(visit.day)
        return rate(count, exposure)

    def _presence(self) -> Estimate | None:
        """Half-days on site in one's own lycées, a week of five days, of a lycée of the area."""
        weeks: Counter[tuple[int, int]] = Counter()
        for stay in self._facts.presence:
            if stay.lycee in self._lycees and self._within(stay.day):
                weeks[stay.day.isocalendar()[:2]] += 1
        if not weeks:
            return None
        worked = Counter(day.isocalendar()[:2] for day in self._days)
        lycees = len(self._lycees)
        return mean([weeks[week] * 5 / days / lycees for week, days in worked.items() if days >= 3])

    def _elsewhere(self) -> Estimate | None:
        """Half-days a month that a T.I.P. gives in lycées that are not theirs, visits left out."""
        if not self._facts.missed or not self._days:
            return None
        made = Counter(
            one.by for one in self._facts.missed if one.by in self._keys and self._within(one.day)
        )
        return mean([made[key] / self._months for key in sorted(self._keys)])

    def _absences(self) -> dict[str, Estimate | None]:
        if not self._facts.absences:
            return {"absence_rate": None, "absence_days": None}
        days = set(self._days)
        lengths, ongoing = [], 0
        last_day = self._facts.days[-1] if self._facts.days else None
        for absence in self._facts.absences:
            if absence.person not in self._keys:
                continue
            span = range(absence.first.toordinal(), absence.last.toordinal() + 1)
            length = sum(date.fromordinal(day) in days for day in span)
            if length:
                lengths.append(float(length))
                ongoing += last_day is not None and absence.last >= last_day
        exposure = sum(self._active(person) for person in self._people)
        return {
            "absence_rate": spells_share(lengths, exposure),
            "absence_days": spell_length(lengths, ongoing) if self._month is None else None,
        }

    def _covers(self) -> dict[str, Estimate | None]:
        facts = self._facts
        missed = [
            one for one in facts.missed if one.lycee in self._lycees and self._within(one.day)
        ]
        delays = [one.minutes for one in missed if one.minutes > 0]
        covered = [one for one in missed if one.by]

        def by(kind: str) -> Estimate | None:
            return _share(covered, lambda one: self._who(one) == kind)

        return {
            "cover_share": _share(missed, lambda one: bool(one.by)),
            "cover_minutes": mean(delays),
            "cover_by_zone": by("zone"),
            "cover_by_tis": by("tis"),
            "cover_by_other": by("other"),
        }

    def _who(self, one: ObservedMiss) -> str:
        person = self._facts.people[one.by]
        if person.tis:
            return "tis"
        return "zone" if person.zone == self._facts.zone_of.get(one.lycee) else "other"

    def _drives(self) -> dict[str, Estimate | None]:
        trips = [
            trip
            for trip in self._facts.journal.trips
            if trip.origin in self._lycees and self._within(trip.day)
        ]
        driven = sum(trip.minutes for trip in trips)
        known = trips and self._months
        return {
            "driven": Estimate(driven / self._months, None, None, len(trips)) if known else None,
            "drive_ratio": self._ratio() if self._month is None else None,
        }

    def _ratio(self) -> Estimate | None:
        """Return the factor of the area's own drives; that of a zone is drawn to the whole's."""
        factors, zone_of = self._observer.factors, self._facts.zone_of
        if self._lycees >= self._observer.recorded:
            return factors.whole
        zones = {zone_of.get(lycee, "") for lycee in self._lycees}
        members = {lycee for lycee, zone in zone_of.items() if zone in zones}
        if len(zones) == 1 and self._lycees >= members:
            return factors.zones.get(zones.pop())
        return factors.of_lycees(self._lycees)

    def _tis(self) -> dict[str, Estimate | None]:
        facts = self._facts
        if not any(person.tis for person in facts.people.values()):
            return {"tis_visits": None, "tis_minutes": None}
        visits = [
            visit
            for visit in facts.visits
            if facts.people[visit.person].tis
            and visit.lycee in self._lycees
            and self._within(visit.day)
        ]
        return {
            "tis_visits": rate(len(visits), len(self._lycees) * self._months),
            "tis_minutes": mean([visit.minutes for visit in visits if visit.minutes > 0]),
        }

    def _gaps(self) -> tuple[UnattendedRun, ...]:
        held = self._facts.days_with_someone
        if not held:
            return ()
        gaps = [
            UnattendedRun(lycee, _longest_gap(self._days, held.get(lycee, frozenset())))
            for lycee in sorted(self._lycees)
        ]
        return tuple(sorted(gaps, key=lambda gap: -gap.days))


def _share(rows: Iterable[ObservedMiss], hit: Callable[[ObservedMiss], bool]) -> Estimate | None:
    clusters: dict[object, list[float]] = defaultdict(lambda: [0.0, 0.0])
    for one in rows:
        cluster = clusters[one.absence]
        cluster[0] += hit(one)
        cluster[1] += 1
    return clustered_share([(hits, trials) for hits, trials in clusters.values()])


def _longest_gap(days: Iterable[date], there: frozenset[date]) -> int:
    longest = running = 0
    for day in days:
        running = 0 if day in there else running + 1
        longest = max(longest, running)
    return longest

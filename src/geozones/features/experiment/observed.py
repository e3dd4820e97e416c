"""Observed figures of a journal, in any area, and how they compare with what was expected.

A request is a row with a ticket or without a nature (`Intervention.is_request`); other rows are
presences. A rate is by month of 18 working days.

Facts are working days, presences, absences, visits and covers. If a file does not give the reason
of a presence, it is inferred: a lycée belongs to someone who is there `OWN_SHARE` of their
half-days or more and `OWN_A_MONTH` half-days a month or more; elsewhere they replace a colleague
who is absent and was due there, else they visit. School holidays are those of the folder's
calendar; in the years that it does not know, a week without any row counts as holidays.

Estimates have a 95 % interval, from counts, spells and clusters.

| estimate | for | interval |
|---|---|---|
| `rate` | visits, interventions, level 2 | Garwood's, exact under a Poisson law (1936) |
| `mean` | presence by week, minutes to arrive | Student's, on the logarithm of the mean |
| `clustered_share` | share of absences covered | residuals of whole absences, on the logit scale |
| `spells_share` | rate of absence | variance (1 + cv²) / N of a sum of N spells |
| `spell_length` | length of an absence | a gamma law with the variance of the lengths |

``benchmarks/journal_intervals.py`` draws journals from known rates: the intervals hold them 93 to
97 times in 100.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple

from scipy.special import gammaincinv, stdtrit

from geozones.common.french import NBSP, number, plural
from geozones.domain.field_journal import Absence, Journal, Nature
from geozones.domain.school_calendar import NO_CALENDAR, Period, SchoolCalendar
from geozones.domain.teams import MONTH_DAYS
from geozones.domain.terms import worded

#: Probability that an interval holds the true figure.
LEVEL = 0.95
#: Weight of the prior for a coefficient of variation of 1, in spells.
_PRIOR = 8


@dataclass(frozen=True, slots=True)
class Estimate:
    """Estimate: a figure, its 95 % interval, and its number of observations.

    ``low`` and ``high`` are ``None`` if there are too few observations.
    """

    value: float
    low: float | None
    high: float | None
    count: int

    def holds(self, value: float) -> bool:
        """Return whether a figure is in the interval."""
        return self.low is not None and self.high is not None and self.low <= value <= self.high


def rate(count: int, exposure: float) -> Estimate | None:
    """Return events per unit of exposure, under a Poisson law, with Garwood's exact interval.

    F. Garwood, Biometrika 28, 1936. ``None`` without exposure.
    """
    if exposure <= 0:
        return None
    tail = (1 - LEVEL) / 2
    low = gammaincinv(count, tail) if count else 0.0
    high = gammaincinv(count + 1, 1 - tail)
    return Estimate(count / exposure, float(low) / exposure, float(high) / exposure, count)


def mean(values: Sequence[float]) -> Estimate | None:
    """Return the mean of independent positive values; ``None`` without values.

    Its interval is Student's on the logarithm of the mean (delta method), which holds for skewed
    values such as lengths.
    """
    count, total = len(values), math.fsum(values)
    if not count:
        return None
    average = total / count
    if count < 2 or average <= 0:
        return Estimate(average, None, None, count)
    variance = math.fsum((value - average) ** 2 for value in values) / (count - 1)
    return _around(average, math.sqrt(variance / count) / average, count)


def spell_length(lengths: Sequence[float], ongoing: int = 0) -> Estimate | None:
    """Return the mean length of spells; ``ongoing`` of them had not ended when last seen.

    Days divided by ended spells: maximum likelihood if an end is equally likely each day. The
    interval comes from a gamma law with the variance of the lengths, whose coefficient of variation
    is drawn towards 1 as by `_PRIOR` more spells. ``None`` without an end.
    """
    ended = len(lengths) - ongoing
    if ended < 1:
        return None
    total = math.fsum(lengths)
    average = total / ended
    if ended < 2:
        return Estimate(average, None, None, len(lengths))
    middle = total / len(lengths)
    squares = math.fsum((length - middle) ** 2 for length in lengths) / (len(lengths) - 1)
    spread = (squares / middle**2 * (ended - 1) + _PRIOR) / (ended - 1 + _PRIOR)
    shape, tail = ended / spread, (1 - LEVEL) / 2
    low, high = (
        average * shape / float(gammaincinv(shape, quantile)) for quantile in (1 - tail, tail)
    )
    return Estimate(average, low, high, len(lengths))


def spells_share(lengths: Sequence[float], exposure: float) -> Estimate | None:
    """Return the share of a time that independent spells take.

    The relative variance of a sum of N spells, N under a Poisson law, is (1 + cv²) / N, cv being
    the coefficient of variation of their lengths. ``None`` without exposure.
    """
    if exposure <= 0:
        return None
    count = len(lengths)
    total = math.fsum(lengths)
    if count < 2:
        return Estimate(total / exposure, None, None, count)
    average = total / count
    variance = math.fsum((length - average) ** 2 for length in lengths) / (count - 1)
    share = total / exposure
    # no other spell begins during an absence
    spread = math.sqrt((1 + variance / average**2) / count) * (1 - share)
    return _around(share, spread, count)


def clustered_share(clusters: Sequence[tuple[float, float]]) -> Estimate | None:
    """Return Σ hits / Σ trials over clusters (hits, trials), on the logit scale.

    The variance comes from the residuals of whole clusters, as trials in a cluster are correlated.
    ``count`` is the number of trials. ``None`` without trials.
    """
    clusters = [(hits, trials) for hits, trials in clusters if trials]
    trials = math.fsum(held for _, held in clusters)
    if not trials:
        return None
    share = math.fsum(hits for hits, _ in clusters) / trials
    count = round(trials)
    many = len(clusters)
    if many < 2:
        return Estimate(share, None, None, count)
    if share in {0.0, 1.0}:  # rule of three, each cluster counting as one trial
        edge = min(3.0 / many, 1.0)
        return Estimate(share, max(0.0, share - edge), min(1.0, share + edge), count)
    residuals = math.fsum((hits - share * held) ** 2 for hits, held in clusters)
    error = math.sqrt(residuals * many / (many - 1)) / trials / (share * (1 - share))
    away = float(stdtrit(many - 1, 1 - (1 - LEVEL) / 2)) * error
    logit = math.log(share / (1 - share))
    low, high = (1 / (1 + math.exp(-(logit + step))) for step in (-away, away))
    return Estimate(share, low, high, count)


def _around(value: float, relative: float, count: int) -> Estimate:
    """Return an estimate with this standard error of its logarithm, by Student's law."""
    away = float(stdtrit(count - 1, 1 - (1 - LEVEL) / 2)) * relative
    away = min(away, 50.0)
    return Estimate(value, value * math.exp(-away), value * math.exp(away), count)


def working_days(journal: Journal, calendar: SchoolCalendar = NO_CALENDAR) -> tuple[date, ...]:
    """Return the working days of a journal, in order: those that an absence counts too."""
    if journal.period is None:
        return ()
    first, last = journal.period
    busy = {_monday(row.day) for row in journal.interventions}
    busy |= {_monday(row.day) for row in journal.trips}
    if not busy:  # absences alone do not prove that a week is at work
        busy = set(range(_monday(first), last.toordinal() + 1))
    return tuple(
        day
        for day in calendar.working_days(Period(first, last))
        if _monday(day) in busy or calendar.knows(Period(day, day))
    )


def _monday(day: date) -> int:
    return day.toordinal() - day.weekday()


#: Least share of someone's half-days on site, and half-days a month, for a lycée to be theirs.
OWN_SHARE, OWN_A_MONTH = 0.05, 2.5
#: Least share of the weeks for someone to be due in a lycée on a half-day.
_DUE_SHARE = 0.5
_NOON = 12 * 60 + 30
#: An intervention of at least this duration counts for both halves of its day.
_WHOLE_DAY = 5 * 60.0


class Person(NamedTuple):
    """Technician, by pseudonym: their lycées, zone (id, empty where unknown), whether a T.I.S.

    ``first`` and ``last`` are the first and last rank of `Facts.days` on which they are recorded.
    """

    key: str
    lycees: frozenset[str]
    zone: str
    tis: bool
    first: int
    last: int


class Visit(NamedTuple):
    """Visit on a day to a lycée that is not the visitor's; minutes on site, -1 where unknown."""

    person: str
    lycee: str
    day: date
    minutes: float


class ObservedMiss(NamedTuple):
    """Half-day missed by an absent person who was due: replacement (empty: nobody), minutes."""

    absence: Absence
    lycee: str
    day: date
    half: int
    by: str
    minutes: float


class Stay(NamedTuple):
    """Half-day spent by someone in a lycée."""

    person: str
    day: date
    half: int
    lycee: str


@dataclass(frozen=True, eq=False)
class Facts:
    """Facts of a journal over a plan."""

    journal: Journal
    zone_of: Mapping[str, str]  # The zone (id) of each lycée (id).
    days: tuple[date, ...]
    people: Mapping[str, Person]
    #: Absences of the journal; overlapping or consecutive absences of a person are merged.
    absences: tuple[Absence, ...]
    presence: tuple[Stay, ...]
    visits: tuple[Visit, ...]
    missed: tuple[ObservedMiss, ...]


def facts_of(
    journal: Journal, zone_of: Mapping[str, str], calendar: SchoolCalendar = NO_CALENDAR
) -> Facts:
    """Return the facts of a journal over the zones of a plan (lycée id → zone id)."""
    days = working_days(journal, calendar)
    stays = _stays(journal, frozenset(days))
    people = _people(journal, stays, days, zone_of)
    # the absences, with overlapping absences merged: exports repeat ongoing absences
    joined: list[Absence] = []
    for absence in sorted(journal.absences):
        before = joined[-1] if joined else None
        if (
            before is not None
            and before.person == absence.person
            and absence.first.toordinal() <= before.last.toordinal() + 1
        ):
            joined[-1] = before._replace(last=max(before.last, absence.last))
        else:
            joined.append(absence)
    absences = tuple(joined)
    away = {
        (absence.person, date.fromordinal(ordinal)): absence
        for absence in absences
        for ordinal in range(absence.first.toordinal(), absence.last.toordinal() + 1)
    }
    presence: list[Stay] = []
    elsewhere: list[Stay] = []
    for stay, nature in stays.items():
        person = people[stay.person]
        own = nature is Nature.FIXED or (
            nature is Nature.UNKNOWN and not person.tis and stay.lycee in person.lycees
        )
        (presence if own else elsewhere).append(stay)
    missed = _missed(journal, people, presence, (stays, away, days))
    covers = {(one.by, one.day, one.half, one.lycee) for one in missed if one.by}
    visits = _visits(journal, elsewhere, stays, covers)
    return Facts(journal, zone_of, days, people, absences, tuple(presence), visits, missed)


def _stays(journal: Journal, working: frozenset[date]) -> dict[Stay, Nature]:
    """Return the half-days on site; of several rows for one, the first known nature counts."""
    stays: dict[Stay, Nature] = {}
    for row in journal.interventions:
        if row.remote or not (row.person and row.lycee) or row.day not in working:
            continue
        halves = (0, 1) if row.minutes >= _WHOLE_DAY else (int(row.minute >= _NOON),)
        for half in halves:
            stay = Stay(row.person, row.day, half, row.lycee)
            if not stays.get(stay):
                stays[stay] = row.nature
    return stays


def _people(
    journal: Journal,
    stays: Mapping[Stay, Nature],
    days: tuple[date, ...],
    zone_of: Mapping[str, str],
) -> dict[str, Person]:
    seen = _seen(journal, days)
    tis = {row.person for row in journal.interventions if row.tis and row.person}
    fixed: dict[str, Counter[str]] = defaultdict(Counter)
    every: dict[str, Counter[str]] = defaultdict(Counter)
    for stay, nature in stays.items():
        every[stay.person][stay.lycee] += 1
        if nature is Nature.FIXED:
            fixed[stay.person][stay.lycee] += 1
    people: dict[str, Person] = {}
    for key in sorted({*seen, *every, *(row.person for row in journal.absences)}):
        first, last = seen.get(key, (0, len(days) - 1))
        half_days, least = fixed[key], OWN_SHARE * fixed[key].total()
        if not half_days:
            half_days, months = every[key], max((last - first + 1) / MONTH_DAYS, 1.0)
            least = max(OWN_SHARE * half_days.total(), OWN_A_MONTH * months)
        often = (lycee for lycee, count in half_days.items() if count >= least)
        own = frozenset() if key in tis else frozenset(often)
        zones: Counter[str] = Counter()
        for lycee in sorted(own & zone_of.keys()):
            zones[zone_of[lycee]] += half_days[lycee]
        zone = max(zones, key=lambda zone_id: zones[zone_id], default="")
        people[key] = Person(key, own, zone, key in tis, first, last)
    return people


def _seen(journal: Journal, days: tuple[date, ...]) -> dict[str, tuple[int, int]]:
    """Return the ranks of the first and last working days on which each person is recorded."""
    rank = {day: place for place, day in enumerate(days)}
    dated = (
        *((row.person, row.day) for row in journal.interventions if row.person),
        *((row.person, day) for row in journal.absences for day in (row.first, row.last)),
    )
    seen: dict[str, tuple[int, int]] = {}
    for person, day in dated:
        at = rank.get(day)
        if at is not None:
            first, last = seen.get(person, (at, at))
            seen[person] = min(first, at), max(last, at)
    return seen


def _missed(
    journal: Journal,
    people: Mapping[str, Person],
    presence: list[Stay],
    known: tuple[Mapping[Stay, Nature], Mapping[tuple[str, date], Absence], tuple[date, ...]],
) -> tuple[ObservedMiss, ...]:
    """Return the half-days on which an absent person was due in a lycée, and their replacement."""
    stays, away, days = known
    if not journal.absences:
        return ()
    working, week = frozenset(days), _due(people, presence, away, days)

    def due(person: str, day: date, half: int) -> str:
        return week.get((person, day.weekday() * 2 + half), "")

    at: dict[tuple[str, date, int], list[str]] = defaultdict(list)
    for stay, nature in stays.items():
        if nature is not Nature.VISIT:
            at[stay.lycee, stay.day, stay.half].append(stay.person)
    drives = {(trip.person, trip.day, trip.destination): trip.minutes for trip in journal.trips}
    found: list[ObservedMiss] = []
    for (person, day), absence in sorted(away.items(), key=lambda item: (item[0][1], item[0][0])):
        if day not in working:
            continue
        for half in (0, 1):
            lycee = due(person, day, half)
            if not lycee:
                continue
            there = sorted(
                other
                for other in at[lycee, day, half]
                if other != person and due(other, day, half) != lycee
            )
            by = there[0] if there else ""
            minutes = drives.get((by, day, lycee), -1.0) if by else -1.0
            found.append(ObservedMiss(absence, lycee, day, half, by, minutes))
    return tuple(found)


def _due(
    people: Mapping[str, Person],
    presence: list[Stay],
    away: Mapping[tuple[str, date], Absence],
    days: tuple[date, ...],
) -> dict[tuple[str, int], str]:
    """Return the lycée where each person is due on each half-day of the week, as in most weeks."""
    held: dict[tuple[str, int], Counter[str]] = defaultdict(Counter)
    for stay in presence:
        held[stay.person, stay.day.weekday() * 2 + stay.half][stay.lycee] += 1
    by_weekday: dict[int, list[int]] = defaultdict(list)
    for rank, day in enumerate(days):
        by_weekday[day.weekday()].append(rank)
    working = frozenset(days)
    lost = Counter((person, day.weekday()) for person, day in away if day in working)
    week: dict[tuple[str, int], str] = {}
    for (key, slot), lycees in held.items():
        person = people[key]
        weeks = sum(person.first <= rank <= person.last for rank in by_weekday[slot // 2])
        weeks = max(weeks - lost[key, slot // 2], 1)
        lycee, count = lycees.most_common(1)[0]
        if count >= _DUE_SHARE * weeks:
            week[key, slot] = lycee
    return week


def _visits(
    journal: Journal,
    elsewhere: list[Stay],
    stays: Mapping[Stay, Nature],
    covers: set[tuple[str, date, int, str]],
) -> tuple[Visit, ...]:
    """Return the presences outside a person's lycées that cover nobody, once a day."""
    minutes: dict[tuple[str, str, date], float] = defaultdict(float)
    for row in journal.interventions:
        if not row.remote and row.minutes > 0:
            minutes[row.person, row.lycee, row.day] += row.minutes
    seen: dict[tuple[str, str, date], None] = {}
    for stay in elsewhere:
        nature = stays[stay]
        if nature is Nature.COVER:
            continue
        stands_in = (stay.person, stay.day, stay.half, stay.lycee) in covers
        if nature is Nature.UNKNOWN and stands_in:
            continue
        seen[stay.person, stay.lycee, stay.day] = None
    return tuple(
        Visit(*key, minutes.get(key, -1.0)) for key in sorted(seen, key=lambda key: key[::-1])
    )


@dataclass(frozen=True, slots=True)
class ObservedFigure:
    """Figure derived from a journal, in French words for `worded`."""

    key: str
    wording: str
    short: str  # One word, for the head of a column.
    unit: str
    digits: int  # Decimals written.
    observations: tuple[str, str]  # Name of its observations: singular, and plural.
    #: Beginning of a sentence that the value ends, then what is asked where it is worse than
    #: expected; empty for a figure that nothing is expected of.
    told: str = ""
    asked: str = ""
    factor: float = 1.0  # Written value of 1: 100 for a share in percent.
    lower: bool | None = None  # Whether lower is better; ``None`` if neither is.

    @property
    def label(self) -> str:
        """Name of the figure, with the nouns of the network."""
        return worded(self.wording)

    def number_text(self, value: float) -> str:
        """Write a value without its unit."""
        return number(self.factor * value, self.digits)

    def value_text(self, value: float) -> str:
        """Write a value with its unit."""
        return f"{self.number_text(value)}{NBSP}{self.unit}"

    def interval(self, estimate: Estimate) -> str:
        """Return the text of an interval, ``0,8 à 1,3``; empty if unbounded."""
        if estimate.low is None or estimate.high is None:
            return ""
        return " à ".join(map(self.number_text, (estimate.low, estimate.high)))

    def count_text(self, estimate: Estimate) -> str:
        """Return the number of observations in words."""
        return plural(estimate.count, *map(worded, self.observations))


_REQUESTS, _ABSENCES = ("demande", "demandes"), ("absence", "absences")
#: The figures of a bilan, in its order.
FIGURES: tuple[ObservedFigure, ...] = (
    ObservedFigure(
        "visits_per_month", "Visites de continuité", "Visites", "par mois", 2,
        ("visite", "visites"), "Les visites de continuité sont au rythme de",
    ),
    ObservedFigure(
        "interventions_per_lycee", "Interventions par {site}", "Interventions", "par mois", 1,
        _REQUESTS,
    ),
    ObservedFigure(
        "cover_share", "Absences relevées", "Relevées", "%", 0,
        ("demi-journée manquée", "demi-journées manquées"),
        "La part des demi-journées d'absence relevées est de",
        "faut-il revoir les zones et les postes où la relève manque ?", factor=100, lower=False,
    ),
    ObservedFigure(
        "cover_minutes", "Trajet pour arriver à la relève", "Trajet", "min", 0,
        ("relève dont le trajet est noté", "relèves dont le trajet est noté"),
        "Pour arriver, la relève a roulé en moyenne",
        "faut-il revoir les zones où elle vient de loin ?", lower=True,
    ),
    ObservedFigure(
        "presence", "Demi-journées de présence par {site}", "Présence", "par semaine", 1,
        ("semaine", "semaines"), "En demi-journées, la présence par {site} est de",
        "faut-il revoir les jours fixes ?", lower=False,
    ),
    ObservedFigure(
        "level_2_per_lycee", "Demandes au niveau 2 par {site}", "Niveau 2", "par mois", 1,
        _REQUESTS,
    ),
)  # fmt: skip
#: Figures of absences, which are hypotheses only.
ABSENCE_FIGURES: tuple[ObservedFigure, ...] = (
    ObservedFigure(
        "absence_rate", "Taux d'absence", "Taux", "%", 1, _ABSENCES,
        "La part des jours de travail que prennent les absences est de", factor=100, lower=True,
    ),
    ObservedFigure(
        "absence_days", "Durée d'une absence", "Durée", "jours ouvrés", 1, _ABSENCES,
        "Une absence dure en moyenne", lower=True,
    ),
)  # fmt: skip
BY_KEY = {figure.key: figure for figure in (*FIGURES, *ABSENCE_FIGURES)}


class BilanVerdict(StrEnum):
    """Comparison of an observed figure with its expectation, the worst first."""

    WORSE = "moins bien que prévu"
    MORE = "plus que supposé"
    LESS = "moins que supposé"
    BETTER = "mieux que prévu"
    AS_EXPECTED = "comme prévu"
    UNSURE = "trop peu d'observations"
    NOT_MODELLED = ""


#: Verdicts on a figure whose interval does not hold what was expected.
OUTSIDE = frozenset({BilanVerdict.WORSE, BilanVerdict.MORE, BilanVerdict.LESS, BilanVerdict.BETTER})


def verdict_of(
    figure: ObservedFigure, estimate: Estimate, hoped: float | None, days: int
) -> BilanVerdict:
    """Compare a figure over some working days with its expected value.

    The verdict is unsure without an interval, with less than a month of working days, or if the
    interval holds the expected value but is wider than it.
    """
    if hoped is None:
        return BilanVerdict.NOT_MODELLED
    if estimate.low is None or estimate.high is None or days < MONTH_DAYS:
        return BilanVerdict.UNSURE
    if estimate.holds(hoped):
        wide = estimate.high - estimate.low > hoped
        return BilanVerdict.UNSURE if wide else BilanVerdict.AS_EXPECTED
    if figure.lower is None:
        return BilanVerdict.MORE if estimate.value > hoped else BilanVerdict.LESS
    return BilanVerdict.WORSE if (estimate.value > hoped) is figure.lower else BilanVerdict.BETTER


@dataclass(frozen=True, slots=True)
class Observed:
    """Figures observed in an area, by key; ``None`` for what was not recorded."""

    days: int  # Working days of the journal.
    requests: int
    estimates: Mapping[str, Estimate | None]


class Observer:
    """Observer of any area of a journal."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        #: a page asks for the same areas at each rerun
        self._seen: dict[frozenset[str], Observed] = {}

    @property
    def journal(self) -> Journal:
        """The journal."""
        return self.facts.journal

    @cached_property
    def recorded(self) -> frozenset[str]:
        """The lycées (ids) of the journal's interventions and trips."""
        served = {row.lycee for row in self.journal.interventions if row.lycee}
        trips = self.journal.trips
        return frozenset(served.union(*((trip.origin, trip.destination) for trip in trips)))

    @cached_property
    def requests(self) -> Mapping[str, Counter[int]]:
        """Requests by level (0: unknown) of each lycée (id; empty for an unknown one)."""
        tallies: dict[str, Counter[int]] = defaultdict(Counter)
        for row in self.journal.interventions:
            if row.is_request:
                tallies[row.lycee][row.level] += 1
        return dict(tallies)

    def observe(self, lycees: Iterable[str]) -> Observed:
        """Return the figures of some lycées (ids)."""
        area = frozenset(lycees)
        if area not in self._seen:
            self._seen[area] = self._observed(area)
        return self._seen[area]

    def _observed(self, area: frozenset[str]) -> Observed:
        days = len(self.facts.days)
        levels = sum((self.requests.get(lycee, Counter()) for lycee in area), Counter[int]())
        asked, exposure = levels.total(), len(area) * days / MONTH_DAYS
        graded = asked > levels[0]
        zones = {self.facts.zone_of[lycee] for lycee in area if lycee in self.facts.zone_of}
        whole = area >= self.recorded

        def is_ours(person: Person) -> bool:
            # for one lycée, its own people; for a zone or a sector, all of theirs
            ours = len(area) > 1 or bool(person.lycees & area)
            return not person.tis and (whole or (person.zone in zones and ours))

        people = [person for person in self.facts.people.values() if is_ours(person)]
        # a figure without any row is unknown, not zero
        estimates = {
            "visits_per_month": self._visits(area),
            "interventions_per_lycee": rate(asked, exposure) if asked else None,
            "level_2_per_lycee": rate(levels[2], exposure) if graded else None,
            "presence": self._presence(area),
            **self._covers(area),
            **self._absences(people),
        }
        return Observed(days, asked, estimates)

    def _visits(self, area: frozenset[str]) -> Estimate | None:
        """Visits of each T.I.P. to each lycée of their zone that is not theirs, a month."""
        facts, count, exposure = self.facts, 0, 0.0
        zone_lycees: dict[str, set[str]] = defaultdict(set)
        for lycee in area & facts.zone_of.keys():
            zone_lycees[facts.zone_of[lycee]].add(lycee)
        for person in facts.people.values():
            others = zone_lycees.get(person.zone, set()) - person.lycees
            if not person.tis and person.lycees and others:
                exposure += len(others) * (person.last + 1 - person.first) / MONTH_DAYS
        for visit in facts.visits:
            person = facts.people[visit.person]
            ours = visit.lycee in area and facts.zone_of.get(visit.lycee) == person.zone
            count += ours and not person.tis
        return rate(count, exposure)

    def _presence(self, area: frozenset[str]) -> Estimate | None:
        """Mean half-days on site per lycée of the area, by week of five working days."""
        weeks = Counter(
            stay.day.isocalendar()[:2] for stay in self.facts.presence if stay.lycee in area
        )
        if not weeks:
            return None
        worked = Counter(day.isocalendar()[:2] for day in self.facts.days)
        return mean(
            [weeks[week] * 5 / days / len(area) for week, days in worked.items() if days >= 3]
        )

    def _absences(self, people: Iterable[Person]) -> dict[str, Estimate | None]:
        if not self.facts.absences or not self.facts.days:
            return {"absence_rate": None, "absence_days": None}
        days = {day.toordinal() for day in self.facts.days}
        keys = {person.key for person in people}
        lengths, ongoing = [], 0
        for absence in self.facts.absences:
            span = range(absence.first.toordinal(), absence.last.toordinal() + 1)
            length = sum(day in days for day in span) if absence.person in keys else 0
            if length:
                lengths.append(float(length))
                ongoing += absence.last >= self.facts.days[-1]
        exposure = sum(person.last + 1 - person.first for person in people)
        return {
            "absence_rate": spells_share(lengths, exposure),
            "absence_days": spell_length(lengths, ongoing),
        }

    def _covers(self, area: frozenset[str]) -> dict[str, Estimate | None]:
        missed = [one for one in self.facts.missed if one.lycee in area]
        clusters: dict[object, list[float]] = defaultdict(lambda: [0.0, 0.0])
        for one in missed:
            clusters[one.absence][0] += bool(one.by)
            clusters[one.absence][1] += 1
        # both halves of a day are one drive
        drives = {(one.by, one.day, one.lycee): one.minutes for one in missed if one.minutes > 0}
        return {
            "cover_share": clustered_share([(hits, trials) for hits, trials in clusters.values()]),
            "cover_minutes": mean([*drives.values()]),
        }

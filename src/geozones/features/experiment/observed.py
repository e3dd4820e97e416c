"""Observed figures of a journal, in any area, and how they compare with what was expected.

A request is a row with a ticket or without a nature (`Intervention.is_request`); other rows are
presences. A rate is by month of 18 working days.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from geozones.common.french import NBSP, number, plural
from geozones.domain.field_journal import Journal
from geozones.domain.teams import MONTH_DAYS
from geozones.domain.terms import worded
from geozones.features.experiment.estimates import (
    Estimate,
    clustered_share,
    mean,
    rate,
    spell_length,
    spells_share,
)
from geozones.features.experiment.facts import Facts, Person


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

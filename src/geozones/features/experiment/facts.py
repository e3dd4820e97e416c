"""Facts of a journal: working days, presences, absences, visits and covers.

If a file does not give the reason of a presence, it is inferred: a lycée belongs to someone who is
there `OWN_SHARE` of their half-days or more and `OWN_A_MONTH` half-days a month or more; elsewhere
they replace a colleague who is absent and was due there, else they visit.

School holidays are those of the folder's calendar; in the years that it does not know, a week
without any row counts as holidays.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from geozones.domain.field_journal import Absence, Journal, Nature
from geozones.domain.school_calendar import NO_CALENDAR, Period, SchoolCalendar
from geozones.domain.teams import MONTH_DAYS


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

"""How many half-days of presence a week a lycée needs: a rule, and what it goes by.

No source gives needs: every constant here is a hypothesis of this tool. docs/reference.md says how
the defaults were chosen.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from geozones.common.errors import InputError
from geozones.common.french import number, of, plural
from geozones.domain.entities import Lycee

#: Most half-days a week that a lycée may need.
MAX_NEED = 40
#: Most half-days a week that every site may need, whatever its size.
MAX_SITE = 10
#: Fewest and most pupils, workstations or tickets that make one half-day.
PER_HALF_DAY_RANGE = (0.1, 100_000.0)

#: Half-days a week by type of lycée, where the size is not known.
DEFAULT_BY_TYPE: Mapping[str, int] = MappingProxyType(
    {
        "LPO": 10, "LGT + LP": 10, "LGT": 8, "LP": 6, "LEGTA": 6, "LPA": 6, "LEGTPA": 6,
        "LPM": 5, "EREA": 3, "second site": 5, "annexe": 2,
    }
)  # fmt: skip
DEFAULT_NEED = 6
DEFAULT_SITE = 3
#: Chosen with ``DEFAULT_SITE`` so that the region needs as much as by type alone: 909 half-days.
DEFAULT_PUPILS = 146.0


class Basis(StrEnum):
    """What the needs of lycées go by; the value is what events and files hold."""

    PUPILS = "eleves"
    TYPE = "type"
    WORKSTATIONS = "postes"
    TICKETS = "tickets"

    @property
    def label(self) -> str:
        """Return what it counts, in French: ``postes informatiques``."""
        return _LABELS[self][0]

    @property
    def origin(self) -> str:
        """Return where a need that goes by it comes from, in French: ``d'après les élèves``."""
        return _LABELS[self][1]


_LABELS = {
    Basis.PUPILS: ("élèves", "d'après les élèves"),
    Basis.TYPE: ("type de lycée", "hypothèse par type"),
    Basis.WORKSTATIONS: ("postes informatiques", "d'après les postes informatiques"),
    Basis.TICKETS: ("tickets", "d'après les tickets"),
}
_MOST = {Basis.PUPILS: 20_000, Basis.WORKSTATIONS: 20_000, Basis.TICKETS: 100_000}


@dataclass(frozen=True, slots=True)
class Need:
    """Half-days of presence a week, and what they go by; ``None`` where people gave them."""

    half_days: int
    source: Basis | None

    @property
    def hypothesis(self) -> bool:
        """Whether they come from the rule, whose constants nobody measured."""
        return self.source is not None

    @property
    def origin(self) -> str:
        """Return where they come from, in French: ``d'après les élèves``, ``saisi``."""
        return "saisi" if self.source is None else self.source.origin


@dataclass(frozen=True)
class WorkloadRule:
    """Half-days a week: ``site_half_days`` + size / ``per_half_day``, rounded, half up.

    Parameters
    ----------
    basis
        What the size counts: pupils, workstations or tickets; by type alone with ``TYPE``.
    per_half_day
        How many of these make one half-day a week.
    site_half_days
        What every site needs, whatever its size.
    by_type, default
        Half-days of a lycée whose size is not known, by its type, and of any other type.
    """

    basis: Basis = Basis.PUPILS
    per_half_day: float = DEFAULT_PUPILS
    site_half_days: int = DEFAULT_SITE
    by_type: Mapping[str, int] = field(default_factory=lambda: DEFAULT_BY_TYPE)
    default: int = DEFAULT_NEED

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_type", MappingProxyType(dict(self.by_type)))

    def __hash__(self) -> int:
        """Hash by content."""
        return hash((self.basis, self.per_half_day, self.site_half_days, self.default))

    @property
    def said(self) -> str:
        """Return the rule in a sentence, without its half-days by type."""
        if self.basis is Basis.TYPE:
            return "par type de lycée"
        digits = 0 if self.per_half_day.is_integer() else 1
        site = plural(self.site_half_days, "demi-journée")
        per = number(self.per_half_day, digits)
        return f"{site} par site et une par {per} {self.basis.label}, par type sans ce nombre"

    def half_days(self, size: float) -> int:
        """Return the need of a lycée of a known size; never more than ``MAX_NEED``."""
        return min(self.site_half_days + math.floor(size / self.per_half_day + 0.5), MAX_NEED)

    def need(self, lycee: Lycee, size: float | None) -> Need:
        """Return the need of a lycée, whose size (of ``basis``) may not be known."""
        if self.basis is Basis.TYPE or size is None:
            return Need(self.by_type.get(lycee.kind, self.default), Basis.TYPE)
        return Need(self.half_days(size), self.basis)


@dataclass(frozen=True, slots=True)
class Workload:
    """What lycées taken together need.

    Parameters
    ----------
    half_days
        Half-days a week of each lycée, in the order of their ids.
    pupils
        Pupils of those where they are known; ``None`` where they are of none.
    without_pupils
        How many lycées have no known number of pupils.
    """

    half_days: tuple[int, ...]
    pupils: int | None
    without_pupils: int

    @property
    def total(self) -> int:
        """Half-days a week in all."""
        return sum(self.half_days)


def rule_to_json(rule: WorkloadRule) -> dict[str, object]:
    """Return a rule as the event ``set_needs_rule`` holds it."""
    return {
        "basis": rule.basis.value,
        "per_half_day": rule.per_half_day,
        "site_half_days": rule.site_half_days,
        "rule": dict(rule.by_type),
        "default": rule.default,
    }


def fitted_per_half_day(sizes: Iterable[float], site_half_days: int, total: int) -> float:
    """Return the size of one half-day with which lycées need ``total`` half-days a week in all.

    Rounding may leave no exact answer: the nearest total is then taken. The answer has as few
    figures as it can.
    """
    known = tuple(sizes)

    def reached(per_half_day: float) -> int:
        rule = WorkloadRule(per_half_day=per_half_day, site_half_days=site_half_days)
        return sum(map(rule.half_days, known))

    low, high = PER_HALF_DAY_RANGE
    for _ in range(60):  # a half-day that is worth more makes fewer of them
        middle = math.sqrt(low * high)
        low, high = (middle, high) if reached(middle) > total else (low, middle)
    fitted = min((low, high), key=lambda value: abs(reached(value) - total))
    best = abs(reached(fitted) - total)
    for figures in range(2, 8):
        short = float(f"{fitted:.{figures}g}")
        if abs(reached(short) - total) <= best:
            return short
    return fitted


def checked_need(value: object, what: str) -> int:
    """Return half-days a week from 0 to ``MAX_NEED``; raises ``InputError`` for anything else."""
    return _checked_whole(
        value, MAX_NEED, f"Le besoin {what} est un nombre entier de demi-journées par semaine"
    )


def checked_site(value: object) -> int:
    """Return the half-days a week of every site; raises ``InputError`` if they are out of range."""
    return _checked_whole(
        value, MAX_SITE, "Le socle d'un site est un nombre entier de demi-journées par semaine"
    )


def checked_per_half_day(value: object) -> float:
    """Return the size that makes one half-day; raises ``InputError`` if it is out of range."""
    low, high = PER_HALF_DAY_RANGE
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not low <= value <= high:
        msg = (
            f"Ce qui fait une demi-journée est un nombre de {number(low, 1)} à {number(high)}, "
            f"pas « {str(value)[:20]} »."
        )
        raise InputError(msg)
    return float(value)


def checked_size(value: object, basis: Basis, what: str) -> int:
    """Return a number of pupils, workstations or tickets.

    Raises
    ------
    InputError
        If it is no whole number in range. A lycée has one pupil at least.
    """
    fewest = 1 if basis is Basis.PUPILS else 0
    said = f"Le nombre {of(basis.label)} {what} est un nombre entier"
    return _checked_whole(value, _MOST[basis], said, fewest)


def _checked_whole(value: object, most: int, said: str, fewest: int = 0) -> int:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool) or not fewest <= value <= most:
        msg = f"{said}, de {fewest} à {number(most)}, pas « {str(value)[:20]} »."
        raise InputError(msg)
    return value

"""Workload of a lycée, in half-days of presence a week: the rule of needs, its basis.

No source gives needs: every constant here is a hypothesis of this tool. docs/reference.md says how
the defaults were chosen.
"""

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from geozones.common.errors import InputError
from geozones.common.french import number, of, plural
from geozones.domain.plan import Lycee
from geozones.domain.terms import worded

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
#: Chosen with ``DEFAULT_SITE`` so that the region needs as much as by type alone, 909 half-days,
#: while a lycée of 1,900 pupils no longer weighs as much as one of 91.
DEFAULT_PUPILS = 146.0


class Basis(StrEnum):
    """Basis of the needs of lycées; the value is stored in events and files."""

    PUPILS = "eleves"
    TYPE = "type"
    WORKSTATIONS = "postes"
    TICKETS = "tickets"

    @property
    def label(self) -> str:
        """Return what the basis counts, in French: ``postes informatiques``."""
        return worded(_LABELS[self][0])

    @property
    def origin(self) -> str:
        """Return the origin of a need on this basis, in French: ``d'après les élèves``."""
        return worded(_LABELS[self][1])


DEFAULT_PER_HALF_DAY: Mapping[Basis, float] = MappingProxyType({Basis.PUPILS: DEFAULT_PUPILS})
_LABELS = {
    Basis.PUPILS: ("{sizes}", "d'après les {sizes}"),
    Basis.TYPE: ("type {of_site}", "hypothèse par type"),
    Basis.WORKSTATIONS: ("postes informatiques", "d'après les postes informatiques"),
    Basis.TICKETS: ("tickets", "d'après les tickets"),
}
#: Usual titles of columns of sizes in lists, as texts quote them (for `worded`).
SIZE_TITLES = "« {sizes} », « postes » (informatiques) ou « tickets »"
_MOST = {Basis.PUPILS: 20_000, Basis.WORKSTATIONS: 20_000, Basis.TICKETS: 100_000}


@dataclass(frozen=True, slots=True)
class Need:
    """Half-days of presence a week, and their basis; ``None`` if people gave them."""

    half_days: int
    source: Basis | None

    @property
    def hypothesis(self) -> bool:
        """Whether the need comes from the rule, whose constants nobody measured."""
        return self.source is not None

    @property
    def origin(self) -> str:
        """Return the origin of the need, in French: ``d'après les élèves``, ``saisi``."""
        return "saisi" if self.source is None else self.source.origin


@dataclass(frozen=True)
class WorkloadRule:
    """Half-days a week: ``site_half_days`` + size / ``per_half_day``, rounded, half up."""

    #: Unit of the size: pupils, workstations or tickets; by type alone with ``TYPE``. A lycée
    #: without that size uses its pupils, and without these its type.
    basis: Basis = Basis.PUPILS
    #: Number of units of each basis for one half-day a week.
    per_half_day: Mapping[Basis, float] = field(default_factory=lambda: DEFAULT_PER_HALF_DAY)
    site_half_days: int = DEFAULT_SITE  # Half-days of every site, whatever its size.
    #: Half-days of a lycée of unknown size, by its type, and of any other type.
    by_type: Mapping[str, int] = field(default_factory=lambda: DEFAULT_BY_TYPE)
    default: int = DEFAULT_NEED

    def __post_init__(self) -> None:
        for name in ("per_half_day", "by_type"):
            object.__setattr__(self, name, MappingProxyType(dict(getattr(self, name))))

    def __hash__(self) -> int:
        """Hash by content."""
        worth = frozenset(self.per_half_day.items())
        return hash((self.basis, worth, self.site_half_days, self.default))

    @property
    def bases(self) -> tuple[Basis, ...]:
        """Bases of a need: the first one known for a lycée applies, else its type."""
        if self.basis is Basis.TYPE:
            return ()
        ranked = dict.fromkeys((self.basis, Basis.PUPILS))
        return tuple(basis for basis in ranked if basis in self.per_half_day)

    @property
    def text(self) -> str:
        """Return the rule in a few French words, without its half-days by type."""
        if not self.bases:
            return worded("par type {of_site}")
        per: list[str] = []
        for basis in self.bases:
            value = self.per_half_day[basis]
            # as few decimals as needed, two at most
            digits = next((digits for digits in range(2) if round(value, digits) == value), 2)
            per.append(f"{number(value, digits)} {basis.label}")
        site = plural(self.site_half_days, "demi-journée")
        return f"{site} par site et une par {' (à défaut, '.join(per)}{')' * (len(per) - 1)}"

    def half_days(self, size: float, basis: Basis) -> int:
        """Return the need of a lycée of a given size; never more than ``MAX_NEED``."""
        more = math.floor(size / self.per_half_day[basis] + 0.5)
        return min(self.site_half_days + more, MAX_NEED)

    def need(self, lycee: Lycee, size: Callable[[Basis], float | None]) -> Need:
        """Return the need of a lycée; ``size`` gives its known sizes, by basis."""
        for basis in self.bases:
            known = size(basis)
            if known is not None:
                return Need(self.half_days(known, basis), basis)
        return Need(self.by_type.get(lycee.kind, self.default), Basis.TYPE)


@dataclass(frozen=True, slots=True)
class Workload:
    """Total need of several lycées."""

    half_days: tuple[int, ...]  # Half-days a week of each lycée, in the order given.
    pupils: int | None  # Pupils of the lycées where they are known; ``None`` if known for none.
    without_pupils: int  # How many lycées have no known number of pupils.

    @property
    def total(self) -> int:
        """Total of half-days a week."""
        return sum(self.half_days)


def rule_to_json(rule: WorkloadRule) -> dict[str, object]:
    """Return a rule in the format of the event ``set_needs_rule``."""
    return {
        "basis": rule.basis.value,
        "per_half_day": {basis.value: worth for basis, worth in rule.per_half_day.items()},
        "site_half_days": rule.site_half_days,
        "rule": dict(rule.by_type),
        "default": rule.default,
    }


def fitted_per_half_day(sizes: Iterable[float], site_half_days: int, total: int) -> float:
    """Return the size per half-day with which lycées need ``total`` half-days a week in all.

    Rounding may leave no exact answer: the nearest total is then taken. The answer has as few
    figures as it can.
    """
    known = tuple(sizes)

    def reached(per_half_day: float) -> int:
        basis = Basis.PUPILS
        rule = WorkloadRule(basis, {basis: per_half_day}, site_half_days)
        return sum(rule.half_days(size, basis) for size in known)

    def edge(most: int) -> float:
        """Return the least size per half-day that gives ``most`` half-days or fewer."""
        low, high = PER_HALF_DAY_RANGE
        for _ in range(60):
            middle = math.sqrt(low * high)
            low, high = (middle, high) if reached(middle) > most else (low, middle)
        return high

    least, most = edge(total), edge(total - 1)
    fitted = math.sqrt(least * most)
    best = abs(reached(fitted) - total)
    short = (float(f"{fitted:.{figures}g}") for figures in range(2, 8))
    return next((value for value in short if abs(reached(value) - total) <= best), fitted)


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
        raise InputError(
            f"Ce qui fait une demi-journée est un nombre de {number(low, 1)} à {number(high)}, "
            f"pas « {str(value)[:20]} »."
        )
    return float(value)


def checked_size(value: object, basis: Basis, what: str) -> int:
    """Return a number of pupils, workstations or tickets."""
    fewest = 1 if basis is Basis.PUPILS else 0
    sentence = f"Le nombre {of(basis.label)} {what} est un nombre entier"
    return _checked_whole(value, _MOST[basis], sentence, fewest)


def _checked_whole(value: object, most: int, name: str, fewest: int = 0) -> int:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool) or not fewest <= value <= most:
        typed = str(value)[:20].replace(".", ",") if isinstance(value, float) else str(value)[:20]
        raise InputError(f"{name}, de {fewest} à {number(most)}, pas « {typed} ».")
    return value

"""Teams of a plan, without names: needs in half-days, posts, their week, covers of absences.

No source gives needs: every constant of their rule is a hypothesis of this tool. docs/reference.md
says how the defaults were chosen.
"""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from enum import StrEnum
from functools import cached_property
from types import MappingProxyType
from typing import Self

import numpy as np

from geozones.common.errors import InputError
from geozones.common.french import capital, number, of, plural
from geozones.domain.plan import Lycee, Plan
from geozones.domain.terms import terms, worded
from geozones.domain.times import FloatArray

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


DAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi")
HALVES = ("matin", "après-midi")
#: Half-days of a week; slot ``2 * day + half``.
SLOTS = len(DAYS) * len(HALVES)
#: Working days of a month: 36 weeks over ten months.
MONTH_DAYS = 18
#: Working shares of a post, in percent.
SHARES = (100, 80, 50)
SHARES_RULE = "La quotité d'un poste est de 100, 80 ou 50 %."
#: At work but in no lycée that half-day: at the résidence, ready to go.
FREE = "libre"
#: Longest id of a post, in characters.
MAX_ID = 60

#: Content of a half-day of a grid: a lycée id, ``FREE``, or ``None`` (not at work).
type Cell = str | None


def slot_name(slot: int) -> str:
    """Return the name of a half-day: ``lundi matin``."""
    return f"{DAYS[slot // 2]} {HALVES[slot % 2]}"


def capacity(share: int, slots: int = SLOTS) -> int:
    """Return the half-days a week of a working share (percent): 10, 8 or 5."""
    return share * slots // 100


@dataclass(frozen=True, slots=True)
class Post:
    """T.I.P. post of a zone, anonymous."""

    id: str  # Unique in its scenario, and the key of its holder's name in the local store.
    zone: str
    share: int = 100  # Working share in percent, one of ``SHARES``.
    #: Content of each of the ``SLOTS`` half-days; see ``Cell``.
    cells: tuple[Cell, ...] = (None,) * SLOTS
    #: The *résidence administrative*, a lycée id; ``None`` if undecided.
    residence: str | None = None
    locked: frozenset[int] = frozenset()  # Half-days that a proposal leaves as they are.

    @property
    def lycees(self) -> tuple[str, ...]:
        """Lycées of the post, in the order of the week."""
        there = (cell for cell in self.cells if cell is not None and cell != FREE)
        return tuple(dict.fromkeys(there))

    @property
    def home(self) -> str | None:
        """Lycée of the post on a free half-day: the résidence, else its most frequent lycée."""
        if self.residence is not None:
            return self.residence
        return max(self.lycees, key=self.cells.count, default=None)

    @property
    def load(self) -> int:
        """Half-days a week in a lycée."""
        return sum(cell not in {None, FREE} for cell in self.cells)


class ExceptionCause(StrEnum):
    """Cause of an exception to the document's rules on posts; the document names the first two."""

    SIZE = "taille"
    REMOTENESS = "eloignement"
    OTHER = "autre"

    @property
    def label(self) -> str:
        """Return the cause in French."""
        return _CAUSE_LABELS[self]


_CAUSE_LABELS = {
    ExceptionCause.SIZE: "taille de l'établissement",
    ExceptionCause.REMOTENESS: "éloignement géographique",
    ExceptionCause.OTHER: "autre raison",
}


@dataclass(frozen=True, slots=True)
class PostException:
    """Reason why people let a post be on one lycée or leave its zone; ``note`` may be empty."""

    cause: ExceptionCause
    note: str = ""

    @property
    def text(self) -> str:
        """Return the reason in French: ``taille de l'établissement, 1 200 élèves``."""
        return f"{self.cause.label}, {self.note}" if self.note else self.cause.label


@dataclass(frozen=True)
class Teams:
    """Needs and posts of a plan; empty if nobody defined any."""

    #: Rule that derives needs nobody gave from the size or the type of each lycée.
    rule: WorkloadRule = field(default_factory=WorkloadRule)
    #: Needs typed or imported for a lycée (id); they prevail over the rule.
    needs: Mapping[str, int] = field(default_factory=dict)
    posts: tuple[Post, ...] = ()  # Posts, in the order that numbers them within their zone.
    #: Exceptions by post (id): deviations from the document's rules that people allow.
    exceptions: Mapping[str, PostException] = field(default_factory=dict)
    #: Pupils, workstations and tickets from a file, by lycée (id); pupils prevail over the pupils
    #: of the data folder.
    sizes: Mapping[Basis, Mapping[str, int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name in ("needs", "exceptions"):
            object.__setattr__(self, name, MappingProxyType(dict(getattr(self, name))))
        sizes = {basis: MappingProxyType(dict(held)) for basis, held in self.sizes.items()}
        object.__setattr__(self, "sizes", MappingProxyType(sizes))

    def __hash__(self) -> int:
        """Hash by content, so that results can be cached by teams."""
        return self._hash

    @cached_property
    def _hash(self) -> int:
        sizes = frozenset((basis, frozenset(held.items())) for basis, held in self.sizes.items())
        kept = (self.rule, frozenset(self.needs.items()), sizes)
        return hash((*kept, self.posts, frozenset(self.exceptions.items())))

    @cached_property
    def _posts_by_zone(self) -> dict[str, tuple[Post, ...]]:
        by_zone: dict[str, list[Post]] = {}
        for post in self.posts:
            by_zone.setdefault(post.zone, []).append(post)
        return {zone: tuple(posts) for zone, posts in by_zone.items()}

    def of_zone(self, zone_id: str) -> tuple[Post, ...]:
        """Return the posts of a zone (id), in order."""
        return self._posts_by_zone.get(zone_id, ())

    def post(self, key: str) -> Post:
        """Return a post by id; raises ``InputError`` if there is none."""
        for post in self.posts:
            if post.id == key:
                return post
        raise InputError(f"Aucun poste n'a le code « {key[:MAX_ID]} ».")

    def need(self, lycee: Lycee) -> Need:
        """Return the need of a lycée; cached, since figures ask for thousands of needs."""
        known, need = self._needs.get(lycee.id, (None, None))
        if need is None or known is not lycee:
            given = self.needs.get(lycee.id)
            if given is not None:
                need = Need(given, None)
            else:
                need = self.rule.need(lycee, lambda basis: self.size(lycee, basis))
            self._needs[lycee.id] = (lycee, need)
        return need

    @cached_property
    def _needs(self) -> dict[str, tuple[Lycee, Need]]:
        return {}

    def size(self, lycee: Lycee, basis: Basis) -> int | None:
        """Return the pupils, workstations or tickets of a lycée; ``None`` where not known."""
        known = lycee.pupils if basis is Basis.PUPILS else None
        return self.sizes.get(basis, {}).get(lycee.id, known)

    def pupils(self, lycee: Lycee) -> tuple[int | None, str]:
        """Return the pupils of a lycée, ``None`` if unknown, and their source, in French."""
        if lycee.id in self.sizes.get(Basis.PUPILS, {}):
            return self.size(lycee, Basis.PUPILS), "donné dans le scénario"
        return lycee.pupils, lycee.pupils_source

    def workload(self, lycees: Iterable[Lycee]) -> Workload:
        """Return the total need of lycées."""
        held = tuple(lycees)
        pupils = [self.size(lycee, Basis.PUPILS) for lycee in held]
        known = [count for count in pupils if count is not None]
        half_days = tuple(self.need(lycee_id).half_days for lycee_id in held)
        return Workload(half_days, sum(known) if known else None, len(held) - len(known))

    def with_posts(self, zones: Iterable[str], posts: Iterable[Post]) -> "Teams":
        """Return the teams with the posts of some zones replaced; the other zones keep theirs.

        The exception of a post is removed with the post, or when its lycées change.
        """
        gone = set(zones)
        kept = [post for post in self.posts if post.zone not in gone]
        now = (*kept, *posts)
        same = {post.id for post in now} & self.exceptions.keys()
        lycees = {post.id: set(post.lycees) for post in self.posts}
        same -= {post.id for post in now if lycees.get(post.id) != set(post.lycees)}
        held = {key: why for key, why in self.exceptions.items() if key in same}
        return replace(self, posts=now, exceptions=held)

    def without_lycee(self, lycee_id: str) -> "Teams":
        """Return the teams without a lycée (id): half-days of posts there become free.

        Its need, its sizes and the exceptions of its posts are removed too.
        """
        freed = {
            post.id: repaired(Misfit(post, (), (lycee_id,)))
            for post in self.posts
            if lycee_id in post.lycees or post.residence == lycee_id
        }
        sizes = {
            basis: {key: size for key, size in held.items() if key != lycee_id}
            for basis, held in self.sizes.items()
        }
        return replace(
            self,
            needs={key: need for key, need in self.needs.items() if key != lycee_id},
            posts=tuple(freed.get(post.id, post) for post in self.posts),
            exceptions={key: why for key, why in self.exceptions.items() if key not in freed},
            sizes={basis: held for basis, held in sizes.items() if held},
        )

    def label(self, plan: Plan, post: Post) -> str:
        """Return the label of a post, without a name: ``T.I.P. 2 – zone Laval``."""
        rank = self.of_zone(post.zone).index(post) + 1
        zone = next((zone.name for zone in plan.zones if zone.id == post.zone), post.zone)
        return f"{capital(terms().proximity_technician.singular)} {rank} – zone {zone}"


@dataclass(frozen=True, slots=True)
class Misfit:
    """Grid of a post that no longer fits the plan; it is kept, and a repair is offered.

    ``slots`` are the half-days in a lycée that is no longer in the zone; empty if the zone itself
    is deleted.
    """

    post: Post
    slots: tuple[int, ...]
    lycees: tuple[str, ...]


def misfits(teams: Teams, plan: Plan) -> tuple[Misfit, ...]:
    """Return the posts whose zone is deleted, or with half-days in a lycée out of their zone."""
    known = {zone.id for zone in plan.zones}
    unfit = []
    for post in teams.posts:
        if post.zone not in known:
            unfit.append(Misfit(post, (), ()))
            continue
        inside = {*plan.members(post.zone), FREE, None}
        slots = tuple(slot for slot, cell in enumerate(post.cells) if cell not in inside)
        outside = tuple(lycee_id for lycee_id in post.lycees if lycee_id not in inside)
        if post.residence is not None and post.residence not in inside:
            outside = tuple(dict.fromkeys((*outside, post.residence)))
        if outside:
            unfit.append(Misfit(post, slots, outside))
    return tuple(unfit)


def repaired(misfit: Misfit) -> Post:
    """Return a post with its half-days out of the zone freed, and its résidence too if outside."""
    post = misfit.post
    cells = tuple(FREE if cell in misfit.lycees else cell for cell in post.cells)
    residence = None if post.residence in misfit.lycees else post.residence
    return replace(post, cells=cells, residence=residence)


#: Who covers, if no colleague's post does: a T.I.S. of the sector (under the hypothesis that they
#: replace someone absent), or nobody. Neither is the id of a post.
TIS, NOBODY = "@tis", ""
#: Error of a cumulated share, from 0 to 1: a share this near one half is one half.
_ROUNDING = 1e-12


@dataclass(frozen=True, slots=True)
class MissedHalfDay:
    """Half-day that an absent post misses, and its cover."""

    absent: str  # The post (id), the half-day of the week, and where it was due.
    slot: int
    lycee: str
    by: str  # The post (id) that comes, ``TIS`` or ``NOBODY``.
    #: The drive of the replacement; 0 if they are in the lycée already, ``inf`` for nobody.
    minutes: float
    #: The lycée that they leave during the cover; ``None`` where they leave none: a free half-day,
    #: someone already there, a T.I.S.
    leaves: str | None = None
    #: « Sans personne »: lycées of the zone where someone was due on that half-day and nobody is,
    #: for lack of a cover or because of this cover. If several half-days missed at once empty the
    #: same lycée, only one lists it.
    empty: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Cover:
    """Covers of the posts of a zone, each post absent alone."""

    posts: tuple[str, ...]  # Ids of the posts.
    near: float  # Delay within which a cover is fast, in minutes.
    single: tuple[MissedHalfDay, ...]  # Every half-day missed in a week, for each absence.
    unmet: int  # Half-days of need a week that no post meets.


@dataclass(frozen=True, slots=True)
class CoverFigures:
    """Figures over half-days missed, each equally likely."""

    missed: float  # How many half-days, and how many of them nobody covers.
    uncovered: float
    #: Delay of the cover in minutes, ``inf`` where nobody comes; ``None`` without anything missed.
    #: The median is the middle: of an even number, the mean of the two in the middle. The 90th
    #: percentile is the least delay that nine in ten do not pass.
    median: float | None
    p90: float | None
    near: float | None  # Share covered within the delay that counts as fast, from 0 to 1.


def figures(delays: FloatArray, weights: FloatArray, near: float) -> CoverFigures:
    """Return the figures of half-days missed.

    ``delays`` are the minutes until someone comes, ``inf`` where nobody does, and ``weights`` how
    many half-days each delay stands for: ``float[n]`` both. A cover is fast within ``near``
    minutes.
    """
    total = float(weights.sum())
    if total <= 0:
        return CoverFigures(0.0, 0.0, None, None, None)
    order = np.argsort(delays, kind="stable")
    reached = np.cumsum(weights[order]) / total
    below, above, p90 = (
        float(delays[order][np.searchsorted(reached, share)])
        for share in (0.5 - _ROUNDING, 0.5 + _ROUNDING, 0.9 - _ROUNDING)
    )
    fast = float(weights[delays <= near].sum()) / total
    lost = float(weights[np.isinf(delays)].sum())
    return CoverFigures(total, lost, (below + above) / 2, p90, fast)


def single_figures(covers: Sequence[Cover]) -> CoverFigures | None:
    """Return the figures over every single absence; ``None`` if no zone has a post."""
    if not covers:
        return None
    delays = np.array([missed.minutes for cover in covers for missed in cover.single], float)
    return figures(delays, np.ones(len(delays)), covers[0].near)


@dataclass(frozen=True, slots=True)
class ServiceHalfDays:
    """Half-days of service of a zone, in a year or in any other period.

    On a half-day, e(i) posts are due in lycée i and n(i) of them are present: due, neither absent
    nor called away, and those who came. A post that is free (« disponible ») is due nowhere.
    ``missed`` = ``given_free`` + ``given_by_tis`` + ``reduced`` + ``unattended``.
    """

    missed: float = 0.0  # Half-days that absent posts were due in a lycée.
    given_free: float = 0.0  # Covered by a colleague who was free.
    given_by_tis: float = 0.0  # Covered by a T.I.S., under the hypothesis that they replace.
    displaced: float = 0.0  # Covered by a colleague who leaves a lycée where somebody stays.
    unattended: float = 0.0  # « Sans technicien »: e(i) ≥ 1 and n(i) = 0, once a lycée.
    #: « Effectif réduit »: Σ max(e(i) − n(i), 0) less the half-days without anyone.
    reduced: float = 0.0

    def __add__(self, other: Self) -> Self:
        return type(self)(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(self)))

    def scaled(self, factor: float) -> Self:
        """Return the half-days times a factor."""
        return type(self)(*(factor * getattr(self, field.name) for field in fields(self)))

"""Changes of metrics and of points to watch between two plans, or by moving a lycée.

Minutes after a move equal the minutes of `Evaluator` for the two zones concerned, but are computed
from known sums over pairs: ranking every zone for every lycée takes thousands of figures.
"""

import math
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from itertools import combinations
from types import MappingProxyType
from typing import Protocol, Self

import numpy as np
from numpy.typing import NDArray

from geozones.common.french import NBSP, capital, inside, plural, signed
from geozones.domain import Plan, TravelTimes
from geozones.metrics.judgement import FigureJudgement
from geozones.metrics.metric import Better, Metric, Value, Values, number_of, whole_hours

#: Text of a difference of zero, and of an unknown difference.
SAME, UNTOLD = "=", "—"
#: Text for a difference within the error of minutes.
WITHIN_ERROR = "dans la marge d'erreur"


@dataclass(frozen=True, slots=True)
class Change:
    """Metric in two plans, or in the same plan at two moments.

    ``judgement`` compares two figures of minutes, given their error; ``None`` for an exact figure.
    ``whole`` are both values as they are written, for a total (`whole_hours`).
    ``has_word`` is false where no word may judge the difference: the plans have other posts.
    """

    metric: Metric
    before: Value
    after: Value
    judgement: FigureJudgement | None = None
    whole: tuple[int, int] | None = None
    has_word: bool = True

    @property
    def difference(self) -> float | None:
        """After minus before; ``None`` if a value is missing, NaN between two infinities."""
        before, after = number_of(self.before), number_of(self.after)
        return None if before is None or after is None else after - before

    def rounded_difference(self, digits: int) -> float | None:
        """Return the difference of both values as they are written, with so many decimals."""
        before, after = map(number_of, self._written)
        if before is None or after is None:
            return None
        return round(after, digits) - round(before, digits)

    @property
    def _written(self) -> tuple[Value, Value]:
        return self.whole or (self.before, self.after)

    def gap(self, digits: int) -> str:
        """Return the difference of both values written with so many decimals, with its sign."""
        difference = self.rounded_difference(digits)
        return UNTOLD if difference is None else signed(difference, digits)

    @property
    def is_same(self) -> bool:
        """Whether both values are written the same in comparisons, or are both infinite."""
        digits = self.metric.format.compared_digits
        difference = self.rounded_difference(digits)
        return difference is not None and (
            math.isnan(difference) or signed(difference, digits) == "0"
        )

    @property
    def better(self) -> bool | None:
        """Whether the value is better after; ``None`` if neither, equivalent, or unknown.

        Ignores `Metric.judged_alone`, which is for the strips of key figures alone.
        """
        if self.judgement is None or self._by_sign is None:
            return self._by_sign
        return None if self.is_within_error else self.judgement.is_better

    @property
    def _by_sign(self) -> bool | None:
        """Whether the value after is the better one as it is written; ``None`` if neither."""
        difference, way = (
            self.rounded_difference(self.metric.format.compared_digits),
            self.metric.better,
        )
        if difference is None or way is Better.NEITHER or self.is_same:
            return None
        return (difference < 0) is (way is Better.LOWER)

    @property
    def is_within_error(self) -> bool:
        """Whether the difference is within the error of minutes: neither value is surely better.

        True also if the draws prefer the value that is written as the worse one: no text may call a
        lower cost worse.
        """
        if self.judgement is None or self._by_sign is None:
            return False
        return self.judgement.is_tie or self.judgement.is_better not in {None, self._by_sign}

    @property
    def word(self) -> str:
        """Judgement: ``favorable``; empty if neither.

        ``dans la marge d'erreur`` if the difference is within the error of minutes.
        """
        if self.difference is None or self.is_same or self.metric.better is Better.NEITHER:
            return ""
        if not self.has_word:
            return ""
        if self.judgement is not None:
            return WITHIN_ERROR if self.is_within_error else self.judgement.outcome.value
        return {True: "favorable", False: "défavorable", None: ""}[self.better]

    @property
    def before_text(self) -> str:
        """The value before, with the decimals of comparisons."""
        return self.metric.write(self._written[0], self.metric.format.compared_digits)

    @property
    def after_text(self) -> str:
        """The value after, with the decimals of comparisons."""
        return self.metric.write(self._written[1], self.metric.format.compared_digits)

    @property
    def difference_text(self) -> str:
        """The difference with its sign: ``+3,4``, ``=`` for zero, ``—`` if a value is missing."""
        return SAME if self.is_same else self.gap(self.metric.format.compared_digits)

    @property
    def text(self) -> str:
        """The difference and its judgement: ``+3,4, défavorable``, ``=``."""
        return ", ".join(filter(None, (self.difference_text, self.word)))

    @property
    def line(self) -> str:
        """Its name, both values and the difference: ``Règles non respectées : 4 → 5 (+1)``."""
        both = f"{self.before_text} → {self.after_text}"
        return f"{self.metric.label} : {both} ({self.difference_text})"

    @property
    def has_difference(self) -> bool:
        """Whether the difference is written as a figure: both values exist and differ."""
        return self.difference_text not in {SAME, UNTOLD}

    @property
    def told_digits(self) -> int:
        """Decimals of both values and their difference: none, unless both would look the same."""
        alike = self.has_difference and "→" not in self.arrow()
        return self.metric.format.compared_digits if alike else 0

    @property
    def told(self) -> str:
        """The difference of both values as `told_digits` writes them, and its judgement."""
        gap = self.gap(self.told_digits) if self.has_difference else self.difference_text
        return ", ".join(filter(None, (gap, self.word)))

    def arrow(self, digits: int = 0) -> str:
        """Both values on one line: ``63 → 68 min``; a single value if they are written the same."""
        before, after = (self.metric.write(value, digits) for value in self._written)
        if before == after:
            return after
        return f"{before.removesuffix(self.metric.format.suffix).strip()} → {after}"


def compare(
    records: Iterable[Metric],
    before: Values,
    after: Values,
    judgements: Mapping[str, FigureJudgement] = MappingProxyType({}),
    *,
    has_words: bool = True,
) -> tuple[Change, ...]:
    """Return the change of some metrics from one plan's values to another's.

    ``judgements`` are by metric key, for figures of minutes, given their error. The yearly
    hours are written as the sum of their parts as written.
    """
    sides = whole_hours(before), whole_hours(after)
    whole = {key: (sides[0][key], sides[1][key]) for key in sides[0].keys() & sides[1].keys()}
    return tuple(
        Change(
            record,
            before[record.key],
            after[record.key],
            judgements.get(record.key),
            whole.get(record.key),
            has_words,
        )
        for record in records
    )


class FigureEffect(StrEnum):
    """Effect of a change on a figure; the value is the heading of a list of such figures."""

    WORSE = "Ce qui se dégrade"
    BETTER = "Ce qui s'améliore"
    WITHIN_ERROR = "Dans la marge d'erreur"
    UNTOLD = "Sans appréciation"
    SAME = "Inchangé"


_ORDER = tuple(FigureEffect)


def effect_on(change: Change) -> FigureEffect:
    """Return the effect of a change on a figure, given the error of minutes."""
    if change.difference_text == SAME:
        return FigureEffect.SAME
    if change.better is not None:
        return FigureEffect.BETTER if change.better else FigureEffect.WORSE
    if change.is_within_error:
        return FigureEffect.WITHIN_ERROR
    return FigureEffect.UNTOLD


def worst_first(changes: Iterable[Change]) -> tuple[Change, ...]:
    """Return changes in the order of `FigureEffect`, those of one effect in their own order."""
    return tuple(sorted(changes, key=lambda change: _ORDER.index(effect_on(change))))


#: Where the numbers of posts differ, the tool shows both plans and judges neither.
NO_VERDICT = "pas de verdict, le nombre de postes change"


def scope_of(change: Change) -> str:
    """Return what a figure of an effect is of, unless that is the plan."""
    return " des zones touchées" if change.metric.key == "worst_releve_minutes" else ""


def short_text(change: Change, scope: str = "") -> str:
    """Write a figure and its name for a narrow place; ``scope`` follows the name."""
    return f"{inside(change.metric.short)}{scope} {short_value(change)}"


def short_value(change: Change) -> str:
    """Write a figure for a narrow place: hours as their difference, others in full."""
    if change.metric.unit != "h" or change.difference_text == UNTOLD:
        return change.arrow()
    return "inchangé" if change.is_same else f"{change.gap(0)}{NBSP}h"


def change_text(change: Change, scope: str = "") -> str:
    """Write a figure, both values and the difference: ``relève la plus lente 37 → 63 min (+26)``.

    Values that would look the same without decimals are written with them. ``scope`` follows the
    name.
    """
    name = f"{inside(change.metric.label)}{scope}"
    if change.before is None or change.after is None:
        before, after = (change.metric.write(value, 0) for value in (change.before, change.after))
        when = "avant" if change.before is None else "après"
        return f"{name} {after if change.before is None else before} (sans objet {when})"
    digits = change.told_digits
    gap = f" ({change.gap(digits)})" if change.has_difference else ""
    return f"{name} {change.arrow(digits)}{gap}"


class ZoneFigures(Protocol):
    """Figures of zones that add up to those of a plan."""

    def of_all(self, zones: Sequence[Collection[str]]) -> NDArray[np.float64]:
        """Return `ZONE_FIGURES` of zones given by their lycées (ids), ``float[zone, figure]``."""


#: Columns of `ZoneFigures`: yearly hours, posts, hours on the road, without a technician, missed.
ZONE_FIGURES = ("total", "posts", "road", "unattended", "missed")


@dataclass(frozen=True, slots=True)
class MoveDelta:
    """Changes of the figures of the zones that moves touch, taken together, after minus before.

    Each is NaN where both sides are infinite (a lycée cannot be reached).
    """

    #: Mean minutes over their pairs of colleagues; ``None`` where they have no pair on a side.
    delta_mean_minutes: float | None
    #: The longer of their longest drives, in minutes; ``None`` likewise.
    delta_max_minutes: float | None
    #: Yearly hours.
    delta_objective: float
    more_posts: int
    #: Hours a year: on the road, without a technician, missed by absences.
    road: float
    unattended: float
    missed: float


class MoveDeltas:
    """Figures of moves over one matrix and the figures of its zones; all are cached."""

    def __init__(self, times: TravelTimes, figures: ZoneFigures) -> None:
        self.figures = figures
        self._minutes = times.both_ways
        self._sums = lru_cache(maxsize=4096)(self._compute)

    def prepare(self, plan: Plan, moves: Iterable[tuple[str, str]]) -> None:
        """Compute together the figures that many moves (lycée, zone) need."""
        zones: set[tuple[str, ...]] = set()
        for lycee_id, zone_id in moves:
            origin, target = plan.members(plan.zone_of(lycee_id).id), plan.members(zone_id)
            rest = tuple(member for member in origin if member != lycee_id)
            zones |= {origin, rest, target, (*target, lycee_id)}
        self.figures.of_all(sorted(zones))

    def of(self, plan: Plan, lycee_id: str, zones: Iterable[str]) -> dict[str, MoveDelta]:
        """Return the changes by moving a lycée to each of some zones other than its own."""
        origin = plan.members(plan.zone_of(lycee_id).id)
        rest = tuple(member for member in origin if member != lycee_id)
        targets = {zone_id: plan.members(zone_id) for zone_id in zones}
        joined = [(*members, lycee_id) for members in targets.values()]
        figures = self.figures.of_all([origin, rest, *targets.values(), *joined])
        left, whole = self._sums(rest), self._sums(origin)
        deltas = {}
        for rank, (zone_id, members) in enumerate(targets.items()):
            target = self._sums(members)
            both = (left, self._with(lycee_id, members, target))
            now = figures[0] + figures[2 + rank]
            then = figures[1] + figures[2 + len(targets) + rank]
            deltas[zone_id] = _delta((whole, target), both, now, then)
        return deltas

    def of_group(
        self, before: Plan, moved: Mapping[str, Plan], touched: Mapping[str, Iterable[str]]
    ) -> dict[str, MoveDelta]:
        """Return the changes by moves of several lycées at once, as `of`.

        ``moved`` is the plan after each choice and ``touched`` the zones (ids) that differ in it,
        by the same keys.
        """
        deltas = {}
        for key, ids in touched.items():
            zones = tuple(ids)
            sides = [[plan.members(zone_id) for zone_id in zones] for plan in (before, moved[key])]
            sums = [[self._sums(members) for members in side] for side in sides]
            figures = [self.figures.of_all(side).sum(axis=0) for side in sides]
            deltas[key] = _delta(sums[0], sums[1], figures[0], figures[1])
        return deltas

    def _compute(self, members: tuple[str, ...]) -> "_ZoneSums":
        drives = [self._minutes[a][b] for a, b in combinations(members, 2)]
        return _ZoneSums(len(members), sum(drives), max(drives, default=None))

    def _with(self, lycee_id: str, members: tuple[str, ...], zone: "_ZoneSums") -> "_ZoneSums":
        """Return the sums of a zone with an additional lycée."""
        if not members:
            return _ZoneSums(1, 0.0, None)
        row = self._minutes[lycee_id]
        drives = [row[member] for member in members]
        longest = max(drives)
        if zone.longest is not None and zone.longest > longest:
            longest = zone.longest
        return _ZoneSums(zone.size + 1, zone.total + sum(drives), longest)


@dataclass(frozen=True, slots=True)
class _ZoneSums:
    """Sums of a zone: number of lycées, sum and longest of its pairs' minutes."""

    size: int
    total: float
    longest: float | None

    @property
    def pairs(self) -> int:
        """Number of pairs of colleagues."""
        return self.size * (self.size - 1) // 2


type _Zones = Sequence[_ZoneSums]


def _delta(
    before: _Zones, after: _Zones, now: NDArray[np.float64], then: NDArray[np.float64]
) -> MoveDelta:
    """Return the change of the zones by moves, with the sums of their figures on each side."""
    with np.errstate(invalid="ignore"):
        total, posts, road, unattended, missed = (float(figure) for figure in then - now)
    mean_minutes = max_minutes = None
    pairs_before, pairs_after = (sum(zone.pairs for zone in zones) for zones in (before, after))
    if pairs_before and pairs_after:
        total_before, total_after = (sum(zone.total for zone in side) for side in (before, after))
        mean_minutes = total_after / pairs_after - total_before / pairs_before
        max_minutes = _longer(after) - _longer(before)
    return MoveDelta(mean_minutes, max_minutes, total, round(posts), road, unattended, missed)


def _longer(zones: _Zones) -> float:
    return max(sums.longest for sums in zones if sums.longest is not None)


_NEW, _WORSE, _LIFTED = ("nouveau", "nouveaux"), ("aggravé", "aggravés"), ("levé", "levés")


@dataclass(frozen=True, slots=True)
class PointsTold:
    """Sentences of the points to watch that a change of plan brings, worsens and lifts.

    They are all listed, so that there are as many as are counted:
    points after = points before + ``new`` - ``lifted``.
    """

    new: tuple[str, ...] = ()
    worse: tuple[str, ...] = ()
    lifted: tuple[str, ...] = ()

    @property
    def _lists(self) -> tuple[tuple[tuple[str, str], tuple[str, ...]], ...]:
        return (_NEW, self.new), (_WORSE, self.worse), (_LIFTED, self.lifted)

    @property
    def brought(self) -> tuple[str, ...]:
        """The new points, then those that get worse: ``Nouveau : …``, ``Aggravé : …``."""
        return self.lines[: len(self.new) + len(self.worse)]

    @property
    def ended(self) -> tuple[str, ...]:
        """The points that are lifted: ``Levé : …``."""
        return self.lines[len(self.new) + len(self.worse) :]

    @property
    def lines(self) -> tuple[str, ...]:
        """Every point, after what becomes of it."""
        return tuple(f"{capital(one)} : {said}" for (one, _), each in self._lists for said in each)

    @property
    def counted(self) -> str:
        """The three counts: ``4 nouveaux, 2 aggravés, 2 levés``; empty if nothing changes."""
        return ", ".join(plural(len(each), *words) for words, each in self._lists if each)

    @property
    def sentence(self) -> str:
        """The counts in a sentence: ``Points de vigilance : 4 nouveaux, 2 aggravés, 2 levés.``."""
        return f"Points de vigilance : {self.counted or 'aucun changement'}."

    def written(self, how: Callable[[str], str]) -> Self:
        """Return the same points, each sentence as a function writes it."""
        return type(self)(*(tuple(map(how, each)) for _, each in self._lists))


NO_CHANGE = PointsTold()

"""Comparison of two plans: each metric before and after, its change, and the judgement of it."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from geozones.common.french import signed
from geozones.metrics.format import Value, Values, number_of, whole_hours
from geozones.metrics.judgement import Judgement
from geozones.metrics.metric import Better, Metric

#: Text of a difference of zero, and of an unknown difference.
SAME, UNTOLD = "=", "—"
#: Text for a difference within the error of minutes.
WITHIN_ERROR = "dans la marge d'erreur"


@dataclass(frozen=True, slots=True)
class Change:
    """Metric in two plans, or in the same plan at two moments.

    ``judgement`` compares two figures of minutes, given their error; ``None`` for an exact figure.
    ``whole`` are both values as they are written, for a part of a total (`whole_hours`).
    """

    metric: Metric
    before: Value
    after: Value
    judgement: Judgement | None = None
    whole: tuple[int, int] | None = None

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

        It also is where the draws prefer the other value than the one that is written as better:
        nobody is told that a lower cost is worse.
        """
        if self.judgement is None or self._by_sign is None:
            return False
        return self.judgement.is_tie or self.judgement.is_better not in {None, self._by_sign}

    @property
    def word(self) -> str:
        """Judgement in short: ``favorable``, ``plutôt favorable``; empty if neither.

        ``dans la marge d'erreur`` if the difference is within the error of minutes.
        """
        if self.difference is None or self.is_same or self.metric.better is Better.NEITHER:
            return ""
        if self.judgement is not None:
            return WITHIN_ERROR if self.is_within_error else self.judgement.short
        return {True: "favorable", False: "défavorable", None: ""}[self.better]

    @property
    def words(self) -> str:
        """Judgement in full: ``plutôt favorable (9 chances sur 10)``."""
        if self.judgement is None or not self.word:
            return self.word
        is_told = self.judgement.is_tie or not self.is_within_error
        return self.judgement.text if is_told else WITHIN_ERROR

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
        """The difference and its judgement: ``+3,4, plutôt défavorable``, ``=``."""
        return ", ".join(filter(None, (self.difference_text, self.word)))

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
    judgements: Mapping[str, Judgement] = MappingProxyType({}),
) -> tuple[Change, ...]:
    """Return the change of some metrics from one plan's values to another's.

    ``judgements`` are by metric key, for figures of minutes, given their error. Hours of road and
    of rupture are written so that they add up to the yearly hours, if both sides have these.
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
        )
        for record in records
    )

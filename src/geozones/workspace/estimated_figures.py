"""Figures that use estimated drives, and their text with its uncertainty."""

from collections.abc import Sequence
from itertools import combinations

from geozones.common.french import ranged_minutes
from geozones.domain.uncertainty import PARTLY_ESTIMATED
from geozones.metrics import REGISTRY, Metric, Values, metric, number_of
from geozones.workspace.study import Study


def estimated_pairs(study: Study, zones: Sequence[str]) -> tuple[int, int]:
    """Count the estimated pairs of colleagues of some zones (ids), and all their pairs."""
    times = study.times
    pairs = [pair for zone in zones for pair in combinations(study.plan.members(zone), 2)]
    return sum(times.is_estimated(a, b) or times.is_estimated(b, a) for a, b in pairs), len(pairs)


def is_estimated(study: Study, record: Metric, values: Values, zones: Sequence[str]) -> bool:
    """Return whether a figure of some zones (ids) is in minutes and uses an estimated drive."""
    if record.unit != "min" or record.needs_posts:
        return False
    pair = _drive_of(record, values)
    if pair is not None:
        return study.times.is_estimated(*pair) or study.times.is_estimated(*reversed(pair))
    return estimated_pairs(study, zones)[0] > 0


def guessed_keys(study: Study, values: Values, zones: Sequence[str]) -> frozenset[str]:
    """Return the keys of the metrics of some zones (ids) that use an estimated drive."""
    return frozenset(
        key
        for key, record in REGISTRY.items()
        if key in values and is_estimated(study, record, values, zones)
    )


def written_in_full(study: Study, record: Metric, values: Values, zones: Sequence[str]) -> str:
    """Format a figure of some zones (ids) to the unit, with its uncertainty.

    The longest drive has its interval; a mean only tells whether some of its drives are estimated.
    """
    value, guessed = values[record.key], is_estimated(study, record, values, zones)
    pair = _drive_of(record, values)
    if pair is None or record.unit != "min":
        return record.write(value, 0) + (f" ({PARTLY_ESTIMATED})" if guessed else "")
    towards = metric(record.lycees).format.is_towards
    between = study.times.interval if towards else study.times.interval_both_ways
    return ranged_minutes(number_of(value), *between(*pair), estimated=guessed)


def _drive_of(record: Metric, values: Values) -> tuple[str, str] | None:
    """Return the drive of a figure, in its direction; ``None`` for a figure of several drives."""
    pair = values[record.lycees] if record.lycees else None
    if not isinstance(pair, tuple) or len(pair) != 2:
        return None
    # the metric names the lycée first, then the colleague who drives to it
    return (pair[1], pair[0]) if metric(record.lycees).format.is_towards else (pair[0], pair[1])

"""Classes of a metric: bounds between the colours of zones."""

from collections.abc import Iterable, Sequence

import numpy as np

from geozones.domain import Settings
from geozones.metrics.metric import Metric

#: Classes, at most.
_MOST = 5
#: Steps for rounding bounds, the greatest first.
_STEPS = (500.0, 200.0, 100.0, 50.0, 20.0, 10.0, 5.0, 2.0, 1.0, 0.5, 0.2, 0.1)
#: Bounds are rounded as much as leaves no class over this many times an equal part of the zones.
_UNEVEN = 1.5


def bounds_of(record: Metric, settings: Settings, values: Sequence[float]) -> tuple[float, ...]:
    """Return the upper bounds of a metric's classes, one to four; the last class is open.

    They are the metric's own, else round figures that share ``values`` (finite) out into classes
    of about equal size, whole for ``int`` values. A rule's limit is one of them: values on each
    side of it are shared out apart. Between two limits each whole figure is a class.
    """
    if record.classes:
        return record.classes
    limits = () if record.limit is None else record.limit(settings).bounds
    if len(limits) > 1:
        return _between(*limits)
    if not values:
        return limits or (0.0,)
    least = 1.0 if are_whole(values) else 0.0
    if not limits:
        return _shared_out(values, _MOST, least)
    (limit,) = limits
    above = [value for value in values if value > limit]
    classes = min(max(round(_MOST * len(above) / len(values)), 1), _MOST - 1)
    below = [value for value in values if value <= limit]
    inside = (
        *(bound for bound in _shared_out(below, _MOST - classes, least) if bound < limit),
        *(bound for bound in _shared_out(above, classes, least) if bound > limit),
    )
    return _distinct((limit, *inside))


def are_whole(values: Sequence[float]) -> bool:
    """Return whether values are counts: all are ``int``."""
    return all(isinstance(value, int) for value in values)


def _shared_out(values: Sequence[float], classes: int, least: float) -> tuple[float, ...]:
    """Return bounds that part values into classes of about equal size, as round as that allows.

    Where many values are equal no bounds do: then the bounds of the most even classes.
    """
    if classes < 2 or not values:
        return ()
    parts = np.quantile(values, np.arange(1, classes) / classes).tolist()
    rounded = [
        tuple(
            bound
            for bound in _distinct(step * round(part / step) for part in parts)
            if min(values) <= bound < max(values)
        )
        for step in _STEPS
        if step >= least
    ]
    largest = [_largest(values, bounds) for bounds in rounded]
    enough = max(min(largest), _UNEVEN * len(values) / classes)
    return next(bounds for bounds, size in zip(rounded, largest, strict=True) if size <= enough)


def _largest(values: Sequence[float], bounds: Sequence[float]) -> int:
    """Return how many values the largest class has."""
    return int(np.bincount(np.searchsorted(bounds, values)).max())


def _between(low: float, high: float) -> tuple[float, ...]:
    between = np.linspace(low, high, min(round(high - low) + 1, _MOST - 1))
    return _distinct(float(np.rint(bound)) for bound in between)


def _distinct(bounds: Iterable[float]) -> tuple[float, ...]:
    # remove the error of adding tenths in binary
    return tuple(sorted({round(float(bound), 6) for bound in bounds}))

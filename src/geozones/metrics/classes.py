"""Classes of a metric: the bounds between which zones have one colour."""

from collections.abc import Iterable, Sequence

import numpy as np

from geozones.domain import Settings
from geozones.metrics.record import Metric

#: Most bounds: five classes.
_MOST = 4
#: Steps to which bounds are rounded, the greatest first.
_STEPS = (100.0, 50.0, 20.0, 10.0, 5.0, 2.0, 1.0, 0.5, 0.2, 0.1)
#: How many steps there are, at least, between the shares of zones that bounds part.
_FINE = 3
_SHARES = (0.2, 0.4, 0.6, 0.8)
#: Bounds around a limit, in parts of it.
_PARTS = (1 / 3, 2 / 3, 4 / 3)


def bounds_of(record: Metric, settings: Settings, values: Sequence[float]) -> tuple[float, ...]:
    """Return the upper bounds of a metric's classes, one to four; the last class is open.

    They are the metric's own, else those that a rule sets with some around, else round figures
    that part ``values`` (finite) into classes of about as many, whole where these are ``int``.
    """
    if record.classes:
        return record.classes
    if record.limit is not None:
        return _around(record.limit(settings).bounds)
    if not values:
        return (0.0,)
    parts = np.quantile(values, _SHARES)
    step = next((step for step in _STEPS if _FINE * step <= parts[-1] - parts[0]), 1.0)
    step = max(step, 1.0) if are_whole(values) else step
    return _distinct(step * round(part / step) for part in parts.tolist())


def are_whole(values: Sequence[float]) -> bool:
    """Tell whether values are counts: each is an ``int``."""
    return all(isinstance(value, int) for value in values)


def _around(limits: Sequence[float]) -> tuple[float, ...]:
    """Return the bounds of a limit, and some more: round figures, or every whole one between."""
    if len(limits) == 1:
        (limit,) = limits
        step = 5 if limit >= 5 * _FINE else 1
        return _distinct((limit, *(step * round(part * limit / step) for part in _PARTS)))
    low, high = limits
    between = np.linspace(low, high, min(round(high - low) + 1, _MOST))
    return _distinct(float(np.rint(bound)) for bound in between)


def _distinct(bounds: Iterable[float]) -> tuple[float, ...]:
    # a sum of tenths is written as it is meant
    return tuple(sorted({round(float(bound), 6) for bound in bounds}))

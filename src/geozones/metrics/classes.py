"""Classes of a metric: bounds between the colours of zones."""

from collections.abc import Iterable, Sequence

import numpy as np

from geozones.domain import Settings
from geozones.metrics.metric import Metric

#: Most bounds: five classes.
_MOST = 4
#: Steps for rounding bounds, the greatest first.
_STEPS = (100.0, 50.0, 20.0, 10.0, 5.0, 2.0, 1.0, 0.5, 0.2, 0.1)
#: Least number of steps between the quantiles of zones that become bounds.
_FINE = 3
_SHARES = (0.2, 0.4, 0.6, 0.8)
#: Bounds around a limit, as parts of it.
_PARTS = (1 / 3, 2 / 3, 4 / 3)


def bounds_of(record: Metric, settings: Settings, values: Sequence[float]) -> tuple[float, ...]:
    """Return the upper bounds of a metric's classes, one to four; the last class is open.

    They are the metric's own, else a rule's limit and bounds around it, else round figures
    that divide ``values`` (finite) into classes of about equal size, whole for ``int`` values.
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
    """Return whether values are counts: all are ``int``."""
    return all(isinstance(value, int) for value in values)


def _around(limits: Sequence[float]) -> tuple[float, ...]:
    """Return the bounds of a limit, and more around: round figures, or all whole ones between."""
    if len(limits) == 1:
        (limit,) = limits
        step = 5 if limit >= 5 * _FINE else 1
        return _distinct((limit, *(step * round(part * limit / step) for part in _PARTS)))
    low, high = limits
    between = np.linspace(low, high, min(round(high - low) + 1, _MOST))
    return _distinct(float(np.rint(bound)) for bound in between)


def _distinct(bounds: Iterable[float]) -> tuple[float, ...]:
    # remove the error of adding tenths in binary
    return tuple(sorted({round(float(bound), 6) for bound in bounds}))

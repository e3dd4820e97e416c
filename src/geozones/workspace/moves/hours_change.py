"""Change of a plan's yearly hours by a move, as every place shows it."""

from math import isfinite

from geozones.metrics import Change, metric
from geozones.metrics.metric_changes import UNTOLD

_TOTAL = metric("total_hours")


def hours_change(before: float, more: float) -> Change:
    """Return the change from the plan's yearly hours by some more hours.

    What is shown is the difference of both totals as they are shown, in whole hours. A plan with a
    drive that is impossible has endless hours: what is shown is then what is more.
    """
    start = before if isfinite(before) else 0.0
    return Change(_TOTAL, start, start + more)


def hours_text(change: Change) -> str:
    """Write a change of hours: ``+59 h``, ``—`` if it is unknown."""
    gap = change.gap(0)
    return gap if gap == UNTOLD else f"{gap} {_TOTAL.unit}"

"""The objective of a plan: one definition, for metrics, proposals and benchmarks."""

from geozones.domain import ObjectiveWeights
from geozones.metrics.record import Metric, ZoneView


def zone_cost(pair_minutes: float, size: int, weights: ObjectiveWeights) -> float:
    r"""Return the cost of a zone, in minutes; lower is better.

    For k lycées with pairwise minutes m(i, j), the mean of the two directions:

    .. math:: \\frac{\\sum_{i \\neq j} m(i, j)}{k - 1} + penalty(k)

    over ordered pairs for k ≥ 2; 120 for k = 1. The penalty is 200 for k = 1, 60 for k = 2 and
    20·(k - 5) for k > 5. An empty zone costs nothing.

    Parameters
    ----------
    pair_minutes
        Sum of m over *unordered* pairs, in minutes; ``inf`` when one pair has no way.
    size
        Number of lycées, k.
    weights
        The figures above.
    """
    if size == 0:
        return 0.0
    if size == 1:
        return weights.alone + weights.size_one
    penalty = weights.size_two if size == 2 else 0.0
    penalty += weights.per_lycee_above * max(size - weights.size_limit, 0)
    return 2 * pair_minutes / (size - 1) + penalty


def _cost(zone: ZoneView) -> float:
    total = sum(pair[0] for pair in zone.pairs)
    return zone_cost(total, len(zone.members), zone.settings.weights)


METRICS = (
    Metric(
        "objective",
        "Objectif",
        "",
        of_zone=_cost,
        of_area=lambda area: sum(_cost(view) for _, view, _ in area.zones),
        lower_is_better=True,
    ),
)

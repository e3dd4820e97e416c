"""The objective of a plan: one definition, for metrics, proposals and benchmarks."""

import numpy as np
from numpy.typing import NDArray

from geozones.domain.settings import ObjectiveWeights


def zone_cost[T: (float, NDArray[np.float64])](
    pair_minutes: T, size: int, weights: ObjectiveWeights
) -> T:
    r"""Return the cost of a zone, in minutes; lower is better.

    For k lycées with pairwise minutes m(i, j), the mean of the two directions:

    .. math:: \\frac{\\sum_{i \\neq j} m(i, j)}{k - 1} + penalty(k)

    over ordered pairs for k ≥ 2; 120 for k = 1. The penalty is 200 for k = 1, 60 for k = 2 and
    20·(k - 5) for k > 5. An empty zone costs nothing. The plan's objective is the sum over its
    zones.

    Parameters
    ----------
    pair_minutes
        Sum of m over *unordered* pairs, in minutes; ``inf`` if a pair is unreachable. An array
        prices many zones of the same size.
    size
        Number of lycées, k.
    weights
        The figures above.
    """
    if size == 0:
        return 0.0 * pair_minutes
    if size == 1:
        return 0.0 * pair_minutes + (weights.alone + weights.size_one)
    penalty = weights.size_two if size == 2 else 0.0
    penalty += weights.per_lycee_above * max(size - weights.size_limit, 0)
    return 2 * pair_minutes / (size - 1) + penalty

"""Error model of the road graph's minutes, by kind of road.

The variance of a drive's minutes adds up its kinds of road, each in proportion to the minutes
spent on it, the way out of its two towns, and its two ends:

    variance = sum over kinds of (share_kind x minutes_kind)^2
               + (WAY_OUT_MIN x share of the minutes that is no leg)^2 + END_MIN^2

Figures were fitted by maximum likelihood on the half of the pairs kept for calibration (63 pairs
of towns, 28 short pairs inside towns), then widened by what pairs of towns that had no part in the
fit need, found by leaving out towns of that half in turn (docs/data.md). The shares of motorways
and ferries are hypotheses: the fit gives motorways no error of their own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from geozones.domain.uncertainty import TENTH_QUANTILE
from geozones.travel.network import RoadKind

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

#: standard deviation of the minutes on each kind of road, as a share of them
SHARES = {
    RoadKind.TOWN_LEG: 0.12,
    RoadKind.COUNTRY_LEG: 0.12,
    RoadKind.ROAD: 0.11,
    RoadKind.MOTORWAY: 0.05,
    RoadKind.FERRY: 0.20,
}
#: standard deviation of the minutes it takes to reach the roads that lead away, and to leave them
WAY_OUT_MIN = 2.1
#: standard deviation of the minutes lost at the two ends of a drive
END_MIN = 0.5


def interval(minutes: Floats, by_kind: Floats) -> tuple[Floats, Floats]:
    """Return the low and the high minutes of drives, an 80 % interval, log-normal.

    Parameters
    ----------
    minutes
        float[origin, destination]; NaN if unreachable, 0 for the same place.
    by_kind
        float[origin, destination, kind], the minutes of each `RoadKind` along the way.
    """
    shares = np.array([SHARES[kind] for kind in RoadKind])
    total = by_kind.sum(axis=-1)
    roads = total - by_kind[..., RoadKind.TOWN_LEG] - by_kind[..., RoadKind.COUNTRY_LEG]
    way_out = WAY_OUT_MIN * np.divide(roads, total, out=np.zeros_like(total), where=total > 0)
    variance = ((by_kind * shares) ** 2).sum(axis=-1) + way_out**2 + END_MIN**2
    deviation = np.sqrt(variance)
    log_error = np.divide(deviation, minutes, out=np.zeros_like(minutes), where=minutes > 0)
    width = np.exp(TENTH_QUANTILE * log_error)
    return minutes / width, minutes * width

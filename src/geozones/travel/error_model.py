"""Error model of the road graph's minutes, by kind of road.

The variance of a drive's minutes adds up its kinds of road, each in proportion to the minutes
spent on it, what sources of driving times disagree on, the way out of its two towns, and its two
ends:

    variance = sum over kinds of (share_kind x minutes_kind)^2
               + (SOURCES_SHARE x minutes that are no leg)^2
               + (WAY_OUT_MIN x share of the minutes that is no leg)^2 + END_MIN^2

The shares by kind and the ends were fitted on an independent router's minutes. These agree with
the model, which was fitted on them too, better than usual times of route planners do: the
disagreement and the way out were therefore fitted, by maximum likelihood, on drives from a lycée
to another town whose usual time is known, then widened until eight in ten of these drives are
held. Other drives check it (docs/data.md; ``benchmarks/travel_accuracy.py`` repeats the fit). The
shares of motorways and ferries are hypotheses.
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
#: standard deviation that sources disagree by, as a share of the minutes that are no leg; it is one
#: error for the whole drive, so longer drives do not average it out
SOURCES_SHARE = 0.085
#: standard deviation of the minutes it takes to reach the roads that lead away, and to leave them
WAY_OUT_MIN = 3.6
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
    deviation = np.sqrt(variance(by_kind))
    log_error = np.divide(deviation, minutes, out=np.zeros_like(minutes), where=minutes > 0)
    width = np.exp(TENTH_QUANTILE * log_error)
    return minutes / width, minutes * width


def variance(
    by_kind: Floats, sources_share: float = SOURCES_SHARE, way_out_min: float = WAY_OUT_MIN
) -> Floats:
    """Return the variance of the minutes of drives, ``float[...]`` of ``float[..., kind]``."""
    shares = np.array([SHARES[kind] for kind in RoadKind])
    total = by_kind.sum(axis=-1)
    roads = total - by_kind[..., RoadKind.TOWN_LEG] - by_kind[..., RoadKind.COUNTRY_LEG]
    way_out = way_out_min * np.divide(roads, total, out=np.zeros_like(total), where=total > 0)
    kinds = ((by_kind * shares) ** 2).sum(axis=-1)
    return np.asarray(kinds + (sources_share * roads) ** 2 + way_out**2 + END_MIN**2)

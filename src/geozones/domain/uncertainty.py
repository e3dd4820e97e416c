"""Uncertainty of travel times: 80 % intervals, and default spreads of engines without intervals.

An interval is two figures around the minutes: the true drive is below the low figure in one case of
ten, above the high figure in another. The error is taken as log-normal: errors of drives are shares
of the drive, and a drive is never negative.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

type Floats = NDArray[np.float64]

#: A normal value is above its mean plus this many standard deviations in one case of ten.
TENTH_QUANTILE = 1.2816
#: Over this share of straight legs, a drive is written « estimé ».
ESTIMATED_SHARE = 0.5
#: Explanation of these words for the user, in French.
INTERVAL_MEANS = "l'intervalle où tombent huit trajets sur dix"
ESTIMATED_MEANS = "plus de la moitié du trajet est comptée en ligne droite"
#: Minutes lost or won at the two ends (parking, a light), whatever the distance.
ENDS_MIN = 1.0


@dataclass(frozen=True, slots=True)
class Spread:
    """Standard deviation of the log of an engine's minutes, and why, in French for the user."""

    log_error: float
    reason: str


#: Spread by engine, for engines without intervals of their own.
SPREADS = {
    "openrouteservice": Spread(
        0.10, "routes d'OpenStreetMap, vitesses libres : un dixième, par hypothèse"
    ),
    "valhalla": Spread(0.10, "routes d'OpenStreetMap, vitesses libres : un dixième, par hypothèse"),
    "roadgraph": Spread(
        0.18, "écart moyen de 14 % mesuré sur 61 trajets du graphe de routes de la Région"
    ),
    "estimate": Spread(
        0.20, "l'écart du graphe de routes, et celui de la formule à vol d'oiseau (5 % de plus)"
    ),
}
#: Spread of an engine that is not in the table.
OTHER = Spread(0.18, "moteur sans mesure connue : l'écart du graphe de routes")


def spread_of(engine: str) -> Spread:
    """Return the spread of an engine that gives no interval."""
    return SPREADS.get(engine, OTHER)


def interval_source(engine: str, *, given: bool) -> str:
    """Return where the intervals of an engine come from, in French.

    ``given``: the matrix holds intervals. For an engine of the table, its spread gave these
    intervals.
    """
    if given and engine == "roadgraph":
        return "calculé pour chaque trajet, d'après l'erreur mesurée"
    return spread_of(engine).reason


def spread_bounds(minutes: Floats, log_error: Floats) -> tuple[Floats, Floats]:
    """Return the low and the high figure of minutes, an 80 % interval.

    ``log_error`` is the engine's spread; the minute at the ends adds an independent error.
    """
    total = np.hypot(log_error, ENDS_MIN / (minutes + ENDS_MIN))
    width = np.exp(TENTH_QUANTILE * total)
    return minutes / width, minutes * width


def log_error_of(minutes: Floats, low: Floats, high: Floats) -> Floats:
    """Return the standard deviation of the log of minutes with an 80 % interval.

    (log high - log low) / (2 x 1.2816); 0 where the minutes are 0, NaN if unreachable.
    """
    drive = minutes > 0
    # a low figure rounded to 0 says nothing: the high one is then taken for both sides
    floor = np.where(low > 0, low, minutes**2 / np.where(high > 0, high, 1.0))
    ratio = np.where(drive, high, 1.0) / np.where(drive, floor, 1.0)
    return np.where(np.isnan(minutes), np.nan, np.log(ratio) / (2 * TENTH_QUANTILE))

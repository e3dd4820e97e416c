"""Uncertainty of travel times: who made each figure, and its 80 % interval.

An interval is two figures around the minutes: it aims at holding the true drive in eight cases of
ten, one in ten being below and one above. Whether it does is measured on control drives, or is a
hypothesis: `interval_means` and `interval_source` say which. The error is taken as log-normal:
errors of drives are shares of the drive, and a drive is never negative.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from geozones.common.french import number

#: Engine of straight-line estimates, always labelled as such.
ESTIMATE = "estimate"
#: Parameter of an estimate: number of places of a matrix around each end that scale it, or 0.
ANCHORS = "lycees_voisins"
#: Minutes that a user gave in a file.
GIVEN = "given"
#: Correction of an engine's figures by observed journeys.
JOURNAL = "journal"
#: Parameter of a matrix whose intervals were measured: ``{"drives": 135, "held": 115}``.
INTERVAL_CHECK = "interval_check"
_LABELS = {
    JOURNAL: "corrigé par les trajets du journal",
    "shipped": "matrice livrée",
    "roadgraph": "modèle routier",
    ESTIMATE: "estimation à vol d'oiseau",
    GIVEN: "durées fournies",
}


@dataclass(frozen=True, slots=True)
class IntervalCheck:
    """Control drives, which fitted nothing, and how many of them fell inside their interval."""

    drives: int
    held: int

    @property
    def percent(self) -> float:
        """Share of the control drives inside their interval, in %."""
        return 100 * self.held / self.drives


def engine_label(engine: str) -> str:
    """Return the French name of an engine; that of a product is its own."""
    return _LABELS.get(engine, engine)


@dataclass(frozen=True)
class Provenance:
    """Provenance of figures: engine, date, profile, parameters, data source and its licence."""

    engine: str
    date: str
    profile: str = "voiture"
    source: str = ""
    licence: str = ""
    parameters: dict[str, object] = field(default_factory=dict)

    @property
    def label(self) -> str:
        """French name of the engine, for people who know no engine."""
        return engine_label(self.engine)

    @property
    def interval_check(self) -> "IntervalCheck | None":
        """How many control drives the intervals held; ``None`` if they were not measured."""
        match self.parameters.get(INTERVAL_CHECK):
            case {"drives": int(drives), "held": int(held)} if 0 <= held <= drives and drives:
                return IntervalCheck(drives, held)
        return None

    @property
    def is_estimate(self) -> bool:
        """Whether the figures are estimates rather than times of a road engine."""
        return self.engine == ESTIMATE


type Floats = NDArray[np.float64]

#: A normal value is above its mean plus this many standard deviations in one case of ten.
TENTH_QUANTILE = 1.2816
#: Over this share of straight legs, a drive is written « estimé ».
ESTIMATED_SHARE = 0.5
#: Explanation of this word for the user, in French.
ESTIMATED_MEANS = "plus de la moitié du trajet est comptée en ligne droite"
#: Mark of a figure that rests on some estimated drives.
PARTLY_ESTIMATED = "estimation partielle"
#: Shares of control drives inside their interval, in %, between which « huit sur dix » is written.
EIGHT_IN_TEN = (78.0, 85.0)
#: Minutes lost or won at the two ends (parking, a light), whatever the distance.
ENDS_MIN = 1.0


@dataclass(frozen=True, slots=True)
class Spread:
    """Standard deviation of the log of an engine's minutes, and why, in French for the user."""

    log_error: float
    reason: str


#: Both engines of the table that were measured (docs/data.md, the 135 control drives).
_TOO_WIDE = (
    "une même part pour tous les trajets, plus large que visé : {held} % des 135 trajets de "
    "contrôle y tombent, là où le modèle a été réglé"
)
#: Spread by engine, for engines without intervals of their own.
SPREADS = {
    "openrouteservice": Spread(
        0.10, "routes d'OpenStreetMap, vitesses libres : un dixième, par hypothèse"
    ),
    "valhalla": Spread(0.10, "routes d'OpenStreetMap, vitesses libres : un dixième, par hypothèse"),
    "roadgraph": Spread(0.18, _TOO_WIDE.format(held=94)),
    ESTIMATE: Spread(0.20, _TOO_WIDE.format(held=95)),
    GIVEN: Spread(0.18, "durées d'un fichier : 18 %, par hypothèse"),
}
#: Why, for an estimate that no matrix scales.
_UNSCALED = (
    "± 30 %, par hypothèse : la formule, ajustée sur un seul territoire, n'est corrigée par aucune "
    "durée d'ici"
)
#: Spread of an engine that is not in the table.
OTHER = Spread(0.18, "moteur sans mesure connue : 18 %, par hypothèse")


def spread_of(engine: str) -> Spread:
    """Return the spread of an engine that gives no interval."""
    return SPREADS.get(engine, OTHER)


def interval_source(maker: Provenance, *, given: bool) -> str:
    """Return where the intervals of an engine come from, in French: measured, or a hypothesis.

    ``given`` tells whether the matrix holds intervals. Those of an engine in the table `SPREADS`
    were computed from its spread.
    """
    check = maker.interval_check
    if check is not None:
        return f"calculé pour chaque trajet, mesuré : y tombent {_held(check)}"
    if given and maker.engine == "roadgraph":
        return "calculé pour chaque trajet comme celui de la matrice livrée, par hypothèse"
    if maker.is_estimate and maker.parameters.get(ANCHORS) == 0:
        return _UNSCALED
    return spread_of(maker.engine).reason


def interval_means(makers: Iterable[Provenance]) -> str:
    """Explain an interval for the user: « huit trajets sur dix » only where that was measured."""
    checks = {maker.interval_check for maker in makers}
    if len(checks) != 1 or (check := checks.pop()) is None:
        return "l'intervalle visé à 80 % par hypothèse, qui n'a pas été mesuré"
    low, high = EIGHT_IN_TEN
    if low <= check.percent <= high:
        return f"l'intervalle où tombent huit trajets sur dix ({_held(check)})"
    return f"l'intervalle visé à 80 % ; y tombent {_held(check)}"


def _held(check: IntervalCheck) -> str:
    drives = f"des {number(check.drives)} trajets de contrôle, hors pointe"
    return f"{number(check.percent)} % {drives}, qui n'ont pas servi à régler le calcul"


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

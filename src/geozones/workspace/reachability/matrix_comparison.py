"""Comparison of two matrices of travel times, from engines or files."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from geozones.common.errors import InputError
from geozones.domain import TravelTimes
from geozones.domain.times import FloatArray
from geozones.travel.engine_registry import NAMES
from geozones.travel.estimate import crow_km_table
from geozones.travel.matrix_file import open_matrix
from geozones.workspace.drives import Drives
from geozones.workspace.reachability.accuracy import KINDS

_WORST = 10


@dataclass(frozen=True, slots=True)
class PairDifference:
    """A pair of lycées and its minutes in two matrices; ``percent`` is relative to the first."""

    origin: str
    destination: str
    first: float
    second: float
    percent: float


@dataclass(frozen=True, slots=True)
class KindBias:
    """Mean difference of the minutes of a class of drives, in % of the first matrix."""

    pairs: int
    bias_percent: float


@dataclass(frozen=True)
class MatrixComparison:
    """Differences of the second matrix from the first, over their common pairs.

    Parameters
    ----------
    pairs
        Number of common one-way pairs of lycées.
    bias_percent, mae_percent, worst_percent
        Mean, mean absolute and greatest absolute difference of minutes, in % of the first.
    worst
        The ten pairs with the greatest difference in minutes: percentages of short drives say
        little.
    only_one
        Number of pairs in only one of the two matrices.
    by_kind
        Bias of each class of drives (`geozones.workspace.reachability.accuracy.KINDS`) that has
        common pairs.
    """

    pairs: int
    bias_percent: float
    mae_percent: float
    worst_percent: float
    worst: tuple[PairDifference, ...]
    only_one: int
    by_kind: Mapping[str, KindBias]


def compare(drives: Drives, first: str, second: str) -> MatrixComparison:
    """Compare two engines (names) or matrix files (paths) over the pairs of lycées.

    Raises
    ------
    InputError
        If a name is neither an engine nor a file, or the two share no pair.
    EngineError
        If an engine has no answer.
    """
    a, b = (_times_of(drives.home or drives, name) for name in (first, second))
    both = ~np.isnan(a.minutes) & ~np.isnan(b.minutes) & (a.minutes > 0)
    if not both.any():
        msg = f"« {first} » et « {second} » n'ont aucun trajet en commun : rien à comparer."
        raise InputError(msg)
    percent = np.full(a.minutes.shape, np.nan)
    percent[both] = (b.minutes[both] / a.minutes[both] - 1) * 100
    gap = np.where(both, np.abs(b.minutes - a.minutes), -1.0)
    order = np.argsort(-gap, axis=None, kind="stable")
    worst = [divmod(int(at), len(a.destinations)) for at in order[:_WORST]]
    return MatrixComparison(
        pairs=int(both.sum()),
        bias_percent=float(percent[both].mean()),
        mae_percent=float(np.abs(percent[both]).mean()),
        worst_percent=float(np.abs(percent[both]).max()),
        worst=tuple(
            PairDifference(
                a.origins[i],
                a.destinations[j],
                float(a.minutes[i, j]),
                float(b.minutes[i, j]),
                float(percent[i, j]),
            )
            for i, j in worst
            if both[i, j]
        ),
        only_one=int((np.isnan(a.minutes) ^ np.isnan(b.minutes)).sum()),
        by_kind=_by_kind(drives, a, percent),
    )


def _by_kind(drives: Drives, first: TravelTimes, percent: FloatArray) -> dict[str, KindBias]:
    """Return the bias of each class of drives; ``percent`` is NaN for a pair not in common."""
    positions = (drives.home or drives).lycees
    origins, destinations = (
        [positions[place] for place in places] for places in (first.origins, first.destinations)
    )
    km, least = crow_km_table(origins, destinations), 0.0
    found: dict[str, KindBias] = {}
    for kind in KINDS:
        some = percent[(km >= least) & (km < kind.below_km) & ~np.isnan(percent)]
        if some.size:
            found[kind.name] = KindBias(some.size, float(some.mean()))
        least = kind.below_km
    return found


def _times_of(drives: Drives, name: str) -> TravelTimes:
    lycees = drives.lycees
    if name in NAMES:
        return drives.chain((name,)).matrix(lycees, lycees).times
    if os.path.isfile(name):  # noqa: PTH113 - is_file raises where a name is too long
        return open_matrix(Path(name), lycees).square(tuple(lycees))
    msg = f"« {name} » n'est ni un moteur de trajets ({', '.join(NAMES)}) ni un fichier de matrice."
    raise InputError(msg)

"""Straight legs off the roads: from a place to a road, or from one place to another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Leg:
    """Leg from a place to the point at ``fraction`` of ``edge`` (0 = its first node)."""

    edge: int
    fraction: float
    minutes: float
    km: float
    town: bool


@dataclass(frozen=True)
class Hops:
    """Plain legs between places or bridges: ranks of both ends, minutes, km, in a town."""

    start: Ints
    end: Ints
    minutes: Floats
    km: Floats
    town: Flags

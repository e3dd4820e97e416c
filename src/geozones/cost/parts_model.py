"""Partial cost models of zones: hours on the road, hours not served, half-days needed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from geozones.cost.hours_model import HoursModel

type Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class RoadHours:
    """Hours on the road in a year, as in ``HoursModel``."""

    key: ClassVar[str] = "road"

    model: HoursModel

    def on(self, lycees: tuple[str, ...]) -> "_Part":
        """Return the hours of zones of these lycées (ids), numbered in their order."""
        return _Part(self.model, lycees, road=True)

    def restricted(self, lycees: Sequence[str]) -> "RoadHours":
        """Return the model over some lycées (ids) only."""
        return RoadHours(self.model.restricted(lycees))


@dataclass(frozen=True, eq=False)
class UnservedHours:
    """Hours of service not given in a year, as in ``HoursModel`` but unweighted."""

    key: ClassVar[str] = "unserved"

    model: HoursModel

    def on(self, lycees: tuple[str, ...]) -> "_Part":
        """Return the hours of zones of these lycées (ids), numbered in their order."""
        settings = self.model.settings
        each = replace(settings, cost=replace(settings.cost, lost_hour=1.0))
        return _Part(replace(self.model, settings=each), lycees, road=False)

    def restricted(self, lycees: Sequence[str]) -> "UnservedHours":
        """Return the model over some lycées (ids) only."""
        return UnservedHours(self.model.restricted(lycees))


class _Part:
    """One of the two parts of the hours of zones."""

    def __init__(self, model: HoursModel, lycees: tuple[str, ...], *, road: bool) -> None:
        self._hours, self._part = model.on(lycees), 0 if road else 1

    def of(self, members: NDArray[np.uint16]) -> Floats:
        """Return the hours of zones (``uint16[zone, k]``), ``float[zone]``."""
        return self._hours.parts(members)[self._part]


@dataclass(frozen=True, eq=False)
class HalfDays:
    """Half-days a week needed by the lycées of a zone.

    Parameters
    ----------
    needs
        Half-days a week by lycée (id).
    """

    key: ClassVar[str] = "workload"

    needs: Mapping[str, int]

    def on(self, lycees: tuple[str, ...]) -> "_Needed":
        """Return the half-days of zones of these lycées (ids), numbered in their order."""
        return _Needed(np.array([float(self.needs[key]) for key in lycees]))

    def restricted(self, lycees: Sequence[str]) -> "HalfDays":
        """Return the model over some lycées (ids) only."""
        return HalfDays({key: self.needs[key] for key in lycees})


@dataclass(frozen=True, eq=False)
class _Needed:
    half_days: Floats

    def of(self, members: NDArray[np.uint16]) -> Floats:
        """Return the half-days of zones (``uint16[zone, k]``), ``float[zone]``."""
        return np.asarray(self.half_days[members].sum(axis=1), np.float64)

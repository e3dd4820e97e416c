"""Partial cost models of zones: one part of their hours, half-days needed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from geozones.cost.hours_model import HoursModel, ZoneHours

type Floats = NDArray[np.float64]

#: Hours of rupture a year from which a zone counts as in rupture.
RUPTURE_HOURS = 1.0


@dataclass(frozen=True, eq=False)
class PartHours:
    """One part of the hours of zones in a year, as in ``HoursModel``.

    Parameters
    ----------
    key
        A field of ``HoursParts``: ``road``, ``rupture`` or ``unattended``.
    """

    key: str

    model: HoursModel

    def on(self, lycees: tuple[str, ...]) -> "_Part":
        """Return the hours of zones of these lycées (ids), numbered in their order."""
        return _Part(self.model.on(lycees), self.key)

    def restricted(self, lycees: Sequence[str]) -> "PartHours":
        """Return the model over some lycées (ids) only."""
        return PartHours(self.key, self.model.restricted(lycees))


@dataclass(frozen=True, eq=False)
class _Part:
    hours: ZoneHours
    part: str

    def of(self, members: NDArray[np.uint16]) -> Floats:
        """Return the hours of zones (``uint16[zone, k]``), ``float[zone]``."""
        found: Floats = getattr(self.hours.parts(members), self.part)
        return found


@dataclass(frozen=True, eq=False)
class RuptureZones:
    """Zones in rupture: 1 for a zone with `RUPTURE_HOURS` or more in a year, else 0."""

    key: ClassVar[str] = "rupture_zones"

    model: HoursModel

    def on(self, lycees: tuple[str, ...]) -> "_RuptureZones":
        """Return the model of zones of these lycées (ids), numbered in their order."""
        return _RuptureZones(self.model.on(lycees))

    def restricted(self, lycees: Sequence[str]) -> "RuptureZones":
        """Return the model over some lycées (ids) only."""
        return RuptureZones(self.model.restricted(lycees))


@dataclass(frozen=True, eq=False)
class _RuptureZones:
    hours: ZoneHours

    def of(self, members: NDArray[np.uint16]) -> Floats:
        """Return 1 or 0 for each zone (``uint16[zone, k]``), ``float[zone]``."""
        return (self.hours.parts(members).rupture >= RUPTURE_HOURS).astype(np.float64)


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

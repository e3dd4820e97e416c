"""Cost models of zones for searches: zones in rupture, and the best of several centres."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from geozones.cost.hours_model import HoursModel, ZoneHours, visit_minutes
from geozones.cost.items import hypotheses_of
from geozones.domain.times import Floats

#: Hours of rupture a year from which a zone counts as in rupture.
RUPTURE_HOURS = 1.0


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
class BestCentreModel:
    """Hours of a zone visited from the support centre that costs it the least."""

    key: ClassVar[str] = "hours"

    model: HoursModel  # Model of the hours; its own centres are ignored, and T.I.S. count.
    centres: tuple[str, ...]  # Ids of one or more lycées among those of its times.

    def on(self, lycees: tuple[str, ...]) -> "BestCentreHours":
        """Return the hours of zones of these lycées (ids), numbered in their order."""
        return BestCentreHours(self, lycees)

    def restricted(self, lycees: Sequence[str]) -> "BestCentreModel":
        """Return the model over some lycées (ids) only, and the centres."""
        known = sorted({*lycees, *self.centres})
        return replace(self, model=self.model.restricted(known))

    def of_centre(self, centre: str) -> HoursModel:
        """Return the model with the same centre (a lycée id) for all."""
        return replace(self.model, centres=dict.fromkeys(self.model.needs, centre), tis=True)


class BestCentreHours:
    """Hours of zones of numbered lycées, from the best centre."""

    def __init__(self, model: BestCentreModel, lycees: tuple[str, ...]) -> None:
        self._model, self._lycees = model, lycees
        first, *others = model.centres
        self._first = model.of_centre(first).on(lycees)
        self._others = () if self._is_sum else [model.of_centre(key).on(lycees) for key in others]

    @property
    def _is_sum(self) -> bool:
        """Whether the drives of T.I.S. are a sum over lycées, whatever their zone."""
        return not self._model.model.settings.teams.tis_replaces

    @cached_property
    def _reach(self) -> NDArray[np.float64]:
        """Hours a year to visit each lycée from each centre, ``float[centre, lycée]``."""
        hypotheses = hypotheses_of(self._model.model.settings)
        visits = float(hypotheses.tis_visits) * float(hypotheses.months) / 60
        times = self._model.model.times
        return np.array(
            [
                [visits * visit_minutes(times, centre, lycee) for lycee in self._lycees]
                for centre in self._model.centres
            ]
        )

    def of(self, members: NDArray[np.uint16]) -> NDArray[np.float64]:
        """Return the yearly hours of zones (``uint16[zone, k]``), ``float[zone]``."""
        hours = self._first.of(members)
        if self._is_sum:
            reach = self._reach[:, members].sum(axis=2)
            return np.asarray(hours + reach.min(axis=0) - reach[0], np.float64)
        for zones in self._others:
            hours = np.minimum(hours, zones.of(members))
        return hours

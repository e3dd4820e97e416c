"""A territory whose scenario has places of its own: times, cells and neighbours follow.

What is not near them stays as it was: the matrix in use is asked again for nothing it holds.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from shapely.geometry.base import BaseGeometry

from geozones.domain import InputError, TravelTimes
from geozones.domain.places import PlaceChanges
from geozones.domain.plan import plan_of
from geozones.domain.times import merged
from geozones.territory.files import read_commune_frame
from geozones.territory.screen import screen_cells
from geozones.territory.shapes import adjacency
from geozones.travel.engine import Places
from geozones.travel.estimate import Estimate
from geozones.travel.matrix_file import open_matrix

if TYPE_CHECKING:
    from geozones.workspace.core import Workspace


@dataclass(frozen=True, eq=False)
class Ground:
    """Where the lycées of a scenario are, and what follows from it at free-flow speed.

    Parameters
    ----------
    home
        The territory of the data folder alone.
    positions
        Every lycée, latitude and longitude in degrees.
    """

    home: "Workspace"
    positions: Places
    #: engines that failed: not waited for again here
    _failed: set[str] = field(default_factory=set, init=False, repr=False)

    @cached_property
    def changed(self) -> Places:
        """The lycées that are not where the data folder has them."""
        known = self.home.positions
        return {key: point for key, point in self.positions.items() if known.get(key) != point}

    @cached_property
    def kept(self) -> Places:
        """The lycées that are where the data folder has them."""
        return {key: point for key, point in self.positions.items() if key not in self.changed}

    @cached_property
    def communes(self) -> Places:
        """A point of each commune."""
        return {entry.place: (entry.lat, entry.lon) for entry in self.home.communes}

    @cached_property
    def times(self) -> TravelTimes:
        """Drives between lycées."""
        everywhere, kept = tuple(self.positions), tuple(self.kept)
        parts = [self.home.times.scaled(1.0).restricted(kept, kept)]
        if self.changed:
            parts.append(self._asked(self.changed, self.positions))
            parts.append(self._asked(self.kept, self.changed))
        return merged(everywhere, everywhere, parts)

    @cached_property
    def to_communes(self) -> TravelTimes:
        """Drives from the changed lycées to the communes."""
        return self._asked(self.changed, self.communes)

    @cached_property
    def cells(self) -> Mapping[str, BaseGeometry]:
        """The land of each lycée, made anew as the data folder's was.

        Raises
        ------
        InputError
            If none can be made.
        """
        frame = read_commune_frame(self.home.data.path / "communes.parquet")
        rows = tuple(f"commune:{code}" for code in frame["code"])
        shipped = open_matrix(self.home.travel.shipped, self.home.positions)
        parts = [shipped.rectangle(rows, tuple(self.kept))]
        if self.changed:
            parts.append(self._asked(self.communes, self.changed))
        minutes = merged(rows, tuple(self.positions), parts).minutes
        try:
            return screen_cells(self.positions, frame, np.asarray(minutes))
        except ValueError as error:
            msg = (
                "Le territoire de chaque lycée n'a pas pu être recalculé pour ces positions : "
                "annulez la dernière correction ou déplacez-la un peu."
            )
            raise InputError(msg) from error

    @cached_property
    def neighbours(self) -> Mapping[str, frozenset[str]]:
        """For each lycée, those whose cell touches its own."""
        return adjacency(self.cells)

    def _asked(self, origins: Places, destinations: Places) -> TravelTimes:
        """Ask the engines of the settings, and where they cannot say, for an estimate."""
        left_out = {Estimate.name, *self._failed}
        names = [name for name in self.home.travel.settings.engines if name not in left_out]
        chain = self.home.travel.chain(self.home, (*names, Estimate.name))
        answer = chain.matrix(origins, destinations)
        self._failed.update(fault.engine for fault in answer.faults)
        return answer.times


def placed(home: "Workspace", changes: PlaceChanges) -> "Workspace":
    """Return a territory with a scenario's places."""
    lycees = changes.applied(home.lycees)
    positions = {key: (lycee.lat, lycee.lon) for key, lycee in lycees.items()}
    plan = home.plan
    if changes.without:
        stay = {k: zone for k, zone in plan.zone_by_lycee.items() if k not in changes.without}
        plan = plan_of(plan.sectors, plan.zones, stay)
    told = replace(
        home, data=replace(home.data, lycees=lycees, plan=plan), places=changes, source=home
    )
    if positions == home.positions:
        return told
    ground = home.grounds(tuple(positions.items()))
    return replace(
        told,
        times=ground.times.scaled(home.times.factor),
        cells=ground.cells,
        neighbours=ground.neighbours,
        travel=replace(home.travel, ground=ground),
    )

"""Where drives come from: the matrix in use, and the engines for what it does not hold."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from geozones.domain import (
    DataFileError,
    InputError,
    TravelTimes,
    UnknownPlaceError,
)
from geozones.domain.french import number
from geozones.domain.times import merged
from geozones.travel.chain import Answer, Chain
from geozones.travel.engine import Places, Point
from geozones.travel.estimate import REACH_KM, crow_km
from geozones.travel.matrix_file import MatrixFile, open_matrix
from geozones.travel.registry import Ground as EngineGround
from geozones.travel.settings import TravelSettings

if TYPE_CHECKING:
    from geozones.workspace.core import Workspace
    from geozones.workspace.placed import Ground


@dataclass(frozen=True)
class Travel:
    """The matrix file in use, and how engines are reached.

    ``notice`` says why a matrix that was built here is not the one in use.
    """

    settings: TravelSettings = field(default_factory=lambda: TravelSettings(home=Path()))
    shipped: Path = Path("travel_times.parquet")
    matrix: MatrixFile | None = None
    notice: str | None = None
    #: where a scenario's own places are, for one that has some
    ground: "Ground | None" = None

    @property
    def is_built_here(self) -> bool:
        """Whether the matrix in use was built here, not shipped."""
        return self.matrix is not None and self.matrix.path != self.shipped

    def between_lycees(self, positions: Places) -> TravelTimes:
        """Return the drives between lycées, at free-flow speed; raises ``DataFileError``."""
        if self.matrix is None:
            return open_matrix(self.shipped, positions).square(tuple(positions))
        return self.matrix.square(tuple(positions))

    @cached_property
    def _chains(self) -> dict[tuple[str, ...], Chain]:
        return {}

    def chain(self, workspace: "Workspace", names: Sequence[str] | None = None) -> Chain:
        """Return the engines of the settings, or these; raises ``InputError`` for a wrong name."""
        wanted = self.settings.engines if names is None else tuple(names)
        if self.ground is not None:
            # engines stand on the matrix, and it was made for the data folder's places
            return self.ground.home.travel.chain(self.ground.home, wanted)
        if wanted not in self._chains:
            communes = {entry.place: (entry.lat, entry.lon) for entry in workspace.communes}
            times = workspace.times.scaled(1.0)
            ground = EngineGround(self.shipped, workspace.positions, communes, times)
            self._chains[wanted] = Chain(wanted, self.settings, ground)
        return self._chains[wanted]


def open_travel(settings: TravelSettings, shipped: Path, positions: Places) -> Travel:
    """Open the matrix that was built here if it still fits the lycées, else the shipped one.

    Raises
    ------
    DataFileError
        If the shipped matrix has to be used and cannot be.
    """
    notice = None
    if settings.matrix.is_file():
        try:
            built = open_matrix(settings.matrix, positions)
            built.square(tuple(positions))
        except DataFileError as error:
            notice = f"La matrice calculée ici n'est pas utilisée : {error}"
        else:
            return Travel(settings, shipped, built)
    return Travel(settings, shipped, open_matrix(shipped, positions), notice)


@dataclass(frozen=True, slots=True)
class Trip:
    """Minutes and km between two places; ``None`` where there is no way."""

    origin: str
    destination: str
    minutes: float | None
    km: float | None
    source: str
    estimated: bool


def trip(workspace: "Workspace", origin: str, destination: str) -> Trip:
    """Return the matrix's figure between two lycées, else that of the engines configured.

    Raises
    ------
    UnknownPlaceError
        If a place is neither a lycée, a commune (``commune:CODE``) nor ``lat,lon`` in degrees.
    InputError
        If a point is not of the territory.
    EngineError
        If no engine can say.
    """
    times = workspace.times
    if origin not in times.origin_index or destination not in times.destination_index:
        ends = {place: point_of(workspace, place) for place in (origin, destination)}
        times = between(workspace, {origin: ends[origin]}, {destination: ends[destination]}).times
    minutes = times.between(origin, destination)
    known = math.isfinite(minutes)
    return Trip(
        origin,
        destination,
        minutes if known else None,
        times.km_between(origin, destination) if known else None,
        times.made_by(origin, destination).engine,
        times.is_estimated(origin, destination),
    )


def between(workspace: "Workspace", origins: Places, destinations: Places) -> Answer:
    """Ask the engines of the settings, in their order, under the workspace's peak factor.

    Raises
    ------
    EngineError
        If none of them can say.
    """
    answer = workspace.travel.chain(workspace).matrix(origins, destinations)
    return Answer(answer.times.scaled(workspace.times.factor), answer.faults)


def commune_times(workspace: "Workspace") -> TravelTimes:
    """Return the drives from each lycée to each commune, ``float[lycée, commune]``.

    From the matrix in use; from the shipped one where that one was built without the communes.

    Raises
    ------
    DataFileError
        If the shipped matrix is needed and cannot be read.
    """
    ground = workspace.travel.ground
    if ground is not None:
        parts = [commune_times(ground.home).scaled(1.0)]
        if ground.changed:
            parts.insert(0, ground.to_communes)
        everywhere = tuple(entry.place for entry in workspace.communes)
        found = merged(tuple(workspace.positions), everywhere, parts)
        return found.scaled(workspace.times.factor)
    lycees = tuple(workspace.positions)
    communes = tuple(entry.place for entry in workspace.communes)
    file = workspace.travel.matrix
    if file is None or not file.places & set(communes):
        file = open_matrix(workspace.travel.shipped, workspace.positions)
    return file.rectangle(lycees, communes).scaled(workspace.times.factor)


def point_of(workspace: "Workspace", place: str) -> Point:
    """Return where a lycée, a commune (``commune:CODE``) or ``lat,lon`` is.

    Raises
    ------
    UnknownPlaceError
        If it is none of them.
    InputError
        If the point is over 100 km from every lycée.
    """
    if place in workspace.positions:
        return workspace.positions[place]
    if place.startswith("commune:"):
        for entry in workspace.communes:
            if entry.place == place:
                return entry.lat, entry.lon
        raise UnknownPlaceError(place)
    try:
        lat, lon = (float(part) for part in place.split(","))
    except ValueError:
        raise UnknownPlaceError(place) from None
    if not (-90 <= lat <= 90 and -180 <= lon <= 180):
        raise UnknownPlaceError(place)
    nearest = min(crow_km((lat, lon), position) for position in workspace.positions.values())
    if nearest > REACH_KM:
        msg = (
            f"Le point « {place} » est à {number(nearest)} km du lycée le plus proche : hors du "
            "territoire, aucune durée n'a de sens."
        )
        raise InputError(msg)
    return lat, lon

"""Minutes between places at free-flow speed: the matrix in use, and the engines behind it."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, override

import numpy as np

from geozones.common.errors import DataFileError
from geozones.common.files import home_folder
from geozones.domain import TravelTimes
from geozones.domain.times import merge_times
from geozones.jobs.pickling import WithoutCaches
from geozones.territory.territory_files import read_commune_frame
from geozones.travel.engine import EstimatedDrives, Positions
from geozones.travel.engine_chain import Chain, ChainAnswer, EngineContext, TravelSettings
from geozones.travel.ground import LandPaths
from geozones.travel.matrix_file import MatrixFile, open_matrix

if TYPE_CHECKING:
    import geopandas as gpd


@dataclass(frozen=True, eq=False)
class Engines(WithoutCaches):
    """Engines of a data folder and the places that they are asked for; maybe without a matrix."""

    settings: TravelSettings  # Engines, their order, and the location of a matrix built here.
    shipped: Path  # The matrix file of the data folder.
    lycees: Positions  # Place id -> (latitude, longitude) in degrees.
    communes: Positions
    #: Outlines of communes, or their file: the land that estimates stay on; ``None``: not known.
    outlines: "gpd.GeoDataFrame | Path | None" = field(default=None, kw_only=True)

    @property
    def of_folder(self) -> "Engines":
        """The places of the data folder, for all scenarios."""
        return self

    def context(self) -> EngineContext:
        """Return the inputs of the engines."""
        return EngineContext(self.shipped, self.lycees, self.communes, land=self.land)

    def land(self) -> LandPaths | None:
        """Return the land that estimates stay on; ``None`` where it is not known."""
        return self._land

    @cached_property
    def _land(self) -> LandPaths | None:
        frame = self.outlines
        if isinstance(frame, Path):
            frame = read_commune_frame(frame) if frame.is_file() else None
        if frame is None or frame.empty:
            return None
        return LandPaths.of(frame["code"].tolist(), frame.geometry.to_numpy())

    def chain(self, names: Sequence[str] | None = None) -> Chain:
        """Return the chain of the given engines, by default the engines of the settings."""
        names = self.settings.engines if names is None else tuple(names)
        if names not in self._chains:
            self._chains[names] = Chain(names, self.settings, self.context())
        return self._chains[names]

    @cached_property
    def _chains(self) -> dict[tuple[str, ...], Chain]:
        return {}


@dataclass(frozen=True, eq=False)
class Drives(Engines):
    """Minutes and km between lycées, and to and from communes, at free-flow speed."""

    times: TravelTimes  # Drives between the lycées, ``float[lycée, lycée]``.
    #: The file in use; ``None`` for drives computed for a scenario's own locations.
    matrix: MatrixFile | None = None
    notice: str | None = None  # Why a matrix that was built here is not used, in a sentence.
    #: The drives of the data folder, if these drives belong to a scenario with its own locations.
    home: "Drives | None" = None
    #: engines that failed for a scenario's locations: not asked again
    _failed: set[str] = field(default_factory=set, repr=False)

    @override
    def land(self) -> LandPaths | None:
        # where a road engine gave every drive, boats are in its minutes too
        times = self.of_folder.times
        guessed = any(maker.is_estimate for maker in times.makers)
        return super().land() if guessed or np.isnan(times.minutes).any() else None

    @property
    def is_built_here(self) -> bool:
        """Whether the matrix in use was built here, not shipped."""
        return self.matrix is not None and self.matrix.path != self.shipped

    @property
    @override
    def of_folder(self) -> "Drives":
        return self.home or self

    @override
    def context(self) -> EngineContext:
        # engines read the matrix, which was made for the lycées of the data folder
        drives = self.of_folder
        return EngineContext(
            drives.shipped, drives.lycees, drives.communes, drives.times, land=drives.land
        )

    @override
    def chain(self, names: Sequence[str] | None = None) -> Chain:
        return super().chain(names) if self.home is None else self.home.chain(names)

    def ask(self, origins: Positions, destinations: Positions) -> ChainAnswer:
        """Ask the engines of the settings in their order, even for drives in the matrix in use."""
        return self.chain().matrix(origins, destinations)

    @cached_property
    def to_communes(self) -> TravelTimes:
        """Drives from each lycée to each commune, ``float[lycée, commune]``.

        They come from the matrix in use, or from the shipped matrix if the one in use was built
        without communes; for lycées that a scenario moves or adds, from the engines.
        """
        lycees, communes = tuple(self.lycees), tuple(self.communes)
        if self.home is not None:
            parts = [self.home.to_communes]
            if self.moved:
                parts.insert(0, self._ask_or_estimate(self.moved, self.communes))
            return merge_times(lycees, communes, parts)
        file = self.matrix
        if file is None or not file.places & set(communes):
            file = open_matrix(self.shipped, self.lycees, self.communes)
        return file.rectangle(lycees, communes)

    @cached_property
    def from_communes(self) -> TravelTimes:
        """Drives from each commune to each lycée, ``float[commune, lycée]``, that cells come from.

        They come from the shipped matrix even if another one is in use, so that cells are
        the data folder's. For lycées that a scenario moves or adds, they come from the engines.
        """
        home, communes = self.of_folder, tuple(self.communes)
        shipped = open_matrix(self.shipped, home.lycees, self.communes)
        parts = [shipped.rectangle(communes, tuple(self.unmoved))]
        if self.moved:
            parts.append(self._ask_or_estimate(self.communes, self.moved))
        return merge_times(communes, tuple(self.lycees), parts)

    @cached_property
    def moved(self) -> Positions:
        """The lycées whose position differs from the data folder's."""
        known = self.of_folder.lycees
        return {key: point for key, point in self.lycees.items() if known.get(key) != point}

    @cached_property
    def unmoved(self) -> Positions:
        """The lycées whose position is the data folder's."""
        return {key: point for key, point in self.lycees.items() if key not in self.moved}

    def _ask_or_estimate(self, origins: Positions, destinations: Positions) -> TravelTimes:
        """Ask the engines of the settings; estimate the drives that they cannot give."""
        left_out = {EstimatedDrives.name, *self._failed}
        names = [name for name in self.settings.engines if name not in left_out]
        answer = self.chain((*names, EstimatedDrives.name)).matrix(origins, destinations)
        self._failed.update(fault.engine for fault in answer.faults)
        return answer.times

    def relocated(self, lycees: Positions) -> "Drives":
        """Return the drives of lycées at other positions; engines are asked only for moved lycées.

        ``lycees`` are all lycées, including the unmoved.
        """
        moving = Drives(self.settings, self.shipped, lycees, self.communes, self.times, home=self)
        kept = tuple(moving.unmoved)
        parts = [self.times.restricted(kept, kept)]
        if moving.moved:
            parts.append(moving._ask_or_estimate(moving.moved, lycees))
            parts.append(moving._ask_or_estimate(moving.unmoved, moving.moved))
        everywhere = tuple(lycees)
        # the copy keeps the list of engines that failed
        return replace(moving, times=merge_times(everywhere, everywhere, parts))


def matrix_fingerprint() -> str:
    """Return a fingerprint of the matrix built here, the same in all processes; "" without one."""
    try:
        status = TravelSettings(home_folder()).matrix.stat()
    except OSError:
        return ""
    return f"{status.st_ino} {status.st_mtime_ns} {status.st_size}"


def open_drives(
    settings: TravelSettings,
    shipped: Path,
    lycees: Positions,
    communes: Positions,
    outlines: Path | None = None,
) -> Drives:
    """Open the matrix that was built here if it still fits the lycées, else the shipped one."""
    everywhere, notice = tuple(lycees), None
    if settings.matrix.is_file():
        try:
            matrix = open_matrix(settings.matrix, lycees, communes)
            times = matrix.square(everywhere)
        except DataFileError as error:
            notice = f"La matrice calculée ici n'est pas utilisée : {error}"
        else:
            return Drives(settings, shipped, lycees, communes, times, matrix, outlines=outlines)
    matrix = open_matrix(shipped, lycees, communes)
    times = matrix.square(everywhere)
    return Drives(settings, shipped, lycees, communes, times, matrix, notice, outlines=outlines)

"""Roads of an OpenStreetMap extract: Valhalla's tiles, and the map background."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from geozones.common.errors import InputError
from geozones.common.progress import Progress, no_progress
from geozones.domain.terms import terms
from geozones.territory.basemap.osm_features import load_package
from geozones.territory.basemap.write import BasemapWritten, write_basemap
from geozones.travel.engine import Positions
from geozones.travel.pbf import Bounds, read_bounds
from geozones.travel.valhalla import Valhalla
from geozones.travel.valhalla_tiles import TilesManifest, build_tiles, read_manifest
from geozones.workspace.drives import Drives
from geozones.workspace.ground import BACKGROUND

#: Margin around an extract in degrees, more than the 1.5 km within which a place is tied to a road.
_NEAR = 0.03


@dataclass(frozen=True, slots=True)
class RoadsBuilt:
    """Result of processing an extract.

    Parameters
    ----------
    tiles, megabytes
        Number of road tiles, and their size (10⁶ bytes).
    seconds
        Duration.
    unreachable
        Ids of the lycées without a road of the extract nearby.
    background
        The file of the map background.
    background_features, background_megabytes
        Layer -> features at its finest level; the file's size (10⁶ bytes).
    """

    tiles: int
    megabytes: float
    seconds: float
    unreachable: tuple[str, ...]
    background: Path
    background_features: Mapping[str, int]
    background_megabytes: float


def build_roads(
    drives: Drives, extract: Path, out: Path | None = None, progress: Progress = no_progress
) -> RoadsBuilt:
    """Build the road tiles and the background of an .osm.pbf, and use them once both are complete.

    Parameters
    ----------
    drives
        The data folder's drives: positions of its lycées, and settings with the tiles' folder.
    out
        Another folder of tiles.

    Raises
    ------
    InputError
        If the extract cannot be used, or has no road near any lycée.
    EngineError
        If a package is missing, the folder cannot be written, or Valhalla's tool fails.
    """
    lycees = (drives.home or drives).lycees
    bounds = read_bounds(extract)
    if bounds is not None and not _any_inside(lycees, bounds):
        raise _elsewhere(extract, lycees)  # minutes before the tiles would show it
    load_package()  # fail before the tiles are built, not after
    folder = out or drives.settings.tiles_folder
    made: list[tuple[tuple[str, ...], BasemapWritten]] = []

    def check_and_draw(tiles: Path, manifest: TilesManifest) -> None:
        reached = Valhalla(tiles).near_roads(lycees)
        if not reached:
            raise _elsewhere(extract, lycees)
        date = dt.date.fromisoformat(manifest.extract_date) if manifest.extract_date else None
        background = write_basemap(extract, date, tiles / manifest.folder / BACKGROUND)
        made.append((tuple(lycee for lycee in lycees if lycee not in reached), background))

    built = build_tiles(extract, folder, progress, before_use=check_and_draw)
    ((unreachable, background),) = made
    return RoadsBuilt(
        tiles=built.tiles,
        megabytes=built.megabytes,
        seconds=built.seconds,
        unreachable=unreachable,
        background=folder / read_manifest(folder).folder / BACKGROUND,
        background_features=background.features,
        background_megabytes=background.megabytes,
    )


def _any_inside(lycees: Positions, bounds: Bounds) -> bool:
    west, south, east, north = bounds
    return any(
        south - _NEAR <= lat <= north + _NEAR and west - _NEAR <= lon <= east + _NEAR
        for lat, lon in lycees.values()
    )


def _elsewhere(extract: Path, lycees: Positions) -> InputError:
    site = terms().site
    return InputError(
        f"Le fichier « {extract.name} » n'a de route près d'aucun{site.e} des {len(lycees)} "
        f"{site.plural} : prenez l'extrait de leur région. Rien n'a changé."
    )

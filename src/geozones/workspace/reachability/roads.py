"""Roads of an OpenStreetMap extract: from the extract to minutes in use and the background."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from geozones.common.errors import InputError
from geozones.common.french import shortlist
from geozones.common.pacing import Progress, no_progress
from geozones.domain.terms import terms
from geozones.territory.basemap import BasemapWritten, write_basemap
from geozones.territory.basemap.osm_features import load_package, merge_extracts
from geozones.travel.engine import Positions
from geozones.travel.pbf import Bounds, read_bounds, read_extracts
from geozones.travel.valhalla import Valhalla
from geozones.travel.valhalla_tiles import TilesManifest, build_tiles, read_manifest, work_folder
from geozones.travel.valhalla_tool import STAGES
from geozones.workspace.drives import Engines
from geozones.workspace.ground import BACKGROUND

#: Margin around an extract in degrees, more than the 1.5 km within which a place is tied to a road.
_NEAR = 0.03
#: Name in messages of the file merged from several extracts.
_MERGED = "extraits réunis.osm.pbf"


@dataclass(frozen=True, slots=True)
class RoadsBuilt:
    """Result of processing an extract."""

    tiles: int  # Number of road tiles, and their size (10⁶ bytes).
    megabytes: float
    seconds: float  # Duration.
    unreachable: tuple[str, ...]  # Ids of the lycées without a road of the extract nearby.
    background: Path  # The file of the map background.
    #: Layer -> features at its finest level; the file's size (10⁶ bytes).
    background_features: Mapping[str, int]
    background_megabytes: float


def build_roads(
    places: Engines,
    extracts: Sequence[Path],
    out: Path | None = None,
    progress: Progress = no_progress,
) -> RoadsBuilt:
    """Build the road tiles and the background of extracts, and use them once both are complete.

    Parameters
    ----------
    places
        The data folder's lycées, and settings with the tiles' folder.
    extracts
        .osm.pbf files; they may overlap.
    out
        Another folder of tiles.
    """
    lycees = places.of_folder.lycees
    identity = read_extracts(extracts)
    # minutes before the tiles would show it
    _check_bounds(extracts, [read_bounds(extract) for extract in extracts], lycees)
    load_package()  # fail before the tiles are built, not after
    folder = out or places.settings.tiles_folder
    made: list[tuple[tuple[str, ...], BasemapWritten]] = []

    def check_and_draw(tiles: Path, manifest: TilesManifest) -> None:
        reached = Valhalla(tiles).near_roads(lycees)
        if not reached:
            raise _elsewhere(identity.name, lycees)
        date = dt.date.fromisoformat(manifest.extract_date) if manifest.extract_date else None
        background = write_basemap(pbf, date, tiles / manifest.folder / BACKGROUND, manifest.pbf)
        made.append((tuple(lycee for lycee in lycees if lycee not in reached), background))

    with _one_file(extracts, folder, lycees, progress) as pbf:
        built = build_tiles(pbf, folder, progress, identity=identity, before_use=check_and_draw)
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


@contextmanager
def _one_file(
    extracts: Sequence[Path], folder: Path, lycees: Positions, progress: Progress
) -> Iterator[Path]:
    """Give the extract, or a temporary file merged from several, in the folder of the tiles."""
    if len(extracts) == 1:
        yield extracts[0]
        return
    with work_folder(folder) as work:
        merged = work / _MERGED
        bounds = merge_extracts(extracts, merged, lambda: progress(0, len(STAGES)))
        _check_bounds(extracts, bounds, lycees)
        yield merged


def _check_bounds(
    extracts: Sequence[Path], bounds: Sequence[Bounds | None], lycees: Positions
) -> None:
    """Refuse an extract that is far from the lycées; not every header tells its bounds."""
    for extract, box in zip(extracts, bounds, strict=True):
        if box is not None and _is_elsewhere(lycees, box, alone=len(extracts) == 1):
            raise _elsewhere(extract.name, lycees)


def _is_elsewhere(lycees: Positions, bounds: Bounds, *, alone: bool) -> bool:
    """Return whether an extract is far from all lycées; among several, from the box around them."""
    west, south, east, north = bounds
    if not alone:
        lats, lons = ([point[side] for point in lycees.values()] for side in (0, 1))
        beside = west - _NEAR > max(lons) or east + _NEAR < min(lons)
        return beside or south - _NEAR > max(lats) or north + _NEAR < min(lats)
    return not any(
        south - _NEAR <= lat <= north + _NEAR and west - _NEAR <= lon <= east + _NEAR
        for lat, lon in lycees.values()
    )


def _elsewhere(extract: str, lycees: Positions) -> InputError:
    site = terms().site
    return InputError(
        f"Le fichier « {extract} » n'a de route près d'aucun{site.e} des {len(lycees)} "
        f"{site.plural} ({shortlist(list(lycees))}) : prenez l'extrait de leur territoire. "
        "Rien n'a changé."
    )

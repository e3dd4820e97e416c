"""Valhalla's road tiles: built once from an .osm.pbf, and described by their manifest.

A tiles folder holds ``manifest.json`` and the one subfolder that it names: the tiles, and other
files made from the same extract. A build creates a whole tiles folder inside, and ends by replacing
the manifest atomically: whenever it is killed, the folder holds either the old tiles or the new
tiles, whole.
"""

import contextlib
import datetime as dt
import json
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from geozones.common import clock
from geozones.common.files import ordinary, why
from geozones.common.pacing import Progress, no_progress
from geozones.domain.errors import EngineMissingError, EngineUnavailableError
from geozones.travel.pbf import Extract, fault, read_extract
from geozones.travel.valhalla_tool import (
    STAGES,
    disk_fault,
    load_package,
    package_version,
    run_tool,
)

FORMAT = 1
MANIFEST = "manifest.json"
REBUILD = "construisez-les avec « geozones roads build FICHIER.osm.pbf »"
_WORK_PREFIX, _TILES_PREFIX = ".valhalla-build-", "valhalla-tiles-"
_STALE_S = 86_400


@dataclass(frozen=True, slots=True)
class TilesBuilt:
    """Result of a build: number of tiles, their size in MB (10⁶ bytes), seconds it took."""

    tiles: int
    megabytes: float
    seconds: float


@dataclass(frozen=True, slots=True)
class TilesManifest:
    """Origin of tiles: the extract, Valhalla's version, dates as YYYY-MM-DD.

    ``folder`` is the name of the subfolder of tiles, ``extract_date`` is ``None`` if the extract
    does not give it.
    """

    folder: str
    tiles: int
    size_bytes: int
    pbf: str
    pbf_bytes: int
    pbf_sha256: str
    extract_date: str | None
    valhalla: str
    built: str


def build_tiles(
    pbf: Path,
    out: Path,
    progress: Progress = no_progress,
    *,
    identity: Extract | None = None,
    before_use: Callable[[Path, TilesManifest], None] | None = None,
    today: Callable[[], dt.date] = clock.today,
) -> TilesBuilt:
    """Build the road tiles of an OpenStreetMap extract, replacing the tiles of ``out`` if any.

    Parameters
    ----------
    pbf
        The extract, an .osm.pbf file.
    out
        The tiles folder; created if missing, unchanged if the build fails.
    progress
        Called about ten times a second with (stages done, stages); may raise to stop the build.
    identity
        The identity in the manifest, if the file was made of several extracts.
    before_use
        Called with the new tiles, a tiles folder and its manifest, before they replace
        the old ones. Files that it adds to the folder stay with them; an exception leaves
        the old ones in use.
    today
        The date of the build.
    """
    start = time.monotonic()
    extract = identity or read_extract(pbf)
    valhalla = load_package()
    with work_folder(out) as work:
        tiles = work / work.name.replace(_WORK_PREFIX, _TILES_PREFIX)
        tiles.mkdir()
        run_tool(valhalla, pbf, work, tiles, progress)
        count, size = _measure(tiles)
        if not count:
            raise fault(pbf, "ne contient aucune route")
        manifest = TilesManifest(
            folder=tiles.name,
            tiles=count,
            size_bytes=size,
            pbf=extract.name,
            pbf_bytes=extract.size_bytes,
            pbf_sha256=extract.sha256,
            extract_date=extract.date.isoformat() if extract.date else None,
            valhalla=package_version(valhalla),
            built=today().isoformat(),
        )
        text = json.dumps({"format": FORMAT, **asdict(manifest)}, ensure_ascii=False, indent=2)
        (work / MANIFEST).write_text(text + "\n", encoding="utf-8")
        if before_use is not None:
            before_use(work, manifest)
        progress(len(STAGES), len(STAGES))
        _install(work, out, manifest)
    return TilesBuilt(count, round(size / 1e6, 1), round(time.monotonic() - start, 1))


def read_manifest(tiles: Path) -> TilesManifest:
    """Read the manifest of a tiles folder."""
    try:
        return _parse_manifest(json.loads(ordinary(tiles / MANIFEST).read_text(encoding="utf-8")))
    except (FileNotFoundError, NotADirectoryError) as error:
        raise EngineMissingError(
            f"Il n'y a pas de tuiles Valhalla dans « {tiles} » : {REBUILD}."
        ) from error
    except OSError as error:
        message = f"Les tuiles Valhalla de « {tiles} » ne peuvent pas être lues : {why(error)}."
    except (ValueError, KeyError, TypeError, AttributeError):
        message = f"Les tuiles Valhalla de « {tiles} » sont d'une autre version : {REBUILD}."
    raise EngineUnavailableError(message)


def check_tiles(tiles: Path, manifest: TilesManifest, version: str) -> None:
    """Check that tiles are whole and fit the installed Valhalla.

    Versions fit when their first two numbers are the same.
    """
    if _measure(tiles / manifest.folder) != (manifest.tiles, manifest.size_bytes):
        raise EngineUnavailableError(
            f"Les tuiles Valhalla de « {tiles} » sont incomplètes : {REBUILD}."
        )
    if manifest.valhalla.split(".")[:2] != version.split(".")[:2]:
        raise EngineUnavailableError(
            f"Les tuiles de « {tiles} » ont été faites par Valhalla {manifest.valhalla} et la "
            f"version {version} est installée : {REBUILD}."
        )


@contextlib.contextmanager
def work_folder(out: Path) -> Iterator[Path]:
    """Create a temporary folder inside ``out``; afterwards remove it, and ``out`` if empty."""
    try:
        out.mkdir(parents=True, exist_ok=True)
        work = Path(tempfile.mkdtemp(prefix=_WORK_PREFIX, dir=out))
        try:
            yield work
        finally:
            shutil.rmtree(work, ignore_errors=True)
            with contextlib.suppress(OSError):
                out.rmdir()  # refused unless empty
    except OSError as error:
        raise disk_fault(out, error) from error


def _measure(folder: Path) -> tuple[int, int]:
    """Return the number of tiles of a folder, and their size in bytes."""
    sizes = [tile.stat().st_size for tile in folder.rglob("*.gph")]
    return len(sizes), sum(sizes)


def _parse_manifest(content: Any) -> TilesManifest:  # noqa: ANN401
    if content.pop("format") != FORMAT:
        raise ValueError
    manifest = TilesManifest(**content)
    texts = (manifest.folder, manifest.pbf, manifest.valhalla, manifest.built)
    if not all(isinstance(text, str) for text in texts) or Path(texts[0]).name != texts[0]:
        raise ValueError
    return manifest


def _install(work: Path, out: Path, manifest: TilesManifest) -> None:
    """Replace the old tiles with new tiles; the last step before tidying is atomic."""
    try:
        old = read_manifest(out).folder
    except EngineUnavailableError:
        old = None
    (work / manifest.folder).rename(out / manifest.folder)
    try:
        (work / MANIFEST).replace(out / MANIFEST)
    except OSError:
        shutil.rmtree(out / manifest.folder, ignore_errors=True)
        raise
    if old is not None and old.startswith(_TILES_PREFIX):
        shutil.rmtree(out / old, ignore_errors=True)
    _sweep(out, manifest.folder)


def _sweep(out: Path, kept: str) -> None:
    """Remove what killed builds left more than a day ago."""
    for left in [*out.glob(_WORK_PREFIX + "*"), *out.glob(_TILES_PREFIX + "*")]:
        if left.name != kept and time.time() - left.stat().st_mtime > _STALE_S:
            shutil.rmtree(left, ignore_errors=True)

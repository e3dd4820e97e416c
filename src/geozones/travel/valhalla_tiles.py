"""Valhalla's road tiles: built once from an .osm.pbf, and described by their manifest.

A tiles folder holds ``manifest.json`` and the one subfolder that it names: the tiles, and other
files made from the same extract. A build creates a whole tiles folder inside, and ends by replacing
the manifest atomically: whenever it is killed, the folder holds either the old tiles or the new
tiles, whole.
"""

import contextlib
import copy
import datetime as dt
import errno
import json
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

from geozones.common import clock
from geozones.common.errors import GeozonesError
from geozones.common.files import ordinary, why
from geozones.common.pacing import Progress, no_progress
from geozones.domain.errors import (
    INSTALL_ROADS,
    EngineError,
    EngineMissingError,
    EngineUnavailableError,
)
from geozones.travel.pbf import Extract, fault, read_extract


def load_package() -> ModuleType:
    """Import ``valhalla``, which ``make roads`` installs."""
    try:
        return import_module("valhalla")
    except ModuleNotFoundError:
        message = f"Le moteur de trajets Valhalla n'est pas installé : {INSTALL_ROADS}."
    except ImportError as error:
        message = (
            f"Le moteur Valhalla ne se charge pas sur cette machine ({error}) : réinstallez-le "
            "avec « pip install --force-reinstall pyvalhalla »."
        )
    raise EngineMissingError(message)


def package_version(valhalla: ModuleType) -> str:
    """Return the version of the package, without the mark of its commit."""
    return str(valhalla.__version__).partition("-")[0]


def base_config(valhalla: ModuleType, tile_dir: Path) -> dict[str, Any]:
    """Return Valhalla's default settings for a folder of tiles, without any file outside it."""
    # the package hands out its own module-level dictionaries: never write in them
    config: dict[str, Any] = copy.deepcopy(valhalla.get_config(tile_extract="", tile_dir=""))
    mjolnir = config["mjolnir"]
    mjolnir["tile_dir"] = str(tile_dir.resolve())
    for elsewhere in ("admin", "landmarks", "timezone", "traffic_extract"):
        mjolnir[elsewhere] = ""
    mjolnir["transit_dir"] = mjolnir["transit_feeds_dir"] = ""
    config["additional_data"]["elevation"] = ""
    config["logging"] = {"type": "", "color": False}
    return config


def tool_path(valhalla: ModuleType) -> Path:
    """Return the path of ``valhalla_build_tiles``, which the package does not put on the PATH."""
    name = "valhalla_build_tiles.exe" if os.name == "nt" else "valhalla_build_tiles"
    return _folder(valhalla) / "bin" / name


def _folder(valhalla: ModuleType) -> Path:
    return Path(str(valhalla.__file__)).parent


#: Message of the tool at the start of a stage, and the stage in French. A progress of (done, total)
#: counts them: the current stage is ``STAGES[done]``.
STAGES = (
    ("Running valhalla_build_tiles", "préparation"),
    ("Parsing files for ways", "lecture des routes"),
    ("Parsing files for relations", "lecture des interdictions de tourner"),
    ("Parsing files for nodes", "lecture des carrefours"),
    ("Creating graph edges", "construction du graphe"),
    ("Enhancing local graph", "vitesses"),
    ("HierarchyBuilder", "hiérarchie des routes"),
    ("Creating shortcuts", "raccourcis"),
    ("Adding complex turn restrictions", "interdictions de tourner"),
    ("Validating, finishing", "vérification"),
)
_POLL_S = 0.1
_BUS_ERROR, _KILLED = -7, -9  # signals, as exit statuses


def run_tool(valhalla: ModuleType, pbf: Path, work: Path, tiles: Path, progress: Progress) -> None:
    """Run ``valhalla_build_tiles`` into the folder ``tiles``, its settings and log in ``work``."""
    config = base_config(valhalla, tiles)
    config["logging"]["type"] = "std_err"
    (work / "config.json").write_text(json.dumps(config), encoding="utf-8")
    log = work / "build.log"
    with log.open("wb") as sink:
        # the environment of the tool; on Windows it finds its libraries by the path alone
        libraries = str(_folder(valhalla).parent / "pyvalhalla.libs")
        status = _watch(
            [str(tool_path(valhalla)), "-c", str(work / "config.json"), str(pbf.resolve())],
            {**os.environ, "PATH": os.pathsep.join([libraries, os.environ.get("PATH", "")])},
            sink.fileno(),
            lambda stage: progress(stage, len(STAGES)),
            log,
        )
    if status:
        raise _tool_fault(
            pbf, work.parent, status, log.read_text(encoding="utf-8", errors="replace")
        )


def _watch(
    command: list[str],
    environment: dict[str, str],
    sink: int,
    report: Callable[[int], None],
    log: Path,
) -> int:
    """Run a command to its end and return its status, reporting its stage; stop it on an error."""
    stage = 0
    try:
        process = subprocess.Popen(  # noqa: S603 - the package's own executable
            command, stdin=subprocess.DEVNULL, stdout=sink, stderr=sink, env=environment
        )
    except OSError as error:
        raise EngineError(
            f"L'outil de Valhalla ne se lance pas ({error.strerror or error}) : réinstallez "
            "« pyvalhalla »."
        ) from error
    with process, log.open(encoding="utf-8", errors="replace") as lines:
        try:
            while process.poll() is None:
                # the current stage after the tool's last output
                text = lines.read()
                begun = [i for i, (words, _) in enumerate(STAGES) if words in text]
                stage = max([stage, *begun])
                report(stage)
                with contextlib.suppress(subprocess.TimeoutExpired):
                    process.wait(_POLL_S)
        except BaseException:
            process.kill()
            raise
        return process.returncode


def _tool_fault(pbf: Path, out: Path, status: int, log: str) -> GeozonesError:
    """Return the error for a failed tool, from its exit status (negative: a signal) and output."""
    if "osmium::" in log:
        return fault(pbf, "est abîmé : téléchargez-le à nouveau")
    if "Finished with 0 routable ways" in log:
        return fault(pbf, "ne contient aucune route")
    # written through memory maps, a full disk is a bus error, or tiles that do not fit together;
    # tiles are about as large as their extract
    full = shutil.disk_usage(out).free < pbf.stat().st_size
    if full or status == _BUS_ERROR or "No space left" in log:
        return disk_fault(out, OSError(errno.ENOSPC, ""))
    if status == _KILLED:
        return EngineError(
            "La construction des tuiles a été arrêtée par le système, sans doute faute de "
            "mémoire. Fermez d'autres programmes ou prenez un extrait plus petit."
        )
    last = (log.strip().splitlines() or [""])[-1].strip()
    return EngineError(f"La construction des tuiles a échoué (état {status} : {last}).")


def disk_fault(out: Path, error: OSError) -> GeozonesError:
    """Return the error for a folder that could not be written."""
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return EngineError(f"Il n'y a plus de place sur le disque de « {out} » : libérez-en.")
    why = error.strerror or str(error)
    return EngineError(
        f"Les tuiles ne peuvent pas être écrites dans « {out} » ({why}) : "
        "choisissez un autre dossier ou vérifiez ses droits."
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

    ``pbf`` is an .osm.pbf file. The folder ``out`` is created if missing, unchanged if the build
    fails. ``progress`` is called about ten times a second with (stages done, stages), and may raise
    to stop the build. ``identity`` is written in the manifest, if the file was made of several
    extracts.

    ``before_use`` is called with the new tiles (folder and manifest) before they replace the old
    ones: files that it adds to the folder stay with them, an exception leaves the old ones in use.
    ``today`` gives the date of the build.
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
    # remove what killed builds left more than a day ago
    for left in [*out.glob(_WORK_PREFIX + "*"), *out.glob(_TILES_PREFIX + "*")]:
        if left.name != manifest.folder and time.time() - left.stat().st_mtime > _STALE_S:
            shutil.rmtree(left, ignore_errors=True)

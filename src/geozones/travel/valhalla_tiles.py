"""Valhalla's road tiles: built once from an .osm.pbf, and known by their manifest.

A tiles folder holds ``manifest.json`` and the one subfolder of tiles that it names. A build works
in a subfolder of its own and ends by replacing the manifest, which is one atomic act of the file
system: whenever it is killed, the folder holds either the old tiles or the new ones, whole.
"""

import contextlib
import datetime as dt
import errno
import json
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from geozones.domain.errors import EngineError, EngineUnavailableError, GeozonesError
from geozones.travel.engine import Progress, no_progress
from geozones.travel.pbf import fault, read_extract
from geozones.travel.valhalla_package import (
    base_config,
    load_package,
    package_version,
    tool_environment,
    tool_path,
)

FORMAT = 1
MANIFEST = "manifest.json"
REBUILD = "construisez-les avec « geozones roads build FICHIER.osm.pbf »"
#: What the tool says when it begins a stage, and the stage in the user's words. A progress of
#: (done, total) counts them: the stage at work is ``STAGES[done]``.
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
_WORK_PREFIX, _TILES_PREFIX = ".valhalla-build-", "valhalla-tiles-"
_POLL_S = 0.1
_BUS_ERROR, _KILLED = -7, -9  # signals, as exit statuses
_STALE_S = 86_400


@dataclass(frozen=True, slots=True)
class TilesBuilt:
    """What a build made: number of tiles, their size in MB (10⁶ bytes), seconds it took."""

    tiles: int
    megabytes: float
    seconds: float


@dataclass(frozen=True, slots=True)
class TilesManifest:
    """What tiles were made of: the extract, Valhalla's version, dates as YYYY-MM-DD.

    ``folder`` is the name of the subfolder of tiles, ``extract_date`` ``None`` where the extract
    does not tell.
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
    today: Callable[[], dt.date] = dt.date.today,
) -> TilesBuilt:
    """Build the road tiles of an OpenStreetMap extract, in place of those of ``out`` if any.

    Parameters
    ----------
    pbf
        The extract, an .osm.pbf file.
    out
        The tiles folder; made if missing, left as it was if the build does not succeed.
    progress
        Called about ten times a second with (stages done, stages); may raise to stop the build.
    today
        The date of the build.

    Raises
    ------
    InputError
        If the extract is missing, empty, cut, damaged, of another format, or has no road.
    EngineError
        If the package is not installed, the folder cannot be written, the disk or the memory is
        full, or the tool fails.
    """
    start = time.monotonic()
    extract = read_extract(pbf)
    valhalla = load_package()
    with _work_folder(out) as work:
        (work / "tiles").mkdir()
        _run_tool(valhalla, pbf, work, progress)
        count, size = _measure(work / "tiles")
        if not count:
            raise fault(pbf, "ne contient aucune route")
        progress(len(STAGES), len(STAGES))
        manifest = TilesManifest(
            folder=_TILES_PREFIX + work.name.removeprefix(_WORK_PREFIX),
            tiles=count,
            size_bytes=size,
            pbf=extract.name,
            pbf_bytes=extract.size_bytes,
            pbf_sha256=extract.sha256,
            extract_date=extract.date.isoformat() if extract.date else None,
            valhalla=package_version(valhalla),
            built=today().isoformat(),
        )
        _install(work, out, manifest)
    return TilesBuilt(count, round(size / 1e6, 1), round(time.monotonic() - start, 1))


def read_manifest(tiles: Path) -> TilesManifest:
    """Read what a tiles folder was made of.

    Raises
    ------
    EngineUnavailableError
        If there is none, or it is unreadable or of another format.
    """
    try:
        return _parse_manifest(json.loads((tiles / MANIFEST).read_text(encoding="utf-8")))
    except OSError:
        message = f"Il n'y a pas de tuiles Valhalla dans « {tiles} » : {REBUILD}."
    except (ValueError, KeyError, TypeError, AttributeError):
        message = f"Les tuiles Valhalla de « {tiles} » sont d'une autre version : {REBUILD}."
    raise EngineUnavailableError(message)


def check_tiles(tiles: Path, manifest: TilesManifest, version: str) -> None:
    """Check that tiles are whole and fit the installed Valhalla.

    Versions fit when their first two numbers are the same.

    Raises
    ------
    EngineUnavailableError
        If they do not.
    """
    if _measure(tiles / manifest.folder) != (manifest.tiles, manifest.size_bytes):
        message = f"Les tuiles Valhalla de « {tiles} » sont incomplètes : {REBUILD}."
        raise EngineUnavailableError(message)
    if manifest.valhalla.split(".")[:2] != version.split(".")[:2]:
        message = (
            f"Les tuiles de « {tiles} » ont été faites par Valhalla {manifest.valhalla} et la "
            f"version {version} est installée : {REBUILD}."
        )
        raise EngineUnavailableError(message)


@contextlib.contextmanager
def _work_folder(out: Path) -> Iterator[Path]:
    """Lend a new folder inside ``out``; afterwards nothing of it is left, nor an empty ``out``."""
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
        raise _disk_fault(out, error) from error


def _disk_fault(out: Path, error: OSError) -> GeozonesError:
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return EngineError(f"Il n'y a plus de place sur le disque de « {out} » : libérez-en.")
    why = error.strerror or str(error)
    return EngineError(
        f"Les tuiles ne peuvent pas être écrites dans « {out} » ({why}) : "
        "choisissez un autre dossier ou vérifiez ses droits."
    )


def _run_tool(valhalla: ModuleType, pbf: Path, work: Path, progress: Progress) -> None:
    """Run ``valhalla_build_tiles`` into ``work/tiles``."""
    config = base_config(valhalla, work / "tiles")
    config["logging"]["type"] = "std_err"
    (work / "config.json").write_text(json.dumps(config), encoding="utf-8")
    log = work / "build.log"
    with log.open("wb") as sink:
        status = _watch(
            [str(tool_path(valhalla)), "-c", str(work / "config.json"), str(pbf.resolve())],
            tool_environment(valhalla),
            sink.fileno(),
            lambda stage: progress(stage, len(STAGES)),
            log,
        )
    if status:
        raise _tool_fault(pbf, work.parent, status, _text(log))


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
        message = (
            f"L'outil de Valhalla ne se lance pas ({error.strerror or error}) : réinstallez "
            "« geozones[valhalla] »."
        )
        raise EngineError(message) from error
    with process, log.open(encoding="utf-8", errors="replace") as lines:
        try:
            while process.poll() is None:
                stage = _stage(stage, lines.read())
                report(stage)
                with contextlib.suppress(subprocess.TimeoutExpired):
                    process.wait(_POLL_S)
        except BaseException:
            process.kill()
            raise
        return process.returncode


def _stage(stage: int, text: str) -> int:
    """Return the stage at work after what the tool has just said."""
    begun = [i for i, (words, _) in enumerate(STAGES) if words in text]
    return max([stage, *begun])


def _text(log: Path) -> str:
    return log.read_text(encoding="utf-8", errors="replace")


def _tool_fault(pbf: Path, out: Path, status: int, log: str) -> GeozonesError:
    """Tell why the tool failed, from its exit status (negative: a signal) and what it said."""
    if "osmium::" in log:
        return fault(pbf, "est abîmé : téléchargez-le à nouveau")
    if "Finished with 0 routable ways" in log:
        return fault(pbf, "ne contient aucune route")
    # written through memory maps, a full disk is a bus error
    if status == _BUS_ERROR or "No space left" in log:
        return _disk_fault(out, OSError(errno.ENOSPC, ""))
    if status == _KILLED:
        return EngineError(
            "La construction des tuiles a été arrêtée par le système, sans doute faute de "
            "mémoire : fermez d'autres programmes ou prenez un extrait plus petit."
        )
    last = (log.strip().splitlines() or [""])[-1].strip()
    return EngineError(f"La construction des tuiles a échoué (état {status} : {last}).")


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
    """Put new tiles in the place of the old ones; the last act before tidying is the atomic one."""
    try:
        old = read_manifest(out).folder
    except EngineUnavailableError:
        old = None
    (work / "tiles").rename(out / manifest.folder)
    text = json.dumps({"format": FORMAT, **asdict(manifest)}, ensure_ascii=False, indent=2)
    (work / MANIFEST).write_text(text + "\n", encoding="utf-8")
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

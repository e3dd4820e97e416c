"""Runner of ``valhalla_build_tiles``: its stages, stopping it, and reasons of its failures."""

import contextlib
import errno
import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

from geozones.common.errors import GeozonesError
from geozones.common.progress import Progress
from geozones.domain.errors import EngineError
from geozones.travel.pbf import fault
from geozones.travel.valhalla_package import (
    base_config,
    tool_environment,
    tool_path,
)

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
    """Return the current stage after the tool's last output."""
    begun = [i for i, (words, _) in enumerate(STAGES) if words in text]
    return max([stage, *begun])


def _text(log: Path) -> str:
    return log.read_text(encoding="utf-8", errors="replace")


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

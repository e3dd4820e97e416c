"""Territories of this installation: the first one, and those made here.

Words, ids and thresholds are those of one territory a process (`domain.settings`), so no
process opens two of them.
"""

import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from geozones.common.errors import DataFileError, InputError
from geozones.common.files import DATA_FOLDER, territories_folder
from geozones.common.french import number
from geozones.export.file_parts import slug
from geozones.intake.manifest_file import delivered_folder, find_data_folder, read_manifest

#: Variable of a server that changed territory: the data folder that it was started on.
STARTED_ON = "GEOZONES_STARTED_ON"
#: Seconds that a territory has to open.
_OPENING_S = 120


@dataclass(frozen=True, slots=True)
class KnownTerritory:
    """Territory that can be opened: its name, its data folder; ``is_open`` if it is on screen.

    ``problem`` says in French why it cannot be opened; empty if it can.
    """

    name: str
    folder: Path
    is_open: bool
    problem: str = ""


def known_territories() -> tuple[KnownTerritory, ...]:
    """Return the territory that the server was started on, then those made here by name."""
    here, made = find_data_folder(), _made()
    # the data folder of the settings, or the delivered one; never one made here
    named = os.environ.get(STARTED_ON, os.environ.get(DATA_FOLDER, ""))
    first = Path(named).absolute() if named else delivered_folder()
    folders = (
        first
        for first in (delivered_folder() if first in _made() else first, *made)
        if first is not None
    )
    return tuple(_known(folder, here) for folder in dict.fromkeys(folders))


def _made() -> list[Path]:
    folders = territories_folder().absolute().glob("[!.]*")
    return sorted(path for path in folders if path.is_dir())


def _known(folder: Path, here: Path) -> KnownTerritory:
    is_open = folder.absolute() == here.absolute()
    try:
        name = read_manifest(folder).name
    except DataFileError as error:
        return KnownTerritory(folder.name, folder, is_open, str(error))
    return KnownTerritory(name or folder.name, folder, is_open)


def opening_problem(folder: Path) -> str:
    """Return in French why a territory cannot be opened; empty if it can.

    A command of this program opens it in a process of its own, since a process has the words and
    ids of one territory only.
    """
    try:
        done = subprocess.run(
            [sys.executable, "-m", "geozones.cli", "plan", "--json"],
            env=os.environ | {DATA_FOLDER: str(folder)},
            capture_output=True,
            text=True,
            timeout=_OPENING_S,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return f"Son ouverture prend plus de {number(_OPENING_S)} secondes."
    if not done.returncode:
        return ""
    said = done.stderr.strip().splitlines()
    if said:  # the last line gives the reason: the lines before are warnings, or a traceback
        return said[-1].removeprefix("geozones : ")
    if done.returncode == -signal.SIGKILL:
        return "Son ouverture a été arrêtée par le système : la mémoire manque sans doute."
    return f"Son ouverture s'est arrêtée sans rien dire (code {done.returncode})."


def territory_folder(asked: str) -> Path:
    """Return the folder of a territory: a data folder, or the name of a territory made here.

    A name may be as it was given (« Bretagne ») or as its folder is named (« bretagne »).
    """
    places = [Path(asked), territories_folder() / asked]
    if Path(asked).name == asked:  # a name, not the path of a folder that is not there
        places.append(territories_folder() / slug(asked))
    for folder in places:
        if folder.is_dir():
            return folder.absolute()
    made = ", ".join(path.name for path in _made())
    known = f" Territoires créés ici : {made}." if made else ""
    raise InputError(f"Aucun dossier de données « {asked} », ni aucun territoire de ce nom.{known}")

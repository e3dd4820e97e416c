"""Where things are kept: the store of scenarios, its tables, the disk."""

import os
import shutil
import tempfile
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from geozones.common.files import home_folder, why
from geozones.common.french import number, plural
from geozones.workspace.doctor.record import Check, Finding, doubtful, fine, wrong

if TYPE_CHECKING:
    from geozones.store.state import StoreState

#: Bytes left on the disk below which nothing more should be kept, or soon will not be.
_NO_ROOM, _LITTLE_ROOM = 100_000_000, 1_000_000_000


@cache
def store_state() -> "StoreState":
    """Return how the store is, looked at once a run."""
    from geozones.store.state import look  # noqa: PLC0415 - SQLAlchemy, only if asked

    return look(writes=True)


def _store() -> Finding:
    state = store_state()
    where = f"{state.kind}, {state.where}"
    if not state.there:
        return fine(f"{where} : la base sera créée au premier lancement.")
    if state.damaged:
        return wrong(
            f"{where} : {plural(state.damaged, 'scénario abîmé', 'scénarios abîmés')}, voyez "
            "« geozones scenarios list » et retrouvez-les dans une sauvegarde."
        )
    if state.scenarios is None:
        return fine(f"{where} : la base répond.")
    return fine(f"{where} : {plural(state.scenarios, 'scénario')}, lecture et écriture.")


def _tables() -> Finding:
    state = store_state()
    if state.current:
        return fine(f"à jour ({state.revision}).")
    if state.newer:
        return wrong(
            f"une version plus récente de geozones a fait cette base ({state.revision}) : mettez "
            "geozones à jour, ou indiquez une autre base par GEOZONES_DATABASE_URL."
        )
    if state.revision is None:
        return fine("elles seront faites au premier lancement.")
    return doubtful(
        f"elles sont de la version {state.revision} et seront mises à jour au prochain lancement : "
        "faites d'abord une sauvegarde (geozones scenarios backup)."
    )


def _disk() -> Finding:
    home = home_folder()
    # one that is not there yet is made where its nearest parent is
    folder = next(place for place in (home, *home.parents) if place.exists())
    try:
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(b"geozones")
            file.flush()
            os.fsync(file.fileno())
        free = shutil.disk_usage(folder).free
    except OSError as error:
        return wrong(
            f"le dossier {home} ne peut pas être écrit ({why(error)}) : indiquez-en un autre par "
            "GEOZONES_HOME, ou donnez-en le droit au compte du service."
        )
    return _room(home, free)


def _room(folder: Path, free: int) -> Finding:
    left = f"{number(free / 1e9, 1)} Go libres dans {folder}"
    if free < _NO_ROOM:
        return wrong(f"{left} : libérez de la place, plus rien ne pourra être enregistré.")
    if free < _LITTLE_ROOM:
        return doubtful(f"{left} : libérez bientôt de la place.")
    return fine(f"{left}.")


CHECKS = (
    Check("store", "Base de scénarios", _store),
    Check("migrations", "Tables de la base", _tables),
    Check("disk", "Disque", _disk),
)

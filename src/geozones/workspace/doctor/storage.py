"""Records of a check, and checks of storage: store, tables, backups, disk, log and journal."""

import os
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from geozones.common.bounds import is_date
from geozones.common.clock import now, today
from geozones.common.files import home_folder, why
from geozones.common.french import long_date, number, plural, short_month
from geozones.domain import StoreError
from geozones.workspace.experiment.field_journal import first_month_kept
from geozones.workspace.scenarios.backups import last_verified

if TYPE_CHECKING:
    from geozones.store.state import StoreState


class FindingState(StrEnum):
    """State that a finding reports."""

    OK = "ok"
    WARNING = "warning"
    FAULT = "fault"


@dataclass(frozen=True, slots=True)
class Finding:
    """Result of a check: its state and a French sentence, which says what to do if needed."""

    state: FindingState
    message: str


@dataclass(frozen=True, slots=True)
class Check:
    """Check of one part that an installation depends on."""

    key: str  # Its key in JSON.
    label: str  # Its French label.
    #: Returns the finding; a ``GeozonesError`` that it raises counts as a fault.
    run: Callable[[], Finding]


def fine(message: str) -> Finding:
    """Return the finding that a part works."""
    return Finding(FindingState.OK, message)


def doubtful(message: str) -> Finding:
    """Return the finding that a part works but needs attention."""
    return Finding(FindingState.WARNING, message)


def wrong(message: str) -> Finding:
    """Return the finding that a part does not work."""
    return Finding(FindingState.FAULT, message)


#: Free bytes on the disk below which the check fails, and below which it warns.
_NO_ROOM, _LITTLE_ROOM = 100_000_000, 1_000_000_000
#: Days after which the last verified backup is too old.
_OLD_DAYS = 7


@cache
def store_state() -> "StoreState":
    """Return the state of the store, read once per run."""
    from geozones.store.state import look  # noqa: PLC0415 - SQLAlchemy, only if asked

    return look(writes=True, counts=True)


def _store() -> Finding:
    state = store_state()
    where = f"{state.kind}, {state.where}"
    if not state.there:
        return fine(f"{where} : la base sera créée au premier lancement.")
    if state.damaged:
        return wrong(
            f"{where} : {plural(state.damaged, 'élément illisible', 'éléments illisibles')}, que "
            "« geozones admin backup FICHIER » nomme ; retrouvez-les dans une sauvegarde."
        )
    if state.scenarios is None:
        return fine(f"{where} : la base répond.")
    return fine(f"{where} : {plural(state.scenarios, 'scénario')}, lecture et écriture.")


def _tables() -> Finding:
    state = store_state()
    if state.current:
        return fine(f"à jour ({state.revision}).")
    if state.fault:
        return wrong(f"cette base {state.fault}")
    if state.revision is None:
        return fine("elles seront faites au premier lancement.")
    return doubtful(
        f"elles sont de la version {state.revision} et seront mises à jour au prochain lancement. "
        "Faites d'abord une sauvegarde (geozones admin backup)."
    )


def backup_finding() -> Finding:
    """Return the age of the last verified backup, and whether its file still exists."""
    last = last_verified()
    if last is None:
        return doubtful(
            "aucune sauvegarde vérifiée : faites-en une par « geozones admin backup », et "
            "chaque nuit par « --every 24 »."
        )
    day = long_date(last.written) if is_date(last.written) else "d'une date inconnue"
    name = f"{last.file}, du {day}"
    if not last.is_there:
        return doubtful(f"{name} : le fichier n'est plus là, faites une sauvegarde.")
    age = now() - _moment(last.verified)
    if age < timedelta():
        return doubtful(f"{name}, relue à une date à venir : faites une sauvegarde.")
    if age > timedelta(days=_OLD_DAYS):
        return doubtful(f"{name}, relue il y a plus de {_OLD_DAYS} jours : faites une sauvegarde.")
    if last.left_out:
        left = plural(last.left_out, "élément illisible", "éléments illisibles")
        return doubtful(
            f"{name} : {left} n'y sont pas, « geozones admin verify » et « admin backup » "
            "les nomment."
        )
    return fine(f"{name}, relue en entier.")


def _moment(text: str) -> datetime:
    """Return the time of a backup note; the earliest time if the text is not a date."""
    read = datetime.fromisoformat(text) if is_date(text) else datetime.min
    return read if read.tzinfo else read.replace(tzinfo=UTC)


def _backup() -> Finding:
    if last_verified() is None and not _holds_something():
        return fine("il n'y a encore rien à sauvegarder.")
    return backup_finding()


def _holds_something() -> bool:
    """Return whether there is anything to back up; true if the store does not answer."""
    try:
        return store_state().scenarios != 0 and store_state().there
    except StoreError:
        return True


def _disk() -> Finding:
    home = home_folder()
    # a missing folder will be created under its nearest existing parent
    folder = next(place for place in (home, *home.parents) if place.exists())
    try:
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(b"geozones")
            file.flush()
            os.fsync(file.fileno())
        free = shutil.disk_usage(folder).free
    except OSError as error:
        return wrong(
            f"le dossier {home} ne peut pas être écrit ({why(error)}). Indiquez-en un autre par "
            "GEOZONES_HOME, ou donnez ce droit au compte du service."
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
    Check("backup", "Dernière sauvegarde vérifiée", _backup),
    Check("disk", "Disque", _disk),
)


def _log() -> Finding:
    log = store_state().log
    if log is None:
        return fine("rien à vérifier : la base n'a pas encore les tables de cette version.")
    if log.faults:
        return wrong(" ".join(log.faults))
    return fine(log.text)


def _journal() -> Finding:
    oldest = store_state().oldest_month
    if oldest is not None and oldest < first_month_kept(today()):
        return doubtful(
            f"des mois trop anciens sont gardés, depuis {short_month(oldest + '-01')}. Lancez "
            "« geozones admin nightly » chaque nuit : un mois est effacé par nuit."
        )
    return fine("aucun mois trop ancien n'est gardé.")


LOG_CHECKS = (
    Check("log", "Journal des actions", _log),
    Check("journal", "Journal de l'expérimentation", _journal),
)

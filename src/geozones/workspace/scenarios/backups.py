"""Rotating backups in a folder: one file each time, the oldest removed."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING

from geozones.common.errors import InputError
from geozones.common.files import why
from geozones.common.telemetry import TelemetryEvent, record_event
from geozones.workspace.scenarios.verified import note_verified

if TYPE_CHECKING:
    from geozones.workspace.scenarios.stores import Backup, Store

#: File name of a backup, with its time of writing in UTC. Other files are never removed.
_NAME = re.compile(r"geozones-\d{4}-\d{2}-\d{2}T\d{2}-\d{2}-\d{2}Z\.json")
_NAMED = "geozones-%Y-%m-%dT%H-%M-%SZ.json"
#: Seconds before the next try after a failure.
_TRY_AGAIN_S = 300.0


@dataclass(frozen=True, slots=True)
class KeptBackup:
    """A backup that was written, and the names of older ones that were removed."""

    backup: "Backup"
    removed: tuple[str, ...]


def backup_into(store: "Store", folder: Path, now: datetime, keep: int | None) -> KeptBackup:
    """Write a backup in a folder, created if needed; keep the last ``keep`` (``None``: all).

    The new backup is never removed, even if the clock was set back. If it cannot be written, none
    is removed.

    Raises
    ------
    InputError
        If the folder or the file cannot be written, or an old one cannot be removed.
    StoreError
        If the store does not answer.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        msg = f"Le dossier {folder} ne peut pas être écrit : {why(error)}."
        raise InputError(msg) from error
    written = store.backup(folder / now.astimezone(UTC).strftime(_NAMED))
    note_verified(written, now)
    record_event(TelemetryEvent.BACKUP, scenarios=written.scenarios, damaged=len(written.left_out))
    return KeptBackup(written, () if keep is None else _remove(folder, written.path.name, keep))


def _remove(folder: Path, newest: str, keep: int) -> tuple[str, ...]:
    try:
        names = sorted(file.name for file in folder.iterdir() if _NAME.fullmatch(file.name))
        # a name later than the newest comes from a clock that was set forward: remove it first
        older = sorted((name for name in names if name != newest), key=lambda name: name < newest)
        removed = older[: max(0, len(older) - keep + 1)]
        for name in removed:
            (folder / name).unlink(missing_ok=True)
    except OSError as error:
        msg = f"Une ancienne sauvegarde de {folder} n'a pas pu être supprimée : {why(error)}."
        raise InputError(msg) from error
    return tuple(removed)


def again_and_again(act: Callable[[], bool], every_s: float, stopped: Event) -> None:
    """Call ``act`` now, then every ``every_s`` seconds until stopped; sooner after a failure.

    ``act`` returns whether it succeeded.
    """
    while not stopped.is_set():
        done = act()
        stopped.wait(every_s if done else min(every_s, _TRY_AGAIN_S))

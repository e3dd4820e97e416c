"""Opening of the store, its rotating backups, and the note of the last one verified."""

import json
import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING

from geozones.common.bounds import Count
from geozones.common.errors import InputError
from geozones.common.files import home_folder, why, write_atomically
from geozones.common.json_log import TelemetryEvent, record_event
from geozones.records.converter import from_json

if TYPE_CHECKING:
    from geozones.store import Backup, LogState, Store

NOTE = "last_backup.json"


@dataclass(frozen=True, slots=True)
class VerifiedBackup:
    """A backup that was read back whole."""

    file: str  # Its path.
    written: str  # Time of writing, and of reading back (ISO 8601, UTC).
    verified: str
    left_out: Count  # Number of entries of the store, or of the file, that it cannot restore.

    @property
    def is_there(self) -> bool:
        """Whether its file still exists."""
        return Path(self.file).is_file()


def note_verified(backup: "Backup", now: datetime) -> None:
    """Note a verified backup, unless a newer one is noted; raise ``InputError`` on failure.

    Verifying an old file again does not make it newer than a backup written later; a backup dated
    in the future, by a clock that was set back since, is not newer.
    """
    last, at = last_verified(), now.astimezone(UTC).isoformat(timespec="milliseconds")
    if last is not None and last.is_there and backup.written < last.written <= at:
        return
    left_out = len(backup.left_out)
    if last is not None and (last.file, last.written) == (
        str(backup.path.absolute()),
        backup.written,
    ):
        # a verified file does not show what the store could not write in it
        left_out = max(left_out, last.left_out)
    note = VerifiedBackup(
        str(backup.path.absolute()),
        backup.written,
        now.astimezone(UTC).isoformat(timespec="seconds"),
        left_out,
    )
    home = home_folder()
    home.mkdir(parents=True, exist_ok=True)
    write_atomically(home / NOTE, json.dumps(asdict(note)), private=True)


def last_verified() -> VerifiedBackup | None:
    """Return the last verified backup; ``None`` if there is none, or its note is damaged."""
    try:
        document = json.loads((home_folder() / NOTE).read_text(encoding="utf-8"))
        return from_json(VerifiedBackup, document)
    except (OSError, ValueError, InputError):
        return None


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
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"Le dossier {folder} ne peut pas être écrit : {why(error)}.") from error
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
        raise InputError(
            f"Une ancienne sauvegarde de {folder} n'a pas pu être supprimée : {why(error)}."
        ) from error
    return tuple(removed)


def again_and_again(act: Callable[[], bool], every_s: float, stopped: Event) -> None:
    """Call ``act`` now, then every ``every_s`` seconds until stopped; sooner after a failure.

    ``act`` returns whether it succeeded.
    """
    while not stopped.is_set():
        done = act()
        stopped.wait(every_s if done else min(every_s, _TRY_AGAIN_S))


__all__ = ["Backup", "LogState", "Store", "open_store", "store_is_there", "verify_backup"]


def load_store() -> None:
    """Import the store: a server does so before its threads start.

    Two threads that import a package at the same time may find it half imported.
    """
    import_module("geozones.store")


def open_store(url: str | None = None) -> "Store":
    """Open the store, as ``geozones.store.open_store`` does."""
    from geozones import store  # noqa: PLC0415 - SQLAlchemy, only if asked

    return store.open_store(url)


@contextmanager
def store_opener() -> "Iterator[Callable[[], Store]]":
    """Yield a function that opens one store on first use; close the store afterwards."""
    opened: list[Store] = []

    def opener() -> "Store":
        if not opened:
            opened.append(open_store())
        return opened[0]

    try:
        yield opener
    finally:
        for store in opened:
            store.close()


def verify_backup(path: Path) -> "Backup":
    """Return the contents of a backup file; raise ``InputError`` if it cannot be read."""
    from geozones.store.backup import verify_file  # noqa: PLC0415 - as above

    return verify_file(path)


def store_is_there() -> bool:
    """Tell whether a store may exist: commands that only read must not create one.

    The names duplicate ``geozones.store.database``, which is slow to import.
    """
    named = os.environ.get("GEOZONES_DATABASE_URL")
    return bool(named) or (home_folder() / "scenarios.db").exists()

"""Readiness of a running app: the store accepts a write, its tables exist, the data can be read."""

from collections.abc import Callable
from pathlib import Path
from threading import Lock
from time import monotonic
from typing import TypedDict

from geozones.common.errors import DataFileError, GeozonesError
from geozones.common.files import why
from geozones.intake import find_data_folder
from geozones.workspace.atlas import open_atlas
from geozones.workspace.doctor.storage import backup_finding
from geozones.workspace.scenarios.stores import open_store

_KEPT_S = 1.0


class ReadinessReport(TypedDict):
    """Readiness report: ``checks`` has ``ok`` or a French error message for each check's key.

    ``backup`` describes the last verified backup: an old backup does not make the app unready.
    """

    ready: bool
    checks: dict[str, str]
    backup: str


class Readiness:
    """Readiness check, cached for one second; safe to share between threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._answer: ReadinessReport | None = None
        self._until = 0.0
        self._read: tuple[tuple[str, int, int], ...] | None = None

    def answer(self) -> ReadinessReport:
        """Return whether the app is ready, with the error of each failed check."""
        with self._lock:
            if self._answer is None or monotonic() >= self._until:
                self._answer = self._look()
                self._until = monotonic() + _KEPT_S
            return self._answer

    def _look(self) -> ReadinessReport:
        checks = {"store": _result(_store), "data": _result(self._data)}
        backup = backup_finding().message
        return {"ready": set(checks.values()) == {"ok"}, "checks": checks, "backup": backup}

    def _data(self) -> None:
        """Read the data folder if it changed since the last read."""
        folder = find_data_folder()
        files = _signature(folder)
        if files != self._read:
            self._read = None
            open_atlas(folder)
            self._read = files


def _result(check: Callable[[], None]) -> str:
    try:
        check()
    except GeozonesError as error:
        return str(error)
    return "ok"


def _store() -> None:
    """Create missing tables of this version; raise ``StoreError`` if the store fails.

    A read-only database would lose everybody's work: the check writes, then rolls back.
    """
    from geozones.store.state import look  # noqa: PLC0415 - SQLAlchemy, only if asked

    if not look(wait_s=2, writes=True).current:
        open_store().close()


def _signature(folder: Path) -> tuple[tuple[str, int, int], ...]:
    """Return the name, modification time and size of each file of a folder."""
    try:
        found = [(file, file.stat()) for file in sorted(folder.rglob("*")) if file.is_file()]
    except OSError as error:
        msg = f"Le dossier de données {folder} ne peut pas être lu : {why(error)}."
        raise DataFileError(msg) from error
    return tuple((str(file), status.st_mtime_ns, status.st_size) for file, status in found)

"""Note of the last verified backup, in the home folder that all processes share."""

import json
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from geozones.common.bounds import Count
from geozones.common.errors import InputError
from geozones.common.files import home_folder, write_atomically
from geozones.records.converter import from_json

if TYPE_CHECKING:
    from geozones.workspace.scenarios.stores import Backup

NOTE = "last_backup.json"


@dataclass(frozen=True, slots=True)
class VerifiedBackup:
    """A backup that was read back whole.

    Parameters
    ----------
    file
        Its path.
    written, verified
        Time of writing, and of reading back (ISO 8601, UTC).
    left_out
        Number of entries of the store, or of the file, that it cannot restore.
    """

    file: str
    written: str
    verified: str
    left_out: Count

    @property
    def is_there(self) -> bool:
        """Whether its file still exists."""
        return Path(self.file).is_file()


def note_verified(backup: "Backup", now: datetime) -> None:
    """Note a verified backup, unless a newer one is noted; raise ``InputError`` on failure.

    Verifying an old file again does not make it newer than a backup written later.
    """
    last = last_verified()
    if last is not None and last.is_there and last.written > backup.written:
        return
    left_out = len(backup.left_out)
    if last is not None and (last.file, last.written) == (
        str(backup.path.absolute()),
        backup.written,
    ):
        # read again, a file does not show what the store could not put in it
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

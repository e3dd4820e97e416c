"""Files of frozen versions, for the visitors of shared links: each made once, then kept.

A file is made in a process of its own that waits for its turn among visitors' files only. Whoever
asks for one that is being made waits for it too; it is abandoned once all of their tabs are closed.
"""

from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock
from time import monotonic

from geozones.common.errors import GeozonesError
from geozones.export import Dossier
from geozones.ui import visitor
from geozones.workspace.apart.bounds import read_bounds
from geozones.workspace.sharing.making import FileMaking

type Key = tuple[str, ...]

_SIZE = "a4"
#: Seconds that a failure is told to those who wait, before the file is made anew.
_FAILED_S = 2.0


class StillBeingMadeError(Exception):
    """The file is not there yet: ask again in a moment."""


class FileNotMadeError(GeozonesError):
    """The file could not be made; the message says why."""


class SharedFiles:
    """Files that were made, the one asked for last at the end, and those being made."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._kept: OrderedDict[Key, bytes] = OrderedDict()
        #: By file and by how it is made: a user does not wait among the visitors.
        self._in_making: dict[tuple[Key, type[FileMaking]], FileMaking] = {}
        #: Why a file could not be made, and when.
        self._failed: dict[tuple[Key, type[FileMaking]], tuple[str, float]] = {}

    def get(self, file: "SharedFile") -> bytes:
        """Return a file; begin to make it where nobody has.

        Raises
        ------
        StillBeingMadeError
            If it is being made: whoever waits asks again.
        FileNotMadeError
            If it could not be made.
        """
        asked = (file.key, file.making)
        with self._lock:
            self._take_made()
            if file.key in self._kept:
                self._kept.move_to_end(file.key)
                return self._kept[file.key]
            if asked in self._failed:
                raise FileNotMadeError(self._failed[asked][0])
            if asked not in self._in_making:
                self._in_making[asked] = file.making(file.dossier, file.format, _SIZE)
            visitor.wait_for(self._in_making[asked], file.session)
            raise StillBeingMadeError

    def _take_made(self) -> None:
        """Keep what was made; forget what was abandoned, and failures that all have read."""
        now = monotonic()
        self._failed = {
            asked: said for asked, said in self._failed.items() if said[1] > now - _FAILED_S
        }
        for asked, making in list(self._in_making.items()):
            if making.outcome is not None:
                self._keep(asked[0], making.outcome.content)
            elif making.is_abandoned:
                pass
            elif making.is_running:
                continue
            else:
                self._failed[asked] = (making.problem, now)
            del self._in_making[asked]

    def _keep(self, key: Key, content: bytes) -> None:
        self._kept[key] = content
        most = read_bounds().shared_files_mb * 1_000_000
        while len(self._kept) > 1 and sum(map(len, self._kept.values())) > most:
            self._kept.popitem(last=False)


_FILES = SharedFiles()


@dataclass(frozen=True, slots=True)
class SharedFile:
    """A file of a version as a download button of a session asks for it.

    ``key`` tells it from the files of all other versions; ``making`` is how it is made.
    """

    key: Key
    dossier: Dossier
    format: str
    making: type[FileMaking]
    session: str

    def __call__(self) -> bytes:
        """Return it; raises as `SharedFiles.get`."""
        return _FILES.get(self)

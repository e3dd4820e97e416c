"""Cache of geocoders' answers on disk, one file each."""

import hashlib
import json
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from geozones.common.errors import InputError
from geozones.common.files import write_atomically

_FORMAT = 1
_DAY_S = 86_400
#: share of the entries that stays when there are too many
_KEPT = 0.9
_log = logging.getLogger(__name__)


@dataclass
class AnswerCache:
    """Good answers by request, for every provider.

    Parameters
    ----------
    folder
        Their folder; ``None`` to keep none.
    max_days
        Older answers are requested again.
    max_entries
        Most answers; the oldest beyond it are deleted.
    now
        Seconds since the epoch.
    """

    folder: Path | None
    max_days: float = 180.0
    max_entries: int = 20_000
    now: Callable[[], float] = time.time
    _count: int | None = field(default=None, init=False)

    def _file(self, folder: Path, request: object) -> Path:
        text = json.dumps(request, sort_keys=True, ensure_ascii=False)
        return folder / f"{hashlib.sha256(text.encode()).hexdigest()}.json"

    def get(self, request: object) -> Any:  # noqa: ANN401 - what `put` was given
        """Return a cached answer; ``None`` if it is missing, damaged or too old."""
        if self.folder is None:
            return None
        try:
            kept = json.loads(self._file(self.folder, request).read_text(encoding="utf-8"))
            fresh = kept["format"] == _FORMAT and kept["at"] + self.max_days * _DAY_S >= self.now()
            return kept["answer"] if fresh and kept["request"] == request else None
        except (OSError, ValueError, TypeError, LookupError):
            return None

    def put(self, request: object, answer: object) -> None:
        """Write an answer on disk; log a warning if that fails."""
        if self.folder is None:
            return
        kept = {"format": _FORMAT, "at": int(self.now()), "request": request, "answer": answer}
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            path = self._file(self.folder, request)
            write_atomically(path, json.dumps(kept, ensure_ascii=False))
            self._bound(self.folder)
        except (OSError, InputError) as error:
            _log.warning("geocoding: an answer could not be kept on disk: %s", error)

    def _bound(self, folder: Path) -> None:
        if self._count is None:
            self._count = sum(1 for _ in folder.glob("*.json"))
        else:
            self._count += 1
        if self._count > self.max_entries:
            by_age = sorted(folder.glob("*.json"), key=lambda path: path.stat().st_mtime)
            keep = int(self.max_entries * _KEPT)
            for path in by_age[: max(0, len(by_age) - keep)]:
                path.unlink(missing_ok=True)
            self._count = min(len(by_age), keep)

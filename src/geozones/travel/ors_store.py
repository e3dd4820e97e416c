"""Store of matrix blocks on disk, so that an interrupted build can resume."""

import hashlib
import json
import logging
import math
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from geozones.common.errors import InputError
from geozones.common.files import write_atomically
from geozones.domain import EngineAnswerError
from geozones.domain.times import FloatArray
from geozones.travel.ors_blocks import BlockTimes, MatrixCall, NamedPoint, parse_matrix

_FORMAT = 1
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class BlockStore:
    """Received blocks, one JSON file each, so that an interrupted build can resume.

    Parameters
    ----------
    folder
        Their folder; ``None`` to keep nothing.
    server
        Address and profile, without key nor credentials: another server has other answers.
    max_age
        Older blocks are requested again.
    """

    folder: Path | None
    server: str
    max_age: timedelta

    def _file(self, folder: Path, call: MatrixCall) -> Path:
        request = json.dumps([self.server, call.body], sort_keys=True)
        return folder / f"{hashlib.sha256(request.encode()).hexdigest()}.json"

    def load(self, call: MatrixCall, today: date) -> tuple[BlockTimes, date] | None:
        """Return a block and its day; ``None`` if it is missing, damaged or too old."""
        if self.folder is None:
            return None
        try:
            kept = json.loads(self._file(self.folder, call).read_text(encoding="utf-8"))
            received = date.fromisoformat(kept["received"])
            if kept["format"] != _FORMAT or not received <= today <= received + self.max_age:
                return None
            filled = parse_matrix(kept, (len(call.sources), len(call.targets)))
            bad = frozenset(call.places[int(index)] for index in kept["unroutable"])
        except (OSError, ValueError, TypeError, LookupError, EngineAnswerError):
            return None
        return BlockTimes(filled.seconds, filled.metres, bad), received

    def save(
        self, call: MatrixCall, filled: BlockTimes, bad: AbstractSet[NamedPoint], today: date
    ) -> None:
        """Write a block on disk; log a warning if that fails."""
        if self.folder is None:
            return
        kept = {
            "format": _FORMAT,
            "received": today.isoformat(),
            "durations": _nulls(filled.seconds),
            "distances": _nulls(filled.metres),
            "unroutable": [i for i, spot in enumerate(call.places) if spot in bad],
        }
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            write_atomically(self._file(self.folder, call), json.dumps(kept, allow_nan=False))
        except (OSError, InputError) as error:
            _log.warning("openrouteservice: a block could not be kept on disk: %s", error)


def _nulls(table: FloatArray) -> list[list[float | None]]:
    return [[None if math.isnan(value) else value for value in row] for row in table.tolist()]

"""A matrix cut into calls, the body of one call, what it answers, and the answers kept on disk.

Nothing here goes to the network.
"""

import hashlib
import json
import logging
import math
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import numpy as np

from geozones.domain import EngineAnswerError, InputError
from geozones.domain.files import write_atomically
from geozones.domain.pacing import MINUTE_S
from geozones.domain.times import FloatArray
from geozones.travel.engine import Point

type Spot = tuple[str, Point]
"""A place: its id, its latitude and longitude."""

_FORMAT = 1
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Block:
    """A rectangle of the matrix that one call fills: its rows and its columns."""

    rows: range
    columns: range

    @property
    def pairs(self) -> int:
        """How many pairs it holds."""
        return len(self.rows) * len(self.columns)


def block_plan(n_origins: int, n_destinations: int, max_pairs: int) -> tuple[Block, ...]:
    """Cut a matrix into blocks that hold each pair once, in as few blocks as a grid can.

    Parameters
    ----------
    n_origins, n_destinations
        Rows and columns of the matrix; no block where one of them is 0.
    max_pairs
        Most pairs in one block, at least 1.

    Raises
    ------
    ValueError
        If ``max_pairs`` is not positive.
    """
    if max_pairs < 1:
        message = f"max_pairs must be at least 1, got {max_pairs}"
        raise ValueError(message)
    if not n_origins or not n_destinations:
        return ()
    grids = []
    for bands in range(1, n_origins + 1):
        height = -(-n_origins // bands)
        if height <= max_pairs:
            piles = -(-n_destinations // min(n_destinations, max_pairs // height))
            # among the grids of as few calls, the one that sends the fewest locations
            sent = bands * n_destinations + piles * n_origins
            grids.append((bands * piles, sent, bands, piles))
    _, _, bands, piles = min(grids)
    columns = _shares(n_destinations, piles)
    return tuple(Block(r, c) for r in _shares(n_origins, bands) for c in columns)


def plan_seconds(blocks: Sequence[Block], per_minute: int) -> float:
    """Return how long the quota alone holds the last call back: at most so many in any minute."""
    return MINUTE_S * ((len(blocks) - 1) // per_minute) if blocks else 0.0


def _shares(count: int, parts: int) -> list[range]:
    """Cut ``range(count)`` into parts whose sizes differ by one at most."""
    edges = [count * part // parts for part in range(parts + 1)]
    return [range(a, b) for a, b in pairwise(edges)]


def lon_lat(point: Point) -> list[float]:
    """Turn (latitude, longitude) round, as the service wants it, at 6 decimals (a decimetre)."""
    return [round(point[1], 6), round(point[0], 6)]


def on_earth(point: Point) -> bool:
    """Tell whether latitude and longitude are numbers of degrees at all."""
    return abs(point[0]) <= 90 and abs(point[1]) <= 180


@dataclass(frozen=True, slots=True)
class Call:
    """One matrix call: the places, each once, and which are origins and destinations."""

    spots: tuple[Spot, ...]
    sources: tuple[int, ...]
    targets: tuple[int, ...]

    @property
    def body(self) -> dict[str, object]:
        """The JSON to send."""
        return {
            "locations": [lon_lat(point) for _, point in self.spots],
            "sources": list(self.sources),
            "destinations": list(self.targets),
            "metrics": ["duration", "distance"],
            "units": "m",
        }

    @property
    def has_pairs(self) -> bool:
        """Whether it holds two places with a way between them to ask for."""
        return bool(self.sources) and bool(self.targets) and len(self.spots) > 1

    @property
    def splits(self) -> bool:
        """Whether it holds more than one pair."""
        return len(self.sources) * len(self.targets) > 1

    def part(self, rows: Sequence[int], columns: Sequence[int]) -> "Call":
        """Return the call for some of its rows and columns."""
        return call_for(
            [self.spots[self.sources[i]] for i in rows],
            [self.spots[self.targets[j]] for j in columns],
        )

    def without(self, bad: AbstractSet[Spot]) -> "tuple[list[int], list[int], Call]":
        """Return the rows, the columns and the call that are left without some places."""
        rows = [i for i, index in enumerate(self.sources) if self.spots[index] not in bad]
        columns = [j for j, index in enumerate(self.targets) if self.spots[index] not in bad]
        return rows, columns, self.part(rows, columns)

    def halves(self) -> "list[tuple[range, range, Call]]":
        """Cut its longer side in two: the rows, the columns and the call of each half."""
        rows, columns = range(len(self.sources)), range(len(self.targets))
        if len(rows) > len(columns):
            sides = [(half, columns) for half in _shares(len(rows), 2)]
        else:
            sides = [(rows, half) for half in _shares(len(columns), 2)]
        return [(r, c, self.part(r, c)) for r, c in sides]


def call_for(origins: Sequence[Spot], destinations: Sequence[Spot]) -> Call:
    """Make the call for a block, where a place on both sides is given once."""
    index: dict[Spot, int] = {}
    for spot in (*origins, *destinations):
        index.setdefault(spot, len(index))
    sources, targets = (tuple(index[spot] for spot in side) for side in (origins, destinations))
    return Call(tuple(index), sources, targets)


@dataclass(frozen=True, eq=False)
class Filled:
    """What a block was filled with.

    Attributes
    ----------
    seconds, metres
        float[origin, destination]; NaN where there is no way.
    unroutable
        The places that no road was found for, where they are known.
    """

    seconds: FloatArray
    metres: FloatArray
    unroutable: frozenset[Spot] = frozenset()

    def put(self, rows: Sequence[int], columns: Sequence[int], part: "Filled") -> None:
        """Copy the figures of a part into its rows and columns."""
        self.seconds[np.ix_(rows, columns)] = part.seconds
        self.metres[np.ix_(rows, columns)] = part.metres

    def any_way(self, call: Call) -> bool:
        """Tell whether there is a way between any two different places of the call."""
        apart = np.not_equal.outer(call.sources, call.targets)
        return bool(np.isfinite(self.seconds[apart]).any())


def parse_matrix(answer: object, shape: tuple[int, int]) -> Filled:
    """Read the durations and distances of an answer.

    Raises
    ------
    EngineAnswerError
        If one is missing, of another shape, or holds anything but numbers from 0 up and nulls.
    """
    tables = answer if isinstance(answer, dict) else {}
    seconds = _table(tables.get("durations"), shape, "durations")
    metres = _table(tables.get("distances"), shape, "distances")
    metres[np.isnan(seconds)] = np.nan
    return Filled(seconds, metres)


def _table(rows: object, shape: tuple[int, int], name: str) -> FloatArray:
    whole = (
        isinstance(rows, list)
        and len(rows) == shape[0]
        and all(isinstance(row, list) and len(row) == shape[1] for row in rows)
        and all(value is None or is_figure(value) for row in rows for value in row)
    )
    if not whole or not isinstance(rows, list):
        msg = (
            f"La réponse d'openrouteservice n'a pas {shape[0]} lignes et {shape[1]} colonnes de "
            f"nombres positifs dans « {name} » : vérifiez l'adresse et la version du serveur."
        )
        raise EngineAnswerError(msg)
    figures = [[math.nan if value is None else float(value) for value in row] for row in rows]
    return np.array(figures, dtype=np.float64).reshape(shape)


def is_figure(value: object) -> bool:
    """Tell whether a JSON value is a plausible number from 0 up (``true`` is none)."""
    return isinstance(value, (int, float)) and not isinstance(value, bool) and 0 <= value < 1e12


@dataclass(frozen=True)
class BlockStore:
    """Blocks received, one JSON file each, so that an interrupted build goes on where it was.

    Parameters
    ----------
    folder
        Where they are kept; ``None`` to keep nothing.
    server
        Address and profile, without key nor credentials: another server is another answer.
    max_age
        Older blocks are asked for again.
    """

    folder: Path | None
    server: str
    max_age: timedelta

    def _file(self, folder: Path, call: Call) -> Path:
        request = json.dumps([self.server, call.body], sort_keys=True)
        return folder / f"{hashlib.sha256(request.encode()).hexdigest()}.json"

    def load(self, call: Call, today: date) -> tuple[Filled, date] | None:
        """Return a block and its day; ``None`` where it is missing, damaged or too old."""
        if self.folder is None:
            return None
        try:
            kept = json.loads(self._file(self.folder, call).read_text(encoding="utf-8"))
            received = date.fromisoformat(kept["received"])
            if kept["format"] != _FORMAT or not received <= today <= received + self.max_age:
                return None
            filled = parse_matrix(kept, (len(call.sources), len(call.targets)))
            bad = frozenset(call.spots[int(index)] for index in kept["unroutable"])
        except (OSError, ValueError, TypeError, LookupError, EngineAnswerError):
            return None
        return Filled(filled.seconds, filled.metres, bad), received

    def save(self, call: Call, filled: Filled, bad: AbstractSet[Spot], today: date) -> None:
        """Keep a block; a disk that refuses it is told in the log, and the build goes on."""
        if self.folder is None:
            return
        kept = {
            "format": _FORMAT,
            "received": today.isoformat(),
            "durations": _nulls(filled.seconds),
            "distances": _nulls(filled.metres),
            "unroutable": [i for i, spot in enumerate(call.spots) if spot in bad],
        }
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            write_atomically(self._file(self.folder, call), json.dumps(kept, allow_nan=False))
        except (OSError, InputError) as error:
            _log.warning("openrouteservice: a block could not be kept on disk: %s", error)


def _nulls(table: FloatArray) -> list[list[float | None]]:
    return [[None if math.isnan(value) else value for value in row] for row in table.tolist()]

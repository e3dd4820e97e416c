"""Matrix calls to openrouteservice: division into blocks, body of a call, parsing of its answer.

Nothing here uses the network.
"""

import math
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from geozones.domain import EngineAnswerError
from geozones.domain.times import FloatArray
from geozones.travel.engine import Point

type NamedPoint = tuple[str, Point]
"""A place's id, and its latitude and longitude in WGS84 degrees."""


@dataclass(frozen=True, slots=True)
class Block:
    """Rectangle of the matrix filled by one call: its rows and its columns."""

    rows: range
    columns: range

    @property
    def pairs(self) -> int:
        """Number of pairs in the block."""
        return len(self.rows) * len(self.columns)


def block_plan(n_origins: int, n_destinations: int, max_pairs: int) -> tuple[Block, ...]:
    """Divide a matrix into blocks that hold each pair once, in as few blocks as a grid can.

    Parameters
    ----------
    n_origins, n_destinations
        Rows and columns of the matrix; no block where one of them is 0.
    max_pairs
        Most pairs in one block, at least 1.
    """
    if max_pairs < 1:
        raise ValueError(f"max_pairs must be at least 1, got {max_pairs}")
    if not n_origins or not n_destinations:
        return ()
    grids = []
    for bands in range(1, n_origins + 1):
        height = -(-n_origins // bands)
        if height <= max_pairs:
            piles = -(-n_destinations // min(n_destinations, max_pairs // height))
            # among the grids with as few calls, the one that sends the fewest locations
            sent = bands * n_destinations + piles * n_origins
            grids.append((bands * piles, sent, bands, piles))
    _, _, bands, piles = min(grids)
    columns = _shares(n_destinations, piles)
    return tuple(Block(r, c) for r in _shares(n_origins, bands) for c in columns)


def _shares(count: int, parts: int) -> list[range]:
    """Divide ``range(count)`` into parts whose sizes differ by one at most."""
    edges = [count * part // parts for part in range(parts + 1)]
    return [range(a, b) for a, b in pairwise(edges)]


def lon_lat(point: Point) -> list[float]:
    """Return (longitude, latitude), as the service expects, at 6 decimals (a decimetre)."""
    return [round(point[1], 6), round(point[0], 6)]


@dataclass(frozen=True, slots=True)
class MatrixCall:
    """Matrix call: places, each once, and the ranks of its origins and destinations in them."""

    places: tuple[NamedPoint, ...]
    sources: tuple[int, ...]
    targets: tuple[int, ...]

    @property
    def body(self) -> dict[str, object]:
        """JSON body of the call."""
        return {
            "locations": [lon_lat(point) for _, point in self.places],
            "sources": list(self.sources),
            "destinations": list(self.targets),
            "metrics": ["duration", "distance"],
            "units": "m",
        }

    @property
    def has_pairs(self) -> bool:
        """Whether it holds two places with a drive between them to ask for."""
        return bool(self.sources) and bool(self.targets) and len(self.places) > 1

    @property
    def splits(self) -> bool:
        """Whether it holds more than one pair."""
        return len(self.sources) * len(self.targets) > 1

    def part(self, rows: Sequence[int], columns: Sequence[int]) -> "MatrixCall":
        """Return the call for some of its rows and columns."""
        return call_for(
            [self.places[self.sources[i]] for i in rows],
            [self.places[self.targets[j]] for j in columns],
        )

    def without(self, bad: AbstractSet[NamedPoint]) -> "tuple[list[int], list[int], MatrixCall]":
        """Return the remaining rows, columns and call without some places."""
        rows = [i for i, index in enumerate(self.sources) if self.places[index] not in bad]
        columns = [j for j, index in enumerate(self.targets) if self.places[index] not in bad]
        return rows, columns, self.part(rows, columns)

    def halves(self) -> "list[tuple[range, range, MatrixCall]]":
        """Divide its longer side in two: the rows, the columns and the call of each half."""
        rows, columns = range(len(self.sources)), range(len(self.targets))
        if len(rows) > len(columns):
            sides = [(half, columns) for half in _shares(len(rows), 2)]
        else:
            sides = [(rows, half) for half in _shares(len(columns), 2)]
        return [(r, c, self.part(r, c)) for r, c in sides]


def call_for(origins: Sequence[NamedPoint], destinations: Sequence[NamedPoint]) -> MatrixCall:
    """Build the call for a block; a place on both sides is listed once."""
    index: dict[NamedPoint, int] = {}
    for spot in (*origins, *destinations):
        index.setdefault(spot, len(index))
    sources, targets = (tuple(index[spot] for spot in side) for side in (origins, destinations))
    return MatrixCall(tuple(index), sources, targets)


@dataclass(frozen=True, eq=False)
class BlockTimes:
    """Drives of a block.

    Attributes
    ----------
    seconds, metres
        float[origin, destination]; NaN if unreachable.
    unroutable
        The places known to be near no road.
    """

    seconds: FloatArray
    metres: FloatArray
    unroutable: frozenset[NamedPoint] = frozenset()

    def put(self, rows: Sequence[int], columns: Sequence[int], part: "BlockTimes") -> None:
        """Copy the figures of a part into its rows and columns."""
        self.seconds[np.ix_(rows, columns)] = part.seconds
        self.metres[np.ix_(rows, columns)] = part.metres

    def any_way(self, call: MatrixCall) -> bool:
        """Return whether any two different places of the call are connected."""
        apart = np.not_equal.outer(call.sources, call.targets)
        return bool(np.isfinite(self.seconds[apart]).any())


def parse_matrix(answer: object, shape: tuple[int, int]) -> BlockTimes:
    """Read the durations and distances of an answer."""
    tables = answer if isinstance(answer, dict) else {}
    seconds = _table(tables.get("durations"), shape, "durations")
    metres = _table(tables.get("distances"), shape, "distances")
    metres[np.isnan(seconds)] = np.nan
    return BlockTimes(seconds, metres)


def _table(rows: object, shape: tuple[int, int], name: str) -> FloatArray:
    whole = (
        isinstance(rows, list)
        and len(rows) == shape[0]
        and all(isinstance(row, list) and len(row) == shape[1] for row in rows)
        and all(value is None or is_figure(value) for row in rows for value in row)
    )
    if not whole or not isinstance(rows, list):
        raise EngineAnswerError(
            f"La réponse d'openrouteservice n'a pas {shape[0]} lignes et {shape[1]} colonnes de "
            f"nombres positifs dans « {name} ». Vérifiez l'adresse et la version du serveur."
        )
    figures = [[math.nan if value is None else float(value) for value in row] for row in rows]
    return np.array(figures, dtype=np.float64).reshape(shape)


def is_figure(value: object) -> bool:
    """Return whether a JSON value is a plausible non-negative number (``true`` is not)."""
    return isinstance(value, (int, float)) and not isinstance(value, bool) and 0 <= value < 1e12

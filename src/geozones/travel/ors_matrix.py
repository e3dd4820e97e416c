"""Construction of a matrix by openrouteservice, block by block, despite points near no road."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta

import numpy as np

from geozones.common.pacing import Clock, RateLimiter
from geozones.common.progress import Progress
from geozones.domain import Provenance
from geozones.travel.engine import on_earth
from geozones.travel.ors_blocks import (
    Block,
    BlockTimes,
    MatrixCall,
    NamedPoint,
    block_plan,
    call_for,
    parse_matrix,
)
from geozones.travel.ors_client import OrsClient, OrsRefusalError
from geozones.travel.ors_refusals import NO_POINT, refused, unroutable
from geozones.travel.ors_settings import OrsSettings
from geozones.travel.ors_store import BlockStore

SOURCE = "openrouteservice.org, données OpenStreetMap"
LICENCE = "© openrouteservice.org, données © les contributeurs d’OpenStreetMap, ODbL"


class MatrixBuild:
    """Matrix under construction: the pairs done, and the places known to be near no road."""

    def __init__(
        self, settings: OrsSettings, clock: Clock, limiter: RateLimiter, progress: Progress
    ) -> None:
        self._settings, self._clock, self._limiter = settings, clock, limiter
        self._progress = progress
        self._client: OrsClient | None = None
        self._path = f"/v2/matrix/{settings.profile}/json"
        self._store = BlockStore(
            settings.cache_dir,
            f"{settings.address}{self._path}",
            timedelta(days=settings.cache_days),
        )
        self._today = clock.now().date()
        self._bad: set[NamedPoint] = set()
        self._days: list[date] = []
        self._done = self._total = self._blocks = 0

    def run(self, rows: Sequence[NamedPoint], columns: Sequence[NamedPoint]) -> BlockTimes:
        """Fill the matrix block by block; seconds and metres are float[row, column]."""
        matrix = _empty(len(rows), len(columns))
        self._bad.update(spot for spot in (*rows, *columns) if not on_earth(spot[1]))
        self._total = matrix.seconds.size
        self._tick()
        for block in block_plan(len(rows), len(columns), self._settings.max_pairs):
            matrix.put(block.rows, block.columns, self._block(block, rows, columns))
            self._done += block.pairs
            self._tick()
        return matrix

    def provenance(self) -> Provenance:
        """Return the provenance of the matrix; its date is the date of its oldest block."""
        return Provenance(
            engine="openrouteservice",
            date=min([*self._days, self._today]).isoformat(),
            profile=self._settings.profile,
            source=SOURCE,
            licence=LICENCE,
            parameters={
                "server": self._settings.host,
                "blocks": self._blocks,
                "blocks_from_disk": len(self._days),
                "max_pairs": self._settings.max_pairs,
                "unroutable": sorted({place for place, _ in self._bad}),
            },
        )

    def _tick(self) -> None:
        self._progress(self._done, self._total)

    def _block(
        self, block: Block, rows: Sequence[NamedPoint], columns: Sequence[NamedPoint]
    ) -> BlockTimes:
        call = call_for([rows[i] for i in block.rows], [columns[j] for j in block.columns])
        self._blocks += 1
        kept = self._store.load(call, self._today)
        if kept is not None:
            filled, day = kept
            self._days.append(day)
            self._bad |= filled.unroutable
            return filled
        filled = self._fill(call)
        self._store.save(call, filled, self._bad, self._today)
        return filled

    def _fill(self, call: MatrixCall, *, doubt: bool = True) -> BlockTimes:
        """Ask for the pairs of a call, without the points that the service ties to no road.

        ``doubt``: ask again in halves if the answer has no drive between any two places.
        """
        filled = _empty(len(call.sources), len(call.targets))
        while True:
            rows, columns, asked = call.without(self._bad)
            if not asked.has_pairs:
                return filled
            try:
                part = self._post(asked)
            except OrsRefusalError as refusal:
                named = unroutable(refusal.message, asked)
                if not named and refusal.code not in NO_POINT:
                    raise refused(refusal) from None
                self._bad |= named
                if named:
                    continue
                part = self._halves(asked, self._fill)
            else:
                if doubt and asked.splits and not part.any_way(asked):
                    part = self._look_again(asked)
            filled.put(rows, columns, part)
            return filled

    def _halves(self, call: MatrixCall, ask: Callable[[MatrixCall], BlockTimes]) -> BlockTimes:
        """Fill a call in two halves; a single pair that is refused is unreachable."""
        filled = _empty(len(call.sources), len(call.targets))
        if call.splits:
            for rows, columns, half in call.halves():
                filled.put(rows, columns, ask(half))
        return filled

    def _look_again(self, call: MatrixCall) -> BlockTimes:
        """Ask in two halves for a call that came back without a single drive.

        Some versions answer so when only one place cannot be reached
        (GIScience/openrouteservice#1785): if one half has drives, the other is halved in turn.
        """
        ways: list[bool] = []

        def ask(half: MatrixCall) -> BlockTimes:
            part = self._fill(half, doubt=False)
            ways.append(part.any_way(half))
            return part

        filled = self._halves(call, ask)
        if not any(ways) or all(ways):
            return filled
        for (rows, columns, half), has_ways in zip(call.halves(), ways, strict=True):
            if not has_ways and half.splits:
                filled.put(rows, columns, self._look_again(half))
        return filled

    def _post(self, call: MatrixCall) -> BlockTimes:
        if self._client is None:
            self._client = OrsClient(self._settings, self._limiter, self._clock, self._tick)
        answer = self._client.post(self._path, call.body)
        return parse_matrix(answer, (len(call.sources), len(call.targets)))


def _empty(rows: int, columns: int) -> BlockTimes:
    return BlockTimes(np.full((rows, columns), np.nan), np.full((rows, columns), np.nan))

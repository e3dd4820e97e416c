r"""The yearly activity of zones from needs, minutes and a number of posts alone.

Where nobody defined the posts, they are supposed as the document wants them, and as a proposal
makes them (`geozones.teams`): as many as the needs fill, loads balanced, each post in two lycées at
least and each lycée known by two of them at least, the least driving.
"""

from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from geozones.cost.activity import Activity, Figure, Hypotheses
from geozones.cost.cover_table import CoverTable
from geozones.domain.teams import SLOTS

type Floats = NDArray[np.float64]
#: A day of two half-days is one trip there and back.
_HALVES = 2


@dataclass(frozen=True, eq=False)
class Zones:
    """Zones of k lycées each, as arrays; legs are trips there and back.

    Parameters
    ----------
    needs
        ``float[k, zone]``, half-days of need a week; above 0 in all.
    minutes
        ``float[pair, zone]``, minutes there and back between two lycées, in the order of
        ``combinations(range(k), 2)``; ``inf`` where there is no way.
    posts
        ``float[zone]``, how many; real.
    centred
        ``bool[k, zone]``, whether the sector of each lycée has a known support centre.
    tis_replace
        Whether T.I.S. stand in, from there, where no colleague can.
    """

    needs: Floats
    minutes: Floats
    posts: Floats
    centred: NDArray[np.bool_]
    tis_replace: bool = False

    @property
    def size(self) -> int:
        """Lycées of a zone, k."""
        return len(self.needs)


def full_time_equivalents(needs: Floats) -> Floats:
    """Return the posts that needs (``float[k, zone]``) fill, real, at least one a zone.

    They are not rounded: rounding would let a plan make posts by splitting zones.
    """
    return np.maximum(needs.sum(axis=0) / SLOTS, 1.0)


def activity_of(zones: Zones, hypotheses: Hypotheses, table: CoverTable) -> Activity:
    """Return what the posts of zones would do; see the module."""
    total = np.maximum(zones.needs.sum(axis=0), 1e-9)
    unmet = np.maximum(total - SLOTS * zones.posts, 0.0)
    met = total - unmet
    nearer = _nearer(zones)
    residents = _residents(zones)
    flows = _flows(zones, residents, nearer)
    missed = hypotheses.absence_rate * hypotheses.weeks * met
    lost, next_one = table.shares(zones.posts, met / (SLOTS * zones.posts))
    covered = missed * (1 - lost)
    tis_covers = missed * lost * zones.needs / total * zones.centred * zones.tis_replace
    return Activity(
        week=_both_ways(flows, zones) / _HALVES * (met / total),
        visits=_visits(zones, residents, flows),
        covers=_covers(zones, nearer, next_one) * (covered / total / _HALVES),
        tis=zones.centred.astype(np.float64),
        tis_covers=tis_covers / _HALVES,
        missed=missed,
        displaced=covered,
        uncovered=missed * lost - tis_covers.sum(axis=0),
        unmet=unmet,
    )


def _rows(size: int) -> dict[tuple[int, int], int]:
    """Return the row of each pair of lycées, in both orders."""
    rows = {pair: row for row, pair in enumerate(combinations(range(size), 2))}
    return rows | {(j, i): row for (i, j), row in rows.items()}


def _others(size: int, *but: int) -> list[int]:
    return [lycee for lycee in range(size) if lycee not in but]


#: Whether, for lycée i, j is nearer than m: ``float[zone]`` by (i, j, m).
type _Nearer = dict[tuple[int, int, int], Floats]


def _nearer(zones: Zones) -> _Nearer:
    """Return whether, for lycée i, j is nearer than m: 0 or 1, ½ for two as far, by (i, j, m)."""
    rows, nearer = _rows(zones.size), {}
    for i in range(zones.size):
        for j, m in combinations(_others(zones.size, i), 2):
            first, other = zones.minutes[rows[i, j]], zones.minutes[rows[i, m]]
            nearer[i, j, m] = (first < other) * 0.5 + (first <= other) * 0.5
            nearer[i, m, j] = 1 - nearer[i, j, m]
    return nearer


def _nearest_minutes(zones: Zones) -> Floats:
    """Return the minutes there and back to the nearest other lycée, ``float[k, zone]``."""
    rows = _rows(zones.size)
    least = np.zeros_like(zones.needs)
    for i in range(zones.size):
        others = _others(zones.size, i)
        if others:
            least[i] = np.minimum.reduce([zones.minutes[rows[i, j]] for j in others])
    return least


def _residents(zones: Zones) -> Floats:
    """Return how many posts reside in each lycée, ``float[k, zone]``.

    One after the other, a post resides where it spares the most driving: half-days of its lycée
    that it serves, times the minutes to the nearest other one. Of a real number of posts, the last
    is a part.
    """
    size, least = zones.size, _nearest_minutes(zones)
    load = zones.needs.sum(axis=0) / zones.posts
    spared = []
    left = zones.needs
    for _ in range(2):
        spared.append(np.minimum(left, load) * least)
        left = np.maximum(left - load, 0.0)
    worth = np.concatenate(spared)
    before, equal = np.zeros_like(worth), np.ones_like(worth)
    for a, b in combinations(range(len(worth)), 2):
        more, same = worth[a] > worth[b], worth[a] == worth[b]
        before[b] += more
        before[a] += ~(more | same)
        equal[a] += same
        equal[b] += same
    # those that are worth the same share what is left for them
    chosen = np.clip((zones.posts - before) / equal, 0.0, 1.0)
    return chosen[:size] + chosen[size:]


def _flows(zones: Zones, residents: Floats, nearer: _Nearer) -> dict[tuple[int, int], Floats]:
    """Return half-days a week worked in j by those who reside in i, ``float[zone]`` by (i, j)."""
    size = zones.size
    load = zones.needs.sum(axis=0) / zones.posts
    spare = np.maximum(load * residents - zones.needs, 0.0)
    short = np.maximum(zones.needs - load * residents, 0.0)
    flows = {}
    for j in range(size):
        others = _others(size, j)
        weights = []
        for i in others:
            weight = spare[i].copy()
            for m in others:
                if m != i:
                    beaten = 1 - np.minimum(spare[m] / np.maximum(short[j], 1e-9), 1.0)
                    weight *= 1 - nearer[j, m, i] * (1 - beaten)
            weights.append(weight)
        total = np.maximum(sum(weights), 1e-9) if others else None
        for i, weight in zip(others, weights, strict=True):
            flows[i, j] = short[j] * weight / total
    return _shared(zones, residents, nearer, flows)


def _shared(
    zones: Zones,
    residents: Floats,
    nearer: _Nearer,
    flows: dict[tuple[int, int], Floats],
) -> dict[tuple[int, int], Floats]:
    """Add the exchanges by which each post is in two lycées, and each lycée knows two posts."""
    size = zones.size
    edge = {pair: np.minimum(flow / _HALVES, 1.0) for pair, flow in flows.items()}
    for i in range(size):
        others = _others(size, i)
        if not others:
            continue
        out = residents[i] - sum(edge[i, j] for j in others)
        into = 2 - residents[i] - sum(edge[j, i] for j in others)
        lacking = np.maximum(np.maximum(out, into), 0.0) * _HALVES / 2
        for j in others:
            nearest = lacking
            for m in others:
                if m != j:
                    nearest = nearest * nearer[i, j, m]
            flows[i, j] = flows[i, j] + nearest
            flows[j, i] = flows[j, i] + nearest
    return flows


def _both_ways(flows: dict[tuple[int, int], Floats], zones: Zones) -> Floats:
    """Return the flows of each pair, both directions together: ``float[pair, zone]``."""
    pairs = combinations(range(zones.size), 2)
    legs = [flows[i, j] + flows[j, i] for i, j in pairs]
    return np.array(legs) if legs else np.zeros_like(zones.minutes)


def _visits(zones: Zones, residents: Floats, flows: dict[tuple[int, int], Floats]) -> Floats:
    """Return the trips of one visit by each post to each lycée that is not theirs."""
    unknown = {
        (i, j): np.maximum(residents[i] - np.minimum(flow / _HALVES, residents[i]), 0.0)
        for (i, j), flow in flows.items()
    }
    return _both_ways(unknown, zones)


def _covers(zones: Zones, nearer: _Nearer, next_one: Figure) -> Floats:
    """Return where covers come from: ``float[pair, zone]``, half-days of need of each lycée."""
    size, rows = zones.size, _rows(zones.size)
    present = np.minimum(zones.needs / SLOTS, 1.0)
    legs = np.zeros_like(zones.minutes)
    passed_by = 1 - (1 - next_one) * present
    for i in range(size):
        others = _others(size, i)
        weights = []
        for j in others:
            weight = present[j].copy()
            for m in others:
                if m != j:
                    weight *= 1 - nearer[i, m, j] * (1 - passed_by[m])
            weights.append(weight)
        if others:
            share = zones.needs[i] / np.maximum(sum(weights), 1e-9)
            for j, weight in zip(others, weights, strict=True):
                legs[rows[i, j]] += weight * share
    return legs

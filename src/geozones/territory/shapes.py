"""Shapes of zones and sectors, their connectedness, and groups of near points."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import scipy
import shapely

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from shapely.geometry.base import BaseGeometry


def dissolve(cells: Mapping[str, BaseGeometry], ids: Iterable[str]) -> BaseGeometry:
    """Return the union of the cells of some lycées."""
    return shapely.coverage_union_all([cells[key] for key in ids])


def adjacency(cells: Mapping[str, BaseGeometry]) -> dict[str, frozenset[str]]:
    """Return the lycées whose cells share a border of positive length, for each lycée.

    Computed once: cells do not change when a lycée changes zone.
    """
    ids = list(cells)
    shapes = [cells[key] for key in ids]
    tree = shapely.STRtree(shapes)
    near: dict[str, set[str]] = {key: set() for key in ids}
    for i, j in tree.query(shapes, predicate="intersects").T:
        if i < j and shapely.length(shapely.intersection(shapes[i], shapes[j])) > 0:
            near[ids[i]].add(ids[j])
            near[ids[j]].add(ids[i])
    return {key: frozenset(others) for key, others in near.items()}


def parts_cut_off(
    neighbours: Mapping[str, frozenset[str]], members: Iterable[str]
) -> tuple[tuple[str, ...], ...]:
    """Return the groups of lycées of a zone that are separate on the map, from its `adjacency`.

    Empty if the zone is in one piece; else every piece, the largest first and otherwise in the
    order of ``members``.
    """
    order = tuple(members)
    left = set(order)
    groups = []
    for key in order:
        if key not in left:
            continue
        group, frontier = {key}, [key]
        left.discard(key)
        while frontier:
            reached = neighbours[frontier.pop()] & left
            left -= reached
            group |= reached
            frontier.extend(reached)
        if len(group) == len(order):
            return ()
        groups.append(tuple(member for member in order if member in group))
    return tuple(sorted(groups, key=len, reverse=True))


#: Sites farther than this from all others are in another part of their territory.
APART_KM = 500.0
_EARTH_KM = 6371.0


def on_sphere(places: np.ndarray) -> np.ndarray:
    """Return the unit vectors of places (longitude, latitude), float[place, 3]."""
    lon, lat = np.radians(places).T
    return np.column_stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)])


def groups_apart(places: Sequence[tuple[float, float]], km: float) -> list[list[int]]:
    """Return the ranks of places (longitude, latitude) in groups more than some km apart."""
    if len(places) < 2:
        return [list(range(len(places)))]
    return clusters(on_sphere(np.array(places)), km / _EARTH_KM)


def clusters(places: np.ndarray, near: float) -> list[list[int]]:
    """Group points of float[n, 2 or 3] that are connected by steps shorter than ``near``."""
    pairs = closer(places, near)
    graph = scipy.sparse.csr_matrix(
        (np.ones(len(pairs)), pairs.T), shape=(len(places), len(places))
    )
    count, group = scipy.sparse.csgraph.connected_components(graph, directed=False)
    ranks = np.split(np.argsort(group, kind="stable"), np.cumsum(np.bincount(group))[:-1])
    return sorted(part.tolist() for part in ranks) if count else []


def closer(points: np.ndarray, apart: float) -> np.ndarray:
    """Return the pairs of points, int[pair, 2], in order, with less than ``apart`` between them."""
    # a little more, then the exact test: the tree may round another way
    pairs = scipy.spatial.KDTree(points).query_pairs(apart * 1.000001, output_type="ndarray")
    offset = points[pairs[:, 0]] - points[pairs[:, 1]]
    close = pairs[np.hypot.reduce(offset, axis=1) < apart]
    return np.asarray(close[np.lexsort((close[:, 1], close[:, 0]))])

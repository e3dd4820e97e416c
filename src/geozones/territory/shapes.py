"""Shapes of zones and sectors, and their connectedness."""

from __future__ import annotations

from typing import TYPE_CHECKING

import shapely

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from shapely.geometry.base import BaseGeometry


def dissolve(cells: Mapping[str, BaseGeometry], ids: Iterable[str]) -> BaseGeometry:
    """Return the union of the cells of some lycées.

    Raises
    ------
    KeyError
        If a lycée has no cell.
    """
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
    """Return the groups of lycées of a zone that are separate on the map.

    Parameters
    ----------
    neighbours
        Result of `adjacency`.
    members
        The lycées of the zone.

    Returns
    -------
    tuple of tuples
        Empty if the zone is in one piece; else every piece, the largest first and otherwise in
        the order of ``members``.
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

"""First zones of a map: in one piece, of sizes in bounds wherever that can be."""

from collections.abc import Callable
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.spatial import Delaunay

from geozones.domain import ObjectiveWeights, Provenance, TravelTimes
from geozones.optimize.drafts import (
    Bounds,
    DraftProblem,
    SiteMap,
    bisected,
    draft_zones,
    shared_out,
)
from geozones.optimize.resources import DrivesModel

LIMIT = 45.0
type Map = Callable[[int, int], tuple[NDArray[np.bool_], NDArray[np.float64]]]


def problem_of(
    adjacent: NDArray[np.bool_], places: NDArray[np.float64], bounds: Bounds, zones: int | None
) -> DraftProblem:
    minutes = np.hypot(*(places[:, None] - places[None]).transpose(2, 0, 1))
    ids = tuple(f"S{site:04}" for site in range(len(places)))
    times = TravelTimes(ids, ids, minutes.copy(), minutes.copy(), Provenance("toy", "2025-01-01"))
    return DraftProblem(
        ids=ids,
        site_map=SiteMap(adjacent, minutes),
        times=times,
        far=minutes > LIMIT,
        unknown=np.zeros(minutes.shape, bool),
        bounds=bounds,
        cost=DrivesModel(times, ObjectiveWeights()),
        zone_count=zones,
    )


def region(count: int, seed: int) -> tuple[NDArray[np.bool_], NDArray[np.float64]]:
    """Sites at random; those of a Delaunay triangle touch."""
    places = np.random.default_rng(seed).uniform(0, 12 * count**0.5, (count, 2))
    adjacent = np.zeros((count, count), bool)
    for triangle in Delaunay(places).simplices:
        adjacent[np.ix_(triangle, triangle)] = True
    np.fill_diagonal(adjacent, val=False)
    return adjacent, places


def any_map(count: int, seed: int) -> tuple[NDArray[np.bool_], NDArray[np.float64]]:
    """Sites that touch at random, as no map would: stars, chains, islands."""
    random = np.random.default_rng(seed)
    adjacent = np.triu(random.uniform(size=(count, count)) < random.uniform(0.1, 0.6), 1)
    return adjacent | adjacent.T, random.uniform(0, 60, (count, 2))


def feasible(adjacent: NDArray[np.bool_], bounds: Bounds) -> bool:
    """Return whether zones in one piece, of sizes in bounds, exist: by brute force."""
    count = len(adjacent)
    near = [sum(1 << int(other) for other in np.flatnonzero(row)) for row in adjacent]

    def in_one_piece(zone: int) -> bool:
        reached = zone & -zone
        while True:
            wider = reached
            for site in range(count):
                if reached >> site & 1:
                    wider |= near[site] & zone
            if wider == reached:
                return reached == zone
            reached = wider

    zones = [
        zone
        for zone in range(1, 1 << count)
        if bounds.least <= zone.bit_count() <= bounds.most and in_one_piece(zone)
    ]

    @cache
    def divides(left: int) -> bool:
        first = left & -left
        return not left or any(
            divides(left & ~zone) for zone in zones if zone & first and zone & ~left == 0
        )

    return divides((1 << count) - 1)


def check(problem: DraftProblem) -> list[int]:
    """Return the sizes of the zones, after checking that each site is in one, in one piece."""
    found = draft_zones(problem)
    assert sorted(np.concatenate(found.zones).tolist()) == list(range(problem.size))
    for zone in found.zones:
        assert len(problem.site_map.pieces(zone)) == 1
    again = draft_zones(problem)
    assert [zone.tolist() for zone in again.zones] == [zone.tolist() for zone in found.zones]
    return [len(zone) for zone in found.zones]


@pytest.mark.slow
@settings(max_examples=120, deadline=None)
@given(
    st.integers(1, 9),
    st.integers(0, 10**6),
    st.integers(1, 5),
    st.integers(0, 3),
    st.sampled_from([region, any_map]),
)
def test_sizes_are_in_bounds_exactly_where_brute_force_finds_such_zones(
    count: int, seed: int, least: int, more: int, made: Map
) -> None:
    adjacent, places = (made if count > 3 else any_map)(count, seed)
    bounds = Bounds(least, least + more)
    sizes = check(problem_of(adjacent, places, bounds, None))
    held = all(bounds.least <= size <= bounds.most for size in sizes)
    assert held == feasible(adjacent, bounds)


@pytest.mark.slow
@settings(max_examples=6, deadline=None)
@given(st.integers(11, 55), st.integers(0, 10**6))
def test_a_region_has_zones_of_three_to_five(count: int, seed: int) -> None:
    sizes = check(problem_of(*region(count, seed), Bounds(3, 5), None))
    assert set(sizes) <= {3, 4, 5}


@pytest.mark.slow
@settings(max_examples=12, deadline=None)
@given(st.integers(4, 30), st.integers(1, 20), st.integers(0, 10**6))
def test_a_number_of_zones_is_that_number(count: int, zones: int, seed: int) -> None:
    zones = min(zones, count)
    mean = count / zones
    bounds = Bounds(max(1, round(mean) - 1), round(mean) + 1)
    assert len(check(problem_of(*region(count, seed), bounds, zones))) == zones


@pytest.mark.slow
def test_sizes_are_in_bounds_where_bisection_alone_misses_them() -> None:
    bounds = Bounds(2, 2)
    problem = problem_of(*any_map(12, 3), bounds, None)
    assert feasible(problem.site_map.adjacent, bounds)
    assert set(map(len, bisected(problem.site_map, 6, bounds=bounds))) != {2}
    assert set(check(problem)) == {2}


def pairs_of(places: list[tuple[float, float]], unknown: tuple[int, int] | None) -> list[list[int]]:
    """Return the zones of two of four sites that all touch one another."""
    problem = problem_of(~np.eye(4, dtype=bool), np.array(places), Bounds(2, 2), None)
    if unknown is not None:
        table = np.zeros((4, 4), bool)
        table[unknown] = table[unknown[::-1]] = True
        problem = replace(problem, unknown=table)
    return [zone.tolist() for zone in draft_zones(problem).zones]


def test_no_drive_over_the_limit_counts_before_short_drives_and_a_known_way_before_it() -> None:
    """A pair is one minute over the limit; without it, drives are twice as long in all."""
    places = [(0, 0), (46, 0), (23, 37.5), (23.5, 37.5)]
    assert pairs_of(places, None) == [[0, 2], [1, 3]]
    assert pairs_of([(0, 0), (44, 0), *places[2:]], None) == [[0, 1], [2, 3]]
    places = [(0, 0), (10, 0), (0, 60), (10, 60)]
    assert pairs_of(places, None) == [[0, 1], [2, 3]]
    assert pairs_of(places, (0, 1)) == [[0, 2], [1, 3]]


def test_pieces_of_the_map_have_their_own_zones() -> None:
    adjacent, places = region(20, 5)
    adjacent[:10, 10:] = adjacent[10:, :10] = False
    problem = problem_of(adjacent, places, Bounds(1, 20), 2)
    assert len(check(problem)) >= len(problem.site_map.pieces(np.arange(20)))


@pytest.mark.parametrize(
    ("parts", "weights", "shares"),
    [(7, [3, 3], [4, 3]), (5, [97, 1, 1], [3, 1, 1]), (2, [5, 5, 5], [1, 1, 1]), (4, [9], [4])],
)
def test_parts_are_shared_by_weight_one_at_least(
    parts: int, weights: list[int], shares: list[int]
) -> None:
    assert shared_out(parts, weights) == shares


@pytest.mark.slow
@settings(max_examples=20, deadline=None)
@given(st.integers(4, 60), st.integers(1, 12), st.integers(0, 10**6))
def test_parts_of_a_map_are_in_one_piece_and_balanced(count: int, parts: int, seed: int) -> None:
    site_map = problem_of(*region(count, seed), Bounds(1, count), None).site_map
    found = bisected(site_map, parts)
    assert len(found) == min(parts, count)
    assert all(len(site_map.pieces(sites)) == 1 for sites in found)
    sizes = [len(sites) for sites in found]
    assert max(sizes) <= 2.5 * count / min(parts, count) + 1


def test_islands_are_joined_to_the_nearest_land() -> None:
    places = np.array([(0.0, 0.0), (1.0, 0.0), (5.0, 0.0), (9.0, 0.0)])
    adjacent = np.zeros((4, 4), bool)
    adjacent[0, 1] = adjacent[1, 0] = True
    bridged = problem_of(adjacent, places, Bounds(1, 4), None).site_map.bridged()
    assert np.argwhere(np.triu(bridged.adjacent)).tolist() == [[0, 1], [1, 2], [2, 3]]

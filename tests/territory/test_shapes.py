"""Shapes of zones, and zones in several pieces."""

import pytest
from shapely import box

from geozones.territory.shapes import adjacency, dissolve, parts_cut_off

# A B C in a row; D touches C by a corner only; E is an island
CELLS = {
    "A": box(0, 0, 1, 1),
    "B": box(1, 0, 2, 1),
    "C": box(2, 0, 3, 1),
    "D": box(3, 1, 4, 2),
    "E": box(9, 9, 10, 10),
}
Neighbours = dict[str, frozenset[str]]


@pytest.fixture(scope="module")
def neighbours() -> Neighbours:
    return adjacency(CELLS)


def test_cells_are_neighbours_when_they_share_more_than_a_corner(neighbours: Neighbours) -> None:
    assert neighbours["B"] == {"A", "C"}
    assert neighbours["C"] == {"B"}
    assert neighbours["D"] == neighbours["E"] == frozenset()


def test_a_zone_in_one_piece_has_no_part_cut_off(neighbours: Neighbours) -> None:
    assert parts_cut_off(neighbours, ["C", "A", "B"]) == ()
    assert parts_cut_off(neighbours, ["A"]) == ()
    assert parts_cut_off(neighbours, []) == ()


def test_the_pieces_of_a_zone_are_named_largest_first(neighbours: Neighbours) -> None:
    assert parts_cut_off(neighbours, ["A", "C"]) == (("A",), ("C",))
    assert parts_cut_off(neighbours, ["D", "A", "B"]) == (("A", "B"), ("D",))


def test_dissolving_removes_the_inner_borders() -> None:
    assert dissolve(CELLS, ["A", "B"]).equals(box(0, 0, 2, 1))

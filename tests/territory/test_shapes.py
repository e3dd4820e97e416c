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


def test_cells_that_share_more_than_a_corner_are_neighbours_and_in_one_piece(
    neighbours: Neighbours,
) -> None:
    assert neighbours["B"] == {"A", "C"}
    assert neighbours["C"] == {"B"}
    assert neighbours["D"] == neighbours["E"] == frozenset()
    assert parts_cut_off(neighbours, ["C", "A", "B"]) == ()
    assert parts_cut_off(neighbours, ["A"]) == ()
    assert parts_cut_off(neighbours, []) == ()


def test_pieces_are_named_largest_first_and_dissolving_removes_inner_borders(
    neighbours: Neighbours,
) -> None:
    assert parts_cut_off(neighbours, ["A", "C"]) == (("A",), ("C",))
    assert parts_cut_off(neighbours, ["D", "A", "B"]) == (("A", "B"), ("D",))
    assert dissolve(CELLS, ["A", "B"]).equals(box(0, 0, 2, 1))

"""The estimate of last resort against the table it leans on."""

import math

import numpy as np
import pytest

from geozones.domain import TravelTimes, UnknownPlaceError
from geozones.travel.engine import Places, Point
from geozones.travel.estimate import Estimate, crow_km, formula_minutes
from geozones.workspace import Workspace

NANTES, ANGERS = (47.2184, -1.5536), (47.4784, -0.5632)


def estimate(
    origin: Point, destination: Point, positions: Places, times: TravelTimes
) -> tuple[float, float]:
    """Minutes and km of one drive."""
    found = Estimate(positions, times).matrix({"a": origin}, {"b": destination})
    assert found.provenance.engine == "estimate"
    return found.between("a", "b"), found.km_between("a", "b")


def test_the_crow_flies_80_km_from_nantes_to_angers() -> None:
    assert crow_km(NANTES, ANGERS) == pytest.approx(80, abs=1)
    assert crow_km(NANTES, NANTES) == 0
    assert crow_km((0, 0), (0, 180)) == pytest.approx(math.pi * 6371, rel=1e-4)


def test_no_distance_is_no_minute(workspace: Workspace) -> None:
    assert estimate(NANTES, NANTES, workspace.positions, workspace.times) == (0, 0)


def test_between_two_lycees_the_estimate_is_what_the_table_says(workspace: Workspace) -> None:
    pairs = [("0490003M", "0530012A"), ("0490018D", "0720048L"), ("0440012Z", "0720013Y")]
    for a, b in pairs:
        minutes, km = estimate(
            workspace.positions[a], workspace.positions[b], workspace.positions, workspace.times
        )
        assert minutes == pytest.approx(workspace.times.between(a, b), rel=0.01)
        assert km == pytest.approx(workspace.times.km_between(a, b), rel=0.01)


def test_a_lycee_the_table_would_not_know_is_estimated_within_a_tenth(
    workspace: Workspace,
) -> None:
    rng = np.random.default_rng(2)
    lycees = list(workspace.positions)
    errors, naive = [], []
    for _ in range(150):
        a, b = (str(key) for key in rng.choice(lycees, 2, replace=False))
        here, there = workspace.positions[a], workspace.positions[b]
        distance = crow_km(here, there)
        if distance < 5:
            continue
        others = {k: v for k, v in workspace.positions.items() if k not in {a, b}}
        truth = workspace.times.between(a, b)
        errors.append(abs(estimate(here, there, others, workspace.times)[0] / truth - 1))
        naive.append(abs(float(formula_minutes(np.array(distance))) / truth - 1))
    assert sum(errors) / len(errors) < 0.10
    assert sum(errors) < sum(naive)


def test_without_any_way_around_the_formula_alone_answers(cut_toy: Workspace) -> None:
    positions = {key: cut_toy.positions[key] for key in "AC"}
    minutes, km = estimate(positions["A"], positions["C"], positions, cut_toy.times)
    distance = crow_km(positions["A"], positions["C"])
    assert minutes == pytest.approx(float(formula_minutes(np.array(distance))))
    assert km == pytest.approx(distance * 1.3)


def test_a_trip_between_lycees_names_the_engine_and_one_to_a_point_is_marked_estimated(
    workspace: Workspace,
) -> None:
    known = workspace.trip("0490003M", "0530012A")
    assert (known.source, known.estimated) == (workspace.times.provenance.engine, False)
    assert known.minutes == workspace.times.between("0490003M", "0530012A")
    guess = workspace.trip("0490003M", "47.2184, -1.5536")
    assert (guess.source, guess.estimated) == ("estimate", True)
    assert guess.minutes == pytest.approx(62, rel=0.2)


def test_a_trip_without_a_way_has_no_minutes_rather_than_zero(cut_toy: Workspace) -> None:
    trip = cut_toy.trip("A", "C")
    assert (trip.minutes, trip.km) == (None, None)


@pytest.mark.parametrize(
    "place", ["0490003A", "47.2", "47.2,-1.5,3", "nan,nan", "91,0", "0,181", "", "Nantes", "1,inf"]
)
def test_a_place_that_is_neither_a_lycee_nor_a_point_is_refused(
    workspace: Workspace, place: str
) -> None:
    with pytest.raises(UnknownPlaceError, match="n'est ni le code d'un lycée ni un point"):
        workspace.trip("0490003M", place)

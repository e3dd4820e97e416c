"""The estimate of last resort against the table it leans on."""

import math

import numpy as np
import pytest

from geozones.domain import TravelTimes, UnknownPlaceError
from geozones.travel.engine import EstimatedDrives, Point, Positions, crow_km, formula_minutes
from geozones.workspace.figures.study import Study
from geozones.workspace.reachability.accessibility import trip_between

NANTES, ANGERS = (47.2184, -1.5536), (47.4784, -0.5632)


def estimate(
    origin: Point, destination: Point, positions: Positions, times: TravelTimes
) -> tuple[float, float]:
    """Minutes and km of one drive."""
    estimate = EstimatedDrives(positions, times).matrix({"a": origin}, {"b": destination})
    assert estimate.provenance.engine == "estimate"
    return estimate.between("a", "b"), estimate.km_between("a", "b")


def test_the_crow_flies_80_km_from_nantes_to_angers_and_no_distance_is_no_minute(
    study: Study,
) -> None:
    assert crow_km(NANTES, ANGERS) == pytest.approx(80, abs=1)
    assert crow_km(NANTES, NANTES) == 0
    assert crow_km((0, 0), (0, 180)) == pytest.approx(math.pi * 6371, rel=1e-4)
    assert estimate(NANTES, NANTES, study.territory.positions, study.times) == (0, 0)


def test_between_two_lycees_the_estimate_is_what_the_table_says(study: Study) -> None:
    pairs = [("0490003M", "0530012A"), ("0490018D", "0720048L"), ("0440012Z", "0720013Y")]
    for a, b in pairs:
        minutes, km = estimate(
            study.territory.positions[a],
            study.territory.positions[b],
            study.territory.positions,
            study.times,
        )
        assert minutes == pytest.approx(study.times.between(a, b), rel=0.01)
        assert km == pytest.approx(study.times.km_between(a, b), rel=0.01)


def test_a_lycee_the_table_would_not_know_is_estimated_within_a_tenth(
    study: Study,
) -> None:
    rng = np.random.default_rng(2)
    lycees = list(study.territory.positions)
    errors, naive = [], []
    for _ in range(150):
        a, b = (str(key) for key in rng.choice(lycees, 2, replace=False))
        here, there = study.territory.positions[a], study.territory.positions[b]
        distance = crow_km(here, there)
        if distance < 5:
            continue
        others = {k: v for k, v in study.territory.positions.items() if k not in {a, b}}
        truth = study.times.between(a, b)
        errors.append(abs(estimate(here, there, others, study.times)[0] / truth - 1))
        naive.append(abs(float(formula_minutes(np.array(distance))) / truth - 1))
    assert sum(errors) / len(errors) < 0.10
    assert sum(errors) < sum(naive)


def test_without_any_way_around_the_formula_alone_answers(cut_toy: Study) -> None:
    positions = {key: cut_toy.territory.positions[key] for key in "AC"}
    minutes, km = estimate(positions["A"], positions["C"], positions, cut_toy.times)
    distance = crow_km(positions["A"], positions["C"])
    assert minutes == pytest.approx(float(formula_minutes(np.array(distance))))
    assert km == pytest.approx(distance * 1.3)


@pytest.mark.parametrize(
    "place", ["0490003A", "47.2", "47.2,-1.5,3", "nan,nan", "91,0", "0,181", "", "Nantes", "1,inf"]
)
def test_a_place_that_is_neither_a_lycee_nor_a_point_is_refused(study: Study, place: str) -> None:
    with pytest.raises(UnknownPlaceError, match="n'est ni un lycée, ni une commune, ni un point"):
        trip_between(study.analysis, "0490003M", place)

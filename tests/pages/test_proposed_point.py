"""What the page « Propositions » says of the error of minutes."""

import math
from dataclasses import replace

import pytest

from geozones.optimize import Frontier, PartitionOptions
from geozones.ui.carte.proposals.proposed_point import enough
from geozones.workspace.proposals.search import points_of
from geozones.workspace.proposals.solve import frontier
from geozones.workspace.study import Study


@pytest.fixture(scope="module")
def curve(study: Study) -> Frontier:
    """The best plans of Mayenne, whatever rules they break."""
    return frontier(
        study, PartitionOptions(sectors=frozenset({"mayenne"}), without=frozenset({"all"}))
    )


def unsure(study: Study, error: float) -> Study:
    times, width = study.times, math.exp(1.2816 * error)
    bounds = {"low": times.minutes / width, "high": times.minutes * width}
    return replace(study, analysis=replace(study.analysis, times=replace(times, **bounds)))


def test_nothing_is_said_where_only_the_best_is_as_good(study: Study, curve: Frontier) -> None:
    assert enough(unsure(study, 0.0), points_of(curve)) is None


def test_the_plan_itself_may_be_as_good_as_the_best(study: Study, curve: Frontier) -> None:
    said = str(enough(unsure(study, 5.0), points_of(curve)))
    assert "le plan actuel est équivalent au meilleur trouvé" in said


def test_the_fewest_moves_that_are_as_good_are_told(study: Study, curve: Frontier) -> None:
    *points, best = points_of(curve)
    again = replace(best, moves=best.moves + 3)  # three moves more that bring nothing
    said = str(enough(unsure(study, 0.0), [*points, best, again]))
    assert f"Dès {best.moves}\u00a0déplacement" in said

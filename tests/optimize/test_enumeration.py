"""All allowed zones are listed once, and few of many are searched: the plans are the same."""

import json

import pytest

from geozones.common.errors import InputError
from geozones.optimize import (
    PartitionOptions,
    ProofStatus,
    answer,
    candidates,
    frontier,
    propose,
)
from geozones.workspace.figures.study import Study
from helpers.slow_params import slow_but
from tests.fixtures.optimize import make

TRUSTED = json.loads(make.ANSWERS.read_text("utf-8"))
#: A question that takes a minute.
LONG = "region, sectors open, no rule"


def test_plans_and_proofs_are_those_of_the_search_trusted_before(study: Study) -> None:
    known = TRUSTED["plans"]
    for name, given in make.questions(study):
        if name != LONG:
            assert make.asked(study, given) == known[name], name


def test_what_is_impossible_is_said_so_with_its_reason(study: Study) -> None:
    for name, given in make.impossible(study):
        assert make.asked(study, given) == TRUSTED["impossible"][name], name


@pytest.mark.slow
def test_each_point_of_the_curve_is_the_one_trusted_before(study: Study) -> None:
    assert make.curve(study) == TRUSTED["curve"]


@pytest.mark.parametrize("moves", slow_but([None, 1, 4], None, 4))
@pytest.mark.parametrize("hours", [False, True])
def test_the_likeliest_zones_give_the_plan_of_all(
    study: Study, monkeypatch: pytest.MonkeyPatch, moves: int | None, *, hours: bool
) -> None:
    options = PartitionOptions(
        sectors={"mayenne", "sarthe"},
        change_sector=True,
        max_moves=moves,
        size_max=5,
        cost=study.ranking.model if hours else None,
    )
    whole = propose(study.plan, study.times, options)
    monkeypatch.setattr(answer, "SEARCHED", 20_000)
    likeliest = propose(study.plan, study.times, options)
    assert likeliest.status is whole.status is ProofStatus.OPTIMAL
    assert likeliest.candidates == whole.candidates
    assert likeliest.objective_after == pytest.approx(whole.objective_after, abs=1e-9)
    assert likeliest.plan == whole.plan


@pytest.mark.parametrize("moves", [None, 4])
def test_too_many_zones_for_a_curve_still_give_the_best_plan(
    study: Study, monkeypatch: pytest.MonkeyPatch, moves: int | None
) -> None:
    options = PartitionOptions(
        sectors={"mayenne"}, size_max=5, cost=study.ranking.model, max_moves=moves
    )
    best = propose(study.plan, study.times, options)
    monkeypatch.setattr(candidates, "MAX_BYTES", 120 * 1000)
    curve = frontier(study.plan, study.times, options)
    assert not curve.points
    assert not curve.complete
    assert curve.best.status is ProofStatus.FEASIBLE
    assert "proches" in curve.best.why
    assert curve.best.objective_after >= best.objective_after - 1e-9


@pytest.mark.slow
def test_the_region_without_any_cap_is_searched_among_near_lycees_and_says_so(
    study: Study,
) -> None:
    """Too many zones to list them; 1,833.093 is the best of all, proven by other means before."""
    best = 1833.0933363040288
    result = propose(study.plan, study.times, PartitionOptions(change_sector=True))
    assert result.status is ProofStatus.FEASIBLE
    assert result.bound <= best <= result.objective_after + 1e-6
    assert result.objective_after < 1.005 * best
    assert "proches" in result.why


def test_options_that_explode_are_refused_with_the_count_and_what_to_tighten(
    study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(candidates, "MAX_SETS", 100)
    monkeypatch.setattr(answer, "NEAR_ZONES", 10)
    options = PartitionOptions(
        change_sector=True,
        max_minutes=80,
        size_min=3,
        size_max=5,
        max_moves=4,
        cost=study.ranking.model,
    )
    with pytest.raises(InputError) as refusal:
        propose(study.plan, study.times, options)
    text = str(refusal.value).replace("\u202f", " ")
    assert "zones candidates" in text
    assert "plus que les 100" in text
    assert "abaissez le plafond de minutes (80)" in text
    assert "réduisez la taille maximale (5 lycées)" in text
    assert "interdisez les changements de secteur ou choisissez moins de secteurs" in text

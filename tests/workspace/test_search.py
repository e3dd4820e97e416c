"""A search in a thread of its own: its answer, what it tells, stopping it."""

from typing import Any

import pytest

from geozones.common.errors import InputError
from geozones.workspace.figures.study import Study
from geozones.workspace.proposals.search import PlanJob, PlanRequest, plan_job, points_of
from geozones.workspace.proposals.solve import options_of

MAYENNE: dict[str, Any] = {"sectors": frozenset({"mayenne"}), "without": {"all"}}


def searched(study: Study, **asked: Any) -> PlanJob:
    search = plan_job(PlanRequest(study, options_of(**MAYENNE | asked))).start()
    search.wait()
    assert not search.is_running
    return search


def test_a_search_stopped_at_once_keeps_the_best_it_has(study: Study) -> None:
    options = options_of(size_min=3, change_sector=True, max_minutes=90.0)
    search = plan_job(PlanRequest(study, options)).start()
    search.cancel()
    search.wait()
    assert search.is_cancelled
    assert search.outcome is not None
    assert not search.outcome.frontier.complete
    best = search.outcome.frontier.best
    assert best.objective_after <= best.objective_before
    assert best.bound <= best.objective_after


def test_a_question_without_an_answer_says_why(study: Study) -> None:
    held = searched(study, max_minutes=20.0)
    assert held.outcome is not None
    assert points_of(held.outcome.frontier) == ()
    assert "impossibles à placer : Blaise Pascal" in held.outcome.frontier.why
    lost = searched(study, sectors=frozenset({"nulle-part"}))
    assert lost.outcome is None
    assert "nulle-part" in lost.problem
    with pytest.raises(InputError, match="plus petite que la taille minimale"):
        options_of(size_min=5, size_max=3)

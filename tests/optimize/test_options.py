"""What is asked holds, what cannot be asked is told with names and numbers; on the toy region."""

import re
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from geozones.common.errors import InputError
from geozones.domain import (
    Plan,
    SearchCancelledError,
    UnknownLyceeError,
    UnknownSectorError,
    UnknownZoneError,
)
from geozones.optimize import PartitionOptions, ProofStatus, Result, propose
from geozones.workspace.figures.study import Study

#: A, B, C, D, E, F in the sector « nord », whose support centre is A; G, H, I in « sud ».
type Ask = Callable[..., Result]


@pytest.fixture
def ask(toy: Study) -> Ask:
    """Ask for the best plan of the toy region, from a plan of it; zones may have one lycée."""

    def best(plan: Plan | None = None, **options: object) -> Result:
        names = {lycee.id: lycee.name for lycee in toy.territory.lycees.values()}
        asked = PartitionOptions(**{"size_min": 1} | options)
        return propose(plan or toy.plan, toy.times, asked, names=names)

    return best


def test_a_plan_that_is_the_best_is_said_to_be(ask: Ask, toy: Study) -> None:
    result = ask(size_min=3, size_max=3)
    assert result.status is ProofStatus.OPTIMAL
    assert result.plan is toy.plan
    assert result.moves == ()
    assert result.gap == 0
    assert result.bound == result.objective_after == result.objective_before
    assert result.objective_after == pytest.approx(toy.area()["objective"])
    assert result.why.startswith("Le plan est déjà le meilleur possible sous ces options :")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"size_min": 3, "size_max": 3, "max_minutes": 8}, "impossibles à placer : Ampère"),
        ({"size_min": 3, "max_minutes": 10, "sectors": {"sud"}}, "impossibles à placer : Galilée"),
        ({"size_max": 2, "locked_lycees": {"A", "B", "C"}}, "à placer : Ampère, Becquerel et"),
        ({"max_minutes": 20, "locked_lycees": {"A", "C"}}, "à placer : Ampère et Curie"),
        ({"size_min": 4, "size_max": 5}, "Aucun découpage ne respecte toutes ces options"),
        (
            {"size_min": 3, "size_max": 5, "zone_count": 4, "locked_zones": {"N1"}},
            "Aucun découpage",
        ),
        (
            {"size_max": 2, "max_moves": 2},
            "Il faut au moins 3\u00a0déplacements pour respecter ces options ; 2 sont permis.",
        ),
        ({"size_max": 2, "max_moves": 0}, "; aucun n'est permis."),
        ({"zone_count": 1, "locked_lycees": {"A", "D"}, "sectors": {"nord"}}, "Aucun découpage"),
        ({"zone_count": 1, "locked_zones": {"N1", "N2"}, "sectors": {"nord"}}, "Aucun découpage"),
        (
            {"zone_count": 1, "change_sector": True, "size_max": 9, "locked_lycees": {"G"}},
            "Aucun découpage",
        ),
    ],
)
def test_what_no_plan_respects_is_proven_and_names_who_is_left_out(
    ask: Ask, toy: Study, options: dict[str, object], message: str
) -> None:
    result = ask(**options)
    assert result.status is ProofStatus.INFEASIBLE
    assert message in result.why
    assert result.plan is toy.plan
    assert result.moves == ()


def test_a_lycee_without_any_time_or_too_far_is_named(toy: Study, study: Study) -> None:
    """Its row is not in the matrix, or holds nothing: it never counts as next door."""
    others = [lycee for lycee in toy.times.origins if lycee != "I"]
    with pytest.raises(InputError, match="Aucun temps de trajet n'est connu pour Ionesco"):
        propose(toy.plan, toy.times.restricted(others, others), names={"I": "Ionesco"})
    minutes = toy.times.minutes.copy()
    row = toy.times.origin_index["I"]
    minutes[row, :] = minutes[:, row] = np.nan
    times = replace(toy.times, minutes=minutes)
    result = propose(toy.plan, times, PartitionOptions(size_min=3), names={"I": "Ionesco"})
    assert result.status is ProofStatus.INFEASIBLE
    assert "impossibles à placer : G, H et Ionesco." in result.why
    alone = propose(toy.plan, times, PartitionOptions(sectors={"sud"}, size_min=1))
    assert alone.plan.members(alone.plan.zone_by_lycee["I"]) == ("I",)
    result = propose(
        study.plan,
        study.times,
        PartitionOptions(sectors={"sarthe"}, size_min=3, size_max=6, max_minutes=25),
        names=study.name,
    )
    assert result.status is ProofStatus.INFEASIBLE
    assert "impossibles à placer : Robert Garnier (La Ferté-Bernard)" in result.why
    assert "(Saint-Calais)" in result.why


def test_a_cut_road_is_never_taken_for_a_short_one(cut_toy: Study) -> None:
    """A and C have no way to one another: the plan has them together, no proposal does."""
    result = propose(cut_toy.plan, cut_toy.times, PartitionOptions(sectors={"nord"}))
    assert result.objective_before == float("inf")
    assert result.status is ProofStatus.OPTIMAL
    assert result.plan.zone_by_lycee["A"] != result.plan.zone_by_lycee["C"]
    held = PartitionOptions(locked_lycees={"A", "C"})
    assert propose(cut_toy.plan, cut_toy.times, held).status is ProofStatus.INFEASIBLE


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"size_min": 0}, "au moins 1 lycée"),
        ({"size_min": 4, "size_max": 3}, "(3) est plus petite que la taille minimale (4)"),
        ({"max_moves": -1}, "déplacements permis"),
        ({"max_minutes": float("nan")}, "plafond de minutes"),
        ({"zone_count": -2}, "nombre de zones"),
        ({"time_limit": 0}, "nombre de secondes"),
    ],
)
def test_options_without_meaning_are_refused(options: dict[str, object], message: str) -> None:
    with pytest.raises(InputError, match=re.escape(message)):
        PartitionOptions(**options)


def test_what_the_plan_has_not_is_refused(ask: Ask) -> None:
    with pytest.raises(UnknownSectorError):
        ask(sectors={"est"})
    with pytest.raises(UnknownZoneError):
        ask(locked_zones={"N9"})
    with pytest.raises(UnknownLyceeError):
        ask(locked_lycees={"Z"})


class Stopper:
    """A listener that cancels at its n-th call, and checks what it is told."""

    def __init__(self, calls: int) -> None:
        self.left = calls
        self.reports: list[tuple[str, float, float, float]] = []

    def __call__(self, phase: str, bound: float, incumbent: float, gap: float) -> None:
        assert bound <= incumbent
        assert gap >= 0
        self.reports.append((phase, bound, incumbent, gap))
        self.left -= 1
        if self.left == 0:
            raise SearchCancelledError


@pytest.fixture(scope="module")
def best(study: Study) -> Callable[[PartitionOptions], float]:
    """The objective of the best plan under some options, searched once."""
    kept: list[tuple[PartitionOptions, float]] = []

    def of(options: PartitionOptions) -> float:
        for asked, objective in kept:
            if asked == options:
                return objective
        objective = propose(study.plan, study.times, options).objective_after
        kept.append((options, objective))
        return objective

    return of


def consistent(result: Result, best: float) -> bool:
    known = result.status in {ProofStatus.OPTIMAL, ProofStatus.FEASIBLE}
    return known and result.bound <= best + 1e-6 <= result.objective_after + 2e-6


@pytest.mark.parametrize("calls", [1, 2, 4, 7, 11, 16, 22, 30])
@pytest.mark.parametrize(
    "options",
    [
        PartitionOptions(sectors={"maine-et-loire"}),
        PartitionOptions(sectors={"maine-et-loire"}, max_moves=3),
        PartitionOptions(sectors={"mayenne", "sarthe"}, change_sector=True, size_max=5),
    ],
    ids=["free", "moves", "wide"],
)
def test_a_cancelled_search_returns_its_best_with_its_gap(
    study: Study,
    best: Callable[[PartitionOptions], float],
    options: PartitionOptions,
    calls: int,
) -> None:
    stopper = Stopper(calls)
    result = propose(study.plan, study.times, options, progress=stopper)
    assert consistent(result, best(options))
    assert len(stopper.reports) <= calls
    if result.status is ProofStatus.OPTIMAL:
        assert result.gap == 0
    bounds = [bound for _, bound, _, _ in stopper.reports]
    assert all(after >= before - 1e-9 for before, after in pairwise(bounds))


def test_a_time_limit_returns_the_best_found_or_says_that_there_is_none(
    study: Study, ask: Ask, toy: Study
) -> None:
    options = PartitionOptions(sectors={"maine-et-loire"}, time_limit=1e-9)
    result = propose(study.plan, study.times, options)
    assert result.status is ProofStatus.FEASIBLE
    assert result.plan is study.plan
    assert 0 < result.gap <= 1
    result = ask(size_max=2, time_limit=1e-9)
    assert result.status is ProofStatus.UNKNOWN
    assert result.plan is toy.plan
    assert "laissez-lui plus de temps" in result.why

"""A difference is told where the minutes are sure enough; figures after moves are those anew."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from geozones.domain import ObjectiveWeights, Plan, TravelTimes
from geozones.domain.plan import plan_of
from geozones.domain.yearly_cost import ZoneCostDraws, zone_cost
from geozones.metrics import (
    REGISTRY,
    Change,
    Evaluator,
    FigureJudgement,
    Judgement,
    Outcome,
    PlanDraws,
    judge_metric,
    weigh_plans,
)
from geozones.metrics.drive_draws import DrawnMinutes
from geozones.metrics.judgement import judge
from geozones.metrics.metric import Better
from geozones.workspace.figures.costs import Costs
from geozones.workspace.figures.study import Study
from helpers.fixture_types import Draw


@dataclass(frozen=True, slots=True)
class DriveDraws:
    """Drives between colleagues as the cost of zones: ``domain.yearly_cost``."""

    weights: ObjectiveWeights

    @property
    def key(self) -> str:
        """Key of the costs."""
        return "drives"

    def of(
        self, zones: Sequence[tuple[str, ...]], minutes: Sequence[NDArray[np.float64]]
    ) -> list[ZoneCostDraws]:
        """Return the cost of each zone (see `DrawnCosts`)."""
        return [
            ZoneCostDraws(zone_cost(drives.sum(axis=0), len(zone), self.weights))
            for zone, drives in zip(zones, minutes, strict=True)
        ]


def with_error(times: TravelTimes, error: float | np.ndarray) -> TravelTimes:
    """The same minutes, with a standard deviation of their logarithm."""
    width = np.exp(1.2816 * error)
    return replace(times, low=times.minutes / width, high=times.minutes * width)


def draws(times: TravelTimes) -> PlanDraws:
    return PlanDraws(DrawnMinutes(times), DriveDraws(ObjectiveWeights()), ObjectiveWeights())


def judged(times: TravelTimes, before: Plan, after: Plan) -> FigureJudgement:
    return weigh_plans((before, draws(times)), (after, draws(times))).judgement


def around(drawn: DrawnMinutes, lycee: str, others: Sequence[str]) -> np.ndarray:
    """Drawn minutes between a lycée and each of some others."""
    return np.concatenate([drawn.inside((lycee, other)) for other in others])


@pytest.fixture
def better(toy_of: Draw) -> Plan:
    """A plan where I is where it belongs; `worse` has it far away, in N1."""
    return toy_of(N1="ABC", N2="DEF", S1="GHI")


@pytest.fixture
def worse(toy_of: Draw) -> Plan:
    return toy_of(N1="ABCI", N2="DEF", S1="GH")


def test_a_plan_is_equivalent_to_itself_and_a_difference_between_exact_minutes_is_sure(
    toy: Study, better: Plan, worse: Plan
) -> None:
    judgement = judged(with_error(toy.times, 0.3), toy.plan, toy.plan)
    assert judgement == FigureJudgement(0.0, 0.0)
    assert judgement.is_tie
    exact = with_error(toy.times, 0.0)
    assert judged(exact, worse, better).is_better is True
    assert judged(exact, better, worse).is_better is False


def test_the_greater_the_error_the_less_is_told(toy: Study, toy_of: Draw) -> None:
    # sums of pairs: A, B, D 51 and C, E, F 50; A, B, C 42 and D, E, F 40
    other = toy_of(N1="ABD", N2="CEF", S1="GHI")
    told = [
        judged(with_error(toy.times, error), toy.plan, other)
        for error in (0.01, 0.05, 0.1, 0.2, 0.4, 0.8)
    ]
    shares = [judgement.worse for judgement in told]
    assert shares == sorted(shares, reverse=True)
    assert told[0].outcome is Outcome.WORSE
    assert told[-1].outcome is Outcome.EQUIVALENT


def test_the_errors_of_zones_that_both_plans_have_do_not_matter(toy: Study, toy_of: Draw) -> None:
    other = toy_of(N1="ABD", N2="CEF", S1="GHI")
    south = [toy.times.origin_index[key] for key in "GHI"]
    error = np.full(toy.times.minutes.shape, 0.1)
    error[np.ix_(south, south)] = 3.0
    unsure_south = with_error(toy.times, error)
    assert judged(unsure_south, toy.plan, other) == judged(
        with_error(toy.times, 0.1), toy.plan, other
    )


def test_the_errors_of_pairs_that_both_plans_have_cancel(toy: Study, better: Plan) -> None:
    """One pair is twice as far for everyone: a plan that adds a lycée beside it is still worse."""
    exact = with_error(toy.times, 0.0)
    minutes = exact.minutes.copy()
    error = np.zeros(minutes.shape)
    row, column = exact.origin_index["A"], exact.origin_index["B"]
    error[row, column] = error[column, row] = 0.5
    unsure = with_error(toy.times, error)
    swapped = better.move("C", "N2").move("F", "N1")  # A and B stay together
    assert judged(unsure, better, swapped) == judged(exact, better, swapped)


def test_the_same_data_give_the_same_answer_whatever_else_is_in_the_matrix(
    toy: Study, toy_of: Draw
) -> None:
    other = toy_of(N1="ABD", N2="CEF", S1="GHI")
    unsure = with_error(toy.times, 0.2)
    reordered = unsure.restricted("IHGFEDCBA", "IHGFEDCBA")
    first = judged(unsure, toy.plan, other)
    assert judged(unsure, toy.plan, other) == first
    assert judged(reordered, toy.plan, other) == first
    few = unsure.restricted("CBA", "CBA")
    zone = ("A", "B", "C")
    assert np.allclose(draws(few).zone(zone).total, draws(unsure).zone(zone).total)


def test_errors_are_as_great_as_the_matrix_says(toy: Study) -> None:
    names = tuple(f"P{rank}" for rank in range(40))
    minutes = np.full((40, 40), 20.0)
    np.fill_diagonal(minutes, 0)
    many = with_error(TravelTimes(names, names, minutes, minutes, toy.times.provenance), 0.15)
    logs = np.log(DrawnMinutes(many).inside(names) / 20)
    assert logs.std() == pytest.approx(0.15, rel=0.03)
    # 27 % of the variance is of the ends: pairs with one end in common share half of that
    logs = np.log(around(DrawnMinutes(many), "P0", names[1:]) / 20)
    shared = np.corrcoef(logs)[np.triu_indices(39, 1)].mean()
    assert shared == pytest.approx(0.135, abs=0.05)
    # and both directions of a pair have one error
    there, back = (around(DrawnMinutes(many), *way) for way in (("P0", ["P1"]), ("P1", ["P0"])))
    assert np.array_equal(there, back)


def test_lycees_of_one_town_share_the_error_of_the_way_to_another(toy: Study) -> None:
    names = ("A", "B", "C", "D")
    towns = {"A": "Laval", "B": "Laval", "C": "Mayenne", "D": "Mayenne"}
    minutes = np.full((4, 4), 30.0)
    np.fill_diagonal(minutes, 0)
    times = with_error(TravelTimes(names, names, minutes, minutes, toy.times.provenance), 0.15)

    def correlation(drawn: DrawnMinutes, *pairs: tuple[str, str]) -> float:
        return float(np.corrcoef(*(np.log(around(drawn, a, [b])[0]) for a, b in pairs))[0, 1])

    drawn = DrawnMinutes(times, towns)
    assert correlation(drawn, ("A", "C"), ("B", "D")) == pytest.approx(0.73, abs=0.12)
    assert correlation(drawn, ("A", "C"), ("D", "B")) == pytest.approx(0.73, abs=0.12)
    assert abs(correlation(drawn, ("A", "B"), ("C", "D"))) < 0.2
    assert abs(correlation(DrawnMinutes(times), ("A", "C"), ("B", "D"))) < 0.2


def test_a_figure_that_is_missing_cannot_be_compared(cut_toy: Study) -> None:
    unsure = with_error(cut_toy.times, 0.2)
    apart = cut_toy.plan.move("C", "N2")  # A and C, without a way, are no longer together
    assert judged(unsure, cut_toy.plan, apart).is_better is True
    assert judged(unsure, apart, cut_toy.plan).is_better is False
    still = cut_toy.plan.move("B", "N2")
    judgement = judged(unsure, cut_toy.plan, still)
    assert (judgement.better, judgement.outcome) == (None, Outcome.NOT_COMPARABLE)
    # a zone without a way that both plans have tells nothing of the other zones
    other = cut_toy.plan.move("F", "S1")
    assert judged(unsure, cut_toy.plan, other).outcome is not Outcome.NOT_COMPARABLE


def test_zones_of_one_and_of_none_are_compared(toy: Study, toy_of: Draw) -> None:
    alone = toy_of(N1="A", N2="BCDEFGHI", S1="")
    judgement = judged(with_error(toy.times, 0.2), toy.plan, alone)
    assert judgement.outcome is Outcome.WORSE


@pytest.mark.parametrize(
    "key", ["objective", "mean_minutes", "max_minutes", "worst_releve_minutes"]
)
def test_without_error_every_draw_is_the_figure_itself(toy: Study, key: str) -> None:
    exact, record = draws(with_error(toy.times, 0.0)), REGISTRY[key]
    assert record.of_draws is not None
    figure = record.of_draws(list(exact.zones(toy.plan).values()), toy.settings.weights)
    assert figure == pytest.approx(float(str(toy.area()[key])))


def test_the_releve_of_two_lycees_as_far_both_ways_is_their_drive_in_every_draw(
    toy: Study,
) -> None:
    zone = draws(with_error(toy.times, 0.2)).zone(("H", "I"))
    assert zone.slowest_releve.std() > 1
    assert zone.slowest_releve == pytest.approx(zone.longest)


def test_an_analysis_draws_with_the_towns_of_its_lycees(study: Study) -> None:
    towns = {lycee.id: lycee.insee for lycee in study.territory.lycees.values()}
    drawn = DrawnMinutes(study.times, towns)
    for zone in study.plan.zones:
        members = study.plan.members(zone.id)
        assert np.array_equal(study.ranking.draws.zone(members).total, drawn.zone(members).total)


@pytest.mark.parametrize(
    ("judgement", "better", "word"),
    [
        (None, True, "favorable"),
        (FigureJudgement(1.0, 0.0), True, "favorable"),
        (FigureJudgement(0.9, 0.1), True, "favorable"),
        (FigureJudgement(0.6, 0.4), None, "dans la marge d'erreur"),
        # the draws prefer the other one: a shorter drive is not told to be worse
        (FigureJudgement(0.1, 0.9), None, "dans la marge d'erreur"),
    ],
)
def test_a_change_of_minutes_says_how_sure_it_is(
    judgement: FigureJudgement | None, word: str, *, better: bool | None
) -> None:
    change = Change(REGISTRY["max_minutes"], 45.0, 44.0, judgement)
    assert (change.better, change.word) == (better, word)
    if judgement is not None and judgement.worse == 0.9:
        longer = Change(REGISTRY["max_minutes"], 44.0, 45.0, judgement)
        assert (longer.better, longer.word) == (False, "défavorable")
    same = Change(REGISTRY["max_minutes"], 45.0, 45.0, judgement)
    assert (same.better, same.word) == (None, "")


def test_figures_without_minutes_are_not_judged(toy: Study) -> None:
    now = toy.plan, draws(toy.times)
    assert judge_metric(REGISTRY["lycees"], now, now) is None


def test_each_figure_of_minutes_is_judged_by_itself(toy: Study, toy_of: Draw) -> None:
    """With F in the south the longest drive is surely longer, and so is the mean."""
    unsure = draws(with_error(toy.times, 0.1))
    after = toy.plan.move("F", "S1")

    def outcome(key: str) -> Outcome:
        judgement = judge_metric(REGISTRY[key], (toy.plan, unsure), (after, unsure))
        return judgement.outcome

    assert outcome("max_minutes") is Outcome.WORSE
    assert outcome("mean_minutes") is Outcome.WORSE
    higher = replace(REGISTRY["max_minutes"], better=Better.HIGHER)
    judgement = judge_metric(higher, (toy.plan, unsure), (after, unsure))
    assert judgement.outcome is Outcome.BETTER
    alone = toy_of(N1="ABC", N2="", S1="DEFGHI"), unsure
    lone = judge_metric(REGISTRY["max_minutes"], alone, alone)
    assert lone == FigureJudgement(0.0, 0.0)


@pytest.mark.parametrize(
    ("better", "worse", "outcome"),
    [
        (1.0, 0.0, Outcome.BETTER),
        (0.8, 0.2, Outcome.BETTER),
        (0.795, 0.205, Outcome.EQUIVALENT),
        (0.0, 0.0, Outcome.EQUIVALENT),
        (0.2, 0.8, Outcome.WORSE),
        (None, None, Outcome.NOT_COMPARABLE),
    ],
)
def test_a_figure_is_better_in_eight_draws_of_ten(
    better: float | None, worse: float | None, outcome: Outcome
) -> None:
    assert FigureJudgement(better, worse).outcome is outcome


@pytest.mark.parametrize(
    ("road", "unattended", "outcome", "turns_at", "said"),
    [
        (-60.0, 0.0, Outcome.BETTER, None, "favorable"),
        (-60.0, -10.0, Outcome.BETTER, None, "favorable"),
        (60.0, 10.0, Outcome.WORSE, None, "défavorable"),
        # inside the error at half, once and twice the rate
        (-12.0, 10.0, Outcome.EQUIVALENT, 1.2, "équivalent"),
        # outside at twice the rate alone
        (-4.0, 13.0, Outcome.WORSE, 4 / 13, "défavorable"),
        (
            -97.0,
            100.0,
            Outcome.BY_RATE,
            0.97,
            "favorable tant qu'une heure sans technicien vaut moins de 0,97\u00a0h de route",
        ),
        (
            60.0,
            -80.0,
            Outcome.BY_RATE,
            0.75,
            "favorable tant qu'une heure sans technicien vaut plus de 0,75\u00a0h de route",
        ),
        (-90.0, 20.0, Outcome.BETTER, None, "favorable"),  # it would turn at 4.5
        (math.inf, 0.0, Outcome.WORSE, None, "défavorable"),
        (math.nan, 0.0, Outcome.NOT_COMPARABLE, None, "non comparable"),
    ],
)
def test_a_plan_is_judged_by_both_sides_and_says_where_it_turns(
    road: float, unattended: float, outcome: Outcome, turns_at: float | None, said: str
) -> None:
    judgement = Judgement(road, unattended, 1.0, 20.0)
    assert judgement.outcome is outcome
    assert judgement.turns_at == (None if turns_at is None else pytest.approx(turns_at))
    assert judgement.text == said
    undecided = Judgement(road, unattended, 1.0, 20.0, note="taux de 1, non décidé")
    note = "" if outcome is Outcome.NOT_COMPARABLE else " (taux de 1, non décidé)"
    assert undecided.text == f"{said}{note}"


def test_infinite_or_missing_draws_never_pass_for_a_gain() -> None:
    missing = np.array([1.0, math.nan])
    assert judge(missing, np.zeros(2)).outcome is Outcome.NOT_COMPARABLE
    assert judge(np.full(2, math.inf), np.zeros(2)).outcome is Outcome.WORSE


toy_moves = st.lists(st.tuples(st.sampled_from("ABCDEFGHI"), st.sampled_from(["N1", "N2", "S1"])))


def figures(evaluator: Evaluator, plan: Plan) -> tuple[object, ...]:
    return (
        evaluator.zones(plan),
        {sector.id: evaluator.sector(plan, sector.id) for sector in plan.sectors},
        evaluator.region(plan),
    )


def from_nothing(study: Study, plan: Plan) -> tuple[object, ...]:
    fresh = plan_of(plan.sectors, plan.zones, plan.zone_by_lycee)
    lycees = study.territory.lycees
    costs = Costs(study.territory, study.times, study.settings).of(study.teams)
    evaluator = (
        Evaluator(study.times, study.settings)
        .with_costs(costs)
        .with_workloads(lambda members: study.teams.workload(lycees[key] for key in members))
    )
    return figures(evaluator, fresh)


@given(steps=toy_moves)
def test_figures_after_moves_equal_figures_from_nothing(
    toy: Study, steps: list[tuple[str, str]]
) -> None:
    plan = toy.plan
    for lycee, zone in steps:
        plan = plan.move(lycee, zone)
        figures(toy.evaluator, plan)
    assert figures(toy.evaluator, plan) == from_nothing(toy, plan)


@given(data=st.data())
@settings(max_examples=25)
def test_the_same_holds_on_the_real_territory(study: Study, data: st.DataObject) -> None:
    plan = study.plan
    lycees = st.sampled_from(plan.lycees)
    zones = st.sampled_from([zone.id for zone in plan.zones])
    for lycee, zone in data.draw(st.lists(st.tuples(lycees, zones), min_size=1, max_size=6)):
        plan = plan.move(lycee, zone)
        figures(study.evaluator, plan)
    assert figures(study.evaluator, plan) == from_nothing(study, plan)


def test_the_support_centre_is_part_of_what_is_remembered(toy: Study) -> None:
    centred = toy.evaluator.members("DEF", "A")
    assert centred["support_max_minutes"] == 35
    assert toy.evaluator.members("DEF", None)["support_max_minutes"] is None
    assert toy.evaluator.members("DEF", "C")["support_max_minutes"] == 35
    assert toy.evaluator.members("DEF", "C")["support_mean_minutes"] == 25

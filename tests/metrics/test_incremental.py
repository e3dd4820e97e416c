"""What is remembered between moves equals what is computed again from nothing."""

from hypothesis import given, settings
from hypothesis import strategies as st

from geozones.domain import Plan
from geozones.domain.plan import plan_of
from geozones.metrics import Evaluator
from geozones.workspace.figures.costs import Costs
from geozones.workspace.figures.study import Study

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

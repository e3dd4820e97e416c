"""Judgement of two plans in draws of minutes and hypotheses: figures, yearly hours, robustness."""

from collections.abc import Iterable

from geozones.domain import Plan
from geozones.metrics import (
    REGISTRY,
    Judgement,
    Metric,
    PlanDraws,
    Robustness,
    judge_metric,
    judge_plans,
    weigh_plans,
)
from geozones.workspace.costs import centres_of
from geozones.workspace.rankings import DRIVES, HOURS
from geozones.workspace.study import Study

#: Zones (ids) of each of two plans.
type Zones = tuple[tuple[str, ...], tuple[str, ...]]

type _Drawn = tuple[Plan, PlanDraws]


def judgements_of(
    before: Study,
    after: Study,
    zones: Zones | None = None,
    records: Iterable[Metric] = REGISTRY.values(),
) -> dict[str, Judgement]:
    """Judge figures of minutes in two plans, given their error; by metric key.

    Figures are for the region, or for some zones (ids) of each plan. Metrics that do not depend on
    minutes are left out.
    """
    drawn, sides = _drawn(before, after), zones or (None, None)
    judged = {record.key: judge_metric(record, *drawn, sides) for record in records}
    return {key: judgement for key, judgement in judged.items() if judgement is not None}


def all_zones(before: Plan, after: Plan) -> Zones:
    """Return the zones (ids) of both plans."""
    return tuple(zone.id for zone in before.zones), tuple(zone.id for zone in after.zones)


def judge_studies(before: Study, after: Study, objective: str = HOURS) -> Judgement:
    """Judge the yearly hours of a plan against another's, in draws of minutes and hypotheses.

    ``objective`` is the criterion (`rankings.OBJECTIVES`); for drives between colleagues, only
    minutes are drawn.
    """
    return judge_plans(*_drawn(before, after, objective))


def weigh_studies(before: Study, after: Study, objective: str = HOURS) -> Robustness:
    """Return in how many of these draws a plan is better than another, and by how much."""
    return weigh_plans(*_drawn(before, after, objective))


def _drawn(before: Study, after: Study, objective: str = HOURS) -> tuple[_Drawn, _Drawn]:
    """Return two plans with their draws: shared if drives and needs are the same.

    T.I.S. visit a zone from the centre of most of its lycées: if this is not the centre of its
    sector, as when a whole zone changes sector, the second plan has its own draws.
    """
    if objective == DRIVES:
        first, second = (study.analysis.rankings.drives for study in (before, after))
    else:
        first = before.ranking.draws
        same = (
            before.analysis is after.analysis
            and before.teams == after.teams
            and not _visited_otherwise(before.plan, after.plan)
        )
        second = first if same else after.ranking.draws
    return (before.plan, first), (after.plan, second)


def _visited_otherwise(before: Plan, after: Plan) -> bool:
    """Return whether half the lycées of a zone have another support centre in another plan."""
    centre = centres_of(before)
    return any(
        2 * sum(centre[lycee] != after.sector(zone.sector).support_centre for lycee in members)
        >= len(members)
        for zone in after.zones
        if (members := [lycee for lycee in after.members(zone.id) if lycee in centre])
    )

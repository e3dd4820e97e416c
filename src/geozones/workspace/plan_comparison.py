"""Comparison of two plans, judged in draws, and the figures kept with a publication."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from geozones.domain import Plan
from geozones.domain.events import State
from geozones.domain.publications import area_key, kept_document
from geozones.metrics import (
    BREACHES,
    REGISTRY,
    VIGILANCE,
    WHOLE_POSTS,
    Change,
    Judgement,
    Metric,
    MetricPlace,
    PlanDraws,
    Robustness,
    Values,
    compare,
    judge_metric,
    judge_plans,
    metric,
    shown_in,
    weigh_plans,
)
from geozones.metrics.metric_changes import (
    change_text,
    worst_first,
)
from geozones.metrics.metric_registry import watch_list
from geozones.workspace.analysis import Analysis, analysis_of
from geozones.workspace.costs import centres_of, cost_json
from geozones.workspace.rankings import DRIVES, HOURS
from geozones.workspace.study import Study, study_of
from geozones.workspace.vigilance import chosen, is_within, vigilance, within

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


def of_today(
    records: Iterable[Metric], shown: tuple[Values, Values], today: tuple[Values, Values]
) -> tuple[Metric, ...]:
    """Return the metrics whose shown values equal those computed today, in both plans.

    Draws judge figures computed today: a kept figure with another value cannot be judged.
    """
    return tuple(
        record
        for record in records
        if [values.get(record.key) for values in shown]
        == [values.get(record.key) for values in today]
    )


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


#: Figures (keys of metrics) that every gain is given as: road, ruptures, posts.
GAINS = ("road_hours", "rupture_hours", WHOLE_POSTS.key)
#: Hours (keys of metrics) that stand beside the cost, and what they depend on.
BESIDE = ("unattended_hours", "reduced_hours", "displaced_hours")
FOLLOW_POSTS = "Ces heures dépendent du nombre de postes plus que de la carte."


def region_values(study: Study) -> Values:
    """Return the metrics of the region, with the counts of breaches and points to watch."""
    return {**study.area(), **_counted(study), **study.kept_metrics()}


def _counted(study: Study, zones: Iterable[str] | None = None) -> Values:
    """Count breaches and points to watch in the region, or in some zones (ids)."""
    alerts, points = study.alerts(), vigilance(study)
    if zones is not None:
        inside = frozenset(zones)
        alerts = tuple(b for b in alerts if is_within(study.plan, inside, b.zone, b.sector))
        points = within(study.plan, inside, points)
    return {BREACHES.key: len(alerts), VIGILANCE.key: watch_list(points).count}


def with_posts_of(study: Study, other: Study) -> Study:
    """Return a study, with another study's needs and posts if it has no posts.

    Points to watch are then counted with posts on both sides: posts reveal points to watch, and
    must not make a plan look worse.
    """
    return study if study.teams.posts else study.with_teams(other.teams)


def compare_regions(
    before: Study, after: Study, *, posts: bool | None = None, zones: Zones | None = None
) -> tuple[Change, ...]:
    """Return the change of each compared metric, from one plan to another.

    Metrics of teams come last: if ``posts`` is true, by default if one of the plans has posts.
    Figures are for the region, or for some ``zones`` (ids) of each plan, taken together; figures
    kept with both plans for one comparison replace today's.
    """
    if posts is None:
        posts = any(study.teams.posts for study in (before, after))
    records = shown_in(MetricPlace.COMPARISON, posts=posts)
    sides = zones or all_zones(before.plan, after.plan)
    first, then = (
        {
            **one.evaluator.area(one.plan, side),
            **_counted(with_posts_of(one, other), None if zones is None else side),
        }
        for one, other, side in ((before, after, sides[0]), (after, before, sides[1]))
    )
    today: tuple[Values, Values] = (first, then)
    if (kept := _kept_together(before, after, zones)) is not None:
        first, then = {**first, **kept[0]}, {**then, **kept[1]}
    if zones is not None and not all(zones):  # zones that one of the plans lacks are not judged
        return compare(records, first, then, {})
    judged = of_today(REGISTRY.values(), (first, then), today)
    return compare(records, first, then, judgements_of(before, after, zones, judged))


def are_kept_together(before: Study, after: Study) -> bool:
    """Return whether the figures of two plans were kept at the same time, for one comparison."""
    return (
        before.kept is not None
        and after.kept is not None
        and not before.kept.recomputed
        and not after.kept.recomputed
        and before.kept.areas is after.kept.base
    )


def _kept_together(
    before: Study, after: Study, zones: Zones | None
) -> tuple[Values, Values] | None:
    """Return the kept figures of an area of both plans; ``None`` unless both have some."""
    if not are_kept_together(before, after):
        return None
    if zones is None:
        return before.kept_metrics(), after.kept_metrics()
    first, then = (
        _kept_of(one, set(side)) for one, side in ((before, zones[0]), (after, zones[1]))
    )
    return (first, then) if first and then else None


def _kept_of(study: Study, zones: set[str]) -> Values:
    """Return the kept figures of the area that has exactly these zones (ids); empty for none."""
    plan = study.plan
    for sector, zone in areas_of(plan):
        inside = {
            each.id
            for each in plan.zones
            if sector in {None, each.sector} and zone in {None, each.id} and plan.members(each.id)
        }
        if inside == zones:
            return study.kept_metrics(sector, zone)
    return {}


def areas_of(plan: Plan) -> Iterator[tuple[str | None, str | None]]:
    """Yield the region, then each sector and zone (ids) with lycées, as sector and zone."""
    yield None, None
    yield from ((sector.id, None) for sector in plan.sectors if plan.lycees_of(sector.id))
    yield from ((None, zone.id) for zone in plan.zones if plan.members(zone.id))


def headline(before: Study, after: Study, *, touched: bool = False) -> tuple[Change, ...]:
    """Return the changes of the few headline figures of the region, deteriorations first.

    With ``touched``, minutes cover only the zones whose lycées differ between the plans, taken
    together. Hours and points to watch cover the region, so that a change of the plan is one
    difference wherever it is shown; points with the same posts on both sides.
    """
    records = shown_in(MetricPlace.HEADLINE)
    plans = before.plan, after.plan
    zones = changed_zones(*plans) if touched else all_zones(*plans)
    first, then = (
        {
            **one.evaluator.area(one.plan, only),
            **({} if not touched else _hours(one)),
            VIGILANCE.key: watch_list(vigilance(with_posts_of(one, other))).count,
        }
        for one, other, only in ((before, after, zones[0]), (after, before, zones[1]))
    )
    judgements = judgements_of(before, after, zones, records)
    return worst_first(compare(records, first, then, judgements))


def gains(before: Study, after: Study) -> tuple[Change, ...]:
    """Return the headline, minutes of the zones that differ, and posts, deteriorations first."""
    posts = Change(WHOLE_POSTS, float(before.cost().posts), float(after.cost().posts))
    return worst_first((*headline(before, after, touched=True), posts))


def beside_sentence(before: Study, after: Study) -> str:
    """Return the sentence on the hours that no cost counts, in both plans; empty if the same."""
    changes = compare([metric(key) for key in BESIDE], _hours(before), _hours(after))
    if all(change.is_same for change in changes):
        return ""
    return f"Hors du coût : {', '.join(map(change_text, changes))}. {FOLLOW_POSTS}"


def _hours(study: Study) -> Values:
    """Return the yearly hours of the region."""
    values = study.evaluator.region(study.plan)
    return {key: value for key, value in values.items() if metric(key).unit == "h"}


def changed_zones(before: Plan, after: Plan) -> Zones:
    """Return the zones (ids) of each plan whose lycées differ in the other plan."""
    first, then = (
        {zone.id: plan.members(zone.id) for zone in plan.zones} for plan in (before, after)
    )
    return (
        tuple(zone for zone, members in first.items() if then.get(zone) != members),
        tuple(zone for zone, members in then.items() if first.get(zone) != members),
    )


def figures_to_keep(
    analysis: Analysis, state: State, base: State | None, day: str
) -> dict[str, Any]:
    """Return the figures to keep with a plan decided on a day (ISO), and those of its base.

    They are made under the tool's hypotheses and those that the scenario adopted, off-peak:
    whatever the session of the user looks at.
    """
    usual = analysis_of(analysis.territory, baseline=analysis.baseline)
    study = study_of(usual, state)
    areas = dict(_areas(study, study, costs=True))
    if base is None:
        return kept_document(day, areas, {})
    before = study_of(usual, replace(base, adopted=state.adopted))
    return kept_document(day, areas, dict(_areas(before, study, costs=False)))


def _areas(study: Study, other: Study, *, costs: bool) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield the figures of each area; points are counted with the posts of ``other`` if no own."""
    plan, watched = study.plan, with_posts_of(study, other)
    points, alerts = vigilance(watched), watched.alerts()
    keys = _keys(study)
    for sector, zone in areas_of(plan):
        values = study.area(sector, zone)
        inside = [
            breach
            for breach in alerts
            if zone in {None, breach.zone} and sector in {None, breach.sector_in(plan)}
        ]
        metrics = {key: values[key] for key in keys if key in values} | {
            VIGILANCE.key: watch_list(chosen(points, sector=sector, zone=zone)).count,
            BREACHES.key: len(inside),
        }
        cost = {"cost": cost_json(study.cost(sector=sector, zone=zone))} if costs else {}
        yield area_key(sector, zone), {"metrics": metrics, **cost}


def _keys(study: Study) -> tuple[str, ...]:
    """Return the keys of the metrics that some page or file shows, and of the lycées they name."""
    posts = bool(study.teams.posts)
    records = [record for place in MetricPlace for record in shown_in(place, posts=posts)]
    return tuple(dict.fromkeys(key for each in records for key in (each.key, each.lycees) if key))

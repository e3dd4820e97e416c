"""Comparison of two plans: the change of each compared metric, and of the headline figures."""

from collections.abc import Iterable, Iterator

from geozones.domain import Plan
from geozones.metrics import (
    BREACHES,
    VIGILANCE,
    WHOLE_POSTS,
    Change,
    MetricPlace,
    Values,
    compare,
    metric,
    shown_in,
)
from geozones.metrics.headline_effects import worst_first
from geozones.metrics.watch_list import watch_list
from geozones.workspace.plan_judgement import Zones, all_zones, judgements_of
from geozones.workspace.study import Study
from geozones.workspace.vigilance import is_within, vigilance, within

#: Figures (keys of metrics) that every gain is given as: road, ruptures, posts.
GAINS = ("road_hours", "rupture_hours", WHOLE_POSTS.key)


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
    """Return a study, with the posts of another study if it has none.

    Points to watch are then counted with posts on both sides: posts reveal points to watch, and
    must not make a plan look worse.
    """
    return study if study.teams.posts else study.with_teams(other.teams)


def compare_regions(
    before: Study, after: Study, *, posts: bool | None = None, zones: Zones | None = None
) -> tuple[Change, ...]:
    """Return the change of each compared metric, from one plan to another.

    Metrics of teams come last: if ``posts`` is true, by default if one of the plans has posts.
    Figures are for the region, or for some ``zones`` (ids) of each plan, taken together: those kept
    with both plans, made together, stand for those of today.
    """
    if posts is None:
        posts = any(study.teams.posts for study in (before, after))
    records = shown_in(MetricPlace.COMPARISON, posts=posts)
    # zones that one of the plans lacks are not judged
    judgements = judgements_of(before, after, zones) if zones is None or all(zones) else {}
    sides = zones or all_zones(before.plan, after.plan)
    first, then = (
        {
            **one.evaluator.area(one.plan, side),
            **_counted(with_posts_of(one, other), None if zones is None else side),
        }
        for one, other, side in ((before, after, sides[0]), (after, before, sides[1]))
    )
    kept = _kept_together(before, after, zones)
    if kept is not None:
        # the draws judge figures of today
        same = {
            key
            for key in judgements
            if first[key] == kept[0].get(key) and then[key] == kept[1].get(key)
        }
        judgements = {key: found for key, found in judgements.items() if key in same}
        first, then = {**first, **kept[0]}, {**then, **kept[1]}
    return compare(records, first, then, judgements)


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
    zones = _touched(before.plan, after.plan) if touched else all_zones(before.plan, after.plan)
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
    """Return the headline and the posts of the zones that differ, deteriorations first."""
    zones = _touched(before.plan, after.plan)
    then, now = (
        one.analysis.costs.zones(one.plan, one.teams, only).posts
        for one, only in ((before, zones[0]), (after, zones[1]))
    )
    posts = Change(WHOLE_POSTS, float(then), float(now))
    return worst_first((*headline(before, after, touched=True), posts))


def _hours(study: Study) -> Values:
    """Return the yearly hours of the region."""
    values = study.evaluator.region(study.plan)
    return {key: value for key, value in values.items() if metric(key).unit == "h"}


def _touched(before: Plan, after: Plan) -> Zones:
    """Return the zones (ids) of each plan whose lycées differ in the other plan."""
    first, then = (
        {zone.id: plan.members(zone.id) for zone in plan.zones} for plan in (before, after)
    )
    return (
        tuple(zone for zone, members in first.items() if then.get(zone) != members),
        tuple(zone for zone, members in then.items() if first.get(zone) != members),
    )

"""Comparison of two plans, judged in draws, and the figures kept with a publication."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from geozones.common.french import capital, in_words, listing, long_date, of
from geozones.domain import Plan
from geozones.domain.events import State
from geozones.domain.publications import area_key, kept_document
from geozones.domain.settings import decided_value, is_decided, territory
from geozones.domain.terms import has_organisation, worded
from geozones.effect import Effect
from geozones.metrics import (
    BREACHES,
    REGISTRY,
    VIGILANCE,
    Change,
    FigureJudgement,
    Judgement,
    Metric,
    MetricPlace,
    PlanDraws,
    Robustness,
    Values,
    compare,
    judge_metric,
    metric,
    model_error,
    shown_in,
    weigh_plans,
)
from geozones.metrics.judgement import rate_text
from geozones.metrics.metric_changes import change_text
from geozones.metrics.metric_registry import watch_list
from geozones.workspace.figures.analysis import Analysis, analysis_of
from geozones.workspace.figures.costs import centres_of, cost_json
from geozones.workspace.figures.effects import gains_of, losses_of
from geozones.workspace.figures.study import Study, study_of
from geozones.workspace.figures.vigilance import chosen, is_within, vigilance, within

#: Zones (ids) of each of two plans.
type Zones = tuple[tuple[str, ...], tuple[str, ...]]

type _Drawn = tuple[Plan, PlanDraws]


def judgements_of(
    before: Study,
    after: Study,
    zones: Zones | None = None,
    records: Iterable[Metric] = REGISTRY.values(),
) -> dict[str, FigureJudgement]:
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


def judge_studies(before: Study, after: Study) -> Judgement:
    """Judge the total of a plan against another's, at the rate of the second.

    Zones with the same hours in both plans are left out: they do not distinguish the plans, even if
    they contain an unreachable pair.
    """
    first, then = _zone_hours(before), _zone_hours(after)
    same = {zone for zone, hours in first.items() if then.get(zone) == hours}
    sides = [
        [sum(hours[rank] for zone, hours in side.items() if zone not in same) for rank in (0, 1)]
        for side in (first, then)
    ]
    road, unattended = (then_hours - was for was, then_hours in zip(*sides, strict=True))
    zones = max(len(first), len(then)) - len(same)
    return plan_judgement(after.analysis, road, unattended, zones)


def plan_judgement(analysis: Analysis, road: float, unattended: float, zones: int) -> Judgement:
    """Judge more hours of road and without technician, if so many zones change."""
    rate = analysis.settings.cost.absence_weight
    error, note = model_error(zones), rate_note(rate)
    return Judgement(road, unattended, rate, error, note, analysis.times.basis)


def rate_note(rate: float) -> str:
    """Return the remark on the rate beside a verdict; empty if the territory decided it."""
    if rate != decided_value("absence_weight"):
        return f"taux d'essai de {rate_text(rate)}"
    return "" if is_decided("absence_weight", rate) else f"taux de {rate_text(rate)}, non décidé"


def _zone_hours(study: Study) -> dict[tuple[str, ...], tuple[float, float]]:
    """Return the hours of road and without technician of each zone, by its lycées (ids)."""
    costs = study.analysis.costs
    zones = ((zone.id, study.plan.members(zone.id)) for zone in study.plan.zones)
    found = ((members, costs.zone(study.plan, study.teams, zone_id)) for zone_id, members in zones)
    return {members: (cost.road_hours, cost.unattended_hours) for members, cost in found if members}


def rate_origin(rate: float) -> str:
    """Return who decided a rate and when, or that it is a trial, in French."""
    decided = territory().hypotheses.get("absence_weight")
    whose = "taux non décidé par votre territoire"
    if decided is not None:
        day = long_date(decided.decided_on)
        whose = f"taux décidé par {decided.decided_by} le {day}"
    usual = decided_value("absence_weight")
    if rate == usual:
        return f"{rate_text(rate)} : {whose}"
    return (
        f"Valeur d'essai ; en vigueur : {rate_text(usual)}, {whose}. Ce que vous acceptez est jugé "
        "au taux en vigueur"
    )


def verdict_on(before: Study, after: Study) -> Judgement | None:
    """Judge a plan against another; ``None`` if their numbers of posts differ."""
    return judge_studies(before, after) if _same_posts(before, after) else None


def _same_posts(before: Study, after: Study) -> bool:
    return before.cost().posts == after.cost().posts


def weigh_studies(before: Study, after: Study) -> Robustness:
    """Return in how many of these draws a plan is better than another, and by how much."""
    return weigh_plans(*_drawn(before, after))


def _drawn(before: Study, after: Study) -> tuple[_Drawn, _Drawn]:
    """Return two plans with their draws: shared if drives and needs are the same.

    T.I.S. visit a zone from the centre of most of its lycées: if this is not the centre of its
    sector, as when a whole zone changes sector, the second plan has its own draws.
    """
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
        2
        * sum(centre[lycee_id] != after.sector(zone.sector).support_centre for lycee_id in members)
        >= len(members)
        for zone in after.zones
        if (members := [lycee_id for lycee_id in after.members(zone.id) if lycee_id in centre])
    )


def _counted(study: Study, zones: Collection[str] | None = None) -> Values:
    """Count breaches and points to watch in the region, or in some zones (ids)."""
    alerts = study.alerts()
    if zones is not None:
        inside = frozenset(zones)
        alerts = tuple(b for b in alerts if is_within(study.plan, inside, b.zone, b.sector))
    return {BREACHES.key: len(alerts), VIGILANCE.key: _points(study, zones)}


def _with_posts_like(study: Study, other: Study) -> Study:
    """Return a study, without its posts if another study has none.

    Breaches of the rules on posts are then counted on both sides or on none: posts made for the
    zones of one plan would make another one look worse.
    """
    if other.teams.posts or not study.teams.posts:
        return study
    return study.with_teams(replace(study.teams, posts=(), exceptions={}))


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
            **_counted(_with_posts_like(one, other), None if zones is None else side),
        }
        for one, other, side in ((before, after, sides[0]), (after, before, sides[1]))
    )
    today: tuple[Values, Values] = (first, then)
    if (kept := _kept_together(before, after, zones)) is not None:
        first, then = {**first, **kept[0]}, {**then, **kept[1]}
    same_posts = _same_posts(before, after)
    if not same_posts:  # road and absences together would judge the posts
        records = tuple(one for one in records if one.key != "total_hours")
    judged: dict[str, FigureJudgement] = {}
    if zones is None or all(zones):  # zones that one of the plans lacks are not judged
        exact = of_today(records, (first, then), today)
        judged = judgements_of(before, after, zones, exact)
    return compare(records, first, then, judged, has_words=same_posts)


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
    for sector_id, zone_id in areas_of(plan):
        inside = {
            each.id
            for each in plan.zones
            if sector_id in {None, each.sector}
            and zone_id in {None, each.id}
            and plan.members(each.id)
        }
        if inside == zones:
            return study.kept_metrics(sector_id, zone_id)
    return {}


def areas_of(plan: Plan) -> Iterator[tuple[str | None, str | None]]:
    """Yield the region, then each sector and zone (ids) with lycées, as sector and zone."""
    yield None, None
    yield from ((sector.id, None) for sector in plan.sectors if plan.lycees_of(sector.id))
    yield from ((None, zone.id) for zone in plan.zones if plan.members(zone.id))


def plan_change(before: Study, after: Study, zones: Zones | None = None) -> Effect:
    """Return the effect of a change of plan, the same wherever it is told.

    Figures are those of the region, or of some ``zones`` (ids) of each plan; minutes, those of the
    zones among them whose lycées differ. The verdict and the sentence on posts are always about the
    whole plan: a sector may save what another one pays.
    """
    records = shown_in(MetricPlace.HEADLINE)
    sides = zones or all_zones(before.plan, after.plan)
    near = _within(changed_zones(before.plan, after.plan), sides)
    drives = [record for record in records if record.unit == "min"]
    kept = _kept_together(before, after, zones) or ({}, {})
    first, then = (
        {
            **one.evaluator.area(one.plan, side),
            **{key: value for key, value in known.items() if value is not None},
            **{each.key: one.evaluator.area(one.plan, few)[each.key] for each in drives},
            VIGILANCE.key: known.get(VIGILANCE.key, _points(one, zones and side)),
        }
        for one, side, few, known in zip((before, after), sides, near, kept, strict=True)
    )
    judged = judgements_of(before, after, near, drives)
    judged |= judgements_of(before, after, zones, [metric("road_hours")])
    verdict = verdict_on(before, after)
    return Effect(
        posts_sentence(before, after),
        compare(records, first, then, judged, has_words=verdict is not None),
        verdict,
        tis_sentence(before, after),
        after.times.basis,
        losses_of(before, after),
        gains_of(before, after),
    )


def tis_sentence(before: Study, after: Study) -> str:
    """Say how the road of T.I.S. changes where a lycée changes sector; empty if none does."""
    if not has_organisation():
        return ""
    left, joined = changed_zones(before.plan, after.plan)
    first, then = _sectors(before.plan, left), _sectors(after.plan, joined)
    if all(then.get(lycee_id, sector) == sector for lycee_id, sector in first.items()):
        return ""
    change = Change(metric("tis_hours"), before.cost().tis_hours, after.cost().tis_hours)
    where = worded(", là où {a_support_centre} est nommé")
    return f"{capital(change_text(change))}{where}."


def _sectors(plan: Plan, zones: Iterable[str]) -> dict[str, str]:
    """Return the sector (id) of each lycée of some zones (ids)."""
    held = {zone_id: plan.zone(zone_id).sector for zone_id in zones}
    return {lycee_id: held[zone_id] for zone_id in held for lycee_id in plan.members(zone_id)}


def _within(some: Zones, sides: Zones) -> Zones:
    """Return the zones (ids) of each side that are among others; all of them if none is."""
    first, then = (
        tuple(zone_id for zone_id in zones if zone_id in set(side))
        for zones, side in zip(some, sides, strict=True)
    )
    return (first, then) if first or then else sides


def _points(study: Study, zones: Collection[str] | None) -> int:
    """Count the points to watch of the region, or of some zones (ids)."""
    points = vigilance(study)
    if zones is not None:
        points = within(study.plan, frozenset(zones), points)
    return watch_list(points).count


def posts_sentence(before: Study, after: Study) -> str:
    """Say which sectors get a post more or less, or which zones exchange one; empty for none."""
    plans = before.plan, after.plan
    # a move changes the posts of two zones
    zones = changed_zones(*plans) if before.teams == after.teams else all_zones(*plans)
    first, then = (
        {each: study.analysis.costs.posts(study.plan, study.teams, each) for each in side}
        for study, side in zip((before, after), zones, strict=True)
    )
    by_sector: dict[str, dict[str, int]] = {}
    for zone_id in dict.fromkeys((*first, *then)):
        plan = after.plan if zone_id in then else before.plan
        if count := then.get(zone_id, 0) - first.get(zone_id, 0):
            by_sector.setdefault(plan.zone(zone_id).sector, {})[zone_id] = count
    parts = [_posts_in(before.plan, after.plan, *each) for each in by_sector.items()]
    return f"{capital(' ; '.join(parts))}." if parts else ""


def _posts_in(before: Plan, after: Plan, sector_id: str, zones: Mapping[str, int]) -> str:
    """Say how many posts more or less a sector has; if as many, which zones exchange them."""
    if count := sum(zones.values()):
        plan = after if after.has_sector(sector_id) else before
        way = "de plus" if count > 0 else "de moins"
        return f"{_posts_text(abs(count))} {way} dans le secteur {plan.sector(sector_id).name}"
    names = {
        zone_id: (after if after.has_zone(zone_id) else before).zone(zone_id).name
        for zone_id in zones
    }
    given = listing([names[zone_id] for zone_id, more in zones.items() if more < 0])
    taken = listing([names[zone_id] for zone_id, more in zones.items() if more > 0])
    moved = sum(more for more in zones.values() if more > 0)
    verb = "passe" if moved == 1 else "passent"
    return f"{_posts_text(moved)} {verb} {of(given)} à {taken}"


def _posts_text(count: int) -> str:
    return f"{in_words(count)} poste{'s' if count > 1 else ''}"


def changed_zones(before: Plan, after: Plan) -> Zones:
    """Return the zones (ids) of each plan whose lycées differ in the other plan."""
    first, then = (
        {zone.id: plan.members(zone.id) for zone in plan.zones} for plan in (before, after)
    )
    return (
        tuple(zone_id for zone_id, members in first.items() if then.get(zone_id) != members),
        tuple(zone_id for zone_id, members in then.items() if first.get(zone_id) != members),
    )


def figures_to_keep(
    analysis: Analysis, state: State, base: State | None, day: str
) -> dict[str, Any]:
    """Return the figures to keep with a plan decided on a day (ISO), and those of its base.

    They are made under the tool's hypotheses and those that the scenario adopted:
    whatever the session of the user looks at.
    """
    usual = analysis_of(analysis.territory, baseline=analysis.baseline)
    study = study_of(usual, state)
    if base is None:
        return kept_document(day, dict(_areas(study, study, costs=True)), {})
    before = study_of(usual, replace(base, adopted=state.adopted))
    areas = dict(_areas(study, before, costs=True))
    return kept_document(day, areas, dict(_areas(before, study, costs=False)))


def _areas(study: Study, other: Study, *, costs: bool) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield the figures of each area; breaches with posts if ``other`` has some."""
    plan, points = study.plan, vigilance(study)
    alerts = _with_posts_like(study, other).alerts()
    posts = bool(study.teams.posts)
    records = [record for place in MetricPlace for record in shown_in(place, posts=posts)]
    keys = tuple(dict.fromkeys(key for each in records for key in (each.key, each.lycees) if key))
    for sector_id, zone_id in areas_of(plan):
        values = study.area(sector_id, zone_id)
        inside = [
            breach
            for breach in alerts
            if zone_id in {None, breach.zone} and sector_id in {None, breach.sector_in(plan)}
        ]
        metrics = {key: values[key] for key in keys if key in values} | {
            VIGILANCE.key: watch_list(chosen(points, sector_id=sector_id, zone_id=zone_id)).count,
            BREACHES.key: len(inside),
        }
        cost = (
            {"cost": cost_json(study.cost(sector_id=sector_id, zone_id=zone_id))} if costs else {}
        )
        yield area_key(sector_id, zone_id), {"metrics": metrics, **cost}

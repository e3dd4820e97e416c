"""Figures of plans for pages, files and commands: metric records, comparison of two plans."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations

from geozones.common.french import ranged_minutes
from geozones.domain import Plan
from geozones.metrics import (
    BREACHES,
    REGISTRY,
    SAME,
    UNTOLD,
    VIGILANCE,
    Better,
    Change,
    ChangeVerdict,
    Judgement,
    Metric,
    MetricPlace,
    PlanDraws,
    Robustness,
    Value,
    Values,
    compare,
    judge_metric,
    judge_plans,
    metric,
    number_of,
    shown_in,
    weigh_plans,
    written,
)
from geozones.metrics.format import TOWARDS
from geozones.metrics.headline_effects import Effect, sentences, worst_first
from geozones.workspace.comparable_hours import AlikeHours, Zones, alike_hours, all_zones
from geozones.workspace.costs import centres_of
from geozones.workspace.rankings import DRIVES, HOURS
from geozones.workspace.study import Study
from geozones.workspace.vigilance import VigilancePoint, alerts_in, vigilance

__all__ = [
    "BREACHES",
    "SAME",
    "UNTOLD",
    "VIGILANCE",
    "AlikeHours",
    "Better",
    "Change",
    "ChangeVerdict",
    "Effect",
    "Judgement",
    "Metric",
    "MetricPlace",
    "Robustness",
    "Value",
    "Values",
    "alike_hours",
    "compare",
    "compare_regions",
    "estimated_pairs",
    "guessed_keys",
    "headline",
    "is_estimated",
    "is_within",
    "judge_studies",
    "judgements_of",
    "metric",
    "number_of",
    "region_values",
    "sentences",
    "shown_in",
    "weigh_studies",
    "with_posts_of",
    "within",
    "worst_first",
    "written",
    "written_in_full",
]

#: Metrics in hours whose value differs between posts and the closed form.
_HOURS = frozenset({"road_hours", "total_hours"})


def region_values(study: Study) -> Values:
    """Return the metrics of the region, with the counts of breaches and points to watch."""
    return {**study.area(), **_counted(study)}


def _counted(study: Study, zones: Iterable[str] | None = None) -> Values:
    """Count breaches and points to watch in the region, or in some zones (ids)."""
    alerts, points = study.alerts(), vigilance(study)
    if zones is not None:
        inside = frozenset(zones)
        alerts = tuple(b for b in alerts if is_within(study.plan, inside, b.zone, b.sector))
        points = within(study.plan, inside, points)
    return {BREACHES.key: len(alerts), VIGILANCE.key: alerts_in(points)}


def within(
    plan: Plan, zones: Iterable[str], points: Iterable[VigilancePoint]
) -> tuple[VigilancePoint, ...]:
    """Return the points to watch of some zones (ids), and of sectors entirely within them."""
    inside = frozenset(zones)
    return tuple(p for p in points if is_within(plan, inside, p.zone, p.sector))


def is_within(plan: Plan, zones: frozenset[str], zone: str | None, sector: str | None) -> bool:
    """Return whether some zones (ids) contain a zone, or a whole sector if ``zone`` is ``None``."""
    if zone is not None:
        return zone in zones
    own = {z.id for z in plan.zones_of(sector)} if sector is not None else set()
    return bool(own) and own <= zones


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
    Figures are for the region, or for some ``zones`` (ids) of each plan, taken together.
    """
    if posts is None:
        posts = any(study.teams.posts for study in (before, after))
    records = shown_in(MetricPlace.COMPARISON, posts=posts)
    # zones that one of the plans lacks are not judged
    judgements = judgements_of(before, after, zones) if zones is None or all(zones) else {}
    hours = alike_hours(before, after, zones)
    sides = zones or all_zones(before.plan, after.plan)
    first, then = (
        {
            **one.evaluator.area(one.plan, side),
            **_counted(with_posts_of(one, other), None if zones is None else side),
            **alike,
        }
        for one, other, side, alike in (
            (before, after, sides[0], hours.before),
            (after, before, sides[1], hours.after),
        )
    )
    return compare(map(hours.named, records), first, then, judgements)


def headline(before: Study, after: Study, *, touched: bool = False) -> tuple[Change, ...]:
    """Return the changes of the few headline figures of the region, deteriorations first.

    With ``touched``, figures cover only the zones whose lycées differ between the plans, taken
    together. Points to watch cover the region, with the same posts on both sides.
    """
    records = shown_in(MetricPlace.HEADLINE)
    zones = _touched(before.plan, after.plan) if touched else all_zones(before.plan, after.plan)
    hours = alike_hours(before, after, zones)
    first, then = (
        {
            **one.evaluator.area(one.plan, only),
            VIGILANCE.key: alerts_in(vigilance(with_posts_of(one, other))),
            **alike,
        }
        for one, other, only, alike in (
            (before, after, zones[0], hours.before),
            (after, before, zones[1], hours.after),
        )
    )
    drawn = _drawn(before, after)
    judged = {record.key: judge_metric(record, *drawn, zones) for record in records}
    known = _of_what_is_shown(judged, before, after)
    return worst_first(compare(map(hours.named, records), first, then, known))


def _touched(before: Plan, after: Plan) -> Zones:
    """Return the zones (ids) of each plan whose lycées differ in the other plan."""
    first, then = (
        {zone.id: plan.members(zone.id) for zone in plan.zones} for plan in (before, after)
    )
    return (
        tuple(zone for zone, members in first.items() if then.get(zone) != members),
        tuple(zone for zone, members in then.items() if first.get(zone) != members),
    )


def judgements_of(before: Study, after: Study, zones: Zones | None = None) -> dict[str, Judgement]:
    """Judge figures of minutes in two plans, given their error; by metric key.

    Figures are for the region, or for some zones (ids) of each plan.
    """
    drawn, sides = _drawn(before, after), zones or (None, None)
    judged = {record.key: judge_metric(record, *drawn, sides) for record in REGISTRY.values()}
    return _of_what_is_shown(judged, before, after)


def _of_what_is_shown(
    judged: Mapping[str, Judgement | None], before: Study, after: Study
) -> dict[str, Judgement]:
    """Leave out metrics that are not judged, and hours if there are posts.

    With posts, the hours shown come from the posts, but the judged hours assume the best posts.
    """
    left_out = _HOURS if before.teams.posts or after.teams.posts else frozenset()
    return {
        key: judgement
        for key, judgement in judged.items()
        if judgement is not None and key not in left_out
    }


def judge_studies(before: Study, after: Study, objective: str = HOURS) -> Judgement:
    """Judge the yearly hours of a plan against another's, in draws of minutes and hypotheses.

    ``objective`` is the criterion (`rankings.OBJECTIVES`); for drives between colleagues, only
    minutes are drawn.
    """
    return judge_plans(*_drawn(before, after, objective))


def weigh_studies(before: Study, after: Study, objective: str = HOURS) -> Robustness:
    """Return in how many of these draws a plan is better than another, and by how much."""
    return weigh_plans(*_drawn(before, after, objective))


type _Drawn = tuple[Plan, PlanDraws]


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


def estimated_pairs(study: Study, zones: Sequence[str]) -> tuple[int, int]:
    """Count the estimated pairs of colleagues of some zones (ids), and all their pairs."""
    times = study.times
    pairs = [pair for zone in zones for pair in combinations(study.plan.members(zone), 2)]
    return sum(times.is_estimated(a, b) or times.is_estimated(b, a) for a, b in pairs), len(pairs)


def is_estimated(study: Study, record: Metric, values: Values, zones: Sequence[str]) -> bool:
    """Return whether a figure of some zones (ids) is in minutes and uses an estimated drive."""
    if record.unit != "min" or record.needs_posts:
        return False
    pair = _drive_of(record, values)
    if pair is not None:
        return study.times.is_estimated(*pair) or study.times.is_estimated(*reversed(pair))
    return estimated_pairs(study, zones)[0] > 0


def guessed_keys(study: Study, values: Values, zones: Sequence[str]) -> frozenset[str]:
    """Return the keys of the metrics of some zones (ids) that use an estimated drive."""
    return frozenset(
        key
        for key, record in REGISTRY.items()
        if key in values and is_estimated(study, record, values, zones)
    )


def written_in_full(study: Study, record: Metric, values: Values, zones: Sequence[str]) -> str:
    """Format a figure of some zones (ids) to the unit, with its uncertainty.

    The longest drive has its interval; a mean only tells whether some of its drives are estimated.
    """
    value, guessed = values[record.key], is_estimated(study, record, values, zones)
    pair = _drive_of(record, values)
    if pair is None or record.unit != "min":
        return record.write(value, 0) + (" (en partie estimé)" if guessed else "")
    towards = metric(record.lycees).format == TOWARDS
    between = study.times.interval if towards else study.times.interval_both_ways
    return ranged_minutes(number_of(value), *between(*pair), estimated=guessed)


def _drive_of(record: Metric, values: Values) -> tuple[str, str] | None:
    """Return the drive of a figure, in its direction; ``None`` for a figure of several drives."""
    pair = values[record.lycees] if record.lycees else None
    if not isinstance(pair, tuple) or len(pair) != 2:
        return None
    # the metric names the lycée first, then the colleague who drives to it
    return (pair[1], pair[0]) if metric(record.lycees).format == TOWARDS else (pair[0], pair[1])

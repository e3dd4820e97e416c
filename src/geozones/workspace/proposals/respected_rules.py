"""Options of a planner, bounds that balance a proposal, and the rules that proposals respect."""

from collections.abc import Collection
from dataclasses import replace
from math import inf
from typing import TYPE_CHECKING, Any

from geozones.cost.hours_model import PostsModel
from geozones.cost.parts_model import RuptureZones
from geozones.domain import Plan
from geozones.domain.plan import plan_of
from geozones.domain.proposal_conditions import (
    AVERAGE,
    HEADCOUNT,
    ONE_PIECE,
    POSTS,
    RELEVE,
    RUPTURES,
    THRESHOLD,
    releve_label,
    rule_label,
)
from geozones.domain.terms import terms
from geozones.domain.zone_costs import CostModel, CostsByName
from geozones.rules import REGISTRY, RuleOrigin, Violation, difference
from geozones.workspace.study import Study

if TYPE_CHECKING:
    from geozones.optimize import PartitionOptions
    from geozones.optimize.resources import Resource


def with_rules(study: Study, options: "PartitionOptions") -> "PartitionOptions":
    """Return the options with the rules that the study offers; lifted rules stay lifted."""
    bounds = _bounds(study)
    near = study.context.neighbours
    pairs = frozenset((a, b) for a, touching in near.items() for b in touching if a < b)
    own = tuple(resource for resource in options.resources if not resource.rule)
    return replace(
        options,
        adjacent=pairs if ONE_PIECE in bounds else None,
        threshold=bounds.get(THRESHOLD),
        max_releve=slowest_releves(study, options.sectors, options.size_max),
        posted=lycees_of_posts(study, options.sectors),
        resources=(*own, *_averages(study, options), *total_bounds(study, options)),
    )


def rules_offered(
    study: Study, sectors: Collection[str], size_max: int, *, change_sector: bool = False
) -> dict[str, str]:
    """Return the rules of proposals for some sectors (ids; none: all): French label by key.

    ``size_max`` is the largest size of a zone; if lycées may change sector, the rule on the average
    of sectors does not apply.
    """
    offered = {rule: rule_label(rule, bound) for rule, bound in _bounds(study).items()}
    releves = slowest_releves(study, sectors, size_max)
    if releves:
        offered[RELEVE] = releve_label(minutes for _, minutes in releves)
    settings = study.settings
    if not change_sector:
        offered[AVERAGE] = rule_label(AVERAGE, (settings.zone_min, settings.zone_max))
    if lycees_of_posts(study, sectors):
        offered[POSTS] = rule_label(POSTS)
    if settings.tool_rules:
        offered |= {rule: rule_label(rule) for rule in (HEADCOUNT, RUPTURES)}
    return offered


def lycees_of_posts(study: Study, sectors: Collection[str]) -> frozenset[str]:
    """Return the lycées (ids) of some sectors (none: all) that a post of their zone serves.

    Posts with an accepted exception that lets them leave their zone do not count.
    """
    plan, teams = study.plan, study.teams
    return frozenset(
        lycee
        for post in teams.posts
        if post.id not in teams.exceptions
        for lycee in post.lycees
        if plan.zone_by_lycee.get(lycee) == post.zone
        and (not sectors or plan.sector_of(lycee).id in sectors)
    )


def _averages(study: Study, options: "PartitionOptions") -> tuple["Resource", ...]:
    """Return the bounds on the average of each sector; none if lycées may change sector.

    Bounds that no plan could break, given the requested sizes, are left out.
    """
    from geozones.optimize.resources import BEYOND, average_bounds  # noqa: PLC0415

    if options.change_sector or AVERAGE in options.without:
        return ()
    plan, settings = study.plan, study.settings
    bounds = []
    for sector in plan.sectors:
        if options.sectors and sector.id not in options.sectors:
            continue
        kept = any(zone.id in options.locked_zones for zone in plan.zones_of(sector.id))
        count = len(plan.lycees_of(sector.id))
        fewest, most = -(-count // options.size_max), count // options.size_min
        for bound in average_bounds(plan, sector.id, settings.zone_min, settings.zone_max):
            reached = count - fewest if bound.use.key == BEYOND else most
            if kept or reached > bound.most:
                bounds.append(bound)
    return tuple(bounds)


def total_bounds(study: Study, options: "PartitionOptions") -> tuple["Resource", ...]:
    """Return the bounds on posts and on zones in rupture: no more than in the study's plan.

    They hold in each sector, or in the whole scope if lycées may change sector. They are rules of
    the tool.
    """
    if not study.settings.tool_rules:
        return ()
    from geozones.optimize.resources import Resource, SectorUse  # noqa: PLC0415 - the solver, only if asked

    plan, model = study.plan, study.ranking.model
    scope = [s.id for s in plan.sectors if not options.sectors or s.id in options.sectors]
    groups = [scope] if options.change_sector else [[sector] for sector in scope]
    uses: dict[str, CostModel] = {
        HEADCOUNT: PostsModel(model.needs, model.staffed),
        RUPTURES: RuptureZones(model),
    }
    bounds = []
    for rule, use in uses.items():
        for group in [] if rule in options.without else groups:
            lycees = frozenset(key for sector in group for key in plan.lycees_of(sector))
            zones = [plan.members(z.id) for sector in group for z in plan.zones_of(sector)]
            now = CostsByName(use, tuple(sorted(model.needs))).of_all(zones)
            bounds.append(
                Resource(
                    rule_label(rule),
                    use if options.change_sector else SectorUse(use, lycees),
                    sum(now),
                    rule=rule,
                    sector=None if options.change_sector else group[0],
                )
            )
    return tuple(bounds)


def slowest_releves(
    study: Study, sectors: Collection[str], size_max: int
) -> tuple[tuple[str, float], ...]:
    """Return the minutes of the slowest present relève of each of some sectors (ids; none: all).

    Each sector has its own bound, the same whether it is searched alone or with others. Sectors
    without a relève are left out, and zones larger than ``size_max``: a sector yet to be drawn is
    one such zone.
    """
    plan, evaluator = study.plan, study.evaluator
    slowest: dict[str, float] = {}
    for zone in plan.zones:
        members = plan.members(zone.id)
        if (sectors and zone.sector not in sectors) or len(members) > size_max:
            continue
        value = evaluator.members(members)[RELEVE]
        if isinstance(value, float):
            slowest[zone.sector] = max(value, slowest.get(zone.sector, 0.0))
    return tuple(sorted(slowest.items()))


def made_anew(study: Study, after: Plan) -> tuple[Violation, ...]:
    """Return the breaches of a proposed plan that are new or worse than in the study's plan."""
    proposed = study.with_plan(kept_zones(after))
    return difference(study.check(), proposed.check()).introduced


def kept_zones(plan: Plan) -> Plan:
    """Return a proposed plan without its empty zones, which disappear with it."""
    zones = [zone for zone in plan.zones if plan.members(zone.id)]
    return plan_of(plan.sectors, zones, plan.zone_by_lycee)


def _bounds(study: Study) -> dict[str, float | None]:
    """Return the rules checked in force, with their bound in minutes; ``None`` without bound.

    A rule that the study does not check is not in force.
    """
    settings = study.settings
    checked = {
        rule.key
        for rule in REGISTRY
        if settings.tool_rules
        or rule.origin is not RuleOrigin.TOOL
        or (rule.set_by is not None and rule.set_by(settings))
    }
    bounds = {ONE_PIECE: None, THRESHOLD: settings.max_minutes}
    return {rule: bound for rule, bound in bounds.items() if rule in checked}


#: Minimum and maximum; ``None`` for no bound.
type Bounds = tuple[int | None, int | None]

#: Default minimum of T.I.P. per zone: a single one has no colleague.
LEAST_POSTS = 2


def balance(
    study: Study, posts: Bounds = (LEAST_POSTS, None), pupils: Bounds = (None, None)
) -> dict[str, Any]:
    """Return bounds on the T.I.P. of each zone and the pupils of each sector.

    The result has the matching fields of `optimize.PartitionOptions`. The T.I.P. of a zone are the
    full-time ones that its needs fill, rounded up. Lycées with an unknown number of pupils count as
    having none.
    """
    from geozones.optimize.resources import Resource, SectorBound  # noqa: PLC0415 - the solver, only if asked

    lycees = {key: study.territory.lycees[key] for key in study.plan.lycees}
    least, most = posts
    fewest, greatest = pupils
    needs = {key: study.teams.need(lycee).half_days for key, lycee in lycees.items()}
    known = {key: float(study.teams.pupils(lycee)[0] or 0) for key, lycee in lycees.items()}
    bounded = Resource(
        "effectif",
        PostsModel(needs, study.ranking.model.staffed),
        least_by_zone=float(least or 0),
        most_by_zone=inf if most is None else float(most),
        unit=terms().proximity_technician.plural,
    )
    by_sector = SectorBound(
        terms().size.plural, known, float(fewest or 0), inf if greatest is None else float(greatest)
    )
    return {
        "resources": (bounded,) if least or most is not None else (),
        "sector_bounds": (by_sector,) if fewest or greatest is not None else (),
    }

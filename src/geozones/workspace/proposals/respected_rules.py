"""Rules that proposals respect, bounds that balance them, and both for a part of a proposal.

`Holding` tells which zones between a plan and its proposal are feasible, where only a part of the
proposal is accepted.
"""

from collections.abc import Collection
from dataclasses import replace
from functools import cached_property
from itertools import combinations
from math import inf
from typing import TYPE_CHECKING

import numpy as np

from geozones.common.french import minutes
from geozones.cost.hours_model import PostsModel, PostsUse, mean_posts, two_post_zones
from geozones.domain import Plan
from geozones.domain.plan import plan_of
from geozones.domain.proposal_conditions import (
    AVERAGE,
    HEADCOUNT,
    ONE_PIECE,
    RELEVE,
    THRESHOLD,
    TWO_POSTS,
    rule_label,
)
from geozones.domain.terms import terms
from geozones.domain.yearly_cost import CostModel, CostsByName
from geozones.rules import REGISTRY, RuleOrigin, Violation, check_zones, difference
from geozones.workspace.figures.study import Study

if TYPE_CHECKING:
    from geozones.optimize import PartitionOptions
    from geozones.optimize.resources import Resource


def with_rules(study: Study, options: "PartitionOptions") -> "PartitionOptions":
    """Return the options with the rules that the study offers; lifted rules stay lifted."""
    bounds = _bounds(study)
    near = study.context.neighbours
    pairs = frozenset((a, b) for a, touching in near.items() for b in touching if a < b)
    own = tuple(resource for resource in options.resources if not resource.rule)
    # the lycées (ids) of some sectors (none: all) that a post of their zone serves. Posts with an
    # accepted exception that lets them leave their zone do not count
    sectors = options.sectors
    plan, teams = study.plan, study.teams
    return replace(
        options,
        adjacent=pairs if ONE_PIECE in bounds else None,
        threshold=bounds.get(THRESHOLD),
        max_releve=slowest_releves(study, options.sectors, options.size_max),
        posted=frozenset(
            lycee
            for post in teams.posts
            if post.id not in teams.exceptions
            for lycee in post.lycees
            if plan.zone_by_lycee.get(lycee) == post.zone
            and (not sectors or plan.sector_of(lycee).id in sectors)
        ),
        resources=(*own, *_averages(study, options), *total_bounds(study, options)),
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


#: Key of the bound on posts in the mean over draws of the needs.
MEAN_POSTS = "mean_posts"
#: Posts more that the mean over draws of the needs may have: what rounding alone moves.
MEAN_POSTS_MORE = 0.25


def total_bounds(study: Study, options: "PartitionOptions") -> tuple["Resource", ...]:
    """Return the bounds on posts and on zones of two posts: no more than in the study's plan.

    Posts are whole at exact needs, and in the mean over draws of the needs (`MEAN_POSTS_MORE`): a
    plan whose zones fill their posts to the last half-day hides posts. The bounds hold in each
    sector, or in the whole scope if lycées may change sector. They are rules of the tool.
    """
    if not study.settings.tool_rules:
        return ()
    from geozones.optimize.resources import Resource, SectorUse  # noqa: PLC0415 - the solver, only if asked

    plan, model = study.plan, study.ranking.model
    posts = PostsModel(model.needs, model.staffed)
    scope = [s.id for s in plan.sectors if not options.sectors or s.id in options.sectors]
    groups = [scope] if options.change_sector else [[sector] for sector in scope]
    uses: tuple[tuple[str, CostModel, float], ...] = (
        (HEADCOUNT, posts, 0.0),
        (HEADCOUNT, PostsUse(MEAN_POSTS, posts, mean_posts), MEAN_POSTS_MORE),
        (TWO_POSTS, PostsUse(TWO_POSTS, posts, two_post_zones), 0.0),
    )
    bounds = []
    for rule, use, more in uses:
        for group in [] if rule in options.without else groups:
            lycees = frozenset(key for sector in group for key in plan.lycees_of(sector))
            zones = [plan.members(z.id) for sector in group for z in plan.zones_of(sector)]
            now = CostsByName(use, tuple(sorted(model.needs))).of_all(zones)
            bounds.append(
                Resource(
                    rule_label(rule),
                    use if options.change_sector else SectorUse(use, lycees),
                    sum(now) + more,
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


#: Fewest T.I.P. of a zone: a single one has no colleague.
LEAST_POSTS = 2


def least_posts(study: Study) -> "Resource":
    """Return the bound on the T.I.P. of each zone: `LEAST_POSTS` at least.

    They are the full-time ones that its needs fill, rounded up.
    """
    from geozones.optimize.resources import Resource  # noqa: PLC0415 - the solver, only if asked

    needs = {
        key: study.teams.need(study.territory.lycees[key]).half_days for key in study.plan.lycees
    }
    posts = PostsModel(needs, study.ranking.model.staffed)
    return Resource("effectif", posts, least_by_zone=float(LEAST_POSTS))


class Holding:
    """Feasibility of zones on the way from a plan to its proposal.

    An intermediate zone may be no worse than in the plan searched from (the study's) and in the
    proposed plan (``after``, which has every zone of the former): within the requested sizes,
    without a drive longer than the cap or a relève slower than the rule allows, and without a new
    rule breach.
    """

    def __init__(self, study: Study, after: Plan, options: "PartitionOptions") -> None:
        self._study, self._before, self._after, self._options = study, study.plan, after, options
        self._faults: dict[tuple[str, tuple[str, ...]], str] = {}

    def holds(self, zone: str, members: tuple[str, ...]) -> bool:
        """Tell whether a zone (id) may have exactly these lycées (ids, sorted)."""
        return not self.fault(zone, members)

    def fault(self, zone: str, members: tuple[str, ...]) -> str:
        """Return why a zone (id) may not have exactly these lycées, in French; empty if it may."""
        ends = self._members(self._before, zone), self._members(self._after, zone)
        if members in ends:
            return ""
        key = zone, members
        if key not in self._faults:
            self._faults[key] = self._work_out(zone, members, ends)
        return self._faults[key]

    def is_refused(self, zone: str) -> bool:
        """Tell whether the requested conditions refuse a zone (id) of the plan searched from.

        Moves out of it or into it may then be needed, whatever they gain.
        """
        members = self._members(self._before, zone)
        if not members:
            return False
        cap = self._options.max_minutes
        too_far = cap is not None and self._worst(members) > cap
        return self._outside(members) > 0 or too_far or not self._uses_fit(members)

    def _uses_fit(self, members: tuple[str, ...]) -> bool:
        """Tell whether a zone uses what the requested bounds on each zone allow."""
        ids = tuple(sorted(self._before.lycees))
        return all(
            resource.fits(np.array(CostsByName(resource.use, ids).of_all([members]))).all()
            for resource in self._options.resources
        )

    def _work_out(
        self, zone: str, members: tuple[str, ...], ends: tuple[tuple[str, ...], ...]
    ) -> str:
        name = self._after.zone(zone).name
        if not members:
            return f"La zone {name} n'aurait plus {terms().site.of}."
        known = [held for held in ends if held]
        if self._outside(members) > max(map(self._outside, known), default=0):
            return f"La zone {name} aurait {terms().site.counted(len(members))}."
        cap, worst = self._options.max_minutes, self._worst(members)
        if cap is not None and worst > max(cap, *map(self._worst, known)):
            return f"La zone {name} aurait un trajet de {minutes(worst)}."
        # whether a relève is slower than the rule allows, and than in the known zones
        if not self._most_releve:
            slower_releve = False
        else:
            sectors = {self._before.sector_of(lycee).id for lycee in members}
            most = max(self._most_releve.get(sector, inf) for sector in sectors)
            slowest = [self._study.evaluator.members(zone)[RELEVE] for zone in (members, *known)]
            here, *others = (value if isinstance(value, float) else inf for value in slowest)
            slower_releve = here > max(most, *others)
        if slower_releve:
            return f"La zone {name} aurait une relève plus lente qu'aujourd'hui."
        broken = self._broken_anew(zone, members)
        return broken[0].message if broken else ""

    def _outside(self, members: tuple[str, ...]) -> int:
        """Return by how many lycées a zone is outside the requested sizes."""
        low, high = self._options.size_min, self._options.size_max
        return max(low - len(members), len(members) - high, 0)

    def _worst(self, members: tuple[str, ...]) -> float:
        times = self._study.times
        pairs = combinations(members, 2)
        drives = ((times.between(a, b) + times.between(b, a)) / 2 for a, b in pairs)
        return max(drives, default=0.0)

    @cached_property
    def _most_releve(self) -> dict[str, float]:
        options = self._options
        if RELEVE in options.without:
            return {}
        return dict(slowest_releves(self._study, options.sectors, options.size_max))

    def _broken_anew(self, zone: str, members: tuple[str, ...]) -> list[Violation]:
        """Return the breaches of a zone that are new or worse compared with both plans."""
        context, plan = self._study.context, self._after
        for lycee in set(plan.members(zone)).difference(members):
            others = (self._before.zone_by_lycee[lycee], *(other.id for other in plan.zones))
            plan = plan.move(lycee, next(other for other in others if other != zone))
        for lycee in members:
            plan = plan.move(lycee, zone)
        breaches = check_zones(plan, [zone], context)
        ends = [
            check_zones(end, [zone], context) if self._members(end, zone) else ()
            for end in (self._before, self._after)
        ]
        anew = [difference(end, breaches).introduced for end in ends]
        return [breach for breach in anew[0] if breach in anew[1]]

    @staticmethod
    def _members(plan: Plan, zone: str) -> tuple[str, ...]:
        return plan.members(zone) if plan.has_zone(zone) else ()

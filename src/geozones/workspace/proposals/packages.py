"""Packages of a proposal: independent moves with their gain; their acceptance on a plan."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from itertools import combinations
from typing import TYPE_CHECKING

from geozones.common.french import capital, listing, plural
from geozones.domain import DecisionStatus, Plan, Zone
from geozones.domain.events import State
from geozones.domain.events.zone_events import RedrawZones
from geozones.domain.plan import plan_of
from geozones.domain.proposal_conditions import AVERAGE, HEADCOUNT, TWO_POSTS
from geozones.domain.terms import terms
from geozones.domain.yearly_cost import CostsByName
from geozones.effect import Effect
from geozones.metrics import Robustness
from geozones.rules import Violation
from geozones.territory.shapes import parts_cut_off
from geozones.workspace.figures.plan_comparison import judge_studies, plan_change
from geozones.workspace.figures.study import Study
from geozones.workspace.proposals.respected_rules import (
    MEAN_POSTS,
    Holding,
    made_anew,
    total_bounds,
)
from geozones.workspace.proposals.solve import cost_model, robustness_of

if TYPE_CHECKING:
    from geozones.optimize import PartitionOptions
    from geozones.optimize.resources import Resource


#: Share of the gain that the packages proposed hold: the rest is not worth its moves.
ENOUGH = 0.9
#: Most packages looked for that another one needs.
_MOST_NEEDED = 2

#: Totals with a bound, by key of rule: singular, plural.
_TOTALS = {HEADCOUNT: ("poste",), TWO_POSTS: ("zone de deux postes", "zones de deux postes")}


class Totals:
    """Bounds on the totals of a plan, with what each zone uses.

    ``before`` is the plan searched from; ``bounds`` are on posts and on zones of two posts
    (`respected_rules.total_bounds`).
    """

    def __init__(self, before: Plan, bounds: "Iterable[Resource]") -> None:
        self._lycees = frozenset(before.lycees)
        ids = tuple(sorted(before.lycees))
        # mean posts bound the plan searched: a package of it may have more by itself
        whole = (bound for bound in bounds if bound.use.key != MEAN_POSTS)
        self.uses = [(bound, CostsByName(bound.use, ids)) for bound in whole]

    def broken(self, plan: Plan, where: Mapping[str, str]) -> str:
        """Return the bound that moves would break on a plan, in French; empty if none.

        ``where`` is the zone (id) that each lycée joins. A plan that is beyond a bound may stay so.
        """
        now = self._zones(plan.zone_by_lycee)
        then = self._zones({**plan.zone_by_lycee, **where})
        for bound, use in self.uses:
            before, after = (round(sum(use.of_all(zones))) for zones in (now, then))
            if after > before and not bound.allows(after):
                sector = bound.sector and f"Le secteur {plan.sector(bound.sector).name}"
                words = plural(after, *_TOTALS[bound.rule])
                whose = sector or capital(terms().territory.the)
                return f"{whose} aurait {words}, contre {before} avant."
        return ""

    def _zones(self, zone_by_lycee: Mapping[str, str]) -> list[tuple[str, ...]]:
        """Return the lycées of each zone, sorted, without those that came since the search."""
        zones: dict[str, list[str]] = {}
        for lycee in sorted(self._lycees.intersection(zone_by_lycee)):
            zones.setdefault(zone_by_lycee[lycee], []).append(lycee)
        return [tuple(lycees) for lycees in zones.values()]


#: Moves: each lycée (id) that changes zone, with the zones (ids) that it leaves and joins.
type _Moves = tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class ProposedPackage:
    """Moves that can be accepted without the other moves of a proposal."""

    moves: _Moves  # The lycées that change zone.
    #: How much the package alone lowers the hours of the year. Negative if only the requested
    #: conditions need the package.
    gain: float
    reason: str  # Which lycées go where, in French, without a full stop.
    change: Effect  # Effect of the package alone on the plan: posts, figures, verdict.
    #: Comparison of the package alone with the plan searched from, draw by draw.
    robustness: Robustness
    breaches: tuple[Violation, ...] = ()  # Rule breaches that the package alone brings or worsens.
    is_asked: bool = False  # Whether the requested conditions need the package, whatever its gain.

    @property
    def is_equivalent(self) -> bool:
        """Whether the package is as good as no change.

        Its gain is within the model's error, or its mean gain over the draws is not positive. A
        package that the requested conditions need is never equivalent.
        """
        judgement = self.change.judgement
        is_tie = judgement is not None and judgement.is_tie
        return not self.is_asked and (is_tie or not self.robustness.gain > 0)

    @property
    def lycees(self) -> tuple[str, ...]:
        """The lycées (ids) that it moves."""
        return tuple(lycee for lycee, _, _ in self.moves)

    @property
    def by_target(self) -> dict[str, list[str]]:
        """The lycées (ids) that join each zone (id)."""
        return by_target(self.moves)


def by_target(moves: _Moves) -> dict[str, list[str]]:
    """Return the lycées (ids) that join each zone (id)."""
    joined: dict[str, list[str]] = {}
    for lycee, _, target in moves:
        joined.setdefault(target, []).append(lycee)
    return joined


def _joined(cut: list[_Moves], more: Sequence[float]) -> list[_Moves]:
    """Return packages, with those that change a total (``more`` is not 0) merged into one."""
    joined = [moves for moves, count in zip(cut, more, strict=True) if count]
    kept = [moves for moves, count in zip(cut, more, strict=True) if not count]
    return [*kept, tuple(sorted(change for moves in joined for change in moves))]


def is_worth(study: Study, plan: Plan) -> bool:
    """Tell whether a plan is to be proposed instead of the study's.

    Its total is lower, at the rate in force, by more than the model's error, and lower in the mean
    over the draws.
    """
    judgement = judge_studies(study, study.with_plan(plan))
    gain = -judgement.total(judgement.rate)
    return gain > judgement.error and robustness_of(study, plan).gain > 0


class PlanProposal:
    """A plan (``after``) proposed from the plan of a study, cut into packages.

    ``options`` are those of the search.
    """

    def __init__(self, study: Study, after: Plan, options: "PartitionOptions") -> None:
        self.study, self._options = study, options
        self.before, self.after = study.plan, study.territory.named(after)
        self.holding = Holding(study, after, options)

    @cached_property
    def created(self) -> dict[str, Zone]:
        """The zones that it creates, by id."""
        known = {zone.id for zone in self.before.zones}
        return {zone.id: zone for zone in self.after.zones if zone.id not in known}

    @cached_property
    def packages(self) -> tuple[ProposedPackage, ...]:
        """The packages in an order in which they can be accepted, greatest gain first."""
        from geozones.optimize.move_order import packages  # noqa: PLC0415 - the solver, only if asked

        costs = self._costs(self.study)
        cut = packages(self.before, self.after, self.holding.holds, costs.of)
        found: list[ProposedPackage] = []
        for moves in self._with_totals(self._with_averages(list(cut))):
            gain = self._gain(self.before, moves, costs)
            alone = self.accepted_on(self.before, moves)
            touched = {zone for _, *ends in moves for zone in ends}
            parts = [
                f"{listing(list(map(self.study.name, lycees)))} → {self.target_name(zone)}"
                for zone, lycees in by_target(moves).items()
            ]
            found.append(
                ProposedPackage(
                    moves,
                    gain,
                    " ; ".join((*parts, *self.ends_of(self.study, moves))),
                    plan_change(self.study, self.study.with_plan(alone)),
                    robustness_of(self.study, alone),
                    made_anew(self.study, alone),
                    gain < 0 or any(map(self.holding.is_refused, touched)),
                )
            )
        left = sorted(found, key=lambda package: (-package.gain, package.moves))
        ordered, plan = list[ProposedPackage](), self.before
        while left:
            following = next((one for one in left if not obstacle(self, [one], plan)), left[0])
            left.remove(following)
            ordered.append(following)
            plan = self.accepted_on(plan, following.moves)
        return tuple(ordered)

    @cached_property
    def is_better(self) -> bool:
        """Whether the whole is worth its moves."""
        return is_worth(self.study, self.after)

    @cached_property
    def better(self) -> tuple[ProposedPackage, ...]:
        """The fewest packages that hold `ENOUGH` of the gain, and those they need.

        Only those that the requested conditions need, if the whole is not better.
        """
        better = {package for package in self.packages if package.is_asked}
        left = ENOUGH * sum(package.gain for package in self.packages)
        for package in sorted(self.packages, key=lambda one: -one.gain) if self.is_better else ():
            if left > 0:
                better.add(package)
                left -= package.gain
        needed = {first for one in better for first in needed_first(self, one, self.before)}
        return tuple(package for package in self.packages if package in better | needed)

    @cached_property
    def better_plan(self) -> Plan:
        """The plan after the better packages alone."""
        return self.plan_with(self.better)

    def plan_with(self, packages: Sequence[ProposedPackage]) -> Plan:
        """Return the plan searched from after some packages alone."""
        if len(packages) == len(self.packages):
            return self.after
        moves = tuple(move for package in packages for move in package.moves)
        return self.accepted_on(self.before, moves) if moves else self.before

    def _with_averages(self, cut: list[_Moves]) -> list[_Moves]:
        """Merge the packages that could break the average of a sector if accepted separately.

        Each of these packages creates or removes zones of that sector.
        """
        from geozones.optimize.resources import zones_held, zones_within  # noqa: PLC0415

        if AVERAGE in self._options.without or self._options.change_sector:
            return cut
        settings, before = self.study.settings, self.before
        for sector in before.sectors:
            held = zones_held(before, sector.id)
            plans = [self.accepted_on(before, moves) for moves in cut]
            more = [zones_held(plan, sector.id) - held for plan in plans]
            low, high = sum(min(count, 0) for count in more), sum(max(count, 0) for count in more)
            limits = settings.zone_min, settings.zone_max
            fewest, most = zones_within(before, sector.id, *limits)
            if fewest <= held + low and held + high <= most:
                continue
            cut = _joined(cut, more)
        return cut

    def _with_totals(self, cut: list[_Moves]) -> list[_Moves]:
        """Merge the packages that change a total, if one of them alone would exceed its bound."""
        for bound, use in self.totals.uses:
            plans = [self.before, *(self.accepted_on(self.before, moves) for moves in cut)]
            now, *then = (sum(use.of_all([p.members(z.id) for z in p.zones])) for p in plans)
            more = [total - now for total in then]
            if not all(bound.allows(now + count) for count in more):
                cut = _joined(cut, more)
        return cut

    @cached_property
    def totals(self) -> Totals:
        """Bounds on totals of the plan."""
        return Totals(self.before, total_bounds(self.study, self._options))

    def _costs(self, study: Study) -> CostsByName:
        """Return what zones cost with the hypotheses of a study."""
        model = cost_model(study)
        return CostsByName(model, tuple(sorted(study.plan.lycees)))

    def _gain(self, plan: Plan, moves: _Moves, costs: CostsByName) -> float:
        """Return how much some moves alone lower the objective of a plan."""
        plans = plan, self.accepted_on(plan, moves)
        then, now = ({plan.members(zone.id) for zone in plan.zones} - {()} for plan in plans)
        ended, made = sorted(then - now), sorted(now - then)
        return sum(costs.of_all(ended)) - sum(costs.of_all(made))

    def told_on(self, package: ProposedPackage, study: Study) -> ProposedPackage:
        """Return a package with its figures worked out on the plan of a study."""
        plan, alone = study.plan, self.accepted_on(study.plan, package.moves)
        return replace(
            package,
            gain=self._gain(plan, package.moves, self._costs(study)),
            change=plan_change(study, study.with_plan(alone)),
            robustness=robustness_of(study, alone),
            breaches=made_anew(study, alone),
        )

    def accepted_on(self, plan: Plan, moves: _Moves) -> Plan:
        """Return a plan after some moves alone, without the zones that they empty."""
        where = dict(plan.zone_by_lycee)
        where.update((lycee, target) for lycee, _, target in moves)
        left = {origin for _, origin, _ in moves}.difference(where.values())
        targets = dict.fromkeys(target for _, _, target in moves if not plan.has_zone(target))
        zones = [zone for zone in plan.zones if zone.id not in left]
        return plan_of(plan.sectors, [*zones, *map(self.after.zone, targets)], where)

    def ends_of(self, study: Study, moves: _Moves) -> list[str]:
        """Name the zones of a plan that some moves empty, or leave in pieces, in sentences."""
        plan, near = study.plan, study.context.neighbours
        alone = self.accepted_on(plan, moves)
        origins = dict.fromkeys(origin for _, origin, _ in moves if plan.has_zone(origin))
        left = [origin for origin in origins if not alone.has_zone(origin)]
        ends = [f"la zone {plan.zone(zone).name} disparaît" for zone in left]
        touched = dict.fromkeys(zone for _, *both in moves for zone in both)
        ends += [
            f"la zone {alone.zone(zone).name} n'est plus d'un seul tenant"
            for zone in touched
            if alone.has_zone(zone) and parts_cut_off(near, alone.members(zone))
        ]
        return ends

    def published_of(self, moves: _Moves) -> list[str]:
        """Return the names of the published sectors that some moves change."""
        ends = dict.fromkeys(zone for _, *both in moves for zone in both)
        known = [plan.zones for plan in (self.after, self.before)]
        zones = {zone.id: zone for zones in known for zone in zones}
        sectors = dict.fromkeys(zones[zone].sector for zone in ends)
        status = self.study.status
        return [
            self.before.sector(sector).name
            for sector in sectors
            if status(sector_id=sector) is DecisionStatus.PUBLISHED
        ]

    def target_name(self, zone: str) -> str:
        """Return the name of a zone (id) that lycées join, marked as new if it is."""
        name = self.after.zone(zone).name
        return f"{name} (zone nouvelle)" if zone in self.created else name


@lru_cache(maxsize=16)
def proposal_of(study: Study, after: Plan, options: "PartitionOptions") -> PlanProposal:
    """Return a proposed plan cut into packages; arguments as `PlanProposal`; cached."""
    return PlanProposal(study, after, options)


def moves_of(packages: Sequence[ProposedPackage]) -> dict[str, tuple[str, str]]:
    """Return the zones (ids) that each lycée of some packages leaves and joins."""
    return {
        lycee: (origin, target) for package in packages for lycee, origin, target in package.moves
    }


def is_accepted(package: ProposedPackage, plan: Plan) -> bool:
    """Tell whether every lycée of a package is already in its target zone."""
    return all(plan.zone_by_lycee.get(lycee) == target for lycee, _, target in package.moves)


def obstacle(proposal: PlanProposal, packages: Sequence[ProposedPackage], plan: Plan) -> str:
    """Return why packages can no longer be accepted on a plan, in French; empty if they can.

    The packages are accepted all together. If only other packages of the same proposal have changed
    the plan, their zones are never an obstacle; a total of the sector may be one, which another
    package lowers (`needed_first`).
    """
    moves = moves_of(packages)
    there = {lycee: target for lycee, (_, target) in moves.items()}
    return (
        _gone(proposal, moves, plan)
        or _fault(proposal, moves, plan)
        or proposal.totals.broken(plan, there)
    )


def _gone(proposal: PlanProposal, moves: Mapping[str, tuple[str, str]], plan: Plan) -> str:
    """Return which lycées or zones of some moves are no longer where they were; empty if none."""
    elsewhere = [
        proposal.study.name(lycee)
        for lycee, ends in moves.items()
        if plan.zone_by_lycee.get(lycee) not in ends
    ]
    if elsewhere:
        verb = "a bougé" if len(elsewhere) == 1 else "ont bougé"
        return f"{listing(elsewhere)} {verb} depuis."
    known = {zone.id for zone in plan.zones}
    for _, target in moves.values():
        if target not in known and target not in proposal.created:
            return f"La zone {proposal.after.zone(target).name} n'existe plus."
    return ""


@lru_cache(maxsize=64)
def package_now(
    proposal: PlanProposal, package: ProposedPackage, study: Study
) -> ProposedPackage | None:
    """Return a package with its figures on the plan of a study, as it is now; cached.

    ``None`` where one of its lycées or zones is no longer where the search found it.
    """
    if _gone(proposal, moves_of([package]), study.plan):
        return None
    return proposal.told_on(package, study)


def needed_first(
    proposal: PlanProposal, package: ProposedPackage, plan: Plan
) -> tuple[ProposedPackage, ...]:
    """Return the fewest packages without which a package cannot be accepted on a plan.

    Empty if the package can be accepted, or if no other package helps.
    """
    if not obstacle(proposal, [package], plan):
        return ()
    others = [one for one in proposal.packages if one != package and not is_accepted(one, plan)]
    for count in range(1, min(len(others), _MOST_NEEDED) + 1):
        for first in combinations(others, count):
            if not obstacle(proposal, first, plan) and not obstacle(
                proposal, (*first, package), plan
            ):
                return first
    return ()


def _fault(proposal: PlanProposal, moves: dict[str, tuple[str, str]], plan: Plan) -> str:
    """Return what would be wrong with the zones that moves touch; empty if nothing."""
    touched = dict.fromkeys(zone for ends in moves.values() for zone in ends)
    there = {lycee: ends[1] for lycee, ends in moves.items()}
    for zone in touched:
        held = plan.members(zone) if plan.has_zone(zone) else ()
        staying = {lycee for lycee in held if there.get(lycee, zone) == zone}
        members = sorted(staying.union(lycee for lycee, to in there.items() if to == zone))
        unknown = set(members).difference(proposal.after.zone_by_lycee)
        if unknown:
            return (
                f"La zone {proposal.after.zone(zone).name} a reçu {terms().site.a} depuis : "
                "relancez la recherche."
            )
        fault = proposal.holding.fault(zone, tuple(members))
        if fault:
            return f"Le plan a changé depuis. {fault}"
    return ""


def event_of(
    proposal: PlanProposal, packages: Sequence[ProposedPackage], state: State
) -> dict[str, object]:
    """Return the data of the one event (``redraw``) that accepts packages in a scenario's state.

    The event creates the zones that the packages need and the state lacks, and removes the zones
    that the proposal empties once they have neither lycée nor post.
    """
    plan, moves = state.plan, moves_of(packages)
    known = {zone.id for zone in plan.zones}
    targets = dict.fromkeys(target for _, target in moves.values())
    created = tuple(proposal.created[zone] for zone in targets if zone not in known)
    going = {
        lycee: target for lycee, (_, target) in moves.items() if plan.zone_by_lycee[lycee] != target
    }
    emptied = tuple(
        zone
        for zone in dict.fromkeys(origin for origin, _ in moves.values())
        if zone in known
        and not proposal.after.members(zone)
        and all(going.get(lycee, zone) != zone for lycee in plan.members(zone))
        and not state.teams.of_zone(zone)
    )
    return RedrawZones.data_of(created, going, emptied)


@dataclass(frozen=True)
class SortedPackages:
    """Packages of a proposal by their state: accepted, set aside, left."""

    proposal: PlanProposal
    #: Packages proposed, in the order of their numbers: all, or those whose gain exceeds the margin
    #: of error, if there are some.
    proposed: tuple[ProposedPackage, ...]
    accepted: tuple[ProposedPackage, ...]  # Packages that the plan contains.
    left: tuple[ProposedPackage, ...]  # Packages that are neither accepted nor set aside.
    #: Packages set aside, each with the packages that it needs and that were set aside before it;
    #: none if the user set it aside itself.
    aside: dict[ProposedPackage, tuple[ProposedPackage, ...]]

    @property
    def before(self) -> Plan:
        """The plan searched from, with the packages accepted."""
        return self.proposal.plan_with(self.accepted)

    @property
    def after(self) -> Plan:
        """The same plan with the packages proposed that are left."""
        return self.proposal.plan_with((*self.accepted, *self.shown))

    @property
    def shown(self) -> tuple[ProposedPackage, ...]:
        """The packages proposed that are left: those that the map shows."""
        return tuple(package for package in self.left if package in self.proposed)


def sort_packages(
    proposal: PlanProposal, set_aside: Collection[object], plan: Plan, *, whole: bool = False
) -> SortedPackages:
    """Sort packages by state, from the current plan and the moves of the packages set aside.

    The better ones are proposed, if there are some, or all with ``whole``. A package that cannot
    be accepted without one set aside goes with it.
    """
    accepted = tuple(one for one in proposal.packages if is_accepted(one, plan))
    others = [one for one in proposal.packages if one not in accepted]
    aside: dict[ProposedPackage, tuple[ProposedPackage, ...]] = {
        one: () for one in others if one.moves in set_aside
    }
    waiting = [one for one in others if one not in aside]
    needs = {one: needed_first(proposal, one, plan) for one in waiting} if aside else {}
    while along := [one for one in waiting if any(need in aside for need in needs.get(one, ()))]:
        aside |= {one: tuple(need for need in needs[one] if need in aside) for one in along}
        waiting = [one for one in waiting if one not in aside]
    proposed = proposal.packages if whole else proposal.better or proposal.packages
    return SortedPackages(proposal, proposed, accepted, tuple(waiting), aside)

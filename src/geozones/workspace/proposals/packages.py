"""Packages of a proposal: independent sets of moves, each with its gain, and their totals."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from geozones.common.french import capital, listing, plural
from geozones.domain import Plan, Zone
from geozones.domain.plan import plan_of
from geozones.domain.proposal_conditions import AVERAGE, HEADCOUNT, RUPTURES
from geozones.domain.terms import terms
from geozones.domain.zone_costs import MEAN, CostsByName
from geozones.metrics import Change, Robustness
from geozones.rules import Violation
from geozones.territory.shapes import parts_cut_off
from geozones.workspace.plan_comparison import gains
from geozones.workspace.proposals.respected_rules import Holding, made_anew, total_bounds
from geozones.workspace.proposals.solve import cost_model, robustness_of
from geozones.workspace.rankings import HOURS
from geozones.workspace.study import Study

if TYPE_CHECKING:
    from geozones.optimize import PartitionOptions
    from geozones.optimize.resources import Resource

#: Totals with a bound, by key of rule: singular, plural.
_TOTALS = {HEADCOUNT: ("poste",), RUPTURES: ("zone en rupture", "zones en rupture")}


class Totals:
    """Bounds on the totals of a plan, with what each zone uses.

    Parameters
    ----------
    before
        The plan searched from.
    bounds
        Bounds on posts and on zones in rupture (`respected_rules.total_bounds`).
    """

    def __init__(self, before: Plan, bounds: "Iterable[Resource]") -> None:
        self._lycees = frozenset(before.lycees)
        ids = tuple(sorted(before.lycees))
        self.uses = [(bound, CostsByName(bound.use, ids)) for bound in bounds]

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
    """Moves that can be accepted without the other moves of a proposal.

    Parameters
    ----------
    moves
        The lycées that change zone.
    gain
        How much the package alone lowers the objective, in hours a year or in minutes; the mean
        over the draws, if the search used draws. Negative if only the requested conditions need
        the package.
    reason
        Which lycées go where, in French, without a full stop.
    changes
        Headline figures and posts of the zones that the package alone changes, deteriorations
        first.
    robustness
        Comparison of the package alone with the plan searched from, draw by draw.
    breaches
        Rule breaches that the package alone brings or worsens.
    is_asked
        Whether the requested conditions need the package, whatever its gain.
    """

    moves: _Moves
    gain: float
    reason: str
    changes: tuple[Change, ...]
    robustness: Robustness
    breaches: tuple[Violation, ...] = ()
    is_asked: bool = False

    @property
    def is_equivalent(self) -> bool:
        """Whether the margin of error swallows its gain, and no condition needs it."""
        return self.robustness.judgement.is_tie and not self.is_asked

    @property
    def lycees(self) -> tuple[str, ...]:
        """The lycées (ids) that it moves."""
        return tuple(lycee for lycee, _, _ in self.moves)

    @property
    def by_target(self) -> dict[str, list[str]]:
        """The lycées (ids) that join each zone (id)."""
        joined: dict[str, list[str]] = {}
        for lycee, _, target in self.moves:
            joined.setdefault(target, []).append(lycee)
        return joined


def _joined(cut: list[_Moves], more: Sequence[float]) -> list[_Moves]:
    """Return packages, with those that change a total (``more`` is not 0) merged into one."""
    joined = [moves for moves, count in zip(cut, more, strict=True) if count]
    kept = [moves for moves, count in zip(cut, more, strict=True) if not count]
    return [*kept, tuple(sorted(change for moves in joined for change in moves))]


class PlanProposal:
    """A plan proposed from a study's plan, cut into packages.

    Parameters
    ----------
    study
        The plan searched from.
    after
        The proposed plan.
    options, objective
        The options and the objective (`rankings.OBJECTIVES`) of the search.
    """

    def __init__(
        self, study: Study, after: Plan, options: "PartitionOptions", objective: str = HOURS
    ) -> None:
        self.study, self._objective, self._options = study, objective, options
        self.before, self.after = study.plan, study.territory.named(after)
        self.holding = Holding(study, after, options)
        self._robust = options.robust

    @cached_property
    def created(self) -> dict[str, Zone]:
        """The zones that it creates, by id."""
        known = {zone.id for zone in self.before.zones}
        return {zone.id: zone for zone in self.after.zones if zone.id not in known}

    @cached_property
    def packages(self) -> tuple[ProposedPackage, ...]:
        """The packages, greatest gain first."""
        from geozones.optimize.move_order import packages  # noqa: PLC0415 - the solver, only if asked

        model = cost_model(self.study, self._objective, MEAN if self._robust else "")
        costs = CostsByName(model, tuple(sorted(self.before.lycees)))
        cut = packages(self.before, self.after, self.holding.holds, costs.of)
        gains = {package.changes: package.gain for package in cut}
        found = [
            self._package(moves, gains[moves] if moves in gains else self._gain(moves, costs))
            for moves in self._with_totals(self._with_averages(list(gains)))
        ]
        return tuple(sorted(found, key=lambda package: (-package.gain, package.moves)))

    @cached_property
    def better(self) -> tuple[ProposedPackage, ...]:
        """The packages whose gain the margin of error does not swallow, greatest gain first."""
        return tuple(package for package in self.packages if not package.is_equivalent)

    @cached_property
    def better_plan(self) -> Plan:
        """The plan after the better packages alone."""
        return self.plan_with(self.better)

    def plan_with(self, packages: Sequence[ProposedPackage]) -> Plan:
        """Return the plan searched from after some packages alone."""
        if len(packages) == len(self.packages):
            return self.after
        moves = tuple(move for package in packages for move in package.moves)
        return self._alone(moves) if moves else self.before

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
            more = [zones_held(self._alone(moves), sector.id) - held for moves in cut]
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
            plans = [self.before, *map(self._alone, cut)]
            now, *then = (sum(use.of_all([p.members(z.id) for z in p.zones])) for p in plans)
            more = [total - now for total in then]
            if not all(bound.allows(now + count) for count in more):
                cut = _joined(cut, more)
        return cut

    @cached_property
    def totals(self) -> Totals:
        """Bounds on totals of the plan."""
        return Totals(self.before, total_bounds(self.study, self._options))

    def _gain(self, moves: _Moves, costs: CostsByName) -> float:
        """Return how much some moves alone lower the objective."""
        plans = self.before, self._alone(moves)
        then, now = ({plan.members(zone.id) for zone in plan.zones} - {()} for plan in plans)
        ended, made = sorted(then - now), sorted(now - then)
        return sum(costs.of_all(ended)) - sum(costs.of_all(made))

    def _package(self, moves: _Moves, gain: float) -> ProposedPackage:
        alone = self._alone(moves)
        touched = {zone for _, *ends in moves for zone in ends}
        return ProposedPackage(
            moves,
            gain,
            self._reason(moves),
            gains(self.study, self.study.with_plan(alone)),
            robustness_of(self.study, alone, self._objective),
            made_anew(self.study, alone),
            gain < 0 or any(map(self.holding.is_refused, touched)),
        )

    def _alone(self, moves: _Moves) -> Plan:
        """Return the plan after some moves alone, without the zones that they empty."""
        where = dict(self.before.zone_by_lycee)
        where.update((lycee, target) for lycee, _, target in moves)
        left = {origin for _, origin, _ in moves}.difference(where.values())
        targets = {target for _, _, target in moves}
        zones = [
            zone
            for zone in self.after.zones
            if zone.id not in left and (zone.id not in self.created or zone.id in targets)
        ]
        return plan_of(self.before.sectors, zones, where)

    def _reason(self, moves: _Moves) -> str:
        joined: dict[str, list[str]] = {}
        for lycee, _, target in moves:
            joined.setdefault(target, []).append(self.study.name(lycee))
        parts = [f"{listing(names)} → {self.target_name(zone)}" for zone, names in joined.items()]
        return " ; ".join((*parts, *self.ends_of(moves)))

    def ends_of(self, moves: _Moves) -> list[str]:
        """Name the zones that some moves alone empty, or leave in pieces, in sentences."""
        alone, near = self._alone(moves), self.study.context.neighbours
        left = dict.fromkeys(origin for _, origin, _ in moves if not alone.has_zone(origin))
        ends = [f"la zone {self.before.zone(zone).name} disparaît" for zone in left]
        touched = dict.fromkeys(zone for _, *both in moves for zone in both)
        ends += [
            f"la zone {alone.zone(zone).name} n'est plus d'un seul tenant"
            for zone in touched
            if alone.has_zone(zone) and parts_cut_off(near, alone.members(zone))
        ]
        return ends

    def target_name(self, zone: str) -> str:
        """Return the name of a zone (id) that lycées join, marked as new if it is."""
        name = self.after.zone(zone).name
        return f"{name} (zone nouvelle)" if zone in self.created else name


@lru_cache(maxsize=16)
def proposal_of(
    study: Study, after: Plan, options: "PartitionOptions", objective: str = HOURS
) -> PlanProposal:
    """Return a proposed plan cut into packages; arguments as `PlanProposal`; cached."""
    return PlanProposal(study, after, options, objective)


def moves_of(packages: Sequence[ProposedPackage]) -> dict[str, tuple[str, str]]:
    """Return the zones (ids) that each lycée of some packages leaves and joins."""
    return {
        lycee: (origin, target) for package in packages for lycee, origin, target in package.moves
    }

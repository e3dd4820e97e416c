"""Options of a proposal, and the partition problem that they make, as numbered arrays."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from math import inf
from typing import Annotated

import numpy as np
from numpy.typing import NDArray

from geozones.common.bounds import at_least
from geozones.common.errors import InputError
from geozones.common.french import listing, plural
from geozones.domain import ObjectiveWeights, Plan, TravelTimes, UnknownLyceeError
from geozones.domain.proposal_conditions import (
    ALL,
    OF_TOTALS,
    ONE_PIECE,
    POSTS,
    RELEVE,
    RULES,
    THRESHOLD,
    LyceePair,
    Option,
    ProposalConditions,
    option_faults,
    releve_label,
    rule_label,
)
from geozones.domain.terms import terms
from geozones.domain.yearly_cost import CostModel, CostsByName, ZoneCosts
from geozones.optimize.resources import DrivesModel, Resource, mean_minutes, one_way_minutes

_AT_ONCE = 1 << 16
#: Minutes closer than this count as equal.
SAME_MINUTES = 1e-6

type _Rule = Callable[[NDArray[np.uint16]], NDArray[np.bool_]]


@dataclass(frozen=True, eq=False)
class ZoneRules:
    """Rules in force, for lycées by their numbers."""

    #: ``bool[n, n]``: whether cells touch on the map; ``None`` if zones may be in pieces.
    adjacent: NDArray[np.bool_] | None
    #: ``bool[n, n]``: pairs over the threshold of minutes that are in a current zone.
    too_far: NDArray[np.bool_]
    #: ``float[n, n]``: minutes from the first lycée to the second; ``inf`` if unreachable.
    one_way: NDArray[np.float64]
    #: ``float[n]``: most minutes for the nearest colleague to come to each lycée, ``inf`` for any;
    #: ``None`` if no lycée has a bound.
    max_releve: NDArray[np.float64] | None
    #: Zones of the current plan, ascending, which are always permitted.
    current: tuple[tuple[int, ...], ...]

    def permit(self, members: NDArray[np.uint16]) -> NDArray[np.bool_]:
        """Return which zones of one size (``uint16[zone, k]``, ascending) are permitted."""
        permitted = np.ones(len(members), bool)
        for start in range(0, len(members), _AT_ONCE):
            part = members[start : start + _AT_ONCE]
            kept = np.arange(len(part))
            for kept_by_rule in self._rules():
                kept = kept[kept_by_rule(part[kept])]
            permitted[start : start + len(part)] = False
            permitted[start + kept] = True
        for zone in self.current:
            if len(zone) == members.shape[1]:
                rows = np.arange(len(members))
                for column, lycee in enumerate(zone):
                    rows = rows[members[rows, column] == lycee]
                permitted[rows] = True
        return permitted

    def _rules(self) -> Iterator[_Rule]:
        """Yield functions that return which zones of one size keep a rule; the quickest first."""
        if self.too_far.any():
            yield lambda members: _without_pair(self.too_far, members)
        adjacent, most = self.adjacent, self.max_releve
        if adjacent is not None:
            yield lambda members: in_one_piece(adjacent, members)
        if most is not None:
            yield lambda members: _come_within(self.one_way, most + SAME_MINUTES, members)


def in_one_piece(adjacent: NDArray[np.bool_], members: NDArray[np.uint16]) -> NDArray[np.bool_]:
    """Return which zones (``uint16[zone, k]``) are in one piece on the map, ``bool[zone]``."""
    size = members.shape[1]
    near = np.zeros((size, len(members)), np.uint64)  # the members adjacent to each member, as bits
    for first, second in combinations(range(size), 2):
        touch = adjacent[members[:, first], members[:, second]].astype(np.uint64)
        near[first] |= touch << np.uint64(second)
        near[second] |= touch << np.uint64(first)
    reached = np.ones(len(members), np.uint64)
    for _ in range(size - 1):
        before = reached.copy()
        for member in range(size):
            at = (reached >> np.uint64(member)) & np.uint64(1)
            reached |= near[member] * at
        if (reached == before).all():
            break
    return np.asarray(reached == np.uint64((1 << size) - 1), bool)


def slowest_releve(
    one_way: NDArray[np.float64], members: NDArray[np.uint16]
) -> NDArray[np.float64]:
    """Return the minutes of the slowest relève of zones of one size, ``float[zone]``.

    The relève of a lycée comes from its nearest colleague of the zone; ``inf`` if nobody can come.
    """
    slowest = np.zeros(len(members))
    for lycee in members.T:
        np.maximum(slowest, _nearest(one_way, lycee, members), out=slowest)
    return slowest


def _nearest(
    one_way: NDArray[np.float64], lycee: NDArray[np.uint16], members: NDArray[np.uint16]
) -> NDArray[np.float64]:
    """Return the minutes from the nearest colleague to a lycée of each zone, ``float[zone]``."""
    nearest = np.full(len(members), np.inf)
    for other in members.T:
        minutes = one_way[other, lycee]
        np.minimum(nearest, np.where(other == lycee, np.inf, minutes), out=nearest)
    return nearest


def _come_within(
    one_way: NDArray[np.float64], most: NDArray[np.float64], members: NDArray[np.uint16]
) -> NDArray[np.bool_]:
    """Return in which zones a colleague comes to each lycée within its bound, ``bool[zone]``."""
    within = np.ones(len(members), bool)
    for lycee in members.T:
        within &= _nearest(one_way, lycee, members) <= most[lycee]
    return within


def _without_pair(pairs: NDArray[np.bool_], members: NDArray[np.uint16]) -> NDArray[np.bool_]:
    """Return which zones (``uint16[zone, k]``) contain none of some pairs, ``bool[zone]``."""
    without = np.ones(len(members), bool)
    for first, second in combinations(members.T, 2):
        without &= ~pairs[first, second]
    return without


@dataclass(frozen=True, kw_only=True)
class PartitionOptions(ProposalConditions):
    """Constraints of a search: a planner's conditions, with the rules and costs of the solver.

    The rules (``adjacent``, ``threshold``, ``max_releve``) bind the new zones of a plan: a zone
    that is unchanged from the current plan may break them. ``without`` may be `ALL`.
    """

    #: Number of zones of the scope that have lycées, locked ones included; ``None`` for any.
    zone_count: Annotated[
        int | None, at_least(0, "est 0 ou plus"), Option(name="Le nombre de zones")
    ] = None
    locked_zones: Collection[str] = ()  # Zones (ids) whose lycées do not change.
    #: Pairs of lycées whose cells touch on the map: new zones are in one piece. ``None`` if they
    #: may be in several.
    adjacent: frozenset[LyceePair] | None = None
    #: Longest drive inside a new zone, in minutes (mean of the two directions); ``None`` for any.
    threshold: float | None = None
    #: By sector (id), the most minutes for the nearest colleague to come to one of its lycées in a
    #: new zone, which then has two lycées at least. A sector without a bound allows any.
    max_releve: tuple[tuple[str, float], ...] = ()
    #: Lycées that stay in their zone, whose posts are dedicated to it.
    posted: frozenset[str] = frozenset()
    #: Cost models of zones by sector of the scope (id), if costs differ between sectors; empty:
    #: ``cost`` everywhere. They count if lycées may change sector.
    sector_costs: tuple[tuple[str, CostModel], ...] = ()
    #: Cost model of zones: the objective is the sum over zones. ``None`` for the drives between
    #: colleagues, under the usual weights.
    cost: CostModel | None = None
    #: Resources of zones, with bounds on the total of the scope and on each zone.
    resources: tuple[Resource, ...] = ()

    def __post_init__(self) -> None:
        for name in ("sectors", "locked_lycees", "locked_zones", "posted"):
            object.__setattr__(self, name, frozenset(getattr(self, name)))
        if self.adjacent is not None:
            object.__setattr__(self, "adjacent", frozenset(map(_ordered, self.adjacent)))
        named = frozenset(self.without)
        unknown = sorted(named.difference(RULES, [ALL]))
        if unknown:
            raise InputError(
                f"Aucune règle des propositions ne s'appelle « {unknown[0]} » : parmi "
                f"{', '.join((*RULES, ALL))}."
            )
        object.__setattr__(self, "without", frozenset(RULES) if ALL in named else named)
        # the options that no plan could respect, in French sentences
        faults = option_faults(self)
        if self.size_max < self.size_min:
            faults.append(
                f"La taille maximale d'une zone ({self.size_max}) est plus petite que la taille "
                f"minimale ({self.size_min})."
            )
        releves = [minutes for _, minutes in self.max_releve]
        if any(x is not None and not x >= 0 for x in (self.threshold, *releves)):
            faults.append(
                "Le seuil de minutes et la relève la plus lente sont des nombres positifs."
            )
        if faults:
            raise InputError(" ".join(faults))

    @property
    def is_separable(self) -> bool:
        """Whether the best plan is the best plan of each sector, since no option spans sectors."""
        return not (
            self.change_sector
            or self.max_moves is not None
            or self.zone_count is not None
            or any(resource.most < inf and resource.sector is None for resource in self.resources)
        )

    def imposes(self, rule: str) -> bool:
        """Return whether a rule (of `RULES`) applies to the plans searched."""
        if rule in self.without:
            return False
        if rule in OF_TOTALS:
            return any(resource.rule == rule for resource in self.resources)
        if rule == POSTS:
            return bool(self.posted)
        if rule == RELEVE:
            return bool(self.max_releve)
        return (self.adjacent if rule == ONE_PIECE else self.threshold) is not None

    @property
    def held_lycees(self) -> frozenset[str]:
        """The lycées that stay in their zone: locked, or served by posts dedicated to it."""
        return frozenset(self.locked_lycees).union(self.posted if self.imposes(POSTS) else ())

    def label(self, rule: str) -> str:
        """Return the name of a rule (of `RULES`) in French, with its bound."""
        if rule in OF_TOTALS:
            named = (resource.label for resource in self.resources if resource.rule == rule)
            return next(named, rule_label(rule))
        if rule == RELEVE:
            return releve_label(minutes for _, minutes in self.max_releve)
        return rule_label(rule, self.threshold if rule == THRESHOLD else None)

    def require(self, plan: Plan) -> None:
        """Check that a plan has every sector, zone and lycée that the options name."""
        for sector in sorted(self.sectors):
            plan.sector(sector)
        for zone in sorted(self.locked_zones):
            plan.zone(zone)
        for lycee in sorted(self.locked_lycees):
            if lycee not in plan.zone_by_lycee:
                raise UnknownLyceeError(lycee)


def _ordered(pair: LyceePair) -> LyceePair:
    first, second = sorted(pair)
    return first, second


type Names = Mapping[str, str] | Callable[[str], str] | None
type IntArray = NDArray[np.int64]

#: In arrays of numbers: no zone, no sector.
NONE = -1


@dataclass(frozen=True, eq=False)
class PartitionProblem:
    """Set partitioning problem as arrays: movable lycées, and constraints.

    Lycées, zones and sectors are numbered in the order of their ids, so that the answer does not
    depend on the order in which they are given.
    """

    plan: Plan
    times: TravelTimes
    options: PartitionOptions
    name: Callable[[str], str]
    #: Ids of the n lycées that may move: all of the scope, except in locked zones.
    lycees: tuple[str, ...]
    #: Ids of the old zones that they may be in: the zones of the scope that are not locked.
    zones: tuple[str, ...]
    sectors: tuple[str, ...]  # Ids of the sectors of the scope.
    #: ``float[n, n]``, mean of the two directions; ``inf`` if unreachable.
    minutes: NDArray[np.float64]
    zone_of: IntArray  # ``int[n]``, the zone and the sector each lycée is in.
    sector_of: IntArray
    zone_sector: IntArray  # ``int[zone]``, the sector of each zone.
    held: IntArray  # ``int[n]``, the zone that a locked lycée must be in, or -1.
    #: ``int[n]``, the sector required for the zone of a support centre or held lycée, or -1.
    pinned: IntArray
    locked: tuple[str, ...]  # Ids of the locked zones of the scope that have lycées.

    @property
    def size(self) -> int:
        """Number of lycées that may move, n."""
        return len(self.lycees)

    @property
    def size_max(self) -> int:
        """Most lycées in a zone: the limit asked, or all of them if fewer."""
        return min(self.options.size_max, max(self.size, 1))

    @property
    def max_moves(self) -> int | None:
        """Most moves, under the limit asked; ``None`` without a limit."""
        asked = self.options.max_moves
        return None if asked is None else min(asked, self.size)

    @cached_property
    def index(self) -> dict[str, int]:
        """Number of each lycée, by id."""
        return {lycee: number for number, lycee in enumerate(self.lycees)}

    @cached_property
    def old_members(self) -> tuple[tuple[int, ...], ...]:
        """Numbers of the lycées of each old zone."""
        return tuple(
            tuple(np.flatnonzero(self.zone_of == zone).tolist()) for zone in range(len(self.zones))
        )

    @property
    def zone_count(self) -> int | None:
        """Number of zones for the movable lycées; ``None`` for any number."""
        wanted = self.options.zone_count
        return None if wanted is None else wanted - len(self.locked)

    @cached_property
    def cost_model(self) -> CostModel:
        """Cost model of the options; by default, drives between colleagues."""
        return self.options.cost or DrivesModel(self.times, ObjectiveWeights())

    @cached_property
    def zone_costs(self) -> ZoneCosts:
        """Costs of zones of movable lycées, by their numbers."""
        return self.cost_model.on(self.lycees)

    @property
    def has_sector_columns(self) -> bool:
        """Whether columns of the program have a sector."""
        options = self.options
        return options.change_sector and len(self.sectors) > 1 and bool(options.sector_costs)

    @cached_property
    def sector_costs(self) -> tuple[CostsByName, ...]:
        """Costs of zones in each sector of the scope; empty if they are the same in all."""
        if not self.has_sector_columns:
            return ()
        models = dict(self.options.sector_costs)
        return tuple(CostsByName(models[sector], self.costs.lycees) for sector in self.sectors)

    @cached_property
    def zone_sector_costs(self) -> tuple[ZoneCosts, ...]:
        """Costs by sector of zones of movable lycées, by their numbers."""
        return tuple(costs.model.on(self.lycees) for costs in self.sector_costs)

    @cached_property
    def zone_uses(self) -> tuple[ZoneCosts, ...]:
        """Uses of each resource by zones of movable lycées, by their numbers."""
        return tuple(resource.use.on(self.lycees) for resource in self.options.resources)

    @cached_property
    def locked_uses(self) -> tuple[float, ...]:
        """Uses of each resource by the locked zones."""
        zones = [self.plan.members(zone) for zone in self.locked]
        return tuple(
            sum(CostsByName(resource.use, self.costs.lycees).of_all(zones))
            for resource in self.options.resources
        )

    @cached_property
    def current_zones(self) -> tuple[tuple[int, ...], ...]:
        """Numbers of the lycées of each old zone of an allowed size, which may stay unchanged."""
        low, high = self.options.size_min, self.options.size_max
        return tuple(zone for zone in self.old_members if low <= len(zone) <= high)

    @cached_property
    def over_threshold(self) -> NDArray[np.bool_]:
        """Pairs too far apart for a new zone, ``bool[n, n]``; none without the rule."""
        options = self.options
        if options.threshold is None or not options.imposes(THRESHOLD):
            return np.zeros(self.minutes.shape, bool)
        return (self.minutes > options.threshold) & ~np.isinf(self.minutes)

    @cached_property
    def in_current_zone(self) -> NDArray[np.bool_]:
        """Pairs of lycées in a zone that may stay unchanged, ``bool[n, n]``."""
        table = np.zeros(self.minutes.shape, bool)
        for zone in self.current_zones:
            table[np.ix_(zone, zone)] = True
        return table

    @cached_property
    def zone_rules(self) -> ZoneRules:
        """Rules for new zones."""
        options = self.options
        adjacent = None
        if options.adjacent is not None and options.imposes(ONE_PIECE):
            adjacent = np.zeros(self.minutes.shape, bool)
            for a, b in options.adjacent:
                if a in self.index and b in self.index:
                    first, second = self.index[a], self.index[b]
                    adjacent[first, second] = adjacent[second, first] = True
        return ZoneRules(
            adjacent,
            self.over_threshold & self.in_current_zone,
            one_way_minutes(self.times, self.lycees),
            self._max_releve if options.imposes(RELEVE) else None,
            self.current_zones,
        )

    @property
    def _max_releve(self) -> NDArray[np.float64]:
        """Most minutes of the relève of each lycée: its present sector's, ``float[lycée]``."""
        bounds = dict(self.options.max_releve)
        sectors = (self.plan.sector_of(lycee).id for lycee in self.lycees)
        return np.array([bounds.get(sector, np.inf) for sector in sectors])

    def permit(self, members: NDArray[np.uint16]) -> NDArray[np.bool_]:
        """Return which zones of one size (``uint16[zone, k]``, ascending) a plan may have.

        The lycées must be pairwise compatible.
        """
        return self.zone_rules.permit(members)

    @cached_property
    def costs(self) -> CostsByName:
        """Costs of zones of any lycées of the scope, by their ids."""
        held = (lycee for zone in self.locked for lycee in self.plan.members(zone))
        return CostsByName(self.cost_model, tuple(sorted((*self.lycees, *held))))

    @cached_property
    def locked_cost(self) -> float:
        """Objective of the locked zones."""
        return self._cost_of(self.plan, self.locked)

    def objective(self, plan: Plan) -> float:
        """Return the objective of a plan: the sum of the costs of the zones of the scope."""
        scope = set(self.sectors)
        zones = [zone.id for zone in plan.zones if zone.sector in scope]
        return self._cost_of(plan, sorted(zones))

    def _cost_of(self, plan: Plan, zones: Sequence[str]) -> float:
        """Return the total cost of some zones (ids) of a plan."""
        return sum(self.costs_of([(plan.zone(zone).sector, plan.members(zone)) for zone in zones]))

    def costs_of(self, zones: Sequence[tuple[str, Collection[str]]]) -> list[float]:
        """Return the costs of zones, each given by its sector (id) and its lycées (ids)."""
        if not self.sector_costs:
            return self.costs.of_all([members for _, members in zones])
        costs = dict.fromkeys(range(len(zones)), 0.0)
        for sector, table in zip(self.sectors, self.sector_costs, strict=True):
            ranks = [rank for rank, zone in enumerate(zones) if zone[0] == sector]
            found = table.of_all([zones[rank][1] for rank in ranks])
            costs.update(zip(ranks, found, strict=True))
        return list(costs.values())

    def worst_minutes(self, plan: Plan) -> float:
        """Return the longest drive inside a zone of the scope in a plan, in minutes.

        0 if no zone has two lycées.
        """
        scope = set(self.sectors)
        zones = [plan.members(zone.id) for zone in plan.zones if zone.sector in scope]
        tables = [mean_minutes(self.times, members) for members in zones if len(members) > 1]
        return max(
            (float(table[np.triu_indices(len(table), 1)].max()) for table in tables), default=0.0
        )

    @cached_property
    def groups(self) -> tuple[tuple[int, ...], ...]:
        """Groups of two or more lycées (numbers) that must share a zone: they are locked in it."""
        locked = (tuple(np.flatnonzero(self.held == z).tolist()) for z in range(len(self.zones)))
        return tuple(group for group in locked if len(group) > 1)


def build_problem(
    plan: Plan,
    times: TravelTimes,
    options: PartitionOptions,
    names: Names = None,
) -> PartitionProblem:
    """Return the problem of improving a plan under some options.

    ``names`` gives names of lycées for messages: a mapping or a function of their id.
    """
    options.require(plan)
    sectors = tuple(sorted(options.sectors or {sector.id for sector in plan.sectors}))
    scope = sorted(zone.id for zone in plan.zones if zone.sector in set(sectors))
    zones = tuple(zone for zone in scope if zone not in options.locked_zones)
    locked = tuple(z for z in scope if z in options.locked_zones and plan.members(z))
    lycees = tuple(sorted(lycee for zone in zones for lycee in plan.members(zone)))
    _require_times(times, [*lycees, *(x for zone in locked for x in plan.members(zone))], names)

    zone_number = {zone: number for number, zone in enumerate(zones)}
    sector_number = {sector: number for number, sector in enumerate(sectors)}
    zone_of = [zone_number[plan.zone_by_lycee[lycee]] for lycee in lycees]
    zone_sector = [sector_number[plan.zone(zone).sector] for zone in zones]
    held = [
        zone if lycee in options.held_lycees else NONE
        for lycee, zone in zip(lycees, zone_of, strict=True)
    ]
    centres = {(sector.support_centre, sector.id) for sector in plan.sectors}
    pinned = [
        zone_sector[zone]
        if (lycee, sectors[zone_sector[zone]]) in centres
        else NONE
        if held[at] == NONE
        else zone_sector[held[at]]
        for at, (lycee, zone) in enumerate(zip(lycees, zone_of, strict=True))
    ]
    return PartitionProblem(
        plan, times, options, _namer(names), lycees, zones, sectors, mean_minutes(times, lycees),
        np.array(zone_of, np.int64), np.array([zone_sector[z] for z in zone_of], np.int64),
        np.array(zone_sector, np.int64), np.array(held, np.int64), np.array(pinned, np.int64),
        locked,
    )  # fmt: skip


def other_sites(count: int) -> str:
    """Write a count of other sites: ``2 autres lycées``."""
    return plural(count, f"autre {terms().site}", f"autres {terms().site.plural}")


def _require_times(times: TravelTimes, lycees: list[str], names: Names) -> None:
    """Raise ``InputError`` if a lycée (id) has no travel times."""
    known = set(times.origins) & set(times.destinations)
    without = sorted(lycee for lycee in lycees if lycee not in known)
    if without:
        some = [_namer(names)(lycee) for lycee in without[:5]]
        others = len(without) - len(some)
        some += [other_sites(others)] if others else []
        raise InputError(
            f"Aucun temps de trajet n'est connu pour {listing(some)}. Calculez la matrice des "
            f"{terms().site.plural} (« geozones times build ») avant de demander une proposition."
        )


def _namer(names: Names) -> Callable[[str], str]:
    """Return a function from an id to its name; an id without a name is returned as it is."""
    if names is None:
        return str
    if callable(names):
        return names
    return lambda lycee: names.get(lycee, lycee)

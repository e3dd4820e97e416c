"""Partition problem: a plan, its times and the options as numbered arrays."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from geozones.common.errors import InputError
from geozones.common.french import listing, plural
from geozones.domain import ObjectiveWeights, Plan, TravelTimes
from geozones.domain.proposal_conditions import ONE_PIECE, RELEVE, THRESHOLD
from geozones.domain.terms import terms
from geozones.domain.yearly_cost import CostModel, CostsByName, ZoneCosts
from geozones.optimize.options import PartitionOptions
from geozones.optimize.resources import DrivesModel, mean_minutes, one_way_minutes
from geozones.optimize.zone_rules import ZoneRules

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

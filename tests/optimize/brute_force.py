"""Small instances and their answers by looking at every partition: slow, and hard to get wrong."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from hashlib import blake2b
from itertools import combinations
from math import inf

import numpy as np
from hypothesis import strategies as st
from numpy.typing import NDArray

from geozones.domain import (
    DecisionStatus,
    ObjectiveWeights,
    Plan,
    Provenance,
    Sector,
    TravelTimes,
    Zone,
)
from geozones.domain.plan import plan_of
from geozones.domain.proposal_conditions import RULES
from geozones.domain.yearly_cost import zone_cost
from geozones.optimize import PartitionOptions
from geozones.optimize.resources import Resource

type Block = tuple[str, ...]


@dataclass(frozen=True)
class Instance:
    """A small region and what is asked of it."""

    plan: Plan
    times: TravelTimes
    options: PartitionOptions

    def minutes(self, first: str, second: str) -> float:
        there, back = self.times.between(first, second), self.times.between(second, first)
        return inf if np.isnan(there + back) else (there + back) / 2

    def with_options(self, **changes: object) -> "Instance":
        return replace(self, options=replace(self.options, **changes))


def whole_number(seed: int, *names: str) -> int:
    """Return a number from 0 to 255 that follows from nothing but the names."""
    return blake2b(f"{seed} {names}".encode(), digest_size=1).digest()[0]


@dataclass(frozen=True)
class AnyCost:
    """Zones cost whatever it may be, by the set of their lycées alone; some cannot be made."""

    seed: int

    key = "any"

    def on(self, lycees: Block) -> "AnyCosts":
        return AnyCosts(self, lycees)

    def restricted(self, _lycees: list[str]) -> "AnyCost":
        return self

    def of_zone(self, block: Block) -> float:
        own = whole_number(self.seed, *sorted(block))
        return inf if own > 245 else own


@dataclass(frozen=True)
class AnyCosts:
    cost: AnyCost
    lycees: Block

    def of(self, members: NDArray[np.uint16]) -> NDArray[np.float64]:
        rows = members.tolist()
        return np.array([self.cost.of_zone(tuple(self.lycees[at] for at in row)) for row in rows])


@st.composite
def instances(draw: st.DrawFn, most: int = 9) -> Instance:
    """Draw a region of up to ``most`` lycées on a grid, some pairs unreachable, and options."""
    size = draw(st.integers(2, most))
    lycees = [f"L{number}" for number in range(size)]
    # Whole minutes, so that two plans are either equal or further apart than any tolerance.
    place = [(draw(st.integers(0, 30)), draw(st.integers(0, 30))) for _ in lycees]
    minutes = np.array([[abs(a - c) + abs(b - d) for c, d in place] for a, b in place], float)
    minutes += np.triu(draw(st.integers(0, 3)) * np.ones((size, size)), 1)
    for first, second in draw(
        st.lists(st.sampled_from(list(combinations(range(size), 2))), max_size=3)
    ):
        minutes[first, second] = np.nan
    zones = [
        Zone(f"Z{number}", f"Zone {number}", "S0" if number < 3 else "S1") for number in range(5)
    ]
    assignment = {lycee: f"Z{draw(st.integers(0, 4))}" for lycee in lycees}
    home = {
        sector: [x for x in lycees if ("S0" if assignment[x] < "Z3" else "S1") == sector]
        for sector in ("S0", "S1")
    }
    sectors = [
        Sector(
            sector, sector, DecisionStatus.DRAFT, None, draw(st.sampled_from([None, *home[sector]]))
        )
        for sector in ("S0", "S1")
    ]
    times = TravelTimes(tuple(lycees), tuple(lycees), minutes, minutes, Provenance("toy", "2025"))
    options = draw(some_options(lycees))
    return Instance(plan_of(sectors, zones, assignment), times, options)


@st.composite
def some_options(draw: st.DrawFn, lycees: list[str]) -> PartitionOptions:
    low = draw(st.integers(1, 3))
    seldom = st.integers(0, 3).map(lambda number: number == 0)
    return PartitionOptions(
        sectors=draw(st.sampled_from([frozenset(), frozenset({"S0"}), frozenset({"S0", "S1"})])),
        change_sector=draw(st.booleans()),
        size_min=low,
        size_max=draw(st.integers(low, 6)),
        max_minutes=draw(st.sampled_from([None, None, 20.0, 35.0])),
        max_moves=draw(st.none() | st.integers(0, 5)),
        zone_count=draw(st.none() | st.integers(1, 4)) if draw(seldom) else None,
        locked_lycees=draw(st.frozensets(st.sampled_from(lycees), max_size=2)),
        locked_zones=draw(st.frozensets(st.sampled_from(["Z0", "Z1", "Z3"]), max_size=1)),
        **draw(some_rules(lycees)),
        cost=draw(st.none() | st.builds(AnyCost, st.integers(0, 999))),
        resources=tuple(draw(st.lists(some_resources(), max_size=2))) if draw(seldom) else (),
        posted=draw(st.frozensets(st.sampled_from(lycees), max_size=2)) if draw(seldom) else (),
    )


@st.composite
def some_resources(draw: st.DrawFn) -> Resource:
    use = AnyCost(draw(st.integers(0, 999)))
    most = draw(st.sampled_from([inf, 300, 500, 700, 900]))
    return Resource("points", use, most, draw(st.sampled_from([0, 0, 40, 20])))


@st.composite
def some_rules(draw: st.DrawFn, lycees: list[str]) -> dict[str, object]:
    """Draw the rules of zones made anew, one or more half the time."""
    touching = st.frozensets(st.sampled_from(list(combinations(lycees, 2))))
    return draw(
        st.just({})
        | st.fixed_dictionaries(
            {
                "adjacent": st.none() | touching,
                "threshold": st.sampled_from([None, 10.0, 20.0]),
                "max_releve": st.sampled_from(
                    [(), (("S0", 8.0), ("S1", 15.0)), (("S0", 15.0), ("S1", 8.0)), (("S1", 8.0),)]
                ),
                "without": st.frozensets(st.sampled_from([*RULES]), max_size=1),
            }
        )
    )


def best_objective(instance: Instance) -> float | None:
    """Return the least objective of the scope over every plan that respects the options."""
    free, fixed = movable(instance)
    kept = sum(cost(instance, members) for members in fixed)
    best = None
    for total, blocks in partitions(instance, free):
        if (best is None or total < best) and allowed(instance, blocks, len(fixed)):
            best = total
    return None if best is None else kept + best


def movable(instance: Instance) -> tuple[list[str], list[Block]]:
    """Return the lycées that may move, and the zones that are kept as they are."""
    scope = instance.options.sectors or {"S0", "S1"}
    zones = [zone.id for zone in instance.plan.zones if zone.sector in scope]
    locked = [zone for zone in zones if zone in instance.options.locked_zones]
    loose = set(zones) - set(locked)
    free = [lycee for lycee, zone in instance.plan.zone_by_lycee.items() if zone in loose]
    return free, [instance.plan.members(zone) for zone in locked if instance.plan.members(zone)]


def every_plan(instance: Instance) -> list[list[Block]]:
    """Return the zones of the lycées that may move in every plan that respects the options."""
    free, fixed = movable(instance)
    return [
        blocks for _, blocks in partitions(instance, free) if allowed(instance, blocks, len(fixed))
    ]


def cost(instance: Instance, block: Block) -> float:
    """Return what a zone costs: drives between colleagues where the options say nothing else."""
    model = instance.options.cost
    if isinstance(model, AnyCost):
        return model.of_zone(block)
    if model is not None:
        return model.on(block).of(np.arange(len(block), dtype=np.uint16)[None, :]).item()
    pairs = sum(instance.minutes(a, b) for a, b in combinations(sorted(block), 2))
    return zone_cost(float(pairs), len(block), ObjectiveWeights())


def partitions(instance: Instance, items: list[str]) -> Iterator[tuple[float, list[Block]]]:
    """Split lycées into zones that fit, in every way, with the objective of each."""
    blocks: dict[str, list[tuple[Block, float]]] = {lycee: [] for lycee in items}
    for size in range(1, len(items) + 1):
        for block in combinations(items, size):
            if fits(instance, block):
                blocks[block[0]].append((block, cost(instance, block)))

    def split(rest: list[str]) -> Iterator[tuple[float, list[Block]]]:
        if not rest:
            yield 0.0, []
            return
        for block, price in blocks[rest[0]]:
            if set(block) <= set(rest):
                for total, others in split([lycee for lycee in rest if lycee not in block]):
                    yield price + total, [block, *others]

    return split(items)


def allowed(instance: Instance, blocks: list[Block], fixed: int) -> bool:
    """Tell whether a partition of what may move respects every option."""
    options, plan = instance.options, instance.plan
    if options.zone_count is not None and len(blocks) + fixed != options.zone_count:
        return False
    if not all(fits(instance, block) for block in blocks):
        return False
    if not uses_allow(instance, blocks):
        return False
    return any(
        sum(moves(instance, *pair) for pair in zip(blocks, labels, strict=True))
        <= (len(plan.zone_by_lycee) if options.max_moves is None else options.max_moves)
        for labels in labellings(
            len(blocks), sorted({plan.zone_by_lycee[lycee] for block in blocks for lycee in block})
        )
    )


def fits(instance: Instance, block: Block) -> bool:
    options, plan = instance.options, instance.plan
    if not options.size_min <= len(block) <= options.size_max:
        return False
    if cost(instance, block) == inf:
        return False
    cap = inf if options.max_minutes is None else options.max_minutes
    worst = [instance.minutes(a, b) for a, b in combinations(block, 2)]
    if any(minutes > cap or minutes == inf for minutes in worst):
        return False
    if not (is_as_today(instance, block) or keeps_rules(instance, block)):
        return False
    return options.change_sector or len({plan.sector_of(lycee).id for lycee in block}) == 1


def uses_allow(instance: Instance, blocks: list[Block]) -> bool:
    """Tell whether blocks and the locked zones of the scope respect each bound on resources."""
    options, plan = instance.options, instance.plan
    scope = options.sectors or {"S0", "S1"}
    kept = [zone.id for zone in plan.zones if zone.sector in scope]
    kept = [plan.members(zone) for zone in kept if zone in options.locked_zones]
    for resource in options.resources:
        uses = [use_of(resource, block) for block in [*blocks, *filter(None, kept)]]
        if sum(uses) > resource.most or inf in uses:
            return False
        if not all(resource.least_by_zone <= use for use in uses):
            return False
    return True


def use_of(resource: Resource, block: Block) -> float:
    if isinstance(resource.use, AnyCost):
        return resource.use.of_zone(block)
    return resource.use.on(block).of(np.arange(len(block), dtype=np.uint16)[None, :]).item()


def is_as_today(instance: Instance, block: Block) -> bool:
    plan = instance.plan
    return set(block) in [set(plan.members(zone.id)) for zone in plan.zones]


def keeps_rules(instance: Instance, block: Block) -> bool:
    options, pairs = instance.options, list(combinations(block, 2))
    if "zone_in_one_piece" not in options.without and options.adjacent is not None:
        joined = {block[0]}
        for _ in block:
            touching = [pair for pair in options.adjacent if set(pair) & joined]
            joined |= set(block).intersection(set().union(*touching))
        if joined != set(block):
            return False
    bounded = "zone_minutes" not in options.without and options.threshold is not None
    if bounded and any(instance.minutes(*pair) > options.threshold for pair in pairs):
        return False
    if "worst_releve_minutes" not in options.without:
        between, bounds = instance.times.between, dict(options.max_releve)
        for lycee in block:
            most = bounds.get(instance.plan.sector_of(lycee).id, inf)
            come = [between(other, lycee) for other in block if other != lycee]
            if min(come, default=inf) > most:
                return False
    return True


def labellings(count: int, zones: list[str]) -> Iterator[tuple[str, ...]]:
    """Give each of some blocks an old zone, or none, no zone twice; in every way."""
    if count == 0:
        yield ()
        return
    for rest in labellings(count - 1, zones):
        yield ("", *rest)
        yield from ((zone, *rest) for zone in zones if zone not in rest)


def moves(instance: Instance, block: Block, zone: str) -> float:
    """Return how many lycées a block moves if it goes on as a zone (none: a new one)."""
    plan = instance.plan
    sectors = {plan.sector(plan.zone(zone).sector).id} if zone else {"S0", "S1"}
    for lycee in block:
        if lycee in instance.options.held_lycees and plan.zone_by_lycee[lycee] != zone:
            return inf
        if plan.sector_of(lycee).support_centre == lycee:
            sectors &= {plan.sector_of(lycee).id}
    # Outside the scope no zone can be made, but only lycées of the scope are in blocks.
    if not sectors:
        return inf
    return sum(plan.zone_by_lycee[lycee] != zone for lycee in block)

"""Packages: each stands by itself, in any order, and there are as many as can be."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations, permutations
from zlib import crc32

from hypothesis import given
from hypothesis import strategies as st

from geozones.domain import DecisionStatus, Plan, Sector, Zone
from geozones.domain.plan import plan_of
from geozones.optimize.move_order import Change, packages

SECTOR = Sector("S", "S", DecisionStatus.DRAFT, None, None)


def plan(zones: dict[str, str]) -> Plan:
    """Return the plan of zones written as strings of one-letter lycées."""
    return plan_of(
        [SECTOR],
        [Zone(zone, zone, "S") for zone in zones],
        {lycee: zone for zone, lycees in zones.items() for lycee in lycees},
    )


@dataclass(frozen=True)
class Costs:
    """A cost and a rule by zone, drawn at random but fixed for its lycées."""

    seed: int
    smallest: int

    def cost(self, members: tuple[str, ...]) -> float:
        return float(crc32(f"{self.seed} {members}".encode()) % 50)

    def holds(self, _zone: str, members: tuple[str, ...]) -> bool:
        return len(members) >= self.smallest


def done(start: Plan, changes: tuple[Change, ...]) -> Plan:
    for lycee, _, target in changes:
        start = start.move(lycee, target)
    return start


def lycees_of(package: tuple[Change, ...]) -> str:
    return "".join(lycee for lycee, _, _ in package)


def total(costs: Costs, where: Plan) -> float:
    return sum(costs.cost(where.members(zone.id)) for zone in where.zones if where.members(zone.id))


def stands(costs: Costs, before: Plan, after: Plan, parts: list[tuple[Change, ...]]) -> bool:
    """Tell whether parts can be accepted in any order, each lowering the cost."""
    for order in permutations(parts):
        now = before
        for part in order:
            then = done(now, part)
            if total(costs, then) >= total(costs, now):
                return False
            for zone in {end for change in part for end in change[1:]}:
                left = then.members(zone)
                if not left and after.members(zone):
                    return False
                if left and left != before.members(zone) and not costs.holds(zone, left):
                    return False
            now = then
    return True


def partitions(changes: list[Change]) -> Iterator[list[tuple[Change, ...]]]:
    if not changes:
        yield []
        return
    first, *rest = changes
    for size in range(len(rest) + 1):
        for others in combinations(rest, size):
            left = [change for change in rest if change not in others]
            for parts in partitions(left):
                yield [(first, *others), *parts]


def test_moves_far_apart_are_packages_and_one_that_only_costs_goes_with_the_one_that_pays() -> None:
    before = plan({"P": "abc", "Q": "def", "R": "ghi", "T": "jkl"})
    after = plan({"P": "abd", "Q": "cef", "R": "gh", "T": "ijkl"})
    cost = {"abc": 9.0, "def": 9.0, "abd": 5.0, "cef": 5.0, "ghi": 7.0, "jkl": 7.0, "gh": 6.0}
    found = packages(before, after, lambda *_: True, lambda zone: cost.get("".join(zone), 4.0))
    assert list(map(lycees_of, found)) == ["cd", "i"]
    before, after = plan({"P": "abcd", "Q": "efg"}), plan({"P": "ab", "Q": "cdefg"})
    cost = {"abcd": 10.0, "efg": 10.0, "abc": 12.0, "abd": 12.0, "ab": 1.0}
    (only,) = packages(before, after, lambda *_: True, lambda zone: cost.get("".join(zone), 10.0))
    assert lycees_of(only) == "cd"


def test_a_zone_made_or_emptied_may_be_left_empty_but_none_that_the_proposal_keeps() -> None:
    before, after = plan({"P": "ab", "Q": "cd"}), plan({"P": "", "Q": "cd", "N": "ab"})
    (only,) = packages(before, after, lambda *_: True, lambda zone: 5.0 - ("a" in zone) * 1.0)
    assert [change[1:] for change in only] == [("P", "N"), ("P", "N")]
    before, after = plan({"P": "a", "Q": "bc"}), plan({"P": "b", "Q": "ac"})
    cost = {"a": 9.0, "bc": 9.0, "abc": 8.0, "ab": 8.0, "c": 2.0}
    (only,) = packages(before, after, lambda *_: True, lambda zone: cost.get("".join(zone), 1.0))
    assert lycees_of(only) == "ab"


@given(st.data())
def test_packages_are_the_finest_partition_that_stands(data: st.DataObject) -> None:
    lycees = "abcdefghi"
    zones = [data.draw(st.sampled_from("PQR")) for _ in lycees]
    moved = data.draw(st.lists(st.integers(0, 8), unique=True, min_size=1, max_size=4))
    later = [data.draw(st.sampled_from("PQR")) if at in moved else z for at, z in enumerate(zones)]
    before, after = (
        plan({zone: "".join(x for x, z in zip(lycees, ends, strict=True) if z == zone)
              for zone in "PQR"})
        for ends in (zones, later)
    )  # fmt: skip
    costs = Costs(data.draw(st.integers(0, 99)), data.draw(st.integers(1, 3)))
    found = list(packages(before, after, costs.holds, costs.cost))
    assert sorted(change for part in found for change in part) == sorted(after.moves_from(before))
    changes = list(after.moves_from(before))
    most = max(
        (len(parts) for parts in partitions(changes) if stands(costs, before, after, parts)),
        default=1,
    )
    if stands(costs, before, after, found):
        assert len(found) == most
    else:  # nothing stands: what depends on nothing else is kept whole
        assert not any(stands(costs, before, after, parts) for parts in partitions(changes))

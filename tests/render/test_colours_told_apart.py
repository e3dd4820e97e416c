"""Neighbouring zones are told apart by everyone, measured by colour-science."""

import colour
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geozones.domain import Plan, Zone
from geozones.domain.plan import plan_of
from geozones.render import Palette
from geozones.render.colour import ciede2000
from geozones.render.shades import neighbours_of_zones, shades
from geozones.workspace import Workspace

from .judge import differences, touching

LEAST = 10.0
#: Of five shades: three for nothing.
PRICES = (0, 0, 0, 1, 3)
labs = st.tuples(st.floats(0, 100), st.floats(-100, 100), st.floats(-100, 100))


@given(first=labs, second=labs)
def test_the_difference_of_two_colours_is_ciede2000(
    first: tuple[float, float, float], second: tuple[float, float, float]
) -> None:
    expected = float(colour.delta_E(np.array(first), np.array(second), method="CIE 2000"))
    assert ciede2000(first, second) == pytest.approx(expected, abs=1e-4)


def measured(workspace: Workspace, plan: Plan) -> dict[str, float]:
    zone = workspace.palette_of(plan).zone
    return differences([(zone[a], zone[b]) for a, b in touching(workspace, plan)])


def test_neighbouring_zones_of_the_shipped_plan_are_told_apart_by_everyone(
    workspace: Workspace,
) -> None:
    assert len(touching(workspace, workspace.plan)) > 60
    found = measured(workspace, workspace.plan)
    assert min(found.values()) >= LEAST, found


def cut_in_seven(workspace: Workspace, sector: str, start: int) -> list[list[str]]:
    """Cut a sector into seven zones in one piece, grown from lycées far from one another."""
    left = list(workspace.plan.lycees_of(sector))
    seeds = [left[(start + 5 * k) % len(left)] for k in range(7)]
    zones = [[seed] for seed in dict.fromkeys(seeds)]
    left = [lycee for lycee in left if lycee not in seeds]
    while left:
        for zone in sorted(zones, key=len):
            near = {other for lycee in zone for other in workspace.neighbours[lycee]}
            found = next((lycee for lycee in left if lycee in near), None)
            if found is not None:
                zone.append(found)
                left.remove(found)
                break
        else:
            zones[-1].append(left.pop())
    return zones


@given(start=st.integers(0, 40))
@settings(max_examples=6)
def test_neighbours_are_told_apart_with_seven_zones_in_each_sector(
    workspace: Workspace, start: int
) -> None:
    zones, assignment = [], {}
    for sector in workspace.plan.sectors:
        for rank, members in enumerate(cut_in_seven(workspace, sector.id, start)):
            zone = Zone(f"{sector.id}-{rank}", f"Zone {rank}", sector.id)
            zones.append(zone)
            assignment |= dict.fromkeys(members, zone.id)
    plan = plan_of(workspace.plan.sectors, zones, assignment)
    palette = Palette.of(plan, workspace.neighbours)
    near = neighbours_of_zones(plan.zone_by_lycee, workspace.neighbours)
    pairs = [(palette.zone[a], palette.zone[b]) for a in near for b in near[a]]
    found = differences(pairs)
    assert min(found.values()) >= LEAST, found


@given(which=st.integers(0, 118), way=st.integers(0, 6))
@settings(max_examples=12)
def test_a_move_changes_the_colour_of_no_other_zone_and_all_stay_told_apart(
    workspace: Workspace, which: int, way: int
) -> None:
    plan = workspace.plan
    lycee = plan.lycees[which]
    around = {plan.zone_by_lycee[other] for other in workspace.neighbours[lycee]}
    targets = sorted(around - {plan.zone_by_lycee[lycee]}) or [plan.zones[0].id]
    target = targets[way % len(targets)]
    moved = plan.move(lycee, target)
    before, after = workspace.palette, workspace.palette_of(moved)
    changed = {zone.id for zone in plan.zones if before.zone[zone.id] != after.zone[zone.id]}
    assert changed <= {plan.zone_by_lycee[lycee], target}
    found = measured(workspace, moved)
    assert min(found.values()) >= LEAST, found


@given(ways=st.lists(st.tuples(st.integers(0, 118), st.integers(0, 6)), min_size=4, max_size=9))
@settings(max_examples=6)
def test_zones_stay_told_apart_after_many_moves(
    workspace: Workspace, ways: list[tuple[int, int]]
) -> None:
    plan = workspace.plan
    for which, way in ways:
        lycee = plan.lycees[which]
        near = sorted({plan.zone_by_lycee[other] for other in workspace.neighbours[lycee]})
        plan = plan.move(lycee, near[way % len(near)])
    found = measured(workspace, plan)
    assert min(found.values()) >= LEAST, found


def test_a_zone_that_no_longer_fits_its_neighbours_takes_another_shade(
    workspace: Workspace,
) -> None:
    """Of the moves to a zone next door, some make two zones of one shade neighbours."""
    plan, recoloured = workspace.plan, 0
    for lycee in plan.members("MAY-2") + plan.members("SLC-4"):
        near = {plan.zone_by_lycee[other] for other in workspace.neighbours[lycee]}
        for target in sorted(near):
            palette = workspace.palette_of(plan.move(lycee, target))
            changed = {z for z in palette.zone if palette.zone[z] != workspace.palette.zone[z]}
            assert changed <= {plan.zone_by_lycee[lycee], target}
            recoloured += bool(changed)
    assert recoloured > 3


def test_a_new_zone_has_a_colour_of_its_sector_told_from_its_neighbours(
    workspace: Workspace,
) -> None:
    base = workspace.plan
    added = plan_of(base.sectors, (*base.zones, Zone("NEW", "Neuve", "sarthe")), base.zone_by_lycee)
    plan = added.move(base.members("SAR-4")[0], "NEW")
    palette = workspace.palette_of(plan)
    same = [
        zone.id for zone in base.zones if palette.zone[zone.id] == workspace.palette.zone[zone.id]
    ]
    assert len(same) >= len(base.zones) - 1
    assert min(measured(workspace, plan).values()) >= LEAST


def test_more_neighbours_than_shades_still_get_a_shade_each() -> None:
    zones = [f"Z{rank}" for rank in range(8)]
    near = {zone: set(zones) - {zone} for zone in zones}
    given = shades(zones, near, PRICES, lambda _, shade, __, its: shade != its)
    assert set(given) == set(zones)
    assert set(given.values()) == {0, 1, 2, 3, 4}


def test_a_dark_shade_is_paid_for_only_where_three_do_not_do() -> None:
    ring = {f"Z{k}": {f"Z{(k + 1) % 5}", f"Z{(k - 1) % 5}"} for k in range(5)}
    given = shades(list(ring), ring, PRICES, lambda _, shade, __, its: shade != its)
    assert max(given.values()) == 2
    assert all(given[zone] != given[other] for zone in ring for other in ring[zone])

"""Zones and sectors are told apart by everyone, measured by colour-science."""

from itertools import combinations, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geozones.domain import Plan, Zone
from geozones.domain.plan import plan_of
from geozones.render import Palette
from geozones.render.palette import (
    LEVELS,
    NO_VALUE,
    SECTOR_HUES,
    TURNS,
    Shade,
    contrast,
    neighbours_of_zones,
    ramp,
    shades,
    tint_of,
)
from geozones.render.signs import INK
from geozones.workspace.figures.study import Study

from .judge import differences, seen, touching

#: CIEDE2000 between zones of a sector that share a border, by everyone; in usual sight between
#: two zones of a sector anywhere, and between zones of two sectors that share a border.
LEAST, NOT_ALIKE, ACROSS = 4.0, 4.0, 7.0
SHADES = [Shade(level, turn) for level in range(LEVELS) for turn in range(TURNS)]


def measured(study: Study, plan: Plan) -> dict[str, float]:
    """Return the least difference of zones that share a border of their sector, by who looks."""
    zone, sector = study.territory.palette(plan).zone, {z.id: z.sector for z in plan.zones}
    pairs = [(a, b) for a, b in touching(study, plan) if sector[a] == sector[b]]
    return differences([(zone[a], zone[b]) for a, b in pairs])


def test_no_two_zones_of_a_sector_are_alike_and_neighbours_told_apart_by_everyone(
    study: Study,
) -> None:
    distances = measured(study, study.plan)
    assert min(distances.values()) >= LEAST, distances
    zone = study.atlas.palette.zone
    pairs = [
        (zone[a.id], zone[b.id])
        for sector in study.plan.sectors
        for a, b in combinations(study.plan.zones_of(sector.id), 2)
    ]
    assert differences(pairs)["usual"] >= NOT_ALIKE


def test_zones_of_two_sectors_side_by_side_are_told_apart_by_hue(study: Study) -> None:
    zone, sector = study.atlas.palette.zone, {z.id: z.sector for z in study.plan.zones}
    across = [(a, b) for a, b in touching(study, study.plan) if sector[a] != sector[b]]
    assert len(across) > 20
    assert differences([(zone[a], zone[b]) for a, b in across])["usual"] >= ACROSS


def test_whoever_looks_the_outline_of_a_sector_is_dark_on_every_tint_beside_it(
    study: Study,
) -> None:
    """WCAG 2.1, 1.4.11: 3:1 for what a picture means; L* of 32 less is at least that here."""
    palette = study.atlas.palette
    tints, inks = list(palette.zone.values()), list(palette.ink.values())
    assert min(contrast(fill, ink) for fill in tints for ink in inks) >= 3
    for lab in seen([*tints, *inks]).values():
        fills, lines = lab[: len(tints), 0], lab[len(tints) :, 0]
        assert fills.min() - lines.max() > 20


def test_names_and_tints_are_pale_readable_and_never_brown(study: Study) -> None:
    hues = [*SECTOR_HUES, 12.0, 75.0, 222.0]
    tints = [tint_of(hue, shade) for hue in hues for shade in SHADES]
    assert min(contrast(INK, fill) for fill in tints) >= 4.5
    zones = list(study.atlas.palette.zone.values())
    assert differences([(tint, "#ffffff") for tint in zones])["usual"] >= 9  # none is near white
    lab = seen(zones)["usual"]
    assert lab[:, 0].min() >= 68
    assert sorted(lab[:, 0])[len(lab) // 4] >= 76


def test_levels_differ_for_everyone_in_every_hue() -> None:
    """Whatever zones become neighbours, they get two levels: each pair must do."""
    pairs = [
        (tint_of(hue, a), tint_of(hue, b))
        for hue in SECTOR_HUES
        for a, b in combinations(SHADES, 2)
        if a.level != b.level
    ]
    assert min(differences(pairs).values()) >= 3.5


# -- whatever is done to a plan --------------------------------------------------------------------


def cut_in_seven(study: Study, sector: str, start: int) -> list[list[str]]:
    """Cut a sector into seven zones in one piece, grown from lycées far from one another."""
    left = list(study.plan.lycees_of(sector))
    seeds = [left[(start + 5 * k) % len(left)] for k in range(7)]
    zones = [[seed] for seed in dict.fromkeys(seeds)]
    left = [lycee for lycee in left if lycee not in seeds]
    while left:
        for zone in sorted(zones, key=len):
            near = {other for lycee in zone for other in study.territory.neighbours[lycee]}
            neighbour = next((lycee for lycee in left if lycee in near), None)
            if neighbour is not None:
                zone.append(neighbour)
                left.remove(neighbour)
                break
        else:
            zones[-1].append(left.pop())
    return zones


@pytest.mark.parametrize("start", [0, 7, 13, 22])
def test_neighbours_are_told_apart_with_seven_zones_in_each_sector(
    study: Study, start: int
) -> None:
    zones, assignment = [], {}
    for sector in study.plan.sectors:
        for rank, members in enumerate(cut_in_seven(study, sector.id, start)):
            zone = Zone(f"{sector.id}-{rank}", f"Zone {rank}", sector.id)
            zones.append(zone)
            assignment |= dict.fromkeys(members, zone.id)
    plan = plan_of(study.plan.sectors, zones, assignment)
    palette = Palette.of(plan, study.territory.neighbours)
    near = neighbours_of_zones(plan.zone_by_lycee, study.territory.neighbours)
    pairs = [
        (palette.zone[a], palette.zone[b])
        for a in near
        for b in near[a]
        if plan.zone(a).sector == plan.zone(b).sector
    ]
    assert min(differences(pairs).values()) >= LEAST - 0.5
    for sector in plan.sectors:
        own = plan.zones_of(sector.id)
        assert len({palette.zone[zone.id] for zone in own}) == len(own)


@given(which=st.integers(0, 118), way=st.integers(0, 6))
@settings(max_examples=12)
def test_a_move_changes_the_colour_of_no_other_zone_and_all_stay_told_apart(
    study: Study, which: int, way: int
) -> None:
    plan = study.plan
    lycee = plan.lycees[which]
    around = {plan.zone_by_lycee[other] for other in study.territory.neighbours[lycee]}
    targets = sorted(around - {plan.zone_by_lycee[lycee]}) or [plan.zones[0].id]
    target = targets[way % len(targets)]
    moved = plan.move(lycee, target)
    before, after = study.atlas.palette, study.territory.palette(moved)
    changed = {zone.id for zone in plan.zones if before.zone[zone.id] != after.zone[zone.id]}
    assert changed <= {plan.zone_by_lycee[lycee], target}
    distances = measured(study, moved)
    assert min(distances.values()) >= LEAST - 0.5, distances


def test_a_zone_that_no_longer_fits_its_neighbours_takes_another_shade(study: Study) -> None:
    """Of the moves to a zone next door, some make two zones of one level neighbours."""
    plan, recoloured, others = study.plan, 0, 0
    for lycee in plan.lycees:
        near = {plan.zone_by_lycee[other] for other in study.territory.neighbours[lycee]}
        for target in sorted(near - {plan.zone_by_lycee[lycee]}):
            after = study.territory.palette(plan.move(lycee, target))
            changed = {z for z in after.zone if after.zone[z] != study.atlas.palette.zone[z]}
            touched = {plan.zone_by_lycee[lycee], target}
            assert {plan.zone(z).sector for z in changed} <= {plan.zone(z).sector for z in touched}
            recoloured += bool(changed)
            others += bool(changed - touched)
    assert recoloured > 3
    assert others <= 3


def test_a_zone_sent_to_no_sector_it_was_in_takes_the_hue_of_its_own(study: Study) -> None:
    base = study.plan
    added = plan_of(base.sectors, (*base.zones, Zone("NEW", "Neuve", "sarthe")), base.zone_by_lycee)
    palette = study.territory.palette(added.move(base.members("SAR-4")[0], "NEW"))
    assert palette.zone["NEW"] in {tint_of(palette.hue["sarthe"], shade) for shade in SHADES}


# -- the search ------------------------------------------------------------------------------------


def around(count: int) -> dict[str, set[str]]:
    """Return zones in a ring, each beside two others."""
    return {f"Z{k}": {f"Z{(k + 1) % count}", f"Z{(k - 1) % count}"} for k in range(count)}


def test_more_neighbours_than_levels_still_get_a_shade_and_the_darkest_where_others_fail() -> None:
    zones = [f"Z{rank}" for rank in range(8)]
    near = {zone: set(zones) - {zone} for zone in zones}
    given = shades(zones, near, {}, {})
    assert len(set(given.values())) == len(zones)
    ring = around(9)
    given = shades(list(ring), ring, {}, {})
    assert {shade.level for shade in given.values()} == {0, 1, 2}
    assert all(given[zone].level != given[other].level for zone in ring for other in ring[zone])
    four = {zone: set("ABCD") - {zone} for zone in "ABCD"}
    assert {shade.level for shade in shades("ABCD", four, {}, {}).values()} == {0, 1, 2, 3}


def test_what_is_kept_is_kept_and_no_shade_is_given_twice_before_all_are() -> None:
    zones = [f"Z{rank}" for rank in range(30)]
    assert len(set(shades(zones[:20], {}, {}, {}).values())) == 20
    assert len(set(shades(zones, {}, {}, {}).values())) == 20
    near = {"A": {"K"}, "B": {"K"}, "K": {"A", "B"}}
    kept, own = {"K": Shade(0, 0)}, {"A": Shade(3, 2), "B": Shade(0, 1)}
    given = shades(["A", "B"], near, kept, own)
    assert given == {"K": Shade(0, 0), "A": Shade(3, 2), "B": Shade(1, 0)}


def test_what_is_kept_gives_way_where_nothing_else_helps() -> None:
    near = {"N": set("ABCD"), **{zone: {"N"} for zone in "ABCD"}}
    kept = {zone: Shade(rank, 0) for rank, zone in enumerate("ABCD")}
    given = shades(["N"], near, kept, {})
    assert all(given[zone].level != given["N"].level for zone in "ABCD")
    assert sum(given[zone] != kept[zone] for zone in "ABCD") == 1


# -- the classes of a figure -----------------------------------------------------------------------


@pytest.mark.parametrize("count", [2, 3, 4, 5])
def test_classes_are_told_apart_in_their_order_by_everyone(count: int) -> None:
    scale = list(ramp(count))
    assert len(scale) == count
    assert min(differences(list(pairwise(scale))).values()) >= LEAST
    assert differences([(NO_VALUE, colour) for colour in scale])["deuteranopia"] >= LEAST
    for lab in seen(scale).values():
        assert list(lab[:, 0]) == sorted(lab[:, 0], reverse=True)


def test_names_are_read_and_outlines_seen_on_every_class(study: Study) -> None:
    inks = study.atlas.palette.ink.values()
    assert min(contrast(INK, colour) for colour in (*ramp(), NO_VALUE)) >= 4.5
    assert min(contrast(ink, colour) for ink in inks for colour in (*ramp(), NO_VALUE)) >= 3

"""Colours: told apart by everyone, measured by colour-science, and kept from plan to plan."""

import re
from collections.abc import Callable
from itertools import combinations, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geozones.common.errors import InputError
from geozones.domain import DecisionStatus, Plan, Sector, Zone
from geozones.domain.events.change import State
from geozones.domain.plan import plan_of
from geozones.render import Palette
from geozones.render.figure.basemap import OUTSIDE
from geozones.render.palette import (
    LEVELS,
    NO_VALUE,
    SECTOR_HUES,
    TURNS,
    Shade,
    contrast,
    neighbours_of_zones,
    oklch,
    ramp,
    shades,
    tint_of,
)
from geozones.render.signs import INK
from geozones.workspace.figures.study import Study
from helpers.events import apply

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


def test_contrast_is_the_one_of_wcag_and_oklch_gives_the_primaries() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#ffffff", "#ffffff") == pytest.approx(1)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
    assert contrast("#123456", "#fedcba") == contrast("#fedcba", "#123456")
    assert oklch(0, 0, 0) == "#000000"
    assert oklch(1, 0, 0) == "#ffffff"
    assert oklch(0.62796, 0.25768, 29.234) == "#ff0000"
    assert re.fullmatch("#[0-9a-f]{6}", oklch(0.9, 0.4, 140))  # out of gamut: less chroma


def test_inks_are_readable_on_white_outside_the_region_and_in_one_of_twelve_sectors(
    study: Study,
) -> None:
    names = study.atlas.ground.names
    assert {name.kind for name in names} >= {"river", "departement", "motorway", "town"}
    for ink in (*study.atlas.palette.ink.values(), *(name.ink for name in names)):
        assert contrast(ink, "#ffffff") >= 4.5
        assert contrast(ink, OUTSIDE) >= 4.5
    sectors = [Sector(f"s{rank}", f"Secteur {rank}", DecisionStatus.DRAFT) for rank in range(12)]
    palette = Palette.of(plan_of(sectors, [], {}))
    assert len(set(palette.ink.values())) == 12
    assert all(contrast(ink, "#ffffff") >= 4.5 for ink in palette.ink.values())


def test_a_new_sector_has_a_hue_of_its_own_and_recolours_no_other(study: Study) -> None:
    plan, palette = study.plan, study.atlas.palette
    born = [Sector(f"n{rank}", f"Neuf {rank}", DecisionStatus.PROPOSED) for rank in range(3)]
    for count in (1, 3):
        wider = plan_of((*plan.sectors, *born[:count]), plan.zones, plan.zone_by_lycee)
        after = study.territory.palette(wider)
        assert {key: after.sector[key] for key in palette.sector} == palette.sector
        assert {key: after.zone[key] for key in palette.zone} == palette.zone
        gaps = [abs(a - b) % 360 for a, b in combinations(after.hue.values(), 2)]
        assert len(after.hue) == 7 + count
        assert min(min(gap, 360 - gap) for gap in gaps) > 20
        assert all(contrast(after.ink[sector.id], "#ffffff") >= 4.5 for sector in born[:count])


def grid(count: int, width: int) -> dict[str, set[str]]:
    """Zones in rows: each touches those left, right, above and below."""
    return {
        str(rank): {
            str(other)
            for other in (rank - 1, rank + 1, rank - width, rank + width)
            if 0 <= other < count
        }
        for rank in range(count)
    }


def test_three_thousand_zones_have_a_shade_and_neighbours_two_levels() -> None:
    near = grid(3000, 55)
    found = shades([*near], near, {}, {})
    assert list(found) == [*near]
    assert all(found[zone].level != found[other].level for zone in near for other in near[zone])


def test_a_search_that_must_go_back_finds_the_only_levels_left() -> None:
    """The last zone touches three that took all levels but the darkest: some must change."""
    near = {"a": {"d"}, "b": {"d"}, "c": {"d"}, "e": {"d"}, "d": {"a", "b", "c", "e"}}
    own = {zone: Shade(level, 0) for level, zone in enumerate("abce")}
    found = shades(["a", "b", "c", "e", "d"], near, {}, own)
    assert all(found["d"].level != found[zone].level for zone in "abce")


type Step = tuple[str, int, int]
KINDS = ("create", "split", "merge", "move", "delete")
steps = st.lists(
    st.tuples(st.sampled_from(KINDS), st.integers(0, 200), st.integers(0, 200)),
    min_size=2,
    max_size=14,
)


def event(plan: Plan, step: Step, rank: int) -> tuple[str, dict[str, object], set[str]]:
    """Return an event of a random step, and the sectors that it touches."""
    kind, first, second = step
    zone = plan.zones[first % len(plan.zones)]
    siblings = [z for z in plan.zones if z.id != zone.id]
    other = siblings[second % len(siblings)]
    sectors = {zone.sector, other.sector}
    if kind == "create":
        data = {"zone": f"NEW-{rank}", "name": f"Neuve {rank}", "sector": zone.sector}
        return "create_zone", data, {zone.sector}
    if kind == "delete":
        return "delete_zone", {"zone": zone.id}, {zone.sector}
    if kind == "merge":
        return "merge_zones", {"zone": zone.id, "into": other.id}, sectors
    members = plan.members(zone.id)
    if kind == "split":
        some = list(members[: second % max(len(members), 1)])
        data = {"zone": zone.id, "new": f"NEW-{rank}", "name": f"Neuve {rank}", "lycees": some}
        return "split_zone", data, {zone.sector}
    moves = {members[second % len(members)]: other.id} if members else {}
    return "move", {"moves": moves}, sectors


def follow(
    study: Study, taken: list[Step], look: Callable[[Plan, Plan, Palette, Palette, set[str]], None]
) -> None:
    """Do the steps that are allowed, and look at the palette before and after each."""
    state, palette = State(study.plan), study.territory.palette(study.plan)
    for rank, step in enumerate(taken):
        kind, data, sectors = event(state.plan, step, rank)
        try:
            after = apply(state, kind, data)
        except (InputError, ValueError):
            continue
        its = study.territory.palette(after.plan)
        look(state.plan, after.plan, palette, its, sectors)
        state, palette = after, its


@given(taken=steps)
@settings(max_examples=40)
def test_no_operation_recolours_what_it_does_not_touch_nor_makes_two_zones_alike(
    study: Study, taken: list[Step]
) -> None:
    def look(before: Plan, after: Plan, palette: Palette, its: Palette, touched: set[str]) -> None:
        for sector in before.sectors:
            assert its.sector[sector.id] == palette.sector[sector.id]
            assert its.ink[sector.id] == palette.ink[sector.id]
            if sector.id not in touched:
                for zone in before.zones_of(sector.id):
                    assert its.zone[zone.id] == palette.zone[zone.id]
        for sector in after.sectors:
            colours = [its.zone[zone.id] for zone in after.zones_of(sector.id)]
            assert len(set(colours)) == len(colours)

    follow(study, taken, look)


def test_what_is_undone_has_the_colours_it_had(study: Study) -> None:
    palette = study.territory.palette(study.plan)
    state = apply(
        State(study.plan),
        "split_zone",
        {"zone": "SAR-1", "new": "NEW", "name": "N", "lycees": [study.plan.members("SAR-1")[0]]},
    )
    merged = apply(state, "merge_zones", {"zone": "NEW", "into": "SAR-1"})
    assert study.territory.palette(merged.plan).zone == palette.zone

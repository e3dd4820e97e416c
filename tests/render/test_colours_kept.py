"""Colours are kept through every operation on zones (random sequences of them)."""

from collections.abc import Callable

from hypothesis import given, settings
from hypothesis import strategies as st

from geozones.common.errors import InputError
from geozones.domain import Plan
from geozones.domain.events.change import State
from geozones.render import Palette
from geozones.workspace.figures.study import Study
from helpers.events import apply

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

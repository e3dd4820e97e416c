"""The status of each zone and sector, and the marks beside them."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geozones.domain import DecisionStatus, Milestone, Origin, Plan, Sector, Zone
from geozones.domain.decisions import decisions_of
from geozones.domain.plan import plan_of

PUBLISHED, RETAINED, PROPOSED, DRAFT = DecisionStatus
SECTORS = (
    Sector("nord", "Nord", PUBLISHED, "Ada Lovelace", "A", experimental=True),
    Sector("sud", "Sud", DRAFT, origin=Origin.TOOL),
)
ZONES = (Zone("N1", "Les Sources", "nord"), Zone("N2", "Le Bocage", "nord"), Zone("S1", "S", "sud"))
LYCEES = {"A": "N1", "B": "N1", "C": "N2", "D": "S1"}
REFERENCE = plan_of(SECTORS, ZONES, LYCEES)


def with_sector(plan: Plan, sector: str, **changes: object) -> Plan:
    """Return a plan where a sector has other fields."""
    sectors = [replace(s, **changes) if s.id == sector else s for s in plan.sectors]
    return plan_of(sectors, plan.zones, plan.zone_by_lycee)


def with_zone(plan: Plan, zone: Zone) -> Plan:
    """Return a plan with one more zone, or another in the place of one."""
    kept = [entry for entry in plan.zones if entry.id != zone.id]
    return plan_of(plan.sectors, [*kept, zone], plan.zone_by_lycee)


def test_a_moved_lycee_marks_both_zones_and_changes_no_status() -> None:
    decisions = decisions_of(REFERENCE.move("B", "N2"), REFERENCE)
    assert decisions.zones == decisions_of(REFERENCE, REFERENCE).zones
    assert decisions.changed_zones == {"N1", "N2"}
    assert decisions.sector_text("nord") == "publié, 2\u00a0zones modifiées"
    assert decisions.sector_text("sud") == "brouillon"
    assert decisions.zone_text("N1") == "publié, modifié"


def test_zones_renamed_emptied_or_gone_are_said_each_in_its_place() -> None:
    plan = with_zone(REFERENCE, Zone("N1", "Autre nom", "nord"))
    assert decisions_of(plan, REFERENCE).sector_text("nord") == "publié, 1\u00a0zone modifiée"
    emptied = decisions_of(REFERENCE.move("C", "N1"), REFERENCE)
    assert emptied.sector_marks("nord") == "1\xa0zone modifiée, 1\xa0zone vidée"
    plan = plan_of(SECTORS, [ZONES[0], ZONES[2]], {**LYCEES, "C": "N1"})
    said = decisions_of(plan, REFERENCE).sector_text("nord")
    assert said == "publié, 1\u00a0zone modifiée, 1\u00a0zone retirée"


@pytest.mark.parametrize(("retained", "status"), [(False, PROPOSED), (True, RETAINED)])
@pytest.mark.parametrize("sector", ["nord", "sud"])
def test_a_new_zone_is_proposed_then_retained_whatever_its_sector(
    sector: str, *, retained: bool, status: DecisionStatus
) -> None:
    plan = with_zone(REFERENCE, Zone("X", "Neuve", sector)).move("D", "X")
    decisions = decisions_of(plan, REFERENCE, retained=retained)
    assert decisions.zone("X") is status
    assert "X" not in decisions.changed_zones
    assert decisions.sector(sector) is {"nord": PUBLISHED, "sud": DRAFT}[sector]
    assert f"1\u00a0zone {status.label}e" in decisions.sector_text(sector)


def test_what_is_published_is_so_wherever_it_was_proposed_and_by_no_word_of_a_plan() -> None:
    proposed = with_sector(REFERENCE, "sud", status=PROPOSED, rns="Mary")
    published = with_sector(REFERENCE, "sud", status=PUBLISHED, rns="Mary")
    decisions = decisions_of(proposed, published, retained=True)
    assert decisions.sector("sud") is decisions.zone("S1") is PUBLISHED
    assert not decisions.changed_sectors
    claimed = with_sector(REFERENCE, "sud", status=PUBLISHED)
    decisions = decisions_of(claimed, REFERENCE)
    assert decisions.sector("sud") is decisions.zone("S1") is PROPOSED
    fresh = plan_of((*SECTORS, Sector("est", "Est", PUBLISHED)), ZONES, LYCEES)
    assert decisions_of(fresh, REFERENCE).sector("est") is PROPOSED


def test_a_draft_zone_taken_into_a_published_sector_is_not_published() -> None:
    decisions = decisions_of(with_zone(REFERENCE, Zone("S1", "S", "nord")), REFERENCE)
    assert decisions.zone("S1") is PROPOSED
    assert decisions.changed_zones == {"S1"}
    assert decisions.sector_text("nord") == "publié, 1\u00a0zone proposée"
    assert decisions.sector_text("sud") == "brouillon, 1\u00a0zone retirée"


@pytest.mark.parametrize(
    "changes",
    [
        {"name": "Grand Nord"},
        {"rns": None},
        {"support_centre": "B"},
        {"technicians": 2},
        {"experimental": False},
        {"milestones": (Milestone("2026-09-01", "Généralisation"),)},
        {"note": "À revoir"},
    ],
)
def test_any_other_field_of_a_sector_is_a_mark_beside_its_status(
    changes: dict[str, object],
) -> None:
    decisions = decisions_of(with_sector(REFERENCE, "nord", **changes), REFERENCE)
    assert decisions.sector_text("nord") == "publié, modifié"
    assert decisions.changed_sectors == {"nord"}
    assert not decisions.changed_zones


plans = st.builds(
    lambda sectors, zones, lycees: plan_of(
        [replace(s, status=status) for s, status in zip(SECTORS, sectors, strict=True)],
        [replace(z, sector=sector) for z, sector in zip(ZONES, zones, strict=True)],
        lycees,
    ),
    st.tuples(*[st.sampled_from([PUBLISHED, PROPOSED, DRAFT])] * 2),
    st.tuples(*[st.sampled_from(["nord", "sud"])] * 3),
    st.fixed_dictionaries(dict.fromkeys(LYCEES, st.sampled_from(["N1", "N2", "S1"]))),
)


@given(plan=plans, reference=plans, retained=st.booleans())
def test_statuses_say_no_more_than_was_decided(
    plan: Plan, reference: Plan, *, retained: bool
) -> None:
    decisions = decisions_of(plan, reference, retained=retained)
    assert decisions.sectors.keys() == {sector.id for sector in plan.sectors}
    assert decisions.zones.keys() == {zone.id for zone in plan.zones}
    statuses = {*decisions.sectors.values(), *decisions.zones.values()}
    assert (RETAINED if not retained else PROPOSED) not in statuses
    for zone in plan.zones:
        before = next(entry for entry in reference.zones if entry.id == zone.id)
        if decisions.zone(zone.id) is PUBLISHED:
            assert reference.sector(before.sector).status is PUBLISHED
            assert decisions.sector(zone.sector) is PUBLISHED
        same = before == zone and reference.members(zone.id) == plan.members(zone.id)
        assert (zone.id in decisions.changed_zones) is not same
    if plan == reference:
        assert not decisions.changed_sectors

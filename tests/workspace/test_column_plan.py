"""The plan of the columns « zone » and « secteur » of a list, empty cells included."""

import numpy as np

from geozones.domain import DecisionStatus, Origin, Provenance, TravelTimes
from geozones.features.new_territory.column_plan import ColumnPlan, column_plan
from geozones.intake.site_list import SiteRow


def plan_of_rows(*rows: tuple[str, str, str]) -> ColumnPlan:
    """Return the plan of sites in a row, ten minutes apart: name, sector, zone."""
    sites = {
        name: SiteRow(line, name, sector=sector, zone=zone)
        for line, (name, sector, zone) in enumerate(rows, start=2)
    }
    at = np.arange(len(rows))
    minutes = 10.0 * np.abs(at[:, None] - at[None])
    names = tuple(sites)
    times = TravelTimes(names, names, minutes, minutes, Provenance("essai", "2026-11-29"))
    return column_plan(sites, times, "Bretagne")


def groups(done: ColumnPlan) -> dict[str, tuple[str, str]]:
    """Return the names of the sector and the zone of each site."""
    plan = done.plan
    return {
        site: (plan.sector_of(site).name, plan.zone_of(site).name) for site in sorted(plan.lycees)
    }


def test_zones_without_sectors_are_in_one_sector_named_as_the_territory() -> None:
    done = plan_of_rows(("A", "", "Ouest"), ("B", "", "ouest"), ("C", "", "Est"), ("D", "", "Est"))
    assert groups(done) == {
        "A": ("Bretagne", "Ouest"),
        "B": ("Bretagne", "Ouest"),
        "C": ("Bretagne", "Est"),
        "D": ("Bretagne", "Est"),
    }
    assert done.remarks == ()


def test_a_zone_name_in_two_sectors_is_two_zones_and_numbers_get_a_word() -> None:
    done = plan_of_rows(
        ("A", "Nord", "1"), ("B", "Nord", "1"), ("C", "Sud", "1"), ("D", "Sud", "1")
    )
    assert groups(done)["B"] == ("Nord", "Zone 1")
    assert groups(done)["C"] == ("Sud", "Zone 1")
    assert [zone.id for zone in done.plan.zones] == ["nord-1", "sud-1"]
    assert [sector.id for sector in done.plan.sectors] == ["nord", "sud"]


def test_nothing_says_that_the_list_was_decided() -> None:
    done = plan_of_rows(("A", "Nord", "1"), ("B", "Nord", "1"))
    (sector,) = done.plan.sectors
    assert (sector.status, sector.origin) == (DecisionStatus.DRAFT, Origin.REGION)
    assert (sector.rns, sector.support_centre) == (None, None)


def test_empty_cells_follow_the_zone_then_the_nearest_site_and_are_named() -> None:
    done = plan_of_rows(
        ("A", "Nord", "1"),
        ("B", "", "1"),
        ("C", "Nord", ""),
        ("D", "Sud", "2"),
        ("E", "", ""),
        ("F", "Sud", "2"),
    )
    assert groups(done) == {
        "A": ("Nord", "Zone 1"),
        "B": ("Nord", "Zone 1"),
        "C": ("Nord", "Zone 1"),
        "D": ("Sud", "Zone 2"),
        "E": ("Sud", "Zone 2"),
        "F": ("Sud", "Zone 2"),
    }
    assert [remark.replace("\xa0", " ") for remark in done.remarks] == [
        "1 lycée sans secteur dans la liste : celui du lycée le plus proche lui est donné (E).",
        (
            "2 lycées sans zone dans la liste : celle du lycée le plus proche leur est donnée "
            "(C et E)."
        ),
    ]


def test_sectors_alone_leave_the_zones_to_be_drafted() -> None:
    done = plan_of_rows(("A", "Nord", ""), ("B", "", ""), ("C", "Sud", ""))
    assert done.plan is None
    assert done.sector_by_site == {"A": "Nord", "B": "Nord", "C": "Sud"}
    assert column_plan({}, _no_times(), "Bretagne") == ColumnPlan({})


def test_zones_of_one_site_are_kept_and_named() -> None:
    done = plan_of_rows(("A", "", "1"), ("B", "", "2"), ("C", "", "2"))
    assert [remark.replace("\xa0", " ") for remark in done.remarks] == [
        "1 zone n'a qu'un lycée : Zone 1."
    ]


def _no_times() -> TravelTimes:
    empty = np.zeros((0, 0))
    return TravelTimes((), (), empty, empty, Provenance("essai", "2026-11-29"))

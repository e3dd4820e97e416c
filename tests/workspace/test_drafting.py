"""First plans: sectors and zones of sites, and the sentences on what they cannot hold."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from geozones.common.errors import InputError
from geozones.domain import DecisionStatus, Lycee, Provenance, Settings, TravelTimes
from geozones.territory.land import land_of
from geozones.territory.shapes import adjacency
from geozones.workspace.drafting import (
    BY_EPCI,
    DraftOptions,
    DraftSites,
    draft,
    read_sectors,
    read_sizes,
    sites_of,
)
from geozones.workspace.figures.study import Study

HOME = (47.0, 0.0)


def site(key: str, lat: float, lon: float, departement: str = "", town: str = "") -> Lycee:
    return Lycee(key, key, key, "", "", "", town, "", departement, lat, lon)


def sites_at(spots: dict[str, tuple[float, float]], departement: str = "") -> DraftSites:
    """Sites on their land; a minute a kilometre."""
    lycees = {key: site(key, *spot, departement) for key, spot in spots.items()}
    land = land_of(spots).cells
    near = adjacency(dict(zip(land["id"], land.geometry, strict=True)))
    ids = tuple(spots)
    xy = np.array(list(spots.values())) * (111.2, 111.2 * 0.68)
    minutes = np.hypot(*(xy[:, None] - xy[None]).transpose(2, 0, 1))
    times = TravelTimes(ids, ids, minutes, minutes.copy(), Provenance("toy", "2025-01-01"))
    return DraftSites(lycees, times, near)


def row(count: int, km: float = 8.0) -> DraftSites:
    """Sites on one road, to the north."""
    return sites_at({f"L{i:02}": (HOME[0] + i * km / 111.2, 0.0) for i in range(count)})


def members(sites: DraftSites, options: DraftOptions | None = None) -> list[list[str]]:
    plan = draft(sites, options).plan
    return [list(plan.members(zone.id)) for zone in plan.zones]


def test_a_row_is_cut_into_zones_that_follow_one_another_whatever_the_order_of_its_sites() -> None:
    found = draft(row(10))
    assert not found.notes
    assert found.share_within == 1
    assert all(3 <= len(found.plan.members(zone.id)) <= 5 for zone in found.plan.zones)
    assert all(sector.status is DecisionStatus.DRAFT for sector in found.plan.sectors)
    sites = row(14)
    turned = replace(sites, lycees=dict(reversed(sites.lycees.items())))
    assert draft(sites) == draft(turned)
    for before, after in pairwise(sorted(members(row(17)))):
        assert before[-1] < after[0]


@pytest.mark.parametrize("count", [1, 2])
def test_fewer_sites_than_a_zone_are_one_zone_and_the_sentence_says_so(count: int) -> None:
    found = draft(row(count))
    assert len(found.plan.zones) == 1
    (note,) = found.notes
    assert f"n'a que {count}\N{NO-BREAK SPACE}lycée" in note
    assert "au lieu de 3 à 5" in note


def test_sites_at_one_place_are_shared_out_and_one_too_far_is_named() -> None:
    sizes = sorted(map(len, members(sites_at({f"L{i}": HOME for i in range(8)}))))
    assert sum(sizes) == 8
    assert sizes[0] >= 3
    spots = {f"L{i}": (HOME[0] + i / 20, 0.0) for i in range(5)} | {"FAR": (HOME[0] + 0.75, 0.0)}
    found = draft(sites_at(spots))
    (note,) = found.notes
    assert "FAR n'y a aucun lycée à 45\N{NO-BREAK SPACE}min au plus" in note


def test_each_island_is_a_zone_of_its_own_and_all_are_one_sentence() -> None:
    spots = {f"L{i}": (HOME[0] + i / 20, 0.0) for i in range(5)} | {"ISLE": (48.5, 3.0)}
    found = draft(sites_at(spots))
    assert ["ISLE"] in members(sites_at(spots))
    assert any("ISLE ne touche aucun lycée de son secteur" in note for note in found.notes)
    sites = replace(row(20), neighbours={})
    found = draft(sites)
    assert len(found.plan.zones) == 20
    (note,) = found.notes
    assert "20\N{NO-BREAK SPACE}zones ont moins de 3\N{NO-BREAK SPACE}lycées" in note
    assert "L00, L01" in note
    assert "15\N{NO-BREAK SPACE}autres lycées" in note


def test_sites_without_minutes_follow_the_crow_distance_and_are_named() -> None:
    sites = row(9)
    minutes = np.array(sites.times.minutes)
    minutes[4] = minutes[:, 4] = np.nan
    found = draft(replace(sites, times=replace(sites.times, minutes=minutes)))
    assert "Aucune durée de trajet n'est connue pour L04" in found.notes[0]
    assert len(found.plan.lycees) == 9


def test_pairs_without_a_way_share_no_zone() -> None:
    """A river between two halves of a row: the table has no way over it."""
    sites = row(8)
    minutes = np.array(sites.times.minutes)
    minutes[:4, 4:] = minutes[4:, :4] = np.nan
    found = draft(replace(sites, times=replace(sites.times, minutes=minutes)))
    assert {tuple(found.plan.members(zone.id)) for zone in found.plan.zones} == {
        ("L00", "L01", "L02", "L03"),
        ("L04", "L05", "L06", "L07"),
    }


def test_a_number_of_zones_and_of_sectors_is_kept() -> None:
    plan = draft(row(20), DraftOptions(zones=5, sectors=2)).plan
    assert (len(plan.zones), len(plan.sectors)) == (5, 2)
    plan = draft(row(20), DraftOptions(zones=1)).plan
    assert len(plan.zones) == 1


def test_sectors_are_the_departements_or_the_epcis_of_the_sites() -> None:
    sites = row(12)
    lycees = {
        key: replace(lycee, departement="2A" if rank < 6 else "2B")
        for rank, (key, lycee) in enumerate(sites.lycees.items())
    }
    sites = replace(sites, lycees=lycees, departements={"2A": "Corse-du-Sud"})
    plan = draft(sites).plan
    assert [(s.id, s.name) for s in plan.sectors] == [
        ("2A", "Corse-du-Sud"),
        ("2B", "Département 2B"),
    ]
    assert plan.zones[0].id == "2A-1"
    epcis = {key: "CA du Nord" if rank % 2 else "CC du Sud" for rank, key in enumerate(lycees)}
    plan = draft(replace(sites, epcis=epcis), DraftOptions(sectors=BY_EPCI)).plan
    assert [sector.name for sector in plan.sectors] == ["CA du Nord", "CC du Sud"]


def test_sectors_asked_by_number_are_balanced_by_the_size_of_their_sites() -> None:
    sites = row(12)
    lycees = {
        key: replace(lycee, pupils=900 if rank < 4 else 100)
        for rank, (key, lycee) in enumerate(sites.lycees.items())
    }
    plan = draft(replace(sites, lycees=lycees), DraftOptions(sectors=2, sizes=(1, 5))).plan
    assert sorted(len(plan.lycees_of(sector.id)) for sector in plan.sectors) in ([2, 10], [3, 9])


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"zones": 20}, "ne peuvent pas faire 20 zones"),
        ({"sectors": 20}, "ne peuvent pas faire 20 secteurs"),
        ({"zones": 0}, "Le nombre de zones est 1 ou plus"),
        ({"zones": 2, "sizes": (3, 5)}, "pas les deux"),
        ({"zones": 2, "sectors": 3}, "demandez une zone par secteur au moins"),
        ({"sizes": (5, 3)}, "n'est pas une taille de zone"),
        ({"sectors": "EPCI"}, "n'a d'EPCI"),
        ({"sectors": "département"}, "n'a de département"),
    ],
)
def test_what_makes_no_sense_is_refused_in_a_sentence(asked: dict[str, object], said: str) -> None:
    with pytest.raises(InputError, match=said):
        draft(row(9), DraftOptions(**asked))  # type: ignore[arg-type]


@pytest.mark.parametrize("text", ["", "a", "3-", "0-5", "5-3", "3-500", "3 5"])
def test_sizes_that_are_none_are_refused(text: str) -> None:
    with pytest.raises(InputError, match="n'est pas une taille de zone"):
        read_sizes(text)


def test_sizes_and_sectors_are_read_as_people_write_them() -> None:
    assert [read_sizes(text) for text in ("3-5", "3 à 5", "4")] == [(3, 5), (3, 5), (4, 4)]
    read = [read_sectors(text) for text in ("departements", "Département", "epci", "12")]
    assert read == ["département", "département", "EPCI", 12]
    with pytest.raises(InputError, match="n'est pas une façon de faire des secteurs"):
        read_sectors("canton")


@pytest.mark.slow
def test_this_region_has_zones_of_three_to_five_in_its_departements(study: Study) -> None:
    found = draft(sites_of(study), DraftOptions(settings=Settings()))
    plan = found.plan
    assert [sector.name for sector in plan.sectors] == [
        "Loire-Atlantique", "Maine-et-Loire", "Mayenne", "Sarthe", "Vendée",
    ]  # fmt: skip
    assert {len(plan.members(zone.id)) for zone in plan.zones} <= {3, 4, 5}
    assert found.share_within > 0.97
    assert all(breach.rule != "zone_in_one_piece" for breach in study.with_plan(plan).check())
    assert any("Châteaubriant" in note and "qu'un lycée" in note for note in found.notes)

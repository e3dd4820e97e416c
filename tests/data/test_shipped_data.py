"""The shipped files, pinned by facts of the published plan."""

import json
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
import shapely

from geozones.domain.identifiers import is_uai
from geozones.travel.ground import load_tables, make_terrain, plane_km
from geozones.travel.matrix_file import positions_hash
from helpers.frozen_plan import SHIPPED

DEPARTEMENTS = ["44", "49", "53", "72", "85"]
PROVISIONAL = "X44-saint-philbert"
#: the car ferry between Couëron and Le Pellerin, the only way over water that is no bridge
FERRY = (47.2063, -1.7510)
#: minutes are stored to a hundredth: a drive and its two parts
ROUNDING_MIN = 0.02
Lycees = dict[str, dict[str, Any]]
Zones = dict[str, list[str]]


def read(name: str) -> Any:
    return json.loads((SHIPPED / name).read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def lycees() -> Lycees:
    features = read("lycees.geojson")["features"]
    return {
        f["properties"]["id"]: f["properties"] | {"lonlat": f["geometry"]["coordinates"]}
        for f in features
    }


@pytest.fixture(scope="module")
def zones(lycees: Lycees) -> Zones:
    members: Zones = {}
    for key, lycee in lycees.items():
        members.setdefault(lycee["zone"], []).append(key)
    return members


@pytest.fixture(scope="module")
def communes() -> gpd.GeoDataFrame:
    return gpd.read_parquet(SHIPPED / "communes.parquet")


@pytest.fixture(scope="module")
def cells() -> dict[str, Any]:
    table = gpd.read_parquet(SHIPPED / "cells.parquet")
    return dict(zip(table["id"], table.geometry, strict=True))


@pytest.fixture(scope="module")
def times() -> pd.DataFrame:
    return pd.read_parquet(SHIPPED / "travel_times.parquet").astype(
        {"origin": str, "destination": str}
    )


def holes(shape: Any) -> int:
    return int(shapely.get_num_interior_rings(shapely.get_parts(shape)).sum())


def test_there_are_119_lycees_with_checked_keys_and_distinct_names(lycees: Lycees) -> None:
    assert len(lycees) == 119
    codes = [*lycees, *(code for lycee in lycees.values() for code in lycee["uai_associes"])]
    assert [code for code in codes if not is_uai(code)] == [PROVISIONAL]
    assert len(set(codes)) == len(codes) == 121
    assert len({lycee["nom"] for lycee in lycees.values()}) == 119


def test_every_lycee_says_where_it_is_and_how_it_is_known(lycees: Lycees) -> None:
    for lycee in lycees.values():
        assert lycee["departement"] in DEPARTEMENTS
        assert lycee["code_postal"][:2] == lycee["departement"] == lycee["code_insee"][:2]
        assert lycee["source"]
        assert lycee["adresse"] or lycee["precision"] == "commune"
    assert [k for k, lycee in lycees.items() if lycee["precision"] == "commune"] == [PROVISIONAL]
    assert "centre de la commune" in lycees[PROVISIONAL]["source"]
    twins = lycees["0490054T"], lycees["0490020F"]
    assert twins[0]["lonlat"] == twins[1]["lonlat"]
    assert all("même position" in twin["source"] for twin in twins)


def test_every_lycee_is_in_its_commune(lycees: Lycees, communes: gpd.GeoDataFrame) -> None:
    shapes = dict(zip(communes["code"], communes.geometry, strict=True))
    for lycee in lycees.values():
        metres = shapes[lycee["code_insee"]].distance(shapely.Point(lycee["lonlat"])) * 111_195
        assert metres < 150, lycee["nom"]


def test_the_row_that_ran_three_names_together_is_one_lycee(lycees: Lycees) -> None:
    assert lycees["0720021G"]["nom"] == "Estournelles de Constant"
    assert lycees["0720021G"]["nom_publie"].startswith("Raphael Elize Centre de Soins")


def test_seven_sectors_three_of_them_published() -> None:
    sectors = read("secteurs.json")["secteurs"]
    published = {
        s["id"]: (s["rns"], s["centre_support"]) for s in sectors if s["statut"] == "publie"
    }
    assert published == {
        "maine-et-loire": ("Kevin Barbier", "0490003M"),
        "mayenne": ("Lucien Druault", "0530012A"),
        "sud-loire-cholet": ("Corentin Louatron", "0490018D"),
    }
    drafts = [s for s in sectors if s["statut"] == "brouillon"]
    assert [s["id"] for s in drafts] == ["nantes", "nord-loire", "sarthe", "vendee"]
    assert all(s["rns"] is s["centre_support"] is None for s in drafts)
    for sector in sectors:
        decided = sector["id"] in published
        assert (sector["origine"], sector["experimental"]) == (
            ("region", True) if decided else ("outil", False)
        )


def test_the_drafts_are_dated_and_signed_by_the_tool() -> None:
    content = read("secteurs.json")
    assert content["source"]["auteur"] == "Région Pays de la Loire"
    assert content["brouillons"]["auteur"] == "l'outil"
    assert content["brouillons"]["date"] > content["source"]["date"]


def test_no_sector_is_called_north_of_a_river_that_it_crosses(lycees: Lycees) -> None:
    names = {s["id"]: s["nom"] for s in read("secteurs.json")["secteurs"]}
    south = {"Pornic", "Paimbœuf"}
    assert {e["secteur"] for e in lycees.values() if e["commune"] in south} == {"nord-loire"}
    assert names["nord-loire"] == "Saint-Nazaire – Châteaubriant"


def test_zones_have_short_distinct_names_and_agree_with_the_lycees(
    zones: Zones, lycees: Lycees
) -> None:
    sectors = read("secteurs.json")["secteurs"]
    named = {zone["id"]: (zone["nom"], s["id"]) for s in sectors for zone in s["zones"]}
    assert set(named) == set(zones)
    assert len({name for name, _ in named.values()}) == len(named) == 32
    assert max(len(name) for name, _ in named.values()) <= 40
    assert all(named[lycee["zone"]][1] == lycee["secteur"] for lycee in lycees.values())


def test_the_published_zones_have_the_published_sizes(zones: Zones, lycees: Lycees) -> None:
    assert sum(lycee["statut"] == "publie" for lycee in lycees.values()) == 52
    sizes = {
        sector: [len(zones[f"{sector}-{i}"]) for i in range(1, 5)]
        for sector in ("SLC", "MAY", "MEL")
    }
    assert sizes == {"SLC": [5, 3, 3, 5], "MAY": [4, 5, 5, 4], "MEL": [6, 5, 4, 3]}


def test_the_calendar_is_the_one_of_the_document() -> None:
    steps = read("secteurs.json")["calendrier"]
    assert [step["date"] for step in steps] == [
        "2025-09-01",
        "2025-11-01",
        "2026-01-05",
        "2026-07-31",
        "2026-09-01",
    ]
    assert "Nomination de 2 T.I.S par secteur" in steps[1]["secteurs_experimentaux"]
    assert steps[1]["autres_secteurs"] == []
    assert steps[2]["autres_secteurs"] == ["Nomination de 1 T.I.S par secteur"]
    assert "novembre 5 janvier 2026" in steps[2]["doute"]
    said = [action for step in steps for action in step["secteurs_experimentaux"]]
    assert "Bilans de l'expérimentation" not in said  # nothing says that they were made
    assert "Fin de l'expérimentation (novembre 25 – juillet 26)" in said
    whole = [each if isinstance(each, str) else each["texte"] for each in steps[0]["ensemble"]]
    assert "Découpage territorial passant de 4 à 7 secteurs" in whole
    assert "7 RNS (+3 par rapport à l'existant)" in whole


def test_no_travel_time_is_missing(
    lycees: Lycees, communes: gpd.GeoDataFrame, times: pd.DataFrame
) -> None:
    ids = set(lycees)
    places = {f"commune:{code}" for code in communes["code"]}
    assert len(times) == 119 * 119 + 2 * 119 * 1228
    assert not times.isna().any(axis=None)
    assert not times.duplicated(["origin", "destination"]).any()
    assert set(times["origin"]) == set(times["destination"]) == ids | places
    same = times["origin"] == times["destination"]
    assert (times.loc[same, ["minutes", "km"]] == 0).all(axis=None)
    assert (times.loc[~same, "minutes"] >= 0.5).all()
    assert times["minutes"].max() < 300


def test_no_drive_is_longer_than_by_way_of_another_lycee(
    lycees: Lycees, times: pd.DataFrame
) -> None:
    table = times.pivot_table(index="origin", columns="destination", values="minutes")
    there = table.loc[list(lycees), list(lycees)].to_numpy()
    to_communes = table.loc[list(lycees), [key for key in table if ":" in key]].to_numpy()
    for stop in range(len(lycees)):
        for minutes in (there, to_communes):
            by_stop = there[:, stop, None] + minutes[stop]
            assert (minutes <= by_stop + ROUNDING_MIN).all()


@pytest.mark.slow
def test_drives_between_two_banks_go_by_a_listed_bridge(
    lycees: Lycees, times: pd.DataFrame
) -> None:
    rivers, bridges, _ = load_tables(SHIPPED.parent / "scripts" / "tables")
    over = np.array([*make_terrain(rivers, bridges).bridges, FERRY])
    place = {key: lycee["lonlat"][::-1] for key, lycee in lycees.items()}
    pairs = times[times["origin"].isin(place) & times["destination"].isin(place)]
    start, end = (np.array([place[key] for key in pairs[end]]) for end in ("origin", "destination"))
    lines = shapely.linestrings(np.stack([start[:, ::-1], end[:, ::-1]], axis=1))
    apart = np.zeros(len(pairs), bool)
    for river in rivers:
        line = shapely.LineString([(lon, lat) for lat, lon in river])
        apart |= shapely.get_num_coordinates(shapely.intersection(line, lines)) % 2 == 1
    to_bridge = [
        plane_km(point[:, 0, None], point[:, 1, None], over[:, 0], over[:, 1])
        for point in (start, end)
    ]
    by_bridge = (to_bridge[0] + to_bridge[1]).min(axis=1)
    assert apart.sum() > 5_000
    assert (pairs["km"].to_numpy()[apart] >= by_bridge[apart]).all()


def test_speeds_are_those_of_a_car(times: pd.DataFrame) -> None:
    trips = times[times["km"] > 5]
    trips = trips[~trips[["origin", "destination"]].eq("commune:85113").any(axis=1)]  # Yeu
    kmh = trips["km"] / trips["minutes"] * 60
    assert kmh.min() > 10  # the slowest take the car ferry over the Loire
    assert kmh.max() < 118


@pytest.mark.parametrize(
    ("name", "form"),
    [("travel_times.parquet", 2), ("cells.parquet", 1), ("fine_borders.parquet", 1)],
)
def test_computed_files_were_made_for_these_positions(name: str, form: int, lycees: Lycees) -> None:
    note = json.loads(pq.read_schema(SHIPPED / name).metadata[b"geozones"])
    positions = {key: (lycee["lonlat"][1], lycee["lonlat"][0]) for key, lycee in lycees.items()}
    assert note["positions_sha256"] == positions_hash(positions)
    assert note["format"] == form


def test_communes_are_a_coverage_without_holes(communes: gpd.GeoDataFrame) -> None:
    shapes = communes.geometry.to_numpy()
    assert len(communes) == communes["code"].nunique() == 1228
    assert sorted(set(communes["departement"])) == DEPARTEMENTS
    assert shapely.is_valid(shapes).all()
    assert shapely.coverage_is_valid(shapes)
    whole = shapely.coverage_union_all(shapes)
    assert (holes(whole), shapely.get_num_geometries(whole)) == (0, 5)


def test_the_point_of_a_commune_is_inside_it(communes: gpd.GeoDataFrame) -> None:
    points = shapely.points(communes["lon"], communes["lat"])
    assert shapely.contains_properly(communes.geometry.to_numpy(), points).all()


def test_cells_partition_the_region_and_hold_their_lycee(
    cells: dict[str, Any], lycees: Lycees
) -> None:
    assert list(cells) == list(lycees)
    shapes = np.array(list(cells.values()))
    assert shapely.coverage_is_valid(shapes)
    whole = shapely.coverage_union_all(shapes)
    assert holes(whole) == 0
    # parts of a cell that are not its main one are islands, nothing else
    islands = shapely.get_num_geometries(whole) - 1
    assert shapely.get_num_geometries(shapes).sum() == len(shapes) + islands
    for key, shape in cells.items():
        metres = shape.distance(shapely.Point(lycees[key]["lonlat"])) * 111_195
        assert metres < 20, key


def test_the_islands_belong_to_a_lycee_of_vendee(cells: dict[str, Any], lycees: Lycees) -> None:
    for name, lon, lat in [("Yeu", -2.35, 46.71), ("Noirmoutier", -2.25, 47.0)]:
        owner = [key for key, shape in cells.items() if shape.contains(shapely.Point(lon, lat))]
        assert [lycees[key]["departement"] for key in owner] == ["85"], name


def test_departements_share_their_borders_with_the_cells(cells: dict[str, Any]) -> None:
    files = [SHIPPED / "departements" / f"{code}.geojson" for code in DEPARTEMENTS]
    departements = np.array([shapely.from_geojson(f.read_text(encoding="utf-8")) for f in files])
    assert shapely.coverage_is_valid(departements)
    assert [holes(shape) for shape in departements] == [0, 0, 0, 0, 0]
    region = shapely.coverage_union_all(departements)
    assert region.equals(shapely.coverage_union_all(list(cells.values())))


def test_the_files_stay_small() -> None:
    sizes = {path.name: path.stat().st_size for path in SHIPPED.rglob("*") if path.is_file()}
    assert sizes["communes.parquet"] < 2_000_000
    assert sizes["travel_times.parquet"] < 3_000_000
    assert sizes["cells.parquet"] < 150_000
    assert sizes["fine_borders.parquet"] < 500_000
    assert sizes["ground.parquet"] < 200_000
    assert sizes["close_ground.parquet"] < 1_000_000
    assert sum(sizes[f"{code}.geojson"] for code in DEPARTEMENTS) < 100_000


def test_the_directory_holds_every_lycee_to_serve_and_the_four_that_are_not(
    lycees: Lycees,
) -> None:
    rows = read("annuaire.json")["lycees"]
    assert all(is_uai(row["uai"]) for row in rows)
    assert len({row["uai"] for row in rows}) == len(rows) == 124
    served = {row["uai"]: row["lycee"] for row in rows if row["lycee"] is not None}
    published = {code: key for key in lycees for code in (key, *lycees[key]["uai_associes"])}
    assert served == {code: key for code, key in published.items() if code != PROVISIONAL}
    unserved = [row for row in rows if row["lycee"] is None]
    assert len(unserved) == 4
    assert all(row["remarque"] for row in unserved)


def test_names_of_communes_are_those_of_the_map_with_those_of_before(
    communes: gpd.GeoDataFrame,
) -> None:
    rows = read("noms_communes.json")["communes"]
    assert {row["code"]: row["nom"] for row in rows} == dict(
        zip(communes["code"], communes["nom"], strict=True)
    )
    former = {row["nom"]: row["anciens"] for row in rows}
    assert "Segré" in former["Segré-en-Anjou Bleu"]
    assert "Beaupréau" in former["Beaupréau-en-Mauges"]
    assert "Château-du-Loir" in former["Montval-sur-Loir"]

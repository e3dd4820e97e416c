"""A file of communes of anyone: its columns are guessed, its polygons read in degrees."""

from pathlib import Path

import geopandas as gpd
import pytest
from shapely import box

from geozones.common.errors import InputError
from geozones.territory.commune_file import read_commune_file

CORSE = Path(__file__).parents[1] / "fixtures" / "territories" / "communes_corse.geojson"


def test_the_communes_of_corse_are_read_with_their_departements() -> None:
    frame = read_commune_file(CORSE)
    assert list(frame.columns) == [
        "code", "nom", "departement", "epci", "population", "lat", "lon", "geometry",
    ]  # fmt: skip
    assert len(frame) == 360
    ajaccio = frame[frame["code"] == "2A004"].iloc[0]
    assert (ajaccio["nom"], ajaccio["departement"]) == ("Ajaccio", "2A")
    assert ajaccio["epci"] == "Communauté d'agglomération du Pays Ajaccien"
    assert ajaccio["population"] == 70_659
    assert abs(ajaccio["lat"] - 41.93) < 0.1
    assert abs(ajaccio["lon"] - 8.7) < 0.15


def test_codes_are_found_by_what_they_are_and_give_the_departement(tmp_path: Path) -> None:
    places = gpd.GeoDataFrame(
        {"cle": ["97411", "29019"], "libelle": ["Saint-Denis", "Brest"]},
        geometry=[box(55.4, -20.95, 55.5, -20.87), box(-4.55, 48.36, -4.42, 48.43)],
        crs=4326,
    )
    places.to_crs(2154).to_file(tmp_path / "communes.gpkg")
    frame = read_commune_file(tmp_path / "communes.gpkg")
    assert list(frame["code"]) == ["29019", "97411"]
    assert list(frame["nom"]) == ["Brest", "Saint-Denis"]
    assert list(frame["departement"]) == ["29", "974"]
    assert list(frame["epci"]) == ["", ""]
    assert list(frame["population"]) == [0, 0]
    assert frame["lat"].tolist() == pytest.approx([48.395, -20.91], abs=0.01)


def test_districts_abroad_need_a_name_only(tmp_path: Path) -> None:
    places = gpd.GeoDataFrame(
        {"nimi": ["Kallio"]}, geometry=[box(24.94, 60.18, 24.96, 60.19)], crs=4326
    )
    places.to_file(tmp_path / "alueet.geojson")
    frame = read_commune_file(tmp_path / "alueet.geojson")
    assert frame[["code", "nom", "departement"]].to_numpy().tolist() == [["1", "Kallio", ""]]


def test_a_file_without_polygons_or_names_says_what_it_has(tmp_path: Path) -> None:
    points = gpd.GeoDataFrame({"nom": ["A"]}, geometry=gpd.points_from_xy([2], [48]), crs=4326)
    points.to_file(tmp_path / "points.geojson")
    with pytest.raises(InputError, match="aucun contour"):
        read_commune_file(tmp_path / "points.geojson")
    bare = gpd.GeoDataFrame({"couleur": ["bleu"]}, geometry=[box(2, 48, 3, 49)], crs=4326)
    bare.to_file(tmp_path / "bare.geojson")
    with pytest.raises(InputError, match=r"ni colonne de codes ni colonne de noms.*couleur"):
        read_commune_file(tmp_path / "bare.geojson")
    (tmp_path / "text.geojson").write_text("pas une carte", encoding="utf-8")
    with pytest.raises(InputError, match="n'est pas lisible"):
        read_commune_file(tmp_path / "text.geojson")
    with pytest.raises(InputError, match="il n'existe pas"):
        read_commune_file(tmp_path / "absent.geojson")

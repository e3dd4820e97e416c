"""Reader of a file of communes in any format of polygons, and limits of communes."""

import math
import re
from collections.abc import Iterable
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import shapely
from shapely.geometry import Point
from shapely.geometry.base import BaseGeometry

from geozones.common.errors import InputError
from geozones.common.files import ordinary
from geozones.common.files import why as why_not
from geozones.common.french import folded
from geozones.domain.identifiers import departement_named, departement_of_insee

#: Columns of communes, in a file of them and in the folder of a territory.
COMMUNE_COLUMNS = ["code", "nom", "departement", "epci", "population", "lat", "lon", "geometry"]
#: Usual names of the columns, folded; the first that a file has is read.
_NAMES = {
    "code": (
        "code", "insee com", "insee", "code insee", "codgeo", "code commune", "com", "codeinsee",
        "code geo", "code officiel commune", "ref insee", "id",
    ),
    "nom": (
        "nom", "nom com", "nom officiel", "libgeo", "nom commune", "libelle", "name", "nom m",
        "nomcom", "commune", "nom officiel commune", "nimi",
    ),
    "departement": (
        "departement", "dep", "insee dep", "code departement", "code dep", "codedepartement",
        "code insee du departement", "code officiel departement",
    ),
    "epci": ("epci", "nom epci", "libepci", "lib epci", "code epci", "siren epci", "code siren"),
    "population": (
        "population", "pop", "ptot", "population municipale", "pmun", "population totale",
    ),
}  # fmt: skip
_INSEE = re.compile(r"(?:\d{2}|2[AB])\d{3}")
#: Share of the cells of a column that must be INSEE codes for it to be the code.
_MOST = 0.9
_POLYGONS = {"Polygon", "MultiPolygon"}


def read_commune_file(path: Path) -> gpd.GeoDataFrame:
    """Read a file of communes in a GeoJSON, a GeoPackage, a shapefile or a GeoParquet, by code.

    The result has `COMMUNE_COLUMNS`, in WGS84; lat and lon are a point inside. Without a
    département in the file, it is that of the INSEE code; without EPCI or population, these are
    empty and 0.
    """
    frame = _polygons(path)
    columns = {field: _column(frame, names) for field, names in _NAMES.items()}
    code = columns["code"] or _insee_column(frame)
    name = columns["nom"]
    if code is None and name is None:
        known = ", ".join(str(column) for column in frame.columns if column != "geometry")[:200]
        raise InputError(
            f"Le fichier de communes {path.name} n'a ni colonne de codes ni colonne de noms "
            f"(« code », « nom »). Ses colonnes : {known or 'aucune'}."
        )
    codes = _texts(frame, code) if code else [str(rank + 1) for rank in range(len(frame))]
    names = _texts(frame, name) if name else codes
    column = columns["departement"]
    if column is not None:
        departements = [departement_named(text) for text in _texts(frame, column)]
    else:
        departements = [departement_of_insee(code) if _is_insee(code) else "" for code in codes]
    column = columns["population"]
    if column is None:
        counts = [0] * len(frame)
    else:
        counts = [int(count) for count in pd.to_numeric(frame[column], errors="coerce").fillna(0)]
    made = gpd.GeoDataFrame(
        {
            "code": codes,
            "nom": names,
            "departement": departements,
            "epci": _texts(frame, columns["epci"]),
            "population": counts,
        },
        geometry=frame.geometry.to_numpy(),
        crs=4326,
    )
    made = made.drop_duplicates("code").sort_values("code", ignore_index=True)
    inside = shapely.point_on_surface(made.geometry.to_numpy())
    made["lat"], made["lon"] = shapely.get_y(inside).round(5), shapely.get_x(inside).round(5)
    return made[COMMUNE_COLUMNS]


def _polygons(path: Path) -> gpd.GeoDataFrame:
    """Return the rows of a file that are polygons, made valid, in WGS84."""
    try:
        ordinary(path)
        frame = (
            gpd.read_parquet(path) if path.suffix == ".parquet" else pyogrio.read_dataframe(path)
        )
    except OSError as error:
        raise InputError(
            f"Le fichier de communes {path} ne peut pas être lu : {why_not(error)}."
        ) from error
    except Exception as error:  # the drivers of GDAL raise exceptions that no documentation lists
        raise InputError(
            f"Le fichier de communes {path.name} n'est pas lisible : donnez un GeoJSON, un "
            "GeoPackage, un shapefile ou un GeoParquet de contours."
        ) from error
    if isinstance(frame, gpd.GeoDataFrame):
        frame = frame[frame.geometry.geom_type.isin(_POLYGONS)]
    if not isinstance(frame, gpd.GeoDataFrame) or frame.empty:
        raise InputError(f"Le fichier de communes {path.name} n'a aucun contour (polygone).")
    if frame.crs is not None:
        frame = frame.to_crs(4326)
    shapes = shapely.make_valid(shapely.force_2d(frame.geometry.to_numpy()))
    return frame.set_geometry(shapes, crs=4326)


def _column(frame: pd.DataFrame, names: Iterable[str]) -> str | None:
    """Return the column of a file under the first of some names that it has."""
    by_name = {folded(str(column)): str(column) for column in reversed(frame.columns)}
    return next((by_name[name] for name in names if name in by_name), None)


def _insee_column(frame: pd.DataFrame) -> str | None:
    """Return the column whose cells are INSEE codes, whatever its name."""
    for column in frame.columns:
        if column == "geometry":
            continue
        cells = [text for text in _texts(frame, str(column)) if text]
        if cells and sum(map(_is_insee, cells)) >= _MOST * len(frame):
            return str(column)
    return None


def _is_insee(text: str) -> bool:
    return _INSEE.fullmatch(text) is not None


def _texts(frame: pd.DataFrame, column: str | None) -> list[str]:
    """Return the cells of a column as texts; whole numbers without decimals, empty without it."""
    if column is None:
        return [""] * len(frame)
    return [_text(value) for value in frame[column]]


def _text(value: object) -> str:
    if value is None or value is pd.NA or (isinstance(value, float) and np.isnan(value)):
        return ""
    return (
        str(int(value)) if isinstance(value, float) and value.is_integer() else str(value).strip()
    )


KM_PER_DEGREE = 111.195
#: precision of the limits, in km: a point this near is not outside
TOLERANCE_KM = 0.1


def km_outside(shape: BaseGeometry, lat: float, lon: float) -> float:
    """Return the distance of a point from a polygon, in km; 0 inside, or within the precision."""
    if shape.covers(Point(lon, lat)):
        return 0.0
    (x1, y1), (x2, y2) = shapely.shortest_line(shape, Point(lon, lat)).coords
    km = KM_PER_DEGREE * math.hypot((x2 - x1) * math.cos(math.radians(lat)), y2 - y1)
    return 0.0 if km <= TOLERANCE_KM else km

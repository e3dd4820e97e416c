"""Motorways as schematic axes: smooth lines through the places of a table written by hand."""

from __future__ import annotations

import csv
from itertools import groupby, pairwise

import numpy as np
import shapely
from _common import TABLES, check
from ground_shapes import SCALE, Row
from numpy.typing import NDArray
from scipy.interpolate import PchipInterpolator

#: a point of the line at least every so many km
_STEP_KM = 4.0


def motorways() -> list[Row]:
    """Return the axes of ``motorways.csv``, one row a motorway, in the order of the table."""
    with (TABLES / "motorways.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    found = []
    for road, group in groupby(rows, key=lambda row: row["road"]):
        places = np.array([(float(row["lon"]), float(row["lat"])) for row in group])
        found.append(Row("motorway", road, 1, geometry=shapely.LineString(smooth(places))))
    check(len({row.name for row in found}) == len(found), "a motorway is in two parts of the table")
    return found


def smooth(places: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return a smooth line through places, float[n, (lon, lat)], that nowhere overshoots them."""
    flat = places * SCALE
    km = np.concatenate(([0.0], np.cumsum(np.hypot(*np.diff(flat, axis=0).T))))
    parts = [
        np.linspace(start, end, max(int((end - start) / _STEP_KM), 1), endpoint=False)
        for start, end in pairwise(km)
    ]
    return np.asarray(PchipInterpolator(km, flat)(np.concatenate((*parts, km[-1:]))) / SCALE)

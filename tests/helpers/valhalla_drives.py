"""Drives by Valhalla between points of small_network.py, given in km."""

import datetime as dt
from pathlib import Path

from geozones.domain import TravelTimes
from geozones.travel.valhalla import Valhalla
from helpers.small_network import Km, at

TODAY = dt.date(2026, 2, 3)
LEG_MIN_PER_KM = 1.3 * 60 / 30


def times(engine: Valhalla, **places: Km) -> TravelTimes:
    """Times between points given in km."""
    located = {key: at(*place) for key, place in places.items()}
    return engine.matrix(located, located)


def one(engine: Valhalla, a: Km, b: Km) -> tuple[float, float]:
    """Minutes and km from one point to another."""
    result = times(engine, a=a, b=b)
    return result.between("a", "b"), result.km_between("a", "b")


def still_works(tiles: Path) -> bool:
    """Whether the 9 km of the road are as long as they are."""
    return abs(one(Valhalla(tiles), (4, 0), (13, 0))[1] - 9) < 9 * 0.002

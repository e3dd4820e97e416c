"""Four towns, an engine over the server of ors_server.py, and the minutes it must give."""

from typing import Any

import numpy as np

from geozones.domain.times import FloatArray
from geozones.travel.openrouteservice import OpenRouteService, OrsSettings
from helpers.ors_server import OrsServer, seconds_between
from helpers.still_clock import Time

KEY = "5b3ce3597851110001cf6248-SECRET"
HTML = b"<html><body>Portail captif</body></html>"
PLACES = {
    "nantes": (47.2, -1.5),
    "angers": (47.5, -0.5),
    "laval": (48.1, -0.8),
    "le-mans": (48.0, 0.2),
}
NANTES, ANGERS, LAVAL, LE_MANS = PLACES.values()


def engine_of(server: OrsServer, time: Time, **options: Any) -> OpenRouteService:
    return OpenRouteService(OrsSettings(**({"url": server.url} | options)), time.clock())


def lon_lat(point: tuple[float, float]) -> tuple[float, float]:
    return round(point[1], 6), round(point[0], 6)


def true_minutes() -> FloatArray:
    """Minutes between the four towns, float[origin, destination]."""
    points = [lon_lat(point) for point in PLACES.values()]
    return np.array([[seconds_between(a, b) / 60 for b in points] for a in points])

"""One drive, and the name of the engine that says so."""

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from geozones.domain import InputError, UnknownPlaceError
from geozones.domain.french import number
from geozones.travel.estimate import crow_km, estimate

if TYPE_CHECKING:
    from geozones.workspace.core import Workspace


#: Beyond this from every lycée, in km, a point is not of the territory.
REACH_KM = 100.0


@dataclass(frozen=True, slots=True)
class Trip:
    """Minutes and km between two places; ``None`` where there is no way."""

    origin: str
    destination: str
    minutes: float | None
    km: float | None
    source: str
    estimated: bool


def trip(workspace: "Workspace", origin: str, destination: str) -> Trip:
    """Return the matrix's figure between two lycées, else an estimate, marked as one.

    Raises
    ------
    UnknownPlaceError
        If a place is neither a lycée nor ``lat,lon`` in degrees.
    """
    times = workspace.times
    if origin in times.origin_index and destination in times.destination_index:
        minutes = times.between(origin, destination)
        km = times.km_between(origin, destination)
        known = math.isfinite(minutes)
        return Trip(
            origin,
            destination,
            minutes if known else None,
            km if known else None,
            times.provenance.engine,
            times.is_estimated(origin, destination),
        )
    guess = estimate(
        _point(workspace, origin), _point(workspace, destination), workspace.positions, times
    )
    return Trip(origin, destination, guess.minutes, guess.km, "estimate", estimated=True)


def _point(workspace: "Workspace", place: str) -> tuple[float, float]:
    if place in workspace.positions:
        return workspace.positions[place]
    try:
        lat, lon = (float(part) for part in place.split(","))
    except ValueError:
        raise UnknownPlaceError(place) from None
    if not (-90 <= lat <= 90 and -180 <= lon <= 180):
        raise UnknownPlaceError(place)
    nearest = min(crow_km((lat, lon), position) for position in workspace.positions.values())
    if nearest > REACH_KM:
        msg = (
            f"Le point « {place} » est à {number(nearest)} km du lycée le plus proche : hors du "
            "territoire, aucune durée n'a de sens."
        )
        raise InputError(msg)
    return lat, lon

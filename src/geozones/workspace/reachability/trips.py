"""Drive between two places, and minutes between some points."""

import math
from dataclasses import dataclass

from geozones.common.errors import InputError
from geozones.common.french import number
from geozones.domain import UnknownPlaceError
from geozones.domain.terms import terms
from geozones.travel.engine import Point, Positions
from geozones.travel.engine_chain import ChainAnswer
from geozones.travel.estimate import REACH_KM, crow_km_table
from geozones.workspace.analysis import Analysis
from geozones.workspace.territory import Territory


@dataclass(frozen=True, slots=True)
class Trip:
    """Minutes and km between two places; ``None`` if there is no way.

    ``low`` and ``high`` are an 80 % interval of the minutes, ``leg_share`` the share of the minutes
    on straight legs, from 0 to 1; ``source`` is the engine.
    """

    origin: str
    destination: str
    minutes: float | None
    low: float | None
    high: float | None
    km: float | None
    source: str
    estimated: bool
    leg_share: float | None


def trip_between(analysis: Analysis, origin: str, destination: str) -> Trip:
    """Return the matrix's figure between two lycées, else the configured engines' figure.

    Raises
    ------
    UnknownPlaceError
        If a place is neither a lycée, a commune (``commune:CODE``) nor ``lat,lon`` in degrees.
    InputError
        If a point is not in the territory.
    EngineError
        If no engine has an answer.
    """
    times = analysis.times
    if origin not in times.origin_index or destination not in times.destination_index:
        ends = {place: point_of(analysis.territory, place) for place in (origin, destination)}
        times = times_between(
            analysis, {origin: ends[origin]}, {destination: ends[destination]}
        ).times
    minutes = times.between(origin, destination)
    pair = origin, destination
    low, high = times.interval(*pair)
    known = math.isfinite(minutes)
    return Trip(
        origin,
        destination,
        minutes=minutes if known else None,
        low=low if known else None,
        high=high if known else None,
        km=times.km_between(*pair) if known else None,
        source=times.made_by(*pair).engine,
        estimated=times.is_estimated(*pair),
        leg_share=times.leg_share_between(*pair) if known else None,
    )


def times_between(analysis: Analysis, origins: Positions, destinations: Positions) -> ChainAnswer:
    """Ask the engines of the settings, in their order, under the traffic of the analysis.

    Raises
    ------
    EngineError
        If no engine has an answer.
    """
    answer = analysis.territory.drives.ask(origins, destinations)
    points = {**origins, **destinations}
    return ChainAnswer(analysis.under_traffic(answer.times, points), answer.faults)


def point_of(territory: Territory, place: str) -> Point:
    """Return the position of a lycée, a commune (``commune:CODE``) or ``lat,lon``.

    Raises
    ------
    UnknownPlaceError
        If it is none of them.
    InputError
        If the point is over 100 km from every lycée.
    """
    if place in territory.positions:
        return territory.positions[place]
    if place.startswith("commune:"):
        if place not in territory.drives.communes:
            raise UnknownPlaceError(place)
        return territory.drives.communes[place]
    try:
        lat, lon = (float(part) for part in place.split(","))
    except ValueError:
        raise UnknownPlaceError(place) from None
    if not (-90 <= lat <= 90 and -180 <= lon <= 180):
        raise UnknownPlaceError(place)
    nearest = km_to_lycees(territory, (lat, lon))
    if nearest > REACH_KM:
        site = terms().site
        msg = (
            f"Le point « {place} » est à {number(nearest)} km {site.of_the} {site.article} plus "
            "proche : hors du territoire, aucune durée n'a de sens."
        )
        raise InputError(msg)
    return lat, lon


def km_to_lycees(territory: Territory, point: Point) -> float:
    """Return the km, as the crow flies, from a point to the nearest lycée."""
    return float(crow_km_table([point], list(territory.positions.values())).min())

"""Drive durations under the traffic of a moment, from off-peak durations and communes."""

from collections.abc import Iterable, Sequence

import numpy as np

from geozones.common.french import number
from geozones.domain import Provenance, TravelTimes
from geozones.domain.peak import Traffic
from geozones.domain.provenance import JOURNAL
from geozones.domain.settings import DriveCorrection
from geozones.travel.engine import Point, Positions
from geozones.workspace.territory import Territory


def under_traffic(
    territory: Territory, traffic: Traffic, off_peak: TravelTimes, points: Positions | None = None
) -> TravelTimes:
    """Return off-peak drives with their minutes under some traffic.

    Parameters
    ----------
    points
        Positions of places that are neither lycées nor communes, in degrees.

    Raises
    ------
    DataFileError
        If the communes of the data folder are needed and cannot be read.
    """
    if traffic.is_usual:
        return off_peak
    profile, moment = territory.atlas.peak, traffic.moment
    if profile.is_flat(moment):
        return off_peak.scaled(traffic.factor)
    start, end = (
        [commune_of(territory, place, (points or {}).get(place)) for place in places]
        for places in (off_peak.origins, off_peak.destinations)
    )
    slowdown = profile.slowdown(off_peak.minutes, start, end, moment)
    return off_peak.scaled(traffic.factor * slowdown)


def corrected(times: TravelTimes, corrections: Sequence[DriveCorrection]) -> TravelTimes:
    """Return drives between lycées with the corrections that a scenario adopted from journeys."""
    factors = np.ones(times.minutes.shape)
    known = times.origin_index.keys() & times.destination_index.keys()
    for one in corrections:
        lycees = sorted(one.lycees & known)
        rows = [times.origin_index[lycee] for lycee in lycees]
        factors[np.ix_(rows, [times.destination_index[lycee] for lycee in lycees])] = one.factor
    factors[times.same] = 1.0
    if (factors == 1).all():
        return times
    last = max(one.last for one in corrections)
    journeys = sum(one.count for one in corrections)
    source = f"{number(journeys)} trajets mesurés, regroupés par zone"
    if any(one.invented for one in corrections):
        source = f"{source} (journal d'essai, inventé)"
    return times.corrected(factors, Provenance(JOURNAL, last, source=source))


def slowed(
    territory: Territory, traffic: Traffic, off_peak: float, origin: str, destination: str
) -> float:
    """Return the minutes under some traffic of one drive between lycées or communes."""
    start, end = ([commune_of(territory, place)] for place in (origin, destination))
    table = np.array([[off_peak]])
    slowdown = territory.atlas.peak.slowdown(table, start, end, traffic.moment)
    return float((table * slowdown)[0, 0]) * traffic.factor


def off_peak_minutes(
    territory: Territory, traffic: Traffic, minutes: Iterable[float], point: Point
) -> tuple[float, ...]:
    """Return the off-peak minutes of drives from a point that take ``minutes`` in some traffic.

    Drives are assumed to end outside towns: the towns at the other end are not known beforehand.
    """
    profile, commune = territory.atlas.peak, None
    if not profile.is_flat(traffic.moment):
        commune = territory.atlas.commune_at(*point)
    return tuple(
        profile.off_peak_minutes(each / traffic.factor, commune, traffic.moment) for each in minutes
    )


def commune_of(territory: Territory, place: str, point: Point | None = None) -> str | None:
    """Return the commune (INSEE code) of a place; ``None`` if it is in none.

    A lycée has the commune of the data folder, unless the scenario has moved it.
    """
    if place.startswith("commune:"):
        return place.removeprefix("commune:")
    lycee = territory.lycees.get(place)
    if lycee is not None and place not in territory.drives.moved:
        return lycee.insee
    point = territory.positions.get(place, point)
    return None if point is None else territory.atlas.commune_at(*point)

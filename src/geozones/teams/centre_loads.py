"""T.I.S. of a sector: load from a support centre, reach, best centre."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf

from geozones.domain import TravelTimes
from geozones.domain.settings import TeamSettings
from geozones.domain.teams import SLOTS

_WEEKS_A_MONTH = 52 / 12


@dataclass(frozen=True, slots=True)
class CentreLoad:
    """Work of the T.I.S. of a sector from a centre."""

    centre: str  # A lycée id.
    #: Minutes a week for the whole sector, and how many of them are on the road.
    week_minutes: float
    drive_minutes: float
    #: Share of the working time of one T.I.S., and of two; above 1, they cannot do it all.
    loads: tuple[float, float]
    mean: float  # Mean minutes to the other lycées of the sector, the longest, and to which (id).
    worst: float
    farthest: str
    near: tuple[float, float, float]  # Shares of the other lycées within 30, 45 and 60 minutes.


def centre_loads(
    lycees: Sequence[str], times: TravelTimes, settings: TeamSettings
) -> tuple[CentreLoad, ...]:
    """Return each lycée of a sector as a centre, the least driving first.

    Every lycée is visited ``tis_visits`` times a month, ``tis_minutes`` each, there and back. Empty
    for a sector of fewer than two lycées.
    """
    if len(lycees) < 2:
        return ()
    loads = [_load(centre, lycees, times, settings) for centre in lycees]
    return tuple(sorted(loads, key=lambda entry: (entry.drive_minutes, entry.worst, entry.centre)))


def second_base(
    lycees: Sequence[str], centre: str, times: TravelTimes
) -> tuple[str, float, float] | None:
    """Return the best start of a second T.I.S., the first staying at the centre.

    Returns
    -------
    lycée, mean, mean before
        The lycée that minimises the mean drive from the nearer base, this mean in minutes, and the
        mean from the centre alone; ``None`` for a sector of fewer than two lycées.
    """
    if len(lycees) < 2:
        return None

    def mean(bases: tuple[str, ...]) -> float:
        return sum(min(_drive(base, key, times) for base in bases) for key in lycees) / len(lycees)

    best = min((key for key in lycees if key != centre), key=lambda key: (mean((centre, key)), key))
    return best, mean((centre, best)), mean((centre,))


def _drive(origin: str, destination: str, times: TravelTimes) -> float:
    return 0.0 if origin == destination else times.one_way[origin][destination]


def _load(
    centre: str, lycees: Sequence[str], times: TravelTimes, settings: TeamSettings
) -> CentreLoad:
    visits = settings.tis_visits / _WEEKS_A_MONTH
    go = {key: _drive(centre, key, times) for key in lycees}
    back = [_drive(key, centre, times) for key in lycees]
    drive = visits * (sum(go.values()) + sum(back))
    week = drive + visits * settings.tis_minutes * len(lycees)
    week_of_one = SLOTS * settings.half_day_minutes
    others = {key: minutes for key, minutes in go.items() if key != centre}
    farthest = max(others, key=lambda key: (others[key], key))
    within = [sum(m <= limit for m in others.values()) / len(others) for limit in (30, 45, 60)]
    return CentreLoad(
        centre,
        week,
        drive,
        (week / week_of_one, week / (2 * week_of_one)) if week < inf else (inf, inf),
        sum(others.values()) / len(others),
        others[farthest],
        farthest,
        (within[0], within[1], within[2]),
    )

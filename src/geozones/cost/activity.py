"""Yearly activity of a zone's posts, as trips and half-days, from which items are counted."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geozones.domain import Settings
from geozones.domain.service import ServiceHalfDays
from geozones.domain.settings import TeamSettings

#: Figure of one zone (0-d), or of several at once: ``float[zone]``.
type Figure = NDArray[np.float64] | float
#: Half-days of a year, by field of `ServiceHalfDays`.
type Service = Mapping[str, Figure]
#: Trips between the lycées of a zone. A leg is a drive one way, ``float[k, k]``, or there and back,
#: ``float[pair, zone]``: the code that creates the trips decides, and has the minutes of each leg.
type Legs = NDArray[np.float64]
#: Trips there and back between the support centre and each lycée: ``float[k]``, ``float[k, zone]``.
type CentreLegs = NDArray[np.float64]
#: Half-days of a day.
_DAY = 2


@dataclass(frozen=True)
class Hypotheses:
    """Figures that scale a week and an absence to a year; each may differ by zone.

    Parameters
    ----------
    weeks, months
        Weeks and months of school in a year.
    absence_rate
        Share of working days that a post is absent, from 0 to 1.
    visits_per_month
        Visits of each T.I.P. to each other lycée of the zone.
    tis_visits
        Visits of a T.I.S. to each lycée in a month.
    """

    weeks: Figure
    months: Figure
    absence_rate: Figure
    visits_per_month: Figure
    tis_visits: Figure


def hypotheses_of(settings: Settings) -> Hypotheses:
    """Return the hypotheses in the settings."""
    teams, cost = settings.teams, settings.cost
    return Hypotheses(
        teams.year_days / 5,
        cost.months,
        teams.absence_rate,
        cost.visits_per_month,
        teams.tis_visits,
    )


def urgent_share(teams: TeamSettings) -> tuple[float, float]:
    """Return what an absence that nobody covers asks for, per half-day without anyone.

    Returns
    -------
    The half-days of cover that avoid ruptures: one each time that the lycée has had nobody for
    ``gap_days``; and the half-days of rupture if nobody ever comes.
    """
    stays = 1 - 1 / teams.absence_days
    again = stays**teams.gap_days
    return again / (1 - stays ** (teams.gap_days + 1)) / (_DAY * teams.absence_days), again


def half_days_of(service: Service) -> ServiceHalfDays:
    """Return the half-days of the only zone, as numbers."""
    return ServiceHalfDays(**{name: float(np.ravel(value)[0]) for name, value in service.items()})


@dataclass(frozen=True)
class Activity:
    """Activity of the posts of a zone.

    Parameters
    ----------
    week
        Trips of a week in which nobody is away: from the résidences to the other lycées, and back.
    visits
        Trips of one visit by each T.I.P. to each other lycée of the zone.
    covers
        Trips in a year of colleagues who replace someone absent.
    tis
        Trips of one visit by a T.I.S. to each lycée; ``None`` if their start is unknown.
    tis_covers
        Trips in a year of T.I.S. who replace someone absent; 0 unless the hypothesis is on.
    service
        Half-days of a year.
    unmet
        Half-days of need a week that no post meets.
    """

    week: Legs
    visits: Legs
    covers: Legs
    tis: CentreLegs | None
    tis_covers: CentreLegs | float
    service: Service
    unmet: Figure


@dataclass(frozen=True)
class Part:
    """Part of an activity that one item counts.

    Parameters
    ----------
    legs, centre_legs
        Trips in a year; ``None`` if the item has none.
    half_days
        Half-days in a year that the item counts beside its trips.
    """

    legs: Legs | None = None
    centre_legs: CentreLegs | None = None
    half_days: Figure = 0.0

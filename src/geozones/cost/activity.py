"""Yearly activity of a zone's posts, as trips and half-days, from which items are counted."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geozones.domain import Settings

#: Figure of one zone (0-d), or of several at once: ``float[zone]``.
type Figure = NDArray[np.float64] | float
#: Trips between the lycées of a zone. A leg is a drive one way, ``float[k, k]``, or there and back,
#: ``float[pair, zone]``: the code that creates the trips decides, and has the minutes of each leg.
type Legs = NDArray[np.float64]
#: Trips there and back between the support centre and each lycée: ``float[k]``, ``float[k, zone]``.
type CentreLegs = NDArray[np.float64]


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
    missed
        Half-days of a year missed by posts that are away.
    displaced
        Missed half-days that a colleague covers by leaving another lycée.
    uncovered
        Missed half-days that nobody covers.
    unmet
        Half-days of need a week that no post meets.
    """

    week: Legs
    visits: Legs
    covers: Legs
    tis: CentreLegs | None
    tis_covers: CentreLegs | float
    missed: Figure
    displaced: Figure
    uncovered: Figure
    unmet: Figure


@dataclass(frozen=True)
class Part:
    """Part of an activity that one item counts.

    Parameters
    ----------
    legs, centre_legs
        Trips in a year; ``None`` if the item has none.
    unserved, displaced
        Half-days in a year that nobody gives, and that someone of another lycée gives.
    """

    legs: Legs | None = None
    centre_legs: CentreLegs | None = None
    unserved: Figure = 0.0
    displaced: Figure = 0.0

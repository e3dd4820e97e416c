"""What the posts of a zone do in a year, as trips and half-days: items are counted from it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geozones.domain import Settings

#: A figure of one zone (0-d), or of several at once: ``float[zone]``.
type Figure = NDArray[np.float64] | float
#: Trips between the lycées of a zone. What a leg is (a drive one way, ``float[k, k]``, or there and
#: back, ``float[pair, zone]``) is known by whoever made them, who also has its minutes.
type Legs = NDArray[np.float64]
#: Trips there and back between the support centre and each lycée: ``float[k]``, ``float[k, zone]``.
type CentreLegs = NDArray[np.float64]


@dataclass(frozen=True)
class Hypotheses:
    """The figures that turn a week and an absence into a year; each may be one for each zone.

    Parameters
    ----------
    weeks, months
        Of school in a year.
    absence_rate
        Share of working days that a post is absent, from 0 to 1.
    visits_per_month
        Of each T.I.P. to each other lycée of the zone.
    tis_visits
        Of a T.I.S. to each lycée, a month.
    """

    weeks: Figure
    months: Figure
    absence_rate: Figure
    visits_per_month: Figure
    tis_visits: Figure


def hypotheses_of(settings: Settings) -> Hypotheses:
    """Return the hypotheses that settings hold."""
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
    """What the posts of a zone do.

    Parameters
    ----------
    week
        Trips of a week in which nobody is away: from the résidences to the other lycées, and back.
    visits
        Trips of one visit by each T.I.P. to each lycée of the zone that is not theirs.
    covers
        Trips of a year of the colleagues who stand in for someone away.
    tis
        Trips of one visit by a T.I.S. to each lycée; ``None`` where they start from is not known.
    tis_covers
        Trips of a year of the T.I.S. who stand in for someone away; 0 unless they are supposed to.
    missed
        Half-days of a year missed by posts that are away.
    displaced
        Those that a colleague gives, who leaves another lycée to do so.
    uncovered
        Those that nobody gives.
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
    """What one item takes of an activity.

    Parameters
    ----------
    legs, centre_legs
        Trips of a year; ``None`` where the item has none.
    unserved, displaced
        Half-days of a year that nobody gives, and that are given by someone of another lycée.
    """

    legs: Legs | None = None
    centre_legs: CentreLegs | None = None
    unserved: Figure = 0.0
    displaced: Figure = 0.0

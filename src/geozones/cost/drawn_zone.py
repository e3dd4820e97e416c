"""Yearly cost of a zone in random draws of both its minutes and its hypotheses.

Posts are a decision: they do not vary between draws, nor does the unmet need counted in the cost.
The need that each draw would leave unmet is a separate figure: it depends on how full the posts are
(needs are rounded up to tens of half-days), hardly on the zones.
"""

from dataclasses import dataclass, fields, replace
from functools import cached_property

import numpy as np

from geozones.cost.closed_form import Zones, activity_of, unmet_needs
from geozones.cost.cover_table import rated_table
from geozones.cost.items import ITEMS, Activity, Figure, Hypotheses, Part, hypotheses_of
from geozones.cost.zone_cost import UNREACHABLE_MIN, Roads, ZoneCase
from geozones.domain import Settings
from geozones.domain.times import Floats

#: Standard deviations of the logarithm of hypotheses: eight cases in ten are within a third less
#: and a half more for the absence rate and visits, an eighth for the needs of a lycée. They are
#: hypotheses of this tool.
ABSENCE_SPREAD, VISITS_SPREAD, NEEDS_SPREAD = 0.3, 0.3, 0.1


@dataclass(frozen=True, eq=False)
class Shocks:
    """Random multipliers for one zone's cost items."""

    between: Floats  # Minutes of each pair of lycées, ``float[pair, draw]``.
    #: The absence rate and the visits a month, ``float[draw]``: the same for every zone.
    absence: Floats
    visits: Floats
    needs: Floats  # Needs of each lycée, ``float[k, draw]``.


@dataclass(frozen=True, eq=False)
class CostDraws:
    """Cost of some zones in each draw, ``float[draw]``, without the drives of T.I.S."""

    road_hours: Floats  # Driven.
    km: Floats
    half_days: Floats  # Half-days that count beside the road, weighted.
    rupture: Floats  # Half-days in rupture.
    #: Half-days of need without a post, if needs are those of the draw; not in the cost.
    unstaffed: Floats

    def __add__(self, other: "CostDraws") -> "CostDraws":
        return CostDraws(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(self)))


def no_cost(draws: int) -> CostDraws:
    """Return the cost of no zone."""
    return CostDraws(*np.zeros((len(fields(CostDraws)), draws)))


@dataclass(frozen=True, eq=False)
class DrawnZone:
    """Zone that has lycées, its drives, and its random multipliers."""

    case: ZoneCase
    minutes: Roads
    km: Roads
    shocks: Shocks
    settings: Settings

    def cost(self) -> CostDraws:
        """Return the cost in each draw; posts stay as they are, needs vary."""
        rates = np.clip(self.settings.teams.absence_rate * self.shocks.absence, 0.0, 1.0)
        return self._of_activity(self._of_needs(rates), rates)

    def _of_activity(self, drawn: Activity, rate: Figure) -> CostDraws:
        """Return the cost of an activity in each draw."""
        hypotheses, posts = self._hypotheses(rate), np.array([float(self.case.full_posts)])
        activity = replace(drawn, unmet=unmet_needs(self._needs, posts))
        draws = len(self.shocks.visits)
        road, km, half_days = np.zeros((3, draws))
        for item in ITEMS.values():
            part = item.part(activity, hypotheses)
            if part is not None and not item.apart:
                road += self._driven(part, self._drawn_minutes) / 60
                km += self._driven(part, self.km.rounds[:, None])
                half_days += part.half_days * item.weight(self.settings.cost)
        ruptures = np.broadcast_to(np.asarray(activity.service["rupture"]), (draws,))
        unstaffed = np.broadcast_to(drawn.unmet * hypotheses.weeks, (draws,))
        return CostDraws(road, km, half_days, ruptures, unstaffed)

    @property
    def _needs(self) -> Floats:
        return np.array(self.case.needs, float)[:, None]

    def _hypotheses(self, rate: Figure) -> Hypotheses:
        usual = hypotheses_of(self.settings)
        visits = usual.visits_per_month * self.shocks.visits
        return replace(usual, absence_rate=rate, visits_per_month=visits)

    def _of_needs(self, rates: Floats) -> Activity:
        """Return the activity by the closed form, one column per draw."""
        teams = self.settings.teams
        needs = self._needs * self.shocks.needs
        rounds = self._drawn_minutes
        centred = np.full(needs.shape, self.case.centre is not None)
        zones = Zones(
            needs,
            np.where(np.isinf(rounds), UNREACHABLE_MIN, rounds),
            np.full(needs.shape[1], float(self.case.full_posts)),
            centred,
            np.full(needs.shape[1], float(self.case.technicians)),
            teams,
        )
        table = rated_table(teams, rates)
        activity = activity_of(zones, self._hypotheses(rates), table)
        return activity if self.case.centre is not None else replace(activity, tis=None)

    @cached_property
    def _drawn_minutes(self) -> Floats:
        """Minutes there and back between the lycées of each pair, in each draw."""
        return self.minutes.rounds[:, None] * self.shocks.between

    @staticmethod
    def _driven(part: Part, lengths: Floats) -> Floats | float:
        """Return the sum of the trips between lycées, ``float[draw]``."""
        if part.legs is None:
            return 0.0
        driven: Floats = (part.legs * np.where(part.legs > 0, lengths, 0.0)).sum(axis=0)
        return driven

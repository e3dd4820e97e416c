"""Yearly cost of a zone in random draws of both its minutes and its hypotheses."""

from dataclasses import dataclass, replace
from functools import cached_property
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from geozones.cost.activity import Activity, Figure, Hypotheses, Part, hypotheses_of
from geozones.cost.closed_form import Zones, activity_of, full_time_equivalents
from geozones.cost.cover_table import RATES, cover_table, rated_table
from geozones.cost.exact import activity_of_posts
from geozones.cost.item_registry import ITEMS
from geozones.cost.zone_cost import UNREACHABLE_MIN, Roads, ZoneCase, staffed
from geozones.domain import Settings
from geozones.domain.teams import capacity

type Floats = NDArray[np.float64]

#: Standard deviations of the logarithm of hypotheses: eight cases in ten are within a third less
#: and a half more for the absence rate and visits, an eighth for the needs of a lycée. They are
#: hypotheses of this tool.
ABSENCE_SPREAD, VISITS_SPREAD, NEEDS_SPREAD = 0.3, 0.3, 0.1


@dataclass(frozen=True, eq=False)
class Shocks:
    """Random multipliers for one zone's cost items.

    Parameters
    ----------
    between, centre
        Minutes of each pair of lycées, ``float[pair, draw]``, and from the centre to each lycée,
        ``float[k, draw]``.
    absence, visits
        The absence rate and the visits a month, ``float[draw]``: the same for every zone.
    needs
        Needs of each lycée, ``float[k, draw]``.
    """

    between: Floats
    centre: Floats
    absence: Floats
    visits: Floats
    needs: Floats


@dataclass(frozen=True, eq=False)
class CostDraws:
    """Cost of some zones in each draw, ``float[draw]``: hours, km, half-days not served."""

    road_hours: Floats
    km: Floats
    unserved_half_days: Floats

    def __add__(self, other: "CostDraws") -> "CostDraws":
        return CostDraws(
            self.road_hours + other.road_hours,
            self.km + other.km,
            self.unserved_half_days + other.unserved_half_days,
        )


@dataclass(frozen=True, eq=False)
class DrawnZone:
    """Zone that has lycées, its drives, and its random multipliers."""

    case: ZoneCase
    minutes: Roads
    km: Roads
    shocks: Shocks
    settings: Settings

    def cost(self) -> CostDraws:
        """Return the cost in each draw; for posts, interpolated between a few absence rates."""
        usual = self.settings.teams.absence_rate
        rates = np.clip(usual * self.shocks.absence, 0.0, 1.0)
        if not self.case.posts:
            return self._of_activity(self._of_needs(rates), rates)
        nodes = np.unique(np.clip(usual * np.array(RATES), 0.0, 1.0))
        found = [self._of_activity(self._of_posts(float(node)), float(node)) for node in nodes]
        return CostDraws(
            _interpolated(rates, nodes, [entry.road_hours for entry in found]),
            _interpolated(rates, nodes, [entry.km for entry in found]),
            _interpolated(rates, nodes, [entry.unserved_half_days for entry in found]),
        )

    def _of_activity(self, activity: Activity, rate: Figure) -> CostDraws:
        """Return the cost of an activity in each draw."""
        hypotheses = self._hypotheses(rate)
        parts = [item.part(activity, hypotheses) for item in ITEMS.values()]
        draws = len(self.shocks.visits)
        road, km, unserved = np.zeros((3, draws))
        for part in parts:
            if part is not None:
                road += self._driven(part, self._drawn_minutes, self._drawn_centre) / 60
                km += self._driven(part, self._km, self.km.centre[:, None])
                unserved += part.unserved
        return CostDraws(road, km, unserved)

    def _hypotheses(self, rate: Figure) -> Hypotheses:
        usual = hypotheses_of(self.settings)
        visits = usual.visits_per_month * self.shocks.visits
        return replace(usual, absence_rate=rate, visits_per_month=visits)

    def _of_posts(self, rate: float) -> Activity:
        """Return the activity of the posts; legs are one way, with an additional axis for draws."""
        teams, case = self.settings.teams, self.case
        table = cover_table(rate, teams.absence_days, teams.monthly_cap)
        zone = staffed(case, self.minutes, self.settings)
        usual = replace(hypotheses_of(self.settings), absence_rate=rate)
        activity = activity_of_posts(zone, usual, table)
        # free half-days first meet the needs above the expected needs
        free = sum(capacity(post.share) for post in case.posts) - sum(zone.given.values())
        more = (np.array(case.needs)[:, None] * (self.shocks.needs - 1)).sum(axis=0)
        return replace(
            activity,
            week=activity.week[..., None],
            visits=activity.visits[..., None],
            covers=activity.covers[..., None],
            tis=None if activity.tis is None else activity.tis[:, None],
            tis_covers=np.asarray(activity.tis_covers)[:, None],
            unmet=np.maximum(activity.unmet + more - max(free, 0), 0.0),
        )

    def _of_needs(self, rates: Floats) -> Activity:
        """Return the activity by the closed form, one column per draw: posts follow the needs."""
        teams = self.settings.teams
        needs = np.array(self.case.needs, float)[:, None] * self.shocks.needs
        rounds = self._drawn_minutes
        centred = np.full(needs.shape, self.case.centre is not None)
        zones = Zones(
            needs,
            np.where(np.isinf(rounds), UNREACHABLE_MIN, rounds),
            full_time_equivalents(needs),
            centred,
            teams,
        )
        table = rated_table(teams, rates)
        activity = activity_of(zones, self._hypotheses(rates), table)
        return activity if self.case.centre is not None else replace(activity, tis=None)

    @cached_property
    def _drawn_minutes(self) -> Floats:
        """Minutes between lycées, by leg, in each draw."""
        if not self.case.posts:
            return self.minutes.rounds[:, None] * self.shocks.between
        size = len(self.case.lycees)
        factors = np.ones((size, size, len(self.shocks.visits)))
        for row, (i, j) in enumerate(combinations(range(size), 2)):
            factors[i, j] = factors[j, i] = self.shocks.between[row]
        return self.minutes.between[..., None] * factors

    @cached_property
    def _drawn_centre(self) -> Floats:
        return self.minutes.centre[:, None] * self.shocks.centre

    @property
    def _km(self) -> Floats:
        roads = self.km.between if self.case.posts else self.km.rounds
        return roads[..., None]

    @staticmethod
    def _driven(part: Part, between: Floats, centre: Floats) -> Floats:
        total = np.zeros(())
        for legs, lengths in ((part.legs, between), (part.centre_legs, centre)):
            if legs is not None:
                driven = legs * np.where(legs > 0, lengths, 0.0)
                total = total + driven.reshape(-1, driven.shape[-1]).sum(axis=0)
        return total


def _interpolated(rates: Floats, nodes: Floats, values: list[Floats]) -> Floats:
    """Interpolate values known at some rates, ``float[draw]`` each, at the rate of each draw."""
    table, draws = np.stack(values), np.arange(len(rates))
    if len(nodes) == 1:
        return values[0]
    right = np.clip(np.searchsorted(nodes, rates), 1, len(nodes) - 1)
    part = np.clip((rates - nodes[right - 1]) / (nodes[right] - nodes[right - 1]), 0.0, 1.0)
    below, above = table[right - 1, draws], table[right, draws]
    cut = np.isinf(below) | np.isinf(above)
    with np.errstate(invalid="ignore"):
        return np.where(cut, np.inf, below * (1 - part) + above * part)

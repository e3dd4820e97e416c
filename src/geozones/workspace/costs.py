"""What plans cost in a year, computed once for each zone and its posts."""

from collections.abc import Callable, Iterable
from functools import lru_cache, partial

from geozones.cost import ITEMS, HoursModel
from geozones.cost.zone_cost import ZoneCase, zone_cost
from geozones.domain import Plan, Settings, TravelTimes
from geozones.domain.teams import Teams
from geozones.domain.yearly_cost import YearlyCost, sum_costs
from geozones.workspace.territory import Territory

__all__ = ["ITEMS", "Costs", "hypotheses_json"]

_MEMORY = 4096
#: Settings that turn items into totals, euros and emissions.
_RATES = ("half_day_minutes", "lost_hour", "euros_per_km", "kg_co2_per_km")


class Costs:
    """Yearly costs over one territory, one matrix and one set of hypotheses.

    ``times`` are drives between lycées under the traffic of the analysis.
    """

    def __init__(self, territory: Territory, times: TravelTimes, settings: Settings) -> None:
        self._territory, self._times, self._settings = territory, times, settings
        self._cost = lru_cache(maxsize=_MEMORY)(partial(zone_cost, times=times, settings=settings))

    def of(self, teams: Teams) -> Callable[[Plan, str], YearlyCost]:
        """Return a function from a plan and a zone (id) to its cost, as `Evaluator` takes it."""
        return lambda plan, zone: self.zone(plan, teams, zone)

    def zone(self, plan: Plan, teams: Teams, zone: str) -> YearlyCost:
        """Return what a zone (id) costs: from its posts where it has some."""
        return self._cost(self._case(plan, teams, zone))

    def zones(self, plan: Plan, teams: Teams, zones: Iterable[str]) -> YearlyCost:
        """Return what some zones (ids) cost together."""
        costs = (self.zone(plan, teams, zone) for zone in zones)
        return sum_costs(costs, self._settings)

    def model(self, plan: Plan, teams: Teams) -> HoursModel:
        """Return the hours of any zone of these lycées, from the closed form.

        The support centre of a lycée is that of its sector in the plan.
        """
        lycees = self._territory.lycees
        centres = {
            lycee: sector.support_centre
            for sector in plan.sectors
            for lycee in plan.lycees_of(sector.id)
        }
        needs = {key: teams.need(lycee).half_days for key, lycee in lycees.items()}
        return HoursModel(needs, self._times, centres, self._settings)

    def _case(self, plan: Plan, teams: Teams, zone: str) -> ZoneCase:
        lycees = self._territory.lycees
        members = tuple(sorted(plan.members(zone)))
        needs = tuple(teams.need(lycees[key]).half_days for key in members)
        centre = plan.sector(plan.zone(zone).sector).support_centre
        return ZoneCase(members, needs, teams.of_zone(zone), centre)


def hypotheses_json(settings: Settings) -> dict[str, float | bool]:
    """Return every hypothesis that a yearly cost depends on, by the name of its setting."""
    names = [*(name for item in ITEMS.values() for name in item.hypotheses), *_RATES]
    owners = (settings.cost, settings.teams)
    return {
        name: next(getattr(owner, name) for owner in owners if hasattr(owner, name))
        for name in dict.fromkeys(names)
    }

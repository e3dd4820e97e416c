"""Yearly costs and covers of absences of plans, cached for each zone and its posts."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache, partial
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geozones.common.errors import InputError
from geozones.common.french import number
from geozones.cost import ITEMS, HoursModel
from geozones.cost.closed_form import whole_posts
from geozones.cost.hours_model import (
    ABSENCE_SPREAD,
    NEEDS_SPREAD,
    VISITS_SPREAD,
    CostDraws,
    DrawnHours,
    DrawnZone,
    HypothesisDraws,
    Shocks,
    no_cost,
)
from geozones.cost.items import Item
from geozones.cost.zone_cost import ZoneCase, grid_cost, roads_of, zone_cost
from geozones.domain import Plan, Settings, TravelTimes
from geozones.domain.settings import HYPOTHESIS_BOUNDS, TeamSettings
from geozones.domain.teams import Cover, Teams
from geozones.domain.terms import has_organisation
from geozones.domain.yearly_cost import METHOD, CostInterval, ItemCost, YearlyCost, sum_costs
from geozones.metrics.drive_draws import DrawnMinutes, normal
from geozones.teams.zone_cover import ZoneTeam, cover_of
from geozones.workspace.folder.calendar import technicians_by_sector
from geozones.workspace.folder.territory import Territory

__all__ = [
    "ITEMS",
    "Costs",
    "Item",
    "cost_figures",
    "cost_json",
    "hypotheses_json",
    "item_label",
    "kilometres",
    "with_hypotheses",
]

_MEMORY = 4096
#: Draws of an interval: enough to know its bounds within 2 points.
DRAWS = 500
#: Settings that convert items into totals, euros and emissions.
_RATES = ("half_day_minutes", "absence_weight", "euros_per_km", "euros_per_post", "kg_co2_per_km")


class Costs:
    """Yearly costs over one territory, one matrix and one set of hypotheses.

    ``times`` are drives between lycées.
    """

    def __init__(self, territory: Territory, times: TravelTimes, settings: Settings) -> None:
        self._territory, self._times, self._settings = territory, times, settings
        self._cost = lru_cache(maxsize=_MEMORY)(partial(zone_cost, times=times, settings=settings))
        self._grid = lru_cache(maxsize=_MEMORY)(partial(grid_cost, times=times, settings=settings))
        self._drawn = lru_cache(maxsize=_MEMORY)(self._draw)

    def of(self, teams: Teams) -> Callable[[Plan, str], YearlyCost]:
        """Return a function from a plan and a zone (id) to its cost, as `Evaluator` takes it."""
        return lambda plan, zone_id: self.zone(plan, teams, zone_id)

    def zone(self, plan: Plan, teams: Teams, zone_id: str) -> YearlyCost:
        """Return the cost of a zone (id), in closed form."""
        return self._cost(self._case(plan, teams, zone_id))

    def posts(self, plan: Plan, teams: Teams, zone_id: str) -> int:
        """Return the whole posts of a zone (id), as its cost has them; 0 without lycées."""
        return self._case(plan, teams, zone_id).full_posts if plan.members(zone_id) else 0

    def grids(self, plan: Plan, teams: Teams, zones: Iterable[str]) -> YearlyCost | None:
        """Return the cost of some zones (ids) from the grids of their posts.

        ``None`` if a zone with lycées has no post, or a post for a lycée that has left it.
        """
        cases = [case for zone_id in zones if (case := self._case(plan, teams, zone_id)).lycees]
        if not all(case.posts for case in cases):
            return None
        return sum_costs((self._grid(case) for case in cases), self._settings)

    def zones(self, plan: Plan, teams: Teams, zones: Iterable[str]) -> YearlyCost:
        """Return the total cost of some zones (ids)."""
        costs = (self.zone(plan, teams, zone_id) for zone_id in zones)
        return sum_costs(costs, self._settings)

    def interval(self, plan: Plan, teams: Teams, zones: Iterable[str]) -> CostInterval:
        """Return the interval of the cost of some zones (ids), over minutes and hypotheses.

        It uses `DRAWS` draws, the same for the same data: minutes within their error, the absence
        rate, visits a month and needs of each lycée as in `geozones.cost.hours_model`.
        """
        cases = [self._case(plan, teams, zone_id) for zone_id in zones]
        total = sum((self._drawn(case) for case in cases if case.lycees), no_cost(DRAWS))
        cost, hours = self._settings.cost, self._settings.teams.half_day_minutes / 60
        figures = (
            total.road_hours,
            hours * total.unattended,
            total.road_hours + hours * total.half_days,
            total.km,
            total.km * cost.euros_per_km,
            total.km * cost.kg_co2_per_km,
            hours * total.unstaffed,
        )
        return CostInterval(*(_eight_in_ten(figure) for figure in figures))

    def posts_range(self, plan: Plan, teams: Teams, zones: Iterable[str]) -> tuple[int, int]:
        """Return between how many whole posts some zones (ids) need in eight draws in ten.

        Needs are drawn as in `interval`; posts that are defined do not vary.
        """
        total = np.zeros(DRAWS)
        for case in (self._case(plan, teams, zone_id) for zone_id in zones):
            if case.posts or not case.lycees:
                total += case.full_posts if case.lycees else 0
                continue
            factors = np.stack([_need_factors(key, DRAWS) for key in case.lycees])
            total += whole_posts(np.array(case.needs, float)[:, None] * factors)
        low, high = _eight_in_ten(total)
        return round(low), round(high)

    def _draw(self, case: ZoneCase) -> CostDraws:
        minutes, km = (
            roads_of(case, self._times, table) for table in (self._times.minutes, self._times.km)
        )
        drawn = self._hypotheses(case.lycees, (), self._minutes)
        shocks = Shocks(
            self._minutes.factors(list(combinations(case.lycees, 2))),
            drawn.absence,
            drawn.visits,
            np.stack([drawn.needs[key] for key in case.lycees]),
        )
        return DrawnZone(case, minutes, km, shocks, self._settings).cost()

    def drawn(self, model: HoursModel, minutes: DrawnMinutes) -> DrawnHours:
        """Return the hours of a model in the draws of the intervals, as many as ``minutes`` has."""
        centres = set(model.centres.values())
        return DrawnHours(model, self._hypotheses(tuple(model.needs), centres, minutes))

    @staticmethod
    def _hypotheses(
        lycees: tuple[str, ...], centres: Iterable[str | None], minutes: DrawnMinutes
    ) -> HypothesisDraws:
        ways = [
            (centre, key)
            for centre in sorted(entry for entry in centres if entry is not None)
            for key in lycees
            if key != centre
        ]
        count = minutes.draws
        return HypothesisDraws(
            np.exp(ABSENCE_SPREAD * normal("taux d'absence", count)),
            np.exp(VISITS_SPREAD * normal("visites par mois", count)),
            {key: _need_factors(key, count) for key in lycees},
            dict(zip(ways, minutes.factors(ways), strict=True)),
        )

    @cached_property
    def _minutes(self) -> DrawnMinutes:
        towns = {key: lycee.insee or key for key, lycee in self._territory.lycees.items()}
        return DrawnMinutes(self._times, towns, DRAWS)

    def model(self, plan: Plan, teams: Teams) -> HoursModel:
        """Return the closed-form model of the hours of any zone of these lycées.

        The support centre of a lycée is the one of its sector in the plan.
        """
        lycees = self._territory.lycees
        needs = {key: teams.need(lycee_id).half_days for key, lycee_id in lycees.items()}
        zones = (zone.id for zone in plan.zones if teams.of_zone(zone.id))
        cases = [self._case(plan, teams, zone_id) for zone_id in zones]
        staffed = {
            case.lycees: case.full_posts
            for case in cases
            if case.posts and case.full_posts != replace(case, posts=()).full_posts
        }
        # how many T.I.S. may replace in the sector of each lycée; empty if none does
        if not self._settings.teams.tis_replaces:
            technicians = {}
        else:
            by_sector = technicians_by_sector(plan, self._territory.atlas.calendar)
            technicians = {key: by_sector[plan.sector_of(key).id] for key in plan.lycees}
        return HoursModel(
            needs,
            self._times,
            centres_of(plan),
            self._settings,
            staffed=staffed,
            technicians=technicians,
        )

    def _case(self, plan: Plan, teams: Teams, zone_id: str) -> ZoneCase:
        lycees = self._territory.lycees
        members = tuple(sorted(plan.members(zone_id)))
        needs = tuple(teams.need(lycees[key]).half_days for key in members)
        sector = plan.sector(plan.zone(zone_id).sector)
        technicians = 0
        if self._settings.teams.tis_replaces and sector.support_centre is not None:
            technicians = technicians_by_sector(plan, self._territory.atlas.calendar)[sector.id]
        posts = teams.of_zone(zone_id)
        if any(lycee_id not in members for post in posts for lycee_id in post.lycees):
            posts = ()  # a post serves a lycée that has left the zone: it counts no more
        return ZoneCase(members, needs, posts, sector.support_centre, technicians)


def centres_of(plan: Plan) -> dict[str, str | None]:
    """Return the support centre (a lycée id) of each lycée's sector in a plan."""
    return {
        lycee: sector.support_centre
        for sector in plan.sectors
        for lycee in plan.lycees_of(sector.id)
    }


@lru_cache(maxsize=8192)
def _need_factors(lycee_id: str, count: int) -> NDArray[np.float64]:
    """Return the random multipliers of the need of a lycée, ``float[draw]``: always the same."""
    factors: NDArray[np.float64] = np.exp(NEEDS_SPREAD * normal(f"besoin {lycee_id}", count))
    return factors


def _eight_in_ten(figure: NDArray[np.float64]) -> tuple[float, float]:
    low, high = np.quantile(figure, (0.1, 0.9), method="inverted_cdf")
    return float(low), float(high)


def shown_items() -> dict[str, Item]:
    """Return the items by key; without those of T.I.S. where the territory has no organisation."""
    return {key: item for key, item in ITEMS.items() if has_organisation() or key != "tis"}


def item_label(key: str) -> str:
    """Return the label of an item (key), with a note if no total counts it."""
    item = ITEMS[key]
    return f"{item.label} (hors du coût)" if item.apart else item.label


def kilometres(cost: YearlyCost, whole: YearlyCost) -> dict[str, float | None]:
    """Return the kilometres of a year by item (key), ``None`` where they are unknown.

    ``cost`` is a part of ``whole``, or all of it: items without a drive in the whole are left out.
    """
    return {key: cost.km_of(key) for key in shown_items() if whole.km_of(key) != 0}


def with_hypotheses(settings: Settings, given: Mapping[str, float]) -> Settings:
    """Return settings with other values of some hypotheses, by name."""
    teams, cost = settings.teams, settings.cost
    for name, value in given.items():
        owner = teams if hasattr(teams, name) else cost
        usual = getattr(owner, name, None)
        low, high = HYPOTHESIS_BOUNDS.get(name, (0, 1))
        if usual is None:
            known = ", ".join(hypotheses_json(settings))
            raise InputError(f"« {name[:40]} » n'est pas une hypothèse : choisissez parmi {known}.")
        if not low <= value <= high or (isinstance(usual, int) and value != int(value)):
            kind = "un entier" if isinstance(usual, int) else "un nombre"
            msg = f"L'hypothèse {name} est {kind} entre {number(low, 1)} et {number(high, 1)}."
            raise InputError(msg.replace(",0", ""))
        field = {name: type(usual)(value)}
        if owner is teams:
            teams = replace(teams, **field)
        else:
            cost = replace(cost, **field)
    return replace(settings, teams=teams, cost=cost)


def hypotheses_json(settings: Settings) -> dict[str, float | bool]:
    """Return every hypothesis of the yearly cost, by the name of its setting."""
    names = [*(name for item in ITEMS.values() for name in item.hypotheses), *_RATES]
    owners = (settings.cost, settings.teams)
    return {
        name: next(getattr(owner, name) for owner in owners if hasattr(owner, name))
        for name in dict.fromkeys(names)
    }


def cost_json(cost: YearlyCost) -> dict[str, Any]:
    """Return a yearly cost as ``geozones cost`` gives it: its figures, method, posts and items."""
    return {
        **cost_figures(cost),
        "method": METHOD,
        "posts": cost.posts,
        "posts_euros": cost.posts_euros,
        "full_time_equivalents": cost.full_time_equivalents,
        "posts_defined": cost.defined,
        "lycees": cost.lycees,
        "unknown": dict(cost.unknown),
        "items": {
            key: _item_json(cost, cost.items.get(key))
            for key in shown_items()
            if key in cost.items or key in cost.unknown
        },
    }


def cost_figures(cost: YearlyCost) -> dict[str, float | None]:
    """Return the figures of a yearly cost, in hours, km, euros and kg, by name."""
    return {
        "road_hours": cost.road_hours,
        "unstaffed_hours": cost.unstaffed_hours,
        "total_hours": cost.total_hours,
        "unattended_hours": cost.unattended_hours,
        "absorbed_share": cost.absorbed_share,
        "reduced_hours": cost.reduced_hours,
        "displaced_hours": cost.displaced_hours,
        "tis_hours": cost.tis_hours,
        "km": cost.km,
        "euros": cost.euros,
        "kg_co2": cost.kg_co2,
    }


def _item_json(cost: YearlyCost, item: ItemCost | None) -> dict[str, float | None]:
    if item is None:
        return {"road_hours": None, "km": None, "hours": None}
    return {"road_hours": item.road_hours, "km": item.km, "hours": cost.hours(item.half_days)}


_COVERS_MEMORY = 4096


class Covers:
    """Covers over one territory, one matrix and one set of hypotheses; cached by zone.

    ``times`` are minutes between lycées.
    """

    def __init__(self, territory: Territory, times: TravelTimes, settings: TeamSettings) -> None:
        self._territory, self._times, self._settings = territory, times, settings
        self._cover = lru_cache(maxsize=_COVERS_MEMORY)(lambda key: cover_of(key.team))

    def of(self, teams: Teams) -> Callable[[Plan, str], Cover | None] | None:
        """Return a function from a plan and a zone (id) to its cover, as `Evaluator` takes it.

        Return ``None`` if there are no posts at all.
        """
        if not teams.posts:
            return None
        return lambda plan, zone: self.cover(plan, teams, zone)

    def team(self, plan: Plan, teams: Teams, zone_id: str) -> ZoneTeam:
        """Return the team of a zone (id), with the T.I.S. that the team can call."""
        sector = plan.sector(plan.zone(zone_id).sector)
        technicians = 0
        if self._settings.tis_replaces and sector.support_centre is not None:
            technicians = technicians_by_sector(plan, self._territory.atlas.calendar)[sector.id]
        return ZoneTeam(
            members=plan.members(zone_id),
            posts=teams.of_zone(zone_id),
            times=self._times,
            settings=self._settings,
            centre=sector.support_centre,
            technicians=technicians,
            needs=self.needs(plan, teams, zone_id),
        )

    def needs(self, plan: Plan, teams: Teams, zone_id: str) -> dict[str, int]:
        """Return the half-days a week that each lycée (id) of a zone needs."""
        lycees = self._territory.lycees
        return {key: teams.need(lycees[key]).half_days for key in plan.members(zone_id)}

    def cover(self, plan: Plan, teams: Teams, zone_id: str) -> Cover | None:
        """Return who covers whom in a zone (id); ``None`` if the zone has no post."""
        if not teams.of_zone(zone_id):
            return None
        return self._cover(_CoverKey(self.team(plan, teams, zone_id)))


@dataclass(frozen=True)
class _CoverKey:
    """Cache key of a cover; its drives and settings are the same for the whole `Covers`."""

    team: ZoneTeam

    @cached_property
    def _parts(self) -> tuple[object, ...]:
        team = self.team
        people = (team.members, team.posts, tuple(team.needs.items()))
        return (team.centre, team.technicians, *people)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _CoverKey) and self._parts == other._parts

    def __hash__(self) -> int:
        """Hash by content."""
        return hash(self._parts)

"""A scenario on its territory, which every page and command receives; its estimated figures."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import combinations
from pathlib import Path
from typing import Any

from geozones.domain import DecisionStatus, Plan, Settings, TravelTimes
from geozones.domain.decisions import (
    Decisions,
    Locks,
    changed_zones,
    decisions_of,
    sector_status,
    zone_status,
)
from geozones.domain.events import State
from geozones.domain.field_journal import AdoptedHypotheses
from geozones.domain.publications import KeptFigures
from geozones.domain.settings import CostSettings, TeamSettings
from geozones.domain.teams import Teams
from geozones.domain.yearly_cost import CostInterval, YearlyCost
from geozones.jobs.pickling import WithoutCaches
from geozones.metrics import BREACHES, REGISTRY, Evaluator, Metric, Values
from geozones.rules import (
    RuleContext,
    Verdict,
    Violation,
    check,
    check_zones,
    may_move_all,
)
from geozones.workspace.figures.analysis import Analysis, Ranking, analysis_of
from geozones.workspace.folder.atlas import Atlas, open_atlas
from geozones.workspace.folder.territory import Territory, territory_of


@dataclass(frozen=True, eq=False)
class Study(WithoutCaches):
    """State of a scenario (plan, locks, colours, posts…), and every figure of that state.

    `study_of` gives the territory the locations of the state. ``retained`` tells whether the
    scenario was retained in this state. ``kept`` are the figures kept with a publication or a
    frozen version: another plan or other posts drop them, other hypotheses have them computed anew.
    """

    analysis: Analysis
    state: State
    retained: bool = False
    kept: KeptFigures | None = None

    @property
    def territory(self) -> Territory:
        """Lycées, locations and shapes, the scenario's own included."""
        return self.analysis.territory

    @property
    def atlas(self) -> Atlas:
        """The opened data folder."""
        return self.analysis.territory.atlas

    @property
    def times(self) -> TravelTimes:
        """Drives between lycées, in minutes."""
        return self.analysis.times

    @property
    def settings(self) -> Settings:
        """Thresholds, weights, hypotheses about teams."""
        return self.analysis.settings

    @cached_property
    def plan(self) -> Plan:
        """The plan of the state, each zone with the name that it shows."""
        return self.territory.named(self.state.plan)

    @property
    def locks(self) -> Locks:
        """The locks: what the scenario does not let move."""
        return self.state.locks

    @property
    def teams(self) -> Teams:
        """Needs and posts."""
        return self.state.teams

    @property
    def reference(self) -> Plan:
        """The base: the plan that everything said of this one is compared with."""
        return self.analysis.reference

    @cached_property
    def zone_numbers(self) -> Mapping[str, int]:
        """The number of each zone (id), the same on every map and in every file.

        Zones of the folder's plan have its order, then come new zones: of the base, of the plan. A
        zone that is gone leaves its number to no other.
        """
        plans = (self.atlas.plan, self.reference, self.plan)
        zones = dict.fromkeys(zone.id for plan in plans for zone in plan.zones)
        return {zone_id: rank for rank, zone_id in enumerate(zones, 1)}

    @cached_property
    def decisions(self) -> Decisions:
        """Status of each zone and sector, and changes since the base."""
        baseline = self.analysis.baseline.plan
        return decisions_of(self.plan, baseline, retained=self.retained)

    def status(self, *, sector_id: str | None = None, zone_id: str | None = None) -> DecisionStatus:
        """Return the status of a zone (id), or of a sector, without the others' (`decisions`)."""
        plan, baseline = self.plan, self.analysis.baseline.plan
        if zone_id is not None:
            return zone_status(plan, baseline, zone_id, retained=self.retained)
        return sector_status(plan, baseline, sector_id or "", retained=self.retained)

    @cached_property
    def moved(self) -> tuple[str, ...]:
        """The lycées (ids) that change zone: the count of a scenario's changes, everywhere."""
        return tuple(lycee for lycee, _, _ in self.plan.moves_from(self.reference))

    def changed_from(self, plan: Plan | None = None) -> frozenset[str]:
        """Return the zones (ids) that differ from another plan, by default the base."""
        if plan is None:
            return self.decisions.changed_zones
        return changed_zones(self.plan, plan)

    def name(self, lycee_id: str) -> str:
        """Return the name of a lycée (id) in a sentence."""
        return self.territory.name(lycee_id)

    def with_plan(self, plan: Plan) -> "Study":
        """Return the same scenario with another plan, which is not retained."""
        if plan == self.plan:
            return self
        return replace(self, state=replace(self.state, plan=plan), retained=False, kept=None)

    def with_teams(self, teams: Teams) -> "Study":
        """Return the same scenario with other needs and posts."""
        if teams == self.teams:
            return self
        return replace(self, state=replace(self.state, teams=teams), kept=None)

    def with_kept(self, kept: KeptFigures | None) -> "Study":
        """Return the same plan with figures kept with it, or without."""
        return self if kept == self.kept else replace(self, kept=kept)

    def recomputed(self) -> "Study":
        """Return the same plan with its figures computed today, marked so if some were kept."""
        return self if self.kept is None else self.with_kept(self.kept.recomputed_today())

    def with_team_settings(self, teams: TeamSettings) -> "Study":
        """Return the same scenario with other hypotheses about teams."""
        if teams == self.settings.teams:
            return self
        return replace(self.recomputed(), analysis=self.analysis.with_team_settings(teams))

    def with_cost_settings(self, cost: CostSettings) -> "Study":
        """Return the same scenario with other hypotheses about the yearly cost."""
        if cost == self.settings.cost:
            return self
        return replace(self.recomputed(), analysis=self.analysis.with_cost_settings(cost))

    def without_tool_rules(self) -> "Study":
        """Return the same scenario, checked without the tool's rules."""
        return replace(self.recomputed(), analysis=self.analysis.without_tool_rules())

    @cached_property
    def evaluator(self) -> Evaluator:
        """Metrics of needs and costs, and of posts if there are posts."""
        analysis, teams, lycees = self.analysis, self.teams, self.territory.lycees
        evaluator = analysis.evaluator.with_covers(analysis.covers.of(teams))
        return evaluator.with_costs(analysis.costs.of(teams)).with_workloads(
            lambda members: teams.workload(lycees[key] for key in members)
        )

    def cost(self, *, sector_id: str | None = None, zone_id: str | None = None) -> YearlyCost:
        """Return the yearly cost of the narrowest given of zone, sector (ids), region."""
        if sector_id is None and zone_id is None:
            return self._whole_cost
        zones = self._zones(sector_id, zone_id)
        return self.analysis.costs.zones(self.plan, self.teams, zones)

    @cached_property
    def _whole_cost(self) -> YearlyCost:
        """The region's cost, cached: shown beside each zone's cost."""
        return self.analysis.costs.zones(self.plan, self.teams, self._zones(None, None))

    def grid_cost(self, zones: Iterable[str]) -> YearlyCost | None:
        """Return the yearly cost of zones (ids) from the grids of posts; see `Costs.grids`."""
        return self.analysis.costs.grids(self.plan, self.teams, zones)

    def cost_interval(
        self, *, sector_id: str | None = None, zone_id: str | None = None
    ) -> CostInterval:
        """Return the interval of the yearly cost over minutes and hypotheses; see `cost`."""
        zones = self._zones(sector_id, zone_id)
        return self.analysis.costs.interval(self.plan, self.teams, zones)

    def posts_range(
        self, *, sector_id: str | None = None, zone_id: str | None = None
    ) -> tuple[int, int]:
        """Return between how many posts an area needs if needs vary; see `Costs.posts_range`."""
        zones = self._zones(sector_id, zone_id)
        return self.analysis.costs.posts_range(self.plan, self.teams, zones)

    def _zones(self, sector_id: str | None, zone_id: str | None) -> list[str]:
        """Return the zones (ids) of the narrowest given of zone, sector, region."""
        if zone_id is not None:
            return [zone_id]
        zones = self.plan.zones if sector_id is None else self.plan.zones_of(sector_id)
        return [entry.id for entry in zones]

    @cached_property
    def ranking(self) -> Ranking:
        """Ranking criteria of moves and of similar plans: the hours that they cost a year."""
        return self.analysis.rankings.of(self.plan, self.teams)

    @cached_property
    def context(self) -> RuleContext:
        """Context of the rules, posts included."""
        return replace(self.analysis.context, teams=self.teams)

    def check(self, zones: Iterable[str] | None = None) -> tuple[Violation, ...]:
        """Return the breaches of the plan, or of some of its zones (ids), information included."""
        if zones is None:
            return check(self.plan, self.context)
        return check_zones(self.plan, zones, self.context)

    def alerts(self, zones: Iterable[str] | None = None) -> tuple[Violation, ...]:
        """Return the breaches above the level of information; arguments as `check`."""
        return tuple(breach for breach in self.check(zones) if breach.is_alert)

    def may_move_all(self, moves: Mapping[str, str]) -> Verdict:
        """Return whether moves made at once are allowed under the scenario's locks."""
        return may_move_all(self.plan, moves, self.context, self.locks)

    def area(self, sector_id: str | None = None, zone_id: str | None = None) -> Values:
        """Return the metrics of the narrowest given of zone, sector (ids), region.

        Figures kept with the plan stand for those of today.
        """
        if zone_id is not None:
            values = self._zone(zone_id)
        elif sector_id is not None:
            values = self.evaluator.sector(self.plan, sector_id)
        else:
            values = self.evaluator.region(self.plan)
        kept = self.kept_metrics(sector_id, zone_id)
        return {**values, **{key: kept[key] for key in kept if key in values}} if kept else values

    def kept_metrics(self, sector_id: str | None = None, zone_id: str | None = None) -> Values:
        """Return the metrics kept with the plan, with its counted points; empty without any."""
        return {} if self.kept is None else dict(self.kept.metrics(sector_id, zone_id))

    def releve(self, lycee_id: str) -> tuple[str, float] | None:
        """Return who would cover a lycée (id), and their drive in minutes; ``None`` for nobody."""
        releves = self._zone(self.plan.zone_of(lycee_id).id)["releves"]
        return releves.get(lycee_id) if isinstance(releves, dict) else None

    @cached_property
    def _zone_values(self) -> dict[str, Values]:
        """Cache of the metrics of zones (ids): a map asks for a zone at each of its lycées."""
        return {}

    def _zone(self, zone_id: str) -> Values:
        if zone_id not in self._zone_values:
            self._zone_values[zone_id] = self.evaluator.zone(self.plan, zone_id)
        return self._zone_values[zone_id]

    def metrics_json(self) -> dict[str, Any]:
        """Return the metrics of the region, the sectors and the zones, with counts of breaches."""
        plan = self.plan
        alerts = self.alerts()
        breaches = Counter(breach.zone for breach in alerts)
        by_sector = Counter(breach.sector_in(plan) for breach in alerts)

        def of_area(count: int, **area: str) -> dict[str, Any]:
            kept = self.kept_metrics(**area)
            return {**self.area(**area), BREACHES.key: kept.get(BREACHES.key, count)}

        return {
            "region": of_area(len(alerts)),
            "sectors": {
                sector.id: of_area(by_sector[sector.id], sector_id=sector.id)
                for sector in plan.sectors
            },
            "zones": {zone.id: of_area(breaches[zone.id], zone_id=zone.id) for zone in plan.zones},
        }

    def plan_json(self) -> dict[str, Any]:
        """Return the plan, its statuses and needed locations, as ``geozones plan`` does."""
        return self.atlas.plan_json(self.plan, self.state.places, self.decisions)


def study_of(
    analysis: Analysis,
    state: State | None = None,
    *,
    retained: bool = False,
    kept: KeptFigures | None = None,
) -> Study:
    """Return a scenario's state under the hypotheses of an analysis, by default the shipped plan.

    ``retained`` tells whether the scenario was retained in this state. ``kept`` are the figures of
    a decided plan, computed anew if the user asks for other hypotheses or another moment.
    """
    if state is None:
        return Study(analysis, State(analysis.territory.plan, places=analysis.territory.overrides))
    study = Study(analysis.relocated(state.places).adopting(state.adopted), state, retained, kept)
    return study if analysis.is_usual else study.recomputed()


def baseline_study(analysis: Analysis, adopted: AdoptedHypotheses | None = None) -> Study:
    """Return the baseline, with its own locations and no posts, under hypotheses of an analysis.

    ``adopted`` are those of the scenario that is compared with it.
    """
    held = analysis.baseline
    state = State(held.plan, places=held.places, adopted=adopted or AdoptedHypotheses())
    return study_of(analysis, state, kept=held.figures)


def open_study(folder: Path | None = None) -> Study:
    """Open a data folder, by default the configured one, and return its shipped plan."""
    return study_of(analysis_of(territory_of(open_atlas(folder))))


def estimated_pairs(study: Study, zones: Sequence[str]) -> tuple[int, int]:
    """Count the estimated pairs of colleagues of some zones (ids), and all their pairs."""
    times = study.times
    pairs = [pair for zone_id in zones for pair in combinations(study.plan.members(zone_id), 2)]
    return sum(times.is_estimated(a, b) or times.is_estimated(b, a) for a, b in pairs), len(pairs)


def is_estimated(study: Study, record: Metric, values: Values, zones: Sequence[str]) -> bool:
    """Return whether a figure of some zones (ids) is in minutes and uses an estimated drive."""
    if record.unit != "min" or record.needs_posts:
        return False
    pair = _drive_of(record, values)
    if pair is not None:
        return study.times.is_estimated(*pair) or study.times.is_estimated(*reversed(pair))
    return estimated_pairs(study, zones)[0] > 0


def guessed_keys(study: Study, values: Values, zones: Sequence[str]) -> frozenset[str]:
    """Return the keys of the metrics of some zones (ids) that use an estimated drive."""
    return frozenset(
        key
        for key, record in REGISTRY.items()
        if key in values and is_estimated(study, record, values, zones)
    )


def written_in_full(study: Study, record: Metric, values: Values, zones: Sequence[str]) -> str:
    """Format a figure of some zones (ids) to the unit, with a mark if it is estimated."""
    value = record.write(values[record.key], 0)
    if not is_estimated(study, record, values, zones):
        return value
    mark = study.times.estimate_mark if _drive_of(record, values) is None else "estimé"
    return f"{value} ({mark})"


def _drive_of(record: Metric, values: Values) -> tuple[str, str] | None:
    """Return the lycées of the drive of a figure; ``None`` for a figure of several drives."""
    pair = values[record.lycees] if record.lycees else None
    return pair if isinstance(pair, tuple) and len(pair) == 2 else None

"""A territory under hypotheses: metrics, rules, yearly cost and ranking of any plan."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any, SupportsIndex

import numpy as np
from numpy.typing import NDArray

from geozones.common.clock import now
from geozones.common.errors import InputError
from geozones.common.french import drive_text, longer_than, number
from geozones.cost.hours_model import HoursModel
from geozones.domain import Plan, Provenance, Settings, TravelTimes
from geozones.domain.field_journal import AdoptedHypotheses
from geozones.domain.places import LocationOverrides
from geozones.domain.scenario import Baseline
from geozones.domain.settings import CostSettings, DriveCorrection, TeamSettings
from geozones.domain.teams import Teams
from geozones.domain.times import JOURNAL
from geozones.domain.yearly_cost import CacheByName
from geozones.jobs.pickling import WithoutCaches
from geozones.metrics import Evaluator, MoveDeltas, PlanDraws
from geozones.metrics.drive_draws import DrawnMinutes
from geozones.metrics.metric_changes import ZONE_FIGURES
from geozones.rules import RuleContext, Severity, Violation, check, check_zones
from geozones.workspace.figures.costs import Costs, Covers
from geozones.workspace.folder.territory import Territory
from geozones.workspace.roles import Actor, UseCases

if TYPE_CHECKING:
    from geozones.store import Store

#: Cached rankings, one for each set of needs and of support centres.
_KEPT = 8


@dataclass(frozen=True, eq=False)
class Ranking:
    """Ranking criteria of the plans of some lycées."""

    #: The hours of any zone, in closed form: existing posts do not count, since a move leaves them
    #: where they are.
    model: HoursModel
    move_deltas: MoveDeltas  # Changes that moves would make, to rank destinations.
    draw: Callable[[], PlanDraws]  # Function that returns ``draws``.

    @cached_property
    def draws(self) -> PlanDraws:
        """Figures of any plan in draws of minutes and hypotheses, to find equivalent plans.

        Made on demand: ranking destinations by their figures needs none.
        """
        return self.draw()


class Rankings:
    """Rankings over one territory, one matrix and one set of hypotheses."""

    def __init__(
        self, territory: Territory, times: TravelTimes, settings: Settings, costs: Costs
    ) -> None:
        self._times, self._settings, self._costs = times, settings, costs
        lycees = territory.lycees.values()
        self._towns = {lycee.id: lycee.insee or lycee.id for lycee in lycees}
        self._ranking = lru_cache(maxsize=_KEPT)(self._compute)

    def of(self, plan: Plan, teams: Teams) -> Ranking:
        """Return the ranking of a plan and of similar plans, under some needs."""
        return self._ranking(_RankingKey(self._costs.model(plan, teams)))

    @cached_property
    def _minutes(self) -> DrawnMinutes:
        return DrawnMinutes(self._times, self._towns)

    def _compute(self, key: "_RankingKey") -> Ranking:
        model = key.model

        def draw() -> PlanDraws:
            drawn = self._costs.drawn(model, self._minutes)
            return PlanDraws(self._minutes, drawn, self._settings.weights)

        return Ranking(model, MoveDeltas(self._times, HoursByName(model)), draw)


class HoursByName:
    """Figures of zones given by the ids of their lycées, in closed form, cached."""

    def __init__(self, model: HoursModel) -> None:
        lycees = tuple(sorted(model.needs))
        self._hours = model.on(lycees)
        self._cache = CacheByName(lycees, self._compute, np.zeros(len(ZONE_FIGURES)))

    def of_all(self, zones: Sequence[Collection[str]]) -> NDArray[np.float64]:
        """Return `ZONE_FIGURES` of several zones, ``float[zone, figure]``; 0 without lycées."""
        return np.array(self._cache.of_all(zones))

    def _compute(self, members: NDArray[np.uint16]) -> NDArray[np.float64]:
        parts = self._hours.parts(members)
        total = parts.road + parts.beside
        return np.array([total, parts.posts, parts.road, parts.unattended, parts.missed]).T


class _RankingKey:
    """Cache key: what distinguishes models over the same drives and hypotheses."""

    def __init__(self, model: HoursModel) -> None:
        self.model = model
        parts = (model.needs, model.centres, model.staffed)
        self._parts = tuple(tuple(sorted(part.items())) for part in parts)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _RankingKey) and self._parts == other._parts

    def __hash__(self) -> int:
        return hash(self._parts)


def corrected(times: TravelTimes, corrections: Sequence[DriveCorrection]) -> TravelTimes:
    """Return drives between lycées with the corrections that a scenario adopted from journeys."""
    if not corrections:
        return times
    factors = np.ones(times.minutes.shape)
    known = times.origin_index.keys() & times.destination_index.keys()
    for one in corrections:
        lycees = sorted(one.lycees & known)
        rows = [times.origin_index[lycee_id] for lycee_id in lycees]
        factors[np.ix_(rows, [times.destination_index[lycee_id] for lycee_id in lycees])] = (
            one.factor
        )
    factors[times.same] = 1.0
    if (factors == 1).all():
        return times
    last = max(one.last for one in corrections)
    journeys = sum(one.count for one in corrections)
    source = f"{number(journeys)} trajets mesurés, regroupés par zone"
    if any(one.invented for one in corrections):
        source = f"{source} (journal d'essai, inventé)"
    return times.corrected(factors, Provenance(JOURNAL, last, source=source))


MAX_MINUTES_RANGE = (10.0, 180.0)


@dataclass(frozen=True, eq=False)
class Analysis(WithoutCaches):
    """Metrics and rules of any plan over one territory."""

    territory: Territory  # Lycées, their positions, drives.
    settings: Settings  # Thresholds, weights, and hypotheses about teams.
    times: TravelTimes  # Drives between lycées: ``float[lycée, lycée]``, minutes.
    #: The plan that others are compared with: in force, or the base of a scenario; see `reference`.
    baseline: Baseline

    def __reduce_ex__(self, protocol: SupportsIndex) -> str | tuple[Any, ...]:
        made_of = (self.territory, self.settings, self.baseline)
        same = analysis_of(*made_of) is self
        return (analysis_of, made_of) if same else super().__reduce_ex__(protocol)

    @cached_property
    def reference(self) -> Plan:
        """The baseline, limited to these lycées: what every plan's changes are counted from.

        Lycées that the territory lacks are left out: a scenario without a lycée has not changed
        the zone of this lycée.
        """
        return self.territory.held(self.territory.named(self.baseline.plan))

    def with_baseline(self, baseline: Baseline) -> "Analysis":
        """Return the analysis with another baseline."""
        if baseline == self.baseline:
            return self
        return analysis_of(self.territory, self.settings, baseline)

    @property
    def is_usual(self) -> bool:
        """Whether the hypotheses are the tool's."""
        return self.settings == Settings()

    @property
    def home(self) -> "Analysis":
        """The same hypotheses over the locations of the data folder."""
        return self._over(self.territory.home)

    def relocated(self, overrides: LocationOverrides) -> "Analysis":
        """Return the same hypotheses over a scenario's locations; raises as `territory_of`."""
        return self._over(self.territory.relocated(overrides))

    def _over(self, territory: Territory) -> "Analysis":
        return analysis_of(territory, self.settings, self.baseline)

    def _with_settings(self, settings: Settings) -> "Analysis":
        return analysis_of(self.territory, settings, self.baseline)

    def with_max_minutes(self, minutes: float) -> "Analysis":
        """Return the analysis with another threshold for drives inside a zone."""
        low, high = MAX_MINUTES_RANGE
        if not low <= minutes <= high:
            raise InputError(f"Le seuil doit être entre {low:.0f} et {high:.0f} minutes.")
        longest = self.times.within
        if longest is not None and minutes > longest:
            raise InputError(
                f"Le seuil doit être de {longest:.0f} minutes au plus : les durées de ce "
                "territoire ne vont pas au-delà."
            )
        return self._with_settings(replace(self.settings, max_minutes=minutes))

    def without_tool_rules(self) -> "Analysis":
        """Return the analysis without the tool's rules: only the document's and the planners'."""
        return self._with_settings(replace(self.settings, tool_rules=False))

    def with_team_settings(self, teams: TeamSettings) -> "Analysis":
        """Return the analysis with other hypotheses about teams."""
        return self._with_settings(replace(self.settings, teams=teams))

    def with_cost_settings(self, cost: CostSettings) -> "Analysis":
        """Return the analysis with other hypotheses about the yearly cost."""
        return self._with_settings(replace(self.settings, cost=cost))

    def adopting(self, adopted: AdoptedHypotheses) -> "Analysis":
        """Return the analysis with the hypotheses that a scenario adopted from a journal."""
        settings = adopted.applied_to(self.settings)
        return self if settings == self.settings else self._with_settings(settings)

    def leaving(self, adopted: AdoptedHypotheses) -> "Analysis":
        """Return the analysis without the hypotheses that a scenario adopted from a journal."""
        settings = adopted.removed_from(self.settings)
        return self if settings == self.settings else self._with_settings(settings)

    @cached_property
    def evaluator(self) -> Evaluator:
        """Metrics of any plan, except metrics of posts (see `Study.evaluator`)."""
        return Evaluator(self.times, self.settings)

    @cached_property
    def covers(self) -> Covers:
        """Covers of absences for any plan and any posts."""
        return Covers(self.territory, self.times, self.settings.teams)

    @cached_property
    def costs(self) -> Costs:
        """Yearly costs of any plan."""
        return Costs(self.territory, self.times, self.settings)

    @cached_property
    def rankings(self) -> Rankings:
        """Ranking criteria of plans and moves."""
        return Rankings(self.territory, self.times, self.settings, self.costs)

    @cached_property
    def context(self) -> RuleContext:
        """Context of the rules: lycées, drives, neighbours, plan in force, settings."""
        territory = self.territory
        return RuleContext(
            territory.lycees,
            self.times,
            territory.neighbours,
            self.reference,
            self.settings,
            named=territory.named,
        )

    def drive(self, origin: str, destination: str) -> str:
        """Format the minutes of a drive between two lycées (ids): ``14 min (estimé)``."""
        return _written(self.times, origin, destination)

    def check(self, plan: Plan, zones: Iterable[str] | None = None) -> tuple[Violation, ...]:
        """Return the rule breaches of a plan, or of some of its zones (ids)."""
        plan = self.territory.named(plan)
        if zones is None:
            return check(plan, self.context)
        return check_zones(plan, zones, self.context)

    def forbidden(self, plan: Plan) -> tuple[str, ...]:
        """Return the messages of breaches that forbid a plan; empty for a valid plan."""
        return tuple(
            breach.message for breach in self.check(plan) if breach.severity is Severity.FORBIDDEN
        )


def analysis_of(
    territory: Territory,
    settings: Settings | None = None,
    baseline: Baseline | None = None,
) -> Analysis:
    """Return the analysis of a territory under hypotheses, by default the tool's.

    ``baseline`` is the baseline of changes, by default the shipped plan.
    """
    held = baseline or territory.atlas.baseline
    return _analysis(territory, settings or Settings(), held)


@lru_cache(maxsize=16384)
def _written(times: TravelTimes, origin: str, destination: str) -> str:
    """Format the minutes of a drive; cached, because the map asks for each lycée on every run."""
    least = times.least(origin, destination)
    if least is not None:
        return longer_than(least)
    guessed = times.is_estimated(origin, destination)
    return drive_text(times.between(origin, destination), estimated=guessed)


@lru_cache(maxsize=32)
def _analysis(territory: Territory, settings: Settings, baseline: Baseline) -> Analysis:
    times = corrected(territory.drives.times, settings.drive_corrections)
    return Analysis(territory, settings, times, baseline)


class AnalysisUseCases(UseCases):
    """Use cases whose figures are made over the locations of the data folder."""

    def __init__(
        self,
        analysis: Analysis,
        opener: "Callable[[], Store]",
        actor: Actor,
        clock: Callable[[], datetime] = now,
    ) -> None:
        super().__init__(opener, actor, clock)
        self._analysis = analysis.home
        self._atlas = analysis.territory.atlas

"""Search for the best support centre of each sector, with its zones, and its result.

T.I.S. visit every lycée from the support centre of its sector, equally often in any zone. Unless
they replace colleagues (``tis_replaces``), their driving is a sum over lycées that does not depend
on the zones: the best zones are the same for any centre, and the best centre is the 1-median of the
sector. If they do replace colleagues, every centre is tried with its best zones. Both methods are
exact as long as lycées stay in their sector.

If lycées may change sector, zones and centres are improved alternately, then a branch and bound
over the allowed centres of each sector proves the best (a p-median whose clients are zones yet to
be drawn). Each node computes the best zones when each zone costs what the best of the node's
centres makes it: no plan with one of these centres has fewer hours. The search ends at the time
limit with the remaining gap.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from heapq import heappop, heappush
from math import inf
from time import perf_counter
from typing import TYPE_CHECKING

from geozones.common.errors import InputError
from geozones.domain import Plan
from geozones.domain.plan import plan_of
from geozones.domain.terms import terms
from geozones.domain.yearly_cost import CostsByName
from geozones.jobs import SEARCHES, Job, Listener
from geozones.workspace.figures.study import Study
from geozones.workspace.proposals.respected_rules import kept_zones
from geozones.workspace.proposals.search import PlanRequest
from geozones.workspace.proposals.solve import propose

if TYPE_CHECKING:
    from geozones.optimize import PartitionOptions

#: Tolerance, in hours, between a total and the bound that proves it.
_PROVEN = 1e-4


@dataclass(frozen=True, slots=True)
class BestCentre:
    """The best support centre of a sector."""

    sector: str  # Its id.
    #: Ids of the lycées that are the present and the best centre; ``now`` is ``None`` if unknown.
    now: str | None
    best: str
    #: Yearly gain of the best centre over the present one, on the proposed zones; ``None`` without
    #: a present one.
    hours: float | None
    km: float | None
    #: The best lycées, each with its extra hours a year over the best one on those zones.
    ranking: tuple[tuple[str, float], ...]


@dataclass(frozen=True)
class BestCentres:
    """The best centres of the scope, and the zones proposed with them.

    ``hours`` are the yearly hours of the scope, ``bound`` the lower bound for any other centres and
    zones; both are equal if the result is proven.
    """

    plan: Plan
    hours: float
    bound: float
    sectors: tuple[BestCentre, ...]

    @property
    def proven(self) -> bool:
        """Whether it is proven that no other centres and zones have fewer hours."""
        return self.hours <= self.bound + _PROVEN


def side_by_side(before: Plan, by_sector: Mapping[str, Plan]) -> Plan:
    """Return a plan with the sectors (ids) of several plans; other sectors are as before."""
    plans = {sector.id: by_sector.get(sector.id, before) for sector in before.sectors}
    zones = [zone for sector, plan in plans.items() for zone in plan.zones_of(sector)]
    where = {
        lycee: plan.zone_by_lycee[lycee]
        for sector, plan in plans.items()
        for lycee in plan.lycees_of(sector)
    }
    return plan_of([plan.sector(sector) for sector, plan in plans.items()], zones, where)


def with_centre(plan: Plan, sector: str, lycee: str | None) -> Plan:
    """Return a plan where a sector (id) has a support centre (a lycée id)."""
    sectors = [
        replace(entry, support_centre=lycee) if entry.id == sector else entry
        for entry in plan.sectors
    ]
    return plan_of(sectors, plan.zones, plan.zone_by_lycee)


#: Smallest improvement, in hours, that counts.
_SAME = 1e-6
#: Most rounds of zones then centres, if lycées may change sector.
_ROUNDS = 6
#: Default time limit of the search, in seconds.
_SECONDS = 60.0
#: Centres in the ranking of each sector.
_RANKED = 5


type CentresJob = Job[PlanRequest, None, BestCentres]


def centres_job(asked: PlanRequest) -> CentresJob:
    """Return the job of `best_centres`."""
    return Job(SEARCHES, search_centres, asked, None)


def search_centres(listen: Listener, asked: PlanRequest) -> BestCentres:
    """Search the best centres; raise as `best_centres`."""
    return best_centres(asked.study, asked.options, listen)


def best_centres(
    study: Study, options: "PartitionOptions", listen: Callable[[], None] = lambda: None
) -> BestCentres:
    """Return the best support centre of each sector of the scope, with the best zones.

    A centre is a lycée that is in its sector now and stays there. ``listen`` is called regularly
    and may raise to stop the search.
    """
    scope = [
        sector.id
        for sector in study.plan.sectors
        if sector.id in (options.sectors or {sector.id}) and study.plan.lycees_of(sector.id)
    ]
    search = _CentreSearch(study, options, listen)
    if options.change_sector and len(scope) > 1:
        return search.in_turn(scope)
    if not study.settings.teams.tis_replaces:
        plan, gap = search.zones(study.plan, frozenset())
        plan = search.with_medians(plan, scope) or plan
    else:
        plan, gap = search.each(scope)
    return search.result(plan, scope, max(search.hours(plan, scope) - gap, 0.0))


@dataclass(frozen=True, order=True)
class _CentreNode:
    """Node of the search: allowed centres of each sector, and the lower bound of their plans."""

    bound: float
    rank: int
    plan: Plan = field(compare=False)
    centres: Mapping[str, tuple[str, ...]] = field(compare=False)


class _CentreSearch:
    def __init__(
        self, study: Study, options: "PartitionOptions", listen: Callable[[], None]
    ) -> None:
        self._study, self._options, self._listen = study, options, listen
        self._costs: dict[str | None, CostsByName] = {}

    def zones(self, before: Plan, within: frozenset[str]) -> tuple[Plan, float]:
        """Return the best zones with a plan's centres, and the gap to the proven bound."""
        self._listen()
        study = self._study.with_plan(before)
        found = propose(study, self._options, lambda *_: self._listen(), within=within, tis=True)
        if found.status.value not in {"optimal", "feasible"}:
            raise InputError(found.why)
        return kept_zones(found.plan), found.objective_after - found.bound

    def each(self, scope: Sequence[str]) -> tuple[Plan, float]:
        """Return the best centre of each sector with its best zones, and the gap to the bound.

        The search goes sector by sector: nothing is proven if options count across sectors.
        """
        before, all_gaps = self._study.plan, 0.0 if self._options.is_separable else inf
        best: dict[str, Plan] = {}
        for sector in scope:
            found = [
                (self.hours(after, [sector]), lycee, after, gap)
                for lycee in self._candidates(before, sector)
                for after, gap in [
                    self.zones(with_centre(before, sector, lycee), frozenset({sector}))
                ]
            ]
            best[sector] = min(found, key=lambda entry: entry[:2])[2]
            all_gaps += max(gap for *_, gap in found)
        return side_by_side(before, best), all_gaps

    def in_turn(self, scope: Sequence[str]) -> BestCentres:
        """Improve zones and centres alternately, from the medians of the present sectors."""
        centred = self.with_medians(self._study.plan, scope) or self._study.plan
        best, hours = None, inf
        for _ in range(_ROUNDS):
            redrawn, _ = self.zones(centred, frozenset())
            after = self.with_medians(redrawn, scope)
            total = inf if after is None else self.hours(after, scope)
            if after is None or total > hours - _SAME:
                break
            best, hours = after, total
            for sector in scope:
                centred = with_centre(centred, sector, after.sector(sector).support_centre)
        return self._proven(best or centred, scope)

    def _proven(self, best: Plan, scope: Sequence[str]) -> BestCentres:
        """Search for better centres than a plan's, until none are left or time is up."""
        end = perf_counter() + (self._options.time_limit or _SECONDS)
        hours, kept = self.hours(best, scope), inf
        root = {sector: tuple(self._study.plan.lycees_of(sector)) for sector in scope}
        waiting = [self._node(root, 0)]
        while waiting and waiting[0].bound < hours - _SAME:
            node = heappop(waiting)
            after = self.with_medians(node.plan, scope)
            total = inf if after is None else self.hours(after, scope)
            if after is not None and total < hours - _SAME:
                best, hours = after, total
            parts = self._split(node)
            if not parts or perf_counter() > end:
                kept = min(kept, node.bound)
                if parts:
                    break
                continue
            for part in parts:
                heappush(waiting, self._node(part, node.rank + len(waiting) + 1))
        bound = min([hours, kept, *(node.bound for node in waiting)])
        return self.result(best, scope, bound)

    def _node(self, centres: Mapping[str, tuple[str, ...]], rank: int) -> "_CentreNode":
        """Return the best zones for the allowed centres of each sector, with their bound."""
        plan = self._study.plan
        for sector, known in centres.items():
            plan = with_centre(plan, sector, known[0] if len(known) == 1 else None)
        self._listen()
        found = propose(
            self._study.with_plan(plan),
            self._options,
            lambda *_: self._listen(),
            centres=centres,
            tis=True,
        )
        possible = found.status.value in {"optimal", "feasible"}
        return _CentreNode(found.bound if possible else inf, rank, kept_zones(found.plan), centres)

    def _split(self, node: "_CentreNode") -> list[dict[str, tuple[str, ...]]]:
        """Split a node in two, by the centres of the sector whose costs differ the most."""
        gaps = {}
        for sector, known in node.centres.items():
            if len(known) > 1:
                totals = {
                    lycee: self.hours(with_centre(node.plan, sector, lycee), [sector])
                    for lycee in known
                }
                gaps[sector] = totals
        if not gaps:
            return []
        worst = max(
            gaps, key=lambda sector: max(gaps[sector].values()) - min(gaps[sector].values())
        )
        ordered = sorted(gaps[worst], key=lambda lycee: (gaps[worst][lycee], lycee))
        half = (len(ordered) + 1) // 2
        parts = tuple(ordered[:half]), tuple(ordered[half:])
        return [{**node.centres, worst: part} for part in parts]

    def with_medians(self, plan: Plan, scope: Sequence[str]) -> Plan | None:
        """Return a plan whose sectors have the best centre for their zones.

        ``None`` if a sector has none of its own lycées left.
        """
        for sector in scope:
            candidates = self._candidates(plan, sector)
            if not candidates:
                return None
            best = min(
                (self.hours(with_centre(plan, sector, lycee), [sector]), lycee)
                for lycee in candidates
            )
            plan = with_centre(plan, sector, best[1])
        return plan

    def hours(self, plan: Plan, sectors: Sequence[str]) -> float:
        """Return the hours of some sectors (ids) in a plan, with the plan's centres."""
        self._listen()
        total = 0.0
        for sector in sectors:
            zones = [plan.members(zone.id) for zone in plan.zones_of(sector)]
            # the costs of zones from a centre (a lycée id), or none; cached
            centre = plan.sector(sector).support_centre
            if centre not in self._costs:
                model = self._study.ranking.model
                known = replace(model, centres=dict.fromkeys(model.needs, centre), tis=True)
                self._costs[centre] = CostsByName(known, tuple(sorted(model.needs)))
            total += sum(self._costs[centre].of_all(zones))
        return total

    def _candidates(self, plan: Plan, sector: str) -> list[str]:
        """Return the present lycées of a sector that are also in it in a plan."""
        here = set(plan.lycees_of(sector))
        return [lycee for lycee in sorted(self._study.plan.lycees_of(sector)) if lycee in here]

    def result(self, plan: Plan, scope: Sequence[str], bound: float) -> BestCentres:
        """Return the result for a plan: its centres, and the lower bound of all others."""
        sectors = tuple(self._sector_result(plan, sector) for sector in scope)
        return BestCentres(plan, self.hours(plan, scope), bound, sectors)

    def _sector_result(self, plan: Plan, sector: str) -> BestCentre:
        best = plan.sector(sector).support_centre
        now = self._study.plan.sector(sector).support_centre
        if best is None:
            raise InputError(f"Un secteur sans {terms().site} n'a pas {terms().support_centre.of}.")
        total = self.hours(plan, [sector])
        more = {
            lycee: self.hours(with_centre(plan, sector, lycee), [sector]) - total
            for lycee in self._candidates(plan, sector)
        }
        ranked = sorted(more.items(), key=lambda entry: (entry[1], entry[0]))
        if now is None or now not in more:
            return BestCentre(sector, now, best, None, None, tuple(ranked[:_RANKED]))
        km = self._km(with_centre(plan, sector, now), sector) - self._km(plan, sector)
        return BestCentre(sector, now, best, more[now], km, tuple(ranked[:_RANKED]))

    def _km(self, plan: Plan, sector: str) -> float:
        cost = self._study.with_plan(plan).cost(sector_id=sector)
        return sum(item.km for item in cost.items.values())

"""The best support centre of each sector, chosen at the same time as its zones.

T.I.S. visit every lycée from the support centre of its sector, as often whatever its zone. Unless
they stand in for colleagues (``tis_replaces``), what they drive is then a sum over lycées that no
zone changes: the best zones are the same whatever the centre, and the best centre is the 1-median
of the sector. Where they do stand in, every centre is tried with the best zones for it. Both are
exact while lycées stay in their sector. Where they may change, zones and centres are bettered in
turn, each step exact: a local optimum.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from geozones.common.errors import InputError
from geozones.domain import Plan
from geozones.domain.plan import plan_of
from geozones.domain.zone_costs import CostsByName
from geozones.workspace.background import Background
from geozones.workspace.proposals.rules import kept_zones
from geozones.workspace.proposals.solve import propose
from geozones.workspace.study import Study

if TYPE_CHECKING:
    from geozones.optimize import PartitionOptions

#: A better total than this, in hours, is none.
_SAME = 1e-6
#: Rounds of zones then centres at most, where lycées may change sector.
_ROUNDS = 6
#: Centres told for each sector, the best first.
_TOLD = 5


@dataclass(frozen=True, slots=True)
class BestCentre:
    """The best support centre of a sector.

    Parameters
    ----------
    sector
        Its id.
    now, best
        Ids of the lycées that are its centre and that would best be; ``None`` where none is known.
    hours, km
        What the best gains in a year against the one of now, on the zones proposed; ``None``
        without one.
    ranking
        The best lycées with how many hours a year more than the best each costs on those zones.
    """

    sector: str
    now: str | None
    best: str
    hours: float | None
    km: float | None
    ranking: tuple[tuple[str, float], ...]


@dataclass(frozen=True)
class BestCentres:
    """The best centres of the scope, and the zones proposed with them.

    ``hours`` are those of the scope in a year; ``proven`` tells whether no other centres and zones
    have fewer.
    """

    plan: Plan
    hours: float
    proven: bool
    sectors: tuple[BestCentre, ...]


class CentresSearch(Background[BestCentres]):
    """The best centres, sought while the user looks on."""

    def __init__(self, study: Study, options: "PartitionOptions") -> None:
        self.study, self.options = study, options
        super().__init__()

    def work(self) -> BestCentres:
        """Seek them; raises as `best_centres`."""
        return best_centres(self.study, self.options, self.check_stop)


def best_centres(
    study: Study, options: "PartitionOptions", listen: Callable[[], None] = lambda: None
) -> BestCentres:
    """Return the best support centre of each sector of the scope, with the best zones.

    A centre is a lycée that is in its sector now and stays there. ``listen`` is called now and
    then; what it raises stops the search.

    Raises
    ------
    InputError
        If no plan respects the options.
    """
    scope = [
        sector.id
        for sector in study.plan.sectors
        if sector.id in (options.sectors or {sector.id}) and study.plan.lycees_of(sector.id)
    ]
    search = _Search(study, options, listen)
    if options.change_sector and len(scope) > 1:
        return search.in_turn(scope)
    if not study.settings.teams.tis_replaces:
        plan, proven = search.zones(study.plan, frozenset())
        plan = search.with_medians(plan, scope)
    else:
        plan, proven = search.each(scope)
    return search.told(plan, scope, proven=proven)


class _Search:
    def __init__(
        self, study: Study, options: "PartitionOptions", listen: Callable[[], None]
    ) -> None:
        self._study, self._options, self._listen = study, options, listen

    def zones(self, before: Plan, within: frozenset[str]) -> tuple[Plan, bool]:
        """Return the best zones with the centres of a plan, and whether they are proven."""
        self._listen()
        study = self._study.with_plan(before)
        found = propose(study, self._options, lambda *_: self._listen(), within=within)
        if found.status.value not in {"optimal", "feasible"}:
            raise InputError(found.why)
        return kept_zones(found.plan), found.status.value == "optimal"

    def each(self, scope: Sequence[str]) -> tuple[Plan, bool]:
        """Return the best of the best zones for each centre, sector by sector."""
        before, all_proven = self._study.plan, self._options.is_separable
        best: dict[str, Plan] = {}
        for sector in scope:
            found = [
                (self.hours(after, [sector]), lycee, after, proven)
                for lycee in self._candidates(before, sector)
                for after, proven in [
                    self.zones(_with_centre(before, sector, lycee), frozenset({sector}))
                ]
            ]
            best[sector] = min(found, key=lambda entry: entry[:2])[2]
            all_proven &= all(proven for *_, proven in found)
        return _side_by_side(before, best), all_proven

    def in_turn(self, scope: Sequence[str]) -> BestCentres:
        """Better zones and centres in turn, from the medians of the sectors of now."""
        centred = self.with_medians(self._study.plan, scope)
        best, hours = None, float("inf")
        for _ in range(_ROUNDS):
            redrawn, _ = self.zones(centred, frozenset())
            after = self.with_medians(redrawn, scope)
            total = self.hours(after, scope)
            if total > hours - _SAME:
                break
            best, hours = after, total
            for sector in scope:
                centred = _with_centre(centred, sector, after.sector(sector).support_centre)
        return self.told(best or centred, scope, proven=False)

    def with_medians(self, plan: Plan, scope: Sequence[str]) -> Plan:
        """Return a plan whose sectors have the best centre for their zones."""
        for sector in scope:
            best = min(
                (self.hours(_with_centre(plan, sector, lycee), [sector]), lycee)
                for lycee in self._candidates(plan, sector)
            )
            plan = _with_centre(plan, sector, best[1])
        return plan

    def hours(self, plan: Plan, sectors: Sequence[str]) -> float:
        """Return the hours of some sectors (ids) in a plan, from the centres that it has."""
        self._listen()
        study = self._study
        model = study.analysis.costs.model(plan, study.teams)
        costs = CostsByName(model, tuple(sorted(plan.lycees)))
        zones = [zone.id for zone in plan.zones if zone.sector in sectors]
        return sum(costs.of_all([plan.members(zone) for zone in zones]))

    def _candidates(self, plan: Plan, sector: str) -> list[str]:
        """Return the lycées of a sector now that are in it in a plan too."""
        here = set(plan.lycees_of(sector))
        return [lycee for lycee in sorted(self._study.plan.lycees_of(sector)) if lycee in here]

    def told(self, plan: Plan, scope: Sequence[str], *, proven: bool) -> BestCentres:
        sectors = tuple(self._told_of(plan, sector) for sector in scope)
        return BestCentres(plan, self.hours(plan, scope), proven, sectors)

    def _told_of(self, plan: Plan, sector: str) -> BestCentre:
        best = plan.sector(sector).support_centre
        now = self._study.plan.sector(sector).support_centre
        if best is None:
            msg = "Un secteur sans lycée n'a pas de centre support."
            raise InputError(msg)
        total = self.hours(plan, [sector])
        more = {
            lycee: self.hours(_with_centre(plan, sector, lycee), [sector]) - total
            for lycee in self._candidates(plan, sector)
        }
        ranked = sorted(more.items(), key=lambda entry: (entry[1], entry[0]))
        if now is None or now not in more:
            return BestCentre(sector, now, best, None, None, tuple(ranked[:_TOLD]))
        km = self._km(_with_centre(plan, sector, now), sector) - self._km(plan, sector)
        return BestCentre(sector, now, best, more[now], km, tuple(ranked[:_TOLD]))

    def _km(self, plan: Plan, sector: str) -> float:
        return self._study.with_plan(plan).cost(sector=sector).km


def _side_by_side(before: Plan, by_sector: Mapping[str, Plan]) -> Plan:
    """Return the plan that has each sector (id) as one plan has it, and others as before."""
    plans = {sector.id: by_sector.get(sector.id, before) for sector in before.sectors}
    zones = [zone for sector, plan in plans.items() for zone in plan.zones_of(sector)]
    where = {
        lycee: plan.zone_by_lycee[lycee]
        for sector, plan in plans.items()
        for lycee in plan.lycees_of(sector)
    }
    return plan_of([plan.sector(sector) for sector, plan in plans.items()], zones, where)


def _with_centre(plan: Plan, sector: str, lycee: str | None) -> Plan:
    """Return a plan where a sector (id) has a support centre (a lycée id)."""
    sectors = [
        replace(entry, support_centre=lycee) if entry.id == sector else entry
        for entry in plan.sectors
    ]
    return plan_of(sectors, plan.zones, plan.zone_by_lycee)

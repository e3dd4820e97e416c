"""Feasibility of zones between a plan and its proposal, when only a part of it is accepted."""

from functools import cached_property
from itertools import combinations
from math import inf
from typing import TYPE_CHECKING

import numpy as np

from geozones.common.french import minutes
from geozones.domain import Plan
from geozones.domain.proposal_conditions import RELEVE
from geozones.domain.terms import terms
from geozones.domain.zone_costs import CostsByName
from geozones.rules import Violation, check_zones, difference
from geozones.workspace.proposals.respected_rules import slowest_releves
from geozones.workspace.study import Study

if TYPE_CHECKING:
    from geozones.optimize import PartitionOptions


class Holding:
    """Feasibility of zones on the way from a plan to its proposal.

    An intermediate zone may be no worse than in the plan searched from and in the proposed plan:
    within the requested sizes, without a drive longer than the cap or a relève slower than the rule
    allows, and without a new rule breach.

    Parameters
    ----------
    study
        The plan searched from.
    after
        The proposed plan; it has every zone of the plan searched from.
    options
        The options of the search.
    """

    def __init__(self, study: Study, after: Plan, options: "PartitionOptions") -> None:
        self._study, self._before, self._after, self._options = study, study.plan, after, options
        self._faults: dict[tuple[str, tuple[str, ...]], str] = {}

    def holds(self, zone: str, members: tuple[str, ...]) -> bool:
        """Tell whether a zone (id) may have exactly these lycées (ids, sorted)."""
        return not self.fault(zone, members)

    def fault(self, zone: str, members: tuple[str, ...]) -> str:
        """Return why a zone (id) may not have exactly these lycées, in French; empty if it may."""
        ends = self._members(self._before, zone), self._members(self._after, zone)
        if members in ends:
            return ""
        key = zone, members
        if key not in self._faults:
            self._faults[key] = self._work_out(zone, members, ends)
        return self._faults[key]

    def is_refused(self, zone: str) -> bool:
        """Tell whether the requested conditions refuse a zone (id) of the plan searched from.

        Moves out of it or into it may then be needed, whatever they gain.
        """
        members = self._members(self._before, zone)
        if self._whole_is_refused:
            return True
        if not members:
            return False
        cap = self._options.max_minutes
        where = self._before.zone_by_lycee
        parted = any(
            where[pair[0]] != where[pair[1]] and not set(pair).isdisjoint(members)
            for pair in self._options.together
        )
        joined = any(set(pair) <= set(members) for pair in self._options.apart)
        too_far = cap is not None and self._worst(members) > cap
        return (
            self._outside(members) > 0 or too_far or parted or joined or not self._uses_fit(members)
        )

    @cached_property
    def _whole_is_refused(self) -> bool:
        """Whether conditions on the whole plan, or on sectors, refuse the plan searched from."""
        options, plan = self._options, self._before
        scope = [s.id for s in plan.sectors if not options.sectors or s.id in options.sectors]
        count = sum(bool(plan.members(z.id)) for key in scope for z in plan.zones_of(key))
        return (
            bool(options.placed or options.made)
            or options.zone_count not in {None, count}
            or not all(
                bound.allows(bound.of(plan, sector))
                for bound in options.sector_bounds
                for sector in scope
            )
        )

    def _uses_fit(self, members: tuple[str, ...]) -> bool:
        """Tell whether a zone uses what the requested bounds on each zone allow."""
        ids = tuple(sorted(self._before.lycees))
        return all(
            resource.fits(np.array(CostsByName(resource.use, ids).of_all([members]))).all()
            for resource in self._options.resources
        )

    def _work_out(
        self, zone: str, members: tuple[str, ...], ends: tuple[tuple[str, ...], ...]
    ) -> str:
        name = self._after.zone(zone).name
        if not members:
            return f"La zone {name} n'aurait plus {terms().site.of}."
        known = [held for held in ends if held]
        if self._outside(members) > max(map(self._outside, known), default=0):
            return f"La zone {name} aurait {terms().site.counted(len(members))}."
        cap, worst = self._options.max_minutes, self._worst(members)
        if cap is not None and worst > max(cap, *map(self._worst, known)):
            return f"La zone {name} aurait un trajet de {minutes(worst)}."
        if self._slower_releve(members, known):
            return f"La zone {name} aurait une relève plus lente qu'aujourd'hui."
        if self._parts_pairs(members):
            pair = f"deux {terms().site.plural}"
            return f"La zone {name} séparerait ou réunirait {pair} contre ce qui est demandé."
        broken = self._broken_anew(zone, members)
        return broken[0].message if broken else ""

    def _outside(self, members: tuple[str, ...]) -> int:
        """Return by how many lycées a zone is outside the requested sizes."""
        low, high = self._options.size_min, self._options.size_max
        return max(low - len(members), len(members) - high, 0)

    def _worst(self, members: tuple[str, ...]) -> float:
        times = self._study.times
        pairs = combinations(members, 2)
        drives = ((times.between(a, b) + times.between(b, a)) / 2 for a, b in pairs)
        return max(drives, default=0.0)

    def _slower_releve(self, members: tuple[str, ...], known: list[tuple[str, ...]]) -> bool:
        """Tell whether a relève is slower than the rule allows, and than in the known zones."""
        if not self._most_releve:
            return False
        sectors = {self._before.sector_of(lycee).id for lycee in members}
        most = max(self._most_releve.get(sector, inf) for sector in sectors)
        slowest = [self._study.evaluator.members(zone)[RELEVE] for zone in (members, *known)]
        here, *others = (value if isinstance(value, float) else inf for value in slowest)
        return here > max(most, *others)

    @cached_property
    def _most_releve(self) -> dict[str, float]:
        options = self._options
        if RELEVE in options.without:
            return {}
        return dict(slowest_releves(self._study, options.sectors, options.size_max))

    def _parts_pairs(self, members: tuple[str, ...]) -> bool:
        """Tell whether a zone separates a pair that must stay together, or joins one kept apart."""
        here, where = set(members), self._before.zone_by_lycee
        return any(
            len(here.intersection(pair)) == 1 and where[pair[0]] == where[pair[1]]
            for pair in self._options.together
        ) or any(
            here.issuperset(pair) and where[pair[0]] != where[pair[1]]
            for pair in self._options.apart
        )

    def _broken_anew(self, zone: str, members: tuple[str, ...]) -> list[Violation]:
        """Return the breaches of a zone that are new or worse compared with both plans."""
        context, plan = self._study.context, self._after
        for lycee in set(plan.members(zone)).difference(members):
            others = (self._before.zone_by_lycee[lycee], *(other.id for other in plan.zones))
            plan = plan.move(lycee, next(other for other in others if other != zone))
        for lycee in members:
            plan = plan.move(lycee, zone)
        breaches = check_zones(plan, [zone], context)
        ends = [
            check_zones(end, [zone], context) if self._members(end, zone) else ()
            for end in (self._before, self._after)
        ]
        anew = [difference(end, breaches).introduced for end in ends]
        return [breach for breach in anew[0] if breach in anew[1]]

    @staticmethod
    def _members(plan: Plan, zone: str) -> tuple[str, ...]:
        return plan.members(zone) if plan.has_zone(zone) else ()

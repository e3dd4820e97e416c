"""Totals of a plan with a bound, when only a part of a proposal is accepted."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from geozones.common.french import plural
from geozones.domain import Plan
from geozones.domain.proposal_rules import HEADCOUNT, RUPTURES
from geozones.domain.zone_costs import CostsByName

if TYPE_CHECKING:
    from geozones.optimize.resources import Resource

#: Totals with a bound, by key of rule: singular, plural.
_TOTALS = {HEADCOUNT: ("poste",), RUPTURES: ("zone en rupture", "zones en rupture")}


class Totals:
    """Bounds on the totals of a plan, with what each zone uses.

    Parameters
    ----------
    before
        The plan searched from.
    bounds
        Bounds on posts and on zones in rupture (`respected_rules.total_bounds`).
    """

    def __init__(self, before: Plan, bounds: "Iterable[Resource]") -> None:
        self._lycees = frozenset(before.lycees)
        ids = tuple(sorted(before.lycees))
        self.uses = [(bound, CostsByName(bound.use, ids)) for bound in bounds]

    def broken(self, plan: Plan, where: Mapping[str, str]) -> str:
        """Return the bound that moves would break on a plan, in French; empty if none.

        ``where`` is the zone (id) that each lycée joins. A plan that is beyond a bound may stay so.
        """
        now = self._zones(plan.zone_by_lycee)
        then = self._zones({**plan.zone_by_lycee, **where})
        for bound, use in self.uses:
            before, after = (round(sum(use.of_all(zones))) for zones in (now, then))
            if after > before and not bound.allows(after):
                sector = bound.sector and f"Le secteur {plan.sector(bound.sector).name}"
                words = plural(after, *_TOTALS[bound.rule])
                return f"{sector or 'La région'} aurait {words}, contre {before} avant."
        return ""

    def _zones(self, zone_by_lycee: Mapping[str, str]) -> list[tuple[str, ...]]:
        """Return the lycées of each zone, sorted, without those that came since the search."""
        zones: dict[str, list[str]] = {}
        for lycee in sorted(self._lycees.intersection(zone_by_lycee)):
            zones.setdefault(zone_by_lycee[lycee], []).append(lycee)
        return [tuple(lycees) for lycees in zones.values()]

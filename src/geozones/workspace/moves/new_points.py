"""Points to watch that moves bring, counted zone by zone and cached."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache

from geozones.domain import Plan, Zone
from geozones.domain.teams import Teams
from geozones.metrics.watch_list import watch_list
from geozones.rules import REGISTRY, Severity, Violation, check_sectors, check_zones
from geozones.workspace.analysis import Analysis
from geozones.workspace.moves.sector_breaches import SectorBreaches
from geozones.workspace.study import Study
from geozones.workspace.vigilance import points_among, vigilance

#: Rules whose breaches count: information, which does not, is not even written.
_ALERTING = tuple(rule for rule in REGISTRY if rule.severity is not Severity.INFO)
#: Counts of zones cached.
_ZONES = 16384


def points_brought(study: Study, lycee: str, zones: Iterable[str]) -> dict[str, int]:
    """Return how many points to watch more the plan has with a lycée in each zone (id).

    Negative where a move ends more points than it brings. It is the difference of the count of
    the one watch list, after and before.
    """
    return _counts(study.analysis, study.teams).brought(study, lycee, zones)


def points_brought_by(study: Study, after: Plan, zones: Iterable[str]) -> int:
    """Return how many points to watch more another plan has; only some zones (ids) differ."""
    return _counts(study.analysis, study.teams).between(study, after, tuple(zones))


@lru_cache(maxsize=8)
def _counts(analysis: Analysis, teams: Teams) -> "_PointCounts":
    return _PointCounts(analysis, teams)


class _PointCounts:
    """Counts of the watch list by zone, over one analysis and some posts: a move changes two."""

    def __init__(self, analysis: Analysis, teams: Teams) -> None:
        self._context = replace(analysis.context, teams=teams)
        self._sectors = SectorBreaches(self._context)
        self._known: dict[tuple[Zone, tuple[str, ...]], int] = {}

    def brought(self, study: Study, lycee: str, zones: Iterable[str]) -> dict[str, int]:
        plan = study.plan
        origin, targets = plan.zone_of(lycee), [plan.zone(zone) for zone in zones]
        whole = self._sectors.around(plan, lycee, targets)
        here = Counter(point.zone for point in watch_list(vigilance(study)).counted)
        more = {}
        for target in targets:
            moved = replace(study, state=replace(study.state, plan=plan.move(lycee, target.id)))
            before, after = (
                self._breaches(there, found)
                for there, found in zip((study, moved), whole[target.id], strict=True)
            )
            left = self._zone(moved, origin) - here[origin.id]
            joined = self._zone(moved, target) - here[target.id]
            more[target.id] = left + joined + after - before
        return more

    def between(self, study: Study, after: Plan, zones: tuple[str, ...]) -> int:
        totals = []
        for there in (study, study.with_plan(after)):
            plan = there.plan
            sectors = dict.fromkeys(plan.zone(zone).sector for zone in zones)
            found = check_sectors(plan, sectors, self._context)
            own = sum(self._zone(there, plan.zone(zone)) for zone in zones)
            totals.append(own + self._breaches(there, found))
        return totals[1] - totals[0]

    def _breaches(self, study: Study, breaches: tuple[Violation, ...]) -> int:
        return watch_list(points_among(study, (), breaches)).count if breaches else 0

    def _zone(self, study: Study, zone: Zone) -> int:
        """Return the count of one zone, which depends only on its lycées."""
        key = zone, study.plan.members(zone.id)
        known = self._known.get(key)
        if known is None:
            if len(self._known) >= _ZONES:
                self._known = {}  # other threads may be reading the old ones
            breaches = check_zones(study.plan, [zone.id], self._context, _ALERTING)
            known = self._known[key] = watch_list(points_among(study, (zone,), breaches)).count
        return known

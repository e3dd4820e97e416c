"""Points to watch that moves bring, worsen or end, found zone by zone and cached."""

from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache
from itertools import chain

from geozones.common.french import number, plural
from geozones.domain import Plan, Zone
from geozones.domain.teams import Teams
from geozones.rules import (
    REGISTRY,
    Difference,
    Severity,
    Violation,
    check_sectors,
    check_zones,
    difference,
)
from geozones.workspace.analysis import Analysis
from geozones.workspace.moves.sector_breaches import SectorBreaches
from geozones.workspace.study import Study
from geozones.workspace.vigilance import VigilancePoint, points_among

#: Rules whose breaches count: information, which does not, is not even written.
_ALERTING = tuple(rule for rule in REGISTRY if rule.severity is not Severity.INFO)
#: Zones whose points are cached.
_ZONES = 16384
_POINT = "point de vigilance", "points de vigilance"

type PointsChange = Difference[VigilancePoint]


def points_brought(study: Study, lycee: str, zones: Iterable[str]) -> dict[str, PointsChange]:
    """Return what the plan's points to watch become with a lycée in each zone (id).

    It is the difference of the one watch list, after and before.
    """
    return _known_points(study.analysis, study.teams).brought(study, lycee, zones)


def points_brought_by(study: Study, after: Plan, zones: Iterable[str]) -> PointsChange:
    """Return the same for another plan; only some zones (ids) differ."""
    return _known_points(study.analysis, study.teams).between(study, after, tuple(zones))


def points_sentence(change: PointsChange) -> str:
    """Say in French what points to watch become, what gets worse first."""
    more, worse, turns = change.more, _worsened(change), _turns(change)
    if worse and not more and not turns:
        return f"{worse}."
    count = plural(abs(more), *_POINT) if more else "aucun point de vigilance"
    net = (number(abs(more)) if more else "aucun") if worse else count
    said = f"{net} de {'moins' if more < 0 else 'plus'}{f' ({turns})' if turns else ''}"
    return f"{worse} ; {said}." if worse else f"{said[:1].upper()}{said[1:]}."


def points_counted(change: PointsChange) -> str:
    """Write the same for a narrow column: ``2 de plus, 1 aggravé``; empty if nothing changes."""
    more, worse = change.more, len(change.worsened)
    net = f"{number(abs(more))} de {'plus' if more > 0 else 'moins'}" if more else _turns(change)
    return ", ".join(filter(None, (net, plural(worse, "aggravé") if worse else "")))


def _turns(change: PointsChange) -> str:
    """Count apart the points that a change brings and those that it ends, if it does both."""
    if not change.new or not change.resolved:
        return ""
    return f"{plural(change.new, 'nouveau', 'nouveaux')}, {number(len(change.resolved))} en moins"


def _worsened(change: PointsChange) -> str:
    """Say how many points get worse, and which one the most; empty for none."""
    if not change.worsened:
        return ""
    many = len(change.worsened)
    count = plural(many, f"{_POINT[0]} aggravé", f"{_POINT[1]} aggravés")
    before, after = max(change.worsened, key=lambda pair: pair[1].measure - pair[0].measure)
    return f"{count}{' :' if many == 1 else ', dont'} {after.since(before)}"


@lru_cache(maxsize=8)
def _known_points(analysis: Analysis, teams: Teams) -> "_KnownPoints":
    return _KnownPoints(analysis, teams)


class _KnownPoints:
    """Points to watch by zone, over one analysis and some posts: a move changes two zones."""

    def __init__(self, analysis: Analysis, teams: Teams) -> None:
        self._context = replace(analysis.context, teams=teams)
        self._sectors = SectorBreaches(self._context)
        self._known: dict[tuple[Zone, tuple[str, ...]], tuple[VigilancePoint, ...]] = {}

    def brought(self, study: Study, lycee: str, zones: Iterable[str]) -> dict[str, PointsChange]:
        plan = study.plan
        origin, targets = plan.zone_of(lycee), [plan.zone(zone) for zone in zones]
        whole = self._sectors.around(plan, lycee, targets)
        change = {}
        for target in targets:
            moved = replace(study, state=replace(study.state, plan=plan.move(lycee, target.id)))
            sides = (
                self._points(there, (origin, target), found)
                for there, found in zip((study, moved), whole[target.id], strict=True)
            )
            change[target.id] = difference(*sides)
        return change

    def between(self, study: Study, after: Plan, zones: tuple[str, ...]) -> PointsChange:
        sides = []
        for there in (study, study.with_plan(after)):
            touched = [there.plan.zone(zone) for zone in zones]
            sectors = dict.fromkeys(zone.sector for zone in touched)
            found = check_sectors(there.plan, sectors, self._context)
            sides.append(self._points(there, touched, found))
        return difference(*sides)

    def _points(
        self, study: Study, zones: Iterable[Zone], breaches: tuple[Violation, ...]
    ) -> Iterable[VigilancePoint]:
        """Return the points of some zones, and of breaches of their sectors."""
        own = chain.from_iterable(self._zone(study, zone) for zone in zones)
        return chain(own, points_among(study, (), breaches))

    def _zone(self, study: Study, zone: Zone) -> tuple[VigilancePoint, ...]:
        """Return the points of one zone, which depend only on its lycées."""
        key = zone, study.plan.members(zone.id)
        known = self._known.get(key)
        if known is None:
            if len(self._known) >= _ZONES:
                self._known = {}  # other threads may be reading the old ones
            breaches = check_zones(study.plan, [zone.id], self._context, _ALERTING)
            known = self._known[key] = tuple(points_among(study, (zone,), breaches))
        return known

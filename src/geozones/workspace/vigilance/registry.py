"""Registry of the kinds of points to watch, and the list of all points."""

from functools import lru_cache

from geozones.domain import Plan
from geozones.domain.events import State
from geozones.domain.teams import Teams
from geozones.rules import RuleOrigin, Severity
from geozones.workspace.analysis import Analysis
from geozones.workspace.study import Study
from geozones.workspace.vigilance.breaches import breaches
from geozones.workspace.vigilance.presence import weak_presence
from geozones.workspace.vigilance.record import VigilancePoint
from geozones.workspace.vigilance.zones import fragile, single_points

#: Functions that find points, in the order of the list. To add a kind, add a function here.
FINDERS = (breaches, fragile, weak_presence, single_points)


def vigilance(study: Study) -> tuple[VigilancePoint, ...]:
    """Return the points to watch of a plan: forbidden first, information last.

    The tool's points are left out if its rules are off (``tool_rules``), except forbidden ones.
    """
    return _found(study.analysis, study.plan, study.teams, study.retained)


@lru_cache(maxsize=64)
def _found(
    analysis: Analysis,
    plan: Plan,
    teams: Teams,
    retained: bool,  # noqa: FBT001 - part of the cache key
) -> tuple[VigilancePoint, ...]:
    study = Study(analysis, State(plan, teams=teams), retained)
    asked = [
        point
        for find in FINDERS
        for point in find(study)
        if analysis.settings.tool_rules
        or point.origin is not RuleOrigin.TOOL
        or point.severity is Severity.FORBIDDEN
    ]
    return tuple(sorted(asked, key=lambda point: -_GRAVITY[point.severity]))


_GRAVITY = {severity: rank for rank, severity in enumerate(Severity)}

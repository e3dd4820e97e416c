"""Every kind of point to watch, and the one list of them."""

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

#: What finds points, in the order in which they are listed. A new one is a function and a line.
FINDERS = (breaches, fragile, weak_presence, single_points)


def vigilance(study: Study) -> tuple[VigilancePoint, ...]:
    """Return the points to watch of a plan: what forbids first, information last.

    Those of the tool are left out where its rules are (``tool_rules``).
    """
    return _found(study.analysis, study.plan, study.teams, study.retained)


@lru_cache(maxsize=64)
def _found(
    analysis: Analysis,
    plan: Plan,
    teams: Teams,
    retained: bool,  # noqa: FBT001 - a key
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

"""Points de vigilance: points to watch in a plan, one list for pages, files and the terminal."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import chain

from geozones.domain import Plan, Zone
from geozones.domain.events import State
from geozones.rules import RuleOrigin, Severity, Violation
from geozones.workspace.analysis import Analysis
from geozones.workspace.study import Study
from geozones.workspace.vigilance.record import (
    PointKind,
    VigilancePoint,
    chosen,
    is_within,
    within,
)
from geozones.workspace.vigilance.zones import (
    fragile,
    in_short,
    points_of_breaches,
    single_points,
)

__all__ = [
    "PointKind",
    "RuleOrigin",
    "Severity",
    "VigilancePoint",
    "chosen",
    "in_short",
    "is_within",
    "points_among",
    "vigilance",
    "within",
]

#: Functions that find points of some zones, listed in this order after the breaches of rules. To
#: add a kind, add a function here.
FINDERS = (fragile, single_points)


def vigilance(study: Study) -> tuple[VigilancePoint, ...]:
    """Return the points to watch of a plan: forbidden first, information last.

    They are about the map: the posts of the study do not count, nor the rules on posts. The tool's
    points are left out if its rules are off (``tool_rules``), except forbidden ones.
    """
    return _found(study.analysis, study.plan, study.retained)


@lru_cache(maxsize=64)
def _found(
    analysis: Analysis,
    plan: Plan,
    retained: bool,  # noqa: FBT001 - part of the cache key
) -> tuple[VigilancePoint, ...]:
    study = Study(analysis, State(plan), retained)
    points = sorted(_all_points(study), key=lambda point: -_GRAVITY[point.severity])
    known = _causes(analysis)
    return tuple(
        point
        if not point.cause or point.cause == known.get(point.key)
        else replace(point, sentence=point.without_cause, cause="")
        for point in points
    )


@lru_cache(maxsize=64)
def _causes(analysis: Analysis) -> dict[tuple[object, ...], str]:
    """Return the causes of points that the plan in force has: a plan may not have made them."""
    base = Study(analysis, State(analysis.reference))
    return {point.key: point.cause for point in _all_points(base) if point.cause}


def _all_points(study: Study) -> Iterator[VigilancePoint]:
    return points_among(study, study.plan.zones, study.check())


def points_among(
    study: Study, zones: Sequence[Zone], breaches: Iterable[Violation]
) -> Iterator[VigilancePoint]:
    """Yield the points of some zones and of breaches: enough to count what a move changes."""
    found = (find(study, zones) for find in FINDERS)
    for point in chain(points_of_breaches(study, breaches), *found):
        if (
            study.settings.tool_rules
            or point.origin is not RuleOrigin.TOOL
            or point.severity is Severity.FORBIDDEN
        ):
            yield point


_GRAVITY = {severity: rank for rank, severity in enumerate(Severity)}

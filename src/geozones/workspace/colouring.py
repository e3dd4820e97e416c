"""Zones coloured by a metric of their teams, in five classes; grey where nobody defined a post."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from geozones.domain import Plan
from geozones.domain.french import number
from geozones.metrics import metric
from geozones.render.palette import NO_WAY, ramp

if TYPE_CHECKING:
    from geozones.workspace.core import Workspace

UNKNOWN = "non renseigné"
_MINUTES = (10.0, 20.0, 30.0, 45.0)
_HALF_DAYS = (0.0, 2.0, 5.0, 10.0)
#: Metric, upper bounds of the classes from the best, unit as written.
_BOUNDS: dict[str, tuple[tuple[float, ...], str]] = {
    "cover_median_minutes": (_MINUTES, "min"),
    "cover_p90_minutes": (_MINUTES, "min"),
    "uncovered": (_HALF_DAYS, "demi-journées"),
    "pair_uncovered": (_HALF_DAYS, "demi-journées"),
    "unmet": (_HALF_DAYS, "demi-journées"),
}
COLOURINGS = {key: metric(key).label for key in _BOUNDS}


@dataclass(frozen=True)
class Colouring:
    """Colours by zone, and the legend: a colour and what it says, the best first."""

    colours: dict[str, str]
    legend: tuple[tuple[str, str], ...]


def colour_zones(workspace: "Workspace", plan: Plan, key: str) -> Colouring:
    """Return the colours of a plan's zones by a metric, one of ``COLOURINGS``.

    The workspace is one with teams (`Workspace.with_teams`); a zone without posts is grey.
    """
    bounds, unit = _BOUNDS[key]
    shades = ramp()
    colours = {}
    for zone in plan.zones:
        value = workspace.evaluator.zone(plan, zone.id)[key] if plan.members(zone.id) else None
        colours[zone.id] = NO_WAY
        if isinstance(value, (int, float)):
            colours[zone.id] = shades[_class(value, bounds)]
    said = zip(shades, _words(bounds, unit), strict=True)
    return Colouring(colours, (*said, (NO_WAY, UNKNOWN)))


def _class(value: float, bounds: Sequence[float]) -> int:
    return sum(value > bound for bound in bounds)


def _words(bounds: Sequence[float], unit: str) -> list[str]:
    first = "0" if bounds[0] == 0 else f"{number(bounds[0])} {unit} au plus"
    middle = [f"{number(low)} à {number(high)}" for low, high in pairwise(bounds)]
    if bounds[0] == 0:
        middle = [f"1 à {number(bounds[1])}", *middle[1:]]
    return [first, *middle, f"plus de {number(bounds[-1])} {unit}"]

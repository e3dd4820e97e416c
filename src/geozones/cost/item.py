"""Record type of an item of the yearly cost."""

from collections.abc import Callable
from dataclasses import dataclass

from geozones.cost.activity import Activity, Hypotheses, Part
from geozones.domain.settings import CostSettings
from geozones.domain.terms import Worded


@dataclass(frozen=True, kw_only=True)
class Item:
    """Named item of the yearly cost.

    Parameters
    ----------
    key
        Its name in JSON and in the code.
    label, formula
        Its name and its formula, in French.
    hypotheses
        Names of the settings that it depends on, besides minutes, needs and posts.
    part
        Function that counts it; returns ``None`` if its input is unknown.
    weighted
        Whether its half-days are weighted by ``lost_hour``.
    apart
        Whether totals leave it out: it is shown beside them.
    """

    key: str
    label: Worded = Worded()
    formula: Worded = Worded()
    hypotheses: tuple[str, ...]
    part: Callable[[Activity, Hypotheses], Part | None]
    weighted: bool = False
    apart: bool = False

    def weight(self, settings: CostSettings) -> float:
        """Return the worth of an hour of its half-days, in hours on the road."""
        return settings.lost_hour if self.weighted else 1.0

"""An item of the yearly cost as one record."""

from collections.abc import Callable
from dataclasses import dataclass

from geozones.cost.activity import Activity, Hypotheses, Part


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A named part of the yearly cost.

    Parameters
    ----------
    key
        Its name in JSON and in the code.
    label, formula
        What it is called and how it is counted, in French.
    hypotheses
        Names of the settings that it depends on, beside minutes, needs and posts.
    part
        Count it; ``None`` where what it is counted from is not known.
    """

    key: str
    label: str
    formula: str
    hypotheses: tuple[str, ...]
    part: Callable[[Activity, Hypotheses], Part | None]

"""Record type of an item of the yearly cost."""

from collections.abc import Callable
from dataclasses import dataclass

from geozones.cost.activity import Activity, Hypotheses, Part


@dataclass(frozen=True, slots=True, kw_only=True)
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
    """

    key: str
    label: str
    formula: str
    hypotheses: tuple[str, ...]
    part: Callable[[Activity, Hypotheses], Part | None]

"""Points to watch, counted and listed: the one count of « Points de vigilance »."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from geozones.common.french import number, plural


class Watched(Protocol):
    """Point to watch, on screen or in a file.

    ``is_alert`` is false for information; ``to_confirm`` is true if its threshold is inside the
    interval of its minutes.
    """

    @property
    def is_alert(self) -> bool:
        """Tell whether it counts."""

    @property
    def to_confirm(self) -> bool:
        """Tell whether it is to be confirmed."""


@dataclass(frozen=True, slots=True)
class WatchList[P: Watched]:
    """Points that count, in their order, and information, which does not."""

    counted: tuple[P, ...]
    information: tuple[P, ...]

    @property
    def count(self) -> int:
        """The figure « Points de vigilance »."""
        return len(self.counted)

    @property
    def to_confirm(self) -> int:
        """Number of counted points to be confirmed."""
        return sum(point.to_confirm for point in self.counted)

    @property
    def doubt(self) -> str:
        """Return ``dont 5 à confirmer``; empty if every point is sure."""
        if not self.to_confirm:
            return ""
        return "à confirmer" if self.count == 1 else f"dont {number(self.to_confirm)} à confirmer"

    @property
    def text(self) -> str:
        """Return the count in words: ``14 points de vigilance, dont 5 à confirmer``."""
        if not self.count:
            return "Aucun point de vigilance"
        count = plural(self.count, "point de vigilance", "points de vigilance")
        return f"{count}, {self.doubt}" if self.doubt else count


def watch_list[P: Watched](points: Iterable[P]) -> WatchList[P]:
    """Return the points that count, and apart from them information."""
    known = tuple(points)
    return WatchList(
        tuple(point for point in known if point.is_alert),
        tuple(point for point in known if not point.is_alert),
    )

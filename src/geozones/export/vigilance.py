"""Points to watch in exported files."""

from collections.abc import Iterable
from dataclasses import dataclass

from geozones.common.french import plural


@dataclass(frozen=True, slots=True)
class PointRow:
    """Point to watch: sentence, place, origin of the rule, status of the place.

    ``zone`` is empty, and ``zone_id`` too, for a whole sector (``sector_id``); ``is_alert`` is
    false for information, which is listed and not counted.
    """

    kind: str
    sentence: str
    about: str
    status: str
    sector: str
    zone: str
    zone_id: str
    is_alert: bool
    sector_id: str = ""

    @property
    def where(self) -> str:
        """Name of its zone, or of its sector."""
        return self.zone or f"Secteur {self.sector}"

    @property
    def kind_and_origin(self) -> str:
        """Point, origin and status in words: ``zone fragile, repère de l'outil``."""
        return self.about if self.is_alert else f"information, {self.about}"


def count_of(points: Iterable[PointRow]) -> str:
    """Return the number of points, without information: ``14 points de vigilance``."""
    count = sum(point.is_alert for point in points)
    if not count:
        return "Aucun point de vigilance"
    return plural(count, "point de vigilance", "points de vigilance")

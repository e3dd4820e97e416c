"""Points to watch in exported files."""

from dataclasses import dataclass

#: Title of information, which is listed apart from the points that count.
NOT_COUNTED = "À savoir, sans être compté"


@dataclass(frozen=True, slots=True)
class PointRow:
    """Point to watch: sentence, place, origin of the rule, status of the place.

    ``zone`` is empty, and ``zone_id`` too, for a whole sector (``sector_id``); ``is_alert`` is
    false for information, which is listed and not counted; ``to_confirm``, true if the threshold is
    inside the interval of the minutes.
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
    to_confirm: bool = False

    @property
    def where(self) -> str:
        """Name of its zone, or of its sector."""
        return self.zone or f"Secteur {self.sector}"

    @property
    def kind_and_origin(self) -> str:
        """Point, origin and status in words: ``zone fragile, seuil de l'outil``."""
        return self.about if self.is_alert else f"information, {self.about}"

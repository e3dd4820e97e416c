"""Sectors and zones met so far in a document, and the current ones."""

from dataclasses import dataclass, field

from geozones.common.folding import folded
from geozones.intake.listing import ListedSector, ListedZone


@dataclass
class ZoneTracker:
    """Sectors and zones in the order of the document.

    ``sector`` and ``zone`` (its rank) are the current ones; ``None`` before any.
    """

    sectors: list[ListedSector] = field(default_factory=list)
    zones: list[ListedZone] = field(default_factory=list)
    sector: ListedSector | None = None
    zone: int | None = None
    _rank_by_name: dict[tuple[str, str], int] = field(default_factory=dict)

    def start_zone(self, name: str, line: int) -> None:
        """Enter a new zone of the current sector; most have no name."""
        sector = None if self.sector is None else self.sector.rank
        self.zone = len(self.zones)
        self.zones.append(ListedZone(self.zone, name, sector, line))

    def enter_zone(self, name: str, line: int) -> None:
        """Enter the zone of this name in the current sector, a new one if there is none."""
        key = ("" if self.sector is None else folded(self.sector.name), folded(name))
        if key not in self._rank_by_name:
            self.start_zone(name, line)
            self._rank_by_name[key] = len(self.zones) - 1
        self.zone = self._rank_by_name[key]

    def enter_sector(self, name: str, line: int) -> bool:
        """Enter the sector of this name, a new one if there is none; return whether it changed."""
        above = self.sector
        same = (sector for sector in self.sectors if folded(sector.name) == folded(name))
        self.sector = next(same, None)
        if self.sector is None:
            self.sector = ListedSector(len(self.sectors), name, line)
            self.sectors.append(self.sector)
        return self.sector is not above

    def leave_zone(self) -> None:
        """Leave the zone until the next one starts."""
        self.zone = None

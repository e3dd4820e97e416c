"""Immutable plan: the zone of each lycée, the sector of each zone."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType

from geozones.domain.entities import Sector, Zone
from geozones.domain.errors import UnknownLyceeError, UnknownSectorError, UnknownZoneError


@dataclass(frozen=True)
class Plan:
    """Immutable assignment of lycées to zones; :meth:`move` returns a new plan.

    ``zone_by_lycee`` maps lycée ids to zone ids. Two plans are equal when their sectors, zones and
    assignment are.
    """

    sectors: tuple[Sector, ...]
    zones: tuple[Zone, ...]
    zone_by_lycee: Mapping[str, str]

    def __post_init__(self) -> None:
        object.__setattr__(self, "zone_by_lycee", MappingProxyType(dict(self.zone_by_lycee)))
        sectors = {sector.id for sector in self.sectors}
        for zone in self.zones:
            if zone.sector not in sectors:
                raise UnknownSectorError(zone.sector)
        for zone_id in self.zone_by_lycee.values():
            self.zone(zone_id)

    def __hash__(self) -> int:
        """Hash by content, so that results can be cached by plan."""
        return self._hash

    def __reduce__(self) -> tuple[object, ...]:
        """Pickle the content of the plan only: a search may run in another process."""
        return Plan, (self.sectors, self.zones, dict(self.zone_by_lycee))

    @cached_property
    def _hash(self) -> int:
        return hash((self.sectors, self.zones, frozenset(self.zone_by_lycee.items())))

    @cached_property
    def _zone_by_id(self) -> dict[str, Zone]:
        return {zone.id: zone for zone in self.zones}

    @cached_property
    def _sector_by_id(self) -> dict[str, Sector]:
        return {sector.id: sector for sector in self.sectors}

    @cached_property
    def _members(self) -> dict[str, tuple[str, ...]]:
        members: dict[str, list[str]] = {zone.id: [] for zone in self.zones}
        for lycee, zone in self.zone_by_lycee.items():
            members[zone].append(lycee)
        return {zone: tuple(sorted(lycees)) for zone, lycees in members.items()}

    @property
    def lycees(self) -> tuple[str, ...]:
        """Ids of all the lycées of the plan."""
        return tuple(self.zone_by_lycee)

    def zone(self, zone: str) -> Zone:
        """Return a zone by id, or raise ``UnknownZoneError``."""
        try:
            return self._zone_by_id[zone]
        except KeyError:
            raise UnknownZoneError(zone) from None

    def sector(self, sector: str) -> Sector:
        """Return a sector by id, or raise ``UnknownSectorError``."""
        try:
            return self._sector_by_id[sector]
        except KeyError:
            raise UnknownSectorError(sector) from None

    def has_zone(self, zone: str | None) -> bool:
        """Return whether the plan has a zone with an id."""
        return zone in self._zone_by_id

    def has_sector(self, sector: str | None) -> bool:
        """Return whether the plan has a sector with an id."""
        return sector in self._sector_by_id

    def zone_of(self, lycee: str) -> Zone:
        """Return the zone of a lycée, or raise ``UnknownLyceeError``."""
        try:
            return self._zone_by_id[self.zone_by_lycee[lycee]]
        except KeyError:
            raise UnknownLyceeError(lycee) from None

    def sector_of(self, lycee: str) -> Sector:
        """Return the sector of a lycée, or raise ``UnknownLyceeError``."""
        return self._sector_by_id[self.zone_of(lycee).sector]

    def members(self, zone: str) -> tuple[str, ...]:
        """Return the ids of a zone's lycées, sorted; empty for an empty zone."""
        try:
            return self._members[zone]
        except KeyError:
            raise UnknownZoneError(zone) from None

    def zones_of(self, sector: str) -> tuple[Zone, ...]:
        """Return the zones of a sector, in the plan's order."""
        self.sector(sector)
        return tuple(zone for zone in self.zones if zone.sector == sector)

    def lycees_of(self, sector: str) -> tuple[str, ...]:
        """Return the ids of a sector's lycées, zone by zone."""
        return tuple(lycee for zone in self.zones_of(sector) for lycee in self.members(zone.id))

    def move(self, lycee: str, zone: str) -> "Plan":
        """Return the plan with one lycée in another zone.

        Raises
        ------
        UnknownLyceeError, UnknownZoneError
            If the plan has no such lycée or zone.
        """
        origin = self.zone_of(lycee).id
        target = self.zone(zone).id
        if origin == target:
            return self
        moved = Plan.__new__(Plan)
        assignment = dict(self.zone_by_lycee) | {lycee: target}
        members = dict(self._members)
        members[origin] = tuple(other for other in members[origin] if other != lycee)
        members[target] = tuple(sorted((*members[target], lycee)))
        moved.__dict__.update(
            sectors=self.sectors,
            zones=self.zones,
            zone_by_lycee=MappingProxyType(assignment),
            _members=members,
            _zone_by_id=self._zone_by_id,
            _sector_by_id=self._sector_by_id,
        )
        return moved

    def move_all(self, moves: Mapping[str, str]) -> "Plan":
        """Return the plan with several lycées each in another zone (ids), as `move`."""
        plan = self
        for lycee, zone in moves.items():
            plan = plan.move(lycee, zone)
        return plan

    def with_zone(self, zone: Zone) -> "Plan":
        """Return the plan with one more zone, empty."""
        return plan_of(self.sectors, (*self.zones, zone), self.zone_by_lycee)

    def opened_since(self, other: "Plan") -> tuple[str, ...]:
        """Return the lycées (ids) missing from another plan; with plans swapped, closed lycées."""
        return tuple(lycee for lycee in self.zone_by_lycee if lycee not in other.zone_by_lycee)

    def moves_from(self, other: "Plan") -> tuple[tuple[str, str, str], ...]:
        """List ``(lycée, zone in other, zone here)`` for each lycée that changed zone."""
        return tuple(
            (lycee, before, self.zone_by_lycee[lycee])
            for lycee, before in other.zone_by_lycee.items()
            if self.zone_by_lycee.get(lycee, before) != before
        )


def plan_of(sectors: Iterable[Sector], zones: Iterable[Zone], lycees: Mapping[str, str]) -> Plan:
    """Build a plan, with its lycées in a fixed order (by id) so that equal plans look equal."""
    return Plan(tuple(sectors), tuple(zones), dict(sorted(lycees.items())))

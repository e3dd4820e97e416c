"""Immutable plan: lycées with their zone, zones with their sector."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property
from types import MappingProxyType

from geozones.domain.errors import UnknownLyceeError, UnknownSectorError, UnknownZoneError


class DecisionStatus(StrEnum):
    """Decision status of a zone or a sector, derived by `geozones.domain.decisions`.

    ``PUBLISHED``: by the Région. ``RETAINED``: decided here, not yet published. ``PROPOSED``: in a
    scenario. ``DRAFT``: drawn by the tool. A sector stores every status but ``RETAINED``, which
    follows from the decision on its scenario.
    """

    PUBLISHED = "publie"
    RETAINED = "retenu"
    PROPOSED = "propose"
    DRAFT = "brouillon"

    @property
    def label(self) -> str:
        """The French word, the same on every screen and in every file."""
        return _LABELS[self]


_LABELS = {
    DecisionStatus.PUBLISHED: "publié",
    DecisionStatus.RETAINED: "retenu",
    DecisionStatus.PROPOSED: "proposé",
    DecisionStatus.DRAFT: "brouillon",
}


class Origin(StrEnum):
    """Origin of a sector: the Région (in its document, or in a scenario here) or the tool."""

    REGION = "region"
    TOOL = "outil"


@dataclass(frozen=True, slots=True)
class Lycee:
    """Lycée to serve.

    ``id`` is its UAI, or a provisional ``X44-…`` key where none is published; ``lat`` and ``lon``
    are WGS84 degrees; ``precision`` is ``adresse`` or ``commune`` (placed at the town's centre);
    ``published_name`` is its name in print in the source, ``remark`` a doubt about it; ``pupils``
    is ``None`` where no source gives their number, ``pupils_source`` names the source and its date.
    """

    id: str
    name: str
    published_name: str
    kind: str
    address: str
    postcode: str
    commune: str
    insee: str
    departement: str
    lat: float
    lon: float
    associated_uais: tuple[str, ...] = ()
    precision: str = "adresse"
    source: str = ""
    remark: str = ""
    pupils: int | None = None
    pupils_source: str = ""

    @property
    def label(self) -> str:
        """Name of the lycée in a sentence: ``Livet (Nantes)``.

        A name that already contains its place, ``Raphaël Élizé (Sablé)``, does not change.
        """
        if self.name.endswith(")") or self.commune.casefold() in self.name.casefold():
            return self.name
        return f"{self.name} ({self.commune})"


@dataclass(frozen=True, slots=True)
class Zone:
    """Continuity zone: lycées whose technicians cover one another.

    ``own_name`` is the name that it was given, ``shown_name`` the one shown instead while its own
    is false, which `geozones.domain.zone_names` derives. Zones are equal whatever they show.
    """

    id: str
    own_name: str
    sector: str
    shown_name: str = field(default="", compare=False)

    @property
    def name(self) -> str:
        """The name to show."""
        return self.shown_name or self.own_name


@dataclass(frozen=True, slots=True)
class Milestone:
    """Date of a sector's own calendar (ISO) and what is due then, in French.

    ``uncertain`` marks a date or a reading that no document states explicitly.
    """

    date: str
    text: str
    uncertain: bool = False


@dataclass(frozen=True, slots=True)
class Sector:
    """Sector, led by an RNS from a support centre (a lycée id), where both are known."""

    id: str
    name: str
    status: DecisionStatus  # Stored status: published, proposed or draft (see `DecisionStatus`).
    rns: str | None = None
    support_centre: str | None = None
    origin: Origin = Origin.REGION  # Who drew it.
    #: Its own number of T.I.S.; ``None`` for the number in the calendar.
    technicians: int | None = None
    experimental: bool = False  # Whether it takes part in the experiment, published or not.
    #: Its own calendar, by date, beside the calendar of the deployment.
    milestones: tuple[Milestone, ...] = ()
    note: str = ""  # Note that people wrote about it.

    @property
    def is_draft(self) -> bool:
        """Whether the sector is stored as a draft of this tool, never proposed or decided."""
        return self.status is DecisionStatus.DRAFT


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
        for lycee_id, zone_id in self.zone_by_lycee.items():
            members[zone_id].append(lycee_id)
        return {zone: tuple(sorted(lycees)) for zone, lycees in members.items()}

    @property
    def lycees(self) -> tuple[str, ...]:
        """Ids of all the lycées of the plan."""
        return tuple(self.zone_by_lycee)

    def zone(self, zone_id: str) -> Zone:
        """Return a zone by id, or raise ``UnknownZoneError``."""
        try:
            return self._zone_by_id[zone_id]
        except KeyError:
            raise UnknownZoneError(zone_id) from None

    def sector(self, sector_id: str) -> Sector:
        """Return a sector by id, or raise ``UnknownSectorError``."""
        try:
            return self._sector_by_id[sector_id]
        except KeyError:
            raise UnknownSectorError(sector_id) from None

    def has_zone(self, zone_id: str | None) -> bool:
        """Return whether the plan has a zone with an id."""
        return zone_id in self._zone_by_id

    def has_sector(self, sector_id: str | None) -> bool:
        """Return whether the plan has a sector with an id."""
        return sector_id in self._sector_by_id

    def zone_of(self, lycee_id: str) -> Zone:
        """Return the zone of a lycée, or raise ``UnknownLyceeError``."""
        try:
            return self._zone_by_id[self.zone_by_lycee[lycee_id]]
        except KeyError:
            raise UnknownLyceeError(lycee_id) from None

    def sector_of(self, lycee_id: str) -> Sector:
        """Return the sector of a lycée, or raise ``UnknownLyceeError``."""
        return self._sector_by_id[self.zone_of(lycee_id).sector]

    def members(self, zone_id: str) -> tuple[str, ...]:
        """Return the ids of a zone's lycées, sorted; empty for an empty zone."""
        try:
            return self._members[zone_id]
        except KeyError:
            raise UnknownZoneError(zone_id) from None

    def zones_of(self, sector_id: str) -> tuple[Zone, ...]:
        """Return the zones of a sector, in the plan's order."""
        self.sector(sector_id)
        return tuple(zone for zone in self.zones if zone.sector == sector_id)

    def lycees_of(self, sector_id: str) -> tuple[str, ...]:
        """Return the ids of a sector's lycées, zone by zone."""
        return tuple(lycee for zone in self.zones_of(sector_id) for lycee in self.members(zone.id))

    def move(self, lycee_id: str, zone_id: str) -> "Plan":
        """Return the plan with one lycée in another zone."""
        origin = self.zone_of(lycee_id).id
        target = self.zone(zone_id).id
        if origin == target:
            return self
        moved = Plan.__new__(Plan)
        assignment = dict(self.zone_by_lycee) | {lycee_id: target}
        members = dict(self._members)
        members[origin] = tuple(other for other in members[origin] if other != lycee_id)
        members[target] = tuple(sorted((*members[target], lycee_id)))
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

    def showing(self, names: Mapping[str, str]) -> "Plan":
        """Return the equal plan whose zones show names by zone id, the others their own."""
        if all(zone.shown_name == names.get(zone.id, "") for zone in self.zones):
            return self
        zones = tuple(
            zone
            if zone.shown_name == (name := names.get(zone.id, ""))
            else replace(zone, shown_name=name)
            for zone in self.zones
        )
        shown = Plan.__new__(Plan)
        by_id = {zone.id: zone for zone in zones}
        shown.__dict__.update(self.__dict__, zones=zones, _zone_by_id=by_id)
        return shown

    def with_zone(self, zone: Zone) -> "Plan":
        """Return the plan with one more zone, empty."""
        return plan_of(self.sectors, (*self.zones, zone), self.zone_by_lycee)

    def opened_since(self, other: "Plan") -> tuple[str, ...]:
        """Return the lycées (ids) missing from another plan; with plans swapped, closed lycées."""
        return tuple(
            lycee_id for lycee_id in self.zone_by_lycee if lycee_id not in other.zone_by_lycee
        )

    def moves_from(self, other: "Plan") -> tuple[tuple[str, str, str], ...]:
        """List ``(lycée, zone in other, zone here)`` for each lycée that changed zone."""
        return tuple(
            (lycee_id, before, self.zone_by_lycee[lycee_id])
            for lycee_id, before in other.zone_by_lycee.items()
            if self.zone_by_lycee.get(lycee_id, before) != before
        )


def plan_of(sectors: Iterable[Sector], zones: Iterable[Zone], lycees: Mapping[str, str]) -> Plan:
    """Build a plan, with its lycées in a fixed order (by id) so that equal plans look equal."""
    return Plan(tuple(sectors), tuple(zones), dict(sorted(lycees.items())))

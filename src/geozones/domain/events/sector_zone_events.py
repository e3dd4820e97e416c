"""Events that move zones between sectors: move a zone, merge or split sectors."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import ClassVar, Self, override

from geozones.common.errors import InputError
from geozones.common.french import listing
from geozones.domain.decisions import SECTOR
from geozones.domain.events import change as fp
from geozones.domain.events.change import (
    Data,
    EventChange,
    Footprint,
    Names,
    State,
    footprint,
    name_text,
    text,
)
from geozones.domain.events.sector_events import (
    CreateSector,
    proposed,
    refuse_if_locked,
    replaced,
    without_sector,
)
from geozones.domain.plan import plan_of
from geozones.domain.terms import terms


@dataclass(frozen=True, slots=True)
class MoveZone(EventChange):
    """Move of a zone to another sector, with its lycées and posts: ``{"zone", "sector"}``."""

    kind: ClassVar[str] = "move_zone"
    zone: str
    sector: str

    @classmethod
    @override
    def read(cls, data: Data) -> Self:
        return cls(text(data["zone"]), text(data["sector"]))

    @override
    def apply(self, state: State) -> State:
        zone, sector = state.plan.zone(self.zone), state.plan.sector(self.sector)
        if zone.sector == sector.id:
            raise InputError(f"La zone {zone.name} est déjà du secteur {sector.name}.")
        _refuse_without_centre(state, zone.sector, [zone.id])
        return _given(state, [zone.id], sector.id)

    @override
    def footprint(self, state: State) -> Footprint:
        origin = state.plan.zone(self.zone).sector
        return _given_footprint(state, [self.zone], self.sector) | footprint(
            [fp.sector_field(origin, "support_centre")]
        )

    @override
    def describe(self, names: Names) -> str:
        return f"Zone {names.zone(self.zone)} → secteur {names.sector(self.sector)}"


@dataclass(frozen=True, slots=True)
class MergeSectors(EventChange):
    """Move of every zone of a sector to another, then its removal: ``{"sector", "into"}``."""

    kind: ClassVar[str] = "merge_sectors"
    sector: str
    into: str

    @classmethod
    @override
    def read(cls, data: Data) -> Self:
        return cls(text(data["sector"]), text(data["into"]))

    @override
    def apply(self, state: State) -> State:
        sector, into = state.plan.sector(self.sector).id, state.plan.sector(self.into).id
        if sector == into:
            raise InputError("Un secteur se fusionne avec un autre que lui-même.")
        refuse_if_locked(state, sector)
        refuse_if_locked(state, into)
        zones = [zone.id for zone in state.plan.zones_of(sector)]
        return without_sector(_given(state, zones, into), sector)

    @override
    def footprint(self, state: State) -> Footprint:
        zones = [zone.id for zone in state.plan.zones_of(self.sector)]
        return _given_footprint(state, zones, self.into) | footprint(
            [fp.lock(SECTOR, self.sector)], [fp.sector(self.sector)]
        )

    @override
    def describe(self, names: Names) -> str:
        return f"Secteur {names.sector(self.sector)} fusionné avec {names.sector(self.into)}"


@dataclass(frozen=True, slots=True)
class SplitSector(EventChange):
    """Move of zones to a new sector: ``{"sector", "new", "name", "zones": [id, …]}``."""

    kind: ClassVar[str] = "split_sector"
    sector: str
    new: str
    name: str
    zones: tuple[str, ...]

    @classmethod
    @override
    def read(cls, data: Data) -> Self:
        name = name_text(data["name"], "Le nom d'un secteur")
        zones = tuple(text(zone) for zone in data["zones"])
        return cls(text(data["sector"]), str(data["new"]), name, zones)

    @override
    def apply(self, state: State) -> State:
        sector = state.plan.sector(self.sector)
        if not self.zones or not set(self.zones) < {z.id for z in state.plan.zones_of(sector.id)}:
            raise InputError(
                f"Pour scinder le secteur {sector.name}, choisissez une partie de ses zones."
            )
        _refuse_without_centre(state, sector.id, self.zones)
        created = CreateSector(self.new, self.name).apply(state)
        return _given(created, self.zones, self.new)

    @override
    def footprint(self, state: State) -> Footprint:
        stay = [zone.id for zone in state.plan.zones_of(self.sector) if zone.id not in self.zones]
        created = CreateSector(self.new, self.name)
        given = _given_footprint(created.apply(state), self.zones, self.new)
        parted = footprint([fp.sector_field(self.sector, "support_centre"), *map(fp.zone, stay)])
        return created.footprint(state) | given | parted

    @override
    def describe(self, names: Names) -> str:
        zones = listing([names.zone(zone) for zone in self.zones])
        return f"Secteur {names.sector(self.sector)} scindé : {self.name} reçoit {zones}"

    @property
    @override
    def sector_names(self) -> Mapping[str, str]:
        return {self.new: self.name}


def _given(state: State, zones: Collection[str], sector: str) -> State:
    """Return a state with zones (ids) moved to a sector; all sectors involved become edited."""
    plan = state.plan
    for zone in zones:
        refusal = state.locks.zone_refusal(plan, zone)
        if refusal is not None:
            raise InputError(refusal)
    refuse_if_locked(state, sector)
    touched = {sector, *(plan.zone(zone).sector for zone in zones)}
    sectors = replaced(plan, *(proposed(plan.sector(entry)) for entry in touched))
    moved = [replace(z, sector=sector) if z.id in zones else z for z in plan.zones]
    return replace(state, plan=plan_of(sectors, moved, plan.zone_by_lycee))


def _given_footprint(state: State, zones: Collection[str], sector: str) -> Footprint:
    """Return the footprint of `_given`."""
    plan = state.plan
    sectors = {sector, *(plan.zone(zone).sector for zone in zones)}
    reads = {fp.lock(SECTOR, sector)}
    for zone in zones:
        reads |= fp.whole_zone_reads(state, zone)
    for entry in sectors:
        reads |= {fp.sector(entry), fp.sector_field(entry, "status")}
    return footprint(reads, map(fp.zone, zones))


def _refuse_without_centre(state: State, sector: str, zones: Collection[str]) -> None:
    """Raise if a sector would lose the zone of its support centre."""
    owner = state.plan.sector(sector)
    where = state.plan.zone_by_lycee.get(owner.support_centre or "")
    if where is not None and where in zones:
        centre = terms().support_centre
        raise InputError(
            f"La zone {state.plan.zone(where).name} a {centre.the} du secteur {owner.name} : "
            f"choisissez-lui d'abord un{centre.e} autre {centre}."
        )

"""Events that change zones, and those that move zones between sectors, merge or split these."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import ClassVar, Self, override

from geozones.common.errors import InputError
from geozones.common.french import listing, plural
from geozones.domain.decisions import SECTOR
from geozones.domain.events import change as fp
from geozones.domain.events.change import (
    CODE,
    Data,
    EventChange,
    Footprint,
    Names,
    State,
    footprint,
    name_text,
    one_line,
    optional_text,
    text,
)
from geozones.domain.events.lycee_events import MoveLycees, without_stale_choices
from geozones.domain.events.sector_events import (
    CreateSector,
    proposed,
    refuse_if_locked,
    replaced,
    without_sector,
)
from geozones.domain.plan import Zone, plan_of
from geozones.domain.terms import terms, worded


@dataclass(frozen=True, slots=True)
class CreateZone(EventChange):
    """Creation of an empty zone in a sector: ``{"zone", "name", "sector"}``."""

    kind: ClassVar[str] = "create_zone"
    zone: str
    name: str
    sector: str

    @classmethod
    @override
    def read(cls, data: Data) -> Self:
        return cls(str(data["zone"]), name_text(data["name"]), text(data["sector"]))

    @override
    def apply(self, state: State) -> State:
        plan = state.plan
        if not CODE.fullmatch(self.zone) or self.zone in {entry.id for entry in plan.zones}:
            raise InputError(f"Le code de zone « {self.zone[:40]} » est déjà pris ou mal formé.")
        sector = plan.sector(self.sector)
        refuse_if_locked(state, sector.id)
        zone = Zone(self.zone, one_line(self.name), sector.id)
        return replace(state, plan=plan.with_zone(zone))

    @override
    def footprint(self, state: State) -> Footprint:
        return footprint(
            [fp.sector(self.sector), fp.lock(SECTOR, self.sector)], [fp.zone(self.zone)]
        )

    @override
    def describe(self, names: Names) -> str:
        return f"Zone {self.name} créée"

    @property
    @override
    def zone_names(self) -> Mapping[str, str]:
        return {self.zone: self.name}


@dataclass(frozen=True, slots=True)
class RenameZone(EventChange):
    """Renaming of a zone: ``{"zone", "name"}``."""

    kind: ClassVar[str] = "rename_zone"
    zone: str
    name: str

    @classmethod
    @override
    def read(cls, data: Data) -> Self:
        return cls(text(data["zone"]), name_text(data["name"]))

    @override
    def apply(self, state: State) -> State:
        plan = state.plan
        before = plan.zone(self.zone)
        after = replace(before, own_name=one_line(self.name), shown_name="")
        zones = tuple(after if zone is before else zone for zone in plan.zones)
        return replace(state, plan=plan_of(plan.sectors, zones, plan.zone_by_lycee))

    @override
    def footprint(self, state: State) -> Footprint:
        return footprint([fp.zone(self.zone)], [fp.zone_name(self.zone)])

    @override
    def describe(self, names: Names) -> str:
        return f"Zone renommée {self.name}"

    @property
    @override
    def zone_names(self) -> Mapping[str, str]:
        return {self.zone: self.name}


@dataclass(frozen=True, slots=True)
class DeleteZone(EventChange):
    """Removal of a zone without lycées and posts: ``{"zone"}``."""

    kind: ClassVar[str] = "delete_zone"
    zone: str

    @classmethod
    @override
    def read(cls, data: Data) -> Self:
        return cls(text(data["zone"]))

    @override
    def apply(self, state: State) -> State:
        zone = state.plan.zone(self.zone)
        _refuse_if_locked(state, zone.id)
        posts = state.teams.of_zone(zone.id)
        if posts:
            them = "le" if len(posts) == 1 else "les"
            raise InputError(
                f"La zone {zone.name} a encore {plural(len(posts), 'poste')} : retirez-{them} "
                "(page Équipes) ou fusionnez-la avec une autre."
            )
        members = state.plan.members(zone.id)
        if members:
            them = "le" if len(members) == 1 else "les"
            raise InputError(
                f"La zone {zone.name} a encore {terms().site.counted(len(members))} : "
                f"déplacez-{them} ou fusionnez-la avec une autre."
            )
        return _without_zone(state, zone.id)

    @override
    def footprint(self, state: State) -> Footprint:
        return footprint(fp.whole_zone_reads(state, self.zone), [fp.zone(self.zone)])

    @override
    def describe(self, names: Names) -> str:
        return f"Zone {names.zone(self.zone)} supprimée"


@dataclass(frozen=True, slots=True)
class MergeZones(EventChange):
    """Move of every lycée and post of a zone to another zone, then its removal.

    ``{"zone", "into"}``.
    """

    kind: ClassVar[str] = "merge_zones"
    zone: str
    into: str

    @classmethod
    @override
    def read(cls, data: Data) -> Self:
        return cls(text(data["zone"]), text(data["into"]))

    @override
    def apply(self, state: State) -> State:
        zone_id, into = state.plan.zone(self.zone).id, state.plan.zone(self.into).id
        if zone_id == into:
            raise InputError("Une zone se fusionne avec une autre qu'elle-même.")
        _refuse_if_locked(state, into)
        _refuse_if_locked(state, zone_id)
        moved = MoveLycees(dict.fromkeys(state.plan.members(zone_id), into)).apply(state)
        posts = [replace(post, zone=into) for post in state.teams.of_zone(zone_id)]
        both = (*state.teams.of_zone(into), *posts)
        teams = state.teams.with_posts((zone_id, into), both) if posts else state.teams
        return _without_zone(replace(moved, teams=teams), zone_id)

    @override
    def footprint(self, state: State) -> Footprint:
        moved = state.plan.members(self.zone)
        reads = fp.whole_zone_reads(state, self.zone) | fp.whole_zone_reads(state, self.into)
        posts = [fp.posts(self.into)] if state.teams.of_zone(self.zone) else []
        return footprint(
            reads | {*map(fp.lycee, moved)},
            [fp.zone(self.zone), *map(fp.zone_of, moved), *posts],
        )

    @override
    def describe(self, names: Names) -> str:
        return f"Zone {names.zone(self.zone)} fusionnée avec {names.zone(self.into)}"


@dataclass(frozen=True, slots=True)
class SplitZone(EventChange):
    """Move of lycées to a new zone: ``{"zone", "new", "name", "lycees": [id, …]}``."""

    kind: ClassVar[str] = "split_zone"
    zone: str
    new: str
    name: str
    lycees: tuple[str, ...]

    @classmethod
    @override
    def read(cls, data: Data) -> Self:
        lycees = tuple(text(lycee) for lycee in data["lycees"])
        return cls(text(data["zone"]), str(data["new"]), name_text(data["name"]), lycees)

    @override
    def apply(self, state: State) -> State:
        zone = state.plan.zone(self.zone)
        if not self.lycees or not set(self.lycees) < set(state.plan.members(zone.id)):
            raise InputError(
                f"Pour scinder {zone.name}, choisissez une partie de ses {terms().site.plural}.",
                field="parts",
            )
        created = CreateZone(self.new, self.name, zone.sector).apply(state)
        return MoveLycees(dict.fromkeys(self.lycees, self.new)).apply(created)

    @override
    def footprint(self, state: State) -> Footprint:
        stay = set(state.plan.members(self.zone)) - set(self.lycees)
        created = CreateZone(self.new, self.name, state.plan.zone(self.zone).sector)
        moves = footprint(
            [
                *fp.change_reads(state, self.zone, *self.lycees),
                *map(fp.zone_of, stay),
                *map(fp.lycee, self.lycees),
            ],
            map(fp.zone_of, self.lycees),
        )
        return created.footprint(state) | moves

    @override
    def describe(self, names: Names) -> str:
        lycees = listing([names.lycee(lycee_id) for lycee_id in self.lycees])
        return f"Zone {names.zone(self.zone)} scindée : {self.name} reçoit {lycees}"

    @property
    @override
    def zone_names(self) -> Mapping[str, str]:
        return {self.new: self.name}


def _refuse_if_locked(state: State, zone_id: str) -> None:
    refusal = state.locks.zone_refusal(state.plan, zone_id)
    if refusal is not None:
        raise InputError(refusal)


def _without_zone(state: State, zone_id: str) -> State:
    plan = state.plan
    zones = tuple(entry for entry in plan.zones if entry.id != zone_id)
    smaller = plan_of(plan.sectors, zones, plan.zone_by_lycee)
    return without_stale_choices(replace(state, plan=smaller))


@dataclass(frozen=True, slots=True)
class RedrawZones(EventChange):
    """Creation of zones, moves of lycées and removal of zones, all or nothing.

    ``{"create": [{"zone", "name", "sector"}, …], "moves": {lycée: zone}, "remove": [id, …]}``.
    """

    kind: ClassVar[str] = "redraw"
    create: tuple[CreateZone, ...]
    moves: MoveLycees
    remove: tuple[DeleteZone, ...]

    @classmethod
    @override
    def read(cls, data: Data) -> Self:
        return cls(
            tuple(CreateZone.read(zone) for zone in data["create"]),
            MoveLycees.read(data),
            tuple(DeleteZone(text(zone)) for zone in data["remove"]),
        )

    @staticmethod
    def data_of(
        created: tuple[Zone, ...], moves: Mapping[str, str], removed: tuple[str, ...]
    ) -> dict[str, object]:
        """Return the ``data`` of an event; `read` is the inverse."""
        return {
            "create": [
                {"zone": zone.id, "name": zone.name, "sector": zone.sector} for zone in created
            ],
            "moves": dict(moves),
            "remove": list(removed),
        }

    @override
    def apply(self, state: State) -> State:
        for change in (*self.create, self.moves, *self.remove):
            state = change.apply(state)
        return state

    @override
    def footprint(self, state: State) -> Footprint:
        whole = Footprint()
        for change in (*self.create, self.moves, *self.remove):
            whole |= change.footprint(state)
            state = change.apply(state)
        return whole

    @override
    def describe(self, names: Names) -> str:
        phrases = [self.moves.describe(names)]
        if self.create:
            phrases.append(_zones([zone.name for zone in self.create], "créée"))
        if self.remove:
            phrases.append(_zones([names.zone(zone.zone) for zone in self.remove], "supprimée"))
        return " ; ".join(phrases)

    @property
    @override
    def zone_names(self) -> Mapping[str, str]:
        return {zone.zone: zone.name for zone in self.create}


def _zones(names: list[str], done: str) -> str:
    several = len(names) > 1
    return f"zone{'s' * several} {listing(names)} {done}{'s' * several}"


_COLOUR = re.compile(r"#[0-9a-f]{6}")


@dataclass(frozen=True, slots=True)
class SetColour(EventChange):
    """Colour of a zone, or return to the palette: ``{"zone", "colour": "#rrggbb" or null}``."""

    kind: ClassVar[str] = "set_colour"
    zone: str
    colour: str | None

    @classmethod
    @override
    def read(cls, data: Data) -> Self:
        return cls(text(data["zone"]), optional_text(data["colour"]))

    @override
    def apply(self, state: State) -> State:
        zone_id = state.plan.zone(self.zone).id
        colour = None if self.colour is None else self.colour.lower()
        if colour is not None and not _COLOUR.fullmatch(colour):
            raise InputError("Une couleur s'écrit #rrvvbb, par exemple #95cea0.")
        return replace(state, colours=_with_value(state.colours, zone_id, colour))

    @override
    def footprint(self, state: State) -> Footprint:
        return footprint([fp.zone(self.zone)], [("colour", self.zone)])

    @override
    def describe(self, names: Names) -> str:
        return f"Couleur de {names.zone(self.zone)} : {self.colour or 'celle de la palette'}"


@dataclass(frozen=True, slots=True)
class SetPivot(EventChange):
    """Pivot lycée of a zone, or return to the computed pivot: ``{"zone", "lycee": id or null}``."""

    kind: ClassVar[str] = "set_pivot"
    zone: str
    lycee: str | None

    @classmethod
    @override
    def read(cls, data: Data) -> Self:
        return cls(text(data["zone"]), optional_text(data["lycee"]))

    @override
    def apply(self, state: State) -> State:
        zone = state.plan.zone(self.zone)
        if self.lycee is not None and self.lycee not in state.plan.members(zone.id):
            raise InputError(
                f"{worded('{The_site} pivot doit être {a_site}')} de la zone {zone.name}."
            )
        return replace(state, pivots=_with_value(state.pivots, zone.id, self.lycee))

    @override
    def footprint(self, state: State) -> Footprint:
        reads = [fp.zone(self.zone)]
        if self.lycee is not None:
            reads += [fp.lycee(self.lycee), fp.zone_of(self.lycee)]
        return footprint(reads, [("pivot", self.zone)])

    @override
    def describe(self, names: Names) -> str:
        pivot = names.lycee(self.lycee) if self.lycee else "celui que l'outil calcule"
        return f"{worded('{Site}')} pivot de {names.zone(self.zone)} : {pivot}"


def _with_value(values: Mapping[str, str], key: str, value: str | None) -> Mapping[str, str]:
    rest = {other: kept for other, kept in values.items() if other != key}
    return rest if value is None else {**rest, key: value}


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
        sector_id, into = state.plan.sector(self.sector).id, state.plan.sector(self.into).id
        if sector_id == into:
            raise InputError("Un secteur se fusionne avec un autre que lui-même.")
        refuse_if_locked(state, sector_id)
        refuse_if_locked(state, into)
        zones = [zone.id for zone in state.plan.zones_of(sector_id)]
        return without_sector(_given(state, zones, into), sector_id)

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
                f"Pour scinder le secteur {sector.name}, choisissez une partie de ses zones.",
                field="parts",
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


def _given(state: State, zones: Collection[str], sector_id: str) -> State:
    """Return a state with zones (ids) moved to a sector; all sectors involved become edited."""
    plan = state.plan
    for zone_id in zones:
        refusal = state.locks.zone_refusal(plan, zone_id)
        if refusal is not None:
            raise InputError(refusal)
    refuse_if_locked(state, sector_id)
    touched = {sector_id, *(plan.zone(zone_id).sector for zone_id in zones)}
    sectors = replaced(plan, *(proposed(plan.sector(entry)) for entry in touched))
    moved = [replace(z, sector=sector_id) if z.id in zones else z for z in plan.zones]
    return replace(state, plan=plan_of(sectors, moved, plan.zone_by_lycee))


def _given_footprint(state: State, zones: Collection[str], sector_id: str) -> Footprint:
    """Return the footprint of `_given`."""
    plan = state.plan
    sectors = {sector_id, *(plan.zone(zone_id).sector for zone_id in zones)}
    reads = {fp.lock(SECTOR, sector_id)}
    for zone in zones:
        reads |= fp.whole_zone_reads(state, zone)
    for entry in sectors:
        reads |= {fp.sector(entry), fp.sector_field(entry, "status")}
    return footprint(reads, map(fp.zone, zones))


def _refuse_without_centre(state: State, sector_id: str, zones: Collection[str]) -> None:
    """Raise if a sector would lose the zone of its support centre."""
    owner = state.plan.sector(sector_id)
    where = state.plan.zone_by_lycee.get(owner.support_centre or "")
    if where is not None and where in zones:
        centre = terms().support_centre
        raise InputError(
            f"La zone {state.plan.zone(where).name} a {centre.the} du secteur {owner.name} : "
            f"choisissez-lui d'abord un autre {centre}."
        )

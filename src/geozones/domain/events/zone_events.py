"""Events that create, rename, merge, split and remove zones."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import ClassVar, Self, override

from geozones.common.errors import InputError
from geozones.common.french import listing, plural
from geozones.domain.entities import Zone
from geozones.domain.events import footprint as fp
from geozones.domain.events.change import CODE, Data, EventChange, Names, name_text, one_line, text
from geozones.domain.events.footprint import Footprint, footprint
from geozones.domain.events.move_events import MoveLycees, without_stale_choices
from geozones.domain.events.scenario_state import State
from geozones.domain.locks import SECTOR
from geozones.domain.plan import plan_of
from geozones.domain.terms import terms


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
            msg = f"Le code de zone « {self.zone[:40]} » est déjà pris ou mal formé."
            raise InputError(msg)
        sector = plan.sector(self.sector)
        reason = state.locks.reasons.get(("sector", sector.id))
        if reason is not None:
            msg = f"Le secteur {sector.name} est verrouillé : {reason}."
            raise InputError(msg)
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
        after = replace(before, name=one_line(self.name))
        zones = tuple(after if zone is before else zone for zone in plan.zones)
        return replace(state, plan=plan_of(plan.sectors, zones, plan.zone_by_lycee))

    @override
    def footprint(self, state: State) -> Footprint:
        return footprint([fp.zone(self.zone)], [("zone name", self.zone)])

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
            msg = (
                f"La zone {zone.name} a encore {plural(len(posts), 'poste')} : retirez-les (page "
                "Équipes) ou fusionnez-la avec une autre."
            )
            raise InputError(msg)
        members = state.plan.members(zone.id)
        if members:
            msg = (
                f"La zone {zone.name} a encore {terms().site.counted(len(members))} : déplacez-les "
                "ou fusionnez-la avec une autre."
            )
            raise InputError(msg)
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
        zone, into = state.plan.zone(self.zone).id, state.plan.zone(self.into).id
        if zone == into:
            msg = "Une zone se fusionne avec une autre qu'elle-même."
            raise InputError(msg)
        _refuse_if_locked(state, into)
        _refuse_if_locked(state, zone)
        moved = MoveLycees(dict.fromkeys(state.plan.members(zone), into)).apply(state)
        posts = [replace(post, zone=into) for post in state.teams.of_zone(zone)]
        both = (*state.teams.of_zone(into), *posts)
        teams = state.teams.with_posts((zone, into), both) if posts else state.teams
        return _without_zone(replace(moved, teams=teams), zone)

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
            msg = f"Pour scinder {zone.name}, choisissez une partie de ses {terms().site.plural}."
            raise InputError(msg)
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
        lycees = listing([names.lycee(lycee) for lycee in self.lycees])
        return f"Zone {names.zone(self.zone)} scindée : {self.name} reçoit {lycees}"

    @property
    @override
    def zone_names(self) -> Mapping[str, str]:
        return {self.new: self.name}


def _refuse_if_locked(state: State, zone: str) -> None:
    refusal = state.locks.zone_refusal(state.plan, zone)
    if refusal is not None:
        raise InputError(refusal)


def _without_zone(state: State, zone: str) -> State:
    plan = state.plan
    zones = tuple(entry for entry in plan.zones if entry.id != zone)
    smaller = plan_of(plan.sectors, zones, plan.zone_by_lycee)
    return without_stale_choices(replace(state, plan=smaller))

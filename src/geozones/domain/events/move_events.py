"""Events that move lycées, and that lock a lycée, a zone or a sector."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import ClassVar, Self, override

from geozones.common.errors import InputError
from geozones.common.french import listing
from geozones.domain.decisions import LYCEE, SECTOR, ZONE, locked
from geozones.domain.events import change as fp
from geozones.domain.events.change import (
    Data,
    EventChange,
    Footprint,
    Names,
    State,
    footprint,
    name_text,
    one_line,
    text,
)


@dataclass(frozen=True, slots=True)
class MoveLycees(EventChange):
    """Moves of lycées to other zones, all or none: ``{"moves": {lycée: zone}}``."""

    kind: ClassVar[str] = "move"
    moves: Mapping[str, str]

    @classmethod
    @override
    def read(cls, data: Data) -> Self:
        return cls({text(lycee): text(zone) for lycee, zone in data["moves"].items()})

    @override
    def apply(self, state: State) -> State:
        plan = state.plan
        for lycee, zone in self.moves.items():
            refusal = state.locks.refusal(plan, lycee, zone)
            if refusal is not None:
                raise InputError(refusal)
            plan = plan.move(lycee, zone)
        return without_stale_choices(replace(state, plan=plan))

    @override
    def footprint(self, state: State) -> Footprint:
        reads, writes = set[fp.Item](), set[fp.Item]()
        for lycee, zone in self.moves.items():
            writes.add(fp.zone_of(lycee))
            reads |= {fp.lycee(lycee), *fp.change_reads(state, zone, lycee)}
            reads |= fp.change_reads(state, state.plan.zone_of(lycee).id)
        return footprint(reads, writes)

    @override
    def describe(self, names: Names) -> str:
        by_zone: dict[str, list[str]] = {}
        for lycee, zone in self.moves.items():
            by_zone.setdefault(zone, []).append(names.lycee(lycee))
        return " ; ".join(
            f"{listing(lycees)} → {names.zone(zone)}" for zone, lycees in by_zone.items()
        )


def without_stale_choices(state: State) -> State:
    """Remove colours of deleted zones, and pivots that left their zone."""
    if not state.pivots and not state.colours:
        return state
    zones = {entry.id for entry in state.plan.zones}
    pivots = {
        zone: lycee
        for zone, lycee in state.pivots.items()
        if zone in zones and lycee in state.plan.members(zone)
    }
    colours = {zone: colour for zone, colour in state.colours.items() if zone in zones}
    return replace(state, pivots=pivots, colours=colours)


@dataclass(frozen=True, slots=True)
class LockItem(EventChange):
    """Lock of an item: ``{"kind": "lycee", "zone" or "sector", "id", "reason"}``."""

    kind: ClassVar[str] = "lock"
    item_kind: str
    item: str
    reason: str

    @classmethod
    @override
    def read(cls, data: Data) -> Self:
        reason = name_text(data["reason"], "La raison d'un verrou")
        return cls(text(data["kind"]), text(data["id"]), reason)

    @override
    def apply(self, state: State) -> State:
        locks = state.locks.with_lock(self.item_kind, self.item, one_line(self.reason))
        # raises if the plan has no such thing
        {LYCEE: state.plan.zone_of, ZONE: state.plan.zone, SECTOR: state.plan.sector}[
            self.item_kind
        ](self.item)
        return replace(state, locks=locks)

    @override
    def footprint(self, state: State) -> Footprint:
        return footprint([_item(self.item_kind, self.item)], [fp.lock(self.item_kind, self.item)])

    @override
    def describe(self, names: Names) -> str:
        return (
            f"{_name(names, self.item_kind, self.item)} : {locked(self.item_kind)} ({self.reason})"
        )


@dataclass(frozen=True, slots=True)
class UnlockItem(EventChange):
    """Removal of a lock: ``{"kind", "id"}``."""

    kind: ClassVar[str] = "unlock"
    item_kind: str
    item: str

    @classmethod
    @override
    def read(cls, data: Data) -> Self:
        return cls(text(data["kind"]), text(data["id"]))

    @override
    def apply(self, state: State) -> State:
        return replace(state, locks=state.locks.without(self.item_kind, self.item))

    @override
    def footprint(self, state: State) -> Footprint:
        return footprint(writes=[fp.lock(self.item_kind, self.item)])

    @override
    def describe(self, names: Names) -> str:
        return f"{_name(names, self.item_kind, self.item)} : dé{locked(self.item_kind)}"


def _item(kind: str, item: str) -> fp.Item:
    return {LYCEE: fp.lycee, ZONE: fp.zone, SECTOR: fp.sector}[kind](item)


def _name(names: Names, kind: str, item: str) -> str:
    if kind == SECTOR:
        return names.sector(item)
    return names.lycee(item) if kind == LYCEE else names.zone(item)

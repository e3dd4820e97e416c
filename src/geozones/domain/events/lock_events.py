"""Events that lock a lycée, a zone or a sector, and unlock it."""

from dataclasses import dataclass, replace
from typing import ClassVar, Self, override

from geozones.domain.events import footprint as fp
from geozones.domain.events.change import Data, EventChange, Names, name_text, one_line, text
from geozones.domain.events.footprint import Footprint, footprint
from geozones.domain.events.scenario_state import State
from geozones.domain.locks import LYCEE, SECTOR, ZONE


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
        return f"{_name(names, self.item_kind, self.item)} : verrouillé ({self.reason})"


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
        return f"{_name(names, self.item_kind, self.item)} : déverrouillé"


def _item(kind: str, item: str) -> fp.Item:
    return {LYCEE: fp.lycee, ZONE: fp.zone, SECTOR: fp.sector}[kind](item)


def _name(names: Names, kind: str, item: str) -> str:
    if kind == SECTOR:
        return names.sector(item)
    return names.lycee(item) if kind == LYCEE else names.zone(item)

"""Events that set a zone's colour or pivot, which the tool computes by default."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import ClassVar, Self, override

from geozones.common.errors import InputError
from geozones.domain.events import footprint as fp
from geozones.domain.events.change import Data, EventChange, Names, optional_text, text
from geozones.domain.events.footprint import Footprint, footprint
from geozones.domain.events.scenario_state import State
from geozones.domain.terms import worded

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
        zone = state.plan.zone(self.zone).id
        colour = None if self.colour is None else self.colour.lower()
        if colour is not None and not _COLOUR.fullmatch(colour):
            msg = "Une couleur s'écrit #rrvvbb, par exemple #95cea0."
            raise InputError(msg)
        return replace(state, colours=_with_value(state.colours, zone, colour))

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
            msg = f"{worded('{The_site} pivot doit être {a_site}')} de la zone {zone.name}."
            raise InputError(msg)
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

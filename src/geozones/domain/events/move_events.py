"""Event that moves lycées from zone to zone."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import ClassVar, Self, override

from geozones.common.errors import InputError
from geozones.common.french import listing
from geozones.domain.events import footprint as fp
from geozones.domain.events.change import Data, EventChange, Names, text
from geozones.domain.events.footprint import Footprint, footprint
from geozones.domain.events.scenario_state import State


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

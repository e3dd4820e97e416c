"""Event that accepts part of a proposal: moves, with the zones to create and to remove."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Self, override

from geozones.common.french import listing
from geozones.domain.entities import Zone
from geozones.domain.events.change import Data, EventChange, Names, text
from geozones.domain.events.footprint import Footprint
from geozones.domain.events.move_events import MoveLycees
from geozones.domain.events.scenario_state import State
from geozones.domain.events.zone_events import CreateZone, DeleteZone


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

"""The event that puts a scenario on another base plan, and what was decided from one to another."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Self, override

from geozones.domain.events import change as fp
from geozones.domain.events.change import (
    Data,
    EventChange,
    Footprint,
    Item,
    Names,
    State,
    text,
)
from geozones.domain.events.sector_events import FIELDS
from geozones.domain.places import LocationOverrides
from geozones.domain.plan import Plan
from geozones.domain.plan_reading import places_from_json, plan_from_json


@dataclass(frozen=True, slots=True)
class TakeOver(EventChange):
    """Another base plan, without a change yet: ``{"plan": plan file, "origin": text}``.

    It begins a branch of the history: what was done before stays on its own branch.
    """

    kind: ClassVar[str] = "take_over"
    plan: Plan
    places: LocationOverrides
    origin: str

    @classmethod
    @override
    def read(cls, data: Data) -> Self:
        plan, _ = plan_from_json(data["plan"])
        return cls(plan, places_from_json(data["plan"]), text(data["origin"]))

    @override
    def apply(self, state: State) -> State:
        return State(self.plan, places=self.places)

    @override
    def footprint(self, state: State) -> Footprint:
        return Footprint(everything=True)

    @override
    def describe(self, names: Names) -> str:
        return f"Repris sur {self.origin}"

    @property
    @override
    def zone_names(self) -> Mapping[str, str]:
        return {zone.id: zone.name for zone in self.plan.zones}

    @property
    @override
    def lycee_names(self) -> Mapping[str, str]:
        return {lycee.id: lycee.label for lycee in self.places.lycees}

    @property
    @override
    def sector_names(self) -> Mapping[str, str]:
        return {sector.id: sector.name for sector in self.plan.sectors}


def items_of(state: State) -> dict[Item, object]:
    """Return the value of each item of a state's plan and places, as footprints name them."""
    plan, places = state.plan, state.places
    items: dict[Item, object] = {fp.zone_of(key): zone for key, zone in plan.zone_by_lycee.items()}
    items |= dict.fromkeys(map(fp.lycee, plan.zone_by_lycee), True)
    for zone in plan.zones:
        items |= {fp.zone(zone.id): zone.sector, fp.zone_name(zone.id): zone.name}
    for sector in plan.sectors:
        items |= {fp.sector(sector.id): True, fp.sector_name(sector.name): sector.id}
        items |= {fp.sector_field(sector.id, each): getattr(sector, each) for each in FIELDS}
        items[fp.sector_field(sector.id, "draft")] = sector.is_draft
    items |= {fp.place(lycee.id): (lycee.lat, lycee.lon) for lycee in places.lycees}
    return items | {fp.place(key): (spot.lat, spot.lon) for key, spot in places.spots}


def decided_between(before: State, after: State) -> frozenset[Item]:
    """Return the items of the plan that differ between two base plans."""
    first, then = items_of(before), items_of(after)
    return frozenset(item for item in first | then if first.get(item) != then.get(item))

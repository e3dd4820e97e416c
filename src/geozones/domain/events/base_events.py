"""Events that put a scenario on another base plan, or change the story of its webinar."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import ClassVar, Self, override

from geozones.common.errors import InputError
from geozones.common.french import plural
from geozones.domain.events import change as fp
from geozones.domain.events.change import (
    Data,
    EventChange,
    Footprint,
    Item,
    Names,
    State,
    footprint,
    text,
)
from geozones.domain.events.sector_events import FIELDS
from geozones.domain.places import LocationOverrides
from geozones.domain.plan import Plan
from geozones.domain.plan_documents import places_from_json, plan_from_json
from geozones.domain.story import MAX_STEPS, StepKind, Story, StoryStep, reworded


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
    items: dict[Item, object] = {
        fp.zone_of(key): zone_id for key, zone_id in plan.zone_by_lycee.items()
    }
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


@dataclass(frozen=True, slots=True)
class SetStory(EventChange):
    """Change of the story, or return to the default story: ``{"steps": [step, …] or null}``."""

    kind: ClassVar[str] = "story"
    story: Story | None

    @classmethod
    @override
    def read(cls, data: Data) -> Self:
        steps = data["steps"]
        return cls(None if steps is None else read_story(steps))

    @override
    def apply(self, state: State) -> State:
        return replace(state, story=self.story)

    @override
    def footprint(self, state: State) -> Footprint:
        return footprint(writes=[("story",)])

    @override
    def describe(self, names: Names) -> str:
        if self.story is None:
            return "Récit du webinaire : celui que l'outil propose"
        return f"Récit du webinaire : {plural(len(self.story.steps), 'étape')}"


def read_story(value: object) -> Story:
    """Read steps in the format of `Story.as_json`, from any source."""
    if not isinstance(value, list | tuple):
        raise InputError("Un récit est une liste d'étapes.")
    return Story(tuple(_step(entry, rank) for rank, entry in enumerate(value[: MAX_STEPS + 1], 1)))


def _step(entry: object, rank: int) -> StoryStep:
    if not isinstance(entry, Mapping):
        raise InputError(f"L'étape {rank} du récit n'est pas un objet.")
    try:
        kind = StepKind(str(entry.get("kind")))
    except ValueError as error:
        known = ", ".join(StepKind)
        shown = str(entry.get("kind"))[:40]
        raise InputError(
            f"L'étape {rank} du récit est d'un genre inconnu (« {shown} ») : {known}."
        ) from error
    title, text, target = (_text(entry, name, rank) for name in ("title", "text", "target"))
    return reworded(StoryStep(kind, target.strip() or None), title, text, f"Étape {rank} : ")


def _text(entry: Mapping[object, object], name: str, rank: int) -> str:
    value = entry.get(name, "")
    if not isinstance(value, str):
        raise InputError(f"L'étape {rank} du récit : « {name} » doit être un texte.")
    return value

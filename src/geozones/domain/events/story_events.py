"""Event that changes the story of a webinar."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import ClassVar, Self, override

from geozones.common.errors import InputError
from geozones.common.french import plural
from geozones.domain.events.change import Data, EventChange, Footprint, Names, State, footprint
from geozones.domain.story import MAX_STEPS, StepKind, Story, StoryStep, reworded


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

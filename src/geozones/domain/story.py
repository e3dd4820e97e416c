"""Story of a webinar: its steps, each naming a part of a scenario to show.

A step names a date, a publication, a sector or a zone, without a copy of it. So a story survives
the changes of its scenario, and a step whose zone is deleted is left out and reported (see
``features.webinar``).
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from geozones.common.errors import InputError
from geozones.domain.plan import Plan

MAX_STEPS = 100
MAX_TITLE, MAX_TEXT, MAX_TARGET = 160, 600, 100


class StepKind(StrEnum):
    """Kind of a step."""

    REGION = "region"
    CALENDAR = "calendrier"
    PHASE = "phase"
    PUBLICATION = "publication"
    SECTOR = "secteur"
    ZONE = "zone"
    ORGANISATION = "organisation"
    CHART = "organigramme"
    DOCUMENT = "document"
    VIGILANCE = "vigilance"
    BEFORE_AFTER = "avant-apres"


#: Kinds of steps that name a subject: a date, a publication, a sector, a zone, a chapter.
TARGETED = frozenset(
    {
        StepKind.PHASE,
        StepKind.PUBLICATION,
        StepKind.SECTOR,
        StepKind.ZONE,
        StepKind.CHART,
        StepKind.DOCUMENT,
    }
)


@dataclass(frozen=True, slots=True)
class StoryStep:
    """Step of a story. Figures supply the text of an empty ``title`` or ``text``."""

    kind: StepKind
    target: str | None = None
    title: str = ""
    text: str = ""

    def __post_init__(self) -> None:
        if (self.target is not None) != (self.kind in TARGETED):
            raise InputError(
                "Une étape du récit doit indiquer quelle date, quelle publication, quel secteur, "
                "quelle zone ou quelle partie du document montrer."
            )

    def as_json(self) -> dict[str, str]:
        """Return the step as a JSON object, without empty fields."""
        fields = {"target": self.target, "title": self.title, "text": self.text}
        return {"kind": str(self.kind)} | {name: text for name, text in fields.items() if text}


@dataclass(frozen=True, slots=True)
class Story:
    """Immutable list of one to `MAX_STEPS` steps; each change returns a new story."""

    steps: tuple[StoryStep, ...]

    def __post_init__(self) -> None:
        if not self.steps:
            raise InputError("Un récit garde au moins une étape.")
        if len(self.steps) > MAX_STEPS:
            raise InputError(
                f"Un récit a au plus {MAX_STEPS} étapes : retirez-en avant d'en ajouter."
            )

    def as_json(self) -> list[dict[str, str]]:
        """Return the steps as JSON objects."""
        return [step.as_json() for step in self.steps]

    def added(self, step: StoryStep, rank: int) -> "Story":
        """Insert a step before the step of a rank (the number of steps: at the end)."""
        if not 0 <= rank <= len(self.steps):
            self._at(rank)
        return Story((*self.steps[:rank], step, *self.steps[rank:]))

    def removed(self, rank: int) -> "Story":
        """Remove a step."""
        self._at(rank)
        return Story((*self.steps[:rank], *self.steps[rank + 1 :]))

    def moved(self, rank: int, to: int) -> "Story":
        """Move a step to another rank."""
        step = self._at(rank)
        self._at(to)
        rest = [*self.steps[:rank], *self.steps[rank + 1 :]]
        return Story((*rest[:to], step, *rest[to:]))

    def changed(self, rank: int, step: StoryStep) -> "Story":
        """Replace a step."""
        self._at(rank)
        return Story((*self.steps[:rank], step, *self.steps[rank + 1 :]))

    def _at(self, rank: int) -> StoryStep:
        if not 0 <= rank < len(self.steps):
            raise InputError(f"Le récit n'a pas d'étape {rank + 1}.")
        return self.steps[rank]


def default_story(
    plan: Plan,
    *,
    calendar: bool = False,
    organisation: bool = False,
    publications: Iterable[str] = (),
) -> Story:
    """Return the default story of a plan.

    The region, with its calendar if the data have one, the ``publications`` (ids) since, each
    sector that has lycées, and the organisation if the data describe it: the order of a deck.
    """
    sectors = [sector.id for sector in plan.sectors if plan.lycees_of(sector.id)]
    steps = [
        StoryStep(StepKind.CALENDAR if calendar else StepKind.REGION),
        *(StoryStep(StepKind.PUBLICATION, publication) for publication in publications),
        *(StoryStep(StepKind.SECTOR, sector) for sector in sectors),
    ]
    steps = steps[: MAX_STEPS - 1]
    return Story((*steps, *([StoryStep(StepKind.ORGANISATION)] if organisation else [])))


#: Default story of a scenario: what it changes, and nothing that stays.
CHANGE_STORY = Story((StoryStep(StepKind.BEFORE_AFTER),))


def reworded(step: StoryStep, title: str, text: str, where: str = "") -> StoryStep:
    """Return a step with other words, its title on one line."""
    changed = replace(step, title=" ".join(title.split()), text=text.strip())
    limits = (
        ("le titre", changed.title, MAX_TITLE),
        ("le texte", changed.text, MAX_TEXT),
        ("ce qu'elle montre", changed.target or "", MAX_TARGET),
    )
    for what, words, limit in limits:
        if len(words) > limit:
            msg = f"{where}{what} fait {len(words)} caractères, au plus {limit}."
            raise InputError(msg[0].upper() + msg[1:])
    return changed

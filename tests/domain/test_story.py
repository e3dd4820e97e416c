"""The story of a webinar: a value, written and read back, that an event changes."""

import pytest

from geozones.common.errors import InputError
from geozones.domain.events import State
from geozones.domain.events.base_events import read_story
from geozones.domain.story import (
    MAX_STEPS,
    MAX_TEXT,
    MAX_TITLE,
    StepKind,
    Story,
    StoryStep,
    default_story,
    reworded,
)
from geozones.workspace.figures.study import Study
from helpers.events import apply

THREE = Story(
    (
        StoryStep(StepKind.REGION, title="Bonjour 👋"),
        StoryStep(StepKind.SECTOR, "nord", text="deux\nlignes"),
        StoryStep(StepKind.ZONE, "N1"),
    )
)


def kinds(story: Story) -> list[str]:
    return [f"{step.kind} {step.target or ''}".strip() for step in story.steps]


def test_a_story_is_read_back_and_outlives_the_zone_it_names(toy: Study) -> None:
    assert read_story(THREE.as_json()) == THREE
    assert THREE.as_json()[2] == {"kind": "zone", "target": "N1"}
    state = apply(State(toy.plan), "story", {"steps": THREE.as_json()})
    assert apply(state, "merge_zones", {"zone": "N1", "into": "N2"}).story == THREE


def test_steps_are_added_removed_reordered_and_changed_without_touching_the_story_before() -> None:
    before = THREE.as_json()
    added = THREE.added(StoryStep(StepKind.BEFORE_AFTER), 1)
    assert kinds(added) == ["region", "avant-apres", "secteur nord", "zone N1"]
    assert kinds(THREE.added(StoryStep(StepKind.REGION), 3))[-1] == "region"
    assert kinds(THREE.moved(0, 2)) == ["secteur nord", "zone N1", "region"]
    assert kinds(THREE.moved(2, 0)) == ["zone N1", "region", "secteur nord"]
    assert kinds(THREE.removed(1)) == ["region", "zone N1"]
    assert THREE.changed(2, StoryStep(StepKind.ZONE, "S1")).steps[2].target == "S1"
    assert THREE.as_json() == before


@pytest.mark.parametrize("rank", [-1, 3])
def test_a_step_that_is_not_there_cannot_be_changed(rank: int) -> None:
    for change in (
        lambda: THREE.removed(rank),
        lambda: THREE.moved(rank, 0),
        lambda: THREE.moved(0, rank),
        lambda: THREE.changed(rank, StoryStep(StepKind.REGION)),
        lambda: THREE.added(StoryStep(StepKind.REGION), rank if rank < 0 else rank + 1),
    ):
        with pytest.raises(InputError, match="n'a pas d'étape"):
            change()


def test_a_story_keeps_a_step_and_has_a_limit() -> None:
    with pytest.raises(InputError, match="au moins une étape"):
        Story((StoryStep(StepKind.REGION),)).removed(0)
    with pytest.raises(InputError, match="au moins une étape"):
        read_story([])
    full = Story((StoryStep(StepKind.REGION),) * MAX_STEPS)
    with pytest.raises(InputError, match=f"au plus {MAX_STEPS}"):
        full.added(StoryStep(StepKind.REGION), 0)


@pytest.mark.parametrize(
    ("value", "why"),
    [
        ("region", "liste d'étapes"),
        ([3], "n'est pas un objet"),
        ([{"kind": "region"}, {"kind": "film"}], "étape 2 .* genre inconnu .*film"),
        ([{"kind": ["region"]}], "genre inconnu"),
        ([{"target": "N1"}], "genre inconnu"),
        ([{"kind": "zone"}], "quelle zone"),
        ([{"kind": "region", "target": "N1"}], "quelle zone"),
        ([{"kind": "zone", "target": 4}], "« target » doit être un texte"),
        ([{"kind": "region", "title": None}], "« title » doit être un texte"),
        ([{"kind": "region", "title": "a" * (MAX_TITLE + 1)}], "le titre fait 161"),
        ([{"kind": "region", "text": "a" * (MAX_TEXT + 1)}], "le texte fait 601"),
    ],
)
def test_a_story_that_is_none_is_refused_and_the_step_named(
    toy: Study, value: object, why: str
) -> None:
    with pytest.raises(InputError, match=why):
        read_story(value)
    with pytest.raises(InputError, match=why):
        apply(State(toy.plan), "story", {"steps": value})


def test_the_words_of_a_step_are_put_on_one_line_and_checked() -> None:
    step = reworded(StoryStep(StepKind.ZONE, "N1"), "  Les   Sources ", " près\nd'ici ")
    assert (step.title, step.text, step.target) == ("Les Sources", "près\nd'ici", "N1")
    with pytest.raises(InputError, match="Le titre fait"):
        reworded(step, "a" * (MAX_TITLE + 1), "")


def test_the_story_of_a_plan_goes_from_the_region_to_its_sectors(toy: Study) -> None:
    plan = toy.plan
    assert kinds(default_story(plan)) == ["region", "secteur nord", "secteur sud"]
    told = default_story(plan, calendar=True, organisation=True, publications=["p1"])
    assert kinds(told) == [
        "calendrier", "publication p1", "secteur nord", "secteur sud", "organisation",
    ]  # fmt: skip

"""A story made ready: what each step says and shows, and what cannot be shown any more."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from geozones.domain import Plan, Zone
from geozones.domain.plan import plan_of
from geozones.domain.story import Step, StepKind, Story
from geozones.export.show import Slide
from geozones.store import Store
from geozones.workspace import (
    Scenarios,
    Work,
    Workspace,
    open_store,
    proposed_story,
    story_choices,
    story_of,
    tell,
    told,
)
from geozones.workspace.exports import Subject, of_plan, of_work, shipped

RACAN, HAUTECLOCQUE = "0720012X", "0720013Y"
TODAY = "2026-03-02"


@pytest.fixture
def desk(workspace: Workspace, tmp_path: Path) -> Iterator[Scenarios]:
    store: Store = open_store(f"sqlite:///{tmp_path / 'scenarios.db'}")
    yield Scenarios(workspace, lambda: store)
    store.close()


@pytest.fixture
def moved(desk: Scenarios) -> Work:
    return desk.record(desk.new(), "move", {"moves": {RACAN: "SAR-4", HAUTECLOCQUE: "SAR-4"}})


def only(workspace: Workspace, subject: Subject, step: Step) -> Slide:
    """The slide of one step."""
    ready = tell(workspace, subject, Story((step,)))
    assert ready.skipped == {}
    (slide,) = ready.show.slides
    return slide


def figures(slide: Slide) -> dict[str, str]:
    return {figure.label: figure.value for figure in slide.figures}


def test_the_proposed_story_is_ready_whole(workspace: Workspace) -> None:
    ready = tell(workspace, shipped(workspace), today=TODAY)
    assert ready.skipped == {}
    titles = [slide.title for slide in ready.show.slides]
    assert titles[0].startswith("7\u00a0secteurs, 32\u00a0zones")
    assert titles[1:5] == [step.label for step in workspace.data.calendar]
    assert titles[5:12] == [sector.name for sector in workspace.plan.sectors]
    assert len(titles) == 13
    date, plan, engine, source = ready.show.credits
    assert date == "2 mars 2026"
    assert plan.startswith("Plan livré")
    assert engine.startswith("Temps de trajet")
    assert source.startswith("Secteurs publiés")


def test_figures_are_those_of_the_metrics(workspace: Workspace) -> None:
    slide = only(workspace, shipped(workspace), Step(StepKind.SECTOR, "mayenne"))
    values = workspace.evaluator.sector(workspace.plan, "mayenne")
    said = figures(slide)
    assert said["lycées"] == str(values["lycees"])
    assert said["trajet moyen entre collègues"] == f"{values['mean_minutes']:.0f}\u00a0min"
    assert said["trajet le plus long dans une zone"] == f"{values['max_minutes']:.0f}\u00a0min"
    assert "RNS\u00a0: Lucien Druault." in slide.sentences[0]
    assert [line.name for line in slide.lines] == [
        zone.name for zone in workspace.plan.zones_of("mayenne")
    ]


def test_a_draft_says_so_and_its_lines_are_hatched_where_a_published_sector_has_neither(
    workspace: Workspace,
) -> None:
    draft = only(workspace, shipped(workspace), Step(StepKind.SECTOR, "vendee"))
    published = only(workspace, shipped(workspace), Step(StepKind.SECTOR, "mayenne"))
    assert "pas une décision de la Région" in draft.badges[0]
    assert all(line.draft for line in draft.lines)
    assert published.badges == ()
    assert not any(line.draft for line in published.lines)


def test_a_phase_fades_what_is_not_deployed_yet(workspace: Workspace) -> None:
    early, november, last = (
        only(workspace, shipped(workspace), Step(StepKind.PHASE, date))
        for date in ("rentree-2025", "novembre-2025", "rentree-2026")
    )
    assert figures(early)["lycées concernés"] == "0 sur 119"
    assert figures(november)["secteurs dans la nouvelle organisation"] == "3 sur 7"
    assert "toute la région" in last.sentences[0]
    deployed = {zone.sector for zone in november.pictures[0].scene.zones if zone.deployed}
    assert deployed == {"maine-et-loire", "mayenne", "sud-loire-cholet"}


def test_before_and_after_show_the_same_place_and_name_who_moves(
    workspace: Workspace, moved: Work
) -> None:
    slide = only(workspace, of_work(workspace, moved), Step(StepKind.BEFORE_AFTER))
    before, after = (picture.scene for picture in slide.pictures)
    assert slide.title == "2\u00a0lycées changent de zone"
    assert before.view.bounds == after.view.bounds
    assert {zone.id for zone in after.zones if zone.changed} == {"MAY-2", "SAR-4"}
    assert {zone.id for zone in before.zones if not zone.aside} == {"MAY-2", "SAR-4"}
    assert any("Racan" in line.name and "Mamers" in line.detail for line in slide.lines)
    assert "hypothèse" in slide.badges[0]


def test_before_and_after_do_not_tell_a_lycee_left_out_as_moved(workspace: Workspace) -> None:
    base = workspace.plan
    kept = {lycee: zone for lycee, zone in base.zone_by_lycee.items() if lycee != RACAN}
    subject = of_plan(workspace, plan_of(base.sectors, base.zones, kept), "Sans Racan")
    slide = only(workspace, subject, Step(StepKind.BEFORE_AFTER))
    assert slide.title == "1\u00a0lycée est retiré"


def test_a_step_whose_zone_has_gone_is_left_out_and_told(
    workspace: Workspace, desk: Scenarios
) -> None:
    steps = [Step(StepKind.ZONE, "MAY-1"), Step(StepKind.REGION), Step(StepKind.PHASE, "jadis")]
    work = desk.record(desk.new(), "story", {"steps": Story(tuple(steps)).as_json()})
    work = desk.record(work, "merge_zones", {"zone": "MAY-1", "into": "MAY-3"})
    ready = tell(workspace, of_work(workspace, work), story_of(workspace, work))
    assert len(ready.show.slides) == 1
    assert "Aucune zone du plan n'a le code « MAY-1 »" in ready.skipped[0]
    assert "calendrier" in ready.skipped[2]


def test_when_nothing_can_be_shown_the_region_is(workspace: Workspace) -> None:
    ready = tell(workspace, shipped(workspace), Story((Step(StepKind.ZONE, "X-9"),)))
    assert list(ready.skipped) == [0]
    assert ready.show.slides[0].title.startswith("7\u00a0secteurs")


def test_the_presenter_s_words_take_the_place_of_the_sentences_not_of_the_figures(
    workspace: Workspace,
) -> None:
    own = Step(StepKind.SECTOR, "mayenne", "Chez nous : <b>la Mayenne</b>", "Une équipe\nunie")
    slide = only(workspace, shipped(workspace), own)
    plain = only(workspace, shipped(workspace), Step(StepKind.SECTOR, "mayenne"))
    assert slide.title == "Chez nous\u00a0: <b>la Mayenne</b>"
    assert slide.text == "Une équipe\nunie"
    assert slide.sentences == ()
    assert slide.figures == plain.figures


def test_a_story_is_saved_with_its_scenario_frozen_and_told_in_its_history(
    workspace: Workspace, desk: Scenarios
) -> None:
    story = Story((Step(StepKind.REGION, title="Bienvenue"),))
    work = desk.record(desk.new(), "story", {"steps": story.as_json()})
    assert work.scenario is not None
    assert story_of(workspace, desk.open(work.scenario.id)) == story
    assert told(workspace, work, work.timeline.events[0]) == "Récit du webinaire : 1\u00a0étape"
    token = desk.freeze(work)
    reset = desk.record(work, "story", {"steps": None})
    assert story_of(workspace, reset) == proposed_story(workspace, reset.plan, reset.base)
    assert story_of(workspace, desk.frozen(token)) == story
    assert tell(workspace, of_work(workspace, desk.frozen(token))).show.slides[0].title == (
        "Bienvenue"
    )


def test_every_choice_of_a_step_can_be_shown(workspace: Workspace) -> None:
    steps = tuple(Step(*choice) for choice in story_choices(workspace, workspace.plan))
    ready = tell(workspace, shipped(workspace), Story(steps))
    assert ready.skipped == {}
    assert len(ready.show.slides) == len(steps)


# -- bad input -----------------------------------------------------------------------------------


def crowded(workspace: Workspace) -> Plan:
    """A plan whose sector « nantes » has forty zones of one lycée with names of 120 characters."""
    plan = workspace.plan
    lycees = plan.lycees[:40]
    zones = [Zone(f"Q-{rank}", f"{rank} 🎓 {'x' * 113}", "nantes") for rank in range(40)]
    assigned = dict(plan.zone_by_lycee) | {lycee: f"Q-{i}" for i, lycee in enumerate(lycees)}
    return plan_of(plan.sectors, (*plan.zones, *zones), assigned)


def test_forty_zones_in_a_sector_are_shortened_to_what_can_be_read(workspace: Workspace) -> None:
    subject = of_plan(workspace, crowded(workspace), "essai.json")
    slide = only(workspace, subject, Step(StepKind.SECTOR, "nantes"))
    assert int(figures(slide)["zones de continuité"]) >= 40
    assert len(slide.lines) == 9
    assert slide.more.startswith("et ")
    shown = [zone for zone in slide.pictures[0].scene.zones if zone.sector == "nantes"]
    assert len(shown) >= 40


def test_a_zone_of_one_has_no_colleague_and_no_figure_made_up(workspace: Workspace) -> None:
    subject = of_plan(workspace, crowded(workspace), "essai.json")
    slide = only(workspace, subject, Step(StepKind.ZONE, "Q-0"))
    assert figures(slide)["trajet moyen entre collègues"] == "—"
    assert slide.sentences == ("Un seul lycée\u00a0: pas de relève.",)


def test_a_lycee_without_position_is_told_and_left_off_the_map(
    workspace: Workspace, without_position: Callable[[str], Workspace]
) -> None:
    lost = without_position(RACAN)
    slide = only(lost, shipped(lost), Step(StepKind.REGION))
    assert slide.sentences[-1] == "Sans position, absents de la carte\u00a0: Racan."
    zone = only(lost, shipped(lost), Step(StepKind.ZONE, "MAY-2"))
    labels = {label.text for label in zone.pictures[0].scene.labels if label.kind == "lycee"}
    assert len(labels) == len(workspace.plan.members("MAY-2")) - 1


@pytest.fixture
def without_position(workspace: Workspace) -> Callable[[str], Workspace]:
    """Return the territory where the position of a lycée is not known."""

    def lose(lycee: str) -> Workspace:
        nowhere = replace(workspace.lycees[lycee], lat=float("nan"), lon=float("nan"))
        lycees = dict(workspace.lycees) | {lycee: nowhere}
        return replace(workspace, data=replace(workspace.data, lycees=lycees))

    return lose

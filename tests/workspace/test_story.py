"""A story made ready: what each step says and shows, and what cannot be shown any more."""

from collections.abc import Callable
from dataclasses import replace
from html import unescape

import pytest

from geozones.domain import (
    DecisionStatus,
    Milestone,
    Plan,
    Publication,
    ScenarioStatus,
    Zone,
)
from geozones.domain.plan import plan_of
from geozones.domain.story import StepKind, Story, StoryStep
from geozones.export.messages import message_of
from geozones.export.sentences import what_changes
from geozones.features.webinar.document import Slide, Webinar, webinar_page
from geozones.features.webinar.use_cases import (
    ARCHIVED,
    DELETED,
    make_webinar,
    proposed_story,
    standing_of,
    story_choices,
    story_of,
)
from geozones.workspace.analysis import analysis_of
from geozones.workspace.ledger import ledger_of
from geozones.workspace.scenarios.history_text import describe_event
from geozones.workspace.scenarios.open_scenario import Work
from geozones.workspace.scenarios.service import Scenarios
from geozones.workspace.sharing.dossier import dossier
from geozones.workspace.sharing.exported_plan import (
    ExportedPlan,
    ExportView,
    of_baseline,
    of_plan,
    of_work,
)
from geozones.workspace.study import Study, study_of
from geozones.workspace.territory import territory_of

RACAN, HAUTECLOCQUE = "0720012X", "0720013Y"
TODAY = "2026-03-02"


@pytest.fixture
def moved(service: Scenarios) -> Work:
    return service.editor.record(
        service.new(), "move", {"moves": {RACAN: "SAR-4", HAUTECLOCQUE: "SAR-4"}}
    )


def only(subject: ExportedPlan, step: StoryStep) -> Slide:
    """The slide of one step."""
    ready = make_webinar(subject, Story((step,)))
    assert ready.skipped == {}
    (slide,) = ready.webinar.slides
    return slide


def figures(slide: Slide) -> dict[str, str]:
    return {figure.label: figure.value for figure in slide.figures}


def test_the_proposed_story_is_ready_whole(study: Study) -> None:
    ready = make_webinar(of_baseline(study.analysis), today=TODAY)
    assert ready.skipped == {}
    titles = [slide.title for slide in ready.webinar.slides]
    assert titles[0].startswith("7\u00a0secteurs, 32\u00a0zones")
    assert titles[1] == "Qui encadre, qui intervient"
    assert titles[2:] == [sector.name for sector in study.plan.sectors]
    assert len(titles) == 9
    first = ready.webinar.slides[0]
    assert " ".join(first.kicker.split()) == "Calendrier présenté le 11 juin 2025"
    assert [line.name for line in first.lines] == [
        "Rentrée scolaire 25/26", "1er novembre 2025", "Janvier 2026", "Juillet 2026",
        "Rentrée scolaire 26/27",
    ]  # fmt: skip
    date, plan = ready.webinar.credits
    assert date == "2 mars 2026"
    assert plan.startswith("Plan de départ")


def test_figures_are_those_of_the_metrics(study: Study) -> None:
    slide = only(of_baseline(study.analysis), StoryStep(StepKind.SECTOR, "mayenne"))
    values = study.evaluator.sector(study.plan, "mayenne")
    said = figures(slide)
    assert said["lycées"] == str(values["lycees"])
    assert (
        said["trajet moyen entre collègues (estimation partielle)"]
        == f"{values['mean_minutes']:.0f}\u00a0min"
    )
    assert said["trajet le plus long dans une zone"] == f"{values['max_minutes']:.0f}\u00a0min"
    assert "RNS\u00a0: Lucien Druault." in slide.sentences[0]
    assert [line.name for line in slide.lines] == [
        zone.name for zone in study.plan.zones_of("mayenne")
    ]


def test_a_draft_says_so_and_its_lines_are_hatched_where_a_published_sector_has_neither(
    study: Study,
) -> None:
    draft = only(of_baseline(study.analysis), StoryStep(StepKind.SECTOR, "vendee"))
    published = only(of_baseline(study.analysis), StoryStep(StepKind.SECTOR, "mayenne"))
    assert "pas une décision de la Région" in draft.badges[0]
    assert all(line.zone and line.zone.draft for line in draft.lines)
    assert published.badges == ()
    assert not any(line.zone is None or line.zone.draft for line in published.lines)


def test_a_phase_fades_what_is_not_deployed_yet(study: Study) -> None:
    early, november, last = (
        only(of_baseline(study.analysis), StoryStep(StepKind.PHASE, date))
        for date in ("rentree-2025", "novembre-2025", "rentree-2026")
    )
    assert figures(early)["lycées concernés"] == "0 sur 119"
    assert figures(november)["secteurs dans la nouvelle organisation"] == "3 sur 7"
    assert "toute la région" in last.sentences[0]
    deployed = {zone.sector for zone in november.pictures[0].scene.zones if zone.deployed}
    assert deployed == {"maine-et-loire", "mayenne", "sud-loire-cholet"}


def test_a_phase_says_that_it_was_planned_and_its_doubts_to_the_presenter_alone(
    study: Study,
) -> None:
    slide = only(of_baseline(study.analysis), StoryStep(StepKind.PHASE, "juillet-2026"))
    assert slide.kicker == "Calendrier présenté le 11 juin 2025"
    assert "était prévue" in slide.sentences[0]
    (line,) = slide.lines
    assert line.name == "Secteurs expérimentaux"
    assert line.detail.endswith("Bilans de l'expérimentation attendus")
    assert any("sans date" in note for note in slide.notes)
    assert any("l'outil ne suit pas ce qui a été fait" in note for note in slide.notes)
    january = only(of_baseline(study.analysis), StoryStep(StepKind.PHASE, "janvier-2026"))
    assert january.title == "Janvier 2026"


def test_a_sector_s_own_milestone_is_on_the_calendar(study: Study) -> None:
    own = (
        Milestone("2025-06-20", "Réunion des proviseurs"),
        Milestone("2025-12-01", "Deux T.I.S. en poste", uncertain=True),
    )
    sectors = tuple(
        replace(sector, milestones=own) if sector.id == "mayenne" else sector
        for sector in study.plan.sectors
    )
    subject = of_plan(study.with_plan(replace(study.plan, sectors=sectors)), "essai")

    def own_lines(date: str) -> list[str]:
        slide = only(subject, StoryStep(StepKind.PHASE, date))
        return [line.detail for line in slide.lines if line.name == "Secteur Mayenne"]

    assert own_lines("rentree-2025") == ["20 juin 2025\u00a0: Réunion des proviseurs"]
    assert own_lines("novembre-2025") == ["1er décembre 2025\u00a0: Deux T.I.S. en poste"]
    assert own_lines("janvier-2026") == []


def test_who_is_with_whom_is_a_step_of_the_whole_and_of_a_sector(study: Study) -> None:
    whole = only(of_baseline(study.analysis), StoryStep(StepKind.ORGANISATION))
    assert whole.chart == study.atlas.organisation
    assert [line.name for line in whole.lines][:2] == [
        "Résidence administrative", "Organisation quotidienne",
    ]  # fmt: skip
    sector = only(of_baseline(study.analysis), StoryStep(StepKind.CHART, "vendee"))
    assert not any("T.I.P." in label for label in figures(sector))
    assert whole.kicker == "Organisation · Région Pays de la Loire, 11 juin 2025"
    assert "webinaire du 11 juin 2025" in whole.notes[0]
    assert "le document n'en donne pas" in sector.notes[0]
    assert "pas une décision de la Région" in sector.badges[0]


def test_a_chapter_of_the_document_is_a_step(study: Study) -> None:
    choices = story_choices(ledger_of(study.atlas, TODAY), study.plan)
    assert choices[StepKind.DOCUMENT, "ambitions"] == "Document · les quatre ambitions"
    shown = only(of_baseline(study.analysis), StoryStep(StepKind.DOCUMENT, "vigilance"))
    page = webinar_page(Webinar("Essai", (shown,), ())).decode()
    assert "Enjeu de maîtrise de l'outil" in unescape(page).replace("’", "'")
    story = Story((StoryStep(StepKind.DOCUMENT, "parti"), StoryStep(StepKind.REGION)))
    assert (
        "n'est plus dans les données" in make_webinar(of_baseline(study.analysis), story).skipped[0]
    )


def test_a_story_without_the_organisation_s_file_leaves_the_step_out(toy: Study) -> None:
    ready = make_webinar(of_baseline(toy.analysis), Story((StoryStep(StepKind.ORGANISATION),)))
    assert ready.skipped == {0: "Les données ne décrivent pas l'organisation d'ensemble."}
    assert (StepKind.ORGANISATION, None) not in story_choices(ledger_of(toy.atlas, TODAY), toy.plan)
    proposed = proposed_story(ledger_of(toy.atlas, TODAY), toy.plan)
    assert StepKind.ORGANISATION not in {step.kind for step in proposed.steps}


def test_a_scenario_begins_with_the_message_of_its_change_and_leaves_out_what_stays(
    study: Study, moved: Work
) -> None:
    subject = of_work(study.analysis, moved)
    shown = make_webinar(subject).webinar.slides
    comparison = dossier(subject, ExportView("before-after")).comparison
    assert comparison is not None
    message = message_of(comparison)
    assert shown[0].kicker == "Ce qui change par rapport au plan de départ"
    assert (shown[0].title, shown[0].sentences) == (message.title, message.lines[1:])
    assert shown[0].lines[0].detail.startswith("6\u00a0: Sablé-sur-Sarthe – La Flèche\n27")
    assert [line.detail for line in shown[0].lines[1:]] == what_changes(comparison)
    assert [slide.title for slide in shown[2:]] == ["Mayenne", "Sarthe", shown[-1].title]
    assert shown[-1].title.startswith("7\u00a0secteurs")


def test_a_scenario_of_a_position_alone_begins_with_it(study: Study, service: Scenarios) -> None:
    data = {"lycee": RACAN, "lat": 47.75, "lon": 0.4}
    work = service.editor.record(service.new(), "place", data)
    (first, *rest) = story_of(ledger_of(study.atlas, TODAY), work).steps
    assert first.kind is StepKind.BEFORE_AFTER
    assert StoryStep(StepKind.SECTOR, "mayenne") in rest
    assert make_webinar(of_work(study.analysis, work)).webinar.slides[0].lines != ()


def test_nothing_shown_to_a_room_is_a_fingerprint_or_a_doubtful_reading(
    study: Study, moved: Work
) -> None:
    for subject in (of_baseline(study.analysis), of_work(study.analysis, moved)):
        page = unescape(webinar_page(make_webinar(subject).webinar).decode())
        shown = page.partition('<main id="deck"')[2].partition("</main>")[0]
        assert "lecture" not in shown
        assert "le document" not in shown.casefold()
        assert subject.version.fingerprint.rpartition("(")[2].rstrip(")") not in shown


def test_before_and_after_show_the_same_place_and_name_who_moves(study: Study, moved: Work) -> None:
    slide = only(of_work(study.analysis, moved), StoryStep(StepKind.BEFORE_AFTER))
    before, after = (picture.scene for picture in slide.pictures)
    assert "heures de route de plus" in slide.title
    assert before.view.bounds == after.view.bounds
    changed = {zone.id for zone in after.zones if not zone.aside}
    assert changed == {zone.id for zone in before.zones if not zone.aside} == {"MAY-2", "SAR-4"}
    assert RACAN in before.picked == after.picked
    assert {label.text for label in after.labels} == {
        "Racan", "Maréchal Leclerc de Hauteclocque",
        "Sablé-sur-Sarthe – La Flèche", "Mamers – La Ferté-Bernard – Saint-Calais",
    }  # fmt: skip
    assert {label.number for label in after.labels if label.kind == "zone"} == {6, 27}
    assert before.change is not None
    assert [move.id for move in before.change.moves if move.arrow] == [RACAN, HAUTECLOCQUE]
    # drafts are hatched; nothing else says a status: no sign around the zones, no sector in colour
    assert {(zone.status, zone.changed) for zone in after.zones} == {
        (DecisionStatus.PUBLISHED, False), (DecisionStatus.DRAFT, False),
    }  # fmt: skip
    assert after.sectors == ()
    assert slide.lines[1].detail.startswith("Maréchal Leclerc de Hauteclocque")
    assert "rejoignent la zone Mamers" in slide.lines[1].detail
    assert "hypothèse" in slide.badges[0]


def test_a_retained_plan_over_drafts_says_both(
    study: Study, service: Scenarios, moved: Work
) -> None:
    retained = service.decide(moved, ScenarioStatus.KEPT, "vu au comité")
    for kind in (StepKind.BEFORE_AFTER, StepKind.VIGILANCE, StepKind.REGION):
        slide = only(of_work(study.analysis, retained), StoryStep(kind))
        assert slide.badges == ("Retenu, pas encore publié", "Hachuré\u00a0: brouillon de l'outil")


def test_a_change_of_many_lycees_has_no_arrows_and_says_what_is_in_yellow(study: Study) -> None:
    plan, zones = study.plan, [zone.id for zone in study.plan.zones]
    for rank, zone in enumerate(zones[:9]):
        plan = plan.move(min(study.plan.members(zone)), zones[rank + 1])
    slide = only(of_plan(study.with_plan(plan), "essai"), StoryStep(StepKind.BEFORE_AFTER))
    assert not any(
        move.arrow
        for picture in slide.pictures
        if picture.scene.change is not None
        for move in picture.scene.change.moves
    )
    names = {label.kind for picture in slide.pictures for label in picture.scene.labels}
    assert "lycee" not in names
    assert slide.lines[0].detail.endswith("9\u00a0lycées et les communes qui changent de zone.")


def test_before_and_after_do_not_tell_a_lycee_left_out_as_moved(study: Study) -> None:
    base = study.plan
    kept = {lycee: zone for lycee, zone in base.zone_by_lycee.items() if lycee != RACAN}
    subject = of_plan(study.with_plan(plan_of(base.sectors, base.zones, kept)), "Sans Racan")
    slide = only(subject, StoryStep(StepKind.BEFORE_AFTER))
    assert slide.title.startswith("1\u00a0lycée est retiré\u202f; ")


def test_a_step_whose_zone_has_gone_is_left_out_and_told(study: Study, service: Scenarios) -> None:
    steps = [
        StoryStep(StepKind.ZONE, "MAY-1"),
        StoryStep(StepKind.REGION),
        StoryStep(StepKind.PHASE, "jadis"),
    ]
    work = service.editor.record(service.new(), "story", {"steps": Story(tuple(steps)).as_json()})
    work = service.editor.record(work, "merge_zones", {"zone": "MAY-1", "into": "MAY-3"})
    ready = make_webinar(
        of_work(study.analysis, work), story_of(ledger_of(study.atlas, TODAY), work)
    )
    assert len(ready.webinar.slides) == 1
    assert "Aucune zone du plan n'a le code « MAY-1 »" in ready.skipped[0]
    assert "calendrier" in ready.skipped[2]


def test_when_nothing_can_be_shown_the_region_is(study: Study) -> None:
    ready = make_webinar(of_baseline(study.analysis), Story((StoryStep(StepKind.ZONE, "X-9"),)))
    assert list(ready.skipped) == [0]
    assert ready.webinar.slides[0].title.startswith("7\u00a0secteurs")


def test_the_presenter_s_words_take_the_place_of_the_sentences_not_of_the_figures(
    study: Study,
) -> None:
    own = StoryStep(StepKind.SECTOR, "mayenne", "Chez nous : <b>la Mayenne</b>", "Une équipe\nunie")
    slide = only(of_baseline(study.analysis), own)
    plain = only(of_baseline(study.analysis), StoryStep(StepKind.SECTOR, "mayenne"))
    assert slide.title == "Chez nous\u00a0: <b>la Mayenne</b>"
    assert slide.text == "Une équipe\nunie"
    assert slide.figures == plain.figures
    # who leads the sector and its support centre stay, as figures do
    assert slide.sentences == plain.sentences
    assert "RNS" in slide.sentences[0]
    region = only(of_baseline(study.analysis), StoryStep(StepKind.REGION, text="Bienvenue"))
    assert (region.text, region.sentences) == ("Bienvenue", ())


def test_points_to_watch_are_a_step_those_of_the_scenario_first(study: Study, moved: Work) -> None:
    slide = only(of_work(study.analysis, moved), StoryStep(StepKind.VIGILANCE))
    assert "points de vigilance" in slide.title
    assert "Mamers" in slide.lines[0].name
    assert "en premier" in slide.sentences[0]


def test_what_was_published_is_a_step_until_it_is_withdrawn(study: Study) -> None:
    plan = study.plan.move(RACAN, "SAR-4").move(HAUTECLOCQUE, "SAR-4")
    made = study.atlas.plan_json(plan, study.state.places)
    march = Publication("mars", "2026-03-01", "Ada", made, "Grace Hopper", "n° 12", position=1)
    ledger = ledger_of(study.atlas, TODAY, [march])
    subject = of_baseline(study.analysis)
    story = proposed_story(ledger, study.plan)
    rank = story.steps.index(StoryStep(StepKind.PUBLICATION, "mars"))
    slide = make_webinar(subject, story, ledger=ledger).webinar.slides[rank]
    assert slide.title == "Plan en vigueur depuis le 1er mars 2026"
    assert slide.sentences[0] == "Approuvé par Grace Hopper (n° 12)."
    assert slide.sentences[1].startswith(
        "2\u00a0lycées changent de zone par rapport au plan d'avant"
    )
    assert RACAN in slide.pictures[0].scene.picked
    assert any("Racan" in line.name and "Mamers" in line.detail for line in slide.lines)
    taken = Publication(
        "retrait", TODAY, "Ada", note="erreur de date", withdraws="mars", position=2
    )
    ready = make_webinar(subject, story, ledger=ledger_of(study.atlas, TODAY, [march, taken]))
    assert "a été retirée" in ready.skipped[rank]
    assert "erreur de date" in ready.skipped[rank]


def test_a_story_is_saved_with_its_scenario_frozen_and_told_in_its_history(
    study: Study, service: Scenarios
) -> None:
    story = Story((StoryStep(StepKind.REGION, title="Bienvenue"),))
    work = service.editor.record(service.new(), "story", {"steps": story.as_json()})
    assert work.scenario is not None
    assert story_of(ledger_of(study.atlas, TODAY), service.open(work.scenario.id)) == story
    assert (
        describe_event(study.territory, work, work.timeline.events[0])
        == "Récit du webinaire : 1\u00a0étape"
    )
    token = service.sharing.freeze(work)
    reset = service.editor.record(work, "story", {"steps": None})
    assert story_of(ledger_of(study.atlas, TODAY), reset) == proposed_story(
        ledger_of(study.atlas, TODAY), reset.plan, reset.base
    )
    assert story_of(ledger_of(study.atlas, TODAY), service.frozen(token)) == story
    assert make_webinar(of_work(study.analysis, service.frozen(token))).webinar.slides[0].title == (
        "Bienvenue"
    )


def test_what_became_of_a_scenario_since_it_was_opened_is_known(
    service: Scenarios, moved: Work
) -> None:
    assert standing_of(service, service.new()) == ""
    assert standing_of(service, moved) == ""
    put_aside = service.archive(moved, archived=True)
    assert standing_of(service, moved) == ARCHIVED
    assert standing_of(service, put_aside) == ""
    service.delete(moved.saved.id)
    assert standing_of(service, moved) == DELETED


def test_every_choice_of_a_step_can_be_shown(study: Study) -> None:
    steps = tuple(
        StoryStep(*choice) for choice in story_choices(ledger_of(study.atlas, TODAY), study.plan)
    )
    ready = make_webinar(of_baseline(study.analysis), Story(steps))
    assert ready.skipped == {}
    assert len(ready.webinar.slides) == len(steps)


# -- bad input -----------------------------------------------------------------------------------


def crowded(study: Study) -> Plan:
    """A plan whose sector « nantes » has forty zones of one lycée with names of 120 characters."""
    plan = study.plan
    lycees = plan.lycees[:40]
    zones = [Zone(f"Q-{rank}", f"{rank} 🎓 {'x' * 113}", "nantes") for rank in range(40)]
    assigned = dict(plan.zone_by_lycee) | {lycee: f"Q-{i}" for i, lycee in enumerate(lycees)}
    return plan_of(plan.sectors, (*plan.zones, *zones), assigned)


def test_forty_zones_in_a_sector_are_all_in_its_slide_for_screens_to_shorten(
    study: Study,
) -> None:
    subject = of_plan(study.with_plan(crowded(study)), "essai.json")
    slide = only(subject, StoryStep(StepKind.SECTOR, "nantes"))
    assert int(figures(slide)["zones de continuité"]) >= 40
    assert len(slide.lines) >= 40
    assert str(slide.noun) == "zone"
    shown = [zone for zone in slide.pictures[0].scene.zones if zone.sector == "nantes"]
    assert len(shown) >= 40


def test_a_zone_of_one_has_no_colleague_and_no_figure_made_up(study: Study) -> None:
    subject = of_plan(study.with_plan(crowded(study)), "essai.json")
    slide = only(subject, StoryStep(StepKind.ZONE, "Q-0"))
    assert figures(slide)["trajet moyen entre collègues"] == "—"
    assert slide.sentences == ("Un seul lycée\u00a0: pas de relève.",)


def test_a_lycee_without_position_is_told_and_left_off_the_map(
    study: Study, without_position: Callable[[str], Study]
) -> None:
    lost = without_position(RACAN)
    slide = only(of_baseline(lost.analysis), StoryStep(StepKind.REGION))
    assert slide.sentences[-1] == "Sans position, absents de la carte\u00a0: Racan."
    zone = only(of_baseline(lost.analysis), StoryStep(StepKind.ZONE, "MAY-2"))
    labels = {label.text for label in zone.pictures[0].scene.labels if label.kind == "lycee"}
    assert len(labels) == len(study.plan.members("MAY-2")) - 1


@pytest.fixture
def without_position(study: Study) -> Callable[[str], Study]:
    """Return the territory where the position of a lycée is not known."""

    def lose(lycee: str) -> Study:
        nowhere = replace(study.territory.lycees[lycee], lat=float("nan"), lon=float("nan"))
        lycees = dict(study.territory.lycees) | {lycee: nowhere}
        data = replace(study.atlas.data, lycees=lycees)
        return study_of(analysis_of(territory_of(replace(study.atlas, data=data))))

    return lose

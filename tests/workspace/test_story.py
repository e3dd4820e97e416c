"""A story made ready: what each step says and shows, and what cannot be shown any more."""

from dataclasses import replace
from html import unescape

import pytest

from geozones.domain import (
    DecisionStatus,
    Milestone,
    Publication,
)
from geozones.domain.story import StepKind, Story, StoryStep
from geozones.export.blocks import Block, KeyFacts, Quoted, Row, Table, Text
from geozones.export.organisation import whole_html
from geozones.export.reports import report_of
from geozones.features.webinar.document import Slide, Webinar, webinar_page
from geozones.features.webinar.use_cases import (
    make_webinar,
    proposed_story,
    story_choices,
    story_of,
)
from geozones.metrics.metric_registry import watch_list
from geozones.render import Scene
from geozones.workspace.figures.study import Study
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

RACAN, HAUTECLOCQUE = "0720012X", "0720013Y"
TODAY = "2026-03-02"


@pytest.fixture
def moved(service: Scenarios) -> Work:
    return service.record(service.new(), "move", {"moves": {RACAN: "SAR-4", HAUTECLOCQUE: "SAR-4"}})


def only(subject: ExportedPlan, step: StoryStep) -> Slide:
    """The slide of one step."""
    ready = make_webinar(subject, Story((step,)))
    assert ready.skipped == {}
    (slide,) = ready.webinar.slides
    return slide


def blocks_of(slide: Slide) -> list[Block]:
    """The blocks of a slide, those beside its map too."""
    beside = () if slide.picture is None else slide.picture.beside
    return [*slide.page.blocks, *beside]


def figures(slide: Slide) -> dict[str, str]:
    facts = (block.facts for block in blocks_of(slide) if isinstance(block, KeyFacts))
    return {fact.label: fact.value for several in facts for fact in several}


def sentences(slide: Slide) -> list[str]:
    return [
        f"{line.head} {line.text}".strip()
        for block in blocks_of(slide)
        if isinstance(block, Text)
        for line in block.lines
    ]


def rows(slide: Slide) -> list[Row]:
    return [row for block in blocks_of(slide) if isinstance(block, Table) for row in block.rows]


def scenes(slide: Slide) -> tuple[Scene, ...]:
    return slide.picture.scenes


def test_the_proposed_story_is_ready_whole_in_the_order_of_a_deck(study: Study) -> None:
    subject = of_baseline(study.analysis)
    ready = make_webinar(subject, today=TODAY)
    assert ready.skipped == {}
    shown = ready.webinar.slides
    region = dossier(subject, ExportView())
    deck = {page.key: page for page in report_of(region).pages}
    keys = [slide.page.key for slide in shown]
    assert keys == ["region", *(f"s-{sector.id}" for sector in study.plan.sectors), "organisation"]
    assert len(shown) == 9
    assert [key for key in deck if key in keys] == keys
    assert all(slide.page.title == deck[slide.page.key].title for slide in shown)
    assert all(slide.page.blocks == deck[slide.page.key].blocks for slide in shown[1:-1])
    assert [row.cells[0] for row in rows(shown[0])] == [
        "Rentrée scolaire 25/26", "1er novembre 2025", "Janvier 2026", "Juillet 2026",
        "Rentrée scolaire 26/27",
    ]  # fmt: skip
    date, plan = ready.webinar.credits
    assert date == "2 mars 2026"
    assert plan.startswith("Plan de départ")


def test_a_draft_says_so_and_its_lines_are_hatched_where_a_published_sector_has_neither(
    study: Study,
) -> None:
    draft = only(of_baseline(study.analysis), StoryStep(StepKind.SECTOR, "vendee"))
    published = only(of_baseline(study.analysis), StoryStep(StepKind.SECTOR, "mayenne"))
    assert "pas une décision de la Région" in sentences(draft)[0]
    assert all(row.swatch is not None and row.swatch.hatched for row in rows(draft))
    assert "décision" not in " ".join(sentences(published))
    assert not any(row.swatch is None or row.swatch.hatched for row in rows(published))


def test_a_phase_fades_what_is_not_deployed_yet(study: Study) -> None:
    early, november, last = (
        only(of_baseline(study.analysis), StoryStep(StepKind.PHASE, date))
        for date in ("rentree-2025", "novembre-2025", "rentree-2026")
    )
    assert figures(early)["lycées concernés"] == "0 sur 119"
    assert figures(november)["secteurs dans la nouvelle organisation"] == "3 sur 7"
    assert "toute la région" in sentences(last)[0]
    deployed = {zone.sector for zone in scenes(november)[0].zones if zone.deployed}
    assert deployed == {"maine-et-loire", "mayenne", "sud-loire-cholet"}


def test_who_is_with_whom_is_a_step_of_the_whole_and_of_a_sector(study: Study) -> None:
    whole = only(of_baseline(study.analysis), StoryStep(StepKind.ORGANISATION))
    assert whole.chart == whole_html(study.atlas.organisation, level=2)
    quotes = [block for block in whole.page.blocks if isinstance(block, Quoted)]
    assert len(quotes) == len(study.atlas.organisation.principles)
    assert "webinaire du 11 juin 2025" in whole.page.notes[-1]
    sector = only(of_baseline(study.analysis), StoryStep(StepKind.CHART, "vendee"))
    assert "secteur Vendée" in sector.chart
    assert "le document n'en donne pas" in sector.page.notes[0]
    assert "pas une décision de la Région" in sentences(sector)[0]


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


def test_a_scenario_s_webinar_has_the_pages_of_its_deck_and_leaves_out_what_stays(
    study: Study, moved: Work
) -> None:
    subject = of_work(study.analysis, moved)
    shown = make_webinar(subject).webinar.slides
    deck = report_of(dossier(subject, ExportView())).pages
    assert [slide.page.key for slide in shown] == [
        page.key for page in deck if page.key != "sources"
    ]
    for slide, page in zip(shown, deck, strict=False):
        assert (slide.page.title, slide.page.notes) == (page.title, page.notes)
        assert [row.cells for row in rows(slide)] == [row.cells for row in rows(Slide(page))]
        assert figures(slide) == figures(Slide(page))
    assert "heures de route de plus" in shown[0].page.title


def test_a_scenario_of_a_position_alone_begins_with_it(study: Study, service: Scenarios) -> None:
    data = {"lycee": RACAN, "lat": 47.75, "lon": 0.4}
    work = service.record(service.new(), "place", data)
    (step,) = story_of(ledger_of(study.atlas, TODAY), work).steps
    assert step.kind is StepKind.BEFORE_AFTER
    shown = make_webinar(of_work(study.analysis, work)).webinar.slides
    assert any("Racan" in sentence for slide in shown for sentence in sentences(slide))


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
    slide, *_ = make_webinar(of_work(study.analysis, moved)).webinar.slides
    before, after = scenes(slide)
    assert before.view.bounds == after.view.bounds
    changed = {zone.id for zone in after.zones if not zone.aside}
    assert changed == {zone.id for zone in before.zones if not zone.aside} == {"MAY-2", "SAR-4"}
    assert RACAN in before.picked == after.picked
    assert {label.text for label in after.labels} == {
        "Racan", "Maréchal Leclerc de Hauteclocque",
        "Sablé-sur-Sarthe – La Flèche", "Mamers – La Ferté-Bernard – Saint-Calais",
    }  # fmt: skip
    numbers = {number for number, _ in before.change.zones}
    assert {label.number for label in after.labels if label.kind == "zone"} == numbers
    assert [move.id for move in before.change.moves if move.arrow] == [RACAN, HAUTECLOCQUE]
    # drafts are hatched; nothing else says a status: no sign around the zones, no sector in colour
    assert {(zone.status, zone.changed) for zone in after.zones} == {
        (DecisionStatus.PUBLISHED, False), (DecisionStatus.DRAFT, False),
    }  # fmt: skip
    assert after.sectors == ()
    page = webinar_page(Webinar("Essai", (slide,), ())).decode()
    for number, name in before.change.zones:
        assert f"<strong>{number}</strong> {name}" in page


def test_a_step_whose_zone_has_gone_is_left_out_and_told(study: Study, service: Scenarios) -> None:
    steps = [
        StoryStep(StepKind.ZONE, "MAY-1"),
        StoryStep(StepKind.REGION),
        StoryStep(StepKind.PHASE, "jadis"),
    ]
    work = service.record(service.new(), "story", {"steps": Story(tuple(steps)).as_json()})
    work = service.record(work, "merge_zones", {"zone": "MAY-1", "into": "MAY-3"})
    ready = make_webinar(
        of_work(study.analysis, work), story_of(ledger_of(study.atlas, TODAY), work)
    )
    assert len(ready.webinar.slides) == 1
    assert "Aucune zone du plan n'a le code « MAY-1 »" in ready.skipped[0]
    assert "calendrier" in ready.skipped[2]


def test_the_presenter_s_words_take_the_place_of_the_sentences_not_of_figures_nor_warnings(
    study: Study,
) -> None:
    own = StoryStep(StepKind.SECTOR, "mayenne", "Chez nous : <b>la Mayenne</b>", "Une équipe\nunie")
    slide = only(of_baseline(study.analysis), own)
    plain = only(of_baseline(study.analysis), StoryStep(StepKind.SECTOR, "mayenne"))
    assert slide.page.title == "Chez nous : <b>la Mayenne</b>"
    assert rows(slide) == rows(plain)
    # who leads the sector and its support centre stay, as figures do
    assert sentences(slide) == ["Une équipe", "unie", *sentences(plain)]
    region = only(of_baseline(study.analysis), StoryStep(StepKind.REGION, text="Bienvenue"))
    welcome, *warnings = sentences(region)
    assert welcome == "Bienvenue"
    assert any("BROUILLON" in warning for warning in warnings)
    assert len(warnings) == 1


def test_points_to_watch_are_a_step(study: Study, moved: Work) -> None:
    subject = of_work(study.analysis, moved)
    slide = only(subject, StoryStep(StepKind.VIGILANCE))
    points = watch_list(dossier(subject, ExportView()).points)
    assert slide.page.title == points.text
    assert len(rows(slide)) == points.count


def test_what_was_published_is_a_step_until_it_is_withdrawn(study: Study) -> None:
    plan = study.plan.move(RACAN, "SAR-4").move(HAUTECLOCQUE, "SAR-4")
    made = study.atlas.plan_json(plan, study.state.places)
    march = Publication("mars", "2026-03-01", "Ada", made, "Grace Hopper", "n° 12", position=1)
    ledger = ledger_of(study.atlas, TODAY, [march])
    subject = of_baseline(study.analysis)
    story = proposed_story(ledger, study.plan)
    rank = story.steps.index(StoryStep(StepKind.PUBLICATION, "mars"))
    ready = make_webinar(subject, story, ledger=ledger)
    slide, moves = ready.webinar.slides[ready.starts[rank] : ready.starts[rank + 1]]
    assert slide.page.title == "Plan en vigueur depuis le 1er mars 2026"
    assert sentences(slide)[0] == "Approuvé par Grace Hopper (n° 12)."
    assert sentences(slide)[1].startswith("Deux lycées changent de zone")
    assert all(RACAN in scene.picked for scene in scenes(slide))
    assert any("Racan" in row.texts[1] and "Mamers" in row.texts[3] for row in rows(moves))
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
    work = service.record(service.new(), "story", {"steps": story.as_json()})
    assert story_of(ledger_of(study.atlas, TODAY), service.open(work.scenario.id)) == story
    assert (
        describe_event(study.territory, work, work.timeline.events[0])
        == "Récit du webinaire : 1\u00a0étape"
    )
    token = service.links.freeze(work)
    reset = service.record(work, "story", {"steps": None})
    assert story_of(ledger_of(study.atlas, TODAY), reset) == proposed_story(
        ledger_of(study.atlas, TODAY), reset.plan, reset.base
    )
    assert story_of(ledger_of(study.atlas, TODAY), service.links.open(token)) == story
    assert make_webinar(of_work(study.analysis, service.links.open(token))).webinar.slides[
        0
    ].page.title == ("Bienvenue")


def test_every_choice_of_a_step_can_be_shown(study: Study) -> None:
    steps = tuple(
        StoryStep(*choice) for choice in story_choices(ledger_of(study.atlas, TODAY), study.plan)
    )
    ready = make_webinar(of_baseline(study.analysis), Story(steps))
    assert ready.skipped == {}
    assert list(ready.starts.values()) == list(range(len(steps)))


# -- bad input -----------------------------------------------------------------------------------


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
        return [row.texts[1] for row in rows(slide) if row.cells[0] == "Secteur Mayenne"]

    assert own_lines("rentree-2025") == ["20 juin 2025 : Réunion des proviseurs"]
    assert own_lines("novembre-2025") == ["1er décembre 2025 : Deux T.I.S. en poste"]
    assert own_lines("janvier-2026") == []


def test_a_change_of_many_lycees_has_no_arrows(study: Study) -> None:
    plan, zones = study.plan, [zone.id for zone in study.plan.zones]
    for rank, zone in enumerate(zones[:13]):
        plan = plan.move(min(study.plan.members(zone)), zones[rank + 1])
    slide, *_ = make_webinar(of_plan(study.with_plan(plan), "essai")).webinar.slides
    for scene in scenes(slide):
        assert len(scene.change.moves) in {0, 13}
        assert not any(move.arrow for move in scene.change.moves)
        assert "lycee" not in {label.kind for label in scene.labels}

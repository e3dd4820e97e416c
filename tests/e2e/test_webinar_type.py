"""Every step of a webinar on several screens: sizes of type, no word over another, none cut."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from geozones.domain.plan import plan_of
from geozones.domain.story import StepKind, Story, StoryStep
from geozones.features.webinar.document import webinar_page
from geozones.features.webinar.use_cases import ReadyStory, make_webinar
from geozones.workspace.figures.study import Study
from geozones.workspace.sharing.exported_plan import ExportedPlan, of_baseline, of_plan

from .conftest import NewVisit

#: Least size of what a room reads, in pixels of a screen of 1920 × 1080.
LEAST = 24.0
SCREENS = [(1920, 1080), (1366, 768), (3840, 2160), (1024, 768)]
#: Words in sight as [text, size, left, top, right, bottom], a line of them each; their parents.
WORDS = """() => {
  const found = [];
  const texts = document.createTreeWalker(document.getElementById("deck"), NodeFilter.SHOW_TEXT);
  for (let node; (node = texts.nextNode());) {
    const parent = node.parentElement;
    const seen = parent.checkVisibility({ visibilityProperty: true, opacityProperty: true });
    if (!seen || !node.textContent.trim() || parent.closest(".unseen, #keys")) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    const size = parseFloat(getComputedStyle(parent).fontSize);
    for (const { left, top, right, bottom } of range.getClientRects()) {
      if (right > left) found.push([node.textContent.trim(), size, left, top, right, bottom]);
    }
  }
  return found;
}"""
#: What scrolls, and what is wider than its place.
CUT = """() => [...document.querySelectorAll("#words, .chart, #words *, #maps figcaption")]
  .filter((each) => each.checkVisibility() && getComputedStyle(each).display !== "inline")
  .filter((each) => each.scrollWidth > each.clientWidth + 1
    || (each.matches("#words, .chart") && each.scrollHeight > each.clientHeight + 1))
  .map((each) => `${each.id || each.className}: ${each.textContent.slice(0, 60)}`)"""

#: Wait for the names of the maps, which are placed when the browser has nothing else to do.
NAMED = "() => new Promise((done) => requestIdleCallback(done, { timeout: 400 }))"

type Word = tuple[str, float, float, float, float, float]


def _two_lycees(study: Study) -> ExportedPlan:
    moved = study.plan.move("0720012X", "SAR-4").move("0720013Y", "SAR-4")
    return of_plan(study.with_plan(moved), "essai.json")


def _sixty_lycees(study: Study) -> ExportedPlan:
    plan = study.plan
    for lycee in plan.lycees[:60]:
        zone = plan.zone_of(lycee)
        others = [z.id for z in study.plan.zones_of(zone.sector) if z.id != zone.id]
        plan = plan.move(lycee, others[0])
    return of_plan(study.with_plan(plan), "essai.json")


def _long_names(study: Study) -> ExportedPlan:
    plan = study.plan
    more = " et communes voisines jusqu'à la limite du Loiret"
    zones = [replace(zone, own_name=f"{zone.name}{more}"[:60]) for zone in plan.zones]
    return of_plan(study.with_plan(plan_of(plan.sectors, zones, plan.zone_by_lycee)), "essai.json")


def _baseline(study: Study) -> ExportedPlan:
    return of_baseline(study.analysis)


def _charts(study: Study) -> Story:
    """Return the story of all that the document says, and of the chart of each sector."""
    organisation = study.atlas.organisation
    assert organisation is not None
    chapters = [StoryStep(StepKind.DOCUMENT, chapter.id) for chapter in organisation.chapters]
    charts = [StoryStep(StepKind.CHART, sector.id) for sector in study.plan.sectors]
    return Story((*chapters, *charts))


SHOWS: dict[str, Callable[[Study], ReadyStory]] = {
    "plan": lambda study: make_webinar(_baseline(study)),
    "charts": lambda study: make_webinar(_baseline(study), _charts(study)),
    "two": lambda study: make_webinar(_two_lycees(study)),
    "sixty": lambda study: make_webinar(_sixty_lycees(study)),
    "names": lambda study: make_webinar(_long_names(study)),
}


@pytest.mark.slow
@pytest.mark.parametrize("shown", SHOWS)
def test_every_word_is_large_enough_and_none_lies_over_another(
    study: Study, shown: str, new_visit: NewVisit, tmp_path: Path
) -> None:
    path = tmp_path / "page.html"
    path.write_bytes(webinar_page(SHOWS[shown](study).webinar))
    visit = new_visit(url=path.as_uri())
    visit.page.emulate_media(reduced_motion="reduce")
    for width, height in SCREENS:
        visit.page.set_viewport_size({"width": width, "height": height})
        visit.page.goto(path.as_uri())
        walk(visit.page, width, height)
    assert visit.errors == []


def walk(page: Page, width: int, height: int) -> None:
    """Go from the first step to the last, and check each on a screen of this size."""
    steps = int(page.locator("#counter").inner_text().split("/")[1])
    least = LEAST * min(width / 1920, height / 1080)
    for step in range(1, steps + 1):
        where = (width, step)
        page.locator(f'#deck[data-step="{step}"]').wait_for()
        page.evaluate(NAMED)
        words: list[Word] = page.evaluate(WORDS)
        assert [word for word in words if word[1] < least] == [], where
        assert [word for word in words if _outside(word, width, height)] == [], where
        assert _overlaps(words) == [], where
        assert page.evaluate(CUT) == [], where
        page.keyboard.press("ArrowRight")


def _outside(word: Word, width: int, height: int) -> bool:
    _, _, left, top, right, bottom = word
    return left < -1 or top < -1 or right > width + 1 or bottom > height + 1


def _overlaps(words: list[Word]) -> list[tuple[str, str]]:
    """Return the words that lie over others by a third of a line: boxes have margins."""
    found = []
    for rank, one in enumerate(words):
        for other in words[rank + 1 :]:
            across = min(one[4], other[4]) - max(one[2], other[2])
            down = min(one[5], other[5]) - max(one[3], other[3])
            lower = min(one[5] - one[3], other[5] - other[3])
            if across > 2 and down > lower / 3:
                found.append((one[0], other[0]))
    return found


def test_the_maps_of_a_change_have_an_arrow_for_each_lycee_and_one_scale(
    study: Study, new_visit: NewVisit, tmp_path: Path
) -> None:
    path = tmp_path / "page.html"
    path.write_bytes(webinar_page(make_webinar(_two_lycees(study)).webinar))
    page = new_visit({"width": 1920, "height": 1080}, path.as_uri()).page
    page.goto(path.as_uri())
    for side, heads in ((0, 2), (1, 0)):  # a line over a wider one, each with its head
        arrows = page.locator(f"#map-{side} .leaflet-ways-pane path[marker-end]")
        expect(arrows).to_have_count(2 * heads)
    scales = page.locator(".leaflet-control-scale-line").all_inner_texts()
    assert len(set(scales)) == 1
    first, second = (page.locator(f"#map-{side}").bounding_box() for side in (0, 1))
    assert first is not None
    assert second is not None
    for side in ("width", "height"):
        assert first[side] == pytest.approx(second[side], abs=8)

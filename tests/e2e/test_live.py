"""What the map tells while a lycée is pressed, dragged and dropped."""

import re

import pytest
from playwright.sync_api import Locator, expect

from geozones.workspace.figures.study import Study
from geozones.workspace.moves.destinations import REFUSED, lycee_hints
from render.judge import differences

from .browser import PHONE
from .conftest import MAP, NewVisit, Visit, still

RACAN = "0720012X"  # Montval-sur-Loir, zone MAY-2
CHEVROLLIER = "0490003M"  # support centre of Maine-et-Loire
SAINT_CALAIS = (47.92, 0.745)  # in zone SAR-4
LE_LUDE = (47.65, 0.16)  # in zone MAY-2

# in the very task in which the button goes up: no answer of the server can have come
AS_THE_BUTTON_GOES_UP = """box => {
    const painted = () => [...box.querySelectorAll("[data-dropped]")]
        .map((path) => [path.dataset.dropped, path.getAttribute("fill")]);
    window.seen = new Promise((done) => {
        document.addEventListener("mouseup", () => done(painted()), { once: true });
    });
}"""


def zone(visit: Visit, name: str) -> Locator:
    return visit.map.locator(f'path[data-zone="{name}"]').first


def grab(visit: Visit, uai: str, lat: float, lon: float) -> None:
    """Drag a lycée to a place, and keep the button down."""
    visit.lycee(uai).hover()
    visit.page.mouse.down()
    carry(visit, lat, lon)


def carry(visit: Visit, lat: float, lon: float) -> None:
    """Move what is grabbed over a place."""
    x, y = visit.point(lat, lon)
    visit.page.mouse.move(x - 5, y - 5, steps=4)
    visit.page.mouse.move(x, y, steps=2)


@pytest.mark.slow
def test_a_drag_tints_every_zone_by_its_worth_tells_of_each_and_is_given_up_by_escape(
    atelier: Visit, study: Study
) -> None:
    drawer = atelier.tables().locator(".gz-figures")
    expect(drawer).to_be_visible()
    atelier.lycee(RACAN).hover()
    atelier.page.mouse.down()
    expected = {name: str(hint.grade) for name, hint in lycee_hints(study, RACAN).items()}
    for name, grade in expected.items():
        expect(zone(atelier, name)).to_have_attribute("data-grade", grade)
    expect(zone(atelier, "MAY-2")).to_have_attribute("data-grade", "own")
    expect(atelier.map.locator(".gz-scale")).to_contain_text("Racan")
    # by grade, and whether the zone is a draft: those stay hatched
    drafts = {entry.id: study.plan.sector(entry.sector).is_draft for entry in study.plan.zones}
    fills: dict[tuple[str, bool], set[str]] = {}
    for name, grade in expected.items():
        fill = zone(atelier, name).evaluate("path => getComputedStyle(path).fill")
        fills.setdefault((grade, drafts[name]), set()).add(fill)
        lines = pattern_of(atelier, name).locator("rect:not(:first-child)")
        expect(lines).to_have_count(1 if drafts[name] else 0)
    assert {grade for grade, draft in fills if draft} & {
        grade for grade, draft in fills if not draft
    }
    assert all(len(each) == 1 for each in fills.values())
    assert len(set.union(*fills.values())) == len(fills)
    # while dragging, the hint tells what the zone below would change
    carry(atelier, *SAINT_CALAIS)
    tip = atelier.map.locator(".gz-tip")
    expect(tip).to_be_visible()
    expect(tip.locator("strong")).to_have_text(study.plan.zone("SAR-4").name)
    facts = lycee_hints(study, RACAN)["SAR-4"].facts
    assert facts
    for name, value in facts:
        expect(tip.locator("dt", has_text=name)).to_be_visible()
        expect(tip.locator("dd", has_text=value.replace("\xa0", " "))).to_be_visible()
    atelier.page.mouse.move(*atelier.point(*LE_LUDE), steps=3)  # its own zone: nothing to tell
    expect(tip).to_be_hidden()
    # Escape gives the drag up
    carry(atelier, *SAINT_CALAIS)
    expect(tip).to_be_visible()
    atelier.page.keyboard.press("Escape")
    expect(atelier.map.locator("[data-grade]")).to_have_count(0)
    expect(tip).to_be_hidden()
    atelier.page.mouse.up()
    still(atelier.page)
    expect(atelier.lycee(RACAN)).to_have_attribute("data-zone", "MAY-2")
    expect(drawer).to_be_visible()
    expect(atelier.page.get_by_text("changement fait")).to_have_count(0)
    # and the lycée can be dragged again: hints follow the plan
    atelier.drag(RACAN, *SAINT_CALAIS)
    expect(atelier.lycee(RACAN)).to_have_attribute("data-zone", "SAR-4")
    still(atelier.page)
    moved = study.with_plan(study.plan.move(RACAN, "SAR-4"))
    atelier.lycee(RACAN).hover()
    atelier.page.mouse.down()
    expect(zone(atelier, "SAR-4")).to_have_attribute("data-grade", "own")
    back = lycee_hints(moved, RACAN)["MAY-2"]
    expect(zone(atelier, "MAY-2")).to_have_attribute("data-grade", str(back.grade))
    assert atelier.errors == []


def test_a_refusal_has_its_colour_and_its_crosses_and_says_why(atelier: Visit) -> None:
    atelier.pick(CHEVROLLIER)
    expect(zone(atelier, "SAR-4")).to_have_attribute("data-grade", str(REFUSED))
    scale = atelier.map.locator(".gz-scale")
    expect(scale).to_contain_text("bien plus")
    painted = scale.locator("i").evaluate_all(
        "all => all.map(each => getComputedStyle(each).backgroundColor)"
    )
    rgb = [re.findall(r"\d+", colour)[:3] for colour in painted]
    *_, bad, worst, refused, _ = ("#" + "".join(f"{int(x):02x}" for x in each) for each in rgb)
    for pair in ((worst, refused), (bad, refused), (bad, worst)):
        seen = differences([pair])
        assert min(seen["usual"], seen["deuteranopia"], seen["protanopia"]) > 9
    crosses = [pattern_of(atelier, name).locator("path").count() for name in ("SAR-4", "MEL-3")]
    assert crosses == [1, 0]
    # dropped there, it takes no colour
    still(atelier.page)
    grab(atelier, CHEVROLLIER, *SAINT_CALAIS)
    expect(zone(atelier, "SAR-4")).to_have_attribute("data-grade", str(REFUSED))
    tip = atelier.map.locator(".gz-tip")
    expect(tip).to_contain_text("centre support du secteur Maine-et-Loire")
    atelier.page.mouse.up()
    expect(atelier.map.locator("[data-dropped]")).to_have_count(0)
    expect(atelier.page.get_by_role("alert")).to_contain_text("Déplacement refusé")


def pattern_of(visit: Visit, name: str) -> Locator:
    """The pattern that fills a zone; none for one filled with a colour."""
    fill = zone(visit, name).evaluate("path => getComputedStyle(path).fill")
    named = re.search('#([^")]+)', fill)
    return visit.map.locator(f"pattern[id='{named[1] if named else ''}']")


@pytest.mark.slow
def test_a_drop_is_coloured_before_the_server_answers_then_by_its_scene(atelier: Visit) -> None:
    tip = atelier.map.locator(".gz-tip")
    zone(atelier, "SAR-4").hover()
    expect(tip).to_be_visible()
    grab(atelier, RACAN, *SAINT_CALAIS)
    fill = zone(atelier, "SAR-4").get_attribute("fill")
    atelier.map.locator("#map_div").evaluate(AS_THE_BUTTON_GOES_UP)
    atelier.page.mouse.up()
    seen = atelier.map.locator("#map_div").evaluate("() => window.seen")
    assert ["SAR-4", fill] in seen
    expect(atelier.lycee(RACAN)).to_have_attribute("data-zone", "SAR-4")
    expect(atelier.map.locator("[data-dropped]")).to_have_count(0)
    expect(atelier.map.locator("[data-grade]")).to_have_count(0)
    # no tooltip stays after a drop or a choice
    still(atelier.page)
    expect(tip).to_be_hidden()
    atelier.lycee(CHEVROLLIER).click()
    expect(atelier.page.locator(".gz-lycee-card h3")).to_have_text(re.compile("Chevrollier"))
    still(atelier.page)
    expect(tip).to_be_hidden()
    # a map loaded anew is sent again what it had been sent
    atelier.page.locator(MAP).element_handle().content_frame().evaluate("window.location.reload()")
    expect(atelier.lycee(RACAN)).to_have_attribute("data-zone", "SAR-4")
    expect(zone(atelier, "SAR-4")).to_have_attribute("d", re.compile("^M"))


def free_of_panels(visit: Visit) -> tuple[float, float, float, float]:
    """The part of the map that nothing covers: west, north, east, south in its own pixels."""
    frame, panel = visit.page.locator(MAP).bounding_box(), visit.panel.bounding_box()
    chips = visit.page.locator(".st-key-gz-chips").bounding_box()
    north = chips["y"] + chips["height"] - frame["y"]
    if panel["width"] == frame["width"]:  # a phone: a sheet from the bottom
        return 0, north, frame["width"], panel["y"] - frame["y"]
    return panel["x"] + panel["width"] - frame["x"], north, frame["width"], frame["height"]


@pytest.mark.slow
@pytest.mark.parametrize("viewport", [{"width": 1440, "height": 900}, PHONE], ids=["wide", "phone"])
def test_a_tooltip_is_whole_wherever_the_pointer_is(
    new_visit: NewVisit, viewport: dict[str, int]
) -> None:
    visit = new_visit(viewport).open()
    still(visit.page)
    box = visit.map.locator("#map_div")
    box.scroll_into_view_if_needed()
    box.evaluate("() => window.map.setView([47.4, -0.6], 10, { animate: false })")  # land all over
    frame = visit.page.locator(MAP).bounding_box()
    west, north, east, south = free_of_panels(visit)
    told = 0
    for across in (0.03, 0.25, 0.5, 0.75, 0.97):
        for down in (0.03, 0.25, 0.5, 0.75, 0.97):
            x, y = west + (east - west) * across, north + (south - north) * down
            visit.page.mouse.move(frame["x"] + x, frame["y"] + y)
            tip = visit.map.locator(".gz-tip").evaluate(
                "tip => tip.hidden ? null : [tip.offsetLeft, tip.offsetTop,"
                " tip.offsetLeft + tip.offsetWidth, tip.offsetTop + tip.offsetHeight]"
            )
            if tip is None:
                continue
            told += 1
            left, top, right, bottom = tip
            assert west <= left < right <= east, (across, down)
            assert north <= top < bottom <= south, (across, down)
            assert not (left <= x <= right and top <= y <= bottom), (across, down)
    assert told > 12


def test_a_finger_drags_too(atelier: Visit) -> None:
    atelier.lycee(RACAN).hover()  # waits until it no longer moves
    box = atelier.lycee(RACAN).bounding_box()
    start = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    finger = atelier.page.context.new_cdp_session(atelier.page)

    def touch(kind: str, *places: tuple[float, float]) -> None:
        points = [{"x": x, "y": y} for x, y in places]
        finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    x, y = atelier.point(*SAINT_CALAIS)
    touch("touchStart", start)
    for share in (0.25, 0.5, 0.75):
        touch("touchMove", (start[0] + (x - start[0]) * share, start[1] + (y - start[1]) * share))
    atelier.carry(lambda x, y: touch("touchMove", (x, y)), *SAINT_CALAIS)
    expect(zone(atelier, "MAY-2")).to_have_attribute("data-grade", "own")
    expect(atelier.map.locator(".gz-tip")).to_contain_text("Saint-Calais")
    touch("touchEnd")
    expect(atelier.lycee(RACAN)).to_have_attribute("data-zone", "SAR-4")

"""Several lycées taken at once: with the mouse, with a finger."""

import pytest
from playwright.sync_api import expect

from .conftest import NewVisit, Visit, still

RACAN = "0720012X"
VADEPIED = "0530949U"  # Évron
#: West, south, east, north of the north of the Sarthe.
AROUND = (0.05, 47.85, 0.95, 48.6)


def lasso(visit: Visit, *corners: tuple[float, float]) -> None:
    """Drag with Shift through places (latitude, longitude); the button stays down."""
    visit.page.keyboard.down("Shift")
    first, *others = [visit.point(*corner) for corner in corners]
    visit.page.mouse.move(*first)
    visit.page.mouse.down()
    for corner in others:
        visit.page.mouse.move(*corner, steps=6)


def let_go(visit: Visit) -> None:
    visit.page.mouse.up()
    visit.page.keyboard.up("Shift")


def picked(visit: Visit) -> set[str | None]:
    marks = visit.map.locator(".gz-picked").all()
    return {mark.get_attribute("data-uai") for mark in marks}


def within(visit: Visit, corners: tuple[float, float, float, float]) -> set[str]:
    """The lycées whose sign is drawn inside a rectangle of places."""
    west, south, east, north = corners
    (left, top), (right, bottom) = visit.point(north, west), visit.point(south, east)
    found = set()
    for mark in visit.map.locator("[data-uai]").all():
        box = mark.bounding_box()
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        if left < x < right and top < y < bottom:
            found.add(mark.get_attribute("data-uai"))
    return found


@pytest.mark.slow
def test_a_rectangle_takes_what_is_inside_and_a_free_shape_what_it_goes_around(
    atelier: Visit,
) -> None:
    inside = within(atelier, AROUND)
    assert len(inside) > 5
    look = "() => window.map.getBounds().toBBoxString()"
    view = atelier.map.locator("#map_div").evaluate(look)
    west, south, east, north = AROUND
    lasso(atelier, (north, west), (south, east))
    expect(atelier.map.locator(".gz-lasso polygon")).to_be_visible()
    expect(atelier.map.locator(".gz-lassoed")).to_have_count(len(inside))
    let_go(atelier)
    told = atelier.page.get_by_role("status").filter(has_text=f"{len(inside)} lycées choisis")
    expect(told).to_be_visible()
    expect(atelier.map.locator(".gz-picked")).to_have_count(len(inside))
    assert picked(atelier) == inside
    # the map neither moved nor zoomed, and nothing was dragged nor chosen
    assert atelier.map.locator("#map_div").evaluate(look) == view
    expect(atelier.page.locator(".gz-lycee-card")).to_have_count(0)
    expect(atelier.tables().get_by_text("changement fait")).to_have_count(0)
    # another one adds to them
    lasso(atelier, (47.75, 0.3), (47.6, 0.55))
    let_go(atelier)
    expect(atelier.map.locator(f'.gz-picked[data-uai="{RACAN}"]')).to_have_count(1)
    assert inside < picked(atelier)
    # a triangle: half of the rectangle
    still(atelier.open("atelier").page)
    lasso(atelier, (north, west), (north, east), (south, east), (north, west))
    let_go(atelier)
    expect(atelier.map.locator(".gz-picked").first).to_be_visible()
    still(atelier.page)
    assert picked(atelier) < inside
    a_lasso_inside_one_zone_neither_aims_at_it_nor_tells_of_it(atelier)
    assert atelier.errors == []


def a_lasso_inside_one_zone_neither_aims_at_it_nor_tells_of_it(atelier: Visit) -> None:
    box = atelier.lycee(VADEPIED).bounding_box()  # in the middle of its zone
    atelier.page.keyboard.down("Shift")
    atelier.page.mouse.move(box["x"] - 10, box["y"] - 16)
    atelier.page.mouse.down()
    atelier.page.mouse.move(box["x"] + box["width"] + 10, box["y"] + box["height"] + 16, steps=9)
    tip = atelier.map.locator(".gz-tip")
    expect(tip).to_be_hidden()
    let_go(atelier)
    expect(atelier.map.locator(f'.gz-picked[data-uai="{VADEPIED}"]')).to_have_count(1)
    still(atelier.page)
    expect(tip).to_be_hidden()
    expect(atelier.page.get_by_role("button", name="Déplacer vers")).to_have_count(0)


def test_shift_and_click_still_takes_one_and_escape_gives_a_lasso_up(atelier: Visit) -> None:
    atelier.lycee(RACAN).click(modifiers=["Shift"])
    expect(atelier.map.locator(".gz-picked")).to_have_count(1)
    atelier.lycee(RACAN).click(modifiers=["Control"])
    expect(atelier.map.locator(".gz-picked")).to_have_count(0)
    west, south, east, north = AROUND
    lasso(atelier, (north, west), (south, east))
    expect(atelier.map.locator(".gz-lassoed").first).to_be_visible()
    atelier.page.keyboard.press("Escape")
    expect(atelier.map.locator(".gz-lasso")).to_be_hidden()
    let_go(atelier)
    still(atelier.page)
    expect(atelier.map.locator(".gz-picked, .gz-lassoed")).to_have_count(0)
    # and the map is dragged as before
    view = atelier.map.locator("#map_div").evaluate("() => window.map.getCenter().lng")
    atelier.page.mouse.move(*atelier.point(47.0, -2.6))
    atelier.page.mouse.down()
    atelier.page.mouse.move(*atelier.point(47.0, -2.2), steps=4)
    atelier.page.mouse.up()
    atelier.wait_on_map("([before]) => window.map.getCenter().lng < before - 0.1", view)


def test_a_finger_that_stays_on_a_lycee_takes_it(new_visit: NewVisit) -> None:
    atelier = new_visit(has_touch=True)
    atelier.open("atelier")
    still(atelier.page)
    box = atelier.lycee(RACAN).bounding_box()
    place = {"x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] / 2}
    finger = atelier.page.context.new_cdp_session(atelier.page)
    finger.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [place]})
    expect(atelier.map.locator(f'.gz-picked[data-uai="{RACAN}"]')).to_have_count(1)
    finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    still(atelier.page)
    expect(atelier.map.locator(".gz-picked")).to_have_count(1)
    expect(atelier.page.locator(".gz-lycee-card")).to_have_count(0)
    # a short one chooses it
    atelier.page.touchscreen.tap(place["x"], place["y"])
    expect(atelier.page.locator(".gz-lycee-card h3")).to_have_text("Racan")

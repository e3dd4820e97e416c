"""A large territory on the map: its sites in groups from far, as zones nearer, then one by one."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from geozones.features.new_territory.request import TerritoryRequest
from geozones.features.new_territory.use_cases import make_territory

from .conftest import NewVisit, Visit, served

FILE = "secteurs.json"
#: Four sectors of fifteen zones of five sites, on a grid, and what was decided of each.
SECTORS = {
    "Nord-Ouest": "publie",
    "Nord-Est": "propose",
    "Sud-Ouest": "brouillon",
    "Sud-Est": "publie",
}
ZONES, SITES = 15, 5
IN_SECTOR = ZONES * SITES
#: Zooms from the one that shows the territory whole: its sectors, its zones, its sites.
FAR, MIDDLE, NEAR = -2.5, -1.0, 0.0


def rows() -> Iterator[str]:
    for rank, sector in enumerate(SECTORS):
        south, west = 47.0 - rank // 2, 1.45 * (rank % 2)
        for zone in range(ZONES):
            for site in range(SITES):
                name = f"{sector} {zone + 1}.{site + 1}"
                lat = south + (zone // 3) / 5
                lon = west + ((zone % 3) * SITES + site) / 11
                yield f"{name};{lat:.4f};{lon:.4f};{sector};Zone {sector} {zone + 1}"


@pytest.fixture(scope="module")
def territory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the territory."""
    folder = tmp_path_factory.mktemp("large") / "territoire"
    listed = "\n".join(["nom;latitude;longitude;secteur;zone", *rows()])
    asked = TerritoryRequest("Grand essai", listed.encode(), "essai.csv", folder=folder)
    make_territory(asked, lambda *_: None)
    document = read(folder)
    for sector in document["secteurs"]:
        sector["statut"] = SECTORS[sector["nom"]]
    (folder / FILE).write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
    return folder


def read(folder: Path) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((folder / FILE).read_text(encoding="utf-8"))
    return document


@pytest.fixture(scope="module")
def large_url(territory: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served(tmp_path_factory.mktemp("home"), GEOZONES_DATA_DIR=str(territory)) as url:
        yield url


@pytest.fixture
def large(new_visit: NewVisit, large_url: str) -> Visit:
    return new_visit(url=large_url).open()


def zoom(visit: Visit, steps: float) -> None:
    """Look at the whole territory from nearer or farther than it was first shown."""
    script = """(_, steps) => {
        window.first ??= { centre: window.map.getCenter(), zoom: window.map.getZoom() };
        window.map.setView(window.first.centre, window.first.zoom + steps, { animate: false });
    }"""
    visit.map.locator("#map_div").evaluate(script, steps)


@pytest.mark.slow
def test_sites_are_grouped_by_sector_then_by_zone_then_shown_one_by_one(large: Visit) -> None:
    sites, groups = large.map.locator("[data-uai]"), large.map.locator("[data-group]")
    counts = {FAR: [str(IN_SECTOR)] * len(SECTORS), MIDDLE: [str(SITES)] * (len(SECTORS) * ZONES)}
    for steps, expected in counts.items():
        zoom(large, steps)
        expect(groups).to_have_text(expected)
        expect(sites).to_have_count(0)
        two_statuses_never_look_alike(large)
        no_mark_lies_over_another(large)
    zoom(large, NEAR)
    expect(groups).to_have_count(0)
    expect(sites).to_have_count(len(SECTORS) * IN_SECTOR)
    sectors_too_close_for_two_marks_have_one_in_the_colours_of_each(large)
    assert large.errors == []


def two_statuses_never_look_alike(large: Visit) -> None:
    drawn = ["background-color", "border-top-style", "border-top-color", "color"]
    for status in set(SECTORS.values()):
        marks = large.map.locator(f'[data-group] [data-status="{status}"]')
        expect(marks.first).to_be_visible()
    looks = large.map.locator("[data-status]").evaluate_all(
        "(all, names) => all.map((mark) => [mark.dataset.status, "
        "`${names.map((name) => getComputedStyle(mark).getPropertyValue(name))}`])",
        drawn,
    )
    assert len({status for status, _ in looks}) == len({look for _, look in looks}) == 3


def no_mark_lies_over_another(large: Visit) -> None:
    boxes = large.map.locator("[data-group] > span").evaluate_all(
        "all => all.map(e => e.getBoundingClientRect()).map(b => [b.x, b.y, b.right, b.bottom])"
    )
    assert boxes
    for rank, (left, top, right, bottom) in enumerate(boxes):
        for other in boxes[rank + 1 :]:
            apart = right <= other[0] or other[2] <= left or bottom <= other[1] or other[3] <= top
            assert apart


def sectors_too_close_for_two_marks_have_one_in_the_colours_of_each(large: Visit) -> None:
    large.map.locator("#map_div").evaluate("() => window.map.setMinZoom(1)")
    zoom(large, -5.0)
    mark = large.map.locator("[data-group=sectors]")
    expect(mark).to_have_text(str(len(SECTORS) * IN_SECTOR))
    ring = mark.locator("b").evaluate("mark => getComputedStyle(mark).backgroundImage")
    assert len(set(re.findall(r"rgb\(\d+, \d+, \d+\)(?= [\d.]+deg)", ring))) == 3
    mark.locator("> span").click()
    expect(large.map.locator("[data-uai]")).to_have_count(len(SECTORS) * IN_SECTOR)
    expect(large.chip("Légende")).to_contain_text("nombre de sites à cet endroit")


@pytest.mark.slow
def test_a_group_opens_on_a_click_or_its_name_and_by_the_keyboard(
    large: Visit, territory: Path
) -> None:
    zoom(large, FAR)
    large.map.locator("[data-group=sector]:has([data-status=propose]) > span").click()
    expect(large.panel.get_by_role("heading", name="Nord-Est")).to_be_visible()
    expect(large.map.locator('[data-uai="nord-est-1-1"]')).to_be_visible()

    whole_again(large)
    expect(large.map.locator("[data-group=sector]")).to_have_count(len(SECTORS))
    zones = {sector["nom"]: sector["zones"][0]["id"] for sector in read(territory)["secteurs"]}
    large.aim(zones["Sud-Ouest"])
    expect(large.panel.get_by_role("heading", name="Sud-Ouest")).to_be_visible()
    # a grouped site is found by its name
    whole_again(large)
    large.page.locator("#gz-search input").fill("sud-est 15.5")
    large.page.keyboard.press("Enter")
    expect(large.panel.get_by_role("heading", name="Sud-Est 15.5")).to_be_visible()
    expect(large.map.locator('[data-uai="sud-est-15-5"]')).to_be_visible()
    whole_again(large)
    large.map.locator(".gz-key[tabindex='0']").focus()
    large.page.keyboard.press("End")
    last = large.map.locator(".gz-key:focus")
    expect(last).to_have_attribute("aria-label", re.compile("Sud-Ouest"))
    large.page.keyboard.press("Enter")
    expect(large.panel.get_by_role("heading", name=re.compile("Sud-Ouest"))).to_be_visible()


def whole_again(large: Visit) -> None:
    large.panel.locator('[data-go="region:"]').click()
    expect(large.panel.get_by_role("heading", name=re.compile("300"))).to_be_visible()
    zoom(large, FAR)

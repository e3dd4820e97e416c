"""Days when much goes wrong: no server, haste, no hover, long names, a crowd."""

import os
import re
import signal
from pathlib import Path

import pytest
from playwright.sync_api import WebSocketRoute, expect

from .browser import PHONE, WIDE
from .conftest import MAP, NewVisit, Visit, free_port, served, still
from .gestures import hurried

RACAN = "0720012X"  # Montval-sur-Loir, zone MAY-2
SAINT_CALAIS = (47.92, 0.745)  # in zone SAR-4
LE_LUDE = (47.65, 0.16)  # in zone MAY-2
LOST = (
    "Connexion perdue, nouvel essai… vos changements sont gardés ; "
    "les boutons grisés reviendront avec elle."
)
CONNECTED = {"data-test-connection-state": "CONNECTED"}


def whole(visit: Visit) -> Visit:
    """Open the working map, and wait until it tells what moves are worth."""
    visit.open("atelier")
    still(visit.page)
    return visit


def counted(visit: Visit) -> Visit:
    """Open the working map, and beside it the number of changes made."""
    whole(visit)
    count(visit)
    return visit


def count(visit: Visit) -> None:
    """Open the drawer, where the changes made are counted; a new server does not know it open."""
    visit.page.get_by_role("button", name="Tableaux", exact=True).click()


@pytest.mark.slow
def test_a_server_that_goes_and_comes_back_loses_nothing(
    new_visit: NewVisit, tmp_path: Path
) -> None:
    port = free_port()
    with served(tmp_path, port) as url:
        visit = counted(new_visit(url=url))
        visit.drag(RACAN, *SAINT_CALAIS)
        expect(visit.page.get_by_text("1 changement fait")).to_be_visible()
        still(visit.page)
    said = visit.page.locator("#gz-connection")
    expect(said).to_have_text(LOST)
    expect(said).to_be_in_viewport()
    # Streamlit tries for a while, then would open its own window, in English
    visit.page.wait_for_event("console", lambda message: "server is not responding" in message.text)
    expect(visit.page.get_by_role("dialog")).to_have_count(0)
    assert "Connection" not in visit.page.locator("body").inner_text()
    visit.drag(RACAN, *LE_LUDE)  # shown at once, told when there is someone to tell
    with served(tmp_path, port):
        count(visit)
        expect(visit.page.get_by_text("2 changements faits")).to_be_visible()
        expect(said).to_be_empty()
        still(visit.page)
        expect(visit.lycee(RACAN)).to_have_attribute("data-zone", "MAY-2")
        # each once: the one before is not made again with the next one
        visit.drag(RACAN, *SAINT_CALAIS)
        expect(visit.page.get_by_text("3 changements faits")).to_be_visible()
        expect(visit.lycee(RACAN)).to_have_attribute("data-zone", "SAR-4")


@pytest.mark.slow
def test_an_undo_saved_by_a_server_that_dies_before_it_answers_is_made_once(
    new_visit: NewVisit, tmp_path: Path
) -> None:
    port = free_port()
    deaf = {"page": False}

    def between(page: WebSocketRoute) -> None:
        server = page.connect_to_server()
        page.on_message(server.send)
        server.on_message(lambda message: None if deaf["page"] else page.send(message))

    with served(tmp_path, port) as url:
        visit = new_visit(url=url)
        visit.page.route_web_socket("**/_stcore/stream", between)
        counted(visit)
        for place, done in ((SAINT_CALAIS, "1 changement fait"), (LE_LUDE, "2 changements faits")):
            visit.drag(RACAN, *place)
            expect(visit.page.get_by_text(done)).to_be_visible()
        still(visit.page)
        deaf["page"] = True
        visit.page.locator(MAP).press("Control+z")
        other = new_visit(url=url)  # sees it saved
        other.open(visit.page.url.removeprefix(f"{url}/"))
        while other.lycee(RACAN).get_attribute("data-zone") != "SAR-4":
            other.page.reload()
            other.ready()
        os.kill(listening(url), signal.SIGKILL)
    deaf["page"] = False
    with served(tmp_path, port):
        count(visit)
        expect(visit.page.get_by_text("1 changement fait")).to_be_visible()
        still(visit.page)
        expect(visit.lycee(RACAN)).to_have_attribute("data-zone", "SAR-4")
        visit.drag(RACAN, *LE_LUDE)
        expect(visit.page.get_by_text("2 changements faits")).to_be_visible()


@pytest.mark.slow
def test_a_server_that_does_not_answer_is_said_to_be_lost(
    new_visit: NewVisit, empty_app: str
) -> None:
    visit = counted(new_visit(url=empty_app))
    asleep = listening(empty_app)
    still(visit.page)
    os.kill(asleep, signal.SIGSTOP)
    try:
        with hurried():  # a page whose server sleeps may wait for it
            visit.drag(RACAN, *SAINT_CALAIS)
        said = visit.page.locator("#gz-connection")
        expect(said).to_have_text(LOST)
    finally:
        os.kill(asleep, signal.SIGCONT)
    expect(visit.page.get_by_text("1 changement fait")).to_be_visible()
    expect(said).to_be_empty()
    expect(visit.lycee(RACAN)).to_have_attribute("data-zone", "SAR-4")


def listening(url: str) -> int:
    """Return the process that serves an address of this machine."""
    port = f"{int(url.rpartition(':')[2]):04X}"
    rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    inode = next(row[9] for row in rows if row[1].endswith(f":{port}") and row[3] == "0A")
    for link in Path("/proc").glob("[0-9]*/fd/*"):
        try:
            if link.readlink().name == f"socket:[{inode}]":
                return int(link.parts[2])
        except OSError:
            continue
    pytest.fail("nobody listens there")


def test_forty_gestures_a_second_are_all_taken(visit: Visit) -> None:
    whole(visit)
    # a Ctrl + click on each of 40 lycées, 25 ms apart: a run of the server takes longer
    names = visit.map.locator("#map_div").evaluate(
        """map => new Promise((done) => {
            const marks = [...map.querySelectorAll("[data-uai]")].slice(0, 40);
            const names = marks.map((mark) => mark.dataset.uai);
            let told = 0;
            const next = setInterval(() => {
                const mark = map.querySelector(`[data-uai="${names[told]}"]`);
                mark.dispatchEvent(new MouseEvent("click", { bubbles: true, ctrlKey: true }));
                told += 1;
                if (told === names.length) { clearInterval(next); done(names); }
            }, 25);
        })"""
    )
    expect(visit.page.get_by_role("status").filter(has_text="40 lycées choisis")).to_be_visible()
    picked = visit.map.locator(".gz-picked")
    expect(picked).to_have_count(40)
    assert {mark.get_attribute("data-uai") for mark in picked.all()} == set(names)
    assert visit.errors == []


def uai(number: int) -> str:
    """A UAI of the Mayenne that nothing has, with its key letter."""
    digits = 530900 + number
    return f"0{digits}{'ABCDEFGHJKLMNPRSTUVWXYZ'[digits % 23]}"


CROWD = 25
#: 120 characters, then another word: told apart by their number only.
LONG = "des métiers du numérique, de la mécanique et de l'hôtellerie, "
NAMES = [(f"Polyvalent {number} {LONG * 2}")[:119].strip() + "." for number in range(CROWD)]


def crowd(visit: Visit) -> None:
    """Import a list that puts 25 lycées, of long names, in one zone and one town."""
    rows = [f"Mayenne;Zone 1;{uai(i)};{name};Laval" for i, name in enumerate(NAMES)]
    visit.open("donnees")
    box = visit.page.get_by_label("Ou texte collé")
    box.fill("\n".join(["Secteur;Zone;UAI;Lycée;Commune", *rows]))
    box.press("Tab")
    visit.page.get_by_role("button", name="Lire le texte").click()
    for step in ("Lieux", "Changements"):
        visit.page.get_by_role("button", name="Continuer").click()
        expect(visit.page.locator(".gz-progress .gz-now")).to_contain_text(step)
    visit.page.get_by_role("button", name="Créer le scénario").click()
    expect(visit.page.get_by_role("status").filter(has_text="est créé et ouvert")).to_be_visible()
    expect(visit.page).to_have_url(re.compile("scenario="))
    visit.open("atelier?" + visit.page.url.partition("?")[2])
    still(visit.page)


@pytest.mark.slow
@pytest.mark.parametrize("screen", [WIDE, PHONE], ids=["wide", "phone"])
def test_a_crowd_of_long_names_in_one_town_can_be_told_apart_and_moved(
    new_visit: NewVisit, screen: dict[str, int]
) -> None:
    visit = new_visit(screen)
    crowd(visit)
    marks = visit.map.locator('[data-uai^="05309"]')
    assert marks.count() == CROWD + 1  # and one that was there
    visit.map.locator("#map_div").evaluate(
        "map => { map.dispatchEvent(new Event('wheel'));"  # it is the user's view from now on
        " window.map.setView([48.07, -0.77], 12, { animate: false }); }"
    )
    nearest = visit.map.locator("#map_div").evaluate(NEAREST)
    assert nearest > 12
    # a card that stays one, inside the map, whatever the name
    visit.lycee(uai(7)).hover(force=True)
    tip, frame = visit.map.locator(".gz-tip"), visit.page.locator(MAP).bounding_box()
    expect(tip).to_be_visible()
    box = tip.bounding_box()
    assert box["height"] < 200
    assert frame["x"] <= box["x"] <= box["x"] + box["width"] <= frame["x"] + frame["width"]
    assert frame["y"] <= box["y"] <= box["y"] + box["height"] <= frame["y"] + frame["height"]
    visit.pick(uai(7))
    expect(visit.page.locator(".gz-lycee-card h3")).to_have_text(NAMES[7].replace("'", "’"))
    expect(tip).to_be_hidden()
    still(visit.page)
    wide = visit.page.evaluate("() => document.documentElement.scrollWidth")
    assert wide <= screen["width"]
    assert visit.errors == []


#: The least distance between two signs of the map, in pixels.
NEAREST = """map => {
    const points = [...map.querySelectorAll('[data-uai^="05309"]')].map((mark) => {
        const box = mark.getBoundingClientRect();
        return [box.x + box.width / 2, box.y + box.height / 2];
    });
    const gap = ([x, y], [u, v]) => Math.hypot(x - u, y - v);
    return Math.min(...points.flatMap((a, i) => points.slice(i + 1).map((b) => gap(a, b))));
}"""

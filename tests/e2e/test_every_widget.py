"""Every widget of every page shows the value in force, whatever was done meanwhile.

The widgets are found on the pages, in each of their parts and, on the map, in each mode: each is
given another value, then other widgets are, its popover or expander is closed and opened again,
another page is visited. A reload gives back what the scenario holds, and sets the rest to what it
was at first.
"""

import base64
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import pytest
from playwright.sync_api import Locator, Page, expect

from geozones.domain.plan_documents import post_to_json
from geozones.domain.teams import FREE, SLOTS, Post
from geozones.ui.state.carte_views import Mode
from geozones.workspace.figures.study import Study
from geozones.workspace.roles import LOCAL
from geozones.workspace.scenarios.backups import open_store
from geozones.workspace.scenarios.service import Scenarios

from .conftest import LEADS, NewVisit, served, still
from .widgets import (
    choose,
    drawn_again,
    follow,
    has_another,
    options,
    set_another,
    shown,
    widgets,
)

LYCEE, ZONE = "0720012X", "SAR-4"
#: What draws each page, and the name of its link.
PAGES = {
    "carte": "Carte",
    "equipes": "Équipes",
    "scenarios_page": "Scénarios",
    "partager": "Partager",
    "donnees": "Données",
}
#: What chooses which part of a page is there; the parts of the map are the contents of its panel.
PARTS = "Partie 1"
#: Widgets that choose which others are there: each of their choices is a place of its own.
SWITCHES = ("Que faire 1", "Verrouiller 1")
POPOVERS, NAMES = "[data-testid=stPopover] button", ">> [data-testid=stMarkdownContainer]"
THRESHOLD = "Trajet le plus long admis dans une zone (min) 1"
#: What each content of the panel alone has, once it is drawn.
ALONE = {
    Mode.MAP: "Demander une proposition",
    Mode.PROPOSE: "Chercher les meilleurs déplacements",
}
#: What the map always has to open: chips over it, and a table of its drawer.
OPENED = ("Couleurs", "Comparer", "Légende", "Réglages", "Tableau des lycées")
#: What is in force before anyone changes it, by popover.
AT_FIRST = {
    "Réglages": {
        "Lycées 1": "true",
        "Noms 1": "true",
        "Limites de département 1": "true",
        THRESHOLD: "45",
    },
}
#: A picture for the background of the map, which takes itself away when it does not answer.
TILE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII="
)


@dataclass(frozen=True)
class Place:
    """Where widgets are seen: a part of a page, what is opened there, the choice made in it."""

    part: str = ""
    opened: str = ""
    switch: str = ""
    choice: str = ""


@dataclass
class Walk:
    """One page walked through; ``values`` is what each widget showed when it was left.

    ``first`` is what those of each popover showed before any gesture; ``only`` is the part to
    walk, ``opens`` what is to be opened there (empty: all there is, and the widgets that need no
    opening).
    """

    page: Page
    name: str
    only: str = ""
    opens: tuple[str, ...] = ()
    values: dict[Place, dict[str, str]] = field(default_factory=dict)
    first: dict[str, dict[str, str]] = field(default_factory=dict)
    at: Place | None = None

    @property
    def main(self) -> Locator:
        return self.page.get_by_test_id("stMain")

    def places(self, part: str) -> Iterator[Place]:
        """Find every place of a part of the page: its popovers and expanders, their choices."""
        if not self.opens:
            yield Place(part)
        self.enter(Place(part))
        for opened in self.openers():
            if not opened.startswith(self.opens or ("",)) or self._has_left(Place(part, opened)):
                continue
            root = self.enter(Place(part, opened))
            switch = next((name for name in SWITCHES if name in shown(root)), "")
            for choice in options(self.page, root, switch) if switch else [""]:
                yield Place(part, opened, switch if choice else "", choice)

    def openers(self) -> list[str]:
        """Names of what can be opened: popovers, and expanders that are closed, without counts."""
        closed = self.main.locator(f"details:not([open]) > summary {NAMES}").all_inner_texts()
        return [*self.popovers(), *(name.partition(" (")[0] for name in closed)]

    def popovers(self) -> list[str]:
        """Names of the popovers: without what is chosen in them, which is in the label of some."""
        names = self.main.locator(f"{POPOVERS} {NAMES}").all_inner_texts()
        return [name.partition(" : ")[0] for name in names]

    def _popover(self, name: str) -> Locator:
        label = self.page.get_by_test_id("stMarkdownContainer")
        label = label.filter(has_text=re.compile(rf"^{re.escape(name)}( : |$)"))
        return self.main.locator(POPOVERS).filter(has=label)

    def enter(self, place: Place) -> Locator:
        """Go to a place, unless it is where one is; return what its widgets are in."""
        if place != self.at:
            if self.at is not None and self.at.opened != place.opened:
                self._close(self.at.opened)
            self.root = self._opened(place)
            self.at = place
        return self.root

    def _close(self, opened: str) -> None:
        """Close the expander that one leaves, if it is one: else the next place shows it too."""
        summary = self.main.locator("details[open] > summary").filter(has_text=opened or None)
        if opened and summary.count():
            summary.first.click()
            expect(summary).to_have_count(0)

    def _opened(self, place: Place) -> Locator:
        # the popover that is open may be the one; a key pressed a moment late may have closed it
        stays = self.at and self.at == replace(place, choice=self.at.choice)
        if place.choice and stays and self.root.is_visible():
            choose(self.page, self.root, place.switch, place.choice)
            return self.root
        self.page.keyboard.press("Escape")
        expect(self.page.get_by_test_id("stPopoverBody")).to_have_count(0)
        if place.part:
            self._turn(place.part)
        if not place.opened:
            return self.main
        summary = self.main.locator("summary").filter(has_text=place.opened)
        if summary.count():
            details = summary.locator("xpath=..").first
            if details.get_attribute("open") is None:
                summary.first.click()
            root = details
        else:
            self._popover(place.opened).first.click()
            root = self.page.get_by_test_id("stPopoverBody")
        root.get_by_test_id("stElementContainer").first.wait_for()  # some are built when opened
        still(self.page)
        if place.choice:
            choose(self.page, root, place.switch, place.choice)
        return root

    def _turn(self, part: str) -> None:
        """Go to a part of the page, and wait until nothing of another is left."""
        if self.name != "Carte":
            choose(self.page, self.main, PARTS, part)
            return
        mode = Mode(part)
        turn(self.page, mode)
        for other, own in ALONE.items():
            button = self.page.get_by_role("button", name=own, exact=True)
            expect(button).to_have_count(1 if other is mode else 0)
        tables = self.page.get_by_role("button", name="Tableaux", exact=True)
        if tables.is_visible():
            with drawn_again(self.page):
                tables.click()
        still(self.page)

    def look(self) -> None:
        """Read the widgets of every popover before any gesture."""
        for part in self.walked():
            self.enter(Place(part))
            for name in self.popovers():
                self.first[name] = shown(self.enter(Place(part, name)))
        self.at = None

    def walked(self) -> list[str]:
        """Names of the parts to walk: ``only`` one, else all; one without a name where none is."""
        if self.name == "Carte":
            named = [mode.value for mode in Mode]
        else:
            named = options(self.page, self.main, PARTS) or [""]
        return [part for part in named if self.only in ("", part)]

    def compare_first(self, place: Place, now: dict[str, str]) -> None:
        """What a popover shows when it is first opened, after gestures, is what it did before."""
        if place.opened in self.first:
            first = self.first.pop(place.opened) | AT_FIRST.get(place.opened, {})
            assert now == first, f"{place}: after gestures elsewhere"

    def change_all(self, part: str) -> None:
        """Give every widget another value, one after the other: each is a gesture for the rest."""
        for place in self.places(part):
            root, done = self.enter(place), {PARTS, *SWITCHES}
            self.compare_first(place, shown(root))
            # what several places share is set once
            seen = {pair for held in self.values.values() for pair in held.items()}
            while waiting := [
                one
                for one in widgets(root)
                if one.label not in done and (one.label, one.value) not in seen and has_another(one)
            ]:
                widget = waiting[0]
                done.add(widget.label)
                set_another(self.page, widget)
                now = shown(root).get(widget.label)
                assert now != widget.value, f"{self.name}, {place}: {widget.label} did not change"
                if part:
                    self._turn(part)  # the plan in force is only looked at: it changes the mode
            self.values[place] = shown(root)

    def _has_left(self, place: Place) -> bool:
        """Tell whether the plan that a widget brought on screen has not what opens a place."""
        is_open = self.at is not None and self.at.opened == place.opened
        return bool(place.opened) and not is_open and place.opened not in self.openers()

    def check(self, part: str, when: str) -> None:
        """Look at every place again: each widget shows what it showed when it was left."""
        self._close(self.at.opened if self.at else "")
        self.at = None
        for place, left in self.values.items():
            if place.part != part or self._has_left(place):
                continue
            now = shown(self.enter(place))
            assert {label: now.get(label) for label in left} == left, f"{place}: {when}"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory, study: Study) -> Iterator[str]:
    """The address of an app whose store has a scenario with a move and two posts."""
    home = tmp_path_factory.mktemp("home")
    database = f"sqlite:///{home}/scenarios.db"
    store = open_store(database)
    desk = Scenarios(study.analysis, lambda: store, LOCAL)
    other = desk.record(desk.new(), "move", {"moves": {LYCEE: "SAR-1"}})
    desk.describe(other, name="Un autre")
    first = next(zone.id for zone in study.plan.zones if study.plan.members(zone.id))
    posts = [
        post_to_json(Post(key, first, cells=(FREE,) * 4 + (None,) * (SLOTS - 4)))
        for key in ("tip-1", "tip-2")
    ]
    work = desk.record(desk.new(), "move", {"moves": {LYCEE: ZONE}})
    work = desk.record(work, "set_posts", {"zones": [first], "posts": posts})
    dates = {"milestones": [{"date": "2026-09-01", "text": "Rentrée", "uncertain": False}]}
    work = desk.record(work, "edit_sector", {"sector": "sarthe", "changes": dates})
    store.close()
    with served(home, GEOZONES_DATABASE_URL=database) as url:
        yield f"{url}/{{}}?scenario={work.scenario.id}"


#: The pages to walk; of the map, one content of its panel at a time.
WALKS = [*(("Carte", mode.value) for mode in Mode), *((name, "") for name in [*PAGES.values()][1:])]


@pytest.mark.slow
@pytest.mark.parametrize(("name", "only"), WALKS)
def test_every_widget_shows_the_value_in_force(
    name: str, only: str, address: str, new_visit: NewVisit
) -> None:
    visit = new_visit(url=address.split("/{}", maxsplit=1)[0])
    page = visit.page
    follow(page)
    page.route(
        "**/data.geopf.fr/**", lambda route: route.fulfill(body=TILE, content_type="image/png")
    )
    page.goto(address.format("scenarios"))
    go(page, name)
    walk = Walk(page, name, only)
    walk.look()
    page.reload()
    ready(page, name)
    assert only in ("", *walk.walked())
    for part in walk.walked():
        walk.change_all(part)
        opened = [place.opened for place in walk.values if place.part == part]
        for name_of in OPENED if name == "Carte" else ():
            assert any(each.startswith(name_of) for each in opened), (name_of, opened)
        walk.check(part, "after other gestures")
        for other in ("Données" if name == "Scénarios" else "Scénarios", name):
            go(page, other)
        walk.check(part, "after another page")


#: What is opened of sectors, by what is chosen, one after the other.
OF_SECTORS = {
    "": ("Créer un secteur",),
    "Sarthe": ("Modifier le secteur", "Calendrier du secteur", "Fusionner, scinder"),
    "Le Mans – Rouillon": ("Renommer, fusionner", "Donner la zone"),
}


@pytest.mark.slow
def test_every_widget_of_a_sector_shows_the_value_in_force(
    address: str, new_visit: NewVisit
) -> None:
    page = new_visit(url=address.split("/{}", maxsplit=1)[0]).page
    follow(page)
    page.goto(address.format(""))
    ready(page, "Carte")
    with drawn_again(page):
        page.locator(".st-key-carte-outils button").click()
    for chosen, opens in OF_SECTORS.items():
        if chosen:
            with drawn_again(page):
                panel = page.locator(".st-key-gz-over-left")
                panel.get_by_role("button", name=chosen, exact=True).first.click()
        walk = Walk(page, "Carte", Mode.MAP.value, opens)
        walk.change_all(walk.only)
        assert {place.opened.startswith(opens) for place in walk.values} == {True}
        assert len({place.opened for place in walk.values}) == len(opens)
        walk.check(walk.only, "after other gestures")
        for other in ("Scénarios", "Carte"):
            go(page, other)
        walk.check(walk.only, "after another page")
        walk.enter(Place(walk.only))


@pytest.mark.slow
def test_a_setting_is_set_back_by_a_button_and_a_reload_keeps_what_the_scenario_holds(
    address: str, new_visit: NewVisit
) -> None:
    page = new_visit(url=address.split("/{}", maxsplit=1)[0]).page
    follow(page)
    page.goto(address.format(""))
    ready(page, "Carte")
    rules = Place(Mode.MAP.value, "Réglages")
    carte = Walk(page, "Carte")
    for button in ("Rétablir : 45 min", ""):
        set_another(page, next(w for w in widgets(carte.enter(rules)) if w.label == THRESHOLD))
        assert shown(carte.enter(rules))[THRESHOLD] == "50"
        if button:
            page.get_by_role("button", name=button).click()
            expect(page.get_by_role("button", name=button)).to_have_count(0)
            assert shown(carte.enter(rules))[THRESHOLD] == "45"
    page.keyboard.press("Escape")
    go(page, "Équipes")
    need = page.get_by_role("textbox", name=re.compile("^Besoin de")).first
    need.fill("13")
    page.get_by_role("button", name="Enregistrer les besoins").click()
    expect(page.get_by_text("1 besoin enregistré.")).to_be_visible()
    page.reload()
    ready(page, "Équipes")
    expect(need).to_have_value("13")
    go(page, "Carte")
    assert shown(Walk(page, "Carte").enter(rules))[THRESHOLD] == "45"


def turn(page: Page, mode: Mode) -> None:
    """Open the proposals, or go back to the map."""
    still(page)
    button = page.get_by_role("button", name=LEADS[mode.value.capitalize()], exact=True)
    if button.is_visible():
        with drawn_again(page):
            button.click()


def go(page: Page, name: str) -> None:
    """Go to another page by its link."""
    page.get_by_role("link", name=name, exact=True).first.click()
    ready(page, name)


def ready(page: Page, name: str) -> None:
    """Wait until a page is whole; the map may have no lycée on it."""
    drawn = next(key for key, link in PAGES.items() if link == name)
    page.locator(f"body[data-page={drawn}]").wait_for(state="attached")
    page.locator(".gz-sources").last.wait_for()
    still(page)

"""A running app and a real Chromium that can reach nothing but this machine."""

import math
import re
import socket
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    FrameLocator,
    Locator,
    Page,
    Request,
    expect,
)

from geozones.store import Store, open_store
from geozones.store.tables import JOURNAL_FILES
from geozones.workspace.figures.study import Study
from geozones.workspace.roles import LOCAL
from geozones.workspace.scenarios.service import Scenarios
from helpers.ors_server import OrsServer
from helpers.served_app import served_app
from helpers.stored import StoredScenarios

from .browser import LIMIT_MS, WIDE, WarmContext, new_context, started
from .gestures import hold_gestures, still

ROOT = Path(__file__).parents[2]
MAP = ".st-key-gz-map iframe"
#: The page that each old address leads to.
LEADS_TO = {
    "atelier": "carte",
    "propositions": "carte",
    "temps": "carte",
    "webinaire": "partager",
    "scenarios": "scenarios_page",
}
#: The button that opens each content of the panel of the map.
LEADS = {"Carte": "Revenir à la carte", "Proposer": "Demander une proposition"}
expect.set_options(timeout=LIMIT_MS)
hold_gestures()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(item.path).is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.e2e)


@pytest.fixture(scope="session")
def app_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home folder of the app as it comes."""
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="session")
def app_url(app_home: Path) -> Iterator[str]:
    """The app as it comes, for every test that changes nothing in its server."""
    with served(app_home) as url:
        yield url


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def served(
    home: Path,
    port: int | None = None,
    *,
    workers: int = 1,
    base_path: str = "",
    **settings: str,
) -> Iterator[str]:
    """Start the app by its own command, on a free port if need be, with a home and settings."""
    port = free_port() if port is None else port
    options = ("--workers", str(workers))
    with served_app(home, port, *options, base_path=base_path, **settings) as (url, _):
        yield url


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for all the tests."""
    with started() as browser:
        yield browser


@pytest.fixture(scope="session")
def warm(chromium: Browser, app_url: str) -> WarmContext:
    """The context of the first visitor of each test."""
    return WarmContext(chromium, app_url)


#: Ends once the browser has drawn twice.
_TWO_FRAMES = (
    "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
)


@dataclass
class Visit:
    """One visitor: a page, what it asked of other machines, and the errors it met."""

    url: str
    page: Page
    outside: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    @property
    def map(self) -> FrameLocator:
        return self.page.frame_locator(MAP)

    def open(self, path: str = "") -> "Visit":
        """Go to an address; those of old pages lead to what took their place."""
        self.page.goto(f"{self.url}/{path}")
        name = path.partition("?")[0]
        return self.ready(LEADS_TO.get(name, name) or "carte")

    def follow(self, name: str, page: str) -> "Visit":
        """Go to another page by its link, and wait for it."""
        self.page.get_by_role("link", name=name, exact=True).first.click()
        return self.ready(page)

    def turn(self, part: str) -> "Visit":
        """Open proposals or go back to what is chosen, or choose one of several parts of a page."""
        if part == "Carte" and self.page.locator("#gz-chosen[data-mode=carte]").count():
            return self
        if part in LEADS:
            self.page.get_by_role("button", name=LEADS[part], exact=True).click()
        else:
            self.page.get_by_role("radio", name=part, exact=True).click()
        still(self.page)
        return self

    def scenario_menu(self) -> None:
        """Open the menu of the scenario: beside undo, or among the tools before any change."""
        menu = self.page.get_by_role("button", name="Scénario", exact=True)
        if not menu.is_visible():
            self.page.get_by_role("button", name="Outils de la région").click()
            still(self.page)
        menu.click()
        still(self.page)

    def open_file(self, path: Path) -> None:
        """Open a file of a plan or of a scenario, from the page of scenarios."""
        self.follow("Scénarios", "scenarios_page")
        self.page.get_by_role("button", name=re.compile("ouvrir un fichier", re.IGNORECASE)).click()
        self.page.locator('input[type="file"]').set_input_files(path)
        self.page.get_by_role("button", name="Ouvrir ce fichier").click()

    def chip(self, name: str | re.Pattern[str]) -> Locator:
        """Open a chip over the map; return what it holds."""
        self.page.locator(".st-key-gz-chips").get_by_role("button", name=name).click()
        still(self.page)
        return self.page.get_by_test_id("stPopoverBody")

    def tables(self) -> Locator:
        """Open the drawer of figures and tables at the right of the map, unless it is open."""
        drawer = self.page.locator(".st-key-gz-over-right")
        if not drawer.is_visible():
            self.page.get_by_role("button", name="Tableaux", exact=True).click()
            still(self.page)
        return drawer

    def tool(self, name: str) -> None:
        """Unfold a tool of what is chosen under « Outils… »."""
        tools = self.page.locator(".st-key-gz-tools")
        if not tools.is_visible():
            self.page.locator(".st-key-carte-outils button").click()
            still(self.page)
        tools.locator("summary").filter(has_text=name).click()
        still(self.page)

    @property
    def panel(self) -> Locator:
        """The panel of the map: what is chosen, and what can be done with it."""
        return self.page.locator(".st-key-gz-over-left")

    def ready(self, page: str = "carte") -> "Visit":
        """Wait until a page is whole."""
        self.page.locator(f"body[data-page={page}]").wait_for(state="attached")
        self.page.locator(".gz-sources").last.wait_for(state="attached")
        still(self.page)
        if page == "carte":
            self.map.locator("[data-uai], [data-group]").first.wait_for(state="attached")
        return self

    def wait_on_map(self, condition: str, *values: object) -> None:
        """Wait until JavaScript run in the map, a function of ``values``, answers true."""
        frame = self.page.locator(MAP).element_handle().content_frame()
        frame.wait_for_function(condition, arg=list(values))

    def lycee(self, uai: str) -> Locator:
        return self.map.locator(f'[data-uai="{uai}"]')

    def explore(self) -> None:
        """Open the map of a shared version, which is folded."""
        self.page.locator("summary").filter(has_text="Explorer la carte").click()
        still(self.page)

    def pick(self, uai: str) -> None:
        """Click a lycée on the map, even where another lies over it."""
        self.lycee(uai).dispatch_event("click")

    def aim(self, zone: str) -> None:
        """Click a zone on the map."""
        self.map.locator(f'path[data-zone="{zone}"]').first.dispatch_event("click")

    def point(self, lat: float, lon: float) -> tuple[float, float]:
        """Where a place is drawn, in pixels of the page."""
        script = "([lat, lon]) => { const p = window.map.latLngToContainerPoint([lat, lon]);"
        x, y = self.map.locator("#map_div").evaluate(
            script.replace("([", "(_, [", 1) + " return [p.x, p.y]; }", [lat, lon]
        )
        box = self.page.locator(MAP).bounding_box()
        return box["x"] + x, box["y"] + y

    def drag(self, uai: str, lat: float, lon: float, *, pans: bool = False) -> None:
        """Drag a lycée with the mouse, and let it go at a place.

        Where lycées cannot be moved the map ``pans`` with the mouse, and its places with it.
        """
        mouse = self.page.mouse
        self.lycee(uai).hover()  # waits until it no longer moves
        mouse.down()
        at = self.point(lat, lon)
        mouse.move(at[0] - 5, at[1] - 5, steps=4)
        if pans:
            mouse.move(*at, steps=2)
        else:
            self.carry(lambda x, y: mouse.move(x, y, steps=2), lat, lon)
        mouse.up()

    def carry(self, move: Callable[[float, float], object], lat: float, lon: float) -> None:
        """Move what drags a lycée to a place, and again while the map moves under it.

        It does near its edge: a user looks where they let go.
        """
        at = self.point(lat, lon)
        move(*at)
        seen_there = 0
        for _ in range(50):
            self.map.locator("#map_div").evaluate(_TWO_FRAMES)  # it moves once a frame
            place = self.point(lat, lon)
            if math.dist(at, place) <= 1:
                seen_there += 1
                if seen_there == 2:  # the first look may come before it begins to move
                    break
                continue
            seen_there = 0
            move(*place)
            at = place

    def figure(self, label: str) -> Locator:
        """The value of a key figure; those of the map are in its drawer."""
        if self.page.locator("body[data-page=carte] .st-key-gz-chips").is_visible():
            self.tables()
        card = self.page.locator(".gz-figure", has=self.page.get_by_text(label, exact=True))
        return card.locator(".gz-figure-value")


type NewVisit = Callable[..., Visit]


@pytest.fixture
def new_visit(chromium: Browser, warm: WarmContext, app_url: str) -> Iterator[NewVisit]:
    """Have another visitor come, with a screen, to a server; each forgets what the others did."""
    own: list[BrowserContext] = []
    urls: list[str] = []
    watched: list[tuple[BrowserContext, Callable[[Request], None]]] = []

    def start(
        viewport: dict[str, int] = WIDE,
        url: str = app_url,
        also: tuple[str, ...] = (),
        *,
        has_touch: bool = False,
    ) -> Visit:
        context = warm.context
        if watched or has_touch:
            own.append(context := new_context(chromium, has_touch=has_touch))
        page = context.new_page()
        page.set_viewport_size(viewport)  # type: ignore[arg-type]
        visit = Visit(url, page)
        urls.append(url)

        def note(request: Request) -> None:
            if not request.url.startswith((url, *also, "data:", "blob:")):
                visit.outside.append(request.url)

        context.on("request", note)
        watched.append((context, note))
        visit.page.on("pageerror", lambda error: visit.errors.append(str(error)))
        return visit

    yield start
    for context in own:
        context.close()
    for context, note in watched:
        context.remove_listener("request", note)
    warm.forget(urls)


@pytest.fixture
def visit(new_visit: NewVisit) -> Visit:
    """One visitor, with a wide screen, to the app as it comes."""
    return new_visit()


@pytest.fixture
def ors() -> Iterator[OrsServer]:
    """An openrouteservice on 127.0.0.1."""
    with OrsServer() as server:
        yield server


@pytest.fixture
def atelier(visit: Visit) -> Visit:
    """One visitor who changes the plan: the map can say what each move would change."""
    visit.open("atelier")
    still(visit.page)
    return visit


@pytest.fixture(scope="session")
def second_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, str]]:
    """Another server of the app as it comes, and its home: for tests that keep what all see."""
    home = tmp_path_factory.mktemp("second")
    with served(home) as url:
        yield home, url


@pytest.fixture
def empty_store(second_app: tuple[Path, str]) -> Iterator[Store]:
    """Its store, where no scenario and no journal are kept, whatever tests did there before."""
    with closing(open_store(f"sqlite:///{second_app[0] / 'scenarios.db'}")) as opened:
        for kept in StoredScenarios(opened).list(archived=True):
            StoredScenarios(opened).delete(kept.id)
        with opened.context.writing() as connection:
            connection.execute(JOURNAL_FILES.delete())
        yield opened


@pytest.fixture
def empty_app(second_app: tuple[Path, str], empty_store: Store) -> str:
    """The address of that server, once its store is empty."""
    assert empty_store
    return second_app[1]


@pytest.fixture
def first_scenarios(study: Study, empty_store: Store) -> Scenarios:
    """The use cases over that store."""
    return Scenarios(study.analysis, lambda: empty_store, LOCAL)


@pytest.fixture
def store(app_home: Path, app_url: str) -> Iterator[Store]:
    """The store of the app as it comes."""
    assert app_url
    with closing(open_store(f"sqlite:///{app_home / 'scenarios.db'}")) as opened:
        yield opened


@pytest.fixture
def scenarios(study: Study, store: Store) -> Scenarios:
    """The use cases over the store of the app as it comes."""
    return Scenarios(study.analysis, lambda: store, LOCAL)

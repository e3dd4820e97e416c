"""The page of a link, as someone who decides opens it: on a laptop and on a phone."""

import html
import io
import re
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from PIL import Image
from playwright.sync_api import Locator, expect

from geozones.domain import ScenarioStatus
from geozones.store import Store, open_store
from geozones.workspace.publications.service import Publications, Terms
from geozones.workspace.roles import LOCAL
from geozones.workspace.scenarios.open_scenario import Work
from geozones.workspace.scenarios.service import Scenarios
from geozones.workspace.study import Study

from .browser import PHONE, WIDE
from .conftest import MAP, NewVisit, Visit, served

RACAN = "0720012X"
YESTERDAY = (date.today() - timedelta(days=1)).isoformat()
SCREENS = pytest.mark.parametrize("screen", [WIDE, PHONE], ids=["laptop", "phone"])
#: What the page is read in, from its top.
PARTS = (
    ".gz-shared-head", ".gz-briefing", MAP, "text=Ce qui est proposé", "text=Pourquoi",
    "text=Ce qui se dégrade >> nth=-1", "h2:has-text('Points de vigilance')", "text=À emporter",
    "text=Avant et après",
)  # fmt: skip


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Store, str]]:
    """A server where a test may publish, and its store."""
    home = tmp_path_factory.mktemp("direction")
    with served(home) as url:
        store = open_store(f"sqlite:///{home / 'scenarios.db'}")
        yield store, url
        store.close()


@pytest.fixture
def scenarios(study: Study, office: tuple[Store, str]) -> Scenarios:
    return Scenarios(study.analysis, lambda: office[0], LOCAL)


@pytest.fixture
def proposed(study: Study, scenarios: Scenarios) -> Work:
    """A proposal of many kinds of changes."""
    work = scenarios.editor.record(
        scenarios.new(), "move", {"moves": {RACAN: "SAR-4"}}, "plus près"
    )
    leader = {"sector": "nantes", "changes": {"rns": "Claire Fontaine"}}
    work = scenarios.editor.record(work, "edit_sector", leader)
    for zone in study.plan.zones_of("nantes") + study.plan.zones_of("vendee"):
        renamed = {"zone": zone.id, "name": f"{zone.name} bis"}
        work = scenarios.editor.record(work, "rename_zone", renamed)
    return work


def opened(new_visit: NewVisit, url: str, query: str, screen: dict[str, int] = WIDE) -> Visit:
    visit = new_visit(screen, url=url)
    visit.page.goto(f"{url}/?{query}")
    return visit


def is_whole_in(place: Locator, screen: dict[str, int]) -> bool:
    box = place.bounding_box()
    return box is not None and box["y"] >= 0 and box["y"] + box["height"] <= screen["height"]


def opacity(visit: Visit, zone: str) -> float:
    shape = visit.map.locator(f'path[data-zone="{zone}"]').first
    return float(shape.get_attribute("fill-opacity") or 0)


@SCREENS
def test_what_changes_is_it_good_what_is_asked_stand_above_the_fold(
    screen: dict[str, int], new_visit: NewVisit, office: tuple[Store, str],
    scenarios: Scenarios, proposed: Work,
) -> None:  # fmt: skip
    visit = opened(new_visit, office[1], f"version={scenarios.sharing.freeze(proposed)}", screen)
    page = visit.ready("shared").page
    expect(page.locator(".gz-shared-head .gz-pill")).to_have_text("Scénario à l'étude, non décidé")
    essential = page.get_by_role("region", name="L'essentiel")
    expect(essential).to_contain_text("Ce qui se dégrade")
    expect(essential).to_contain_text("de route de plus par an")
    expect(essential).to_contain_text("Faut-il arbitrer, modifier ou écarter le scénario")
    assert is_whole_in(page.locator(".gz-shared-head .gz-pill"), screen)
    assert is_whole_in(essential, screen)
    seen = page.locator(MAP).bounding_box()
    assert seen is not None
    shown = min(screen["height"], seen["y"] + seen["height"]) - seen["y"]
    assert shown >= min(300, screen["height"] / 4)  # more than its upper edge
    expect(visit.lycee(RACAN)).to_be_in_viewport()
    assert opacity(visit, "SAR-4") > 2 * opacity(visit, "MEL-1")  # the others are paler
    assert visit.errors == []


@SCREENS
def test_the_order_is_the_same_on_every_screen_and_nothing_is_cut(
    screen: dict[str, int], new_visit: NewVisit, office: tuple[Store, str],
    scenarios: Scenarios, proposed: Work,
) -> None:  # fmt: skip
    visit = opened(new_visit, office[1], f"version={scenarios.sharing.freeze(proposed)}", screen)
    page = visit.ready("shared").page
    boxes = [page.locator(part).first.bounding_box() for part in PARTS]
    tops = [box["y"] for box in boxes if box is not None]
    assert len(tops) == len(PARTS)
    if screen is PHONE:
        assert tops == sorted(tops)
    else:  # two columns: the table comes after all that is read, within two screens
        assert max(tops) == tops[-1] <= 2 * screen["height"]
    wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert page.evaluate(wide) <= 0


@SCREENS
def test_all_that_is_proposed_is_listed_after_ten_lines_folded(
    screen: dict[str, int], new_visit: NewVisit, office: tuple[Store, str],
    scenarios: Scenarios, proposed: Work,
) -> None:  # fmt: skip
    visit = opened(new_visit, office[1], f"version={scenarios.sharing.freeze(proposed)}", screen)
    listed = visit.ready("shared").page.locator(".st-key-gz-lede-proposed")
    lines = listed.locator("li")
    expect(lines.filter(visible=True)).to_have_count(10)
    expect(listed).to_contain_text("Claire Fontaine est RNS du secteur Nantes")
    expect(listed).to_contain_text("Le secteur Nantes passe de « brouillon » à « proposé »")
    listed.get_by_text(re.compile("autres changements")).click()
    expect(lines.filter(has_text="s'appelle désormais").filter(visible=True)).to_have_count(11)


def test_a_link_frozen_while_retained_says_what_became_of_it(
    new_visit: NewVisit, office: tuple[Store, str], study: Study, scenarios: Scenarios
) -> None:
    home, away, *_ = study.plan.zones_of("maine-et-loire")
    lycee = study.plan.members(home.id)[0]
    work = scenarios.editor.record(scenarios.new(), "move", {"moves": {lycee: away.id}})
    work = scenarios.decide(work, ScenarioStatus.KEPT, "vu au comité")
    link = f"version={scenarios.sharing.freeze(work)}"
    head = opened(new_visit, office[1], link).ready("shared").page.locator(".gz-shared-head")
    expect(head).to_contain_text("Scénario retenu, pas encore publié")
    publications = Publications(study.analysis, lambda: office[0], LOCAL)
    made = publications.publish(work, Terms(YESTERDAY, "Grace Hopper"), insist=True)
    try:
        page = opened(new_visit, office[1], link).ready("shared").page
        expect(page.locator(".gz-shared-head")).to_contain_text("Scénario publié, en vigueur")
        expect(page.locator(".gz-shared-head")).to_contain_text("approuvé par Grace Hopper")
        expect(page.get_by_text("pas encore publié")).to_have_count(0)
    finally:
        publications.withdraw(made.id, "fin de l'essai")


@SCREENS
def test_a_wrong_link_says_so_and_what_to_do(
    screen: dict[str, int], new_visit: NewVisit, office: tuple[Store, str]
) -> None:
    page = opened(new_visit, office[1], "version=abc", screen).page
    expect(page).to_have_title("Lien introuvable")
    expect(page.get_by_role("heading", name="Lien introuvable")).to_be_in_viewport()
    expect(page.get_by_role("alert")).to_contain_text("demandez-en un autre")


@SCREENS
def test_an_embedded_version_says_its_name_its_status_and_its_date(
    screen: dict[str, int], new_visit: NewVisit, office: tuple[Store, str],
    scenarios: Scenarios, proposed: Work,
) -> None:  # fmt: skip
    link = f"version={scenarios.sharing.freeze(proposed)}&embed=true"
    page = opened(new_visit, office[1], link, screen).page
    box = page.locator(".st-key-gz-embed-legend")
    expect(box.get_by_role("heading")).to_have_text(proposed.name)
    expect(box).to_contain_text(re.compile("à l'étude, non décidé, version du .* 20"))
    expect(box.get_by_text("publié par la Région")).to_be_hidden()
    box.get_by_text("Légende").click()
    expect(box.get_by_text("publié par la Région")).to_be_visible()


#: Asks for a page again and again, until its preview has a picture of its own.
UNTIL_DRAWN = """async (asked) => {
  for (let left = 3000; left > 0; left--) {
    if ((await (await fetch(asked)).text()).includes("/app/apercu/")) return;
  }
}"""


def card(url: str, query: str) -> dict[str, str]:
    """What a program that previews a link reads, by its property."""
    with urllib.request.urlopen(f"{url}/?{query}") as answer:  # noqa: S310
        page = html.unescape(answer.read().decode())
    return dict(re.findall(r'<meta property="og:([a-z:]+)" content="([^>]*)">', page))


def test_a_link_previews_its_own_map_its_status_and_its_message(
    new_visit: NewVisit, office: tuple[Store, str], scenarios: Scenarios, proposed: Work
) -> None:
    url, token = office[1], scenarios.sharing.freeze(proposed)
    first = card(url, f"version={token}")
    assert first["image"] == f"{url}/app/static/preview.png"  # until its own is drawn
    assert first["title"] == f"{proposed.name} – scénario"
    assert first["description"].startswith("Scénario à l'étude, non décidé, version du")
    page = new_visit(url=url).page
    page.goto(f"{url}/_stcore/health")
    page.evaluate(UNTIL_DRAWN, f"/?version={token}")
    ready = card(url, f"version={token}")
    assert ready["image"] == f"{url}/app/apercu/{token}.png"
    assert ready["description"].startswith("Scénario à l'étude, non décidé. 87")
    assert "de route de plus par an" in ready["description"]
    with urllib.request.urlopen(ready["image"]) as answer:  # noqa: S310
        assert answer.headers["Content-Type"] == "image/png"
        drawn = Image.open(io.BytesIO(answer.read()))
    assert drawn.size == (1200, 630)
    yellow = sum(
        count for count, (red, green, blue) in drawn.convert("RGB").getcolors(1200 * 630) or ()
        if red > 230 and green > 180 and blue < 100
    )  # fmt: skip
    assert yellow > 500  # the land that changes zone, on both maps
    scenarios.sharing.withdraw_link(token)
    assert card(url, f"version={token}")["title"] == "Lien fermé"
    with pytest.raises(urllib.error.HTTPError, match="404"):
        urllib.request.urlopen(ready["image"])  # noqa: S310
    assert card(url, "version=abc")["title"] == "Lien introuvable"

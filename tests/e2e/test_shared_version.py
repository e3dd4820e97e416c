"""The page of a link, as someone who decides opens it: on a laptop and on a phone."""

import html
import io
import re
import urllib.error
import urllib.request

import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from geozones.features.comments.use_cases import Comments
from geozones.store import Store
from geozones.workspace.figures.study import Study
from geozones.workspace.roles import VISITOR
from geozones.workspace.scenarios.open_scenario import Work
from geozones.workspace.scenarios.service import Scenarios
from helpers.slow_params import slow_but

from .browser import PHONE, WIDE
from .conftest import MAP, NewVisit, Visit

RACAN = "0720012X"
SCREENS = pytest.mark.parametrize("screen", slow_but([WIDE, PHONE], PHONE), ids=["laptop", "phone"])
#: What the page is read in, from its top.
PARTS = (
    ".gz-shared-head", ".gz-briefing", "text=Ce qui est proposé", ".gz-pair",
    "table:has-text('Lycées qui changent de zone')", "text=Explorer la carte", "text=Pourquoi",
    "h2:has-text('Points de vigilance :')", "h2:text-is('Points de vigilance')",
    "h2:has-text('Commentaires')", "h2:has-text('Laisser un commentaire')", "text=À emporter",
    "h2:has-text('Avant et après')",
)  # fmt: skip


@pytest.fixture
def proposed(study: Study, scenarios: Scenarios) -> Work:
    """A proposal of many kinds of changes."""
    work = scenarios.record(scenarios.new(), "move", {"moves": {RACAN: "SAR-4"}}, "plus près")
    leader = {"sector": "nantes", "changes": {"rns": "Claire Fontaine"}}
    work = scenarios.record(work, "edit_sector", leader)
    for zone in study.plan.zones_of("nantes") + study.plan.zones_of("vendee"):
        renamed = {"zone": zone.id, "name": f"{zone.name} bis"}
        work = scenarios.record(work, "rename_zone", renamed)
    return work


@pytest.fixture
def discussed(store: Store, study: Study, scenarios: Scenarios, proposed: Work) -> str:
    """The token of a version that has comments, and takes more."""
    token = scenarios.links.freeze(proposed, comments=True)
    said = Comments(lambda: store, VISITOR)
    for rank in range(3):
        text = "En hiver, le trajet est plus long. " * 10
        said.leave(token, study, f"lycee:{RACAN}", (f"Proviseur {rank}", text), f"127.0.0.{rank}")
    return token


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
def test_a_link_says_the_essential_above_the_fold_lists_all_in_order_and_is_embedded(
    screen: dict[str, int], new_visit: NewVisit, app_url: str,
    proposed: Work, discussed: str,
) -> None:  # fmt: skip
    visit = opened(new_visit, app_url, f"version={discussed}", screen)
    page = visit.ready("shared").page
    expect(page.locator(".gz-shared-head .gz-pill")).to_have_text("Scénario à l’étude, non décidé")
    the_order_is_the_same_on_every_screen_and_nothing_is_cut(page, screen)
    what_changes_is_good_and_is_asked_stands_above_the_fold_then_all_is_listed(visit, screen)
    the_map_is_drawn_once_it_is_opened_and_what_is_chosen_is_said(visit)
    page.goto(f"{app_url}/?version={discussed}&embed=true")
    an_embedded_version_says_its_name_its_status_and_its_date(page, proposed.name)
    page.goto(f"{app_url}/?version=abc")
    a_wrong_link_says_so_and_what_to_do(page)
    assert visit.errors == []


def what_changes_is_good_and_is_asked_stands_above_the_fold_then_all_is_listed(
    visit: Visit, screen: dict[str, int]
) -> None:
    page = visit.page
    essential = page.get_by_role("region", name="L’essentiel")
    expect(essential.locator(".gz-verdict")).to_contain_text("défavorable")
    expect(essential).to_contain_text("Faut-il")
    assert is_whole_in(page.locator(".gz-shared-head .gz-pill"), screen)
    assert is_whole_in(essential, screen)
    # all that is proposed is listed, after ten lines folded
    listed = page.locator(".st-key-gz-lede")
    lines = listed.locator("li")
    expect(lines.filter(visible=True)).to_have_count(10)
    expect(listed).to_contain_text("Claire Fontaine")
    listed.get_by_text(re.compile("autres changements")).click()
    expect(lines.filter(has_text="s’appelle désormais").filter(visible=True)).to_have_count(11)


def the_map_is_drawn_once_it_is_opened_and_what_is_chosen_is_said(visit: Visit) -> None:
    expect(visit.page.locator(MAP)).to_have_count(0)
    visit.explore()
    assert opacity(visit, "SAR-4") > 2 * opacity(visit, "MEL-1")  # the others are paler
    visit.pick(RACAN)
    said = "Choisi : Racan (Montval-sur-Loir), Mamers – La Ferté-Bernard – Saint-Calais."
    expect(visit.page.locator(".gz-sentence", has_text=said)).to_be_visible()
    expect(visit.page.locator("#gz-live")).to_have_text(said)


def the_order_is_the_same_on_every_screen_and_nothing_is_cut(
    page: Page, screen: dict[str, int]
) -> None:
    expect(page.locator(".gz-pair img")).to_have_count(2)
    boxes = [page.locator(part).first.bounding_box() for part in PARTS]
    tops = [box["y"] for box in boxes if box is not None]
    assert len(tops) == len(PARTS)
    if screen is PHONE:
        assert tops == sorted(tops)
    else:  # two columns: the table of figures comes after all that is read
        assert max(tops) == tops[-1] <= 2.5 * screen["height"]
    wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert page.evaluate(wide) <= 0


def a_wrong_link_says_so_and_what_to_do(page: Page) -> None:
    expect(page).to_have_title("Lien introuvable")
    expect(page.get_by_role("heading", name="Lien introuvable")).to_be_in_viewport()
    expect(page.get_by_role("alert")).to_contain_text("demandez-en un autre")


def an_embedded_version_says_its_name_its_status_and_its_date(page: Page, name: str) -> None:
    box = page.locator(".st-key-gz-embed-legend")
    expect(box.get_by_role("heading")).to_have_text(name)
    expect(box).to_contain_text(re.compile("à l’étude, non décidé, version du .* 20"))
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
    new_visit: NewVisit, app_url: str, scenarios: Scenarios, proposed: Work
) -> None:
    url, token = app_url, scenarios.links.freeze(proposed)
    first = card(url, f"version={token}")
    assert first["image"] == f"{url}/app/static/preview.png"  # until its own is drawn
    assert first["title"] == f"{proposed.name} – scénario"
    assert first["description"].startswith("Scénario à l'étude, non décidé, version du")
    page = new_visit(url=url).page
    page.goto(f"{url}/_stcore/health")
    page.evaluate(UNTIL_DRAWN, f"/?version={token}")
    ready = card(url, f"version={token}")
    assert ready["image"] == f"{url}/app/apercu/{token}.png"
    assert ready["description"].startswith("Scénario à l'étude, non décidé. ")
    assert "heures de route de plus" in ready["description"]
    with urllib.request.urlopen(ready["image"]) as answer:  # noqa: S310
        assert answer.headers["Content-Type"] == "image/png"
        drawn = Image.open(io.BytesIO(answer.read()))
    assert drawn.size == (1200, 630)
    yellow = sum(
        count for count, (red, green, blue) in drawn.convert("RGB").getcolors(1200 * 630) or ()
        if red > 230 and green > 180 and blue < 100
    )  # fmt: skip
    assert yellow > 500  # the land that changes zone, on both maps
    scenarios.links.withdraw(token)
    assert card(url, f"version={token}")["title"] == "Lien fermé"
    with pytest.raises(urllib.error.HTTPError, match="404"):
        urllib.request.urlopen(ready["image"])  # noqa: S310
    assert card(url, "version=abc")["title"] == "Lien introuvable"

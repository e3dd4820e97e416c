"""The good gestures of a user, each with its result on screen and its count of clicks.

The judge of later screens: a gesture may take fewer clicks, keys and drags than `GESTURES` allows,
never more, and its user sees at least as much.
"""

import re

import pytest
from PIL import Image
from playwright.sync_api import Locator, expect

from geozones.workspace.scenarios.service import Scenarios

from .conftest import NewVisit, Visit, still
from .test_keyboard import said, wait_for_focus
from .test_webinaire import OPENING, SECOND, Show, at

#: Most clicks, keys and drags that each gesture takes, from the screen where it begins.
GESTURES = {
    "first minute": 3,
    "drag": 2,
    "list": 4,
    "keys": 13,
    "two people": 3,
    "messy list": 9,
    "comparison": 5,
    "picture": 5,
    "decision": 4,
    "webinar": 8,
}

RACAN, LECLERC = "0720012X", "0720013Y"  # Montval-sur-Loir, zone MAY-2
FILTER = "Lycées à montrer : nom, ville ou code"
SCARRON, PARE = "0720055U", "0530010Y"  # zones MAY-4 and MAY-3
SAINT_CALAIS, MAMERS = (47.92, 0.745), (48.35, 0.37)  # in zone SAR-4
#: A list as it comes: a letter for a digit, a misspelt town, no code, a site of Brittany, a total.
MESSY = """Secteur;Zone;RNE;Nom;Ville
Mayenne;Zone 1;0530016E;Lavoisier;MAYENNE
Mayenne;Zone 1;O530079Y;Leonard de Vinci;Mayene
Mayenne;Zone 1;0530949U;Raoul Vadepied;EVRON
Mayenne;Zone 2;0530010Y;Ambroise Paré;LAVAL
Mayenne;Zone 2;0720055U;Paul Scarron;SILLE LE GUILLAUME
Mayenne;Zone 2;;Lycée agricole;LAVAL
Mayenne;Zone 2;0350029S;Bréquigny;RENNES
Total;;;7 lycées;
"""


class Hand:
    """Recorder of one visitor's gestures: each waits until the page is still, and counts one."""

    def __init__(self, visit: Visit) -> None:
        self.visit, self.page = visit, visit.page
        self.count = 0

    def click(self, target: Locator) -> None:
        self.count += 1
        target.click()

    def press(self, key: str) -> None:
        self.count += 1
        still(self.page)
        self.page.keyboard.press(key)

    def write(self, text: str) -> None:
        """Type a word where the focus is."""
        self.count += 1
        self.page.keyboard.type(text)

    def paste(self, box: Locator, text: str) -> None:
        self.count += 1
        box.fill(text)

    def pick(self, uai: str) -> None:
        """Click a lycée on the map."""
        self.count += 1
        self.visit.pick(uai)

    def drag(self, uai: str, place: tuple[float, float]) -> None:
        self.count += 1
        still(self.page)
        self.visit.drag(uai, *place)

    def follow(self, name: str, page: str) -> None:
        """Click the link of a page."""
        self.count += 1
        self.visit.follow(name, page)

    def turn(self, mode: str) -> None:
        """Click one of several parts of a page."""
        self.count += 1
        self.visit.turn(mode)


def within(name: str, *hands: Hand) -> None:
    """Fail if a gesture took more than allowed, met an error or left this machine."""
    assert sum(hand.count for hand in hands) <= GESTURES[name], name
    for hand in hands:
        assert hand.visit.outside == hand.visit.errors == []


def is_in(visit: Visit, uai: str, zone: str) -> None:
    """Wait until the map shows a lycée in a zone."""
    expect(visit.lycee(uai)).to_have_attribute("data-zone", zone)


def button(visit: Visit, name: str | re.Pattern[str]) -> Locator:
    return visit.page.get_by_role("button", name=name)


@pytest.fixture
def codes(first_scenarios: Scenarios) -> dict[str, str]:
    """Codes of two scenarios that move Racan, by name, in a server of their own."""
    made = {}
    for name, zone in (("Racan au nord", "SAR-4"), ("Racan au centre", "SAR-1")):
        work = first_scenarios.record(first_scenarios.new(), "move", {"moves": {RACAN: zone}})
        made[name] = first_scenarios.describe(work, name=name).saved.id
    return made


def test_the_first_minute_tells_what_is_decided_and_who_is_in_charge_of_a_town(
    visit: Visit,
) -> None:
    hand = Hand(visit.open())
    expect(visit.panel).to_contain_text("Plan de départ")
    expect(visit.panel.locator(".gz-three")).to_be_visible()
    for status in ("Publiés par la Région", "Brouillons, rien n’est décidé"):
        expect(visit.panel.get_by_role("heading", name=status)).to_be_visible()
    hand.click(visit.page.get_by_role("combobox", name=re.compile("^Chercher")))
    hand.write("Laval")
    expect(visit.page.get_by_role("option").first).to_contain_text("Laval")
    hand.press("Enter")
    expect(visit.panel.get_by_text("Lucien Druault").first).to_be_visible()
    expect(button(visit, "Demander une proposition")).to_be_visible()
    within("first minute", hand)


def test_a_lycee_is_dragged_to_another_zone_and_back_by_undo(visit: Visit) -> None:
    hand = Hand(visit.open())
    hand.drag(RACAN, SAINT_CALAIS)
    is_in(visit, RACAN, "SAR-4")
    told = visit.page.locator(".gz-notice[role=status]")
    expect(told).to_contain_text(re.compile(r"rejoint.*collègue 3 → 50.min.*Au total", re.DOTALL))
    hand.click(button(visit, "Annuler"))
    is_in(visit, RACAN, "MAY-2")
    said(visit, "Annulé : Racan (Montval-sur-Loir) →")
    within("drag", hand)


def test_a_lycee_is_moved_from_the_list_of_zones_and_back_by_undo(visit: Visit) -> None:
    hand = Hand(visit.open())
    hand.pick(RACAN)
    ranked = visit.panel.get_by_role("table", name=re.compile("^De la plus favorable"))
    hand.click(ranked.get_by_role("button", name=re.compile("^Mamers")))
    expect(visit.panel.locator(".gz-sentence").first).to_contain_text("défavorable")
    slowest = visit.panel.get_by_role("row", name="Relève la plus lente")
    expect(slowest).to_contain_text(re.compile(r"39 → 50.min"))
    hand.click(button(visit, "Déplacer vers Mamers"))
    is_in(visit, RACAN, "SAR-4")
    hand.click(button(visit, "Annuler"))
    is_in(visit, RACAN, "MAY-2")
    within("list", hand)


def test_a_lycee_is_moved_by_keys_alone_and_back_by_undo(visit: Visit) -> None:
    hand = Hand(visit.open())
    for keys, focus in (
        (("Tab", "Tab", "Tab", "Enter"), FILTER),
        (("r", "a", "c", "Enter"), "changer la zone de Racan"),
        (("Enter",), "Zone de Racan"),
        (("ArrowDown", "Tab"), "Déplacer Racan"),
    ):
        for key in keys:
            hand.press(key)
        wait_for_focus(visit, focus)
    hand.press("Enter")
    told = visit.page.get_by_role("status").filter(has_text="Racan")
    expect(told).to_contain_text("rejoint")
    expect(visit.lycee(RACAN)).not_to_have_attribute("data-zone", "MAY-2")
    wait_for_focus(visit, "changer la zone de Racan")
    hand.press("Control+z")
    is_in(visit, RACAN, "MAY-2")
    said(visit, "Annulé : Racan (Montval-sur-Loir) →")
    wait_for_focus(visit, "Racan")
    within("keys", hand)


def test_two_people_on_one_scenario_see_each_other_without_reloading(
    new_visit: NewVisit, empty_app: str
) -> None:
    first = Hand(new_visit(url=empty_app).open())
    first.drag(RACAN, SAINT_CALAIS)
    expect(first.page).to_have_url(re.compile("scenario="))
    other = Hand(new_visit(url=empty_app).open(f"?{first.page.url.partition('?')[2]}"))
    is_in(other.visit, RACAN, "SAR-4")
    for hand in (first, other):
        hand.page.evaluate("window.loaded = 1")
    other.drag(LECLERC, MAMERS)
    is_in(first.visit, LECLERC, "SAR-4")
    expect(first.visit.panel).to_contain_text("aussi ici : 1 autre personne")
    first.click(button(first.visit, "Annuler"))
    for hand in (first, other):  # one's own move is undone, the other's stays
        is_in(hand.visit, RACAN, "MAY-2")
        is_in(hand.visit, LECLERC, "SAR-4")
        assert hand.page.evaluate("window.loaded") == 1
    within("two people", first, other)


def test_a_messy_list_is_repaired_settled_and_opened_as_a_scenario(
    new_visit: NewVisit, empty_app: str
) -> None:
    visit = new_visit(url=empty_app).open()
    hand, page = Hand(visit), visit.page
    hand.follow("Données", "donnees")
    hand.paste(page.get_by_label("Ou texte collé"), MESSY)
    hand.click(button(visit, "Lire le texte"))
    expect(visit.figure("Lignes lues")).to_have_text("7")
    code = page.locator(".gz-repair").filter(has_text="O530079Y")
    expect(code).to_contain_text("0530079Y")
    expect(page.locator(".gz-repair").filter(has_text="Mayene")).to_contain_text("Faute de frappe")
    refused = page.get_by_role("table", name="lignes écartées")
    expect(refused.get_by_role("row", name="Bréquigny")).to_contain_text("hors du territoire")
    expect(refused.get_by_role("row", name="Total")).to_contain_text("Ligne de total")
    expect(page.get_by_text("1 ligne à trancher")).to_be_visible()
    hand.click(page.get_by_role("combobox", name="Lycée de la ligne 7"))
    hand.click(page.get_by_role("option", name="0530081A"))
    expect(page.get_by_text("0 ligne à trancher")).to_be_visible()
    hand.click(button(visit, "Continuer"))
    hand.click(button(visit, "Continuer"))
    changes = page.get_by_role("table", name="Ce qui change dans le plan")
    expect(changes.get_by_role("row", name="Paul Scarron")).to_contain_text("Laval")
    # nothing is written before the last step
    other = new_visit(url=empty_app).open("scenarios")
    expect(other.page.get_by_text("Aucun scénario encore")).to_be_visible()
    hand.click(button(visit, "Créer le scénario"))
    expect(page.get_by_role("status").filter(has_text="est créé et ouvert")).to_be_visible()
    hand.follow("Carte", "carte")
    is_in(visit, SCARRON, visit.lycee(PARE).get_attribute("data-zone") or "")
    within("messy list", hand)


def test_two_scenarios_are_compared_with_their_figures_and_what_they_move(
    new_visit: NewVisit, codes: dict[str, str], empty_app: str
) -> None:
    visit = new_visit(url=empty_app).open()
    hand, page = Hand(visit), visit.page
    hand.follow("Scénarios", "scenarios_page")
    compared = page.get_by_label(re.compile("Scénarios à comparer"))
    for name in codes:
        still(page)
        compared.scroll_into_view_if_needed()  # an open list closes when the page scrolls
        still(page)
        hand.click(compared)
        hand.click(page.get_by_role("option", name=name))
    still(page)
    expect(page.locator(".gz-step").first).to_contain_text("Au total : défavorable")
    figures = page.locator("table").filter(has_text="Avant → après (écart)")
    points = figures.locator("tr").filter(has_text="Points de vigilance")
    expect(points).to_have_text(re.compile(r"14.*16.\(\+2, défavorable\).*17.\(\+3\)"))
    moved = page.locator("table").filter(has_text="lycée change de zone").locator("tbody tr")
    expect(moved).to_have_count(1)
    expect(moved).to_contain_text(re.compile("Racan.*Sablé.*Mamers.*Allonnes"))
    within("comparison", hand)


def marked(picture: Image.Image) -> list[int]:
    """Count the pixels of the land that changes zone, on the left map and on the right one."""
    width, height = picture.size
    counts = []
    for left in (0, width // 2):
        half = picture.crop((left, 0, left + width // 2, height))
        yellow = [
            count
            for count, (red, green, blue) in half.getcolors(width * height) or ()
            if red > 230 and green > 180 and blue < 100
        ]
        counts.append(sum(yellow))
    return counts


def test_a_picture_of_before_and_after_is_taken_away(
    new_visit: NewVisit, codes: dict[str, str], empty_app: str
) -> None:
    visit = new_visit(url=empty_app).open(f"?scenario={codes['Racan au nord']}")
    hand, page = Hand(visit), visit.page
    hand.follow("Partager", "partager")
    hand.click(page.get_by_role("combobox", name="Vue", exact=True))
    hand.click(page.get_by_role("option", name="Avant et après"))
    preview = page.get_by_role("figure", name="Aperçu : Avant et après : Racan au nord")
    expect(preview.or_(page.get_by_role("alert")).first).to_be_visible()
    expect(page.get_by_role("alert")).to_have_count(0)
    hand.click(button(visit, "Préparer le fichier"))
    ready = button(visit, re.compile("^Télécharger"))
    expect(ready).to_be_visible()
    with page.expect_download() as given:
        hand.click(ready)
    assert given.value.suggested_filename.startswith("geozones_avant-apres_racan-au-nord")
    with Image.open(given.value.path()) as picture:
        assert picture.format == "PNG"
        before, after = marked(picture.convert("RGB"))
    assert min(before, after) > 1000
    within("picture", hand)


def test_a_page_for_a_decision_asks_its_question_and_gives_its_verdict(
    new_visit: NewVisit, codes: dict[str, str], empty_app: str
) -> None:
    visit = new_visit(url=empty_app).open(f"?scenario={codes['Racan au nord']}")
    hand, page = Hand(visit), visit.page
    hand.follow("Scénarios", "scenarios_page")
    hand.click(button(visit, "Lien pour décider"))
    hand.click(button(visit, "Figer cette version"))
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    link = page.locator(".gz-link", has_text="?version=")
    hand.click(link.get_by_role("button", name="Copier le lien"))
    expect(link.get_by_role("button", name="Copié")).to_be_visible()
    address = page.evaluate("navigator.clipboard.readText()")
    page.context.clear_permissions()
    director = Hand(new_visit(url=empty_app))
    director.page.goto(address)
    director.visit.ready("shared")
    essential = director.page.get_by_role("region", name="L’essentiel")
    expect(essential).to_contain_text("Ce qui se dégrade")
    expect(essential.locator(".gz-verdict")).to_contain_text("Au total : défavorable")
    asked = "Faut-il soumettre à l’arbitrage, modifier ou écarter le scénario"
    expect(essential).to_contain_text(asked)
    pictures = director.page.locator(".gz-pair").get_by_role("img")
    expect(pictures).to_have_count(2)
    moved = director.page.get_by_role("table", name="Lycées qui changent de zone")
    racan = moved.get_by_role("row", name=re.compile("^Racan"))
    expect(racan.get_by_role("cell").first).to_contain_text("Montval")
    expect(racan.get_by_role("cell").last).to_contain_text("Mamers")
    within("decision", hand, director)


def test_a_webinar_goes_on_by_keys_and_its_presenter_has_notes(visit: Visit) -> None:
    hand = Hand(visit.open())
    hand.follow("Partager", "partager")
    hand.turn("Webinaire")
    hand.click(button(visit, "Démarrer le webinaire"))
    show = Show(visit)
    show.at(1, OPENING)
    hand.press("ArrowRight")
    show.at(2, SECOND)
    with visit.page.expect_popup() as opened:
        hand.press("p")
    desk = Hand(Visit(visit.url, opened.value))
    inside = desk.page.frame_locator("iframe")
    at(desk.page, 2, "iframe")
    expect(inside.locator("#said p").first).to_contain_text("Voici le secteur Maine-et-Loire")
    expect(inside.locator("#following")).to_have_text(re.compile("^En Mayenne"))
    desk.click(inside.get_by_role("button", name="Suivant →"))
    at(desk.page, 3, "iframe")
    show.at(3, re.compile("^En Mayenne"))
    hand.press("ArrowLeft")
    show.at(2)
    at(desk.page, 2, "iframe")
    hand.press("Escape")
    expect(show.dialog).to_have_count(0)
    within("webinar", hand, desk)

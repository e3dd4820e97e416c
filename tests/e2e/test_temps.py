"""Drives on the map: from a place, inside a zone, the longest ones, from the support centres."""

import re

import pytest
from playwright.sync_api import Locator, expect

from .browser import PHONE
from .conftest import NewVisit, Visit, still

RACAN = "0720012X"
#: The button of the longest drive between colleagues.
LONGEST = re.compile("74 min.*Maréchal")


@pytest.fixture
def carte(visit: Visit) -> Visit:
    return visit.open()


def choose(visit: Visit, label: str | re.Pattern[str], text: str) -> None:
    """Type in a list and take its first line."""
    box = visit.page.get_by_role("combobox", name=label)
    box.click()
    box.press_sequentially(text)
    visit.page.get_by_role("option").first.wait_for()
    box.press("Enter")
    still(visit.page)


def search(visit: Visit, text: str) -> None:
    """Go to what one names."""
    choose(visit, re.compile("Chercher"), text)


def unfold(visit: Visit, name: str) -> Locator:
    """Unfold a part of the drawer, unless it is; return it."""
    part = (
        visit.tables().locator("details").filter(has=visit.page.locator("summary", has_text=name))
    )
    part.wait_for()
    if part.get_attribute("open") is None:
        part.locator("summary").click()
    return part


def colour_from_a_place(visit: Visit) -> None:
    """Colour the map by the drives from a place, and leave the chip open to choose it."""
    visit.chip("Couleurs")
    choose(visit, "Couleurs", "Minutes depuis")


def credits_of(visit: Visit) -> Locator:
    """On the page « Données », go to the sources of the figures; return them."""
    visit.turn("Accessibilité et vie privée")
    heading = visit.page.get_by_role("heading", name="Sources et méthode", exact=True)
    return heading.locator("xpath=following::p[contains(., 'voiture')][1]")


def wait_until_painted(visit: Visit, pixels: int) -> None:
    """Wait until the communes' layer has so many pixels painted, a while after it is there."""
    visit.wait_on_map(
        """([least]) => {
            const canvas = document.querySelector(".leaflet-patches-pane canvas");
            if (!canvas) return false;
            const context = canvas.getContext("2d");
            const data = context.getImageData(0, 0, canvas.width, canvas.height).data;
            return data.filter((value, i) => i % 4 === 3 && value > 200).length > least;
        }""",
        pixels,
    )


@pytest.mark.slow
def test_heat_maps_longest_drives_and_support_centres_follow_what_is_chosen(carte: Visit) -> None:
    # the longest drives are those of the region, then of a sector
    longest = unfold(carte, "Trajets les plus longs")
    expect(longest.get_by_role("button", name=LONGEST)).to_be_visible()
    bars = longest.get_by_role("table").filter(has_text="Trajet moyen et trajet le plus long")
    expect(bars.locator("tbody tr")).to_have_count(32)
    # support centres, and the better one
    centres = unfold(carte, "Centres support")
    row = centres.get_by_role("row").filter(has_text="Maine-et-Loire")
    expect(row).to_contain_text("Chevrollier (Angers)")
    expect(row).to_contain_text("82 %")
    expect(row).to_contain_text("David d'Angers")
    expect(centres.get_by_role("row").filter(has_text="Vendée")).to_contain_text("non publié")
    search(carte, "Secteur Mayenne")
    expect(bars.locator("tbody tr")).to_have_count(4)
    # a zone as a heat map, then its worst pair on the map
    search(carte, "Zone Sablé")
    drives = unfold(carte, "Trajets de la zone")
    heat = drives.get_by_role("table").filter(has_text="Minutes de la ligne vers la colonne")
    row = heat.get_by_role("row").filter(has=carte.page.get_by_role("rowheader", name="Racan"))
    expect(row.get_by_role("cell")).to_have_text(["·", "3*", "50", "74", "68"])
    drives.get_by_role("button", name=LONGEST).click()
    line = carte.map.locator(".leaflet-ways-pane path")
    expect(line).to_have_count(2)
    expect(line.last).to_have_attribute("stroke-dasharray", "2 9")
    still(carte.page)
    drives.get_by_role("button", name=LONGEST).click()
    expect(line).to_have_count(0)
    # a zone or a lycée clicked on the map opens its heat map
    carte.aim("MAY-1")
    unfold(carte, "Trajets de la zone")
    expect(carte.page.locator(".gz-heat")).to_contain_text("Haut-Anjou")
    expect(carte.page.locator(".gz-heat")).not_to_contain_text("Racan")
    carte.pick(RACAN)
    expect(carte.page.locator(".gz-heat")).to_contain_text("Racan")
    assert carte.outside == []
    assert carte.errors == []


@pytest.mark.slow
def test_communes_are_coloured_from_a_lycee_chosen_typed_or_clicked(carte: Visit) -> None:
    colour_from_a_place(carte)
    expect(carte.page.get_by_text("Choisissez un lycée ou une commune")).to_be_visible()
    place = carte.page.get_by_role("combobox", name=re.compile("Depuis un lycée"))
    carte.pick(RACAN)
    expect(place).to_have_value(re.compile("Racan"))
    wait_until_painted(carte, 50_000)
    choose(carte, "Depuis un lycée, un centre support ou une commune", "Chevrollier")
    expect(carte.page.get_by_text("1 228 par modèle routier, dont 6 estimés")).to_be_visible()
    wait_until_painted(carte, 50_000)
    address = carte.page.get_by_label("Ou une adresse, ou une position « latitude, longitude »")
    address.fill("12 rue de la Paix, 44000 Nantes")
    address.press("Enter")
    expect(carte.page.get_by_text("Position au centre de Nantes")).to_be_visible()
    expect(carte.page.get_by_text("par estimation à vol d'oiseau, tous estimés")).to_be_visible()
    address.fill("nulle part")
    address.press("Enter")
    expect(carte.page.get_by_role("alert")).to_contain_text("Écrivez la commune à la fin")
    expect(carte.page.get_by_text("Position au centre de Nantes")).to_be_visible()
    assert carte.outside == []


@pytest.mark.slow
def test_drives_hold_on_a_phone(new_visit: NewVisit) -> None:
    visit = new_visit(PHONE).open()
    wide = "document.documentElement.scrollWidth"
    colour_from_a_place(visit)
    expect(visit.page.get_by_label("Ou une adresse, ou une position")).to_be_visible()
    assert visit.page.evaluate(wide) <= PHONE["width"], "Couleurs"
    visit.page.keyboard.press("Escape")
    for part in ("Trajets les plus longs", "Centres support"):
        expect(unfold(visit, part).get_by_role("table").first).to_be_visible()
        assert visit.page.evaluate(wide) <= PHONE["width"], part
    assert visit.errors == []

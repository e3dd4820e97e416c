"""The search box of the map: what it finds, and that Enter goes where its first line says."""

import re

from playwright.sync_api import expect

from .conftest import Visit, still

ZONE = "Zone Laval · n° 7 · secteur Mayenne · MAY-3"
RACAN = "Lycée Racan · Château-du-Loir (Montval-sur-Loir) · 0720012X"


def suggested(visit: Visit, text: str) -> list[str]:
    """The suggestions for a text, in order."""
    found: list[str] = visit.page.evaluate(
        "text => geozonesSearch.matches(text).map(({ label }) => label)", text
    )
    return found


#: What the first suggestion is for what is typed.
FIRST = {
    "racan": RACAN,
    "lycee racan": RACAN,
    "0720012x": RACAN,
    "Montval RACAN": RACAN,
    "0440063E": "Lycée Jean Perrin – Goussier · Rezé · 0440062D, 0440063E",
    "monet": "Lycée Jean Monnet · Les Herbiers · 0851400K",
    "blaise pacsal": "Lycée Blaise Pascal · Segré-en-Anjou Bleu · 0490782J",
    "chevrolier": "La Chevrolière · commune · Loire-Atlantique",
    "druault": "RNS Lucien Druault · secteur Mayenne",
    "laval": ZONE,
    "may-3": ZONE,
    "zone 7 mayenne": ZONE,
    "secteur nantes": "Secteur Nantes · brouillon",
    "cholet": "Cholet · commune · Maine-et-Loire",
    "SAUMUR": "Saumur · commune · Maine-et-Loire",
    "evron": "Évron · commune · Mayenne",
    "chateau du loir": "Château-du-Loir · ville · commune Montval-sur-Loir",
}
NOTHING = ("", "   ", "·", "zzzz", "x" * 300, "<zzz>", "(.*")


def check_suggestions(visit: Visit) -> None:
    """Check that the first suggestion is what was meant, and that nonsense finds nothing."""
    assert {text: suggested(visit, text)[0] for text in FIRST} == FIRST
    assert [text for text in NOTHING if suggested(visit, text)] == []
    # lycées of a town come before it unless it has this very name
    assert [line.split()[0] for line in suggested(visit, "château-g")[:3]] == ["Lycée"] * 3
    found = suggested(visit, "chateau gont")
    assert [line.split()[0] for line in found[:4]] == ["Lycée", "Lycée", "Lycée", "Zone"]
    assert found[4] == "Château-Gontier · ville · commune Château-Gontier-sur-Mayenne"
    assert suggested(visit, "chateau gontier")[0] == found[4]
    assert "Saint-Nazaire · commune · Loire-Atlantique" in suggested(visit, "st nazaire")[:2]
    # a lycée spelt nearly so comes after what begins so, and only where it is all that is typed
    assert suggested(visit, "chevrolier")[1:] == ["Lycée Chevrollier · Angers · 0490003M"]
    assert suggested(visit, "Le Poiré") == ["Le Poiré-sur-Vie · commune · Vendée"]
    assert len(suggested(visit, "l")) == 8


def test_what_is_meant_comes_first_and_the_keyboard_goes_through_the_list_and_there(
    visit: Visit,
) -> None:
    visit.open()
    search, page = visit.page.get_by_role("combobox", name="Chercher"), visit.page
    expect(search).to_be_visible()
    expect(search).to_have_attribute("title", re.compile("^Chercher un lycée"))
    check_suggestions(visit)
    # the arrows choose another line, and Escape closes the list
    search.click()
    search.press_sequentially("laval")
    chosen = page.get_by_role("option", selected=True)
    expect(chosen).to_have_text(ZONE)
    search.press("ArrowDown")
    expect(chosen).to_have_text("Laval · commune · Mayenne")
    expect(search).to_have_attribute("aria-activedescendant", "gz-search-1")
    search.press("Escape")
    expect(page.get_by_role("option")).to_have_count(0)
    expect(search).to_have_attribute("aria-expanded", "false")
    # a name of nothing is said in French
    search.fill("")
    search.press_sequentially("zzzz")
    said = page.get_by_role("status").filter(has_text="Rien ne s’appelle « zzzz »")
    expect(said).to_be_visible()
    search.press("Enter")
    expect(page.get_by_text(re.compile("Add:|options available"))).to_have_count(0)
    a_press_that_ends_elsewhere_takes_nothing(visit)
    # Enter takes the first line
    search.fill("")
    for text, shown in (("cholet", "Cholet"), ("saumur", "Saumur"), ("chateau gontier", "Châ")):
        search.click()
        search.press_sequentially(text)
        search.press("Enter")
        expect(visit.panel.locator("h3").first).to_contain_text(shown)
        expect(page.get_by_role("option")).to_have_count(0)


def a_press_that_ends_elsewhere_takes_nothing(visit: Visit) -> None:
    search, page = visit.page.get_by_role("combobox", name="Chercher"), visit.page
    chosen = page.locator("#gz-chosen")
    search.fill("")
    search.press_sequentially("laval")
    option = page.get_by_role("option", selected=True)
    option.hover()
    page.mouse.down()
    page.mouse.move(700, 500)
    page.mouse.up()
    still(page)
    expect(chosen).to_have_attribute("data-chosen", "")
    expect(search).to_have_value("laval")
    option.click()
    expect(visit.panel.locator("h3").first).to_contain_text("Laval")
    expect(page.get_by_role("option")).to_have_count(0)

"""Count the controls that each page of a running app shows, in Chromium at 1440 × 900.

Usage: python scripts/count_controls.py [--url http://127.0.0.1:8501] [--only PAGE] [--list]

A control is visible and enabled; disclosures stay closed, and what a panel shows once it is
scrolled counts. The links between pages, at the top and at the foot, and the map are counted apart.
The app needs a store without scenarios: the page of scenarios is counted with the one made here.
"""

import argparse
import shutil
from collections import Counter
from collections.abc import Callable

from playwright.sync_api import Page, sync_playwright

MAP = 'iframe[src*="streamlit_folium"]'
MAP_BUTTONS = ".leaflet-control button:visible, .leaflet-control a[role=button]:visible"
LYCEE, ZONE = "0720012X", "MAY-1"
#: The kind, the place and the name of each control; one inside another is not counted twice.
CONTROLS = """
() => {
  const kinds = {
    links: "a[href]",
    radios: "input[type=radio], [role=radio]",
    checkboxes: "input[type=checkbox], [role=checkbox], [role=switch]",
    tabs: "[role=tab]",
    selects: "select, [role=combobox]",
    numbers: "input[type=number], [role=spinbutton], input[type=range], [role=slider]",
    texts: "textarea, input:not([type=hidden], [type=file])",
    files: "input[type=file], [data-testid=stFileUploaderDropzone]",
    disclosures: "summary",
    buttons: "button, [role=button]",
  };
  const navigation = "[data-testid=stHeader], nav:not(.gz-way), .gz-foot, footer, .gz-skip";
  const widgets = ["NumberInput", "Selectbox", "MultiSelect", "DateInput", "FileUploader"]
    .map((kind) => `[data-testid=st${kind}]`).join(", ");
  const hidden = (e) => {
    if (!e.checkVisibility({ visibilityProperty: true, contentVisibilityAuto: true })) return true;
    // the browser draws a look of its own over these
    const { width, height } = (e.closest("label") || e).getBoundingClientRect();
    return width < 2 || height < 2;
  };
  const disabled = (e) => e.matches(":disabled, [aria-disabled=true]") || e.closest("[inert]");
  const text = (e) => {
    const copy = e.cloneNode(true);
    copy.querySelectorAll("[data-testid=stIconMaterial]").forEach((icon) => icon.remove());
    return copy.textContent;
  };
  const name = (e) => (e.getAttribute("aria-label") || e.closest("label")?.innerText
    || text(e) || e.title || e.placeholder || "").trim();
  const kindOf = (e) => Object.keys(kinds).find((kind) => e.matches(kinds[kind]));
  const found = [...document.querySelectorAll(Object.values(kinds).join(", "))];
  return found
    .filter((e) => !hidden(e) && !disabled(e))
    // the parts of a number, a list or a date are one control
    .filter((e) => !found.some((other) => other !== e && other.contains(e) && !hidden(other)))
    .filter((e) => kindOf(e) !== "buttons" || !e.closest(widgets))
    .map((e) => [kindOf(e), e.closest(navigation) ? "navigation" : "page", name(e)]);
}
"""


def nothing(_: Page) -> None:
    """Count the page as it opens."""


def pick(page: Page) -> None:
    """Choose a lycée on the map."""
    page.frame_locator(MAP).locator(f'[data-uai="{LYCEE}"]').dispatch_event("click")
    page.locator(".gz-lycee-card").wait_for()


def move(page: Page) -> None:
    """Move a lycée, which makes a scenario, and go to the page of scenarios."""
    pick(page)
    page.frame_locator(MAP).locator(f'path[data-zone="{ZONE}"]').first.dispatch_event("click")
    page.get_by_role("button", name="Déplacer vers").click()
    page.get_by_role("button", name="Annuler").first.wait_for()
    settled(page)
    page.get_by_role("link", name="Scénarios", exact=True).first.click()
    page.locator("body[data-page=scenarios_page]").wait_for(state="attached")


#: Each page: its address, and what is done there first.
PAGES: dict[str, tuple[str, Callable[[Page], None]]] = {
    "Carte": ("", nothing),
    "Carte, un lycée choisi": ("", pick),
    "Proposer": ("?mode=proposer", nothing),
    "Équipes": ("equipes", nothing),
    "Partager": ("partager", nothing),
    "Données": ("donnees", nothing),
    "Scénarios": ("", move),
}


def settled(page: Page) -> None:
    """Wait until the server has drawn the page."""
    page.locator(".gz-sources").last.wait_for(state="attached")
    page.locator('[data-test-script-state="notRunning"]').wait_for()
    page.wait_for_function("!document.querySelector('[data-testid=stSkeleton]')")


def counted(page: Page, url: str, name: str) -> list[tuple[str, str, str]]:
    """Return the kind, the place and the name of each control of a page."""
    address, prepare = PAGES[name]
    page.goto(f"{url}/{address}")
    settled(page)
    if page.locator(MAP).is_visible():
        page.frame_locator(MAP).locator("[data-uai]").first.wait_for(state="attached")
    prepare(page)
    settled(page)
    controls = [tuple(control) for control in page.evaluate(CONTROLS)]
    if page.locator(MAP).is_visible():
        buttons = page.frame_locator(MAP).locator(MAP_BUTTONS)
        controls += [("buttons", "map", text) for text in buttons.all_inner_texts()]
    return controls


def main() -> None:
    """Print a line per page: all its controls, then each kind, then what is counted apart."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", default="http://127.0.0.1:8501")
    parser.add_argument("--only", choices=list(PAGES))
    parser.add_argument("--list", action="store_true", help="name each control")
    arguments = parser.parse_args()
    browsers = map(shutil.which, ("chromium", "chromium-browser", "chromium-headless-shell"))
    path = next(filter(None, browsers), None)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=path, args=["--no-sandbox", "--disable-gpu"]
        )
        for name in [arguments.only] if arguments.only else PAGES:
            context = browser.new_context(
                viewport={"width": 1440, "height": 900}, locale="fr-FR"
            )  # a visitor of its own: no page remembers what another opened
            controls = counted(context.new_page(), arguments.url, name)
            context.close()
            kinds = Counter(kind for kind, place, _ in controls if place == "page")
            apart = Counter(place for _, place, _ in controls if place != "page")
            parts = ", ".join(f"{count} {kind}" for kind, count in kinds.most_common())
            others = ", ".join(f"{count} {place}" for place, count in sorted(apart.items()))
            print(f"{name:<24}{kinds.total():>4}  ({parts}; apart: {others})")
            if arguments.list:
                for kind, place, text in controls:
                    print(f"    {place:<11}{kind:<12}{text}")
        browser.close()


if __name__ == "__main__":
    main()

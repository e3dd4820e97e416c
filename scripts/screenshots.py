"""Take the pictures of docs/images of a running app, in Chromium.

Usage: python scripts/screenshots.py [--url http://127.0.0.1:8501] [--out docs/images] [--only PAGE]

The app needs a store without scenarios: a change made for one picture is still there in the next.
"""

import argparse
import shutil
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, ViewportSize, sync_playwright

MAP = 'iframe[src*="streamlit_folium"]'
SIZE: ViewportSize = {"width": 1440, "height": 900}
#: Nothing moves that comes to an end.
AT_REST = """() => document.getAnimations().every((move) => move.playState !== "running"
    || move.effect.getComputedTiming().endTime === Infinity)"""
LIST = """DPT\tCode RNE\tNom du lycée\tVille
Zone de conti
49\t04921235\tLycée Jean Moulin\tAngers
49\t0490054T*\tLa Mode\tCholet
72\t0720012X\tRacan\tMontval sur Loir
"""


def couleurs(page: Page) -> None:
    """Colour the zones by their slowest relève, and open the legend."""
    chips = page.locator(".st-key-gz-chips")
    chips.get_by_role("button", name="Couleurs").click()
    page.get_by_role("combobox", name="Couleurs").click()
    page.get_by_role("option", name="Relève la plus lente").click()
    chips.get_by_role("button", name="Couleurs : relève la plus lente").wait_for()
    page.keyboard.press("Escape")
    page.get_by_test_id("stPopoverBody").wait_for(state="detached")
    chips.get_by_role("button", name="Légende").click()
    page.get_by_test_id("stPopoverBody").get_by_text("45 min").first.wait_for()


def webinaire(page: Page) -> None:
    """Open the part « Webinaire »."""
    page.get_by_role("radio", name="Webinaire").click()
    page.get_by_text("Pendant le webinaire").wait_for()


def modifier(page: Page) -> None:
    """Choose a lycée, and aim at a zone."""
    frame = page.frame_locator(MAP)
    frame.locator('[data-uai="0720012X"]').dispatch_event("click")
    page.locator(".gz-lycee-card").wait_for()
    zone = frame.locator('path[data-zone="MAY-1"]').first
    zone.dispatch_event("click")
    page.get_by_role("button", name="Déplacer vers").wait_for()
    zone.dispatch_event("mouseout")


def proposer(page: Page) -> None:
    """Look for the best moves of a sector, in packages."""
    page.get_by_role("combobox", name="Secteurs").click()
    page.keyboard.type("Vendée")
    page.get_by_role("option", name="Vendée").click()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Chercher les meilleurs déplacements").click()
    page.locator(".gz-step").first.wait_for(state="attached", timeout=90_000)


def equipes(page: Page) -> None:
    """Propose the posts of a zone, and adopt them."""
    page.get_by_role("button", name="Proposer les postes").first.click()
    page.get_by_role("button", name="Adopter").click()
    page.get_by_role("button", name="Adopter").wait_for(state="detached")


def donnees(page: Page) -> None:
    """Read a list with faults."""
    page.get_by_label("Ou texte collé").fill(LIST)
    page.get_by_label("Ou texte collé").press("Tab")
    page.get_by_role("button", name="Lire le texte").click()
    page.locator(".gz-repair").first.wait_for()


def nothing(_: Page) -> None:
    """Take the page as it opens."""


#: What each picture shows: the address, and what is done there first.
PAGES: dict[str, tuple[str, Callable[[Page], None]]] = {
    "carte": ("", nothing),
    "couleurs": ("", couleurs),
    "modifier": ("", modifier),
    "proposer": ("?mode=proposer", proposer),
    "equipes": ("equipes", equipes),
    "scenarios": ("scenarios", nothing),
    "partager": ("partager", nothing),
    "webinaire": ("partager", webinaire),
    "donnees": ("donnees", donnees),
}


def main() -> None:
    """Open each page, wait until it is drawn, take its picture."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", default="http://127.0.0.1:8501")
    parser.add_argument("--out", type=Path, default=Path("docs/images"))
    parser.add_argument("--only", choices=list(PAGES))
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    browsers = map(shutil.which, ("chromium", "chromium-browser", "chromium-headless-shell"))
    path = next(filter(None, browsers), None)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=path, args=["--no-sandbox", "--disable-gpu"]
        )
        context = browser.new_context(viewport=SIZE, locale="fr-FR")
        for name in [arguments.only] if arguments.only else PAGES:
            take(context.new_page(), arguments.url, name, arguments.out / f"{name}.png")
        browser.close()


def take(page: Page, url: str, name: str, path: Path) -> None:
    """Take one picture."""
    address, prepare = PAGES[name]
    page.goto(f"{url}/{address}")
    page.locator(".gz-sources").last.wait_for(state="attached")
    if page.locator(MAP).count():
        page.frame_locator(MAP).first.locator("[data-uai]").first.wait_for(state="attached")
    prepare(page)
    page.locator('[data-test-script-state="notRunning"]').wait_for()
    # the page asks now and then whether the server is there: the network is never idle
    page.evaluate("document.fonts.ready")
    page.wait_for_function("[...document.images].every((image) => image.complete)")
    page.wait_for_function("!document.querySelector('[data-testid=stSkeleton]')")
    for frame in page.frames:
        frame.wait_for_function(AT_REST)
    page.screenshot(path=path)
    page.close()
    print(path)


if __name__ == "__main__":
    main()

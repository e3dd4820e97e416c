"""Take the pictures of docs/images: a running app, seen in Chromium.

Usage: python scripts/screenshots.py [--url http://127.0.0.1:8501] [--out docs/images]
"""

import argparse
import shutil
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

MAP = 'iframe[title="streamlit_folium.st_folium"]'
SIZES = {"": (1440, 900), "-telephone": (390, 844)}


def main() -> None:
    """Open each page at each size, wait until it is drawn, take its picture."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", default="http://127.0.0.1:8501")
    parser.add_argument("--out", type=Path, default=Path("docs/images"))
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=path, args=["--no-sandbox", "--disable-gpu"]
        )
        for suffix, (width, height) in SIZES.items():
            page = browser.new_page(viewport={"width": width, "height": height}, locale="fr-FR")
            take(page, arguments.url, arguments.out / f"carte{suffix}.png")
            take(
                page, f"{arguments.url}/atelier", arguments.out / f"atelier{suffix}.png", "0720012X"
            )
            take(page, f"{arguments.url}/temps", arguments.out / f"temps{suffix}.png")
        browser.close()


def take(page: Page, url: str, path: Path, lycee: str | None = None) -> None:
    """Take one picture, with a lycée chosen and a zone aimed at where one is named."""
    page.goto(url)
    frame = page.frame_locator(MAP)
    frame.locator("[data-uai]").first.wait_for(state="attached")
    if lycee is not None:
        frame.locator(f'[data-uai="{lycee}"]').dispatch_event("click")
        page.locator(".gz-lycee-card").wait_for()
        zone = frame.locator('path[data-zone="SAR-1"]').first
        zone.dispatch_event("click")
        zone.dispatch_event("mouseout")
        page.get_by_role("button", name="Déplacer vers").wait_for()
    page.wait_for_load_state("networkidle")
    page.screenshot(path=path)
    print(path)


if __name__ == "__main__":
    main()

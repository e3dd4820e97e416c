"""The map in a page of another site: it draws, and nothing but the map is there."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import expect

from .conftest import MAP, NewVisit, free_port, served


@contextmanager
def site(port: int, framed: str) -> Iterator[None]:
    """A page on a port of this machine that frames two addresses."""

    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            frame = '<iframe title="{}" src="{}" width="900" height="640"></iframe>'
            shown = frame.format("Carte", f"{framed}/?embed=true&zone=MAY-1")
            self.wfile.write((shown + frame.format("Page", f"{framed}/")).encode())

        def log_message(self, *_: object) -> None:  # type: ignore[override]
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", port), Page)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.mark.slow
def test_a_named_site_shows_the_map_its_legend_and_sources_and_nothing_else(
    tmp_path: Path, new_visit: NewVisit
) -> None:
    port = free_port()
    # another site, not only another port, as the browser sees it
    intranet = f"http://intranet.region.example:{port}"
    with served(tmp_path, GEOZONES_EMBED_SITES=intranet) as url, site(port, url):
        visit = new_visit(url=url, also=(intranet,))
        visit.page.goto(intranet)
        shown = visit.page.frame_locator("iframe[title=Carte]")
        drawn = shown.frame_locator(MAP)
        expect(drawn.locator("[data-uai]").first).to_be_attached()
        expect(drawn.locator('path[data-zone="MAY-1"]').first).to_be_visible()
        shown.get_by_text("Légende").click()
        expect(shown.get_by_text("publié par la Région")).to_be_visible()
        foot = shown.locator("#gz-foot")
        expect(foot).to_contain_text("Temps de trajet")
        low = foot.bounding_box()["height"]
        foot.focus()  # whole for the keyboard too
        assert foot.bounding_box()["height"] > 2 * low
        expect(shown.get_by_role("link", name="Scénarios")).to_have_count(0)
        refused = visit.page.frame(url="chrome-error://chromewebdata/")
        assert refused is not None  # any other page of the app
        assert visit.outside == []

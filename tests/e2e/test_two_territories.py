"""Two territories on one site, behind the nginx of `deploy/`: each under its path, with its own
login, scenarios, links and cookies; one that is killed leaves the other as it was."""

import json
import os
import re
import signal
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from geozones.common.files import DATA_FOLDER, territories_folder
from geozones.common.settings_file import VARIABLE
from helpers.login_provider import login_provider, write_secrets
from helpers.other_folder import write_other_folder
from helpers.served_app import served_app

from .browser import new_context
from .conftest import Visit, free_port
from .test_deployed import asked, configure, start_nginx
from .test_scenarios import PLAN
from .test_several_processes import needs_nginx
from .test_territories import add_territory

ROLES = ("[geozones.roles]", '"*" = "planificateur"')
RACAN = "0720012X"


@dataclass(frozen=True)
class Territories:
    """Addresses on the site, addresses beside the proxy, and processes, by name."""

    site: str
    direct: dict[str, str]
    pids: dict[str, int]


@pytest.fixture
def territories(tmp_path: Path) -> Iterator[Territories]:
    """Two territories of one home, each served by a process of its own, and nginx before them."""
    port, plain = free_port(), free_port()
    ports = {"pays": free_port(), "uusimaa": free_port()}
    home, nginx = tmp_path / "home", tmp_path / "nginx"
    nginx.mkdir()
    add_territory(home, "pays", "Pays d'essai")
    write_other_folder(territories_folder({"GEOZONES_HOME": str(home)}) / "uusimaa")
    configure(nginx, port, plain, **ports)
    direct, pids = {}, {}
    people = {"max": {"email": "max@region.example", "email_verified": True}}
    proxy = start_nginx(nginx)
    try:
        with login_provider(people) as provider, ExitStack() as stack:
            for name, inner in ports.items():
                url, own = f"https://127.0.0.1:{port}/{name}", home / "espaces" / name
                write_secrets(own, url, provider, ROLES, name)
                folder = str(home / "territoires" / name)
                settings = {DATA_FOLDER: folder, VARIABLE: url, "HOME": str(own)}
                app = served_app(home, inner, base_path=f"/{name}", **settings)
                direct[name], pids[name] = stack.enter_context(app)
            yield Territories(f"https://127.0.0.1:{port}", direct, pids)
    finally:
        proxy.terminate()
        proxy.wait(timeout=20)


def visit(context: BrowserContext, url: str, query: str = "") -> Visit:
    page = context.new_page()
    page.goto(f"{url}/{query}")
    return Visit(url, page)


def log_in(visit: Visit) -> Visit:
    visit.page.get_by_role("link", name="Se connecter").click()
    visit.page.get_by_role("button", name="Authorize as max").click()
    return visit.ready()


def refused(visit: Visit) -> None:
    heading = visit.page.get_by_role("heading", name="Connexion obligatoire")
    expect(heading).to_be_visible()


@pytest.mark.slow
@needs_nginx
def test_two_territories_on_one_site_share_nothing_and_one_outlives_the_other(
    territories: Territories, chromium: Browser
) -> None:
    site = territories.site
    each_has_its_path(territories)
    context = new_context(chromium, ignore_https_errors=True)

    # a login of one opens nothing of the other, in the same browser
    pays = log_in(visit(context, f"{site}/pays"))
    move(pays, RACAN, "SAR-4")
    expect(pays.page).to_have_url(re.compile("scenario="))
    found = re.search(r"scenario=([^&]+)", pays.page.url)
    assert found is not None
    uusimaa = visit(context, f"{site}/uusimaa")
    refused(uusimaa)
    log_in(uusimaa)
    expect(uusimaa.map.locator("[data-uai]")).to_have_count(12)
    expect(pays.map.locator("[data-uai]")).to_have_count(119)
    assert "scenario=" not in uusimaa.page.url

    # each cookie is of a path, and signed by its territory
    cookies = [each for each in context.cookies() if each["domain"] == "127.0.0.1"]
    assert {each["path"] for each in cookies} == {"/pays", "/uusimaa"}
    ours = [each for each in cookies if each["path"] == "/pays"]
    assert {"_streamlit_user", "geozones_scenario"} <= {each["name"] for each in ours}
    thieves = new_context(chromium, ignore_https_errors=True)
    thieves.add_cookies([each | {"path": "/uusimaa"} for each in ours])  # type: ignore[list-item]
    refused(visit(thieves, f"{site}/uusimaa"))

    # the scenario made in one is not in the other, nor is its link
    uusimaa.open(f"?scenario={found[1]}")
    expect(uusimaa.page.get_by_role("alert").first).to_contain_text("scénario")
    token = frozen(pays, site)
    elsewhere = visit(thieves, f"{site}/uusimaa", token)
    expect(elsewhere.page.get_by_role("heading", name="Lien introuvable")).to_be_visible()
    shared = visit(thieves, f"{site}/pays", token)
    expect(shared.page.get_by_text("Scénario à l’étude, non décidé").first).to_be_visible()

    # one is killed: it is told to be coming back, the other takes a change
    os.killpg(territories.pids["pays"], signal.SIGKILL)
    status, _, told = asked(f"{site}/pays/")
    assert (status, "en cours de redémarrage" in told) == (502, True)
    move(uusimaa, "T-01", "V-2")
    context.close()
    thieves.close()


def each_has_its_path(territories: Territories) -> None:
    """Ask the proxy for paths, and each process whether it is ready, and for what."""
    site = territories.site
    for path, there in (("/", "/pays/"), ("/uusimaa", "/uusimaa/")):
        _, headers, _ = asked(f"{site}{path}")
        assert headers is not None
        assert headers["Location"].removeprefix(site) == there
    assert asked(f"{site}/ailleurs/")[0] == 404
    for name, direct in territories.direct.items():
        status, _, ready = asked(f"{direct}/-/ready")
        assert (status, Path(json.loads(ready)["folder"]).name) == (200, name)
        assert asked(f"{site}/{name}/-/ready")[0] == 404


def move(visit: Visit, site: str, zone: str) -> None:
    """Move a site to a zone, and wait until it is saved."""
    visit.open("atelier").pick(site)
    visit.aim(zone)
    visit.page.get_by_role("button", name="Déplacer vers").click()
    expect(visit.page.locator(PLAN)).to_contain_text("· enregistré")


def frozen(visit: Visit, site: str) -> str:
    """Freeze the scenario; return the query of its link, which is under the territory's path."""
    visit.page.goto(f"{visit.url}/scenarios")
    visit.page.get_by_role("button", name="Lien pour décider").click()
    visit.page.get_by_role("button", name="Figer cette version").click()
    link = visit.page.locator(".gz-link a", has_text="?version=").inner_text()
    assert link.startswith(f"{site}/pays/")
    assert f'og:url" content="{site}/pays/' in asked(link)[2]
    return f"?{urlsplit(link).query}"

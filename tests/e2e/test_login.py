"""Login through a real identity provider: who is who, what each may do, and what a logout ends."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from helpers.login_provider import login_provider, write_secrets

from .accessible import is_refused
from .conftest import NewVisit, Visit, free_port, served
from .test_scenarios import PLAN

PEOPLE = {
    "max": {"email": "Max@Region.example", "email_verified": True},
    "lou": {"email": "lou@region.example", "email_verified": True},
    "dsi": {"email": "dsi@region.example", "email_verified": True, "groups": ["geozones-admin"]},
    "eve": {"email": "max@region.example", "email_verified": False},
}
ROLES = (
    "[geozones.roles]",
    '"max@region.example" = "planificateur"',
    "[geozones.login]",
    'role_claim = "groups"',
    "[geozones.login.claim_roles]",
    '"geozones-admin" = "administrateur"',
)
RACAN = "0720012X"
LE_LUDE = (47.65, 0.16)  # in zone MAY-2


@pytest.fixture(scope="module")
def provider() -> Iterator[str]:
    with login_provider(PEOPLE) as url:
        yield url


@pytest.fixture(scope="module")
def guarded(provider: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The app, with a login set up."""
    home, port = tmp_path_factory.mktemp("login"), free_port()
    write_secrets(home, f"http://127.0.0.1:{port}", provider, ROLES)
    with served(home, port, HOME=str(home)) as url:
        yield url


@pytest.fixture
def come(new_visit: NewVisit, guarded: str, provider: str) -> "Come":
    return Come(new_visit, guarded, provider)


class Come:
    """Someone who comes to the app with a browser of their own."""

    def __init__(self, new_visit: NewVisit, url: str, provider: str) -> None:
        self._new_visit, self._url, self._provider = new_visit, url, provider

    def __call__(self, path: str = "") -> Visit:
        visit = self._new_visit(url=self._url, also=(self._provider,))
        visit.page.goto(f"{self._url}/{path}")
        return visit

    def as_(self, someone: str) -> Visit:
        """Log in."""
        visit = self()
        visit.page.get_by_role("link", name="Se connecter").click()
        visit.page.get_by_role("button", name=f"Authorize as {someone}").click()
        return visit


def see_scenarios(visit: Visit) -> None:
    visit.page.goto(f"{visit.url}/scenarios")
    expect(visit.page.get_by_role("heading", name="Scénarios", level=1)).to_be_visible()


def refused(visit: Visit, why: str) -> None:
    expect(visit.page.get_by_role("heading", name="Connexion obligatoire")).to_be_visible()
    expect(visit.page.get_by_role("alert")).to_contain_text(why)
    page = visit.page  # plain HTML before a login, a page of the app once it has ended
    title = page.get_by_role("heading", name="Connexion obligatoire")
    # in sight whole: on a page of the app the bar of pages lies over its top
    in_sight = """node => {
        const box = node.getBoundingClientRect();
        return document.elementFromPoint(box.x + 5, box.y + 2) === node;
    }"""
    page.wait_for_function(in_sight, arg=title.element_handle())
    login = [page.get_by_role(role, name="Se connecter") for role in ("link", "button")]
    expect(login[0].or_(login[1])).to_be_visible()


def says_who(visit: Visit, who: str) -> None:
    """Read on the page « Scénarios » who one is and what one may do."""
    visit.ready()
    see_scenarios(visit)
    expect(visit.page.get_by_text(who)).to_be_visible()
    assert visit.errors == []


def test_groups_of_the_provider_make_an_administrator_and_an_address_not_verified_is_refused(
    come: Come,
) -> None:
    says_who(come.as_("dsi"), "dsi@region.example · administrateur")
    refused(come.as_("eve"), "n’est pas vérifiée")


def test_a_logout_ends_the_other_tab_and_the_old_cookie(come: Come) -> None:
    first = come.as_("max")
    first.ready()
    context = first.page.context
    stolen = context.cookies()
    second = Visit(first.url, context.new_page()).open("atelier")
    says_who(first, "max@region.example · planificateur")
    first.page.get_by_role("button", name="Se déconnecter").click()
    first.page.get_by_role("button", name="End session").click()
    refused(first, "connectez-vous")

    # the tab that was open all along moves a lycée
    second.pick(RACAN)
    refused(second, "reconnectez-vous")

    # the cookie as it was before, in another browser
    thief = come()
    refused(thief, "connectez-vous")
    thief.page.context.add_cookies(stolen)
    thief.page.goto(f"{thief.url}/atelier")
    refused(thief, "Vous vous êtes déconnecté")

    # a new login is not the one that was ended
    again = come.as_("max")
    again.ready()


def test_a_reader_changes_nothing_and_a_visitor_reads_a_frozen_version_only(come: Come) -> None:
    planner = come.as_("max")
    planner.ready()
    planner.open("atelier")
    planner.pick(RACAN)
    planner.aim("SAR-4")
    planner.page.get_by_role("button", name="Déplacer vers").click()
    expect(planner.page.locator(PLAN)).to_contain_text("· enregistré")
    expect(planner.page).to_have_url(re.compile("scenario="))
    edit = planner.page.url.split("?")[1]
    see_scenarios(planner)
    planner.page.get_by_role("button", name="Lien pour décider").click()
    planner.page.get_by_role("button", name="Figer cette version").click()
    link = planner.page.locator(".gz-link a", has_text="?version=").inner_text()
    owners_are_needed(planner)

    reader = come.as_("lou")
    reader.ready()
    reader.open(f"atelier?{edit}")
    expect(reader.lycee(RACAN)).to_have_attribute("data-zone", "SAR-4")
    expect(reader.page.get_by_role("button", name="Annuler")).to_be_disabled()
    expect(reader.page.get_by_text("Vous êtes lecteur")).to_be_visible()
    reader.drag(RACAN, *LE_LUDE)
    expect(reader.page.get_by_role("alert")).to_contain_text("il faut être planificateur")
    says_who(reader, "lou@region.example · lecteur")

    refused(come(f"atelier?{edit}"), "connectez-vous")
    visitor = come(link.removeprefix(f"{planner.url}/"))
    visitor.ready("shared")
    expect(visitor.page.get_by_role("heading", name="Ce qui est proposé")).to_be_visible()
    visitor.explore()
    expect(visitor.lycee(RACAN)).to_have_attribute("data-zone", "SAR-4")
    assert edit.removeprefix("scenario=") not in visitor.page.content()


def owners_are_needed(visit: Visit) -> None:
    """Nobody owns a scenario: the field of its owners is refused."""
    visit.page.keyboard.press("Escape")
    visit.page.get_by_role("button", name="Autres actions").click()
    visit.page.locator("summary").filter(has_text="Droits d’accès").click()
    owners = visit.page.get_by_label(re.compile("^Propriétaires"))
    owners.fill("")
    owners.press("Tab")
    visit.page.get_by_role("button", name="Enregistrer ces personnes").click()
    is_refused(owners, "au moins un propriétaire")

"""The page « Équipes », as someone who sees it for the first time goes through it."""

import re
from collections.abc import Iterable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, WebSocketRoute, expect

from geozones.domain.teams import HALVES
from geozones.render.palette import contrast, mixed

from .browser import PHONE
from .conftest import NewVisit, Visit, still
from .gestures import hurried

#: Of the padlock and of the arrow of each half-day: the tint under them, their ink, its opacity.
_SIGNS = """(table) => [...table.querySelectorAll("td:has(.gz-lock)")].flatMap((cell) => {
  const read = (colour) => colour.match(/[\\d.]+/g).slice(0, 3).map(Number);
  const ground = read(getComputedStyle(cell).backgroundColor);
  const lock = getComputedStyle(cell.querySelector(".gz-lock"));
  const arrow = getComputedStyle(cell, "::after");
  const signs = [[ground, read(lock.backgroundColor), Number(lock.opacity)]];
  if (arrow.content !== "none") signs.push([ground, read(arrow.color), Number(arrow.opacity)]);
  return signs;
})"""


@pytest.fixture
def equipes(visit: Visit) -> Visit:
    return choose_zone(visit.open("equipes"), "Mayenne", "Laval")


def choose_zone(visit: Visit, sector: str, zone: str) -> Visit:
    sectors, zones = (
        visit.page.get_by_role("combobox", name=re.compile(label))
        for label in ("Secteur", "Zone de continuité")
    )
    for field, value in ((sectors, sector), (zones, zone)):
        field.click()
        # a sector is told with its status: « Mayenne (publié) »
        named = re.compile(rf"^{re.escape(value)}( \([^)]+\))?$")
        visit.page.get_by_role("option", name=named).click()
        still(visit.page)  # until then the list before may be there too
        expect(field).to_have_value(named)
        if field is sectors:
            expect(zones).to_have_value("Toutes les zones")
    return visit


def part(page: Page, name: str) -> None:
    page.get_by_role("radio", name=name).or_(page.get_by_role("button", name=name)).first.click()


def propose_and_adopt(page: Page) -> None:
    still(page)
    button = page.get_by_role("button", name="Proposer les postes")
    if not button.is_visible():  # folded once there are posts
        page.get_by_text("Chercher les meilleurs postes").click()
    button.press("Enter")
    # what would change is told in words before anything does
    told = page.get_by_role("cell", name=re.compile(r"postes, aucune exception.*prouvé"))
    expect(told.first).to_be_visible()
    page.get_by_role("button", name="Adopter").press("Enter")
    expect(page.get_by_text("Postes enregistrés")).to_be_visible()
    still(page)
    assert page.evaluate("!!document.activeElement.closest('.st-key-gz-semaine')")


def the_signs_of_half_days_are_seen(page: Page) -> None:
    """Their contrast is that of criterion 3.3 of RGAA."""

    def hexed(colour: Iterable[int]) -> str:
        return "#" + "".join(f"{part:02x}" for part in colour)

    signs = page.locator(".gz-week-edited").evaluate(_SIGNS)
    assert signs
    for ground, ink, opacity in signs:
        tint = hexed(ground)
        assert contrast(mixed(tint, hexed(ink), opacity), tint) >= 3


def needs_are_met(page: Page) -> None:
    """No half-day is missing, and posts are shared as the document wants them."""
    expect(page.get_by_text("Besoins couverts, règles respectées.")).to_be_visible()
    expect(page.get_by_text("n’a qu’un lycée")).to_have_count(0)


def row(page: Page, post: str) -> Locator:
    """The week of a post."""
    table = page.locator(".gz-week", has=page.get_by_text("La semaine de chaque poste"))
    return table.locator("tbody tr").filter(has_text=post)


def type_date(page: Page, field: str, digits: str) -> None:
    """Type the first or the last day of an absence."""
    page.locator(f".st-key-TeamView-{field}").get_by_role("spinbutton").first.click()
    page.keyboard.type(digits)
    page.keyboard.press("Escape")
    page.keyboard.press("Tab")
    still(page)


def cell(page: Page, post: str, half_day: str) -> Locator:
    """The list of a half-day of a post, in its week."""
    return page.get_by_role("combobox", name=f"{post}, {half_day}", exact=True)


def says(field: Locator, text: str) -> None:
    """A half-day shows a text, and it is what its list holds."""
    expect(field.locator("xpath=../span")).to_have_text(text)
    expect(field.locator("option:checked")).to_have_text(text)


def test_needs_posts_a_lock_and_an_absence_from_one_end_to_the_other(visit: Visit) -> None:
    # a zone whose best posts under a lock are proven in a tenth of a second: the page gives a
    # search 20 s by the clock, whatever else the machine does
    equipes = choose_zone(visit.open("equipes"), "Vendée", "La Roche-sur-Yon – Aizenay")
    page = equipes.page
    # needs: by pupils until someone types one; one out of range is kept for mending, and said
    expect(page.get_by_role("cell", name="d’après les élèves").first).to_be_visible()
    need = page.get_by_label(re.compile("Branly"))
    need.fill("60")
    need.press("Control+Enter")
    refused = page.get_by_role("row", name=re.compile("Branly")).get_by_role("alert")
    expect(refused).to_contain_text("de 0 à 40, pas « 60 »")
    expect(need).to_have_value("60")
    expect(need).to_have_attribute("aria-invalid", "true")
    need.fill("6")
    page.get_by_role("button", name="Enregistrer les besoins").click()
    expect(page.get_by_text("1 besoin enregistré.")).to_be_visible()
    expect(page.get_by_role("row", name=re.compile("Branly"))).to_contain_text("saisi")
    # posts: proposed, proven, adopted
    propose_and_adopt(page)
    needs_are_met(page)
    # a cell changed by hand breaks the needs, which is said; locked, the next proposal keeps it
    first = cell(page, "T.I.P. 1", "jeudi matin")
    first.select_option("disponible")
    says(first, "disponible")
    lacks = page.get_by_text(re.compile("manque : 1"))
    expect(lacks.first).to_contain_text("T.I.P. 1, jeudi matin : disponible. À voir :")
    expect(lacks).to_have_count(2)  # in answer to the gesture, and under the grid
    lock = page.get_by_role("button", name="Verrouiller jeudi matin, T.I.P. 1")
    lock.click()
    expect(lock).to_have_attribute("aria-pressed", "true")
    expect(first).to_be_disabled()
    propose_and_adopt(page)
    needs_are_met(page)
    says(first, "disponible")
    expect(lock).to_have_attribute("aria-pressed", "true")
    the_signs_of_half_days_are_seen(page)
    # an absence: who comes, from where, in how long
    part(page, "Absences")
    expect(page.get_by_text(re.compile("absent : .*demi-journées? manquées?"))).to_be_visible()
    type_date(page, "last", "17012027")
    type_date(page, "first", "11012027")  # a Monday
    table = page.locator(".gz-table", has=page.get_by_text("Qui vient, demi-journée"))
    who = re.compile(r"T\.I\.P\. [2-5], La Roche")
    expect(table.locator("tbody tr").first).to_contain_text(re.compile(r"1[1-5] janvier 2027"))
    came = table.locator("tbody tr").filter(has_text=who)
    expect(came.first).to_contain_text(re.compile(r"\d+.min"))
    with page.expect_download() as sheet:
        page.get_by_role("button", name="Fiche pour le RNS").click()
    said = Path(sheet.value.path()).read_text(encoding="utf-8")
    assert "T.I.P. 1 – zone La Roche-sur-Yon – Aizenay" in said
    assert equipes.errors == []
    assert equipes.outside == []


@pytest.mark.slow
def test_needs_are_typed_by_keyboard_as_in_a_spreadsheet_and_undone_at_once(
    equipes: Visit,
) -> None:
    page = equipes.page
    needs = page.get_by_role("textbox", name=re.compile("^Besoin de"))
    before = [needs.nth(rank).input_value() for rank in range(3)]
    needs.first.click()
    for typed in ("7", "8", "9"):  # Enter goes to the next lycée
        page.keyboard.type(typed)
        page.keyboard.press("Enter")
    page.keyboard.press("ArrowUp")
    expect(needs.nth(2)).to_be_focused()
    page.keyboard.type("33")
    page.keyboard.press("Escape")  # as it was before anything was typed
    expect(needs.nth(2)).to_have_value(before[2])
    page.get_by_role("heading", name="Équipes").click()  # leaving the table saves
    expect(page.get_by_text("2 besoins enregistrés.")).to_be_visible()
    expect(needs.nth(1)).to_have_value("8")
    still(page)
    page.get_by_role("button", name="Annuler").click()
    for rank in range(3):
        expect(needs.nth(rank)).to_have_value(before[rank])
    assert equipes.errors == []


def test_a_need_that_the_connection_lost_is_sent_again_once_it_is_back(visit: Visit) -> None:
    lines: list[WebSocketRoute] = []
    dead = {"line": False}

    def between(line: WebSocketRoute) -> None:
        lines.append(line)
        server = line.connect_to_server()
        line.on_message(lambda message: None if dead["line"] else server.send(message))
        server.on_message(line.send)

    visit.page.route_web_socket("**/_stcore/stream", between)
    page = choose_zone(visit.open("equipes"), "Mayenne", "Laval").page
    # the table of the zone has taken the place of the sector's
    expect(page.get_by_role("region", name=re.compile("^Besoins de la zone Laval"))).to_be_visible()
    still(page)
    need = page.get_by_role("textbox", name=re.compile("^Besoin de")).first
    need.fill("7")
    dead["line"] = True
    with hurried():
        need.press("Control+Enter")
    expect(page.locator(".gz-waiting").first).to_be_visible()
    dead["line"] = False
    lines[-1].close()
    expect(page.get_by_text("1 besoin enregistré.")).to_be_visible()
    expect(need).to_have_value("7")
    expect(page.locator(".gz-waiting")).to_have_count(0)
    assert len(lines) == 2


@pytest.mark.slow
def test_a_grid_is_changed_in_place_on_a_phone_and_what_is_refused_is_put_back(
    new_visit: NewVisit,
) -> None:
    visit = new_visit(PHONE).open("equipes")
    page = visit.page
    part(page, "Semaine")
    expect(page.get_by_text("Cliquez sur « Proposer les postes de la zone »")).to_be_visible()
    expect(page.locator(".gz-week")).to_have_count(0)  # nothing is missed where nobody is yet
    page.get_by_text("Ajouter ou modifier un poste", exact=True).click()
    page.get_by_role("button", name="Ajouter un poste").click()
    # the week is whole on a tablet and on a phone: who is in each lycée, then each post
    weeks = page.locator(".gz-week")
    expect(weeks).to_have_count(2)
    for width in (768, PHONE["width"]):
        page.set_viewport_size({"width": width, "height": PHONE["height"]})
        still(page)
        for week in weeks.all():
            columns = week.locator("tbody tr").first.locator("td:not(.gz-number)")
            expect(columns).to_have_count(10)
            for half_day in columns.all():
                box = half_day.bounding_box()
                assert 0 <= box["x"] < box["x"] + box["width"] <= width
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    friday = weeks.first.get_by_role(
        "columnheader", name=re.compile("vendredi", re.IGNORECASE)
    ).bounding_box()
    cells = weeks.first.locator("tbody tr").first.locator("td")
    assert friday["x"] <= cells.nth(-2).bounding_box()["x"]
    assert friday["x"] + friday["width"] >= cells.nth(-2).bounding_box()["x"]
    morning, afternoon = (cell(page, "T.I.P. 1", f"lundi {half}") for half in HALVES)
    says(morning, "disponible")
    # one while the other is being answered: both are kept, each as a step
    morning.select_option("ne travaille pas")
    afternoon.select_option("ne travaille pas")
    for field in (morning, afternoon):
        expect(field.locator("xpath=../span")).to_have_text("—")
    expect(row(page, "T.I.P. 1").get_by_text("100 %, 0 / 10")).to_be_visible()
    still(page)
    share = page.get_by_role("combobox", name=re.compile(r"^Quotité \(%\)"))
    share.focus()
    share.press_sequentially("80")
    page.get_by_role("option", name="80", exact=True).click()
    expect(row(page, "T.I.P. 1").get_by_text("80 %, 0 / 8")).to_be_visible()
    morning.select_option("disponible")
    expect(page.get_by_text("8 demi-journées par semaine, pas 9")).to_be_visible()
    expect(morning.locator("option:checked")).to_have_text("ne travaille pas")
    expect(morning.locator("xpath=../span")).to_have_text("—")
    # what the buttons undo is undone in the grid
    for _ in range(2):
        still(page)
        page.get_by_role("button", name="Annuler").click()
    says(afternoon, "disponible")
    expect(morning.locator("xpath=../span")).to_have_text("—")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert visit.errors == []

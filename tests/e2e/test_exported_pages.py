"""The exported pages, opened from a stick: no request, map and list that answer each other."""

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from geozones.domain import DecisionStatus, Plan
from geozones.domain.plan import plan_of
from geozones.export import Dossier
from geozones.export.html import page as html_page
from geozones.features.webinar.document import webinar_page
from geozones.features.webinar.use_cases import make_webinar
from geozones.render.signs import INK
from geozones.workspace.figures.study import Study
from geozones.workspace.sharing.dossier import dossier
from geozones.workspace.sharing.exported_plan import ExportedPlan, ExportView, of_baseline, of_plan

from .accessible import serious
from .browser import PHONE, WIDE
from .conftest import NewVisit

#: 120 characters, no space to break at, an emoji, markup.
HOSTILE = "🎓<b>&" + "NomSansEspace" * 9

type Stick = Callable[..., Page]
type Told = tuple[bytes, int]


@pytest.fixture
def stick(new_visit: NewVisit, tmp_path: Path) -> Stick:
    """Open a document from a file, with every request counted and refused."""

    def opened(content: bytes, viewport: dict[str, int] = WIDE) -> Page:
        path = tmp_path / "clé USB" / "page.html"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)
        visit = new_visit(viewport, path.as_uri())
        visit.page.on("console", lambda said: visit.errors.append(said.text))
        visit.page.emulate_media(reduced_motion="reduce")  # words are measured where they stay
        visit.page.goto(path.as_uri())
        visit.page.asked, visit.page.faults = visit.outside, visit.errors  # type: ignore[attr-defined]
        return visit.page

    return opened


def region(study: Study) -> Dossier:
    return dossier(of_baseline(study.analysis), ExportView())


@pytest.fixture(scope="module")
def region_page(study: Study) -> bytes:
    """The page of the whole region, written once."""
    return html_page(region(study))


@pytest.fixture(scope="module")
def told(study: Study) -> Told:
    """The show of the plan in force, and how many steps it has, written once."""
    return _told(of_baseline(study.analysis))


@pytest.fixture(scope="module")
def hostile(study: Study) -> tuple[bytes, Told]:
    """The page and the show of a plan whose names are long and full of markup."""
    subject = of_plan(study.with_plan(hostile_plan(study.plan)), f"{HOSTILE}.json")
    return html_page(dossier(subject, ExportView())), _told(subject)


def _told(subject: ExportedPlan) -> Told:
    show = make_webinar(subject).webinar
    return webinar_page(show), len(show.slides)


def test_each_status_has_its_sign_and_marks_come_over_it(study: Study, stick: Stick) -> None:
    """Retained is bold, proposed coloured, a draft hatched; changed is dashed, chosen a halo."""
    whole = region(study)
    statuses = {"MAY-1": DecisionStatus.RETAINED, "MAY-2": DecisionStatus.PROPOSED}
    zones = tuple(
        replace(zone, status=statuses.get(zone.id, zone.status), changed=zone.id == "SAR-4")
        for zone in whole.scene.zones
    )
    scene = replace(whole.scene, zones=zones, selected_zones=frozenset({"SAR-4"}))
    page = stick(html_page(replace(whole, scene=scene)))

    def top(zone: str, sign: str, name: str) -> str | None:
        line = page.locator(f'path[data-sign="{sign}"][data-of="{zone}"]').last
        return line.get_attribute(name)

    fill = page.locator('path[data-zone="MAY-1"]').first
    expect(fill).to_have_attribute("fill", re.compile("^#"))
    bold, coloured = (
        float(top(zone, sign, "stroke-width") or 0)
        for zone, sign in (("MAY-1", "retenu"), ("MAY-2", "propose"))
    )
    assert bold > 1.4 * coloured > 2
    assert top("MAY-1", "retenu", "stroke") == INK
    assert top("MAY-2", "propose", "stroke") != INK
    assert top("SAR-4", "brouillon-changed", "stroke-dasharray")
    assert top("SAR-4", "halo", "stroke") == "#ffd23f"
    drafts = page.locator('path[data-zone="SAR-4"]').first
    expect(drafts).to_have_attribute("fill", re.compile("gz-hatch"))
    expect(page.locator('path[data-of="MAY-3"]')).to_have_count(0)
    for meaning in ("retenu", "proposé", "brouillon", "modifié"):
        expect(page.locator("#legend")).to_contain_text(meaning)


def test_the_map_draws_and_asks_for_nothing(study: Study, region_page: bytes, stick: Stick) -> None:
    page = stick(region_page)
    expect(page.locator("path[data-zone]").first).to_be_attached()
    expect(page.locator("[data-uai]")).to_have_count(len(study.territory.lycees))
    page.locator(".leaflet-control-zoom-in").click()
    page.mouse.move(400, 400)
    page.mouse.down()
    page.mouse.move(500, 450, steps=4)
    page.mouse.up()
    fonts = "document.fonts.ready.then((all) => [...all].map((f) => f.weight + f.status))"
    assert page.evaluate(fonts) == ["400loaded", "700loaded"]
    assert page.evaluate("performance.getEntriesByType('resource').length") == 0
    assert page.asked == []  # type: ignore[attr-defined]
    assert page.faults == []  # type: ignore[attr-defined]


def test_a_click_on_the_map_opens_the_list_and_the_list_moves_the_map(
    region_page: bytes, stick: Stick
) -> None:
    page = stick(region_page)
    page.locator('[data-uai="0530012A"]').dispatch_event("click")
    row = page.locator('tr[data-lycee="0530012A"]')
    expect(row).to_be_visible()
    expect(row).to_have_class("chosen")
    expect(page.get_by_text("Lucien Druault").first).to_be_visible()
    page.get_by_role("button", name="Toute la région").click()
    expect(row).to_be_hidden()
    page.locator("summary", has_text="Sarthe").first.click()
    expect(page.locator('path[data-zone="MAY-1"]').first).to_have_attribute(
        "fill-opacity", re.compile(r"0\.4")
    )
    page.locator("summary", has_text="Le Mans").first.click()
    expect(page.locator('path[data-sign="halo"]').first).to_be_attached()


def test_the_map_tells_when_hovered_then_of_layers_and_a_name_without_its_accents(
    region_page: bytes, stick: Stick
) -> None:
    page = stick(region_page)
    page.locator('[data-uai="0720012X"]').dispatch_event("mouseover")
    expect(page.locator(".gz-tip")).to_contain_text("Racan")
    expect(page.locator(".gz-tip")).to_contain_text("Relève")
    page.get_by_label("Lycées", exact=True).uncheck()
    expect(page.locator("[data-uai]")).to_have_count(0)
    page.get_by_label("Chercher un lycée ou une commune").fill("reaumur")
    expect(page.get_by_role("status")).to_have_text("1 lycée trouvé")
    expect(page.locator('tr[data-lycee="0530012A"]')).to_be_visible()
    expect(page.locator("details.sector:visible")).to_have_count(1)


def test_before_and_after_are_gone_between_without_moving(study: Study, stick: Stick) -> None:
    subject = of_plan(study.with_plan(study.plan.move("0720012X", "SAR-4")), "essai.json")
    page = stick(html_page(dossier(subject, ExportView("before-after"))))
    lycee = page.locator('[data-uai="0720012X"]')
    expect(lycee).to_have_attribute("data-zone", "SAR-4")
    at = lycee.bounding_box()
    page.get_by_role("radio", name=re.compile("Avant")).check()
    expect(lycee).to_have_attribute("data-zone", "MAY-2")
    assert lycee.bounding_box() == at
    # the whole region is that of the plan shown, and so is the list beside it
    page.get_by_role("radio", name=re.compile("Avant")).check()
    page.get_by_role("button", name="Toute la région").click()
    expect(page.locator("[data-when=before]")).to_be_visible()
    expect(page.locator("[data-when=after]")).to_be_hidden()
    expect(page.locator("[data-when=before] .figures")).to_contain_text("119")
    assert page.faults == []  # type: ignore[attr-defined]


def test_on_paper_the_map_is_whole_and_nothing_asks_for_a_click(
    region_page: bytes, stick: Stick
) -> None:
    page = stick(region_page)
    page.emulate_media(media="print", reduced_motion="reduce")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    sheet = page.locator("#place").bounding_box()
    assert sheet is not None
    assert sheet["width"] < 730  # 19 cm: what an A4 sheet leaves
    outside = page.evaluate(
        """([left, top, right, bottom]) => [...document.querySelectorAll("path[data-zone]")]
           .filter((zone) => {
             const box = zone.getBoundingClientRect();
             return box.left < left || box.top < top || box.right > right || box.bottom > bottom;
           }).length""",
        [sheet["x"], sheet["y"], sheet["x"] + sheet["width"], sheet["y"] + sheet["height"]],
    )
    assert outside == 0
    expect(page.get_by_label("Lycées", exact=True)).to_be_hidden()
    expect(page.get_by_label("Chercher un lycée ou une commune")).to_be_hidden()
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    page.emulate_media(media="screen", reduced_motion="reduce")
    wide = page.locator("#place").bounding_box()
    assert wide is not None
    assert wide["width"] > sheet["width"]
    assert page.faults == []  # type: ignore[attr-defined]


def test_on_a_phone_no_figure_nor_status_is_broken_in_two(study: Study, stick: Stick) -> None:
    plan = study.plan.move("0720012X", "SAR-4")
    name = "NomSansEspace" * 3
    zones = [replace(z, own_name=name) if z.id == "SAR-4" else z for z in plan.zones]
    plan = plan_of(plan.sectors, zones, plan.zone_by_lycee)
    subject = of_plan(study.with_plan(plan), "essai.json")
    page = stick(html_page(dossier(subject, ExportView())), PHONE)
    broken = page.evaluate(
        r"""() => [...document.querySelectorAll("#panel td, #panel .pill")]
           .filter((e) => e.matches(".pill") || /^\d[^ ]*$/.test(e.textContent))
           .filter((e) => {
             const text = document.createRange();
             text.selectNodeContents(e);
             return new Set([...text.getClientRects()].map((r) => Math.round(r.top))).size > 1;
           }).map((e) => e.textContent)"""
    )
    assert broken == []
    # nor is a table wider than the page, which would hide its last column
    wide = """() => [...document.querySelectorAll("#panel table")].filter((table) =>
      table.checkVisibility() && table.getBoundingClientRect().right > innerWidth)"""
    assert page.evaluate(f"({wide})().length") == 0


def test_a_webinar_is_told_whole_on_paper_and_fits_its_screen_in_its_own_typeface(
    study: Study, stick: Stick
) -> None:
    plan = study.plan.move("0720012X", "SAR-4")
    long = "Réorganisation des zones de la Sarthe et du nord de la Mayenne, deuxième variante"
    subject = of_plan(study.with_plan(plan), f"{long}.json")
    page = stick(webinar_page(make_webinar(subject).webinar), {"width": 1440, "height": 900})
    # words were measured in the typeface of the page: figures have the room that they need
    expect(page.locator("#slide-0 .figures")).to_be_visible()
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_have_class("shown")
    page.emulate_media(media="print")
    for title in page.locator("#words article .title").all():
        expect(title).to_be_visible()
    expect(page.locator("#maps")).to_be_hidden()
    assert page.evaluate("getComputedStyle(document.body).overflow") == "visible"
    assert page.faults == []  # type: ignore[attr-defined]


def test_axe_finds_no_serious_fault(region_page: bytes, stick: Stick) -> None:
    page = stick(region_page)
    for viewport in (WIDE, PHONE):
        page.set_viewport_size(viewport)
        for name in ("Mayenne", "Laval"):
            folded = page.locator("details:not([open]) > summary", has_text=name)
            if folded.count():
                folded.first.click()
        assert serious(page) == {}


@pytest.mark.slow
def test_motion_is_spared_to_whoever_asks_and_shown_to_others(told: Told, stick: Stick) -> None:
    content, steps = told
    show = stick(content)
    moves = "document.querySelector('#deck').classList.contains('moving')"
    show.keyboard.press("End")
    # the map is where it goes at once: it does not fly there
    assert not show.evaluate(moves)
    assert show.evaluate("document.getAnimations().length") == 0
    show.emulate_media(reduced_motion="no-preference")
    # counted in the page: a flight can be over before anyone asks
    show.evaluate(f"""() => {{
        window.flights = 0;
        new MutationObserver(() => {{ window.flights += {moves}; }})
            .observe(document.querySelector("#deck"), {{ attributes: true }});
    }}""")
    for _ in range(1, steps):
        show.keyboard.press("ArrowLeft")
    assert show.evaluate("window.flights") > 0


def hostile_plan(plan: Plan) -> Plan:
    sectors = [replace(sector, name=HOSTILE) for sector in plan.sectors]
    zones = [replace(zone, own_name=f"{rank}{HOSTILE}") for rank, zone in enumerate(plan.zones)]
    return plan_of(sectors, zones, plan.zone_by_lycee)


@pytest.mark.slow
@pytest.mark.parametrize("viewport", [WIDE, PHONE], ids=["wide", "phone"])
def test_names_of_120_characters_neither_widen_a_page_nor_run_as_markup(
    hostile: tuple[bytes, Told], stick: Stick, viewport: dict[str, int]
) -> None:
    written, (content, steps) = hostile
    wide = "document.documentElement.scrollWidth > innerWidth"
    page = stick(written, viewport)
    page.locator("summary").first.click()
    assert not page.evaluate(wide)
    assert page.locator("summary b, h1 b, .gz-label b").count() == 0
    show = stick(content, viewport)
    for step in range(1, steps + 1):
        expect(show.locator("#deck")).to_have_attribute("data-step", str(step))
        assert not show.evaluate(wide)
        assert show.locator("#words").evaluate("(w) => w.scrollWidth <= w.clientWidth + 1")
        show.keyboard.press("ArrowRight")
    assert show.asked == show.faults == []  # type: ignore[attr-defined]

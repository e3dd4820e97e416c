"""The page « Temps de trajet », as leadership and planners use it."""

import importlib.util
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from .conftest import PHONE, NewVisit, Visit, served

RACAN = "0720012X"


@pytest.fixture
def temps(visit: Visit) -> Visit:
    return visit.open("temps")


def choose(visit: Visit, label: str, text: str) -> None:
    """Type in a list and take its first line."""
    box = visit.page.get_by_label(label, exact=True)
    box.click()
    box.press_sequentially(text)
    visit.page.get_by_role("option").first.wait_for()
    box.press("Enter")


def canvas_colours(visit: Visit) -> int:
    """How many pixels of the communes' layer are painted."""
    return visit.map.locator(".leaflet-patches-pane canvas").evaluate(
        "(c) => { const d = c.getContext('2d').getImageData(0, 0, c.width, c.height).data;"
        " let n = 0; for (let i = 3; i < d.length; i += 4) if (d[i] > 200) n += 1; return n; }"
    )


def test_a_zone_as_a_heat_map_then_its_worst_pair_on_the_map(temps: Visit) -> None:
    choose(temps, "Zone", "Sablé")
    heat = temps.page.get_by_role("table").filter(has_text="Minutes de la ligne vers la colonne")
    row = heat.get_by_role("row").filter(has=temps.page.get_by_role("rowheader", name="Racan"))
    expect(row.get_by_role("cell")).to_have_text(["·", "3", "45", "67", "61"])
    temps.page.get_by_role("button", name="68 min").click()
    expect(temps.page.get_by_text("Trait droit : aucun moteur configuré")).to_be_visible()
    line = temps.map.locator(".leaflet-ways-pane path")
    expect(line).to_have_count(2)
    expect(line.last).to_have_attribute("stroke-dasharray", "2 9")
    assert temps.outside == []
    assert temps.errors == []


def test_clicking_a_zone_or_a_lycee_of_the_map_opens_its_heat_map(temps: Visit) -> None:
    temps.aim("MAY-1")
    expect(temps.page.locator(".gz-heat")).to_contain_text("Haut-Anjou")
    temps.pick(RACAN)
    expect(temps.page.locator(".gz-heat")).to_contain_text("Racan")


def test_the_peak_factor_is_on_every_page_and_every_figure(temps: Visit) -> None:
    expect(temps.page.get_by_role("button", name="68 min")).to_be_visible()
    slider = temps.page.get_by_role("slider")
    slider.focus()
    for step in ("1,05", "1,10", "1,15", "1,20", "1,25", "1,30"):
        slider.press("ArrowRight")
        expect(slider).to_have_attribute("aria-valuetext", step)
    expect(temps.page.get_by_role("button", name="88 min · Maréchal")).to_be_visible()
    expect(temps.page.get_by_text("colonne (heure de pointe × 1,3)")).to_have_count(0)
    choose(temps, "Zone", "Sablé")
    expect(temps.page.locator(".gz-heat caption")).to_contain_text("(heure de pointe × 1,3)")
    expect(temps.page.locator(".gz-sources").last).to_contain_text("durées hors trafic × 1,3")
    for link in ("Carte", "Atelier"):
        temps.page.get_by_role("link", name=link).click()
        temps.ready()
        worst = temps.page.locator(".gz-figure").filter(has_text="Plus long trajet")
        expect(worst).to_contain_text("(heure de pointe × 1,3)")
        expect(worst).to_contain_text("88 min")
        expect(temps.page.locator(".gz-sources")).to_contain_text("durées hors trafic × 1,3")


def test_communes_are_coloured_from_a_lycee_then_from_an_address(temps: Visit) -> None:
    temps.page.get_by_text("Accessibilité", exact=True).click()
    expect(temps.page.get_by_text("Choisissez un lycée ou une commune")).to_be_visible()
    choose(temps, "Depuis un lycée, un centre support ou une commune", "Chevrollier")
    expect(temps.page.get_by_text("1 228 par roadgraph")).to_be_visible()
    expect(temps.map.locator(".leaflet-patches-pane canvas")).to_be_attached()
    assert canvas_colours(temps) > 50_000
    address = temps.page.get_by_label("Ou une adresse, ou une position « latitude, longitude »")
    address.fill("12 rue de la Paix, 44000 Nantes")
    address.press("Enter")
    expect(temps.page.get_by_text("Prise au centre de Nantes")).to_be_visible()
    expect(temps.page.get_by_text("par estimate (estimés)")).to_be_visible()
    address.fill("nulle part")
    address.press("Enter")
    expect(temps.page.get_by_role("alert")).to_contain_text("écrivez la commune à la fin")
    expect(temps.page.get_by_text("Prise au centre de Nantes")).to_be_visible()
    assert temps.outside == []


def test_support_centres_and_the_better_one(temps: Visit) -> None:
    temps.page.get_by_text("Centres support", exact=True).click()
    row = temps.page.get_by_role("row").filter(has_text="Maine-et-Loire")
    expect(row).to_contain_text("Chevrollier (Angers)")
    expect(row).to_contain_text("82 %")
    expect(row).to_contain_text("Jean Moulin (Angers)")
    expect(temps.page.get_by_role("row").filter(has_text="Vendée")).to_contain_text("non publié")


def test_the_page_holds_on_a_phone(new_visit: NewVisit) -> None:
    visit = new_visit(PHONE).open("temps")
    for part in ("Zones", "Accessibilité", "Centres support", "Moteurs et sources"):
        visit.page.get_by_text(part, exact=True).click()
        expect(visit.page.get_by_role("radio", name=part)).to_be_checked()
        assert visit.page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert visit.errors == []


@pytest.fixture
def ors() -> Iterator[Any]:
    """An openrouteservice on 127.0.0.1."""
    # tests are no package: a helper beside them is found by its path
    path = Path(__file__).parents[1] / "travel" / "ors_server.py"
    spec = importlib.util.spec_from_file_location("ors_server", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["ors_server"] = module
    spec.loader.exec_module(module)
    with module.OrsServer() as server:
        yield server


def test_with_a_road_engine_the_route_and_isochrones_are_drawn_and_the_matrix_rebuilt(
    new_visit: NewVisit, ors: Any, tmp_path: Path
) -> None:
    engines = "openrouteservice,shipped,estimate"
    with served(tmp_path, GEOZONES_ORS_URL=ors.url, GEOZONES_ENGINES=engines) as url:
        visit = new_visit(url=url).open("temps")
        visit.page.get_by_role("button", name="68 min").click()
        expect(visit.page.get_by_text("Route tracée par openrouteservice")).to_be_visible()
        line = visit.map.locator(".leaflet-ways-pane path")
        expect(line).to_have_count(2)
        assert line.last.get_attribute("stroke-dasharray") is None
        visit.page.get_by_text("Accessibilité", exact=True).click()
        choose(visit, "Depuis un lycée, un centre support ou une commune", "Chevrollier")
        visit.page.get_by_text("Isochrones du moteur de routes").click()
        expect(visit.page.get_by_text("Isochrones par openrouteservice")).to_be_visible()
        visit.page.get_by_text("Moteurs et sources", exact=True).click()
        visit.page.get_by_text("Calculer aussi les trajets vers les communes").click()
        visit.page.get_by_role("button", name="Recalculer la matrice").click()
        done = visit.page.get_by_role("status").filter(has_text="Matrice recalculée par")
        expect(done).to_contain_text("openrouteservice")
        table = visit.page.get_by_role("table").filter(has_text="recalculée ici")
        expect(table).to_contain_text("openrouteservice.org, données OpenStreetMap")
        assert (tmp_path / "travel_times.parquet").is_file()
        visit.page.get_by_role("button", name="Revenir à la matrice livrée").click()
        expect(
            visit.page.get_by_role("table").filter(has_text="livrée avec l'outil")
        ).to_be_visible()
        assert visit.outside == []
        assert visit.errors == []


def test_a_rebuild_can_be_stopped_and_a_dead_engine_is_told(
    new_visit: NewVisit, ors: Any, tmp_path: Path
) -> None:
    module = sys.modules["ors_server"]
    ors.script.append(module.Reply(hold=True))
    with served(tmp_path, GEOZONES_ORS_URL=ors.url, GEOZONES_ENGINES="openrouteservice") as url:
        visit = new_visit(url=url).open("temps")
        visit.page.get_by_text("Moteurs et sources", exact=True).click()
        visit.page.get_by_role("button", name="Recalculer la matrice").click()
        expect(visit.page.get_by_text("Calcul en cours")).to_be_visible()
        visit.page.get_by_role("button", name="Arrêter").click()
        expect(
            visit.page.get_by_text("Arrêt demandé").or_(visit.page.get_by_role("alert"))
        ).to_be_visible()
        ors.release.set()
        expect(visit.page.get_by_role("alert")).to_contain_text("Calcul arrêté")
        expect(visit.page.get_by_role("button", name="Recalculer la matrice")).to_be_visible()
        ors.key = "another"
        visit.page.get_by_role("button", name="Recalculer la matrice").click()
        told = visit.page.get_by_role("alert").filter(has_text="demande une clé")
        expect(told).to_contain_text("La matrice en service n'a pas changé")
        assert not (tmp_path / "travel_times.parquet").exists()

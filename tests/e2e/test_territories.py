"""Other territories of an installation, made and opened from the page « Données »."""

import re
import shutil
from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect

from geozones.common.files import territories_folder
from geozones.intake.manifest_file import find_data_folder, read_manifest
from geozones.territory.france import FRANCE_FOLDER
from helpers.small_france import CREDIT, write_small_france

from .conftest import NewVisit, Visit, served

BRETAGNE = Path(__file__).parents[1] / "fixtures" / "territories" / "bretagne.csv"


def add_territory(home: Path, folder: str, name: str) -> Path:
    """Make a territory of the home, a copy of the delivered one under another name."""
    made = territories_folder({"GEOZONES_HOME": str(home)}) / folder
    shutil.copytree(find_data_folder(), made)
    manifest = made / "territoire.toml"
    text = manifest.read_text(encoding="utf-8")
    manifest.write_text(text.replace('nom = "Pays de la Loire"', f'nom = "{name}"', 1), "utf-8")
    return made


@pytest.mark.slow
def test_territories_are_opened_then_made_of_a_region_and_of_a_list(
    new_visit: NewVisit, tmp_path: Path
) -> None:
    """Go through all on one server: each starts in seconds, and again for each territory."""
    add_territory(tmp_path, "essai", "Territoire d'essai")
    broken = add_territory(tmp_path, "casse", "Territoire cassé")
    (broken / "secteurs.json").write_text("{", encoding="utf-8")
    france = write_small_france(tmp_path / "france")
    with served(tmp_path, **{FRANCE_FOLDER: str(france)}) as url:
        visit = new_visit(url=url)
        another_is_opened_with_work_of_its_own_and_the_first_one_again(visit, tmp_path)
        a_region_becomes_one_once_what_its_list_lacks_was_shown(visit, tmp_path)
        a_list_dropped_becomes_one_that_opens(visit)
        assert visit.outside == []


def territories(visit: Visit) -> Locator:
    """Open the part of the page; return the rows of the territories."""
    visit.page.goto(f"{visit.url}/donnees?partie=territoires")
    return visit.page.locator("[class*=st-key-gz-territoire-]")


def another_is_opened_with_work_of_its_own_and_the_first_one_again(
    visit: Visit, home: Path
) -> None:
    rows = territories(visit)
    expect(rows.filter(has_text="Pays de la Loire")).to_contain_text("ouvert · 119 lycées")

    rows.filter(has_text="Territoire cassé").get_by_role("button", name="Ouvrir").click()
    alert = visit.page.get_by_role("alert").filter(has_text="ne peut pas être ouvert")
    expect(alert).to_contain_text("secteurs.json")

    rows.filter(has_text="Territoire d’essai").get_by_role("button", name="Ouvrir").click()
    visit.page.wait_for_url(f"{visit.url}/")
    territories(visit)
    expect(rows.filter(has_text="Territoire d’essai")).to_contain_text("ouvert")
    assert (home / "espaces" / "essai" / "scenarios.db").is_file()

    rows.filter(has_text="Pays de la Loire").get_by_role("button", name="Ouvrir").click()
    visit.page.wait_for_url(f"{visit.url}/")
    territories(visit)
    expect(rows.filter(has_text="Pays de la Loire")).to_contain_text("ouvert")


def a_region_becomes_one_once_what_its_list_lacks_was_shown(visit: Visit, home: Path) -> None:
    begin = visit.page.get_by_role("button", name="Voir ses lycées")
    expect(begin).to_be_disabled()
    choice = visit.page.get_by_role("combobox", name="Région, département ou intercommunalité")
    choice.click()
    # one lycée is no territory
    expect(visit.page.get_by_role("option", name="Haute-Corse (2B)")).to_be_visible()
    expect(visit.page.get_by_role("option", name="Ille-et-Vilaine")).to_have_count(0)
    choice.fill("cors")
    visit.page.get_by_role("option", name="Corse (région) · 8\xa0lycées").click()
    begin.click()

    points = visit.page.get_by_role("img", name=re.compile(r"8\slycées, à 6\smairies"))
    expect(points).to_be_visible()
    warning = visit.page.get_by_role("alert")
    expect(warning).to_contain_text("n’est pas complète")
    expect(warning).to_contain_text("ne distingue pas le public du privé")
    expect(visit.page.get_by_text("corse-latest.osm.pbf, 34 Mo")).to_be_visible()
    expect(visit.page.get_by_label("Nom du territoire")).to_have_value("Corse")
    visit.page.get_by_role("button", name="Créer").click()
    made = visit.page.get_by_role("status").filter(has_text="« Corse » est créé")
    expect(made).to_contain_text(re.compile(r"8\ssites, 2\ssecteurs"))
    folder = territories_folder({"GEOZONES_HOME": str(home)}) / "corse"
    assert read_manifest(folder).credits.sites.startswith(CREDIT)


def read_list(visit: Visit, name: str, content: bytes) -> None:
    sent = {"name": name, "mimeType": "text/csv", "buffer": content}
    visit.page.locator("input[type=file]").set_input_files(files=[sent])  # type: ignore[list-item]
    visit.page.get_by_role("button", name="Lire la liste").click()


def a_list_dropped_becomes_one_that_opens(visit: Visit) -> None:
    territories(visit)
    read_list(visit, "vide.csv", b"")
    expect(visit.page.get_by_role("alert").filter(has_text="vide")).to_be_visible()

    content = BRETAGNE.read_text(encoding="utf-8").replace("48.45428", "")
    read_list(visit, "bretagne.csv", f"{content}\nTotal;60".encode())
    expect(visit.page.get_by_role("img", name="59 points de la liste")).to_be_visible()
    expect(visit.page.get_by_text("1 site à placer par")).to_be_visible()
    visit.page.get_by_text("1 ligne écartée ; le reste est gardé").click()
    expect(visit.page.get_by_role("cell", name="Total · 60")).to_be_visible()

    visit.page.get_by_role("button", name="Créer").click()
    made = visit.page.get_by_role("status").filter(has_text="« Bretagne » est créé")
    expect(made).to_contain_text(re.compile(r"sites, 4\ssecteurs"))

    visit.page.get_by_role("button", name="Ouvrir ce territoire").click()
    visit.page.wait_for_url(f"{visit.url}/")
    heading = visit.page.get_by_role("heading", name=re.compile(r"sites, 4\ssecteurs"))
    expect(heading).to_be_visible()

"""The part « Organisation » of the page « Équipes »."""

from html import unescape
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

APP = Path(__file__).parents[2] / "app.py"

pytestmark = pytest.mark.usefixtures("service")


def organisation() -> AppTest:
    app = AppTest.from_file(str(APP), default_timeout=60)
    app.run().switch_page("pages/equipes.py").run()
    app.segmented_control(key="TeamView.part").set_value("organisation").run()
    assert not app.exception
    return app


def said(app: AppTest) -> str:
    return unescape(" ".join(element.proto.body for element in app.get("html")))


def test_the_sector_in_view_has_its_chart_and_the_document_is_quoted() -> None:
    page = said(organisation())
    assert "Kevin Barbier" in page
    assert "Cellule Expertise" in page
    assert "Prise des repas au sein des lycées d'affectation au tarif ARL." in page
    assert "Les noms des zones sont de l'outil" in page
    assert "Les points de vigilance des directions de lycée" in page
    assert page.count("synoptique de la démarche") == 1
    # doubts about the layout of the document are for the presenter's notes
    assert "lecture" not in page
    assert "sans numéros de page" not in page


def test_the_whole_region_opens_a_sector_at_a_time() -> None:
    app = organisation()
    (sectors,) = (box for box in app.selectbox if box.label == "Secteur")
    sectors.select_index(0).run()
    assert not app.exception
    titles = [block.label for block in app.expander]
    assert "Secteur Mayenne · RNS Lucien Druault" in titles
    assert len([title for title in titles if title.startswith("Secteur ")]) == 7


@pytest.mark.slow
def test_a_data_folder_without_the_file_says_how_to_have_it(opened_copy: Path) -> None:
    (opened_copy / "organisation.json").unlink()
    page = said(organisation())
    assert "l'administrateur de l'outil peut l'y ajouter" in page
    assert "Kevin Barbier" in page

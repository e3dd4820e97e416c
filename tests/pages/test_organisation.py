"""« Organisation et calendrier », under « Sources et méthode »."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from helpers.page_texts import opened, read

pytestmark = pytest.mark.usefixtures("service")


def organisation() -> AppTest:
    return opened("donnees", partie="mentions")


def test_each_sector_has_its_chart_after_the_calendar_and_the_document_is_quoted() -> None:
    app = organisation()
    page = read(app)
    assert "Kevin Barbier" in page
    assert "Cellule Expertise" in page
    assert page.count("synoptique de la démarche") == 1
    # doubts about the layout of the document are for the presenter's notes
    quoted = [
        body
        for element in app.get("html")
        if any(text in (body := element.proto.body) for text in ("Cellule Expertise", "tarif ARL"))
    ]
    assert len(quoted) == 2
    for text in ("lecture", "sans numéros de page"):
        assert text not in "".join(quoted)
    assert "Organisation et calendrier" in read(opened("equipes", partie="organisation"))
    titles = [block.label for block in app.expander]
    assert titles[0] == "Calendrier de déploiement"
    assert "Secteur Mayenne · RNS Lucien Druault" in titles
    assert len([title for title in titles if title.startswith("Secteur ")]) == 7


@pytest.mark.slow
def test_a_data_folder_without_the_file_says_how_to_have_it(opened_copy: Path) -> None:
    (opened_copy / "organisation.json").unlink()
    page = read(organisation())
    assert "l'administrateur de l'outil peut l'y ajouter" in page
    assert "Kevin Barbier" in page

"""« Organisation et calendrier », under « Sources et méthode »."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from helpers.page_texts import APP, read

pytestmark = pytest.mark.usefixtures("service")


def organisation() -> AppTest:
    app = AppTest.from_file(str(APP), default_timeout=60)
    app.run().switch_page("pages/donnees.py")
    app.query_params["partie"] = "mentions"
    app.run()
    assert not app.exception
    return app


def test_each_sector_has_its_chart_after_the_calendar_and_the_document_is_quoted() -> None:
    app = organisation()
    page = read(app)
    assert "Kevin Barbier" in page
    assert "Cellule Expertise" in page
    assert "Prise des repas au sein des lycées d’affectation au tarif ARL." in page
    assert "Les noms des zones sont de l'outil" in page
    assert "Les points de vigilance des directions de lycée" in page
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
    app = organisation()
    titles = [block.label for block in app.expander]
    assert titles[0] == "Calendrier de déploiement"
    assert "Secteur Mayenne · RNS Lucien Druault" in titles
    assert len([title for title in titles if title.startswith("Secteur ")]) == 7
    page = read(app)
    assert "Nomination de 2 T.I.S par secteur" in page
    assert "l'outil ne suit pas ce qui a été fait" in page


def test_the_former_address_leads_there() -> None:
    app = AppTest.from_file(str(APP), default_timeout=60)
    app.query_params["partie"] = "organisation"
    app.run().switch_page("pages/equipes.py")
    app.query_params["partie"] = "organisation"
    app.run()
    assert not app.exception
    assert "Organisation et calendrier" in read(app)


@pytest.mark.slow
def test_a_data_folder_without_the_file_says_how_to_have_it(opened_copy: Path) -> None:
    (opened_copy / "organisation.json").unlink()
    page = read(organisation())
    assert "l'administrateur de l'outil peut l'y ajouter" in page
    assert "Kevin Barbier" in page

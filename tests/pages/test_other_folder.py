"""Pages of another territory: they open, and say nothing of Pays de la Loire."""

import re
from collections.abc import Iterator

import pytest
from streamlit.testing.v1 import AppTest

from geozones.domain.terms import terms
from geozones.ui.state.carte_views import Mode
from helpers.agreement import disagreements
from helpers.chosen import choose, open_box, open_drawer, turn
from helpers.other_folder import NAMES, other_folder
from helpers.other_words import foreign
from helpers.page_texts import PARTS, VIEWS, opened, shown

pytestmark = pytest.mark.usefixtures("store")


@pytest.fixture(autouse=True, scope="module")
def _elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    folder = tmp_path_factory.mktemp("elsewhere") / "data"
    with pytest.MonkeyPatch.context() as patch, other_folder(folder, patch):
        yield


def checked(app: AppTest) -> str:
    assert not app.exception
    text = shown(app)
    assert len(text) > 200
    assert "n'a pas pu être affichée" not in text
    assert foreign(text) == []
    assert disagreements(text, terms(), NAMES) == []
    assert not re.search("LEGTA|EREA|LPO|second site", text)  # types of lycées
    return text


@pytest.mark.parametrize("page", PARTS)
def test_each_part_of_a_page_is_of_this_territory(page: str) -> None:
    app = opened(page)
    for part in PARTS[page]:
        app.segmented_control(key=f"{VIEWS[page]}.part").set_value(part).run()
        checked(app)


def test_the_list_of_scenarios_is_of_this_territory() -> None:
    checked(opened("scenarios"))


#: Boxes of the page Carte, opened one after the other.
BOXES = (
    "menu.couleurs", "menu.comparer", "menu.reglages", "menu.legende", "menu.scenario", "trajets",
    "centres", "calendrier", "zone.outils", "zone.creer", "secteur.creer", "secteur.fiche",
    "lycee.fermer",
)  # fmt: skip


@pytest.mark.parametrize("mode", Mode)
def test_the_map_and_what_is_chosen_there_are_of_this_territory(mode: Mode) -> None:
    app = open_drawer(turn(opened("carte"), mode))
    assert "Länsi" in checked(app)
    for what in ({"sector": "est"}, {"zone": "V-2"}, {"lycee": "agence 5"}):
        checked(open_box(choose(app, **what), *BOXES))

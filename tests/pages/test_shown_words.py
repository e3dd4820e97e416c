"""What each page shows is French: no English, no name of a setting, no fault of agreement."""

import pytest
from streamlit.testing.v1 import AppTest

from geozones.ui.state.carte_views import Mode
from helpers.chosen import choose, open_drawer, turn
from helpers.page_texts import PARTS, VIEWS, opened, shown
from helpers.shown_words import faults
from helpers.slow_params import slow_but

pytestmark = pytest.mark.usefixtures("service")


def checked(app: AppTest) -> None:
    assert not app.exception
    text = shown(app)
    assert len(text) > 200
    assert faults(text) == ()


@pytest.mark.parametrize("page", slow_but(PARTS, "equipes"))
def test_each_part_of_a_page_is_french(page: str) -> None:
    app = opened(page)
    for part in PARTS[page]:
        app.segmented_control(key=f"{VIEWS[page]}.part").set_value(part).run()
        checked(app)


def test_the_list_of_scenarios_is_french() -> None:
    checked(opened("scenarios"))


@pytest.mark.parametrize("mode", Mode)
def test_the_map_and_what_is_chosen_there_are_french(mode: Mode) -> None:
    app = open_drawer(turn(opened("carte"), mode))
    checked(app)
    for what in ({"sector": "mayenne"}, {"zone": "MAY-1"}, {"lycee": "0530010Y"}):
        checked(choose(app, **what))

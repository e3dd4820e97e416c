"""What each page shows is French: no English, no name of a setting, no fault of agreement."""

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from geozones.ui.state.carte_views import Mode
from helpers.chosen import choose, open_drawer, turn
from helpers.shown_words import faults

APP = Path(__file__).parents[2] / "app.py"
#: Fields of an element whose text is read by a person.
TEXTS = ("body", "label", "help", "placeholder", "value", "text", "caption")
PARTS = {
    "equipes": (
        "besoins",
        "postes",
        "absence",
        "resilience",
        "tis",
        "cout",
        "organisation",
        "bilan",
    ),
    "donnees": ("liste", "fiabilite", "pointe", "moteurs", "mentions"),
    "partager": ("fichiers", "webinaire", "voix"),
}  # fmt: skip
VIEWS = {"equipes": "TeamView", "donnees": "DataView", "partager": "ShareView"}
#: What is no sentence: a command to copy, a style sheet, a script.
NO_SENTENCE = re.compile(r"<(code|style|script|svg|kbd)\b.*?</\1>", re.DOTALL)

pytestmark = pytest.mark.usefixtures("service")


def shown(app: AppTest) -> str:
    """Return the text of a page, without its markup."""
    return "\n".join(_texts(app))


def _texts(app: AppTest) -> Iterator[str]:
    for block in (app.main, app.sidebar):
        for element in block:
            proto = getattr(element, "proto", None)
            for name in TEXTS:
                text = getattr(proto, name, "")
                if isinstance(text, str) and text:
                    yield unescape(re.sub(r"<[^>]+>", " ", NO_SENTENCE.sub(" ", text)))
            for option in getattr(proto, "options", ()):
                yield option if isinstance(option, str) else getattr(option, "content", "")


def opened(page: str) -> AppTest:
    app = AppTest.from_file(str(APP), default_timeout=120).run()
    if page != "carte":
        app.switch_page(f"pages/{page}.py").run()
    assert not app.exception
    return app


def checked(app: AppTest) -> None:
    assert not app.exception
    text = shown(app)
    assert len(text) > 200
    assert faults(text) == ()


@pytest.mark.parametrize("page", PARTS)
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

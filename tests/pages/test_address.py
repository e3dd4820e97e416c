"""What the address of the map names and the plan has not is said; the rest is shown."""

from pathlib import Path

from streamlit.testing.v1 import AppTest

from geozones.ui.state.carte_views import MapView, Mode, Selection

APP = Path(__file__).parents[2] / "app.py"


def opened(**query: str) -> AppTest:
    app = AppTest.from_file(str(APP), default_timeout=60)
    for word, said in query.items():
        app.query_params[word] = said
    app.run()
    assert not app.exception
    return app


def said(app: AppTest) -> str:
    return " ".join(element.proto.body for element in app.get("html"))


def held(app: AppTest, view: type) -> object:
    return app.session_state[f"geozones.{view.__name__}"]


def asked(app: AppTest) -> dict[str, str]:
    """What the address says, in single words."""
    return {
        word: said if isinstance(said, str) else said[-1] for word, said in app.query_params.items()
    }


def test_an_address_chooses_what_is_looked_at_the_colours_the_date_and_the_mode() -> None:
    releve = "worst_releve_minutes"
    app = opened(secteur="mayenne", couche=releve, date="2025-09-01", mode="modifier")
    assert held(app, Selection).sector == "mayenne"
    view = held(app, MapView)
    assert (view.mode, view.colouring) == (Mode.EDIT, releve)
    assert "25/26" in view.step
    wanted = {
        "secteur": "mayenne",
        "couche": releve,
        "date": "2025-09-01",
        "mode": "modifier",
    }
    assert asked(app) == wanted


def test_colours_of_a_former_version_lead_to_the_table_of_zones() -> None:
    app = opened(couche="max_minutes")
    view = held(app, MapView)
    assert (view.colouring, view.drawer) == ("", True)
    assert "L'adresse demande" not in said(app)
    assert asked(app) == {}


def test_names_that_are_not_there_are_said_and_leave_the_address() -> None:
    app = opened(zone="<b>X</b>", couche="__class__", date="2025-13-99", plan="../p", mode="any")
    told = said(app).replace("&#39;", "'")
    first = "L'adresse demande la couche « __class__ », la date « 2025-13-99 », le plan « ../p »"
    assert first in told
    assert "la zone « &lt;b&gt;X&lt;/b&gt; »" in told
    assert asked(app) == {}


def test_an_address_asks_again_for_nothing_once_it_was_followed() -> None:
    app = opened(zone="MAY-1")
    app.session_state["geozones.Selection"] = Selection(sector="sarthe")
    app.run()
    assert held(app, Selection).sector == "sarthe"
    assert asked(app) == {"secteur": "sarthe"}

"""What the address of the map names and the plan has not is said; the rest is shown."""

import pytest
from streamlit.testing.v1 import AppTest

from geozones.ui.state.carte_views import MapView, Mode, Selection
from helpers.page_texts import opened, said
from helpers.still_clock import put_at


def held(app: AppTest, view: type) -> object:
    return app.session_state[f"geozones.{view.__name__}"]


def faded(app: AppTest) -> set[str]:
    """Return the sectors that the map shows as not yet at work."""
    scene = app.session_state["geozones.LastMap"].scene
    return {zone.sector for zone in scene.zones if not zone.deployed}


def asked(app: AppTest) -> dict[str, str]:
    """What the address says, in single words."""
    return {
        word: text if isinstance(text, str) else text[-1] for word, text in app.query_params.items()
    }


def test_an_address_chooses_what_is_looked_at_the_colours_the_date_and_the_mode(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    releve = "worst_releve_minutes"
    put_at(monkeypatch, "2025-10-01T12:00:00+00:00")
    app = opened(secteur="mayenne", couche=releve, date="2025-11-01", mode="modifier")
    assert held(app, Selection).sector == "mayenne"
    view = held(app, MapView)
    assert (view.mode, view.colouring) == (Mode.MAP, releve)
    assert view.step == "1er novembre 2025"
    wanted = {
        "secteur": "mayenne",
        "couche": releve,
        "date": "2025-11-01",
    }
    assert asked(app) == wanted


def test_a_date_to_come_fades_the_sectors_that_are_not_at_work_then_and_a_past_one_is_today(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    put_at(monkeypatch, "2025-10-01T12:00:00+00:00")
    app = opened(date="2025-11-01")
    assert faded(app) == {"nantes", "nord-loire", "sarthe", "vendee"}
    app.session_state["menu.date"] = True  # the chip that holds the slider
    (slider,) = app.run().select_slider
    assert slider.options == ["Aujourd'hui", "1er novembre 2025", "Rentrée scolaire 26/27"]
    assert faded(opened(date="2026-09-01")) == set()
    put_at(monkeypatch, "2026-10-01T12:00:00+00:00")
    over = opened(date="2025-11-01")
    assert faded(over) == set()
    over.session_state["menu.date"] = True
    assert not over.run().select_slider
    assert "L'adresse demande" not in said(over)
    assert asked(over) == {}


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

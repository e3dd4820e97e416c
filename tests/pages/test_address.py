"""What leads to a place: an address, a choice kept from page to page, a gesture on the map."""

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from geozones.ui.carte.shown import ACCESS
from geozones.ui.state.carte_views import MapView, Mode, Selection
from geozones.ui.state.page_views import TeamView
from helpers.chosen import choose, open_box
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


RACAN, RACANS_ZONE = "0720012X", "MAY-2"


def view(app: Any) -> TeamView:
    held: TeamView = app.session_state["geozones.TeamView"]
    return held


def test_equipes_opens_on_the_zone_of_what_is_chosen_on_the_map() -> None:
    app = opened("carte", Selection(lycee=RACAN))
    app = app.switch_page("pages/equipes.py").run()
    assert not app.exception
    assert (view(app).sector, view(app).zone) == ("mayenne", RACANS_ZONE)
    # another choice is followed, and then the one made on the page is kept
    app = app.switch_page("pages/carte.py").run()
    app = choose(app, sector="sarthe").switch_page("pages/equipes.py").run()
    assert (view(app).sector, view(app).zone) == ("sarthe", None)
    (box,) = (box for box in app.selectbox if (box.key or "").startswith("TeamView.sector"))
    box.select("vendee").run()
    assert view(app).sector == "vendee"
    app = app.switch_page("pages/carte.py").run().switch_page("pages/equipes.py").run()
    assert view(app).sector == "vendee"


def test_equipes_shows_a_zone_although_nothing_was_chosen() -> None:
    assert view(opened("equipes")).zone is not None


def shown(app: Any, key: str) -> Any:
    """Return the value of the select box of a bound field, whatever its generation."""
    (box,) = (box for box in app.selectbox if (box.key or "").partition("~")[0] == key)
    return box.value


def test_the_accessibility_opens_on_what_is_chosen_on_the_map() -> None:
    app = opened("carte", Selection(lycee=RACAN), MapView(colouring=ACCESS))
    app = open_box(app, "menu.couleurs")
    assert shown(app, "TravelView.place") == RACAN
    (box,) = (box for box in app.selectbox if (box.key or "").startswith("TravelView.place"))
    box.select("0490003M").run()
    assert shown(app, "TravelView.place") == "0490003M"
    assert app.session_state["geozones.Selection"].lycee == RACAN
    # a sector: its support centre, from which its technicians leave
    app = choose(app, sector="maine-et-loire")
    assert shown(app, "TravelView.place") == "0490003M"
    app = choose(app, zone=RACANS_ZONE)
    assert shown(app, "TravelView.place") not in {None, RACAN, "0490003M"}


def drop(zone: object) -> None:
    """Let Racan go over La Ferté-Bernard, where the map drew a zone."""
    import streamlit as st  # noqa: PLC0415 - AppTest runs the text of this function alone

    from geozones.ui import current_scenario  # noqa: PLC0415
    from geozones.ui.carte.gestures import on_event  # noqa: PLC0415

    place = current_scenario.study().territory.lycees["0720017C"]
    event = {"event": "drop", "id": "0720012X", "lat": place.lat, "lon": place.lon, "zone": zone}
    on_event(current_scenario.study(), event)
    st.write(current_scenario.current().plan.zone_of("0720012X").id)


def zone_after(zone: object) -> str:
    app = AppTest.from_function(drop, args=(zone,), default_timeout=60).run()
    assert not app.exception
    joined: str = app.markdown[0].value
    return joined


def test_a_lycee_joins_the_zone_that_the_map_drew_where_it_was_let_go() -> None:
    assert zone_after("SAR-3") == "SAR-3"


def test_a_zone_that_is_none_gives_way_to_the_place() -> None:
    for zone in (None, "SAR-99", {"a": 1}, 3):
        assert zone_after(zone) == "SAR-4"


def click(before: str | None, event: dict[str, str]) -> None:
    """Choose a sector, then click on the map."""
    import streamlit as st  # noqa: PLC0415 - AppTest runs the text of this function alone

    from geozones.ui import current_scenario, state  # noqa: PLC0415
    from geozones.ui.carte.gestures import on_event  # noqa: PLC0415
    from geozones.ui.state.carte_views import Selection  # noqa: PLC0415

    state.update(Selection, sector=before)
    on_event(current_scenario.study(), event)
    st.write(repr(state.of(Selection).places))


@pytest.mark.parametrize(
    ("event", "zone", "lycee"),
    [
        ({"event": "zone", "id": "SAR-3"}, "SAR-3", None),
        ({"event": "lycee", "id": "0720027N"}, "SAR-4", "0720027N"),
    ],
)
def test_what_is_clicked_in_another_sector_leads_to_that_sector(
    event: dict[str, str], zone: str, lycee: str | None
) -> None:
    for before, after in (("mayenne", "sarthe"), (None, None)):
        app = AppTest.from_function(click, args=(before, event), default_timeout=60).run()
        assert not app.exception
        assert app.markdown[0].value == repr((after, zone, lycee))

"""Where a lycée is let go, as the browser saw it."""

from streamlit.testing.v1 import AppTest


def drop(zone: object) -> None:
    """Let Racan go over La Ferté-Bernard, where the map drew a zone."""
    import streamlit as st  # noqa: PLC0415 - AppTest runs the text of this function alone

    from geozones.ui import current_scenario, state  # noqa: PLC0415
    from geozones.ui.carte.gestures import on_event  # noqa: PLC0415
    from geozones.ui.state.carte_views import MapView, Mode  # noqa: PLC0415

    state.update(MapView, mode=Mode.EDIT)
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

"""Gestures on the map, as the browser saw them."""

import pytest
from streamlit.testing.v1 import AppTest


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

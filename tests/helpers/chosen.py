"""Choose something on the map of a page under test, as a click on it does."""

from dataclasses import replace
from typing import Any

from streamlit.testing.v1 import AppTest

from geozones.ui.state.carte_views import MapView, Mode, Selection


def choose(
    app: AppTest, *, sector: str | None = None, zone: str | None = None, lycee: str | None = None
) -> AppTest:
    """Choose a sector, a zone or a lycée (ids), then draw the page again."""
    app.session_state["geozones.Selection"] = Selection(sector=sector, zone=zone, lycee=lycee)
    return app.run()


def aim(app: AppTest, zone: str) -> AppTest:
    """Make a zone (id) the target of the lycée chosen, then draw the page again."""
    chosen = app.session_state["geozones.Selection"]
    assert isinstance(chosen, Selection)
    app.session_state["geozones.Selection"] = replace(chosen, target=zone)
    return app.run()


def turn(app: AppTest, mode: Mode) -> AppTest:
    """Change the mode of the map, then draw the page again."""
    return _change_view(app, mode=mode).run()


def open_box(app: AppTest, *keys: str) -> AppTest:
    """Open chips or boxes (keys), then draw the page again."""
    for key in keys:
        app.session_state[key] = True
    return app.run()


def open_drawer(app: AppTest) -> AppTest:
    """Open the drawer of figures and tables, then draw the page again."""
    return _change_view(app, drawer=True).run()


def open_tools(app: AppTest, *keys: str) -> AppTest:
    """Open the tools of what is chosen, and boxes in them (keys), then draw the page again."""
    return open_box(_change_view(app, tools=True), *keys)


def _change_view(app: AppTest, **changes: Any) -> AppTest:
    """Change how the map is shown; the page is to be drawn again."""
    view = app.session_state["geozones.MapView"]
    assert isinstance(view, MapView)
    app.session_state["geozones.MapView"] = replace(view, **changes)
    return app

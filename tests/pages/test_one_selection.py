"""What is chosen on the map is what Équipes, Partager and the accessibility open on."""

from typing import Any

from geozones.ui.carte.shown import ACCESS
from geozones.ui.state.carte_views import MapView, Selection
from geozones.ui.state.page_views import TeamView
from helpers.chosen import choose, open_box
from helpers.page_texts import opened

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

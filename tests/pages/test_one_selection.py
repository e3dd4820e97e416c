"""What is chosen on the map is what Équipes opens on."""

from geozones.ui.state.carte_views import Selection
from geozones.ui.state.equipes_views import TeamView
from helpers.chosen import choose

from .test_roles import visited

RACAN, RACANS_ZONE = "0720012X", "MAY-2"


def view(app: object) -> TeamView:
    held: TeamView = app.session_state["geozones.TeamView"]  # type: ignore[attr-defined]
    return held


def test_equipes_opens_on_the_zone_of_what_is_chosen_on_the_map() -> None:
    app = visited("carte", Selection(lycee=RACAN), login=False)
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
    assert view(visited("equipes", login=False)).zone is not None

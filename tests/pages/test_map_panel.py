"""What the panel, the drawer and the colours of the map hold of what is chosen."""

import re

import pytest
from streamlit.testing.v1 import AppTest

from geozones.ui.carte.shown import ACCESS
from geozones.ui.state.carte_views import MapView, Selection, VigilanceView
from helpers.page_texts import opened, plain

pytestmark = pytest.mark.usefixtures("store")
RACAN = "0720012X"
DRAWER = MapView(drawer=True)


def table(text: str, caption: str) -> list[list[str]]:
    """The cells of a table, row by row, by words of its caption."""
    (body,) = re.findall(rf"<caption[^>]*>[^<]*{caption}.*?<tbody>(.*?)</tbody>", text)
    rows = [re.findall(r"<t[hd].*?</t[hd]>", row) for row in body.split("<tr>")[1:]]
    return [[re.sub("<.*?>", "", cell) for cell in row] for row in rows]


def unfolded(chosen: Selection, *boxes: str) -> AppTest:
    app = opened("carte", DRAWER, chosen)
    for box in boxes:
        app.session_state[box] = True
    return app.run()


def test_the_region_is_named_with_its_plan() -> None:
    assert '<p class="gz-kicker">Pays de la Loire · plan de départ</p>' in plain(opened("carte"))


def test_the_tables_hold_every_zone_and_every_lycee() -> None:
    text = plain(unfolded(Selection(), "table.lycees"))
    assert len(table(text, "Zones de la région")) == 32
    assert len(table(text, "Lycées de la région")) == 119


def test_a_number_of_posts_says_why_other_needs_ask_for_more_rather_than_for_fewer() -> None:
    text = plain(unfolded(Selection()))
    assert "103</span>" in text
    assert "de 105 à 109 si les besoins varient de 10 % : chaque zone arrondit au-dessus" in text


def test_longest_drives_heat_maps_and_support_centres_follow_what_is_chosen() -> None:
    app = unfolded(Selection(), "trajets", "centres")
    text = plain(app)
    assert "74\N{NO-BREAK SPACE}min" in app.button(key="temps.paire.0").label
    assert len(table(text, "Trajet moyen et trajet le plus long")) == 32
    centres = {row[0]: " ".join(row[1:]) for row in table(text, "Portée des T.I.S.")}
    assert "Chevrollier (Angers)" in centres["Maine-et-Loire"]
    assert "David d'Angers" in centres["Maine-et-Loire"]  # the better one
    assert "82 %" in centres["Maine-et-Loire"]
    assert "non publié" in centres["Vendée"]
    text = plain(unfolded(Selection(sector="mayenne"), "trajets"))
    assert len(table(text, "Trajet moyen et trajet le plus long")) == 4
    app = unfolded(Selection(zone="MAY-2"), "trajets")
    heat = {row[0]: row[1:] for row in table(plain(app), "Minutes de la ligne vers la colonne")}
    assert heat["Racan"] == ["·", "3*", "50", "74", "68"]
    app.button(key="temps.paire.0").click().run()
    assert app.session_state["geozones.TravelView"].pair is not None
    app.button(key="temps.paire.0").click().run()
    assert app.session_state["geozones.TravelView"].pair is None


def test_communes_are_coloured_from_what_is_chosen_or_from_an_address() -> None:
    app = opened("carte", MapView(colouring=ACCESS))
    assert "Choisissez un lycée ou une commune" in plain(app)
    app.session_state["geozones.Selection"] = Selection(lycee=RACAN)
    app.session_state["menu.couleurs"] = True
    app.run()
    assert app.session_state["geozones.TravelView"].place == RACAN
    assert "Communes et habitants selon la durée depuis Racan" in plain(app)
    app.session_state["acces.communes"] = True  # what the colours of the map say, in a table
    reached = {row[0]: row[1] for row in table(plain(app.run()), "Durée depuis Racan")}
    assert re.fullmatch(r"\d+\smin", reached["La Flèche"])
    assert reached["Nantes"] != reached["La Flèche"]
    address = app.text_input(key="TravelView.address")
    text = plain(address.set_value("12 rue de la Paix, 44000 Nantes").run())
    assert "Position au centre de Nantes" in text
    assert "par estimation d'après la distance, tous estimés" in text
    (address,) = (each for each in app.text_input if each.key.startswith("TravelView.address"))
    text = plain(address.set_value("nulle part").run())
    assert "Écrivez la commune à la fin" in text
    assert "Position au centre de Nantes" in text


def test_the_list_of_points_is_of_the_region_or_of_a_sector_and_counts_as_the_figure() -> None:
    text = plain(opened("carte", DRAWER, VigilanceView(opened=True)))
    (count,) = re.findall(r"Points de vigilance</span><span[^>]*>(\d+)\D", text)
    assert re.search(rf"<h3>{count} points? de vigilance, dont \d+ à confirmer</h3>", text)
    (listed,) = re.findall(r"<h3>\d+ points? de vigilance.*?</div>", text)
    assert listed.count("<li>") == int(count)  # what is only to be known is apart
    text = plain(
        opened("carte", Selection(sector="mayenne"), VigilanceView(opened=True, sector="mayenne"))
    )
    assert ", secteur Mayenne</h3>" in text


def test_another_threshold_changes_the_points_to_watch() -> None:
    def points(app: AppTest) -> int:
        (count,) = re.findall(r"Points de vigilance</span><span[^>]*>(\d+)\D", plain(app))
        return int(count)

    app = opened("carte", DRAWER)
    before = points(app)
    app.session_state["menu.reglages"] = True
    app.run().slider(key="HypothesesView.max_minutes").set_value(35).run()
    assert "seuil 35 min" in plain(app)
    assert points(app) > before

"""New territory: its list has its own words, doubtful places are asked about, its pages open."""

import csv
import re
from pathlib import Path

import pytest

from geozones.features.new_territory.parts import NewTerritoryView
from geozones.features.new_territory.placing import position_doubts, positions_of
from geozones.features.new_territory.request import TerritoryRequest, read_sites
from geozones.features.new_territory.use_cases import make_territory
from geozones.ui.state.carte_views import Mode
from helpers.chosen import choose, open_drawer, turn
from helpers.other_folder import opened_folder
from helpers.other_words import foreign
from helpers.page_texts import PARTS, VIEWS, opened, shown

pytestmark = pytest.mark.usefixtures("store")

#: Eight towns around Vannes, and one whose longitude lacks its sign.
LIST = "nom;lat;lon\n" + "\n".join(f"Agence {rank};47,6{rank};-2,7{rank}" for rank in range(8))
DOUBTFUL = f"{LIST}\nSéné;47,62;2,74\n"


def test_a_doubtful_place_is_corrected_unless_the_user_keeps_it() -> None:
    app = opened("donnees")
    listed = read_sites(DOUBTFUL, {})
    doubts = position_doubts(listed.sites, positions_of(listed))
    view = NewTerritoryView(content=DOUBTFUL.encode(), listed=listed, doubts=doubts, name="Vannes")
    app.session_state["geozones.NewTerritoryView"] = view
    app.segmented_control(key="DataView.part").set_value("territoires").run()
    assert "avec l'autre signe de la longitude" in shown(app)
    (asked,) = (box for box in app.checkbox if "Corriger la position" in box.label)
    assert asked.value is True
    asked.set_value(False).run()
    assert app.session_state["geozones.NewTerritoryView"].kept == frozenset({doubts[0].line})
    (asked,) = (box for box in app.checkbox if "Corriger la position" in box.label)
    asked.set_value(True).run()
    assert app.session_state["geozones.NewTerritoryView"].kept == frozenset()


def test_a_list_is_read_with_the_words_of_the_territory_to_be_made() -> None:
    listed = read_sites(LIST.replace("nom", "établissement"), {})
    assert [guess.label for guess in listed.columns.guesses][:1] == ["Nom du site"]
    app = opened("donnees")
    app.session_state["geozones.NewTerritoryView"] = NewTerritoryView(
        content=LIST.encode(), listed=listed, name="Vannes"
    )
    app.segmented_control(key="DataView.part").set_value("territoires").run()
    labels = [box.label for box in app.selectbox if not box.label.startswith("Secteurs")]
    assert any(label.startswith("Nom du site") for label in labels)
    assert not [label for label in labels if "lycée" in label.casefold()]


TOWNS = Path(__file__).parents[1] / "fixtures" / "territories" / "bretagne.csv"


def agencies() -> bytes:
    """Return the list of an insurer's sixty agencies."""
    with TOWNS.open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines, delimiter=";"))
    told = [
        f"A-{rank:02};Agence de {row['Ville']};{row['Ville']};{row['Latitude']};{row['Longitude']}"
        for rank, row in enumerate(rows, 1)
    ]
    return "\n".join(["matricule;agence;ville;latitude;longitude", *told]).encode()


@pytest.mark.slow
def test_each_page_of_a_territory_made_of_a_list_has_its_words_and_says_it_is_estimated(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GEOZONES_HOME", str(tmp_path / "home"))
    asked = TerritoryRequest("Agences", agencies(), "agences.csv", folder=tmp_path / "agences")
    made = make_territory(asked, lambda *_: None)
    assert made.sites == 60
    with opened_folder(made.folder, monkeypatch):
        texts = {"scenarios": shown(opened("scenarios"))}
        for page, parts in PARTS.items():
            app = opened(page)
            for part in parts:
                app.segmented_control(key=f"{VIEWS[page]}.part").set_value(part).run()
                texts[f"{page}, {part}"] = shown(app)
        for mode in Mode:
            app = open_drawer(turn(opened("carte"), mode))
            texts[f"carte, {mode}"] = shown(app)
        texts["site"] = shown(choose(opened("carte"), lycee="A-01"))
    assert {name: foreign(text) for name, text in texts.items() if foreign(text)} == {}
    assert [name for name, text in texts.items() if "n'a pas pu être affichée" in text] == []
    assert "sur des durées estimées" in texts[f"carte, {Mode.MAP}"]
    assert "sur des durées estimées" in texts["site"]
    assert not re.search(r"seuil\s45", texts[f"carte, {Mode.MAP}"])

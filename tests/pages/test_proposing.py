"""Searches of the mode « proposer »: what is asked, found, refused, lifted and retained."""

import re

import pytest
from streamlit.testing.v1 import AppTest

from geozones.ui.state.carte_views import (
    CentresView,
    Demand,
    MapView,
    Mode,
    ProposalView,
    Selection,
)
from helpers.page_texts import opened, plain

pytestmark = pytest.mark.usefixtures("store")
SEARCH = "propositions.chercher"


def searched(app: AppTest, button: str, view: type[ProposalView | CentresView]) -> str:
    """Press a button that starts a search, and wait for its end; return what the page says."""
    app.button(key=button).click().run()
    app.session_state[f"geozones.{view.__name__}"].job.wait(120)
    return plain(app.run())


def proposing(**form: object) -> AppTest:
    return opened("carte", MapView(mode=Mode.PROPOSE), Demand(**form))


def test_the_best_support_centres_are_found_and_one_is_retained() -> None:
    app = proposing()
    text = searched(app, "propositions.centres", CentresView)
    assert re.search(r"Au lieu de .* : \d+,\d h et \d+ km par an de moins", text)
    assert "est une décision de la Région" in text
    app.button(key="centres.retenir.maine-et-loire").click().run()
    assert "Centre support retenu dans le scénario" in plain(app)
    assert "centres.retenir.maine-et-loire" not in [button.key for button in app.button]


def test_a_draft_sector_is_drawn_from_its_card_and_stays_a_draft() -> None:
    app = opened("carte", Selection(sector="nord-loire"))
    text = searched(app, "carte.decouper", ProposalView)
    assert "Rien à proposer" in text
    assert "le meilleur plan selon ce que vaut une heure sans" in text
    app.session_state["propositions.detail"] = True
    moves = app.run().select_slider(key="ProposalView.moves")
    text = plain(moves.set_value(moves.options[-1]).run())
    assert 'data-status="brouillon"' in text
    assert "La Baule – Guérande" in text


def test_what_no_plan_can_respect_is_explained_and_a_change_of_conditions_is_told() -> None:
    app = proposing(sectors=("mayenne",), max_minutes=20)
    text = searched(app, SEARCH, ProposalView)
    assert "Blaise Pascal (Segré-en-Anjou Bleu)" in text
    assert "Secteurs cherchés : Mayenne." in text
    assert "Conditions à assouplir : « Trajet maximal dans une zone »." in text
    assert "Lever les règles ne suffit pas" in text


def test_where_the_rules_leave_no_plan_a_button_searches_without_the_fewest() -> None:
    app = proposing(sectors=("mayenne",), size_min=6, size_max=6)
    text = searched(app, SEARCH, ProposalView)
    assert "Il y en a un si vous levez 3 règles à la fois" in text
    lift = next(button.key for button in app.button if button.label.startswith("Chercher sans"))
    text = searched(app, lift, ProposalView)
    assert "Règles levées : " in text
    assert "manquement" in text  # what the plan then breaks
    app.button(key="propositions.retablir").click().run()
    assert "Règles levées : " not in plain(app)
    assert "Vos conditions ont changé depuis" in plain(app)

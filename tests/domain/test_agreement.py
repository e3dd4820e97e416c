"""Faults of agreement that tests look for: seen where they are, and French is left alone."""

import pytest

from geozones.domain.terms import SITES
from helpers.agreement import disagreements
from helpers.other_network import AGENCIES

USED = {"agences": AGENCIES, "sites": SITES}


@pytest.mark.parametrize(
    ("text", "used"),
    [
        ("Choisissez un agence.", "agences"),
        ("Le agence la plus loin", "agences"),
        ("la agence", "agences"),
        ("le code de agence", "agences"),
        ("aucun agence n'y change", "agences"),
        ("cet agence", "agences"),
        ("2 agences déplacés", "agences"),
        ("1 agence n'est pas placé", "agences"),
        ("Kamppi (Helsinki) est fermé.", "agences"),
        ("Déplacer avec un autre agence", "agences"),
        ("L'agence D est verrouillé : fait.", "agences"),
        ("Kamppi (Helsinki) : verrouillé (fait)", "agences"),
        ("Zone Espoo : seul Kamppi est à moins de 30 min.", "agences"),
        ("une site", "sites"),
        ("cette site", "sites"),
        ("2 sites déplacées", "sites"),
        ("Kamppi est verrouillée : promis.", "sites"),
        ("le entreprise", "agences"),
        ("décision de le entreprise", "agences"),
        ("agences pilotes publiés", "agences"),
        ("toute le territoire, toute territoire", "sites"),
    ],
)  # fmt: skip
def test_a_fault_is_seen(text: str, used: str) -> None:
    assert len(disagreements(text, USED[used], ["Kamppi"])) == 1


@pytest.mark.parametrize(
    ("text", "used"),
    [
        ("Une agence, l'agence, de l'agence, d'agences, cette agence, aucune agence", "agences"),
        ("2 agences déplacées ; 1 agence n'est plus placée. Kamppi (Espoo) est fermée.", "agences"),
        ("RNS et agence pilote ne sont pas publiés.", "agences"),
        ("salariés connus, expertes absentes, publiés par l'entreprise", "agences"),
        ("un code agence publié, le nom d'une agence pilote publiée", "agences"),
        ("Un site, le site, du site, de sites, ce site, aucun site", "sites"),
        ("2 sites déplacés ; 1 site n'est plus placé. Kamppi est fermé.", "sites"),
        ("l'entreprise, une décision de l'entreprise, toute la métropole", "agences"),
    ],
)  # fmt: skip
def test_french_is_left_alone(text: str, used: str) -> None:
    assert disagreements(text, USED[used], ["Kamppi"]) == []

"""Faults of agreement that tests look for: seen where they are, and French is left alone."""

import pytest

from geozones.domain.terms import SETS
from helpers.agreement import disagreements


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
        ("publié par la Groupe", "agences"),
        ("agences de rattachement publiés", "agences"),
        ("une service", "services"),
        ("l'service", "services"),
        ("un service d'service", "services"),
        ("cette service", "services"),
        ("2 services déplacées", "services"),
        ("Kamppi est verrouillée : promis.", "services"),
        ("une décision du collectivité", "services"),
        ("toute le territoire, toute territoire", "services"),
        ("le entreprise", "bureaux"),
        ("décision de le entreprise", "bureaux"),
        ("la Département", "collèges"),
    ],
)  # fmt: skip
def test_a_fault_is_seen(text: str, used: str) -> None:
    assert len(disagreements(text, SETS[used], ["Kamppi"])) == 1


@pytest.mark.parametrize(
    ("text", "used"),
    [
        ("Une agence, l'agence, de l'agence, d'agences, cette agence, aucune agence", "agences"),
        ("2 agences déplacées ; 1 agence n'est plus placée. Kamppi (Espoo) est fermée.", "agences"),
        ("RNS et agence de rattachement ne sont pas publiés.", "agences"),
        ("salariés connus, techniciens de secteur absents, publiés par le Groupe", "agences"),
        ("un code agence publié, le nom d'une agence de rattachement publiée", "agences"),
        ("Un service, le service, du service, de services, ce service, aucun service", "services"),
        ("2 services déplacés ; 1 service n'est plus placé. Kamppi est fermé.", "services"),
        ("une décision de la collectivité, toutes les collectivités", "services"),
        ("l'entreprise, une décision de l'entreprise, tout le territoire", "bureaux"),
    ],
)  # fmt: skip
def test_french_is_left_alone(text: str, used: str) -> None:
    assert disagreements(text, SETS[used], ["Kamppi"]) == []

"""The faults that tests of shown words look for are seen, and French is left alone."""

import pytest

from helpers.shown_words import faults


@pytest.mark.parametrize(
    "text",
    [
        "Choose an option",
        "L'adresse publique est un réglage de l'installation (GEOZONES_PUBLIC_URL).",
        "Trajets calculés par roadgraph",
        "Matrice shipped en service",
        "voir organisation.json",
        "et 1 autres remarques",
        "1\u00a0lycées",
        "Sarthe : 1\u202flycées en 2 zones",
        "5\u00a0lycée",
        "12 déplacement au plus",
    ],
)
def test_a_fault_is_seen(text: str) -> None:
    assert len(faults(text)) == 1


@pytest.mark.parametrize(
    "text",
    [
        "et 1 autre remarque, 1 mois, 1 fois sur 10, 1,5 lycées, 1 T.I.S., 1 h par an",
        "0 déplacement, 2 lycées, 21 zones, 1 demi-journée, de 3 à 5 lycées",
        "© les contributeurs d'OpenStreetMap, https://www.openstreetmap.org/copyright",
        "Tout est prêt : choisissez un lycée, une ville ou une zone.",
    ],
)
def test_french_is_left_alone(text: str) -> None:
    assert faults(text) == ()

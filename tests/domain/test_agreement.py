"""Faults of agreement that tests look for: seen where they are, and French is left alone."""

import pytest

from geozones.domain.terms import SITES
from helpers.agreement import disagreements


@pytest.mark.parametrize(
    "text",
    [
        "une site",
        "cette site",
        "2 sites déplacées",
        "Kamppi est verrouillée : promis.",
        "toute le territoire, toute territoire",
    ],
)
def test_a_fault_is_seen(text: str) -> None:
    assert len(disagreements(text, SITES, ["Kamppi"])) == 1


def test_french_is_left_alone() -> None:
    said = "Un site, du site, aucun site. 2 sites déplacés ; 1 site n'est plus placé."
    assert disagreements(said, SITES, ["Kamppi"]) == []

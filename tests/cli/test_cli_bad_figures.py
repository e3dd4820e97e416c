"""Odd plans and hypotheses on the command line: a right figure or one French sentence."""

import pytest

from helpers.fixture_types import Refused


@pytest.mark.parametrize("typed", ["", "=3", "absence_rate", "absence_rate=", "=", "a=b=c"])
def test_a_hypothesis_without_a_name_or_a_value_is_told_its_form(
    refused: Refused, typed: str
) -> None:
    assert "écrivez NOM=VALEUR." in refused("cost", "--hypothesis", typed)

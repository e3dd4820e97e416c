"""Odd plans and hypotheses on the command line: a right figure or one French sentence."""

import pytest

from helpers.fixture_types import Refused


@pytest.mark.parametrize("typed", ["", "=3", "absence_rate", "absence_rate=", "=", "a=b=c"])
def test_a_hypothesis_without_a_name_or_a_value_is_told_its_form(
    refused: Refused, typed: str
) -> None:
    assert "écrivez NOM=VALEUR." in refused("cost", "--hypothesis", typed)


@pytest.mark.parametrize(
    "words",
    [
        ("propose", "--sector", "mayenne", "--sizes", "0"),
        ("propose", "--sector", "mayenne", "--max-minutes", "nan"),
        ("propose", "--sector", "mayenne", "--max-moves", "-1"),
        ("teams", "propose", "--zone", "MEL-4", "--max-posts", "0"),
        ("teams", "propose", "--zone", "MEL-4", "--gap-days", "400"),
        ("teams", "propose", "--zone", "MEL-4", "--split-minutes", "nan"),
        ("teams", "propose", "--zone", "nulle"),
        ("metrics", "--max-minutes", "inf"),
    ],
)
def test_a_figure_out_of_bounds_is_refused_in_one_line(
    refused: Refused, words: tuple[str, ...]
) -> None:
    assert refused(*words).endswith(".\n")

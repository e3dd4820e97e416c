"""Times and intervals as a French reader expects them."""

import math

import pytest

from geozones.common.french import between, in_words, inside, long_date, moment, ranged_minutes


def test_a_time_is_written_as_clocks_of_the_territory_show_it() -> None:
    assert moment("2026-10-31T23:05:00.000+00:00") == "1er novembre 2026, 0 h 05"
    assert moment("2026-10-31T23:05:00+01:00") == "31 octobre 2026, 23 h 05"
    assert long_date("2026-10-31T23:05:00Z") == "1er novembre 2026"
    assert long_date("2026-10-31") == "31 octobre 2026"


def test_minutes_with_their_interval_are_written_one_way() -> None:
    assert ranged_minutes(14.2, 11.4, 17.3) == "14\u00a0min (11–18)"
    assert ranged_minutes(14.2, 11.4, 17.3, estimated=True) == "14\u00a0min (11–18, estimé)"
    # a figure read from a file, a hair over a whole one
    assert ranged_minutes(14.2, 11.0000002, 18.0000002) == "14\u00a0min (11–18)"
    assert ranged_minutes(0, 0, 0) == "0\u00a0min"
    assert between(11.4, 17.3) == "entre 11 et 18"


@pytest.mark.parametrize("value", [None, math.nan, math.inf])
def test_a_way_that_does_not_exist_has_no_interval(value: float | None) -> None:
    assert ranged_minutes(value, math.nan, math.nan) == "sans accès"


def test_a_count_is_written_in_words_up_to_sixteen() -> None:
    assert [in_words(count) for count in (0, 1, 4, 16, 17)] == [
        "aucun", "un", "quatre", "seize", "17",
    ]  # fmt: skip
    assert [in_words(count, feminine=True) for count in (0, 1, 4)] == ["aucune", "une", "quatre"]


def test_a_label_inside_a_sentence_keeps_the_capitals_of_an_abbreviation() -> None:
    assert inside("Trajet moyen") == "trajet moyen"
    assert inside("T.I.P. réunis") == "T.I.P. réunis"
    assert inside("RNS du secteur") == "RNS du secteur"
    assert inside("À Mamers") == "à Mamers"

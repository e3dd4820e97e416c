"""Codes of scenarios, publications and links."""

from geozones.common.files import new_code


def test_a_code_is_never_taken_for_an_option_of_a_command() -> None:
    assert not [code for code in (new_code() for _ in range(5_000)) if code.startswith("-")]


def test_no_two_codes_are_the_same() -> None:
    assert len({new_code() for _ in range(1_000)}) == 1_000

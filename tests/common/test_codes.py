"""Codes of scenarios, publications and links."""

from geozones.common.files import new_code


def test_codes_are_all_different_and_never_taken_for_an_option_of_a_command() -> None:
    assert not [code for code in (new_code() for _ in range(5_000)) if code.startswith("-")]
    assert len({new_code() for _ in range(1_000)}) == 1_000

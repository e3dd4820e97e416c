"""Whose a scenario is: logins compared, and no scenario without an owner."""

import pytest

from geozones.common.errors import InputError
from geozones.domain.access import (
    EVERYONE,
    MAX_MEMBERS,
    MAX_PERSON,
    NOBODYS_OWNER,
    Access,
    SharedLink,
    StoreCaller,
    access_of,
    checked_members,
    first_members,
    people_written,
    person_of,
    with_owner,
)

#: Letters that Unicode's case folding takes for those of « dsi@ », « strasse@ », « kim@ ».
LOOKALIKES = [
    ("dsi@region.example", "d\u017fi@region.example"),
    ("dsi@region.example", "ds\u0131@region.example"),
    ("strasse@region.example", "stra\u00dfe@region.example"),
    ("kim@region.example", "\u212aim@region.example"),
    ("fi@region.example", "\ufb01@region.example"),
]


@pytest.mark.parametrize(("owner", "other"), LOOKALIKES)
def test_another_letter_is_another_person(owner: str, other: str) -> None:
    members = checked_members({owner: Access.OWNER})
    assert access_of(members, StoreCaller(owner.upper()).person) is Access.OWNER
    assert access_of(members, StoreCaller(other).person) is None
    both = checked_members({owner: Access.OWNER, other: Access.READER})
    assert both == {owner: Access.OWNER, other: Access.READER}


def test_ascii_letters_lose_their_case_and_no_other_does() -> None:
    assert person_of(" Max@Region.EXAMPLE\n") == "max@region.example"
    assert person_of("\u00c9l\u00e9onore@x") == "\u00c9l\u00e9onore@x"


@pytest.mark.parametrize(
    "name", ["", " ", "\n", EVERYONE, " * ", "a" * (MAX_PERSON + 1), "a\0b", "a\nb", "\ud800"]
)
def test_a_name_that_can_own_nothing_makes_no_scenario(name: str) -> None:
    with pytest.raises(InputError):
        first_members(StoreCaller(name))
    with pytest.raises(InputError):
        checked_members({name: Access.OWNER})


def test_whoever_makes_a_scenario_owns_it_and_access_is_the_wider_of_two() -> None:
    assert first_members(StoreCaller("Max@region.example")) == {
        EVERYONE: Access.READER,
        "max@region.example": Access.OWNER,
    }
    longest = "a" * MAX_PERSON
    assert first_members(StoreCaller(longest))[longest] is Access.OWNER
    members = {EVERYONE: Access.EDITOR, "ada@x": Access.READER, "max@x": Access.OWNER}
    given = [access_of(members, person) for person in ("ada@x", "max@x", "lou@x")]
    assert given == [Access.EDITOR, Access.OWNER, Access.EDITOR]


def test_a_scenario_has_an_owner_who_is_not_everyone_and_so_many_members() -> None:
    most = {f"p{rank}@x": Access.OWNER for rank in range(MAX_MEMBERS)}
    assert checked_members(most) == most
    for members in (
        {**most, EVERYONE: Access.READER},
        {EVERYONE: Access.OWNER, "max@x": Access.OWNER},
        {"max@x": Access.EDITOR},
    ):
        with pytest.raises(InputError):
            checked_members(members)
    for author in (EVERYONE, "", "a" * (MAX_PERSON + 1)):
        assert with_owner({}, author) == {NOBODYS_OWNER: Access.OWNER}


def test_a_link_works_on_its_last_day_and_no_longer() -> None:
    link = SharedLink("t", "s", "2026-01-01T00:00:00Z", expires="2026-06-10")
    assert link.is_open("2026-06-10")
    assert not link.is_open("2026-06-11")


def test_an_owner_whose_login_has_a_space_stays_one_when_others_are_written() -> None:
    typed = "jean dupont\nlou@x max@x, ada@x;\n\nJean Martin"
    assert people_written(typed, {"jean dupont"}) == (
        "jean dupont",
        "lou@x",
        "max@x",
        "ada@x",
        "Jean",
        "Martin",
    )

"""Who a login is, their role, and how long it holds."""

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from geozones.common import clock
from geozones.common.errors import InputError
from geozones.workspace.roles import (
    LOCAL,
    VISITOR,
    Actor,
    LoginRequiredError,
    Role,
    end_login,
    has_ended,
    identify,
    login_settings,
)

NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)
SETTINGS = login_settings(
    {
        "roles": {"Max@Region.example": "planificateur", "chef@region.example": "lecteur"},
        "login": {
            "role_claim": "groups",
            "claim_roles": {"sig": "planificateur", "dsi": "administrateur"},
        },
    }
)


def claims(**also: Any) -> dict[str, Any]:
    """What a provider says of someone who logged in a minute ago."""
    return {
        "iss": "https://login.region.example",
        "sub": "42",
        "nonce": "n1",
        "iat": NOW.timestamp() - 60,
        "email": "lou@region.example",
        "email_verified": True,
    } | also


def test_an_email_that_is_not_said_to_be_verified_is_refused_where_asked() -> None:
    for said in (False, "false", 0):
        with pytest.raises(LoginRequiredError, match="n'est pas vérifiée"):
            identify(claims(email="max@region.example", email_verified=said), SETTINGS, NOW)
    silent = claims()
    del silent["email_verified"]
    assert identify(silent, SETTINGS, NOW) == Actor("lou@region.example", Role.READER)
    strict = login_settings({"login": {"verified_only": True}})
    with pytest.raises(LoginRequiredError, match="n'est pas vérifiée"):
        identify(silent, strict, NOW)


def test_emails_are_compared_without_case() -> None:
    for typed in ("max@region.example", "MAX@REGION.EXAMPLE", " Max@Region.Example"):
        assert identify(claims(email=typed), SETTINGS, NOW) == Actor(
            "max@region.example", Role.PLANNER
        )


@pytest.mark.parametrize("typed", ["ma\u212b@region.example", "ma\u00d7@region.example"])
def test_another_letter_gives_no_role(typed: str) -> None:
    assert identify(claims(email=typed), SETTINGS, NOW) == Actor(typed, Role.READER)


def test_a_long_s_does_not_make_an_administrator() -> None:
    settings = login_settings({"roles": {"dsi@region.example": "administrateur"}})
    assert identify(claims(email="DSI@region.example"), settings, NOW).role is Role.ADMINISTRATOR
    assert identify(claims(email="d\u017fi@region.example"), settings, NOW).role is Role.READER


@pytest.mark.parametrize(
    "name",
    ["", " ", "\u00a0", "*", " * ", "a" * 321, "a\nb", "a\0b", "\ud800", LOCAL.name, VISITOR.name],
)
@pytest.mark.parametrize("claim", ["email", "sub"])
def test_a_login_that_could_own_nothing_is_refused_at_the_door(claim: str, name: str) -> None:
    everyone = login_settings({"roles": {"*": "planificateur"}})
    said = claims(**{"email": "", "sub": "", claim: name})
    with pytest.raises(LoginRequiredError, match="sans adresse ni identifiant utilisable"):
        identify(said, everyone, NOW)


def test_a_login_without_an_address_goes_by_its_identifier() -> None:
    assert identify(claims(email=None, sub="a" * 320), SETTINGS, NOW).name == "a" * 320
    assert identify(claims(email=None, sub=42), SETTINGS, NOW).name == "42"


@pytest.mark.parametrize(
    ("groups", "role"),
    [
        ("sig", Role.PLANNER),
        (["sig"], Role.PLANNER),
        (["sig", "dsi", "autre"], Role.ADMINISTRATOR),
        (["SIG"], Role.READER),
        ([["dsi"], {"dsi": 1}, None], Role.READER),
        (None, Role.READER),
    ],
)
def test_a_claim_gives_the_highest_of_its_roles(groups: object, role: Role) -> None:
    assert identify(claims(groups=groups), SETTINGS, NOW).role is role


def test_an_email_that_is_named_has_its_own_role_whatever_the_claim_says() -> None:
    said = claims(email="chef@region.example", groups=["dsi"])
    assert identify(said, SETTINGS, NOW).role is Role.READER


def test_a_login_holds_as_long_as_the_settings_say() -> None:
    usual = login_settings({}).max_hours * 3600
    assert usual >= 20 * 3600  # criterion 13.1 of RGAA
    fresh = claims(iat=NOW.timestamp() - usual + 1)
    assert identify(fresh, SETTINGS, NOW).role is Role.READER
    for issued in (NOW.timestamp() - usual - 1, None, "hier", float("nan"), True):
        with pytest.raises(LoginRequiredError, match="a expiré"):
            identify(claims(iat=issued), SETTINGS, NOW)
    with pytest.raises(LoginRequiredError, match="a expiré"):
        identify(claims(iat=NOW.timestamp() + 3600), SETTINGS, NOW)
    short = login_settings({"login": {"max_hours": 0.01}})
    with pytest.raises(LoginRequiredError, match="a expiré"):
        identify(claims(), short, NOW)


@pytest.mark.parametrize(
    "section",
    [
        {"roles": {"*": "chef"}},
        {"login": {"claim_roles": {"sig": "chef"}}},
        {"login": {"max_hours": 0}},
        {"login": {"max_hours": "douze"}},
        {"login": {"max_hours": True}},
    ],
)
def test_a_setting_that_makes_no_sense_is_told(section: dict[str, Any]) -> None:
    with pytest.raises(InputError, match=r"n'est pas un rôle|nombre d'heures"):
        login_settings(section)


def test_a_login_that_was_ended_is_ended_everywhere_and_no_other(tmp_path: Path) -> None:
    end_login(claims(), SETTINGS, NOW, tmp_path)
    assert has_ended(claims(), tmp_path)
    assert not has_ended(claims(nonce="n2"), tmp_path)
    assert not has_ended(claims(sub="43"), tmp_path)


def test_ended_logins_are_forgotten_once_they_are_many_and_would_have_expired(
    tmp_path: Path,
) -> None:
    now = clock.now()
    for rank in range(2001):
        (tmp_path / "ended_logins").mkdir(exist_ok=True)
        (tmp_path / "ended_logins" / f"{rank:04}").touch()
        os.utime(tmp_path / "ended_logins" / f"{rank:04}", (rank, now.timestamp() - 3e5 + rank))
    end_login(claims(), SETTINGS, now, tmp_path)
    left = {file.name for file in (tmp_path / "ended_logins").iterdir()}
    assert len(left) == 2000
    assert {f"{rank:04}" for rank in range(2001)} - left == {"0000", "0001"}
    assert has_ended(claims(), tmp_path)


def test_a_clock_set_forward_70_years_and_back_gives_no_ended_login_back(tmp_path: Path) -> None:
    now = clock.now()
    later = now.replace(year=now.year + 70, day=1)
    end_login(claims(), SETTINGS, now, tmp_path)
    tomorrow = claims(nonce="n2", iat=later.timestamp())
    with pytest.raises(LoginRequiredError, match="a expiré"):
        identify(claims(iat=now.timestamp()), SETTINGS, later)
    assert identify(tomorrow, SETTINGS, later).role is Role.READER
    end_login(tomorrow, SETTINGS, later, tmp_path)
    assert has_ended(claims(), tmp_path)
    assert has_ended(tomorrow, tmp_path)
    # a login given by the clock that was wrong is refused once it is right, another holds
    with pytest.raises(LoginRequiredError, match="a expiré"):
        identify(claims(nonce="n3", iat=later.timestamp()), SETTINGS, now)
    assert identify(claims(nonce="n4", iat=now.timestamp()), SETTINGS, now).role is Role.READER


def test_a_home_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "ended_logins").write_text("")
    with pytest.raises(InputError, match="n'a pas pu être notée"):
        end_login(claims(), SETTINGS, NOW, tmp_path)

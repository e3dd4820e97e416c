"""Licences of what geozones needs: those that ask something are known, and said in the docs."""

import runpy
from email.message import Message
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture
def script() -> dict[str, Any]:
    return runpy.run_path(str(ROOT / "scripts" / "licences.py"))


def test_every_package_has_a_licence_that_somebody_has_read(
    script: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    assert script["main"]() == 0
    out, err = capsys.readouterr()
    assert err == ""
    assert "certifi" in out


def test_docs_name_each_package_of_weak_copyleft_with_its_licence(script: dict[str, Any]) -> None:
    said = " ".join((ROOT / "docs" / "service.md").read_text(encoding="utf-8").split())
    for name, licence in script["COPYLEFT"].items():
        assert name in said
        assert licence in said


class _Package:
    version = "1"

    def __init__(self, licence: str) -> None:
        self.metadata = Message()
        self.metadata["License-Expression"] = licence


@pytest.mark.parametrize(
    ("licence", "status"),
    [("MIT", 0), ("MPL-2.0", 1), ("LGPL-2.1-or-later", 1), ("GPL-3.0-only", 1), ("", 1)],
)
def test_a_new_package_whose_licence_asks_something_is_told(
    script: dict[str, Any], capsys: pytest.CaptureFixture[str], licence: str, status: int
) -> None:
    script["main"].__globals__.update(
        locked=lambda: ["nouveau"], distribution=lambda _: _Package(licence)
    )
    assert script["main"]() == status
    assert ("nouveau" in capsys.readouterr().err) is bool(status and licence)

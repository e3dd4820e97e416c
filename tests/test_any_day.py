"""Tests that ask what day it is are green on every day, at every hour, in every zone."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
#: Tests that ask the day, one a line, as ``pytest --list-day-readers FILE`` told them of the whole
#: suite: those that run under each pair, then the slowest ones, each under one pair, by turns.
EACH = Path(__file__).with_name("day_readers.txt").read_text("utf-8").split()
IN_TURN = Path(__file__).with_name("day_readers_slow.txt").read_text("utf-8").split()
PAIRS = [
    ("2026-12-05T10:00", "Europe/Paris"),  # a Saturday
    ("2026-12-31T23:59", "Europe/Paris"),
    ("2028-02-29T12:00", "UTC"),
    ("2027-03-28T01:59", "Europe/Paris"),  # the hour goes forward in a minute
    ("2027-10-31T02:59", "Europe/Paris"),  # the hour goes back in a minute
    ("2027-09-01T08:00", "Europe/Paris"),
    ("2031-06-17T12:00", "UTC"),  # a Tuesday
    ("2026-12-08T00:30", "Europe/Paris"),  # yesterday in UTC
    ("2026-12-03T09:00", "Pacific/Kiritimati"),  # yesterday in the territory
    ("2026-12-03T20:00", "America/Los_Angeles"),  # tomorrow in the territory
]


def test_each_test_that_is_listed_exists() -> None:
    names = [test.partition("::") for test in (*EACH, *IN_TURN)]
    gone = [
        name
        for file, _, name in names
        if f"def {name.partition('[')[0]}(" not in (ROOT / file).read_text("utf-8")
    ]
    assert not gone


@pytest.mark.slow
@pytest.mark.parametrize("pair", PAIRS, ids="@".join)
def test_tests_that_ask_the_day_are_green(pair: tuple[str, str], tmp_path: Path) -> None:
    tests = tmp_path / "tests.txt"
    tests.write_text("\n".join([*EACH, *IN_TURN[PAIRS.index(pair) :: len(PAIRS)]]), "utf-8")
    when = ("--today", pair[0], "--tz", pair[1])
    command = (
        sys.executable,
        "-m",
        "pytest",
        "--numprocesses",
        "0",
        "-q",
        "-p",
        "no:cacheprovider",
    )
    done = subprocess.run(
        [*command, *when, f"@{tests}"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout[-20_000:]

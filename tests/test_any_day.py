"""Tests that ask what day it is are green on every day, at every hour, in every zone."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
#: Tests that ask the day, one a line: ``pytest --list-day-readers FILE`` tells those of a run, of
#: which the file has those that tell most; a name that is gone fails here.
READERS = Path(__file__).with_name("day_readers.txt")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("today", "zone"),
    [
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
    ],
)
def test_tests_that_ask_the_day_are_green(today: str, zone: str) -> None:
    when = ("--today", today, "--tz", zone)
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
        [*command, *when, f"@{READERS}"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout[-20_000:]

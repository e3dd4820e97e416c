"""A zone of three lycées you can read at a glance, and its two posts."""

import numpy as np
import pytest

from geozones.domain import Provenance, TravelTimes
from geozones.domain.settings import TeamSettings
from geozones.domain.teams import FREE, Post
from geozones.teams.zone_cover import ZoneTeam

#: Minutes from the row to the column; Z is in another zone.
MINUTES = """
       A   B   C   Z
   A   0  10  40   5
   B  12   0  25   5
   C  40  30   0   5
   Z   5   5   5   0
"""


def times_of(minutes: list[list[float]], keys: str = "ABCDEF") -> TravelTimes:
    names = tuple(keys[: len(minutes)])
    array = np.array(minutes, float)
    return TravelTimes(names, names, array, array.copy(), Provenance("test", "2026-01-01"))


def week(text: str) -> tuple[str | None, ...]:
    """Ten half-days: a letter is a lycée, ``.`` free, ``-`` not at work."""
    cells = text.replace(" ", "")
    assert len(cells) == 10
    return tuple({".": FREE, "-": None}.get(sign, sign) for sign in cells)


def post(key: str, cells: str, residence: str | None = None, share: int = 100) -> Post:
    return Post(key, "Z1", share, week(cells), residence or cells[0])


@pytest.fixture
def times() -> TravelTimes:
    """Minutes between A, B, C and Z, as drawn in ``MINUTES``."""
    lines = [line.split() for line in MINUTES.strip().splitlines()]
    return times_of([[float(v) for v in line[1:]] for line in lines[1:]], "ABCZ")


@pytest.fixture
def team(times: TravelTimes) -> ZoneTeam:
    """``un`` is in A, then B on Thursday and Friday; ``deux`` in B, then free, then C."""
    return ZoneTeam(
        members=("A", "B", "C"),
        posts=(post("un", "AA AA AA BB BB"), post("deux", "BB BB .. CC CC")),
        times=times,
        settings=TeamSettings(monthly_cap=4),
        centre="Z",
        technicians=1,
    )

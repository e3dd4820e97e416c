"""The exact mean half-days of a year, which simulated years estimate."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from geozones.domain.teams import SLOTS, ServiceHalfDays
from geozones.domain.times import Floats
from geozones.teams.zone_cover import ZoneTeam
from helpers.simulate import absence_chances

#: Chances below this are left out of the chain: the year is exact to about a millionth.
_NEGLIGIBLE = 1e-12


def expected_year(team: ZoneTeam) -> ServiceHalfDays:
    """Return the exact mean half-days of a year without a monthly cap.

    It is a chain over the days of a year: its states are the sets of absent posts. Absences are as
    in `simulate`.
    """
    chain = _Chain(team)
    return sum(chain.days(), ServiceHalfDays())


@dataclass(frozen=True, eq=False)
class _Chain:
    team: ZoneTeam

    def days(self) -> Iterator[ServiceHalfDays]:
        """Yield the expected half-days of each day of the year."""
        rate, leave, start = absence_chances(self.team)
        posts = len(self.team.posts)
        chances = _independent(posts, rate)
        for day in range(self.team.settings.year_days):
            if day:
                chances = _overnight(chances, leave, start)
            yield self._day(day, chances)

    def _day(self, day: int, chances: Floats) -> ServiceHalfDays:
        """Return the expected half-days of a day, given the chance of each set of absent posts."""
        total = ServiceHalfDays()
        for absent in np.flatnonzero(chances > _NEGLIGIBLE).tolist():
            for half in (0, 1):
                served = self.team.serve((2 * day + half) % SLOTS, absent)
                total += served.half_days.scaled(float(chances[absent]))
        return total


def _independent(posts: int, rate: float) -> Floats:
    """Return the chance of each set of absent posts."""
    chances = np.ones(1)
    for _ in range(posts):
        chances = np.concatenate([chances * (1 - rate), chances * rate])
    return chances


def _overnight(chances: Floats, leave: float, start: float) -> Floats:
    """Return the chance of each set of absent posts on the next day."""
    posts = (len(chances) - 1).bit_length()
    step = np.array([[1 - start, start], [leave, 1 - leave]])
    cube = chances.reshape((2,) * posts)
    for axis in range(posts):
        cube = np.moveaxis(np.tensordot(cube, step, axes=(axis, 0)), -1, axis)
    return np.asarray(cube, np.float64).reshape(-1)

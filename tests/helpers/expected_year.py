"""The exact mean half-days of a year, which simulated years estimate."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from geozones.domain.teams import SLOTS, ServiceHalfDays
from geozones.domain.times import Floats
from geozones.teams.zone_cover import ZoneTeam
from helpers.simulate import absence_chances

#: Days since each lycée had somebody, by rank; at most ``gap_days`` + 1.
type Waits = tuple[int, ...]

#: Chances below this are left out of the chain: the year is exact to about a millionth.
_NEGLIGIBLE = 1e-12


def expected_year(team: ZoneTeam) -> ServiceHalfDays:
    """Return the exact mean half-days of a year without a monthly cap.

    It is a chain over the days of a year: its states are the set of absent posts and how long each
    lycée has had nobody. Absences are as in `simulate`.
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
        first = _independent(posts, rate)
        states: dict[Waits, Floats] = {(0,) * len(self.team.members): first}
        for day in range(self.team.settings.year_days):
            if day:
                states = {w: _overnight(chances, leave, start) for w, chances in states.items()}
            states, served = self._day(day, states)
            yield served

    def _day(
        self, day: int, states: dict[Waits, Floats]
    ) -> tuple[dict[Waits, Floats], ServiceHalfDays]:
        """Return the states after a day, and the expected half-days of the day."""
        after: dict[Waits, Floats] = {}
        total = ServiceHalfDays()
        for waits, chances in states.items():
            for absent in np.flatnonzero(chances > _NEGLIGIBLE).tolist():
                seen, served = self._served(day, absent, waits)
                chance = float(chances[absent])
                total += served.scaled(chance)
                after.setdefault(seen, np.zeros_like(chances))[absent] += chance
        return after, total

    def _served(self, day: int, absent: int, waits: Waits) -> tuple[Waits, ServiceHalfDays]:
        """Return how long lycées have waited after a day, and the day's half-days."""
        gap, attended = self.team.settings.gap_days, 0
        total = ServiceHalfDays()
        for half in (0, 1):
            late = sum(
                1 << rank
                for rank, wait in enumerate(waits)
                if wait >= gap and not attended >> rank & 1
            )
            served = self.team.serve((2 * day + half) % SLOTS, absent, 0, late)
            attended |= served.attended
            total += served.half_days
        after = (
            0 if attended >> rank & 1 else min(wait + 1, gap) for rank, wait in enumerate(waits)
        )
        return tuple(after), total


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

"""A clock that only moves when someone waits; the clock of everything, put forward."""

import os
import random
from datetime import UTC, datetime, timedelta

import pytest

from geozones.common import clock
from geozones.common.pacing import Clock

NOW = datetime(2025, 6, 11, 9, tzinfo=UTC)


class Time:
    """Seconds gone by, and the waits they are made of."""

    def __init__(self, seed: int = 7) -> None:
        self.seconds = 0.0
        self.waits: list[float] = []
        self._chance = random.Random(seed)  # noqa: S311 - waits, not secrets

    def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.seconds += seconds

    def clock(self) -> Clock:
        return Clock(lambda: self.seconds, self.sleep, lambda: NOW, self._chance)


def put_forward(patch: pytest.MonkeyPatch, by: timedelta) -> None:
    """Put the clock of this process, and of those that it starts, forward or back."""
    shift = float(os.environ.get(clock.SHIFT, "0")) + by.total_seconds()
    patch.setenv(clock.SHIFT, str(shift))


def put_at(patch: pytest.MonkeyPatch, stamp: str) -> None:
    """Put that clock at an ISO time."""
    put_forward(patch, datetime.fromisoformat(stamp) - clock.now().astimezone(UTC))

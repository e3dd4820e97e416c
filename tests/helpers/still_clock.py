"""A clock that only moves when someone waits."""

import random
from datetime import UTC, datetime

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

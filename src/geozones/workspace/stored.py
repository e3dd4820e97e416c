"""What the use cases of one user share: the store in their hands, and the day it is."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from geozones.workspace.roles import Actor

if TYPE_CHECKING:
    from geozones.store import Store


def utc_now() -> datetime:
    """Return the time, in UTC."""
    return datetime.now(UTC)


class Stored:
    """Use cases that read and write the store for one user.

    Parameters
    ----------
    opener
        Gives the store; called at each use, raises ``StoreError``.
    actor
        Who asks; every read and write checks the role.
    clock
        The time, in the time zone of whoever asks: today is told by it.
    """

    def __init__(
        self,
        opener: "Callable[[], Store]",
        actor: Actor,
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        self._opener: Callable[[], Store] = lambda: opener().by(actor.hand)
        self.actor, self._clock = actor, clock

    @property
    def today(self) -> str:
        """The day it is (ISO)."""
        return self._clock().date().isoformat()

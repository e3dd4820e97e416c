"""Base class of the use cases: store access, caller, clock."""

import copy
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Self

from geozones.workspace.roles import Actor, Requirement, need_of

if TYPE_CHECKING:
    from geozones.store import Store


def utc_now() -> datetime:
    """Return the current time, in UTC."""
    return datetime.now(UTC)


class UndeclaredUseCaseError(TypeError):
    """A use case does not declare what it requires of its caller: a bug."""


class UseCases:
    """Use cases that read and write the store for one user.

    Each public method of a subclass declares what it requires (see ``geozones.workspace.roles``): a
    class with an undeclared method cannot be defined, and the store opens only in a declared one.

    Parameters
    ----------
    opener
        Opens the store; called at each use, raises ``StoreError``.
    actor
        The caller.
    clock
        Returns the time in the caller's time zone, which determines today's date.
    """

    _need: Requirement | None = None

    def __init_subclass__(cls, **kwargs: Any) -> None:  # noqa: ANN401 - of any class
        super().__init_subclass__(**kwargs)
        for name, member in vars(cls).items():
            if name.startswith("_") or hasattr(UseCases, name):
                continue
            if need_of(member) is None:
                msg = f"{cls.__name__}.{name} declares no need: see geozones.workspace.roles"
                raise UndeclaredUseCaseError(msg)

    def __init__(
        self,
        opener: "Callable[[], Store]",
        actor: Actor,
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        self._opener, self.actor, self._clock = opener, actor, clock

    @property
    def today(self) -> str:
        """Today's date (ISO)."""
        return self._clock().date().isoformat()

    @property
    def now(self) -> str:
        """The current time (ISO 8601, UTC), to the second."""
        return self._clock().astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

    def let_in(self, need: Requirement) -> Self:
        """Return a copy of the service for one use case; raise if the caller may not use it.

        Raises
        ------
        LoginRequiredError, NotAllowedError
            As `Actor.require`.
        """
        self.actor.require(need.role)
        inside = copy.copy(self)
        vars(inside)["_need"] = need
        return inside

    def store(self) -> "Store":
        """Return the store, opened with the permissions that the running use case declares.

        Raises
        ------
        StoreError
            If it cannot be opened.
        """
        if self._need is None:
            msg = f"{type(self).__name__}: the store is opened outside of a declared use case"
            raise UndeclaredUseCaseError(msg)
        return self._opener().by(self._need.caller(self.actor), self._need.access)

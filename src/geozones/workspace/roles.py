"""Roles, callers, the access gate, and the base class of use cases.

A use case is a public method of a `UseCases` class, or a function with a parameter ``actor`` or
``opener``. One decorator declares it: `needs`, `needs_link` or `needs_nothing`. A test walks the
table of docs/service.md, « Who may do what », with every kind of caller.
"""

import copy
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum, IntEnum
from functools import wraps
from inspect import signature
from typing import TYPE_CHECKING, Any, Self

from geozones.common.clock import now
from geozones.common.errors import GeozonesError
from geozones.domain.access import GUEST, Access, StoreCaller

if TYPE_CHECKING:
    from geozones.store import Store


class Role(IntEnum):
    """Role of a user; each role may do everything that the lower roles may.

    A visitor, who is not logged in, may only look at the frozen versions they have a link to.
    """

    VISITOR = 0
    READER = 1
    PLANNER = 2
    ADMINISTRATOR = 3


ROLE_NAMES = {
    "lecteur": Role.READER,
    "planificateur": Role.PLANNER,
    "administrateur": Role.ADMINISTRATOR,
}


@dataclass(frozen=True, slots=True)
class Actor:
    """Caller of a use case: a name and a role."""

    name: str
    role: Role

    @property
    def caller(self) -> StoreCaller:
        """The caller as the store knows them."""
        if self.role is Role.VISITOR:
            return GUEST
        everything = self.role is Role.ADMINISTRATOR
        return StoreCaller(self.name, everything=everything, alone=self == LOCAL)

    def require(self, role: Role) -> None:
        """Raise if the role is not sufficient; only the gate calls this, use cases declare."""
        if self.role is Role.VISITOR and role > Role.VISITOR:
            raise LoginRequiredError("Connexion obligatoire : connectez-vous pour continuer.")
        if self.role < role:
            needed = next(name for name, known in ROLE_NAMES.items() if known is role)
            raise NotAllowedError(
                f"Votre rôle ne permet pas de le faire : il faut être {needed}. Demandez-le à "
                "l'administrateur de l'outil."
            )


#: Caller where no login is set up: everyone on this machine may do everything.
LOCAL = Actor("poste local", Role.ADMINISTRATOR)
#: Caller who did not log in, where a login is set up.
VISITOR = Actor(GUEST.name, Role.VISITOR)


class NotAllowedError(GeozonesError):
    """The caller may not do this."""


class LoginRequiredError(NotAllowedError):
    """Nobody is logged in, or the login has expired: the message says which."""


class Link(Enum):
    """Link that gives whoever has it a permission, logged in or not."""

    VERSION = "version"
    OPINION = "opinion"


@dataclass(frozen=True, slots=True)
class Requirement:
    """What a use case requires of its caller."""

    role: Role = Role.VISITOR  # The lowest role.
    #: The permission on the scenario that the store checks in its transaction; ``None`` if the use
    #: case concerns no scenario, or makes a new one.
    access: Access | None = None
    #: The link whose token the use case receives; the store is then opened as for any guest who has
    #: the link, whatever else the caller may do.
    link: Link | None = None

    def caller(self, user: Actor) -> StoreCaller:
        """Return the caller as the store is to know them."""
        return GUEST if self.role is Role.VISITOR else user.caller


def needs[**P, R](
    role: Role, access: Access | None = None
) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Declare a use case for callers of a role, with a permission on the scenario."""
    return lambda use_case: _at_gate(Requirement(role, access), use_case)


def needs_link[**P, R](link: Link) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Declare a use case for whoever has a link."""
    return lambda use_case: _at_gate(Requirement(link=link), use_case)


def needs_nothing[**P, R](use_case: Callable[P, R]) -> Callable[P, R]:
    """Declare a use case for anyone: it reads no scenario of the store."""
    return _at_gate(Requirement(), use_case)


def need_of(use_case: object) -> Requirement | None:
    """Return the declared requirement of a use case; ``None`` if it declares none."""
    function = use_case.fget if isinstance(use_case, property) else use_case
    found = getattr(function, "need", None)
    return found if isinstance(found, Requirement) else None


def _at_gate[**P, R](need: Requirement, use_case: Callable[P, R]) -> Callable[P, R]:
    """Wrap a use case so that it accepts only the callers that it declares.

    The caller is the parameter ``actor``, else the actor of a service (``self``, ``service`` or
    ``scenarios``). A function with only an ``opener`` gets the store as a guest does.
    """
    names = list(signature(use_case).parameters)
    name = next(name for name in _LET_IN if name in names)
    place, let_in = names.index(name), _LET_IN[name]
    function: Callable[..., R] = use_case

    @wraps(use_case)
    def checked(*args: P.args, **kwargs: P.kwargs) -> R:
        if name in kwargs:
            return function(*args, **kwargs | {name: let_in(need, kwargs[name])})
        before, given, after = args[:place], args[place], args[place + 1 :]
        return function(*before, let_in(need, given), *after, **kwargs)

    vars(checked)["need"] = need
    return checked


def _actor_let_in(need: Requirement, actor: Any) -> Any:  # noqa: ANN401 - an Actor
    actor.require(need.role)
    return actor


def _opener_let_in(need: Requirement, opener: Any) -> Any:  # noqa: ANN401 - Callable[[], Store]
    if need.role is not Role.VISITOR:
        raise TypeError("a use case that is given an opener and no actor can ask for no role")
    return lambda: opener().by(GUEST)


def _service_let_in(need: Requirement, service: Any) -> Any:  # noqa: ANN401 - a UseCases
    return service.let_in(need)


#: Check of the caller, by the name of the parameter that identifies the caller.
_LET_IN: dict[str, Callable[[Requirement, Any], Any]] = {
    "actor": _actor_let_in,
    "opener": _opener_let_in,
    "self": _service_let_in,
    "service": _service_let_in,
    "scenarios": _service_let_in,
}


class UndeclaredUseCaseError(TypeError):
    """A use case does not declare what it requires of its caller: a bug."""


class UseCases:
    """Use cases that read and write the store for one user.

    Each public method of a subclass declares what it requires (see ``geozones.workspace.roles``): a
    class with an undeclared method cannot be defined, and the store opens only in a declared one.

    ``opener`` opens the store: it is called at each use, and raises ``StoreError``. ``clock``
    returns the time in the territory's time zone, which determines today's date.
    """

    _need: Requirement | None = None

    def __init_subclass__(cls, **kwargs: Any) -> None:  # noqa: ANN401 - of any class
        super().__init_subclass__(**kwargs)
        for name, member in vars(cls).items():
            if name.startswith("_") or hasattr(UseCases, name):
                continue
            if need_of(member) is None:
                raise UndeclaredUseCaseError(
                    f"{cls.__name__}.{name} declares no need: see geozones.workspace.roles"
                )

    def __init__(
        self,
        opener: "Callable[[], Store]",
        actor: Actor,
        clock: Callable[[], datetime] = now,
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
        """Return a copy of the service for one use case; raise if the caller may not use it."""
        self.actor.require(need.role)
        inside = copy.copy(self)
        vars(inside)["_need"] = need
        return inside

    def store(self) -> "Store":
        """Return the store, opened with the permissions that the running use case declares."""
        if self._need is None:
            raise UndeclaredUseCaseError(
                f"{type(self).__name__}: the store is opened outside of a declared use case"
            )
        return self._opener().by(self._need.caller(self.actor), self._need.access)

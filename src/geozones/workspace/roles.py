"""Roles, callers, and the gate: each use case declares what it needs, which is checked there.

A use case is a public method of a `Stored` class, or a function that is given an ``actor`` or an
``opener``. It is declared by one decorator, `needs`, `needs_link` or `needs_nothing`; the table of
docs/service.md, « Who may do what », is walked by a test with every kind of caller.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, IntEnum
from functools import wraps
from inspect import signature
from typing import Any

from geozones.common.errors import GeozonesError
from geozones.domain.access import GUEST, Access, Hand


class Role(IntEnum):
    """What someone may do; each may do what those before it may.

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
    """Someone at work, and their role."""

    name: str
    role: Role

    @property
    def hand(self) -> Hand:
        """Who the store takes them for."""
        if self.role is Role.VISITOR:
            return GUEST
        everything = self.role is Role.ADMINISTRATOR
        return Hand(self.name, everything=everything, alone=self == LOCAL)

    def require(self, role: Role) -> None:
        """Refuse what the role does not allow; the gate calls it, use cases declare.

        Raises
        ------
        LoginRequiredError
            If they are not logged in.
        NotAllowedError
            If their role does not.
        """
        if self.role is Role.VISITOR and role > Role.VISITOR:
            msg = "Connexion obligatoire : connectez-vous pour continuer."
            raise LoginRequiredError(msg)
        if self.role < role:
            needed = next(name for name, known in ROLE_NAMES.items() if known is role)
            msg = (
                f"Votre rôle ne permet pas de le faire : il faut être {needed}. Demandez-le à "
                "l'administrateur de l'outil."
            )
            raise NotAllowedError(msg)


#: Where no login is set up: everyone on this machine is a planner, and may also delete.
LOCAL = Actor("poste local", Role.ADMINISTRATOR)
#: Where a login is set up: whoever did not log in.
VISITOR = Actor(GUEST.name, Role.VISITOR)


class NotAllowedError(GeozonesError):
    """Who asks may not do this."""


class LoginRequiredError(NotAllowedError):
    """Nobody is logged in, or the login does not hold any more: the message says which."""


class Link(Enum):
    """A link that lets whoever has it do something, logged in or not."""

    VERSION = "version"
    OPINION = "opinion"


@dataclass(frozen=True, slots=True)
class Need:
    """What a use case needs of its caller.

    Parameters
    ----------
    role
        The least role.
    access
        What the caller must be allowed on the scenario, checked by the store in its transaction;
        ``None`` where the use case concerns no scenario, or makes a new one.
    link
        The link whose token the use case is given; the store is then opened as for anyone else who
        has the link, whatever else the caller may do.
    """

    role: Role = Role.VISITOR
    access: Access | None = None
    link: Link | None = None

    def hand(self, caller: Actor) -> Hand:
        """Return who the store takes a caller for."""
        return GUEST if self.role is Role.VISITOR else caller.hand


def needs[**P, R](
    role: Role, access: Access | None = None
) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Declare a use case for callers of a role, with an access to the scenario."""
    return lambda use_case: _at_gate(Need(role, access), use_case)


def needs_link[**P, R](link: Link) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Declare a use case for whoever has a link."""
    return lambda use_case: _at_gate(Need(link=link), use_case)


def needs_nothing[**P, R](use_case: Callable[P, R]) -> Callable[P, R]:
    """Declare a use case for anyone: it reads no scenario of the store."""
    return _at_gate(Need(), use_case)


def need_of(use_case: object) -> Need | None:
    """Return what a use case declares; ``None`` for nothing."""
    function = use_case.fget if isinstance(use_case, property) else use_case
    found = getattr(function, "need", None)
    return found if isinstance(found, Need) else None


def _at_gate[**P, R](need: Need, use_case: Callable[P, R]) -> Callable[P, R]:
    """Return a use case that lets in only the callers that it declares.

    The caller is the parameter ``actor``, else that of a service (``self``, ``service`` or
    ``scenarios``). A function that is given an ``opener`` alone gets the store as a guest does.
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


def _actor_let_in(need: Need, actor: Any) -> Any:  # noqa: ANN401 - an Actor
    actor.require(need.role)
    return actor


def _opener_let_in(need: Need, opener: Any) -> Any:  # noqa: ANN401 - Callable[[], Store]
    if need.role is not Role.VISITOR:
        msg = "a use case that is given an opener and no actor can ask for no role"
        raise TypeError(msg)
    return lambda: opener().by(GUEST)


def _service_let_in(need: Need, service: Any) -> Any:  # noqa: ANN401 - a Stored
    return service.let_in(need)


#: How a use case lets its caller in, by the name of the parameter that says who it is.
_LET_IN: dict[str, Callable[[Need, Any], Any]] = {
    "actor": _actor_let_in,
    "opener": _opener_let_in,
    "self": _service_let_in,
    "service": _service_let_in,
    "scenarios": _service_let_in,
}

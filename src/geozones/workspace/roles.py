"""Roles, logins, callers, the access gate, and the base class of use cases.

A use case is a public method of a `UseCases` class, or a function with a parameter ``actor`` or
``opener``. One decorator declares it: `needs`, `needs_link` or `needs_nothing`. A test walks the
table of docs/service.md, « Who may do what », with every kind of caller.
"""

import copy
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import Enum, IntEnum
from functools import wraps
from hashlib import sha256
from inspect import signature
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from geozones.common.clock import now
from geozones.common.errors import GeozonesError, InputError
from geozones.common.files import home_folder, why
from geozones.domain.access import (
    EVERYONE,
    GUEST,
    MAX_PERSON,
    Access,
    StoreCaller,
    is_person,
    person_of,
)

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


_DEFAULT_HOURS = 20.0  # The least that criterion 13.1 of RGAA takes for a session.
_FOLDER = "ended_logins"
_CLOCK_SKEW_S = 300
#: Number of latest ended logins that are kept regardless of the clock: a clock set forward, then
#: back, would otherwise restore logins that had just been ended.
_ALWAYS_KEPT = 2000


@dataclass(frozen=True, slots=True)
class LoginSettings:
    """Login settings from the section ``[geozones]`` of ``secrets.toml``."""

    #: Role by e-mail, in lower case; ``"*"`` is everyone else's role.
    roles: Mapping[str, Role] = field(default_factory=dict)
    #: Name of the claim that gives roles (a text or a list of texts); empty for none.
    claim: str = ""
    claim_roles: Mapping[str, Role] = field(default_factory=dict)  # Role by value of that claim.
    max_hours: float = _DEFAULT_HOURS  # How long a login lasts, in hours.
    #: Refuse an e-mail if the provider does not state that it is verified.
    verified_only: bool = False


def login_settings(section: Mapping[str, Any]) -> LoginSettings:
    """Read the section ``[geozones]`` of ``secrets.toml``."""
    login = section.get("login", {})
    hours = login.get("max_hours", _DEFAULT_HOURS)
    if isinstance(hours, bool) or not isinstance(hours, int | float) or not 0 < hours <= 720:
        raise InputError(
            "[geozones.login] max_hours est un nombre d'heures, de plus de 0 à 720 (30 jours)."
        )
    return LoginSettings(
        roles={person_of(email): _role(name) for email, name in section.get("roles", {}).items()},
        claim=str(login.get("role_claim", "")),
        claim_roles={
            str(value): _role(name) for value, name in login.get("claim_roles", {}).items()
        },
        max_hours=float(hours),
        verified_only=bool(login.get("verified_only", False)),
    )


def identify(claims: Mapping[str, Any], settings: LoginSettings, now: datetime) -> Actor:
    """Return the user of a login, with their role.

    The role is the settings' for this e-mail; else the highest that the claim gives; else
    everyone's. ``claims`` come from the identity token.
    """
    email = person_of(str(claims.get("email") or ""))
    verified = claims.get("email_verified")
    unsaid = verified is None and not (email and settings.verified_only)
    if not (unsaid or verified is True or verified == "true"):
        raise LoginRequiredError(
            f"Connexion refusée : l'adresse {email or 'de ce compte'} n'est pas vérifiée par votre "
            "fournisseur d'identité. Vérifiez-la chez lui, puis reconnectez-vous."
        )
    issued = claims.get("iat")
    if isinstance(issued, bool) or not isinstance(issued, int | float) or not math.isfinite(issued):
        is_too_old = True
    else:
        age = now.timestamp() - issued
        is_too_old = not -_CLOCK_SKEW_S <= age <= settings.max_hours * 3600
    if is_too_old:
        raise LoginRequiredError("Votre connexion a expiré : reconnectez-vous pour continuer.")
    name = email or str(claims.get("sub") or "").strip()
    # whether a name is one person's: « * » means everyone, others belong to the tool
    taken = {EVERYONE, LOCAL.name, VISITOR.name}
    if not (is_person(name) and name.isprintable() and person_of(name) not in taken):
        raise LoginRequiredError(
            "Connexion refusée : votre compte est sans adresse ni identifiant utilisable. Il en "
            f"faut un de 1 à {MAX_PERSON} caractères, sur une ligne : demandez à l'administrateur "
            "de l'outil de corriger ce compte."
        )
    if email in settings.roles:
        return Actor(name, settings.roles[email])
    given = claims.get(settings.claim) if settings.claim else None
    values = given if isinstance(given, list | tuple) else (given,)
    granted = [settings.claim_roles[str(v)] for v in values if str(v) in settings.claim_roles]
    if granted:
        return Actor(name, max(granted))
    return Actor(name, settings.roles.get(EVERYONE, Role.READER))


def end_login(
    claims: Mapping[str, Any], settings: LoginSettings, now: datetime, folder: Path | None = None
) -> None:
    """Refuse a login from now on, in every tab and process that shares the home folder.

    Each ended login is an empty file, kept as long as the login would have lasted; the last 2,000
    are always kept.
    """
    where = (folder or home_folder()) / _FOLDER
    oldest = (now - timedelta(hours=settings.max_hours)).timestamp()
    try:
        where.mkdir(parents=True, exist_ok=True)
        by_age = sorted((file.stat().st_mtime, file) for file in where.iterdir())
        for written, file in by_age[: -_ALWAYS_KEPT + 1]:
            if written < oldest:
                file.unlink(missing_ok=True)
        (where / _login_key(claims)).touch(mode=0o600)
    except OSError as error:
        raise InputError(
            f"La fin de cette connexion n'a pas pu être notée dans {where} : {why(error)}."
        ) from error


def has_ended(claims: Mapping[str, Any], folder: Path | None = None) -> bool:
    """Tell whether the user logged out of this login."""
    return ((folder or home_folder()) / _FOLDER / _login_key(claims)).exists()


def _login_key(claims: Mapping[str, Any]) -> str:
    """Return a unique key of a login: the provider draws a new nonce for each."""
    parts = (repr(claims.get(name)) for name in ("iss", "sub", "iat", "nonce"))
    return sha256("\n".join(parts).encode()).hexdigest()


def _role(name: object) -> Role:
    role = ROLE_NAMES.get(str(name))
    if role is None:
        raise InputError(f"secrets.toml : « {name} » n'est pas un rôle ({', '.join(ROLE_NAMES)}).")
    return role

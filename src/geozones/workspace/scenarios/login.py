"""Login: identity and role from claims, expiry, logout."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

from geozones.common.errors import InputError
from geozones.common.files import home_folder, why
from geozones.domain.access import EVERYONE, MAX_PERSON, is_person, person_of
from geozones.workspace.roles import (
    LOCAL,
    ROLE_NAMES,
    VISITOR,
    Actor,
    LoginRequiredError,
    Role,
)

_DEFAULT_HOURS = 12.0
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

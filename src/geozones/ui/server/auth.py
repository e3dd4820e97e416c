"""Current user: Streamlit's login where one is set up, this machine's user, or a visitor.

``secrets.toml`` holds both the login (``[auth]``) and the roles (``[geozones.roles]``,
``[geozones.login]``): see docs/reference.md, « Who may do what ».

Visitors of shared links are counted by the link that they follow, because a whole lycée or the
Région may share one IP address. Where no login is set up, everybody is a user.
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import htpy
import streamlit as st

from geozones.common.clock import now
from geozones.common.errors import GeozonesError, InputError
from geozones.common.settings_file import FROZEN, OPINION
from geozones.ui.widgets import html
from geozones.workspace.roles import (
    LOCAL,
    ROLE_NAMES,
    VISITOR,
    Actor,
    LoginRequiredError,
    LoginSettings,
    Role,
    end_login,
    has_ended,
    identify,
    login_settings,
)

_LOG = logging.getLogger(__name__)
#: Title and sentence of the page that asks for a login.
LOGIN_REQUIRED = "Connexion obligatoire"
RESERVED = "Cet outil est réservé : connectez-vous avec votre compte pour l’ouvrir."


def actor() -> Actor:
    """Return the user and their role: a visitor if a login is set up and nobody is logged in."""
    try:
        return _logged_in()
    except LoginRequiredError:
        return VISITOR


def _logged_in() -> Actor:
    settings = secrets()
    if "auth" not in settings:
        return LOCAL
    if not st.user.get("is_logged_in", False):
        raise LoginRequiredError(RESERVED)
    claims = st.user.to_dict()
    if has_ended(claims):
        raise LoginRequiredError("Vous vous êtes déconnecté : reconnectez-vous pour continuer.")
    return identify(claims, _settings(settings), now())


def login_page() -> None:
    """Draw the page of an ended or expired login: the reason, and the login button."""
    try:
        _logged_in()
    except LoginRequiredError as error:
        why = htpy.p(".gz-sentence", role="alert")[str(error)]
        html.show(htpy.fragment[html.title(LOGIN_REQUIRED), why])
    _login()


def login_button() -> None:
    """Show who is logged in and their role; offer to log in or out."""
    if "auth" not in secrets():
        return
    someone = actor()
    if someone.role is Role.VISITOR:
        _login()
        return
    role = next(name for name, role in ROLE_NAMES.items() if role is someone.role)
    with st.container(horizontal=True, vertical_alignment="center"):
        html.show(html.note(f"Connecté : {someone.name} · {role}"))
        st.button("Se déconnecter", icon=":material/logout:", on_click=_log_out)


def _login() -> None:
    st.button("Se connecter", icon=":material/login:", type="primary", on_click=st.login)


def _log_out() -> None:
    """End the login everywhere, then in this browser."""
    try:
        end_login(st.user.to_dict(), _settings(secrets()), now())
    except GeozonesError:
        _LOG.exception("other tabs of this login stay open until it expires")
    st.logout()


def _settings(found: Mapping[str, Any]) -> LoginSettings:
    return login_settings(found.get("geozones", {}))


def has_login() -> bool:
    """Tell whether a login is set up; if its settings cannot be read, each page shows the error."""
    try:
        return "auth" in secrets()
    except InputError:
        return False


def secrets() -> Mapping[str, Any]:
    """Return the content of ``secrets.toml``; an empty mapping if there is no such file."""
    if st.secrets.load_if_toml_exists():
        return dict(st.secrets)
    present = [path for path in st.get_option("secrets.files") if Path(path).exists()]
    if not present:
        return {}
    # a fault in the file must not give everyone access to the tool
    raise InputError(
        f"{' et '.join(present)} : ce fichier de secrets ne peut pas être lu, corrigez-le."
    )


class CallerKind(IntEnum):
    """Kind of caller; the pages of users are drawn before those of visitors."""

    USER = 0
    VISITOR = 1


@dataclass(frozen=True, slots=True)
class Caller:
    """A caller of a page; ``link`` names the shared link of a visitor, "" for none."""

    kind: CallerKind
    link: str = ""


def current_caller(query: str) -> Caller:
    """Return the caller of this session's page; ``query`` is the query string of its address."""
    try:
        return caller_of(actor(), query)
    except GeozonesError:  # the login settings cannot be read: the page shows the error
        return Caller(CallerKind.USER)


def is_user() -> bool:
    """Tell whether this session belongs to a user."""
    return current_caller("").kind is CallerKind.USER


def caller_of(known: Actor, query: str) -> Caller:
    """Return the caller; the link in a query may be one that was never issued."""
    if known.role is not Role.VISITOR:
        return Caller(CallerKind.USER)
    asked = parse_qs(query.removeprefix("?"))
    for name in (OPINION, FROZEN):
        if asked.get(name):
            return Caller(CallerKind.VISITOR, f"{name}:{asked[name][-1]}")
    return Caller(CallerKind.VISITOR)

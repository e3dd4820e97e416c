"""Who is at the keyboard: Streamlit's own login where it is set up, else this machine's user.

``.streamlit/secrets.toml`` holds both the login (``[auth]``, see docs/reference.md) and the roles::

    [geozones.roles]
    "planificatrice@region.example" = "planificateur"
    "*" = "lecteur"
"""

from collections.abc import Mapping

import streamlit as st
from streamlit.errors import StreamlitSecretNotFoundError

from geozones.workspace import LOCAL, ROLE_NAMES, Actor, Role


def actor() -> Actor:
    """Return the user and their role: a reader where the login says nothing of them."""
    secrets = _secrets()
    if "auth" not in secrets:
        return LOCAL
    if not _is_logged_in():
        return Actor("visiteur", Role.READER)
    email = str(st.user.get("email") or "")
    roles = secrets.get("geozones", {}).get("roles", {})
    name = roles.get(email, roles.get("*", "lecteur"))
    return Actor(email or "sans adresse", ROLE_NAMES.get(str(name), Role.READER))


def login_button() -> None:
    """Offer to log in or out, where a login is set up."""
    if "auth" not in _secrets():
        return
    if _is_logged_in():
        st.button("Se déconnecter", icon=":material/logout:", on_click=st.logout)
    else:
        st.button("Se connecter", icon=":material/login:", on_click=st.login)


def _is_logged_in() -> bool:
    return bool(st.user.get("is_logged_in", False))


def _secrets() -> Mapping[str, Mapping[str, Mapping[str, str]]]:
    try:
        return dict(st.secrets)
    except (FileNotFoundError, StreamlitSecretNotFoundError):
        return {}

"""Checks of the administrator's set-up: fonts, login, public address."""

import tomllib
from collections.abc import Iterable
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit

from geozones.common.errors import InputError
from geozones.common.files import ordinary, why
from geozones.common.french import listing
from geozones.common.public_address import VARIABLE, embed_sites, public_address
from geozones.render.app_files import app_folder
from geozones.render.figure.fonts import width
from geozones.render.typeface import typeface
from geozones.workspace.doctor.record import Check, Finding, doubtful, fine, wrong
from geozones.workspace.scenarios.login import login_settings

#: Settings that Streamlit's login requires.
_NEEDED = ("redirect_uri", "cookie_secret", "client_id", "client_secret", "server_metadata_url")
_MODULES = ("authlib", "httpx")


def _fonts() -> Finding:
    found = typeface()
    missing = [path for paths in found.files.values() for path in paths if not path.is_file()]
    if missing:
        return wrong(
            f"{listing([file.name for file in missing])} : introuvable dans {missing[0].parent}. "
            "Les cartes et les documents ne peuvent pas être dessinés : réinstallez geozones."
        )
    for face in found.files:
        width("Région", 10, face)
    return doubtful(found.warning) if found.warning else fine(f"{listing(found.names)}.")


def secrets_files() -> tuple[Path, ...]:
    """Return the existing secrets files that Streamlit reads."""
    places = (Path.home(), app_folder())
    named = (place / ".streamlit" / "secrets.toml" for place in places)
    return tuple(file for file in dict.fromkeys(named) if file.exists())


def read_secrets() -> dict[str, object]:
    """Return the contents of the secrets files; empty if there are none.

    Raises
    ------
    InputError
        If a file cannot be read.
    """
    settings: dict[str, object] = {}
    for file in secrets_files():
        try:
            settings |= tomllib.loads(ordinary(file).read_text(encoding="utf-8"))
        except OSError as error:
            msg = f"{file} ne peut pas être lu ({why(error)})."
            raise InputError(msg) from error
        except ValueError as error:
            msg = f"{file} n'est pas du TOML lisible : corrigez-le."
            raise InputError(msg) from error
    return settings


def wants_second_approval() -> bool:
    """Return whether the secrets files require a second administrator to approve publications."""
    secrets = read_secrets()
    ours = secrets.get("geozones", {})
    return (
        "auth" in secrets
        and login_settings(ours if isinstance(ours, dict) else {}).wants_second_approval
    )


def _login() -> Finding:
    try:
        secrets = read_secrets()
    except InputError as error:
        return wrong(str(error))
    files = secrets_files()
    auth, ours = secrets.get("auth"), secrets.get("geozones", {})
    if not isinstance(auth, dict):
        if public_address():
            return wrong(
                f"{VARIABLE} donne une adresse publique et aucune connexion n'est réglée : "
                "toute personne qui l'ouvre a tous les droits. Écrivez [auth] dans "
                ".streamlit/secrets.toml."
            )
        return fine("aucune : toute personne ayant accès à ce poste a tous les droits.")
    login_settings(ours if isinstance(ours, dict) else {})
    return _provider(auth, files)


def _provider(auth: dict[str, object], files: Iterable[Path]) -> Finding:
    """Check that the settings of the identity provider are complete and private."""
    lacking = [name for name in _NEEDED if not auth.get(name)]
    if lacking:
        return wrong(f"il manque {listing(lacking)} dans [auth] de secrets.toml.")
    if not all(find_spec(name) for name in _MODULES):
        return wrong("installez ses dépendances : pip install geozones[login].")
    open_to_all = [str(file) for file in files if file.stat().st_mode & 0o077]
    if open_to_all:
        return doubtful(f"d'autres comptes peuvent lire {listing(open_to_all)} : chmod 600.")
    return fine(f"par {urlsplit(str(auth['server_metadata_url'])).hostname}.")


def _address() -> Finding:
    address, sites = public_address(), embed_sites()
    shown = f" Carte montrée par {listing(sites)}." if sites else ""
    if not address:
        return fine(f"aucune : les liens reprennent l'adresse affichée par le navigateur.{shown}")
    if urlsplit(address).scheme != "https":
        return doubtful(
            f"{address} n'est pas en https : les échanges peuvent être lus par un tiers."
        )
    return fine(f"{address}.{shown}")


CHECKS = (
    Check("fonts", "Polices", _fonts),
    Check("login", "Connexion", _login),
    Check("public_address", "Adresse publique", _address),
)

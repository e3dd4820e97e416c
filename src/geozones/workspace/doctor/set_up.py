"""Checks of the set-up: fonts, login, public address; readiness of a running app."""

import tomllib
from collections.abc import Callable, Iterable
from importlib.util import find_spec
from pathlib import Path
from threading import Lock
from time import monotonic
from typing import TypedDict
from urllib.parse import urlsplit

from geozones.common.errors import DataFileError, GeozonesError, InputError
from geozones.common.files import ordinary, why
from geozones.common.french import listing
from geozones.common.settings_file import (
    VARIABLE,
    embed_sites,
    public_address,
)
from geozones.intake.manifest_file import find_data_folder
from geozones.render.standalone_map import app_folder
from geozones.render.typeface import typeface
from geozones.workspace.atlas import open_atlas
from geozones.workspace.doctor.storage import Check, Finding, backup_finding, doubtful, fine, wrong
from geozones.workspace.scenarios.backups import open_store
from geozones.workspace.scenarios.login import login_settings

#: Settings that Streamlit's login requires.
_NEEDED = ("redirect_uri", "cookie_secret", "client_id", "client_secret", "server_metadata_url")
_MODULES = ("authlib", "httpx")


def _fonts() -> Finding:
    from geozones.render.figure.fonts import width  # noqa: PLC0415 - matplotlib, only if asked

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
    """Return the contents of the secrets files; empty if there are none."""
    settings: dict[str, object] = {}
    for file in secrets_files():
        try:
            settings |= tomllib.loads(ordinary(file).read_text(encoding="utf-8"))
        except OSError as error:
            raise InputError(f"{file} ne peut pas être lu ({why(error)}).") from error
        except ValueError as error:
            raise InputError(f"{file} n'est pas du TOML lisible : corrigez-le.") from error
    return settings


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
    back, site = str(auth["redirect_uri"]), public_address()
    if site and not back.startswith(f"{site}/"):
        return wrong(
            f"redirect_uri de secrets.toml ({back}) n'est pas sous {VARIABLE} ({site}) : la "
            "connexion ramènerait ailleurs. Chaque territoire a son fichier de secrets."
        )
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


_KEPT_S = 1.0


class ReadinessReport(TypedDict):
    """Readiness report: ``checks`` has ``ok`` or a French error message for each check's key.

    ``folder`` is the data folder, empty if there is none. ``backup`` describes the last verified
    backup: an old backup does not make the app unready.
    """

    ready: bool
    checks: dict[str, str]
    backup: str
    folder: str


class Readiness:
    """Readiness check, cached for one second; safe to share between threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._answer: ReadinessReport | None = None
        self._until = 0.0
        self._read: tuple[tuple[str, int, int], ...] | None = None

    def answer(self) -> ReadinessReport:
        """Return whether the app is ready, with the error of each failed check."""
        with self._lock:
            if self._answer is None or monotonic() >= self._until:
                self._answer = self._look()
                self._until = monotonic() + _KEPT_S
            return self._answer

    def _look(self) -> ReadinessReport:
        checks = {"store": _result(_store), "data": _result(self._data)}
        backup = backup_finding().message
        return {
            "ready": set(checks.values()) == {"ok"},
            "checks": checks,
            "backup": backup,
            "folder": _folder(),
        }

    def _data(self) -> None:
        """Read the data folder if it changed since the last read."""
        folder = find_data_folder()
        files = _signature(folder)
        if files != self._read:
            self._read = None
            open_atlas(folder)
            self._read = files


def _result(check: Callable[[], None]) -> str:
    try:
        check()
    except GeozonesError as error:
        return str(error)
    return "ok"


def _folder() -> str:
    try:
        return str(find_data_folder().absolute())
    except DataFileError:
        return ""


def _store() -> None:
    """Create missing tables of this version; raise ``StoreError`` if the store fails.

    A read-only database would lose everybody's work: the check writes, then rolls back.
    """
    from geozones.store.state import look  # noqa: PLC0415 - SQLAlchemy, only if asked

    if not look(wait_s=2, writes=True).current:
        open_store().close()


def _signature(folder: Path) -> tuple[tuple[str, int, int], ...]:
    """Return the name, modification time and size of each file of a folder."""
    try:
        found = [(file, file.stat()) for file in sorted(folder.rglob("*")) if file.is_file()]
    except OSError as error:
        raise DataFileError(
            f"Le dossier de données {folder} ne peut pas être lu : {why(error)}."
        ) from error
    return tuple((str(file), status.st_mtime_ns, status.st_size) for file, status in found)

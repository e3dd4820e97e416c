"""Health check of an installation: one finding for each part that the app depends on."""

import os
import shutil
import tempfile
import tomllib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import cache
from importlib.util import find_spec
from itertools import islice
from pathlib import Path
from threading import Lock
from time import monotonic
from typing import TYPE_CHECKING, TypedDict
from urllib.parse import urlsplit

from geozones.common.bounds import is_date
from geozones.common.clock import now, today
from geozones.common.errors import DataFileError, GeozonesError, InputError
from geozones.common.files import home_folder, ordinary, why
from geozones.common.french import listing, long_date, number, plural, short_month
from geozones.common.settings_file import (
    VARIABLE,
    embed_sites,
    public_address,
)
from geozones.domain import EngineError, StoreError
from geozones.domain.terms import terms
from geozones.intake.directory import read_directory
from geozones.intake.manifest_file import find_data_folder
from geozones.intake.travel_tables import read_time_table
from geozones.render.standalone_map import app_folder
from geozones.render.typeface import typeface
from geozones.travel.engine_chain import engine_kind
from geozones.workspace.folder.atlas import Atlas, open_atlas
from geozones.workspace.roles import login_settings
from geozones.workspace.scenarios.backups import last_verified, open_store
from geozones.workspace.upkeep import first_month_kept

if TYPE_CHECKING:
    from geozones.store.store import StoreState


class FindingState(StrEnum):
    """State that a finding reports."""

    OK = "ok"
    WARNING = "warning"
    FAULT = "fault"


@dataclass(frozen=True, slots=True)
class Finding:
    """Result of a check: its state and a French sentence, which says what to do if needed."""

    state: FindingState
    message: str


@dataclass(frozen=True, slots=True)
class Check:
    """Check of one part that an installation depends on."""

    key: str  # Its key in JSON.
    label: str  # Its French label.
    #: Returns the finding; a ``GeozonesError`` that it raises counts as a fault.
    run: Callable[[], Finding]


def fine(message: str) -> Finding:
    """Return the finding that a part works."""
    return Finding(FindingState.OK, message)


def doubtful(message: str) -> Finding:
    """Return the finding that a part works but needs attention."""
    return Finding(FindingState.WARNING, message)


def wrong(message: str) -> Finding:
    """Return the finding that a part does not work."""
    return Finding(FindingState.FAULT, message)


#: Free bytes on the disk below which the check fails, and below which it warns.
_NO_ROOM, _LITTLE_ROOM = 100_000_000, 1_000_000_000
#: Days after which the last verified backup is too old.
_OLD_DAYS = 7


@cache
def store_state() -> "StoreState":
    """Return the state of the store, read once per run."""
    from geozones.store.store import look  # noqa: PLC0415 - SQLAlchemy, only if asked

    return look(writes=True, counts=True)


def _store() -> Finding:
    state = store_state()
    where = f"{state.kind}, {state.where}"
    if not state.there:
        return fine(f"{where} : la base sera créée au premier lancement.")
    if state.damaged:
        return wrong(
            f"{where} : {plural(state.damaged, 'élément illisible', 'éléments illisibles')}, que "
            "« geozones admin backup FICHIER » nomme ; retrouvez-les dans une sauvegarde."
        )
    if state.scenarios is None:
        return fine(f"{where} : la base répond.")
    return fine(f"{where} : {plural(state.scenarios, 'scénario')}, lecture et écriture.")


def _tables() -> Finding:
    state = store_state()
    if state.current:
        return fine(f"à jour ({state.revision}).")
    if state.fault:
        return wrong(f"cette base {state.fault}")
    if state.revision is None:
        return fine("elles seront faites au premier lancement.")
    return doubtful(
        f"elles sont de la version {state.revision} et seront mises à jour au prochain lancement. "
        "Faites d'abord une sauvegarde (geozones admin backup)."
    )


def backup_finding() -> Finding:
    """Return the age of the last verified backup, and whether its file still exists."""
    last = last_verified()
    if last is None:
        return doubtful(
            "aucune sauvegarde vérifiée : faites-en une par « geozones admin backup », et "
            "chaque nuit par « --every 24 »."
        )
    day = long_date(last.written) if is_date(last.written) else "d'une date inconnue"
    name = f"{last.file}, du {day}"
    if not last.is_there:
        return doubtful(f"{name} : le fichier n'est plus là, faites une sauvegarde.")
    # the time of a backup note; the earliest time if the text is not a date
    read = datetime.fromisoformat(last.verified) if is_date(last.verified) else datetime.min
    age = now() - (read if read.tzinfo else read.replace(tzinfo=UTC))
    if age < timedelta():
        return doubtful(f"{name}, relue à une date à venir : faites une sauvegarde.")
    if age > timedelta(days=_OLD_DAYS):
        return doubtful(f"{name}, relue il y a plus de {_OLD_DAYS} jours : faites une sauvegarde.")
    if last.left_out:
        left = plural(last.left_out, "élément illisible", "éléments illisibles")
        return doubtful(
            f"{name} : {left} n'y sont pas, « geozones admin verify » et « admin backup » "
            "les nomment."
        )
    return fine(f"{name}, relue en entier.")


def _backup() -> Finding:
    if last_verified() is None and not _holds_something():
        return fine("il n'y a encore rien à sauvegarder.")
    return backup_finding()


def _holds_something() -> bool:
    """Return whether there is anything to back up; true if the store does not answer."""
    try:
        return store_state().scenarios != 0 and store_state().there
    except StoreError:
        return True


def _disk() -> Finding:
    home = home_folder()
    # a missing folder will be created under its nearest existing parent
    folder = next(place for place in (home, *home.parents) if place.exists())
    try:
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(b"geozones")
            file.flush()
            os.fsync(file.fileno())
        free = shutil.disk_usage(folder).free
    except OSError as error:
        return wrong(
            f"le dossier {home} ne peut pas être écrit ({why(error)}). Indiquez-en un autre par "
            "GEOZONES_HOME, ou donnez ce droit au compte du service."
        )
    left = f"{number(free / 1e9, 1)} Go libres dans {home}"
    if free < _NO_ROOM:
        return wrong(f"{left} : libérez de la place, plus rien ne pourra être enregistré.")
    if free < _LITTLE_ROOM:
        return doubtful(f"{left} : libérez bientôt de la place.")
    return fine(f"{left}.")


STORAGE_CHECKS = (
    Check("store", "Base de scénarios", _store),
    Check("migrations", "Tables de la base", _tables),
    Check("backup", "Dernière sauvegarde vérifiée", _backup),
    Check("disk", "Disque", _disk),
)


def _log() -> Finding:
    log = store_state().log
    if log is None:
        return fine("rien à vérifier : la base n'a pas encore les tables de cette version.")
    if log.faults:
        return wrong(" ".join(log.faults))
    return fine(log.text)


def _journal() -> Finding:
    oldest = store_state().oldest_month
    if oldest is not None and oldest < first_month_kept(today()):
        return doubtful(
            f"des mois trop anciens sont gardés, depuis {short_month(oldest + '-01')}. Lancez "
            "« geozones admin nightly » chaque nuit : un mois est effacé par nuit."
        )
    return fine("aucun mois trop ancien n'est gardé.")


LOG_CHECKS = (
    Check("log", "Journal des actions", _log),
    Check("journal", "Journal de l'expérimentation", _journal),
)


@cache
def _atlas() -> Atlas:
    return open_atlas()


#: What is read only when a page or a file needs it; each names its file where that is damaged.
_READ_LATER: tuple[Callable[[Atlas], object], ...] = (
    lambda atlas: atlas.communes,
    lambda atlas: atlas.commune_frame,
    lambda atlas: atlas.borders,
    lambda atlas: atlas.rivers,
    lambda atlas: atlas.close_ground,
    lambda atlas: read_directory(atlas.data.path, atlas.lycees),
    lambda atlas: _reference_times(atlas.data.path / "temps_de_reference.csv"),
)


def _reference_times(path: Path) -> object:
    try:
        return read_time_table(path.read_bytes()) if path.exists() else None
    except GeozonesError as error:  # of a table that could be any
        raise DataFileError(f"{path.name} : {error}") from error


def _data() -> Finding:
    """Read every file of the folder; the faults of all are told together."""
    atlas = _atlas()
    faults = []
    for read in _READ_LATER:
        try:
            read(atlas)
        except GeozonesError as error:
            faults.append(str(error))
    if faults:
        return wrong(" ".join(dict.fromkeys(faults)))
    counts = (
        f"{terms().site.counted(len(atlas.lycees))}, {plural(len(atlas.plan.sectors), 'secteur')} "
        f"({atlas.data.path})."
    )
    if atlas.drives.notice:
        return doubtful(f"{counts} {atlas.drives.notice}")
    return fine(counts)


def _engines() -> Finding:
    """Ask each configured engine for one drive; an online engine is only constructed."""
    drives = _atlas().drives
    context = drives.context()
    two = dict(islice(drives.lycees.items(), 2))
    faults = []
    for name in drives.settings.engines:
        kind = engine_kind(name)
        try:
            engine = kind.make(drives.settings, context)
            if not kind.online:
                engine.matrix(two, two)
        except (EngineError, DataFileError) as error:
            faults.append(f"{name} : {error}")
    if faults:
        return wrong(" ".join(faults))
    return fine(f"{listing(drives.settings.engines)}, dans cet ordre.")


FOLDER_CHECKS = (
    Check("data", "Données", _data),
    Check("engines", "Moteurs de trajets", _engines),
)


#: Settings that Streamlit's login requires.
_NEEDED = ("redirect_uri", "cookie_secret", "client_id", "client_secret", "server_metadata_url")
_MODULES = ("authlib", "httpx")


def _fonts() -> Finding:
    from geozones.render.figure.canvas import width  # noqa: PLC0415 - only if asked

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


SET_UP_CHECKS = (
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
                checks = {"store": _result(_store_of_app), "data": _result(self._data)}
                backup = backup_finding().message
                self._answer = {
                    "ready": set(checks.values()) == {"ok"},
                    "checks": checks,
                    "backup": backup,
                    "folder": _folder(),
                }
                self._until = monotonic() + _KEPT_S
            return self._answer

    def _data(self) -> None:
        """Read the data folder if it changed since the last read."""
        folder = find_data_folder()
        try:
            found = [(file, file.stat()) for file in sorted(folder.rglob("*")) if file.is_file()]
        except OSError as error:
            raise DataFileError(
                f"Le dossier de données {folder} ne peut pas être lu : {why(error)}."
            ) from error
        files = tuple((str(file), status.st_mtime_ns, status.st_size) for file, status in found)
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


def _store_of_app() -> None:
    """Create missing tables of this version; raise ``StoreError`` if the store fails.

    A read-only database would lose everybody's work: the check writes, then rolls back.
    """
    from geozones.store.store import look  # noqa: PLC0415 - SQLAlchemy, only if asked

    if not look(wait_s=2, writes=True).current:
        open_store().close()


#: Every check, in the order of the report.
CHECKS = (*FOLDER_CHECKS, *STORAGE_CHECKS, *LOG_CHECKS, *SET_UP_CHECKS)


def examine() -> Iterator[tuple[Check, Finding]]:
    """Run every check and yield it with its finding; a failed check does not stop the next ones."""
    for check in CHECKS:
        try:
            yield check, check.run()
        except GeozonesError as error:
            yield check, wrong(str(error))

"""Messages for failures of the database: one French sentence that says what to do."""

import sqlite3
import stat

from sqlalchemy.exc import DBAPIError, SQLAlchemyError, TimeoutError  # noqa: A004

from geozones.domain import StoreError
from geozones.store.address import Address

_LOCKED = "est occupée par un autre programme", "réessayez dans un instant"
_GONE = (
    "est introuvable (déplacée, supprimée, ou son disque débranché)",
    "remettez-la en place ou vérifiez GEOZONES_DATABASE_URL",
)
_FORBIDDEN = (
    "ne peut pas être ouverte : l'accès à son fichier ou à son dossier est refusé",
    "demandez-en le droit pour le compte qui lance geozones",
)
_FULL = "est sur un disque plein", "libérez de la place, puis réessayez"
_READ_ONLY = "est en lecture seule", "demandez le droit d'y écrire, puis réessayez"
_NOT_ONE = (
    "n'est pas une base lisible ou elle est abîmée",
    "restaurez une sauvegarde dans une base neuve, ou vérifiez GEOZONES_DATABASE_URL",
)
_DISK = "ne peut être ni lue ni écrite : le disque est en défaut ou plein", "vérifiez-le"
_NO_SERVER = (
    "ne répond pas (serveur arrêté, en redémarrage, ou injoignable)",
    "réessayez dans un instant, puis prévenez son administrateur",
)
_REFUSED = (
    "refuse la connexion (compte, mot de passe ou nom de base)",
    "vérifiez GEOZONES_DATABASE_URL, ou prévenez son administrateur",
)
_CROWDED = "a trop de connexions ouvertes", "réessayez dans un instant"
_TABLES = (
    "n'a plus les tables attendues",
    "relancez geozones pour les refaire, ou restaurez une sauvegarde",
)
_OTHER = "a refusé l'opération", "réessayez, puis prévenez son administrateur"

_SQLITE = {
    sqlite3.SQLITE_BUSY: _LOCKED,
    sqlite3.SQLITE_LOCKED: _LOCKED,
    sqlite3.SQLITE_CANTOPEN: _GONE,
    sqlite3.SQLITE_FULL: _FULL,
    sqlite3.SQLITE_READONLY: _READ_ONLY,
    sqlite3.SQLITE_PERM: _READ_ONLY,
    sqlite3.SQLITE_NOTADB: _NOT_ONE,
    sqlite3.SQLITE_CORRUPT: _NOT_ONE,
    sqlite3.SQLITE_IOERR: _DISK,
}
#: SQLSTATE codes, or their first two letters (PostgreSQL's appendix A).
_POSTGRESQL = {
    "08": _NO_SERVER,
    "28": _REFUSED,
    "3D": _REFUSED,
    "53100": _FULL,
    "53": _CROWDED,
    "55P03": _LOCKED,
    "40": _LOCKED,
    "57014": _LOCKED,
    "57P": _NO_SERVER,
    "25006": _READ_ONLY,
    "42501": _READ_ONLY,
    "42P01": _TABLES,
    "58": _DISK,
}
_STARTING = "starting up", "shutting down", "in recovery", "not yet accepting"
_TOO_MANY = "too many", "connection slots"


def store_error(
    error: SQLAlchemyError | sqlite3.Error, address: Address, *, committing: bool = False
) -> StoreError:
    """Return the error to raise for a failure of the database; ``committing``: during the commit.

    The message quotes neither the statement, nor its values, nor a password.
    """
    lost = isinstance(error, DBAPIError) and error.connection_invalidated
    if committing and lost:
        return StoreError(
            f"La base de scénarios {address} s'est interrompue au moment d'enregistrer. "
            "Rouvrez le scénario pour voir si votre changement y est, et refaites-le sinon."
        )
    fault, todo = _NO_SERVER if lost else _reason(error)
    if fault is _GONE[0] and not _is_gone(address):
        fault, todo = _FORBIDDEN
    return StoreError(f"La base de scénarios {address} {fault} : rien n'a changé ; {todo}.")


def _is_gone(address: Address) -> bool:
    """Return whether the file is missing; SQLite reports missing and forbidden files alike."""
    try:
        return address.file is None or not stat.S_ISREG(address.file.stat().st_mode)
    except PermissionError:
        return False
    except OSError:
        return True


def is_locked(error: SQLAlchemyError | sqlite3.Error) -> bool:
    """Return whether another transaction holds the lock that was needed."""
    return _reason(error) is _LOCKED


def _reason(error: SQLAlchemyError | sqlite3.Error) -> tuple[str, str]:
    original = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(original, sqlite3.Error):
        if "no such table" in str(original):
            return _TABLES
        # The low byte is the family of the code.
        return _SQLITE.get(getattr(original, "sqlite_errorcode", 0) & 0xFF, _OTHER)
    state = getattr(original, "sqlstate", None)
    if state:
        reasons = (_POSTGRESQL.get(state[:length]) for length in (5, 3, 2))
        return next((reason for reason in reasons if reason), _OTHER)
    if isinstance(original, SQLAlchemyError):
        return _CROWDED if isinstance(original, TimeoutError) else _OTHER
    return _connection(str(original))


def _connection(message: str) -> tuple[str, str]:
    """Classify PostgreSQL's message on connecting, for which libpq gives no code."""
    if "FATAL" not in message or any(word in message for word in _STARTING):
        return _NO_SERVER
    return _CROWDED if any(word in message for word in _TOO_MANY) else _REFUSED

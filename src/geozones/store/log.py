"""Log of actions in the store: the triggers that guard it, reading."""

import re
from dataclasses import dataclass

from sqlalchemy import Connection, func, select, text

from geozones.common.french import listing, plural
from geozones.store.tables import ACTIONS

_SPACES = re.compile(r"\s+")
#: The text of each trigger of SQLite, as migration 0006 wrote it, and what it forbids.
_KEPT = "geozones_actions: an entry of the log is never changed nor removed"
_REFUSE = f"ON geozones_actions BEGIN SELECT RAISE(ABORT, '{_KEPT}'); END"
_TAKEN = (
    "BEFORE INSERT ON geozones_actions WHEN EXISTS (SELECT 1 FROM geozones_actions "
    "WHERE position = NEW.position) BEGIN SELECT RAISE(ABORT, "
    "'geozones_actions: this place of the log is taken'); END"
)
_SQLITE = {
    "geozones_actions_update": (f"BEFORE UPDATE {_REFUSE}", "la modification d'une ligne"),
    "geozones_actions_delete": (f"BEFORE DELETE {_REFUSE}", "la suppression d'une ligne"),
    "geozones_actions_insert": (_TAKEN, "le remplacement d'une ligne"),
}
_POSTGRESQL = "geozones_actions_kept"
#: A trigger of PostgreSQL: once a statement, before (2) DELETE (8), UPDATE (16), TRUNCATE (32).
_TYPE = 2 + 8 + 16 + 32
_QUERY = """
SELECT t.tgtype, t.tgenabled, t.tgqual IS NULL, p.prosrc
FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid
WHERE t.tgrelid = to_regclass('geozones_actions') AND t.tgname = 'geozones_actions_kept'
"""


def missing_guards(connection: Connection) -> tuple[str, ...]:
    """Return the triggers that are missing, disabled or altered, and what each forbade."""
    if connection.dialect.name == "postgresql":
        refused = "la modification et la suppression des lignes"
        found = connection.execute(text(_QUERY)).one_or_none()
        if found is None:
            return (f"{_POSTGRESQL} ({refused})",)
        kind, enabled, always, source = found
        # pg_trigger has the "char" O where the trigger fires, A where it fires on replicas too
        fires = str(getattr(enabled, "decode", lambda: enabled)()) in {"O", "A"}
        if (
            kind == _TYPE
            and fires
            and always
            and source.startswith(f"BEGIN RAISE EXCEPTION '{_KEPT}'")
        ):
            return ()
        return (f"{_POSTGRESQL} ({refused} ; il est là, mais désactivé ou modifié)",)
    query = text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
    there = {name: _SPACES.sub(" ", sql).strip() for name, sql in connection.execute(query)}
    return tuple(
        f"{name} ({refused})"
        for name, (wanted, refused) in _SQLITE.items()
        if there.get(name) != f"CREATE TRIGGER {name} {wanted}"
    )


@dataclass(frozen=True, slots=True)
class LogState:
    """State of the log."""

    entries: int  # Number of entries.
    sealed: int  # How many of them have the seal of an earlier version.
    unguarded: tuple[str, ...]  # The triggers that are missing.

    @property
    def text(self) -> str:
        """Return the number of entries, and of seals left aside, in French sentences."""
        if not self.entries:
            return "Aucune action n'a encore été faite."
        kept = f"{plural(self.entries, 'action')}."
        if not self.sealed:
            return kept
        seals = plural(self.sealed, "sceau", "sceaux")
        return (
            f"{kept} {seals} d'une version antérieure : plus vérifiés, gardés dans les sauvegardes."
        )

    @property
    def faults(self) -> tuple[str, ...]:
        """Return the faults, in French sentences; nothing for a log that the database guards."""
        gone = listing(self.unguarded)
        return (f"La base a perdu une protection du journal : {gone}.",) if gone else ()


def log_state(connection: Connection) -> LogState:
    """Count the entries of the log of a database and check its triggers."""
    entries = select(func.count()).select_from(ACTIONS)
    return LogState(
        connection.execute(entries).scalar_one(),
        connection.execute(entries.where(ACTIONS.c.seal != "")).scalar_one(),
        missing_guards(connection),
    )

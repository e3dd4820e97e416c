"""Log of actions in the store: guards against changes, reading, check, note of its last seal.

The database refuses to change or remove an entry of the log (triggers). Each is sealed with the one
before it under a key outside the database, so that what is done to the file or by the database's
own administrator shows.

The last seal is also noted outside the database (the anchor), in the home folder. Someone who can
change only the database cannot change the anchor: a log that was cut short or sealed again
contradicts it. One JSON file: ``{DATABASE: {"position", "seal", "at"}}``.
"""

import hashlib
import json
import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, text

from geozones.common.bounds import is_date
from geozones.common.errors import InputError
from geozones.common.files import home_folder, locked, why, write_atomically
from geozones.common.french import listing
from geozones.common.json_log import TelemetryEvent, record_event
from geozones.domain.actions import Action, Anchor, ChainCheck, anchor_fault, anchor_of, check_chain
from geozones.store import permissions
from geozones.store.address import Address
from geozones.store.permissions import StoreContext, key_fault, known_keys

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
        return _postgresql(connection)
    query = text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
    there = {name: _SPACES.sub(" ", sql).strip() for name, sql in connection.execute(query)}
    return tuple(
        f"{name} ({refused})"
        for name, (wanted, refused) in _SQLITE.items()
        if there.get(name) != f"CREATE TRIGGER {name} {wanted}"
    )


def _postgresql(connection: Connection) -> tuple[str, ...]:
    refused = "la modification et la suppression des lignes"
    found = connection.execute(text(_QUERY)).one_or_none()
    if found is None:
        return (f"{_POSTGRESQL} ({refused})",)
    kind, enabled, always, source = found
    # pg_trigger has the "char" O where the trigger fires, A where it fires on replicas too
    fires = str(getattr(enabled, "decode", lambda: enabled)()) in {"O", "A"}
    if kind == _TYPE and fires and always and source.startswith(f"BEGIN RAISE EXCEPTION '{_KEPT}'"):
        return ()
    return (f"{_POSTGRESQL} ({refused} ; il est là, mais désactivé ou modifié)",)


_FILE = "actions.anchors"


def anchors_file() -> Path:
    """Return the path of the file of anchors."""
    return home_folder() / _FILE


def read_anchor(address: Address) -> Anchor | None:
    """Return the anchor noted for a database; ``None`` if there is none."""
    entry = _read().get(_name(address))
    if entry is None:
        return None
    try:
        anchor = Anchor(int(entry["position"]), str(entry["seal"]), entry["at"])
    except (KeyError, TypeError, ValueError) as error:
        raise _altered() from error
    if not is_date(anchor.at):
        raise _altered()
    return anchor


def note_anchor(address: Address, anchor: Anchor | None) -> None:
    """Note the last seal of the log of a database; ``None`` removes the note."""
    with locked(anchors_file()):
        held = _read()
        held.pop(_name(address), None)
        if anchor is not None:
            held[_name(address)] = {
                "position": anchor.position,
                "seal": anchor.seal,
                "at": anchor.at,
            }
        write_atomically(anchors_file(), json.dumps(held, indent=1) + "\n", private=True)


def _read() -> dict[str, Any]:
    try:
        held = json.loads(anchors_file().read_bytes())
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise InputError(
            f"Les sceaux notés ({anchors_file()}) ne peuvent pas être lus : {why(error)}."
        ) from error
    except (ValueError, RecursionError) as error:
        raise _altered() from error
    if not isinstance(held, dict):
        raise _altered()
    return held


def _altered() -> InputError:
    return InputError(
        f"Le fichier des sceaux notés ({anchors_file()}) est altéré. Comparez le journal des "
        "actions à celui d'une sauvegarde, puis supprimez ce fichier."
    )


def _name(address: Address) -> str:
    """Return the key of a database in the file, without its password."""
    if address.file is not None:
        where = str(address.file.resolve())
    else:
        assert address.url is not None  # noqa: S101 - an address is one or the other
        where = address.url.set(password=None).render_as_string()
    return hashlib.sha256(where.encode(errors="surrogateescape")).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class LogState:
    """Result of checking the log."""

    chain: ChainCheck  # Result of checking its chain.
    lost: str  # How it contradicts the last seal noted outside the database; empty if it does not.
    unguarded: tuple[str, ...]  # The triggers that are missing.
    key: str  # What is wrong with the key of this machine; empty for nothing.
    last: Anchor | None  # Its last entry; ``None`` where it is empty.

    @property
    def faults(self) -> tuple[str, ...]:
        """Return the faults, in French sentences; nothing for a log that can be trusted."""
        broken = self.chain.text if self.chain.broken is not None else ""
        gone = listing(self.unguarded)
        unguarded = gone and f"La base a perdu une protection du journal : {gone}."
        return tuple(fault for fault in (broken, self.lost, unguarded) if fault)


@dataclass(frozen=True, slots=True)
class LogStore:
    """Log of the store."""

    context: StoreContext

    def actions(self, key: str | None = None, *, limit: int | None = None) -> tuple[Action, ...]:
        """Return the last ``limit`` entries, oldest first, of one scenario (id) or of all."""
        with self.context.reading() as connection:
            return tuple(permissions.read_actions(connection, key, limit).values)

    def state(self) -> LogState:
        """Check the whole log: its chain, its noted seal, its triggers, its key."""
        with self.context.reading() as connection:
            return log_state(connection, self.context.database.address)

    def note_seal(self, *, anew: bool = False) -> str:
        """Write the last seal to the service log and note it in the home folder.

        A log that contradicts the noted seal does not replace it, unless ``anew``. Return the fault
        that prevented the note; empty if the seal was noted.
        """
        address = self.context.database.address
        try:
            before = None if anew else read_anchor(address)
        except InputError as error:
            return str(error)
        with self.context.reading() as connection:
            log = tuple(permissions.read_actions(connection, limit=1).values)
            if before is not None:
                log = permissions.read_action(connection, before.position) + log
        last = anchor_of(log)
        parts = last.seal.split(".") if last is not None else []
        if last is not None and len(parts) == 3:
            key, digest, mac = parts
            record_event(
                TelemetryEvent.LOG_SEALED, position=last.position, key=key, digest=digest, mac=mac
            )
        lost = "" if before is None else anchor_fault(log, before)
        if not lost:
            try:
                note_anchor(address, last and replace(last, at=self.context.now()))
            except InputError as error:
                return str(error)
        return lost


def log_state(connection: Connection, address: Address) -> LogState:
    """Check the log of a database, without writing anything."""
    reading = permissions.read_actions(connection)
    log = reading.values
    chain = check_chain(log, known_keys())
    if reading.left_out and chain.broken is None:  # the last entry cannot be read
        chain = replace(chain, broken=len(log) + 1)
    lost = ""
    try:
        anchor = read_anchor(address)
    except InputError as error:
        lost = str(error)
    else:
        lost = "" if anchor is None else anchor_fault(log, anchor)
        if lost:
            lost += (
                f" Si cette base a été remplacée exprès, supprimez {anchors_file()} pour repartir "
                "de ce journal."
            )
    return LogState(
        chain,
        lost,
        missing_guards(connection),
        key_fault(),
        anchor_of(log),
    )

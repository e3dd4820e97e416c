"""Log of actions in the store: reading, check, note of its last seal."""

from dataclasses import dataclass, replace

from sqlalchemy import Connection

from geozones.common.errors import InputError
from geozones.common.french import listing
from geozones.common.telemetry import TelemetryEvent, record_event
from geozones.domain.actions import Action
from geozones.domain.log_chain import Anchor, ChainCheck, anchor_fault, anchor_of, check_chain
from geozones.store import actions
from geozones.store.address import Address
from geozones.store.anchors import anchors_file, note_anchor, read_anchor
from geozones.store.log_guards import missing_guards
from geozones.store.log_keys import key_fault, known_keys
from geozones.store.permissions import StoreContext


@dataclass(frozen=True, slots=True)
class LogState:
    """Result of checking the log.

    Parameters
    ----------
    chain
        Result of checking its chain.
    lost
        How it contradicts the last seal noted outside the database; empty if it does not.
    unguarded
        The triggers that are missing.
    key
        What is wrong with the key of this machine; empty for nothing.
    last
        Its last entry; ``None`` where it is empty.
    """

    chain: ChainCheck
    lost: str
    unguarded: tuple[str, ...]
    key: str
    last: Anchor | None

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
        """Return the log, oldest first: all of it, or the last entries of one scenario (id)."""
        with self.context.reading() as connection:
            return tuple(actions.read(connection, key, limit).values)

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
            log = tuple(actions.read(connection, limit=1).values)
            if before is not None:
                log = actions.read_entry(connection, before.position) + log
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
    reading = actions.read(connection)
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

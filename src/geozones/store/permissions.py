"""Base of the store: database, clock, and the caller's permissions, checked in transactions."""

import copy
from typing import TYPE_CHECKING, Any, Self

from sqlalchemy import Connection

from geozones.domain.access import Access, StoreCaller
from geozones.domain.actions import Action, ActionKind
from geozones.store import actions, members, rows
from geozones.store.log_keys import sealing_key

if TYPE_CHECKING:
    from collections.abc import Callable

    from geozones.store.database import Database

#: Caller of a store opened without `by`, as commands open it: the user of the machine, who may do
#: everything.
AT_THE_MACHINE = StoreCaller("poste local", everything=True, alone=True)


class HeldStore:
    """Base of the store: checks the caller's permissions in every transaction."""

    _database: "Database"
    _clock: "Callable[[], str]"
    _hand: StoreCaller = AT_THE_MACHINE
    _least: Access = Access.READER

    def by(self, hand: StoreCaller, least: Access | None = None) -> Self:
        """Return the same store with another caller.

        ``least`` is the lowest access that the caller must have on each scenario that is touched,
        even where the store itself asks for less.
        """
        held = copy.copy(self)
        vars(held).update(_hand=hand, _least=least or Access.READER)
        return held

    def _require(self, connection: Connection, key: str, needed: Access) -> None:
        """Raise ``AccessError`` if the caller lacks an access to a scenario (id)."""
        needed = max(needed, self._least, key=lambda access: access.rank)
        members.require(connection, key, self._hand, needed)

    def _require_voices(self, connection: Connection, key: str, needed: Access) -> None:
        """Check the caller's access to the comments of a scenario, which may be deleted."""
        if rows.exists(connection, key):
            self._require(connection, key, needed)

    def _take(
        self, connection: Connection, key: str, version: int, needed: Access = Access.EDITOR
    ) -> None:
        """Lock a scenario for the transaction; check its version and the caller's access."""
        rows.take(connection, key, version)
        self._require(connection, key, needed)

    def _log(
        self,
        connection: Connection,
        deed: ActionKind,
        key: str = "",
        *,
        name: str | None = None,
        **detail: Any,  # noqa: ANN401 - JSON values
    ) -> None:
        """Append an entry to the log, last in a transaction because other writers wait for it."""
        if name is None:
            name = rows.name_of(connection, key) if key else ""
        entry = Action(0, self._clock(), self._hand.name, deed.value, key, name, detail)
        actions.append(connection, entry, sealing_key())

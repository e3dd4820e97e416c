"""Base of the store: database, clock, and the caller's permissions, checked in transactions."""

import copy
from typing import TYPE_CHECKING, Any, Self

from sqlalchemy import Connection

from geozones.domain.access import Access, Hand
from geozones.domain.actions import Action, Deed
from geozones.store import actions, members, rows
from geozones.store.log_keys import sealing_key

if TYPE_CHECKING:
    from collections.abc import Callable

    from geozones.store.database import Database

#: Whoever opens the store by itself, as commands do: the machine's user, to whom all is open.
AT_THE_MACHINE = Hand("poste local", everything=True, alone=True)


class HeldStore:
    """A store in someone's hands: what is theirs to do is checked in each transaction."""

    _database: "Database"
    _clock: "Callable[[], str]"
    _hand: Hand = AT_THE_MACHINE
    _least: Access = Access.READER

    def by(self, hand: Hand, least: Access | None = None) -> Self:
        """Return the same store in someone's hands.

        ``least`` is what they must be allowed on each scenario that is touched, even where the
        store itself asks for less.
        """
        held = copy.copy(self)
        vars(held).update(_hand=hand, _least=least or Access.READER)
        return held

    def _require(self, connection: Connection, key: str, needed: Access) -> None:
        """Refuse what someone may not do with a scenario (id), with ``AccessError``."""
        needed = max(needed, self._least, key=lambda access: access.rank)
        members.require(connection, key, self._hand, needed)

    def _require_voices(self, connection: Connection, key: str, needed: Access) -> None:
        """Refuse what someone may not do with what was said of a scenario, which may be gone."""
        if rows.exists(connection, key):
            self._require(connection, key, needed)

    def _take(
        self, connection: Connection, key: str, version: int, needed: Access = Access.EDITOR
    ) -> None:
        """Lock a scenario for the transaction, if it is still at this version, and theirs."""
        rows.take(connection, key, version)
        self._require(connection, key, needed)

    def _log(
        self,
        connection: Connection,
        deed: Deed,
        key: str = "",
        *,
        name: str | None = None,
        **detail: Any,  # noqa: ANN401 - JSON values
    ) -> None:
        """Write an entry of the log; the last thing of a transaction, as others wait for it."""
        if name is None:
            name = rows.name_of(connection, key) if key else ""
        entry = Action(0, self._clock(), self._hand.name, deed.value, key, name, detail)
        actions.append(connection, entry, sealing_key())

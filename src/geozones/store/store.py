"""Store of scenarios: opened, backed up and restored."""

import contextlib
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from geozones.common.errors import InputError
from geozones.domain.access import Access, ActionKind, StoreCaller
from geozones.store.address import read_address
from geozones.store.backup import Backup, read_file, read_store, restore_file, write_file
from geozones.store.database import Database, create_file, utc_stamp
from geozones.store.permissions import StoreContext
from geozones.store.state import upgrade


def open_store(
    url: str | None = None, *, clock: Callable[[], str] = utc_stamp, wait_s: float = 5.0
) -> "Store":
    """Open the store; create its database or upgrade its tables if needed.

    ``url`` is ``sqlite:////folder/file.db`` or ``postgresql://user:password@host/database``;
    without it ``GEOZONES_DATABASE_URL``, else the file ``scenarios.db`` of the home folder.
    ``clock`` returns the time (ISO 8601, UTC); ``wait_s`` is the longest wait for a lock.
    """
    address = read_address(url)
    if address.file:
        create_file(address.file)
    database = Database(address, wait_s)
    with contextlib.ExitStack() as undo:
        undo.callback(database.engine.dispose)
        upgrade(database, wait_s)
        undo.pop_all()
    return Store(StoreContext(database, clock))


class Store:
    """Scenarios, their versions and what is in force, in a database; made by `open_store`.

    Threads may share it. Use cases open its transactions (`context`), which raise ``StoreError`` if
    the database fails, with nothing half-written.
    """

    def __init__(self, context: StoreContext) -> None:
        self.context = context

    def __repr__(self) -> str:
        return f"Store({str(self.context.database.address)!r})"

    def by(self, caller: StoreCaller, least: Access | None = None) -> "Store":
        """Return the same store with another caller.

        ``least`` is the lowest access that the caller must have on each scenario that is touched,
        even where the store itself asks for less.
        """
        return Store(replace(self.context, caller=caller, least=least or Access.READER))

    def close(self) -> None:
        """Close the connections; a later call would open new ones."""
        self.context.database.engine.dispose()

    def backup(self, path: Path) -> Backup:
        """Write every scenario, frozen copy and publication to one JSON file, as one snapshot.

        Only its owner may read it, like the database. It is read back before it is renamed. What
        cannot be read is left out and named in the result.
        """
        self._not_the_database(path)
        with self.context.reading() as connection:
            content, left_out = read_store(connection)
        return write_file(path, content, left_out, self.context.now())

    def restore(self, path: Path) -> Backup:
        """Restore from a backup file what the store lacks, in one transaction.

        A scenario that the store holds unchanged is left; a scenario whose id holds other
        content (an older one, say) is written under a new id. Publications must follow those that
        the store has, since their order determines which plan is in force. Stored data never
        change. What cannot be restored is left out and named in the result.
        """
        file = read_file(path)
        with self.context.writing() as connection:
            done = restore_file(connection, file, path)
            self.context.log(
                connection,
                ActionKind.RESTORED,
                file=path.name,
                scenarios=done.scenarios,
                left_out=len(done.left_out),
            )
        return done

    def _not_the_database(self, path: Path) -> None:
        file = self.context.database.address.file
        if file is None:
            return
        real = Path(os.path.realpath(file))
        own = {real, *(real.with_name(real.name + end) for end in ("-wal", "-shm", "-journal"))}
        if Path(os.path.realpath(path)) in own:
            raise InputError(
                f"{path} est la base de scénarios elle-même : donnez un autre nom à la sauvegarde."
            )

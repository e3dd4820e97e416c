"""Store of scenarios: the interface that the rest of geozones uses."""

import contextlib
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from geozones.common.errors import InputError
from geozones.common.json_text import write_json
from geozones.domain import (
    DamagedScenarioError,
    Decision,
    Event,
    Scenario,
    ScenarioStatus,
    ScenarioSummary,
)
from geozones.domain.access import Access, access_of, checked_members, first_members
from geozones.domain.actions import ActionKind
from geozones.domain.left_out import LeftOut
from geozones.records.event_tree import tree_faults
from geozones.records.kinds import DECISION, EVENT, SCENARIO
from geozones.store import comments, links, members, opinions, rows
from geozones.store.address import read_address
from geozones.store.backup import Backup, read_file, write_file
from geozones.store.backup_lists import read_store
from geozones.store.checks import check_key, refuse, refusing
from geozones.store.clock import utc_now
from geozones.store.comments import VoiceStore
from geozones.store.database import Database, create_file
from geozones.store.erasing import ErasingStore
from geozones.store.field_journal import JournalStore
from geozones.store.log import LogStore
from geozones.store.opinions import OpinionStore
from geozones.store.presence import PresenceStore
from geozones.store.publications import PublicationStore
from geozones.store.restoring import restore_file
from geozones.store.upgrade import upgrade
from geozones.store.versions import VersionStore

_SCENARIO = "Ce scénario ne peut pas être enregistré"
_CHANGES = "Ces changements ne peuvent pas être enregistrés"


def open_store(
    url: str | None = None, *, clock: Callable[[], str] = utc_now, wait_s: float = 5.0
) -> "Store":
    """Open the store; create its database or upgrade its tables if needed.

    Parameters
    ----------
    url
        ``sqlite:////folder/file.db`` or ``postgresql://user:password@host/database``; without it
        ``GEOZONES_DATABASE_URL``, else the file ``scenarios.db`` of the home folder.
    clock
        Returns the time, ISO 8601 in UTC.
    wait_s
        Longest wait for a lock, in seconds.

    Raises
    ------
    InputError
        If the URL names no SQLite or PostgreSQL database.
    StoreError
        If the database cannot be opened, is not one, or was made by a newer version.
    """
    address = read_address(url)
    if address.file:
        create_file(address.file)
    database = Database(address, wait_s)
    with contextlib.ExitStack() as undo:
        undo.callback(database.engine.dispose)
        upgrade(database, wait_s)
        undo.pop_all()
    return Store(database, clock)


class Store(
    VersionStore,
    PublicationStore,
    VoiceStore,
    OpinionStore,
    JournalStore,
    ErasingStore,
    PresenceStore,
    LogStore,
):
    """Scenarios and publications in a database; threads may share it. Made by ``open_store``.

    Every method raises ``StoreError`` if the database fails, with nothing half-written,
    ``UnknownScenarioError`` for an id that leads nowhere, and ``DamagedScenarioError`` for a
    scenario that cannot be read any more. A method that takes ``version``, the version of
    the scenario that its caller read, raises ``ConflictError`` and writes nothing if someone wrote
    it since, else returns the new version. An action that the caller (see `by`) may not do
    raises ``AccessError`` and writes nothing. Every write of a scenario is in the log.
    """

    def __init__(self, database: Database, clock: Callable[[], str]) -> None:
        self._database = database
        self._clock = clock

    def __repr__(self) -> str:
        return f"Store({str(self._database.address)!r})"

    def close(self) -> None:
        """Close the connections; a later call would open new ones."""
        self._database.engine.dispose()

    def create(self, scenario: Scenario) -> Scenario:
        """Write a new scenario with its events, and return it as stored, at version 1.

        Raises
        ------
        InputError
            If its id is taken, or a value cannot be stored.
        """
        created = replace(scenario, version=1, updated=self._clock())
        with refusing(_SCENARIO):
            SCENARIO.checked(created)
        with self._database.writing() as connection:
            if rows.exists(connection, created.id):
                refuse(["un autre a déjà ce code"], _SCENARIO)
            rows.insert(connection, created)
            members.write(connection, created.id, first_members(self._hand))
            self._log(connection, ActionKind.CREATED, created.id, events=len(created.events))
        return created

    def get(self, key: str) -> Scenario:
        """Read a scenario with every event, in the order they were written."""
        with self._database.reading() as connection:
            self._require(connection, key, Access.READER)
            return rows.read(connection, key)

    def list(self, *, archived: bool = False) -> tuple[ScenarioSummary, ...]:
        """List scenarios that the caller may read, last updated first; ``archived``: also archived.

        Scenarios whose row is damaged are left out: see `damaged`.
        """
        with self._database.reading() as connection:
            open_to = members.readable(connection, self._hand)
            lines = rows.summaries(connection, archived=archived)[0]
        return tuple(line for line in lines if open_to is None or line.id in open_to)

    def damaged(self) -> tuple[DamagedScenarioError, ...]:
        """Return the fault of each scenario whose row cannot be read, archived or not."""
        with self._database.reading() as connection:
            return rows.summaries(connection, archived=True)[1]

    def append(self, key: str, events: Sequence[Event], head: str | None, *, version: int) -> int:
        """Write new events and the new head, together.

        Raises
        ------
        InputError
            If an event is already stored, lacks its parent, or cannot be stored.
        """
        with self._database.writing() as connection:
            self._take(connection, key, version)
            named = (*(event.id for event in events), *(event.parent for event in events), head)
            known = rows.known_depths(connection, key, named)
            with refusing(_CHANGES):
                for event in events:
                    EVENT.checked(event)
            refuse(tree_faults(events, head, known), _CHANGES)
            depth = rows.depths(events, known)
            rows.insert_events(connection, key, events, depth)
            moves = depth[head] if head is not None else 0
            self._change(connection, key, version, head=head, moves=moves)
            deed = ActionKind.CHANGED if events else ActionKind.WENT
            kinds = [event.kind for event in events]
            self._log(connection, deed, key, kinds=kinds, ids=[e.id for e in events], head=head)
        return version + 1

    def move_head(self, key: str, head: str | None, *, version: int) -> int:
        """Set the last event applied; ``None`` for the base plan.

        Raises
        ------
        InputError
            If there is no such event.
        """
        return self.append(key, (), head, version=version)

    def update(  # noqa: PLR0913 - one keyword a field
        self,
        key: str,
        *,
        version: int,
        name: str | None = None,
        description: str | None = None,
        status: ScenarioStatus | None = None,
        decisions: Sequence[Decision] | None = None,
        archived: bool | None = None,
    ) -> int:
        """Write the fields given of a scenario; the others do not change.

        Raises
        ------
        InputError
            If a value cannot be stored.
        """
        given: dict[str, Any] = {
            "name": name,
            "description": description,
            "status": status,
            "decisions": None if decisions is None else tuple(decisions),
            "archived": archived,
        }
        given = {field: value for field, value in given.items() if value is not None}
        with refusing(_SCENARIO):
            SCENARIO.check_fields(given)
        if "decisions" in given:
            given["decisions"] = write_json(list(map(DECISION.to_json, given["decisions"])))
        if "status" in given:
            given["status"] = given["status"].value
        needed = Access.EDITOR if archived is None else Access.OWNER
        with self._database.writing() as connection:
            self._take(connection, key, version, needed)
            self._change(connection, key, version, **given)
            if archived is not None:
                self._log(
                    connection, ActionKind.ARCHIVED if archived else ActionKind.UNARCHIVED, key
                )
            if given.keys() - {"archived"}:
                self._log(connection, ActionKind.DESCRIBED, key, fields=sorted(given))
        return version + 1

    def delete(self, key: str) -> None:
        """Delete a scenario and its events, for good; its frozen copies stay."""
        check_key(key)
        with self._database.writing() as connection:
            self._require(connection, key, Access.OWNER)
            name = rows.name_of(connection, key)
            rows.delete(connection, key)
            self._log(connection, ActionKind.DELETED, key, name=name)

    def members(self, key: str) -> dict[str, Access]:
        """Return the members of a scenario and the access of each."""
        with self._database.reading() as connection:
            self._require(connection, key, Access.READER)
            return members.read(connection, key)

    def access(self, key: str) -> Access:
        """Return the caller's access to a scenario that they may read."""
        if self._hand.everything:
            return Access.OWNER
        return access_of(self.members(key), self._hand.person) or Access.READER

    def open_to(self, key: str, allowed: Mapping[str, Access]) -> None:
        """Set the members of a scenario and their access; only its owner may.

        Raises
        ------
        InputError
            If the scenario would have no owner.
        """
        written = checked_members(allowed)
        with self._database.writing() as connection:
            self._require(connection, key, Access.OWNER)
            members.write(connection, key, written)
            said = {person: access.value for person, access in written.items()}
            self._log(connection, ActionKind.OPENED_TO, key, members=said)

    def left_out(self, key: str | None = None) -> tuple[LeftOut, ...]:
        """Return notices of unreadable entries: of one scenario (id), or of the whole store."""
        with self._database.reading() as connection:
            if key is None:
                return read_store(connection)[1]
            self._require(connection, key, Access.READER)
            return (
                *members.read_all(connection, key).left_out,
                *links.read_all(connection, key).left_out,
                *comments.read_all(connection, scenario=key).left_out,
                *opinions.read_questions(connection, key).left_out,
                *opinions.read_opinions_of(connection, key).left_out,
            )

    def backup(self, path: Path) -> Backup:
        """Write every scenario, frozen copy and publication to one JSON file, as one snapshot.

        Only its owner may read it, like the database. It is read back before it is renamed. What
        cannot be read is left out and named in the result.

        Raises
        ------
        InputError
            If the file cannot be written, or is the database itself; it is then unchanged.
        """
        self._not_the_database(path)
        with self._database.reading() as connection:
            content, left_out = read_store(connection)
        written = write_file(path, content, left_out, self._clock())
        self.note_seal()
        return written

    def restore(self, path: Path) -> Backup:
        """Restore from a backup file what the store lacks, in one transaction.

        A scenario that the store holds unchanged is left; a scenario whose id holds other
        content (an older one, say) is written under a new id. Publications must follow those that
        the store has, since their order determines which plan is in force. Stored data never
        change. What cannot be restored is left out and named in the result.

        Raises
        ------
        InputError
            If the file itself cannot be read; nothing is written then.
        """
        file = read_file(path)
        with self._database.writing() as connection:
            done = restore_file(connection, file, path)
            self._log(
                connection,
                ActionKind.RESTORED,
                file=path.name,
                scenarios=done.scenarios,
                left_out=len(done.left_out),
                log_faults=len(done.log_faults),
            )
        self.note_seal(anew=True)
        return done

    def _change(self, connection: Connection, key: str, version: int, **values: Any) -> None:  # noqa: ANN401 - of any column
        rows.change(connection, key, version=version + 1, updated=self._clock(), **values)

    def _not_the_database(self, path: Path) -> None:
        file = self._database.address.file
        if file is None:
            return
        real = Path(os.path.realpath(file))
        own = {real, *(real.with_name(real.name + end) for end in ("-wal", "-shm", "-journal"))}
        if Path(os.path.realpath(path)) in own:
            msg = (
                f"{path} est la base de scénarios elle-même : donnez un autre nom à la sauvegarde."
            )
            raise InputError(msg)

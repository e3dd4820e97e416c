"""Scenarios and links of a store by their use cases, without a territory nor its checks."""

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from hashlib import sha256
from types import MappingProxyType, SimpleNamespace
from typing import Any, cast
from unittest.mock import patch

import psycopg

from geozones.domain import (
    DamagedScenarioError,
    Decision,
    Event,
    Publication,
    Scenario,
    ScenarioStatus,
    ScenarioSummary,
    StoreError,
)
from geozones.domain.access import GUEST, Access, Action, SharedLink
from geozones.domain.errors import LeftOut
from geozones.domain.field_journal import Journal, JournalFile, JournalMonth
from geozones.store import LogState, Store, feature_rows, permissions, versions
from geozones.store.backup import read_store
from geozones.workspace import ledger
from geozones.workspace.ledger import Ledger, read_ledger
from geozones.workspace.roles import VISITOR, Actor, Requirement, Role
from geozones.workspace.scenarios import links, presence, service
from geozones.workspace.scenarios.links import Links
from geozones.workspace.scenarios.open_scenario import Work
from geozones.workspace.scenarios.service import Scenarios

_LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
_NOWHERE: Any = SimpleNamespace(territory=SimpleNamespace(atlas=None))
_NOWHERE.home = _NOWHERE


def actor_of(store: Store) -> Actor:
    """Return the caller of a store as the use cases know them."""
    caller = store.context.caller
    if caller.name == GUEST.name:
        return VISITOR
    return Actor(caller.name, Role.ADMINISTRATOR if caller.everything else Role.PLANNER)


def left_out_of(store: Store) -> tuple[LeftOut, ...]:
    """Return the notices of all that a store has and cannot read."""
    with store.context.reading() as connection:
        return read_store(connection)[1]


def months_of(store: Store) -> tuple[str, ...]:
    """Return the rows of the journal that a store has, by file and month."""
    with store.context.reading() as connection:
        return feature_rows.read_contents(connection)


def files_of(store: Store) -> tuple[JournalFile, ...]:
    """Return the journal files that a store has, in the order of import."""
    with store.context.reading() as connection:
        files = feature_rows.read_files(connection).values
    return tuple(sorted(files, key=lambda file: (file.at, file.id)))


def journal_file(key: str, journal: Journal) -> JournalFile:
    """Return the file of a journal, an invented one; ``key`` tells files apart."""
    first, last = journal.period or ("", "")
    return JournalFile(
        sha256(key.encode()).hexdigest(),
        "export.csv",
        "",
        "Ada",
        journal.rows,
        str(first),
        str(last),
        invented=True,
        report=("dit",),
    )


def store_journal(store: Store, file: JournalFile, months: Mapping[str, str]) -> None:
    """Insert a file of a journal and its rows by month, with or without the feature that does."""
    with store.context.writing() as connection:
        feature_rows.insert_file(connection, replace(file, at=store.context.now()))
        rows = [JournalMonth(file.id, month, content) for month, content in months.items()]
        feature_rows.insert_months(connection, rows)


def published_in(store: Store) -> tuple[Publication, ...]:
    """Return the publications and withdrawals of a store, in the order of writing."""
    return _ledger(store).entries[1:]


def never_approved_in(store: Store) -> tuple[Publication, ...]:
    return _ledger(store).never_approved


def damaged_in(store: Store) -> tuple[DamagedScenarioError, ...]:
    """Return the errors of the publications that cannot be read."""
    return _ledger(store).damaged


def _ledger(store: Store) -> Ledger:
    shipped = Publication("shipped", "2020-01-01", "")
    with patch.object(ledger, "shipped_publication", lambda _: shipped):
        found = read_ledger(cast("Any", None), lambda: store, "2026-06-01")
    if found.problem:
        raise StoreError(found.problem)
    return found


class _Unnamed(Scenarios):
    """Scenarios whose names do not follow their changes."""

    def _name(self, work: Work) -> str:
        return work.name


@contextmanager
def _keeping(figures: Mapping[str, Any]) -> Iterator[None]:
    """Keep these figures with a version, in place of those of its plan."""
    with (
        patch.object(links, "figures_to_keep", lambda *_: figures),
        patch.object(service, "figures_to_keep", lambda *_: figures),
    ):
        yield


def _work(key: str, version: int) -> Work:
    """Return a work of a stored scenario, as read at a version."""
    stored = Scenario(key, "", {}, "", "", "", "", version=version, head="\0")
    history: Any = SimpleNamespace(base=None, state=None, head="\0", events=())
    return Work(history, stored)


@dataclass(frozen=True)
class StoredScenarios:
    """Scenarios of a store."""

    store: Store

    def _uses(self, day: str = "2025-06-12") -> Scenarios:
        at = datetime.fromisoformat(day)
        return _Unnamed(_NOWHERE, lambda: self.store, actor_of(self.store), lambda: at)

    def create(self, scenario: Scenario) -> Scenario:
        return self._uses().let_in(Requirement(Role.PLANNER))._created(scenario)

    def get(self, key: str) -> Scenario:
        return self._uses().let_in(Requirement(Role.READER, Access.READER))._stored(key)[0]

    def list(self, *, archived: bool = False) -> tuple[ScenarioSummary, ...]:
        return self._uses().list(archived=archived)

    def damaged(self) -> tuple[DamagedScenarioError, ...]:
        return self._uses().damaged()

    def append(self, key: str, events: Sequence[Event], head: str | None, *, version: int) -> int:
        """Append events to a scenario as it was at a version; return the version written."""
        work = _work(key, version)
        history: Any = SimpleNamespace(base=None, head=head, events=tuple(events))
        grown = Work(history, work.scenario, pending=tuple(events))
        written = self._uses().let_in(Requirement(Role.PLANNER))._written(grown)
        assert written.scenario is not None
        return written.scenario.version

    def move_head(self, key: str, head: str | None, *, version: int) -> int:
        return self.append(key, (), head, version=version)

    def update(self, key: str, *, version: int, archived: bool | None = None, **texts: str) -> int:
        """Describe a scenario as it was at a version, or archive it; return the version written."""
        work = _work(key, version)
        if archived is not None:
            return self._uses().archive(work, archived=archived).saved.version
        with patch.object(service, "_required", lambda text, *_: text):
            return self._uses().describe(work, **texts).saved.version

    def decide(
        self,
        key: str,
        status: ScenarioStatus,
        decision: Decision,
        *,
        version: int,
        figures: Mapping[str, Any] = MappingProxyType({}),
    ) -> Scenario:
        """Decide on a scenario as it was at a version, in the name of the store's caller."""
        with _keeping(figures):
            decided = self._uses(decision.at).decide(_work(key, version), status, decision.text)
        return decided.saved

    def delete(self, key: str) -> None:
        self._uses().delete(key)

    def members(self, key: str) -> dict[str, Access]:
        return self._uses().members(key)

    def access(self, key: str) -> Access:
        return self._uses().access(key)

    def open_to(self, key: str, members: Mapping[str, Access]) -> None:
        self._uses().open_to(key, members)

    def actions(self, key: str | None = None, *, limit: int | None = None) -> tuple[Action, ...]:
        with self.store.context.reading() as connection:
            return tuple(permissions.read_actions(connection, key, limit).values)

    def left_out(self, key: str) -> tuple[LeftOut, ...]:
        return self._uses().left_out(key)

    def attend(self, key: str, session: str, since: str) -> None:
        """Note a session of the store's caller; forget those last seen before a time."""
        context = self.store.context
        with context.writing() as connection:
            context.require(connection, key, Access.READER)
            presence._note(connection, context, key, session, since)

    def attending(self, key: str, since: str) -> tuple[int | None, tuple[tuple[str, str], ...]]:
        return presence._seen(self.store.context, key, since)

    def log_state(self) -> LogState:
        return self._uses().log_state()


@dataclass(frozen=True)
class StoredLinks:
    """Read-only links of a store, and the versions that they show."""

    store: Store

    def _uses(self) -> Links:
        return Links(_NOWHERE, lambda: self.store, actor_of(self.store), lambda: _LONG_AGO)

    def freeze(
        self,
        key: str,
        *,
        version: int,
        expires: str = "",
        comments: bool = False,
        figures: Mapping[str, Any] = MappingProxyType({}),
    ) -> str:
        """Freeze a scenario as it is at a version; return the token."""
        with _keeping(figures):
            return self._uses().freeze(_work(key, version), expires, comments=comments)

    def links(self, key: str) -> tuple[SharedLink, ...]:
        return self._uses().of_scenario(key)

    def withdraw_link(self, token: str) -> None:
        self._uses().withdraw(token)

    def link(self, token: str) -> SharedLink | None:
        with self.store.context.reading() as connection:
            return versions.read(connection, token)

    def get(self, token: str) -> Scenario:
        with self.store.context.reading() as connection:
            return versions.read_frozen(connection, token).scenario

    def figures(self, token: str) -> Mapping[str, Any]:
        with self.store.context.reading() as connection:
            return versions.read_frozen(connection, token).figures


def order(url: str, *orders: str) -> None:
    """Give orders to the database behind the store's back."""
    if url.startswith("sqlite"):
        connection = sqlite3.connect(url.removeprefix("sqlite:///"))
        for text in orders:
            connection.execute(text)
        connection.commit()
        connection.close()
    else:
        with psycopg.connect(url) as server:
            for text in orders:
                server.execute(text)

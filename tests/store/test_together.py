"""Whose scenarios are, who is there, and the log: one suite over SQLite and PostgreSQL."""

import json
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from geozones.common.errors import InputError
from geozones.domain import Event, Scenario, UnknownScenarioError
from geozones.domain.access import EVERYONE, Access, AccessError, StoreCaller
from geozones.store import Store
from geozones.workspace.roles import NotAllowedError
from helpers.fixture_types import Make
from helpers.stored import StoredScenarios
from tests.store.test_damage import order

ADA, BOB, EVE = (
    StoreCaller("ada@r.example"),
    StoreCaller("bob@r.example"),
    StoreCaller("eve@r.example"),
)
FORGED = (
    "geozones_actions SELECT position, at, 'eve', what, scenario, name, detail, seal "
    "FROM geozones_actions WHERE position = 1"
)
ADMIN = StoreCaller("root@r.example", everything=True)


@pytest.fixture
def key(store: Store, scenario_of: Make[Scenario]) -> str:
    """A scenario that Ada made, which Bob may change and nobody else may see."""
    made = StoredScenarios(store.by(ADA)).create(scenario_of()).id
    StoredScenarios(store.by(ADA)).open_to(
        made, {ADA.name: Access.OWNER, " Bob@R.example ": Access.EDITOR}
    )
    return made


def version(store: Store, key: str) -> int:
    return StoredScenarios(store).get(key).version


def test_an_editor_edits_an_owner_owns_and_an_administrator_does_everything(
    store: Store, key: str, event_of: Make[Event]
) -> None:
    at = StoredScenarios(store.by(BOB)).append(key, [event_of("a")], "a", version=1)
    at = StoredScenarios(store.by(ADA)).update(key, version=at, archived=True)
    StoredScenarios(store.by(ADMIN)).open_to(key, {BOB.name: Access.OWNER, EVERYONE: Access.READER})
    assert StoredScenarios(store.by(EVE)).get(key).archived
    with pytest.raises(AccessError, match=r"à son propriétaire \(bob@r.example\)"):
        StoredScenarios(store.by(ADA)).append(key, [event_of("b", "a")], "b", version=at)
    with pytest.raises(NotAllowedError):
        StoredScenarios(store.by(BOB)).delete(key)
    StoredScenarios(store.by(ADMIN)).delete(key)
    for caller in (ADMIN, BOB):
        with pytest.raises(UnknownScenarioError):
            StoredScenarios(store.by(caller)).get(key)


def test_what_is_made_where_nobody_logs_in_is_for_everyone_afterwards(
    store: Store, scenario_of: Make[Scenario], event_of: Make[Event]
) -> None:
    made = StoredScenarios(store).create(scenario_of()).id
    assert StoredScenarios(store.by(EVE)).append(made, [event_of("a")], "a", version=1) == 2
    logged = StoredScenarios(store.by(ADA)).create(scenario_of()).id
    assert StoredScenarios(store.by(EVE)).get(logged).id == logged
    assert {line.id for line in StoredScenarios(store.by(EVE)).list()} == {made, logged}
    with pytest.raises(AccessError):
        StoredScenarios(store.by(EVE)).append(logged, [event_of("a")], "a", version=1)


@pytest.mark.parametrize(
    "wrong",
    [{}, {"a": Access.EDITOR}, {EVERYONE: Access.OWNER}, {"": Access.OWNER}, {"a\0": Access.OWNER}],
)
def test_a_scenario_always_has_an_owner(store: Store, key: str, wrong: dict[str, Access]) -> None:
    with pytest.raises(InputError):
        StoredScenarios(store).open_to(key, wrong)
    assert StoredScenarios(store).members(key)[ADA.name] is Access.OWNER


def test_a_spoilt_access_opens_a_scenario_to_nobody(store: Store, url: str, key: str) -> None:
    StoredScenarios(store).open_to(key, {ADA.name: Access.OWNER, EVERYONE: Access.READER})
    assert [line.id for line in StoredScenarios(store.by(EVE)).list()] == [key]
    order(url, "UPDATE geozones_members SET access = 'king' WHERE person = '*'")
    assert StoredScenarios(store.by(EVE)).list() == ()
    with pytest.raises(AccessError):
        StoredScenarios(store.by(EVE)).get(key)


def test_who_was_seen_lately_is_there(opened: Make[Store], url: str, key: str) -> None:
    now = "2025-06-12T10:00:00.000+00:00"
    store = opened(url, clock=lambda: now)
    StoredScenarios(store.by(ADA)).attend(key, "s1", "2025")
    StoredScenarios(store.by(BOB)).attend(key, "s2", "2025")
    assert StoredScenarios(store).attending(key, "2025-06-12T09:58") == (
        1,
        (("s1", ADA.name), ("s2", BOB.name)),
    )
    assert StoredScenarios(store).attending(key, "2025-06-12T10:01") == (1, ())
    now = "2025-06-12T11:00:00.000+00:00"
    StoredScenarios(store.by(BOB)).attend(key, "s2", "2025-06-12T10:30")
    assert StoredScenarios(store).attending(key, "2025")[1] == (("s2", BOB.name),)
    StoredScenarios(store).delete(key)
    assert StoredScenarios(store).attending(key, "2025") == (None, ())
    StoredScenarios(store).attend(key, "s2", "2025")  # gone: nothing to attend, nothing to say


def test_everything_done_is_in_the_log_deletions_included(
    store: Store, key: str, event_of: Make[Event]
) -> None:
    at = StoredScenarios(store.by(BOB)).append(key, [event_of("a")], "a", version=1)
    StoredScenarios(store.by(ADA)).update(key, version=at, name="Racan")
    StoredScenarios(store.by(ADMIN)).delete(key)
    log = StoredScenarios(store).actions(key)
    assert [(entry.who, entry.what, entry.name) for entry in log] == [
        (ADA.name, "create", "Variante du 11 juin"),
        (ADA.name, "members", "Variante du 11 juin"),
        (BOB.name, "change", "Variante du 11 juin"),
        (ADA.name, "describe", "Racan"),
        (ADMIN.name, "delete", "Racan"),
    ]
    assert log[2].detail == {"kinds": ["move"], "ids": ["a"], "head": "a"}
    assert log[1].detail["members"] == {ADA.name: "owner", BOB.name: "editor"}
    assert StoredScenarios(store).log_state().faults == ()
    assert [entry.what for entry in StoredScenarios(store).actions(limit=2)] == [
        "describe",
        "delete",
    ]


@pytest.mark.parametrize(
    "forgery",
    [
        "UPDATE geozones_actions SET who = 'eve'",
        "DELETE FROM geozones_actions WHERE position = 1",
        f"INSERT INTO {FORGED}",
        f"REPLACE INTO {FORGED}",
        "TRUNCATE geozones_actions",
    ],
)
def test_the_database_refuses_to_change_the_log(
    store: Store, url: str, key: str, forgery: str
) -> None:
    before = StoredScenarios(store).actions(key)
    if forgery[:8] in ({"TRUNCATE"} if url.startswith("sqlite") else {"REPLACE "}):
        pytest.skip("another database's word")
    with pytest.raises(DBAPIError), store.context.database.engine.begin() as connection:
        connection.execute(text(forgery))
    assert StoredScenarios(store).actions(key) == before


def test_a_refused_write_leaves_no_entry(store: Store, key: str, event_of: Make[Event]) -> None:
    before = StoredScenarios(store).actions()
    with pytest.raises(InputError):
        StoredScenarios(store).append(key, [event_of("a", "lost")], "a", version=1)
    assert StoredScenarios(store).actions() == before


def test_a_backup_holds_members_and_log_and_gives_them_back(
    store: Store, opened: Make[Store], tmp_path: Path, key: str
) -> None:
    file = store.backup(tmp_path / "b.json").path
    other = opened(tmp_path / "other.db")
    other.restore(file)
    assert StoredScenarios(other).members(key) == StoredScenarios(store).members(key)
    assert StoredScenarios(other).actions()[:-1] == StoredScenarios(store).actions()
    assert StoredScenarios(other).actions()[-1].what == "restore"
    assert StoredScenarios(other).log_state().faults == ()
    # once its own log goes on, that of a file is not taken over it
    other.restore(file)
    assert [entry.what for entry in StoredScenarios(other).actions()] == [
        "create", "members", "restore", "restore",
    ]  # fmt: skip
    document = json.loads(file.read_text())
    for name in ("links", "members", "actions", "comments", "questions", "opinions", "journal"):
        del document[name]
    del document["journal_months"], document["publications"]
    file.write_text(json.dumps(document | {"version": 1}))
    old = opened(tmp_path / "old.db")
    old.restore(file)
    assert StoredScenarios(old).members(key) == {EVERYONE: Access.EDITOR, "ada": Access.OWNER}

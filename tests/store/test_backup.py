"""Backup and restore: a round trip, and files that are cut, from the future, or hostile."""

import json
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from geozones.common.errors import InputError
from geozones.domain import Decision, Event, Scenario, ScenarioStatus, StoreError
from geozones.store import Backup, Store, backup
from helpers.fixture_types import Make
from helpers.slow_params import slow_but
from helpers.stored import StoredLinks, StoredScenarios
from tests.store.conftest import Cluster

#: What is refused or damaged is found by the same code on both; tests of locks say that they run
#: on both.
DATABASES = slow_but(["sqlite", "postgresql"], "sqlite")

AWKWARD = "<script>alert(1)</script> =cmd|'x'!A1 « é » 🏫"


@pytest.fixture
def full(
    opened: Make[Store], tmp_path: Path, scenario_of: Make[Scenario], event_of: Make[Event]
) -> Store:
    """A SQLite store with two scenarios, branches, decisions and a frozen copy."""
    store = opened(tmp_path / "full.db")
    events = (event_of("a"), event_of("b", "a", why=AWKWARD), event_of("c", "a"))
    first = StoredScenarios(store).create(
        scenario_of(
            id="first",
            name=AWKWARD,
            events=events,
            head="c",
            status=ScenarioStatus.KEPT,
            decisions=(Decision("2025-03-12", "oui", "Grace"),),
        )
    )
    StoredLinks(store).freeze(first.id, version=1)
    StoredScenarios(store).append(first.id, [event_of("d", "c")], "d", version=1)
    StoredScenarios(store).create(scenario_of(id="second", archived=True))
    return store


@pytest.fixture
def file(full: Store, tmp_path: Path) -> Path:
    """Its backup."""
    return full.backup(tmp_path / "sauvegarde.json").path


def undated(done: Backup) -> Backup:
    return replace(done, written="")


def everything(store: Store) -> dict[str, Scenario]:
    return {
        line.id: StoredScenarios(store).get(line.id)
        for line in StoredScenarios(store).list(archived=True)
    }


def test_a_backup_is_restored_whole_in_another_store(full: Store, file: Path, store: Store) -> None:
    assert undated(store.restore(file)) == Backup(file, scenarios=2, events=4, links=1)
    assert everything(store) == everything(full)
    token = json.loads(file.read_text())["frozen"][0]["scenario"]["id"]
    assert StoredLinks(store).get(token) == StoredLinks(full).get(token)
    again = store.backup(file.with_name("again.json"))
    first, second = (json.loads(path.read_text()) for path in (file, again.path))
    assert second["actions"].pop()["what"] == "restore"
    assert {**first, "written": ""} == {**second, "written": ""}


def test_what_is_there_already_the_same_is_left(file: Path, store: Store) -> None:
    store.restore(file)
    before = everything(store)
    assert undated(store.restore(file)) == Backup(file, scenarios=0, events=0, skipped=2)
    assert everything(store) == before


def test_a_scenario_that_changed_since_is_restored_beside_it_under_a_new_id(
    file: Path, store: Store, full: Store
) -> None:
    store.restore(file)
    StoredScenarios(store).update("first", version=2, name="autre")
    changed = StoredScenarios(store).get("first")
    done = store.restore(file)
    ((old, new),) = done.renamed
    assert (old, done.scenarios, done.events, done.skipped) == ("first", 1, 4, 1)
    assert StoredScenarios(store).get("first") == changed
    assert StoredScenarios(store).get(new) == replace(StoredScenarios(full).get("first"), id=new)


@pytest.mark.parametrize("kept", [0, 1, 40, 400, -2, -1, *(n / 10 for n in range(1, 10))])
def test_a_truncated_file_is_refused_whole(file: Path, store: Store, kept: float) -> None:
    """Cut after so many bytes, or at a share of its length."""
    whole = file.read_bytes()
    file.write_bytes(whole[: kept if isinstance(kept, int) else int(kept * len(whole))])
    assert_refused(store, file, "tronqué")


def assert_refused(store: Store, file: Path, *words: str) -> None:
    with pytest.raises(InputError) as caught:
        store.restore(file)
    message = str(caught.value)
    assert message.startswith("Cette sauvegarde ne peut pas être restaurée : ")
    assert message.endswith("rien n'a été enregistré.")
    assert all(word in message for word in words), message
    assert len(message) < 1500
    assert StoredScenarios(store).list(archived=True) == ()


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"version": 6}, "mettez geozones à jour"),
        ({"publications": None}, "« publications »"),
        ({"opinions": {}}, "« opinions »"),
        ({"inventé": []}, "« inventé »"),
        ({"version": True}, "autre version"),
        ({"version": None}, "autre version"),
        ({"format": "geozones.plan"}, "ce n'est pas une sauvegarde"),
        ({"scenarios": {}}, "« scenarios »"),
        ({"frozen": None}, "« frozen »"),
    ],
)
def test_a_file_from_the_future_or_of_another_kind_is_refused(
    file: Path, store: Store, changes: dict[str, Any], word: str
) -> None:
    file.write_text(json.dumps({**json.loads(file.read_text()), **changes}))
    assert_refused(store, file, word)


@pytest.mark.parametrize(
    ("path", "value", "word"),
    [
        (["name"], 3, "« name » doit être un texte"),
        (["name"], "a\0", "illisible"),
        (["name"], "\ud800", "illisible"),
        (["name"], "x" * 100_001, "plus de 100000 caractères"),
        (["id"], "../<b>", "« id »"),
        (["status"], "inventé", "« status »"),
        (["version"], 10**30, "« version »"),
        (["version"], True, "« version »"),
        (["archived"], "non", "« archived »"),
        (["created"], "hier", "« created »"),
        (["base"], [], "« base »"),
        (["base"], {"x": float("inf")}, "« base »"),
        (["decisions"], {}, "« decisions »"),
        (["decisions", 0], "oui", "« decisions n° 1 »"),
        (["decisions", 0, "at"], "un jour", "« decisions n° 1 at »"),
        (["decisions", 0, "text"], None, "« decisions n° 1 text »"),
        (["decisions", 0, "version"], "3", "« decisions n° 1 version »"),
        (["head"], "nulle-part", "dernier changement"),
        (["events"], None, "« events »"),
        (["events", 1, "id"], "a", "il y est déjà"),
        (["events", 1, "parent"], "d", "n'existe pas"),
        (["events", 1, "data"], "x", "« events n° 2 data »"),
        (["events", 1, "at"], "x" * 9999, "« events n° 2 at »"),
        (["events", 1, "extra"], 1, "« extra » est inconnu"),
        (["x" * 9999], 1, "est inconnu"),
    ],
)
def test_one_wrong_field_and_its_scenario_is_left_out_and_named(
    file: Path, store: Store, path: list[Any], value: object, word: str
) -> None:
    document = json.loads(file.read_text())
    place = next(item for item in document["scenarios"] if item["id"] == "first")
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    file.write_text(json.dumps(document))
    (notice,) = store.restore(file).left_out
    assert notice.what.startswith("scénario ")
    assert word in notice.reason
    assert len(str(notice)) < 1500
    assert set(everything(store)) == {"second"}


@pytest.mark.parametrize("field", ["name", "events", "base", "head"])
def test_a_missing_field_is_named(file: Path, store: Store, field: str) -> None:
    document = json.loads(file.read_text())
    del document["scenarios"][0][field]
    file.write_text(json.dumps(document))
    (notice,) = store.restore(file).left_out
    assert f"il manque « {field} »" in notice.reason


@pytest.mark.parametrize(
    "content",
    [
        b"[" * 200_000,
        b'{"format":' * 50_000,
        b"[]",
        b"null",
        b'"geozones.scenarios"',
        b"\xff\xfe\x00",
        b"PK\x03\x04" + bytes(200),
        b'{"n":' + b"9" * 10_000 + b"}",
    ],
)
def test_a_file_made_to_hurt_is_refused(file: Path, store: Store, content: bytes) -> None:
    file.write_bytes(content)
    assert_refused(store, file)


def test_deep_nesting_inside_a_plan_is_refused(file: Path, store: Store) -> None:
    document = json.loads(file.read_text())
    text = json.dumps(document).replace('"sectors": []', '"sectors": ' + "[" * 5000 + "]" * 5000, 1)
    file.write_text(text)
    try:
        json.loads(text)
    except RecursionError:
        assert_refused(store, file)
    else:
        (notice,) = store.restore(file).left_out
        assert "niveaux" in notice.reason
        assert set(everything(store)) == {"second"}


def test_a_frozen_copy_that_exists_is_not_replaced_and_the_rest_is_restored(
    file: Path, store: Store
) -> None:
    store.restore(file)
    document = json.loads(file.read_text())
    token = document["frozen"][0]["scenario"]["id"]
    before = StoredLinks(store).get(token)
    document["frozen"][0]["scenario"]["name"] = "autre"
    document["scenarios"][0]["id"] = "third"
    file.write_text(json.dumps(document))
    (notice,) = store.restore(file).left_out
    assert notice.what == f"copie figée {token}"
    assert "existe déjà avec un autre contenu" in notice.reason
    assert StoredLinks(store).get(token) == before
    assert set(everything(store)) == {"first", "second", "third"}


@pytest.mark.parametrize("wrong", [('"first"', '"/"'), ("alert(1)", "alert(2)")])
def test_a_backup_that_would_not_be_read_back_leaves_the_one_before(
    file: Path, full: Store, monkeypatch: pytest.MonkeyPatch, wrong: tuple[str, str]
) -> None:
    """One entry is refused, or a text is another one."""
    before = file.read_bytes()
    whole = backup.to_text
    monkeypatch.setattr(backup, "to_text", lambda *held: whole(*held).replace(*wrong))
    with pytest.raises(InputError, match="ne se relit pas"):
        full.backup(file)
    assert file.read_bytes() == before


@pytest.mark.parametrize("kind", ["missing", "folder", "huge", "pipe"])
def test_a_path_that_is_no_backup_is_refused(store: Store, tmp_path: Path, kind: str) -> None:
    path = tmp_path / "x.json"
    if kind == "folder":
        path.mkdir()
    elif kind == "huge":
        path.touch()
        os.truncate(path, 2_000_000_000)  # a hole: it takes no room
    elif kind == "pipe":
        os.mkfifo(path)
    assert_refused(store, path, str(path))


@pytest.mark.parametrize("url", ["sqlite", "postgresql"], indirect=True)
def test_a_restore_that_fails_half_way_writes_nothing(file: Path, store: Store) -> None:
    orders = []

    @event.listens_for(store.context.database.engine, "before_cursor_execute", retval=True)
    def spoil(*details: Any) -> tuple[str, Any]:
        orders.append(details[2])
        spoiled = details[2].startswith("INSERT INTO geozones_frozen")
        return ("SELECT * FROM nowhere" if spoiled else details[2]), details[3]

    with pytest.raises(StoreError, match="rien n'a changé"):
        store.restore(file)
    assert any(order.startswith("INSERT INTO geozones_events") for order in orders)
    event.remove(store.context.database.engine, "before_cursor_execute", spoil)
    assert StoredScenarios(store).list(archived=True) == ()
    assert store.restore(file).scenarios == 2


def test_a_backup_over_the_database_itself_is_refused(
    opened: Make[Store], sqlite_file: Path, scenario_of: Make[Scenario]
) -> None:
    store = opened(sqlite_file)
    created = StoredScenarios(store).create(scenario_of())
    link = sqlite_file.with_name("link.json")
    link.symlink_to(sqlite_file)
    for path in (sqlite_file, link, sqlite_file.with_name("scenarios.db-wal")):
        with pytest.raises(InputError, match="la base de scénarios elle-même"):
            store.backup(path)
    assert StoredScenarios(store).get(created.id) == created


def test_a_backup_that_cannot_be_written_leaves_the_one_before(store: Store, file: Path) -> None:
    before = file.read_bytes()
    with pytest.raises(InputError, match="rien n'a changé"):
        store.backup(file / "x.json")
    with pytest.raises(InputError, match="rien n'a changé"):
        store.backup(Path("/dev/full"))
    assert file.read_bytes() == before


def test_a_server_that_restarts_during_a_backup_is_said_and_the_next_one_is_whole(
    opened: Make[Store],
    cluster: Cluster,
    postgresql_url: str,
    scenario_of: Make[Scenario],
    tmp_path: Path,
) -> None:
    store = opened(postgresql_url)
    StoredScenarios(store).create(scenario_of())
    before = store.backup(tmp_path / "b.json").path.read_bytes()
    restarts = []

    def restart(_connection: object, *details: Any) -> None:
        if not restarts and "geozones_comments" in details[1]:
            restarts.append(True)
            cluster.stop("immediate")
            cluster.start()

    event.listen(store.context.database.engine, "before_cursor_execute", restart)
    with pytest.raises(StoreError, match="ne répond pas"):
        store.backup(tmp_path / "b.json")
    assert restarts
    assert (tmp_path / "b.json").read_bytes() == before
    assert store.backup(tmp_path / "b.json").scenarios == 1


def test_a_database_that_may_only_be_read_is_backed_up(
    opened: Make[Store],
    cluster: Cluster,
    database: str,
    scenario_of: Make[Scenario],
    tmp_path: Path,
) -> None:
    created = StoredScenarios(opened(cluster.url(database))).create(scenario_of())
    cluster.execute(f"ALTER DATABASE {database} SET default_transaction_read_only = on")
    done = opened(cluster.url(database)).backup(tmp_path / "b.json")
    other = opened(tmp_path / "other.db")
    assert other.restore(done.path).left_out == ()
    assert StoredScenarios(other).get(created.id) == created


def test_a_database_that_is_gone_leaves_the_backup_before(
    opened: Make[Store], sqlite_file: Path, scenario_of: Make[Scenario], tmp_path: Path
) -> None:
    store = opened(sqlite_file)
    StoredScenarios(store).create(scenario_of())
    before = store.backup(tmp_path / "b.json").path.read_bytes()
    sqlite_file.unlink()
    with pytest.raises(StoreError, match="introuvable"):
        store.backup(tmp_path / "b.json")
    assert (tmp_path / "b.json").read_bytes() == before

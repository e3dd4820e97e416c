"""What every store does, its links too: one suite over SQLite and PostgreSQL."""

import json
import os
import pwd
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, make_url

from geozones.common.errors import InputError
from geozones.domain import (
    ConflictError,
    Decision,
    Event,
    Scenario,
    ScenarioStatus,
    ScenarioSummary,
    StoreError,
    UnknownScenarioError,
)
from geozones.domain.access import DeadLinkError
from geozones.store import Store, open_store
from geozones.store.store import look
from geozones.workspace.scenarios.links import linked
from helpers.fixture_types import Make
from helpers.stored import StoredLinks, StoredScenarios

AWKWARD = "Lycée « Ô'Brien » — <b>x</b>\n=1+1;\"'; DROP TABLE geozones_events; -- 🏫 ÿ %s {} \\"


def test_a_scenario_is_read_as_it_was_written(
    store: Store, scenario_of: Make[Scenario], event_of: Make[Event]
) -> None:
    scenario = scenario_of(
        name=AWKWARD,
        description=AWKWARD,
        base={"zones": [{"name": AWKWARD + "\0", "x": [1, 2.5, None, True]}]},
        status=ScenarioStatus.TO_ARBITRATE,
        decisions=(Decision("2025-03-12", AWKWARD, "Ada"), Decision("2025-03-13", "non")),
        events=(
            event_of("a", data={"why": AWKWARD, "n": 2**53, "deep": {"er": []}}),
            event_of("c", "a", why=AWKWARD),
            event_of("b", "a", kind="merge", author="Grace"),
        ),
        head="c",
        archived=True,
    )
    created = StoredScenarios(store).create(scenario)
    assert created == replace(scenario, version=1, updated=created.updated)
    assert StoredScenarios(store).get(scenario.id) == created


def test_a_creation_is_dated_by_the_clock_and_starts_at_version_one(
    opened: Make[Store], url: str, scenario_of: Make[Scenario]
) -> None:
    store = opened(url, clock=lambda: "2031-01-01T00:00:00+00:00")
    created = StoredScenarios(store).create(scenario_of(version=7))
    assert (created.version, created.updated) == (1, "2031-01-01T00:00:00+00:00")


def test_an_id_is_taken_once(store: Store, scenario_of: Make[Scenario]) -> None:
    first = StoredScenarios(store).create(scenario_of())
    with pytest.raises(InputError, match="déjà ce code"):
        StoredScenarios(store).create(scenario_of(id=first.id, name="autre"))
    assert StoredScenarios(store).get(first.id) == first


def test_events_are_kept_in_the_order_they_were_written(
    store: Store, scenario_of: Make[Scenario], event_of: Make[Event]
) -> None:
    scenario = StoredScenarios(store).create(scenario_of())
    version = StoredScenarios(store).append(
        scenario.id, [event_of("z"), event_of("m", "z")], "m", version=1
    )
    version = StoredScenarios(store).append(
        scenario.id, [event_of("a", "m", why="relu")], "a", version=version
    )
    stored = StoredScenarios(store).get(scenario.id)
    assert stored.events == (event_of("z"), event_of("m", "z"), event_of("a", "m", why="relu"))
    assert (stored.head, stored.version, version) == ("a", 3, 3)
    assert stored.updated > scenario.updated


def test_undo_moves_the_head_and_an_edit_there_branches(
    store: Store, scenario_of: Make[Scenario], event_of: Make[Event]
) -> None:
    key = (
        StoredScenarios(store)
        .create(scenario_of(events=(event_of("a"), event_of("b", "a")), head="b"))
        .id
    )
    version = StoredScenarios(store).move_head(key, "a", version=1)
    version = StoredScenarios(store).append(key, [event_of("c", "a")], "c", version=version)
    version = StoredScenarios(store).move_head(key, None, version=version)
    version = StoredScenarios(store).append(key, [event_of("d")], "d", version=version)
    assert [entry.id for entry in StoredScenarios(store).get(key).events] == ["a", "b", "c", "d"]
    assert summary_of(store, key).moves == 1
    StoredScenarios(store).move_head(key, "b", version=version)
    assert summary_of(store, key).moves == 2


def summary_of(store: Store, key: str) -> ScenarioSummary:
    return next(line for line in StoredScenarios(store).list(archived=True) if line.id == key)


def test_a_write_on_an_older_version_is_refused_and_says_which_is_stored(
    store: Store, scenario_of: Make[Scenario], event_of: Make[Event]
) -> None:
    key = StoredScenarios(store).create(scenario_of()).id
    StoredScenarios(store).append(key, [event_of("a")], "a", version=1)
    before = StoredScenarios(store).get(key)
    writes: list[Callable[[], object]] = [
        lambda: StoredScenarios(store).append(key, [event_of("b")], "b", version=1),
        lambda: StoredScenarios(store).move_head(key, None, version=1),
        lambda: StoredScenarios(store).update(key, version=1, name="autre"),
        lambda: StoredLinks(store).freeze(key, version=1),
        lambda: StoredScenarios(store).append(key, [event_of("b")], "b", version=3),
    ]
    for write in writes:
        with pytest.raises(ConflictError, match="entre-temps") as caught:
            write()
        assert caught.value.version == 2
    assert StoredScenarios(store).get(key) == before


@pytest.mark.parametrize(
    ("wrong", "head", "message"),
    [
        ({"key": "a"}, "a", "il y est déjà"),
        ({"key": "c", "parent": "lost"}, "c", "qui le précède n'existe pas"),
        ({"key": "c", "parent": "\ud800\0"}, "c", "« parent » doit être un code"),
        ({"key": "c", "parent": "c"}, "c", "qui le précède n'existe pas"),
        ({"key": "c"}, "lost", "dernier changement appliqué n'existe pas"),
        ({"key": "c", "data": {"x": float("nan")}}, "c", "JSON"),
        ({"key": "c", "data": {"x": {1, 2}}}, "c", "JSON"),
        ({"key": "c", "why": "a\0b"}, "c", "illisible"),
        ({"key": "c", "author": "\ud800"}, "c", "illisible"),
        ({"key": "c", "at": "demain"}, "c", "date ISO 8601"),
        ({"key": "<b>"}, "<b>", "« id » doit être un code"),
        ({"key": "\ud800\0"}, "\ud800\0", "« id » doit être un code"),
        ({"key": "x" * 101}, None, "« id » doit être un code"),
    ],
)
def test_an_event_that_cannot_be_kept_takes_its_whole_batch_with_it(
    store: Store,
    scenario_of: Make[Scenario],
    event_of: Make[Event],
    wrong: dict[str, object],
    head: str,
    message: str,
) -> None:
    created = StoredScenarios(store).create(scenario_of(events=(event_of("a"),), head="a"))
    with pytest.raises(InputError, match=message):
        StoredScenarios(store).append(
            created.id, [event_of("b", "a"), event_of(**wrong)], head, version=1
        )
    assert StoredScenarios(store).get(created.id) == created
    assert StoredScenarios(store).append(created.id, [event_of("b", "a")], "b", version=1) == 2


def test_a_batch_larger_than_one_order_is_checked_and_kept_whole(
    store: Store, scenario_of: Make[Scenario], event_of: Make[Event]
) -> None:
    key = StoredScenarios(store).create(scenario_of()).id
    chain = [event_of(f"e{n}", f"e{n - 1}" if n else None) for n in range(1200)]
    StoredScenarios(store).append(key, chain[:700], "e699", version=1)
    with pytest.raises(InputError, match="e650 : il y est déjà"):
        StoredScenarios(store).append(
            key, [*chain[700:], event_of("e650", "e1")], "e1199", version=2
        )
    StoredScenarios(store).append(key, chain[700:], "e1199", version=2)
    assert StoredScenarios(store).get(key).events == tuple(chain)
    assert summary_of(store, key).moves == 1200


def test_an_update_changes_only_what_is_given(store: Store, scenario_of: Make[Scenario]) -> None:
    created = StoredScenarios(store).create(scenario_of(description="au départ"))
    note = Decision("2025-03-12", "arbitré en comité")
    decided = StoredScenarios(store).decide(created.id, ScenarioStatus.KEPT, note, version=1)
    StoredScenarios(store).update(created.id, version=2, name="Retenue")
    StoredScenarios(store).update(created.id, version=3, archived=True)
    version = StoredScenarios(store).update(created.id, version=4, description="")
    stored = StoredScenarios(store).get(created.id)
    assert stored == replace(
        decided,
        name="Retenue",
        description="",
        archived=True,
        version=version,
        updated=stored.updated,
    )
    StoredScenarios(store).update(created.id, version=5, archived=False)
    again = StoredScenarios(store).get(created.id)
    assert again == replace(stored, archived=False, version=6, updated=again.updated)


def test_the_list_is_newest_first_without_what_is_archived(
    store: Store, scenario_of: Make[Scenario]
) -> None:
    a, b, c = (StoredScenarios(store).create(scenario_of(name=name)).id for name in "abc")
    assert [line.id for line in StoredScenarios(store).list()] == [c, b, a]
    StoredScenarios(store).decide(
        a, ScenarioStatus.DISCARDED, Decision("2025-03-12", "non"), version=1
    )
    StoredScenarios(store).update(b, version=1, archived=True)
    assert [line.name for line in StoredScenarios(store).list()] == ["a", "c"]
    assert [(line.name, line.archived) for line in StoredScenarios(store).list(archived=True)] == [
        ("b", True),
        ("a", False),
        ("c", False),
    ]
    stored = StoredScenarios(store).get(a)
    assert StoredScenarios(store).list()[0] == ScenarioSummary(
        a, "a", ScenarioStatus.DISCARDED, "Ada", stored.created, stored.updated, 0, archived=False
    )


def test_what_is_deleted_is_gone_with_its_events_and_nothing_else(
    store: Store, scenario_of: Make[Scenario], event_of: Make[Event]
) -> None:
    chain = (event_of("a"), event_of("b", "a"), event_of("c", "b"))
    gone, kept = (
        StoredScenarios(store).create(scenario_of(events=chain, head="c")) for _ in range(2)
    )
    StoredScenarios(store).delete(gone.id)
    with pytest.raises(UnknownScenarioError):
        StoredScenarios(store).get(gone.id)
    assert StoredScenarios(store).get(kept.id) == kept
    again = StoredScenarios(store).create(replace(gone, events=(), head=None))
    assert StoredScenarios(store).get(gone.id) == again


@pytest.mark.parametrize("key", ["nulle-part", "", "a\0b", "\ud800", "' OR 1=1 --", "x" * 9999])
def test_an_id_that_leads_nowhere_is_said_everywhere(
    store: Store, scenario_of: Make[Scenario], key: str
) -> None:
    kept = StoredScenarios(store).create(scenario_of())
    calls: list[Callable[[], object]] = [
        lambda: StoredScenarios(store).get(key),
        lambda: StoredScenarios(store).append(key, [], None, version=1),
        lambda: StoredScenarios(store).update(key, version=1, name="x"),
        lambda: StoredScenarios(store).delete(key),
        lambda: StoredLinks(store).freeze(key, version=1),
        lambda: StoredLinks(store).get(key),
        lambda: StoredScenarios(store).decide(
            key, ScenarioStatus.KEPT, Decision("2025-03-12", "x"), version=1
        ),
    ]
    for call in calls:
        with pytest.raises(UnknownScenarioError, match="Aucun scénario"):
            call()
    assert StoredScenarios(store).list() == (summary_of(store, kept.id),)


def test_a_frozen_copy_never_changes(
    store: Store, scenario_of: Make[Scenario], event_of: Make[Event]
) -> None:
    created = StoredScenarios(store).create(scenario_of(events=(event_of("a"),), head="a"))
    token = StoredLinks(store).freeze(created.id, version=1)
    copy = StoredLinks(store).get(token)
    assert copy == replace(created, id=token)
    StoredScenarios(store).append(created.id, [event_of("b", "a")], "b", version=1)
    StoredScenarios(store).update(created.id, version=2, name="autre")
    later = StoredLinks(store).freeze(created.id, version=3)
    StoredScenarios(store).delete(created.id)
    assert StoredLinks(store).get(token) == copy
    assert [entry.id for entry in StoredLinks(store).get(later).events] == ["a", "b"]


def test_a_decision_is_of_a_version_which_it_freezes(
    store: Store, scenario_of: Make[Scenario], event_of: Make[Event]
) -> None:
    before = (Decision("2025-03-12", AWKWARD, "Ada"),)
    created = StoredScenarios(store).create(
        scenario_of(events=(event_of("a"),), head="a", decisions=before)
    )
    decided = StoredScenarios(store).decide(
        created.id, ScenarioStatus.KEPT, Decision("2025-03-13", "oui"), version=1
    )
    assert StoredScenarios(store).get(created.id) == decided
    first, second = decided.decisions
    assert (first.version, second.version, decided.version) == (0, 2, 2)
    assert decided.status is ScenarioStatus.KEPT
    StoredScenarios(store).append(created.id, [event_of("b", "a")], "b", version=2)
    assert StoredLinks(store).get(second.frozen) == replace(decided, id=second.frozen)
    with pytest.raises(ConflictError):
        StoredScenarios(store).decide(created.id, ScenarioStatus.DISCARDED, second, version=2)
    with pytest.raises(InputError, match="illisible"):
        StoredScenarios(store).decide(
            created.id, ScenarioStatus.DISCARDED, Decision("2025-03-14", "a\0"), version=3
        )
    assert StoredScenarios(store).get(created.id).status is ScenarioStatus.KEPT


def test_a_frozen_link_opens_nothing_for_writing(
    store: Store, scenario_of: Make[Scenario], event_of: Make[Event]
) -> None:
    created = StoredScenarios(store).create(scenario_of())
    token = StoredLinks(store).freeze(created.id, version=1)
    assert len(token) >= 32
    assert created.id not in repr(StoredLinks(store).get(token))
    writes: list[Callable[[], object]] = [
        lambda: StoredScenarios(store).append(token, [event_of("a")], "a", version=1),
        lambda: StoredScenarios(store).update(token, version=1, name="x"),
        lambda: StoredLinks(store).freeze(token, version=1),
        lambda: StoredScenarios(store).delete(token),
    ]
    for write in writes:
        with pytest.raises(UnknownScenarioError):
            write()


def test_a_scenario_is_read_at_one_moment_while_another_writes(
    opened: Make[Store], url: str, scenario_of: Make[Scenario], event_of: Make[Event]
) -> None:
    store, other = opened(url), opened(url)
    created = StoredScenarios(store).create(scenario_of(events=(event_of("a"),), head="a"))
    written = []

    @event.listens_for(store.context.database.engine, "before_cursor_execute")
    def meanwhile(*details: Any) -> None:
        if "FROM geozones_events" in details[2] and not written:
            written.append(
                StoredScenarios(other).append(created.id, [event_of("b", "a")], "b", version=1)
            )

    assert StoredScenarios(store).get(created.id) == created
    assert written == [2]
    assert [entry.id for entry in StoredScenarios(store).get(created.id).events] == ["a", "b"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"id": "a/b"},
        {"id": ""},
        {"name": "\ud800"},
        {"name": 3},
        {"created": "hier"},
        {"base": {"x": float("inf")}},
        {"head": "nulle-part"},
    ],
)
def test_a_scenario_that_cannot_be_kept_is_refused(
    store: Store, scenario_of: Make[Scenario], wrong: dict[str, object]
) -> None:
    with pytest.raises(InputError, match="ne peut pas être enregistré"):
        StoredScenarios(store).create(scenario_of(**wrong))
    assert StoredScenarios(store).list(archived=True) == ()


def test_neither_the_password_nor_the_account_is_shown(store: Store, url: str) -> None:
    shown = repr(store) + repr(store.context.database.address)
    if "@" in url:
        assert str(make_url(url).password) not in shown
        assert "planner" not in shown
    assert "scenarios.db" in shown or "127.0.0.1" in shown


def test_an_update_that_cannot_be_kept_is_refused(
    store: Store, scenario_of: Make[Scenario]
) -> None:
    created = StoredScenarios(store).create(scenario_of())
    with pytest.raises(InputError, match="illisible"):
        StoredScenarios(store).update(created.id, version=1, name="a\0")
    with pytest.raises(InputError, match="illisible"):
        StoredScenarios(store).update(created.id, version=1, description="\ud800")
    assert StoredScenarios(store).get(created.id) == created


@contextmanager
def nobody() -> Iterator[None]:
    """Be an account without rights, where the tests run as root, whom nothing is forbidden."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(pwd.getpwnam("nobody").pw_uid)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that any account may enter: those of pytest are root's only."""
    with tempfile.TemporaryDirectory(prefix="geozones-") as made:
        Path(made).chmod(0o755)
        yield Path(made)
        Path(made).chmod(0o755)


@pytest.mark.parametrize("closed", ["file", "folder"])
def test_a_database_that_may_not_be_opened(folder: Path, closed: str) -> None:
    url = f"sqlite:///{folder}/scenarios.db"
    open_store(url).close()
    (folder / "scenarios.db").chmod(0o000)
    if closed == "folder":
        folder.chmod(0o000)
    with nobody():
        for opening in (open_store, look):
            with pytest.raises(StoreError, match="l'accès") as caught:
                opening(url)
            assert "introuvable" not in str(caught.value)


def test_a_link_shows_its_version_until_its_last_day(
    store: Store, scenario_of: Make[Scenario]
) -> None:
    key = StoredScenarios(store).create(scenario_of()).id
    token = StoredLinks(store).freeze(key, version=1, expires="2026-03-03")
    assert linked(lambda: store, token, "2026-03-03").id == token
    with pytest.raises(DeadLinkError, match=r"Ce lien a expiré le 3.mars.2026"):
        linked(lambda: store, token, "2026-03-04")


def test_a_withdrawn_link_shows_nothing_and_another_of_the_same_scenario_does(
    store: Store, scenario_of: Make[Scenario]
) -> None:
    key = StoredScenarios(store).create(scenario_of()).id
    first, second = (StoredLinks(store).freeze(key, version=1) for _ in range(2))
    StoredLinks(store).withdraw_link(first)
    with pytest.raises(DeadLinkError, match="Ce lien a été retiré"):
        linked(lambda: store, first, "2026-03-03")
    assert linked(lambda: store, second, "2026-03-03").id == second
    assert {link.token: bool(link.withdrawn) for link in StoredLinks(store).links(key)} == {
        first: True,
        second: False,
    }


def test_a_link_withdrawn_stays_so_in_a_restored_backup(
    store: Store, scenario_of: Make[Scenario], tmp_path: Path
) -> None:
    empty = open_store(f"sqlite:///{tmp_path / 'empty.db'}")
    key = StoredScenarios(store).create(scenario_of()).id
    token = StoredLinks(store).freeze(key, version=1, expires="2026-12-31")
    StoredLinks(store).withdraw_link(token)
    store.backup(tmp_path / "all.json")
    empty.restore(tmp_path / "all.json")
    assert StoredLinks(empty).links(key) == StoredLinks(store).links(key)
    document = json.loads((tmp_path / "all.json").read_text(encoding="utf-8"))
    document["links"][0]["expires"] = 4
    (tmp_path / "bad.json").write_text(json.dumps(document), encoding="utf-8")
    (notice,) = empty.restore(tmp_path / "bad.json").left_out
    assert notice.what == f"lien partagé {token}"
    assert "« expires » n'est pas un jour" in notice.reason
    empty.close()

"""A restore rehearsed: what was lost with a database is all in its last backup, on either kind."""

import hashlib
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from geozones.domain import Event, Scenario
from geozones.domain.access import Access
from geozones.domain.comments import Question, Stance
from geozones.domain.field_journal import JournalFile
from geozones.features.publications.use_cases import append
from geozones.store import Store
from geozones.store.tables import METADATA
from geozones.workspace.scenarios.backups import backup_into
from helpers.feedback import StoredComments, StoredOpinions
from helpers.fixture_types import Make
from helpers.stored import StoredLinks, StoredScenarios, published_in, store_journal
from tests.store.test_comments import TODAY, comment_on
from tests.store.test_publications import approve, waiting

#: Who had what open is gone with the server; nothing else may be.
PASSING = {"geozones_presence"}
#: A print of the address that a comment came from, which is erased after some minutes.
ERASED = {"origin"}
MONTHS = {"2026-03": '{"interventions":[],"absences":[],"trips":[]}'}
NIGHT = datetime(2026, 11, 26, 2, 30, tzinfo=UTC)


def rows(store: Store) -> dict[str, list[dict[str, Any]]]:
    """Return all that a database holds, by table."""
    held = {}
    with store.context.database.reading() as connection:
        for name, table in METADATA.tables.items():
            if name not in PASSING:
                found = connection.execute(select(table)).mappings()
                kept = [{k: v for k, v in row.items() if k not in ERASED} for row in found]
                held[name] = sorted(kept, key=repr)
    return held


def fill(store: Store, scenario: Scenario, event_of: Make[Event]) -> None:
    """Keep something of a scenario in each table."""
    made = StoredScenarios(store).create(scenario)
    version = StoredScenarios(store).append(made.id, [event_of("a")], "a", version=made.version)
    StoredScenarios(store).open_to(made.id, {"ada": Access.OWNER, "grace": Access.EDITOR})
    token = StoredLinks(store).freeze(made.id, version=version, comments=True)
    left = comment_on(token, id=f"c-{made.id}")
    StoredComments(store).answer(
        StoredComments(store).leave(left, "print", TODAY).id, "Ada", "Noté"
    )
    asked = Question(token, made.id, "Qu'en pensez-vous ?", "2030-01-01", "Ada")
    (opinion,) = StoredOpinions(store).ask(asked, {"0720012X": "Racan"}, TODAY)
    for stance in Stance:
        StoredOpinions(store).give(
            replace(opinion, stance=stance, reason="loin", author="Lou"), TODAY
        )
    last = len(published_in(store))
    approve(store, append(store.context, waiting(), expected_last=last))
    key = hashlib.sha256(made.id.encode()).hexdigest()
    file = JournalFile(key, "mars.csv", "", "Ada", 0, "", "", invented=True, report=("rien",))
    store_journal(store, file, MONTHS)
    StoredScenarios(store).attend(made.id, f"session-{made.id}", "2000-01-01")
    assert all(rows(store).values()), "a table of this store is empty: fill it here"


@pytest.fixture
def lived_in(store: Store, scenario_of: Make[Scenario], event_of: Make[Event]) -> Store:
    """A store where each table holds something."""
    fill(store, scenario_of(), event_of)
    return store


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_all_that_was_kept_comes_back_in_an_empty_database(
    lived_in: Store, opened: Make[Store], kind: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    done = backup_into(lived_in, tmp_path / "sauvegardes", NIGHT, keep=3)
    before = rows(lived_in)
    where = tmp_path / "neuve.db" if kind == "sqlite" else empty_schema(request)
    restored = opened(where)
    for times in (1, 2):
        restored.restore(done.backup.path)
        after = rows(restored)
        # the log goes on: a restore is an action too
        log, logged = before["geozones_actions"], after["geozones_actions"]
        assert logged[: len(log)] == log
        assert [entry["what"] for entry in logged[len(log) :]] == ["restore"] * times
        assert after | {"geozones_actions": log} == before


def empty_schema(request: pytest.FixtureRequest) -> str:
    cluster = request.getfixturevalue("cluster")
    cluster.execute("CREATE SCHEMA IF NOT EXISTS neuve")
    cluster.execute("DROP SCHEMA neuve CASCADE")
    cluster.execute("CREATE SCHEMA neuve")
    return f"{cluster.url()}?options=-csearch_path%3Dneuve"


def test_months_of_a_journal_that_were_altered_are_left_out_and_the_rest_is_restored(
    lived_in: Store, opened: Make[Store], tmp_path: Path
) -> None:
    path = backup_into(lived_in, tmp_path, NIGHT, keep=None).backup.path
    said = path.read_text(encoding="utf-8")
    assert "interventions" in said
    path.write_text(said.replace("interventions", "autrement"), encoding="utf-8")
    restored = opened(tmp_path / "neuve.db")
    left_out = restored.restore(path).left_out
    assert left_out
    assert {notice.kind for notice in left_out} == {"mois du journal de l'expérimentation"}
    assert rows(restored)["geozones_scenarios"] == rows(lived_in)["geozones_scenarios"]
    assert rows(restored)["geozones_journal_months"] == []

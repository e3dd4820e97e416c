"""A clock that is set back loses nothing and puts nothing out of order."""

from pathlib import Path

from geozones.domain import Event, Scenario
from geozones.store import Store, open_store
from helpers.fixture_types import Make
from helpers.stored import StoredScenarios


def test_what_is_written_after_the_clock_went_back_a_day_comes_after(
    url: str, scenario_of: Make[Scenario], event_of: Make[Event], tmp_path: Path
) -> None:
    now = ["2026-03-02T09:00:00.000+00:00"]
    store = open_store(url, clock=lambda: now[0])
    made = StoredScenarios(store).create(scenario_of())
    version = StoredScenarios(store).append(made.id, [event_of("a")], "a", version=made.version)
    now[0] = "2026-03-01T09:00:00.000+00:00"
    version = StoredScenarios(store).append(made.id, [event_of("b", "a")], "b", version=version)
    version = StoredScenarios(store).update(made.id, version=version, name="Renommée la veille")
    kept = StoredScenarios(store).get(made.id)
    assert [event.id for event in kept.events] == ["a", "b"]
    assert (kept.head, kept.name, kept.version) == ("b", "Renommée la veille", version)
    assert kept.created == made.created
    store.backup(tmp_path / "s.json")
    store.close()
    other: Store = open_store(f"sqlite:///{tmp_path}/autre.db")
    other.restore(tmp_path / "s.json")
    assert StoredScenarios(other).get(made.id).events == kept.events
    other.close()

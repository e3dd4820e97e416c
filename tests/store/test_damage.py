"""One damaged row is named and left out; every other scenario is listed, read and backed up."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from geozones.domain import DamagedScenarioError, Event, Scenario
from geozones.store import Store
from helpers.fixture_types import Make
from helpers.slow_params import slow_but
from helpers.stored import StoredLinks, StoredScenarios, order

#: What is refused or damaged is found by the same code on both.
DATABASES = slow_but(["sqlite", "postgresql"], "sqlite")

#: What the list shows of a scenario, and what only opening it reads.
IN_THE_LIST = [
    "UPDATE geozones_scenarios SET status = 'décidé' WHERE id = 'bad'",
    "UPDATE geozones_scenarios SET updated = 'hier' WHERE id = 'bad'",
    "UPDATE geozones_scenarios SET created = '' WHERE id = 'bad'",
]
INSIDE = [
    "UPDATE geozones_scenarios SET base = '{\"format\": ' WHERE id = 'bad'",
    "UPDATE geozones_scenarios SET base = '[]' WHERE id = 'bad'",
    "UPDATE geozones_scenarios SET base = '{\"a\": NaN}' WHERE id = 'bad'",
    "UPDATE geozones_scenarios SET decisions = '{}' WHERE id = 'bad'",
    "UPDATE geozones_scenarios SET decisions = '[{\"at\": 3}]' WHERE id = 'bad'",
    "UPDATE geozones_scenarios SET head = 'x' WHERE id = 'bad'",
    "UPDATE geozones_events SET data = '{' WHERE scenario = 'bad'",
    "UPDATE geozones_events SET data = '7' WHERE scenario = 'bad'",
    "UPDATE geozones_events SET at = 'demain' WHERE scenario = 'bad'",
]

type Harm = Callable[[str], None]


@pytest.fixture
def harm(url: str, bad: Scenario, good: Scenario) -> Harm:  # noqa: ARG001 - written by then
    """Do what a fault of a disk would, to the scenario « bad »."""
    return lambda text: order(url, text)


@pytest.fixture
def bad(kept: Callable[[str, str], Scenario]) -> Scenario:
    """A scenario that is to be damaged."""
    return kept("bad", "Variante abîmée")


@pytest.fixture
def good(kept: Callable[[str, str], Scenario]) -> Scenario:
    """A scenario that nothing happens to."""
    return kept("good", "Variante saine")


@pytest.fixture
def kept(
    store: Store, scenario_of: Make[Scenario], event_of: Make[Event]
) -> Callable[[str, str], Scenario]:
    """Keep a scenario of two events."""
    events = (event_of("a"), event_of("b", "a"))
    return lambda key, name: StoredScenarios(store).create(
        scenario_of(id=key, name=name, events=events, head="b")
    )


def named(error: DamagedScenarioError) -> None:
    """The sentence names the scenario and says what to do."""
    assert error.scenario == "bad"
    said = str(error)
    assert said.startswith("Le scénario ")
    assert "bad" in said
    assert "est abîmé dans la base" in said
    assert "geozones admin restore" in said
    assert said.encode()
    assert "\n" not in said


def the_rest_works(store: Store, good: Scenario, tmp_path: Path) -> None:
    """The other scenario is read, changed and backed up; the damaged one is named."""
    with pytest.raises(DamagedScenarioError) as caught:
        StoredScenarios(store).get("bad")
    named(caught.value)
    assert StoredScenarios(store).get("good") == good
    done = store.backup(tmp_path / "sauvegarde.json")
    assert done.scenarios == 1
    (notice,) = done.left_out
    assert notice.what == "scénario « Variante abîmée » (bad)" or notice.key == "bad"
    assert notice.reason
    written = json.loads(done.path.read_text())["scenarios"]
    assert [scenario["id"] for scenario in written] == ["good"]
    assert StoredScenarios(store).update("good", version=1, name="autre nom") == 2


@pytest.mark.parametrize("damage", IN_THE_LIST)
def test_a_damaged_line_is_left_out_of_the_list_and_named(
    store: Store, harm: Harm, good: Scenario, tmp_path: Path, damage: str
) -> None:
    harm(damage)
    assert [line.id for line in StoredScenarios(store).list()] == ["good"]
    (error,) = StoredScenarios(store).damaged()
    named(error)
    the_rest_works(store, good, tmp_path)


@pytest.mark.parametrize("damage", INSIDE)
def test_damage_inside_a_scenario_is_named_when_it_is_opened(
    store: Store, harm: Harm, good: Scenario, tmp_path: Path, damage: str
) -> None:
    harm(damage)
    assert {line.id for line in StoredScenarios(store).list()} == {"bad", "good"}
    assert StoredScenarios(store).damaged() == ()
    the_rest_works(store, good, tmp_path)


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE geozones_frozen SET content = '{'",
        "UPDATE geozones_frozen SET content = '{}'",
        "UPDATE geozones_frozen SET at = '?'",
    ],
)
def test_a_damaged_frozen_copy_is_named_and_a_restore_mends_it(
    store: Store, harm: Harm, tmp_path: Path, damage: str
) -> None:
    token = StoredLinks(store).freeze("good", version=1)
    whole = store.backup(tmp_path / "entière.json").path
    before = StoredLinks(store).get(token)
    harm(damage)
    if "content" in damage:
        with pytest.raises(DamagedScenarioError, match="copie figée"):
            StoredLinks(store).get(token)
    done = store.backup(tmp_path / "sauvegarde.json")
    assert (done.scenarios, done.links) == (2, 0)
    assert [notice.key for notice in done.left_out] == [token]
    assert store.restore(whole).links == 1
    assert StoredLinks(store).get(token) == before
    assert store.backup(tmp_path / "après.json").left_out == ()


def test_a_damaged_scenario_is_restored_beside_what_is_left_of_it(
    store: Store, harm: Harm, bad: Scenario, tmp_path: Path
) -> None:
    whole = store.backup(tmp_path / "entière.json").path
    harm("UPDATE geozones_scenarios SET base = '{' WHERE id = 'bad'")
    done = store.restore(whole)
    assert (done.scenarios, done.skipped) == (1, 1)
    ((old, new),) = done.renamed
    assert old == "bad"
    again = StoredScenarios(store).get(new)
    assert (again.base, again.events) == (bad.base, bad.events)
    StoredScenarios(store).delete("bad")
    assert {line.id for line in StoredScenarios(store).list()} == {"good", new}

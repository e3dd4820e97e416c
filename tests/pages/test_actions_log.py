"""What administrators read of the log: its number of entries, protections that are gone."""

from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest

from geozones.domain import Scenario
from geozones.store import Store, open_store
from geozones.ui.scenarios.page import _state
from tests.store.test_damage import order


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    monkeypatch.setenv("GEOZONES_HOME", str(tmp_path))
    made = open_store(f"sqlite:///{tmp_path}/s.db")
    day = "2025-06-11T09:00:00.000+00:00"
    for key in ("a", "b"):
        made.scenarios.create(
            Scenario(key, "Essai", {"sectors": []}, "le plan publié", "Ada", day, day)
        )
    yield made
    made.close()


def shown(store: Store) -> str:
    return unescape(str(_state(store.log.state()))).replace("\u00a0", " ")


def test_the_log_is_counted_and_a_protection_that_is_gone_is_named(
    store: Store, tmp_path: Path
) -> None:
    assert "2 actions." in shown(store)
    order(f"sqlite:///{tmp_path}/s.db", "DROP TRIGGER geozones_actions_update")
    assert "geozones_actions_update (la modification d'une ligne)" in shown(store)

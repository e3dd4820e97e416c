"""What administrators read of the log: intact, not verifiable here, or tampered with."""

from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest

from geozones.domain import Scenario
from geozones.store import Store, open_store
from geozones.store.permissions import key_file
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


def test_the_log_is_called_intact_only_where_all_of_it_was_verified(
    store: Store, tmp_path: Path
) -> None:
    assert "2 actions, chacune scellée avec la précédente : le journal est intact." in shown(store)
    key_file().unlink()
    assert "2 actions non vérifiables ici" in shown(store)
    assert "intact" not in shown(store)
    url = f"sqlite:///{tmp_path}/s.db"
    order(url, "DROP TRIGGER geozones_actions_update")
    order(url, "UPDATE geozones_actions SET who = 'eve' WHERE position = 2")
    assert "sa ligne 2 ne suit pas la précédente" in shown(store)
    assert "geozones_actions_update" in shown(store)

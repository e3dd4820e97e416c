"""Links to frozen versions end: they are withdrawn, or their last day is past."""

import json
from pathlib import Path

import pytest

from geozones.domain import Scenario
from geozones.domain.access import DeadLinkError
from geozones.store import Store, open_store
from geozones.workspace.scenarios.links import linked
from helpers.fixture_types import Make
from helpers.stored import StoredLinks, StoredScenarios


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

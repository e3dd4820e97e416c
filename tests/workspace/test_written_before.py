"""Backups, scenario and plan files that earlier code wrote open, and are written the same.

The code of commit f53e7dd wrote them (tests/fixtures/store_v1), and no later code may.
"""

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from geozones.store import Store
from geozones.workspace.figures.study import Study
from geozones.workspace.roles import Actor, Role
from geozones.workspace.scenarios.backups import open_store
from geozones.workspace.scenarios.service import Scenarios

FILES = Path(__file__).parents[1] / "fixtures" / "store_v1"


@pytest.fixture(params=["toy", "region"])
def name(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture
def territory(name: str, toy: Study, study: Study) -> Study:
    return toy if name == "toy" else study


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(f"sqlite:///{tmp_path / 'empty.db'}")
    yield opened
    opened.close()


def service_of(study: Study, store: Store) -> Scenarios:
    return Scenarios(study.analysis, lambda: store, Actor("Ada", Role.ADMINISTRATOR))


def as_then(plan: dict[str, Any]) -> dict[str, Any]:
    """Return a plan as files had it then: no statuses of zones, less of sectors, an old name."""
    since = {"origin", "technicians", "experimental", "milestones", "note"}
    sectors = []
    for sector in plan["sectors"]:
        known = {key: value for key, value in sector.items() if key not in since}
        zones = [{k: v for k, v in zone.items() if k != "status"} for zone in sector["zones"]]
        if sector["id"] == "nord-loire":
            assert sector["name"] == "Saint-Nazaire – Châteaubriant"
            known["name"] = "Nord Loire"
        sectors.append(known | {"zones": zones})
    places = [{k: v for k, v in place.items() if k != "remark"} for place in plan.get("places", [])]
    return plan | {"sectors": sectors} | ({"places": places} if places else {})


def test_a_backup_is_restored_whole_and_written_again_the_same(
    name: str, empty: Store, tmp_path: Path
) -> None:
    file = FILES / f"{name}.backup.json"
    restored = empty.restore(file)
    assert (restored.skipped, restored.renamed) == (0, ())
    empty.backup(tmp_path / "backup.json")
    assert _as_then(tmp_path / "backup.json") == _as_then(file)


def test_a_scenario_file_is_taken_and_written_again_the_same(
    name: str, territory: Study, empty: Store
) -> None:
    service = service_of(territory, empty)
    for file in sorted(FILES.glob(f"{name}.*.scenario.json")):
        taken = service.import_(file.read_bytes())
        before, after = json.loads(file.read_bytes()), service.export(taken)
        # it is a new scenario, and what was decided elsewhere is not decided here
        for field in ("id", "created", "updated", "version", "status", "decisions"):
            del before["scenario"][field], after["scenario"][field]
        assert after == before


def test_a_plan_file_is_read_and_written_again_the_same(name: str, territory: Study) -> None:
    text = (FILES / f"{name}_plan.json").read_text("utf-8")
    read = territory.atlas.read_plan(text)
    again = as_then(territory.atlas.plan_json(read.plan, read.places))
    assert json.dumps(again, ensure_ascii=False, separators=(",", ":")) == text


def _as_then(path: Path) -> str:
    """The text of a backup as it was then: no date, none of who may change what or did it.

    A scenario of then is open to all, and its author owns it. Copies had no token of their own,
    lists that were empty were left out.
    """
    document = json.loads(path.read_bytes())
    del document["written"]
    if document.pop("version") == 3:
        found = Counter((each["person"], each["access"]) for each in document.pop("members"))
        assert set(found) == {("*", "editor"), ("ada", "owner")}
        for copy in document["frozen"]:
            assert copy.pop("token") == copy["scenario"]["id"]
    document.pop("actions", None)
    document.pop("seal", None)  # of files written when entries of the log had one
    always = ("format", "scenarios", "frozen")
    return json.dumps({name: each for name, each in document.items() if each or name in always})

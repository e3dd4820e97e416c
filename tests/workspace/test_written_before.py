"""Backups, scenario and plan files that earlier code wrote open, and are written the same.

The code of commit f53e7dd wrote them (tests/fixtures/store_v1), and no later code may.
"""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from geozones.domain.events import KINDS
from geozones.domain.plan_documents import post_to_json
from geozones.domain.workload import Basis
from geozones.metrics import REGISTRY
from geozones.store import Store
from geozones.workspace.figures.study import Study, study_of
from geozones.workspace.roles import Actor, Role
from geozones.workspace.scenarios.backups import open_store
from geozones.workspace.scenarios.history_text import describe_event
from geozones.workspace.scenarios.open_scenario import Work
from geozones.workspace.scenarios.service import Scenarios

FILES = Path(__file__).parents[1] / "fixtures" / "store_v1"


def document(name: str) -> Any:
    return json.loads((FILES / name).read_bytes())


@pytest.fixture(params=["toy", "region"])
def name(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture
def territory(name: str, toy: Study, study: Study) -> Study:
    return toy if name == "toy" else study


@pytest.fixture
def store(name: str, tmp_path: Path) -> Iterator[Store]:
    """A store with the backup of the earlier one."""
    opened = open_store(f"sqlite:///{tmp_path / 'store.db'}")
    opened.restore(FILES / f"{name}.backup.json")
    yield opened
    opened.close()


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(f"sqlite:///{tmp_path / 'empty.db'}")
    yield opened
    opened.close()


@pytest.fixture
def expected(name: str) -> dict[str, Any]:
    expected: dict[str, Any] = document(f"{name}.expected.json")
    return expected


def service_of(study: Study, store: Store) -> Scenarios:
    return Scenarios(study.analysis, lambda: store, Actor("Ada", Role.ADMINISTRATOR))


def shown(study: Study, work: Work, entry: dict[str, Any]) -> dict[str, Any]:
    """Return what the tool says of a scenario, as make.py wrote it down (``entry``).

    Metrics that came since are left out: the file does not have them. So are those that went since,
    and numbers of breaches: the rules are others since. T.I.S. replaced who was absent, and needs
    went by type, then.
    """
    state = work.state
    rule = replace(state.teams.rule, basis=Basis.TYPE)
    by_type = replace(state, teams=replace(state.teams, rule=rule))
    then = replace(study.settings.teams, tis_replaces=True)
    placed = study_of(study.analysis.with_team_settings(then), by_type)
    figures = json.loads(json.dumps(placed.metrics_json()))
    if len(figures["zones"]) > 10:
        del figures["zones"]
    since = REGISTRY.keys() - entry["figures"]["region"].keys()
    for key, values in product(since, areas(figures)):
        del values[key]
    for now, before in zip(areas(figures), areas(entry["figures"]), strict=True):
        now |= {key: before[key] for key in before.keys() - REGISTRY.keys()}
        now["posts"] = before["posts"]  # counted now where nobody defined any
    for area in (figures["region"], figures["sectors"].get("mayenne", {})):
        if "mayenne" in figures["sectors"] and area["unmet"] is not None:
            area["unmet"] += _DAGUET
    return {
        "name": work.name,
        "plan": as_then(placed.plan_json()),
        "history": [describe_event(study.territory, work, event) for event in work.timeline.events],
        "head": work.timeline.head,
        "figures": figures,
        "locks": [[*key, reason] for key, reason in sorted(state.locks.reasons.items())],
        "colours": dict(state.colours),
        "pivots": dict(state.pivots),
        "needs": dict(state.teams.needs),
        "rule": [
            {kind: need for kind, need in rule.by_type.items() if kind not in _SINCE},
            rule.default,
        ],
        "posts": [post_to_json(post) for post in state.teams.posts],
        "spots": [[key, spot.lat, spot.lon] for key, spot in state.places.spots],
        "story": None if state.story is None else state.story.as_json(),
    }


def areas(figures: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the figures of the region, of each sector, of each zone where they are there."""
    sectors, zones = figures["sectors"], figures.get("zones", {})
    return [figures["region"], *sectors.values(), *zones.values()]


#: Half-days of need that Centre Daguet had then as a whole lycée, and has not as an annex.
_DAGUET = 8
#: Types of lycées that the rule of needs did not have then.
_SINCE = {"second site", "annexe"}


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


def test_a_store_shows_the_same_plans_sentences_and_figures(
    territory: Study, store: Store, expected: dict[str, Any]
) -> None:
    service = service_of(territory, store)
    listed = {line.id for line in service.list(archived=True)}
    assert listed == expected["scenarios"].keys()
    for key, entry in expected["scenarios"].items():
        entry.pop("number")
        assert shown(territory, service.open(key), entry) == entry
    for token, entry in expected["frozen"].items():
        assert shown(territory, service.links.open(token), entry) == entry


def test_a_store_gives_the_same_scenario_files(
    territory: Study, store: Store, expected: dict[str, Any]
) -> None:
    service = service_of(territory, store)
    for key, entry in expected["scenarios"].items():
        given = json.dumps(
            service.export(service.open(key)), ensure_ascii=False, separators=(",", ":")
        )
        assert given == (FILES / f"{entry['number']}.scenario.json").read_text("utf-8")


def test_a_backup_is_restored_whole_and_written_again_the_same(
    name: str, empty: Store, tmp_path: Path
) -> None:
    file = FILES / f"{name}.backup.json"
    restored = empty.restore(file)
    assert (restored.skipped, restored.renamed) == (0, ())
    empty.backup(tmp_path / "backup.json")
    assert _as_then(tmp_path / "backup.json") == _as_then(file)


def test_a_scenario_file_is_taken_and_shows_the_same(
    territory: Study, empty: Store, expected: dict[str, Any]
) -> None:
    service = service_of(territory, empty)
    for entry in expected["scenarios"].values():
        file = FILES / f"{entry.pop('number')}.scenario.json"
        taken = service.import_(file.read_bytes())
        assert shown(territory, taken, entry) == entry
        before, after = json.loads(file.read_bytes()), service.export(taken)
        # it is a new scenario, and what was decided elsewhere is not decided here
        for name in ("id", "created", "updated", "version", "status", "decisions"):
            del before["scenario"][name], after["scenario"][name]
        assert after == before


def test_a_plan_file_is_read_and_written_again_the_same(name: str, territory: Study) -> None:
    text = (FILES / f"{name}_plan.json").read_text("utf-8")
    read = territory.atlas.read_plan(text)
    again = as_then(territory.atlas.plan_json(read.plan, read.places))
    assert json.dumps(again, ensure_ascii=False, separators=(",", ":")) == text


def test_a_rule_by_type_stays_one_and_a_plan_of_before_changed_no_sector(
    toy: Study, empty: Store, name: str, territory: Study
) -> None:
    """Rules knew nothing but types then: a scenario that has one keeps its needs."""
    work = service_of(toy, empty).import_((FILES / "toy.2.scenario.json").read_bytes())
    teams = work.state.teams
    assert teams.rule.basis is Basis.TYPE
    sized = replace(toy.territory.lycees["G"], pupils=1500)
    assert teams.need(sized) == teams.need(toy.territory.lycees["G"])
    read = territory.atlas.read_plan((FILES / f"{name}_plan.json").read_text("utf-8"))
    assert read.plan.sectors == territory.plan.sectors


def test_the_files_hold_every_kind_of_event() -> None:
    """The kinds of that time: those that came since are not in the files."""
    written = {
        event["kind"]
        for name in ("toy", "region")
        for scenario in document(f"{name}.backup.json")["scenarios"]
        for event in scenario["events"]
    }
    assert len(written) == 16
    assert written <= KINDS.keys()


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

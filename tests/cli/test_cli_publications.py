"""« publications »: what is in force, published and withdrawn from a terminal."""

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from geozones import cli
from geozones.common.clock import today
from geozones.workspace.figures.study import Study
from geozones.workspace.roles import LOCAL
from geozones.workspace.scenarios.backups import open_store
from geozones.workspace.scenarios.service import Scenarios

RACAN = "0720012X"  # Montval-sur-Loir, zone MAY-2
pytestmark = pytest.mark.usefixtures("one_day")
YESTERDAY = (today() - timedelta(days=1)).isoformat()
type Run = Callable[..., dict[str, Any]]


@pytest.fixture
def moved(study: Study, home: Path, answer: Run) -> str:
    """The id of a stored scenario that puts Racan in a zone of Le Mans."""
    assert not home.exists()
    store = open_store()
    service = Scenarios(study.analysis, lambda: store, LOCAL)
    work = service.record(service.new(), "move", {"moves": {RACAN: "SAR-4"}})
    store.close()
    decided = ("--status", "retenu", "--note", "vu au comité")
    assert answer("scenarios", "decide", work.saved.id, *decided)["status"] == "retenu"
    return work.saved.id


def publish(scenario: str, day: str, *more: str) -> tuple[str, ...]:
    return (
        "scenarios", "publish", scenario, "--from", day, "--approved-by", "Grace Hopper",
        "--reference", "n° 12", *more,
    )  # fmt: skip


def zone_of(plan: dict[str, Any], lycee: str) -> str:
    zones = (zone for sector in plan["sectors"] for zone in sector["zones"])
    return next(str(zone["id"]) for zone in zones if lycee in zone["lycees"])


@pytest.mark.parametrize(
    "command",
    [
        ("plan",),
        ("vigilance",),
        ("scenarios", "publications"),
        ("scenarios", "publications", "livree"),
        ("scenarios", "compare", "plan", "livree"),
    ],
    ids=" ".join,
)
def test_before_a_publication_no_command_says_that_a_plan_is_in_force_or_approved(
    command: tuple[str, ...], home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert not home.exists()
    for options in ((), ("--json",)):
        assert cli.main([*command, *options]) == 0
        said = capsys.readouterr().out.lower()
        assert "en vigueur" not in said
        assert "approuv" not in said


@pytest.mark.slow
def test_the_figures_kept_with_a_publication_are_told_with_their_day(
    answer: Run, moved: str, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = answer(*publish(moved, YESTERDAY))["publication"]
    kept = {"day": today().isoformat(), "method": 3, "recomputed": False}
    assert made["figures"] == answer("metrics")["figures"] == kept
    with closing(sqlite3.connect(home / "scenarios.db")) as base, base:
        (text,) = base.execute("SELECT figures FROM geozones_publications").fetchone()
        figures = json.loads(text)
        figures["areas"]["region"]["cost"]["road_hours"] = 12.0
        figures["areas"]["region"]["metrics"]["vigilance"] = 77
        figures["day"] = "2026-01-02"
        base.execute("UPDATE geozones_publications SET figures = ?", (json.dumps(figures),))
    assert answer("cost", "--publication", made["id"])["region"]["road_hours"] == 12
    assert answer("metrics")["region"]["vigilance"] == 77
    assert cli.main(["cost"]) == 0
    said = capsys.readouterr().out
    assert "Chiffres conservés : calculés le 2 janvier 2026 avec la méthode 3." in said
    other = answer("cost", "--hypothesis", "absence_rate=0.08")
    assert other["figures"]["recomputed"]
    assert "figures" not in answer("cost", "--publication", "livree")


def test_what_waited_for_a_second_approval_is_named(
    answer: Run, moved: str, capsys: pytest.CaptureFixture[str]
) -> None:
    answer(*publish(moved, YESTERDAY))
    with closing(open_store()) as store, store.context.database.writing() as connection:
        connection.exec_driver_sql("UPDATE geozones_publications SET needs_approval = 1")
    listed = answer("scenarios", "publications")
    assert "attendait une seconde approbation" in listed["left_aside"]
    assert cli.main(["scenarios", "publications"]) == 0
    assert listed["left_aside"] in capsys.readouterr().out


def test_a_scenario_is_published_and_every_command_looks_at_it(answer: Run, moved: str) -> None:
    made = answer(*publish(moved, YESTERDAY))["publication"]
    assert (made["standing"], made["effective"], made["scenario"]) == (
        "en vigueur", YESTERDAY, moved,
    )  # fmt: skip
    assert "approuvé par Grace Hopper, référence n° 12" in made["line"]
    assert zone_of(answer("plan"), RACAN) == "SAR-4"
    assert zone_of(answer("plan", "--publication", "livree"), RACAN) == "MAY-2"
    # nothing is said to change: it is what changes are counted from
    rules = {point["rule"] for point in answer("vigilance")["points"]}
    assert "sector_change" not in rules
    compared = answer("scenarios", "compare", "livree", "plan")
    assert compared["moves"] == [{"lycee": RACAN, "from": "MAY-2", "to": "SAR-4"}]
    assert compared["before"]["name"] == "Plan de départ"
    listed = answer("scenarios", "publications", "--date", "2025-12-01")
    assert listed["in_force"] is None
    assert [row["standing"] for row in listed["publications"]] == ["à venir", "plan de départ"]


def test_a_publication_is_withdrawn_with_a_reason_and_stays_in_the_list(
    answer: Run, refused: Callable[..., str], moved: str
) -> None:
    made = answer(*publish(moved, YESTERDAY))["publication"]["id"]
    assert "Indiquez pourquoi" in refused("scenarios", "withdraw", made, "--reason", " ")
    told = answer("scenarios", "withdraw", made, "--reason", "erreur de date")
    assert told["in_force"] is None
    assert told["publication"]["withdrawn"]["reason"] == "erreur de date"
    rows = answer("scenarios", "publications")["publications"]
    assert [row["standing"] for row in rows] == ["retirée", "plan de départ"]


def test_a_damaged_publication_is_said_and_the_status_is_1(
    answer: Run, moved: str, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    answer(*publish(moved, YESTERDAY))
    connection = sqlite3.connect(home / "scenarios.db")
    connection.execute("UPDATE geozones_publications SET plan = '{'")
    connection.commit()
    connection.close()
    for command in (("plan",), ("scenarios", "publications"), ("scenarios", "list")):
        assert cli.main([*command, "--json"]) == 1
        out, err = capsys.readouterr()
        assert json.loads(out)
        assert "publication n° 1" in err
        assert err.count("\n") == 1


def test_another_scenario_says_its_base_and_is_taken_over(
    study: Study, moved: str, answer: Run, refused: Callable[..., str]
) -> None:
    with closing(open_store()) as store:
        service = Scenarios(study.analysis, lambda: store, LOCAL)
        other = service.record(service.new(), "move", {"moves": {"0490001K": "MEL-2"}})
    key = other.saved.id
    before = answer("scenarios", "show", key)
    start = {"name": "plan de départ", "publication": "livree", "since": None}
    assert (before["base"], before["drift"]) == (start, None)
    answer(*publish(moved, YESTERDAY, "--insist"))
    drift = answer("scenarios", "show", key)["drift"]
    assert "Publier ce scénario déferait : Racan (Montval-sur-Loir) vers" in drift
    taken = answer("scenarios", "take-over", key)
    assert (taken["refused"], taken["drift"], taken["moved"]) == ([], None, before["moved"])
    assert taken["base"]["since"] == YESTERDAY
    assert "part déjà du plan en vigueur" in refused("scenarios", "take-over", key)

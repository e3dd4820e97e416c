"""The command line as scripts see it: JSON keys, exit statuses, what goes where."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from geozones import cli
from geozones.workspace.figures.study import Study
from helpers.fixture_types import Refused, Run
from helpers.waiting import PATIENCE

type Answer = dict[str, Any]
ANGERS, LAVAL = "0490003M", "0530012A"
METRICS = {
    "lycees", "zones", "max_minutes", "worst_pair", "worst_zone", "mean_minutes", "within_share",
    "pivot", "pivot_minutes", "releves", "worst_releve_minutes", "worst_releve",
    "support_mean_minutes", "support_max_minutes", "objective", "total_hours", "road_hours",
    "unattended_hours", "reduced_hours", "displaced_hours", "tis_hours",
    "unserved_hours", "absorbed_share", "posts", "pupils", "lycees_without_pupils", "workload",
    "workload_balance", "gathered_posts",
}  # fmt: skip
#: null without posts, never 0
TEAMS = {
    "unmet",
    "cover_median_minutes",
    "cover_p90_minutes",
    "cover_near_share",
}
VIOLATION = {"rule", "severity", "origin", "sector", "zone", "lycees", "message", "to_confirm"}


def test_plan_gives_sectors_zones_and_lycees(answer: Run, study: Study) -> None:
    plan = answer("plan")
    assert set(plan) == {"format", "version", "sectors"}
    assert all(
        set(sector)
        == {
            *("id", "name", "status", "origin", "rns", "support_centre", "technicians"),
            *("experimental", "milestones", "note", "zones"),
        }
        for sector in plan["sectors"]
    )
    zones = [zone for sector in plan["sectors"] for zone in sector["zones"]]
    assert all(set(zone) == {"id", "name", "status", "lycees"} for zone in zones)
    assert sorted(x for zone in zones for x in zone["lycees"]) == sorted(study.territory.lycees)


def test_times_between_two_lycees(answer: Run, study: Study) -> None:
    trip = answer("times", ANGERS, LAVAL)
    assert set(trip) == {
        "from", "to", "minutes", "low", "high", "km", "source", "estimated", "leg_share",
        "more_than",
    }  # fmt: skip
    assert trip["low"] < trip["minutes"] < trip["high"]
    assert 0 <= trip["leg_share"] <= 1
    assert trip["minutes"] == round(study.times.between(ANGERS, LAVAL), 2)
    assert (trip["from"], trip["to"], trip["estimated"]) == (ANGERS, LAVAL, False)


def test_metrics_of_the_region_the_sectors_and_the_zones(answer: Run, study: Study) -> None:
    metrics = answer("metrics")
    assert set(metrics) == {"region", "sectors", "zones"}
    assert set(metrics["sectors"]) == {sector.id for sector in study.plan.sectors}
    assert set(metrics["zones"]) == {zone.id for zone in study.plan.zones}
    for entry in (metrics["region"], *metrics["sectors"].values(), *metrics["zones"].values()):
        assert set(entry) == METRICS | TEAMS | {"breaches", "vigilance"}
        assert {entry[key] for key in TEAMS} == {None}
    region = metrics["region"]
    assert region["lycees"] == 119
    assert (region["pupils"], region["lycees_without_pupils"]) == (74_479, 14)
    assert region["workload"] == 909


def broken(answer: Run, *options: str) -> list[Answer]:
    """Return the points of « vigilance » that are rules not respected."""
    points = answer("vigilance", *options)["points"]
    return [point for point in points if point["kind"] == "regle"]


def test_vigilance_gives_one_list_by_sector_origin_and_decision(answer: Run, study: Study) -> None:
    every = answer("vigilance")
    assert set(every) == {"count", "to_confirm", "points"}
    assert every["count"] == answer("metrics")["region"]["vigilance"]
    for option, values in (
        ("--sector", [sector.id for sector in study.plan.sectors]),
        ("--origin", ["document", "outil", "vous"]),
        ("--decided", ["oui", "non"]),
    ):
        parts = [answer("vigilance", option, value) for value in values]
        assert sum(len(part["points"]) for part in parts) == len(every["points"])
    mine = broken(answer, "--without-tool", "--max-minutes", "30")
    assert {point["origin"] for point in broken(answer)} == {"outil", "document"}
    assert {point["rule"] for point in mine if point["origin"] == "vous"} == {"zone_minutes"}
    assert "outil" not in {point["origin"] for point in mine}


def test_move_tells_before_after_and_the_check_of_the_plan_it_leads_to(
    answer: Run, tmp_path: Path
) -> None:
    out = tmp_path / "essai.json"
    told = answer("move", "0720021G", "MAY-1", "--out", str(out))
    assert set(told) == {
        "allowed", "reasons", "remarks", "before", "after", "violations", "sentence", "out",
        "verdict", "turns_at", "note", "figures", "posts_change", "points", "losses", "gains",
    }  # fmt: skip
    assert (told["verdict"] or "pas de verdict") in told["sentence"]
    assert told["posts_change"] in told["sentence"]
    assert told["points"].keys() == {"new", "worse", "lifted"}
    assert told["allowed"] is True
    for side in ("before", "after"):
        assert set(told[side]) == {"zones", "region"}
        assert set(told[side]["zones"]) == {"MAY-1", "MAY-2"}
        assert set(told[side]["region"]) == METRICS | TEAMS
    sizes = [
        (told[side]["zones"]["MAY-1"]["lycees"], told[side]["zones"]["MAY-2"]["lycees"])
        for side in ("before", "after")
    ]
    assert sizes == [(4, 5), (5, 4)]
    same = ("rule", "severity", "origin", "sector", "zone", "lycees", "to_confirm")
    again = [[point[key] for key in same] for point in broken(answer, "--plan", str(out))]
    assert all(set(violation) == VIOLATION for violation in told["violations"])
    assert sorted(again, key=str) == sorted(
        ([violation[key] for key in same] for violation in told["violations"]), key=str
    )
    metrics = answer("metrics", "--plan", str(out))
    for zone in ("MAY-1", "MAY-2"):
        assert metrics["zones"][zone].items() >= told["after"]["zones"][zone].items()
    assert answer("plan", "--plan", str(out)) == json.loads(out.read_text(encoding="utf-8"))
    assert list(tmp_path.iterdir()) == [out]


def test_a_forbidden_move_is_told_and_writes_nothing(
    answer: Run, refused: Refused, tmp_path: Path
) -> None:
    told = answer("move", LAVAL, "MEL-1")
    assert told["allowed"] is False
    assert "centre support" in told["reasons"][0]
    out = tmp_path / "essai.json"
    assert "Déplacement refusé" in refused("move", LAVAL, "MEL-1", "--out", str(out))
    assert list(tmp_path.iterdir()) == []


def test_destinations_come_best_first(answer: Run, study: Study) -> None:
    entries = answer("destinations", "0720012X")["destinations"]
    assert len(entries) == len(study.plan.zones) - 1
    assert {key for entry in entries for key in entry} == {
        "zone", "delta_mean_minutes", "delta_max_minutes", "delta_objective", "hours", "figures",
        "posts_change", "more_posts", "more_points", "alone", "touches", "nearest_minutes",
        "verdict", "turns_at", "note", "allowed", "reasons", "take_back", "losses", "gains",
    }  # fmt: skip
    near = [entry["delta_objective"] for entry in entries if entry["touches"] and entry["verdict"]]
    assert near == sorted(near)
    nearest = answer("move", "0720012X", entries[0]["zone"])
    before, after = (nearest[side]["region"]["total_hours"] for side in ("before", "after"))
    assert entries[0]["delta_objective"] == pytest.approx(after - before, abs=0.02)


def test_a_pair_without_a_way_is_null_never_zero_nor_infinity(
    answer: Run, cut_toy: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("geozones.cli.options.open_study", lambda: cut_toy)
    trip = answer("times", "A", "C")
    assert (trip["minutes"], trip["km"]) == (None, None)
    metrics = answer("metrics")
    assert metrics["zones"]["N1"]["objective"] is None
    assert metrics["zones"]["N1"]["max_minutes"] is None
    assert metrics["zones"]["N1"]["worst_pair"] == ["A", "C"]
    assert metrics["region"]["objective"] is None
    assert metrics["zones"]["N2"]["objective"] == 40
    assert answer("destinations", "B")["destinations"][0]["delta_objective"] is None


def test_without_json_each_command_answers_in_french(
    capsys: pytest.CaptureFixture[str],
) -> None:
    said = {}
    for command in (
        ["plan"],
        ["times", ANGERS, LAVAL],
        ["metrics"],
        ["vigilance"],
        ["move", "0720021G", "MAY-1"],
        ["destinations", "0720012X"],
    ):
        assert cli.main(command) == 0
        said[command[0]], err = capsys.readouterr()
        assert err == ""
    assert "Mayenne (publié) - RNS : Lucien Druault" in said["plan"]
    assert "Nantes (brouillon) - RNS : non publié" in said["plan"]
    assert "source : roadgraph" in said["times"]
    heads, region = said["metrics"].splitlines()[1:3]
    assert heads.split()[0] == "lycées"
    assert region.split()[:2] == ["Région", "119"]
    assert said["vigilance"].startswith(
        "Territoire : Pays de la Loire, plan de départ\n"
        "14\u00a0points de vigilance, dont 7 à confirmer."
    )
    assert "rejoint" in said["move"]
    assert "possible" in said["destinations"]
    assert "défavorable" in said["destinations"]


def test_without_json_a_pair_without_a_way_is_said(
    capsys: pytest.CaptureFixture[str], cut_toy: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("geozones.cli.options.open_study", lambda: cut_toy)
    assert cli.main(["times", "A", "C"]) == 0
    assert "Aucun trajet" in capsys.readouterr().out
    assert cli.main(["metrics"]) == 0
    assert "sans accès" in capsys.readouterr().out
    assert cli.main(["destinations", "C"]) == 0
    assert "−∞" in capsys.readouterr().out


@pytest.mark.slow
def test_the_installed_command_answers_and_refuses(tmp_path: Path) -> None:
    script = str(Path(sys.executable).with_name("geozones"))

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [script, *arguments],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
            timeout=PATIENCE,
        )

    good = run("times", ANGERS, LAVAL, "--json")
    assert (good.returncode, good.stderr) == (0, "")
    assert json.loads(good.stdout)["from"] == ANGERS
    bad = run("times", ANGERS, "0000000Z", "--json")
    assert (bad.returncode, bad.stdout) == (2, "")
    assert bad.stderr.count("\n") == 1
    assert run("voyage").returncode == 2
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_a_reader_that_has_gone_leaves_no_traceback() -> None:
    command = [sys.executable, "-m", "geozones.cli", "plan", "--json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait(timeout=PATIENCE) == 0

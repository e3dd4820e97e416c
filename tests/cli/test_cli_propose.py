"""« propose » as scripts see it: the proof, the moves, the frontier, the plan written."""

import json
from pathlib import Path
from typing import Any

import pytest

from geozones import cli
from helpers.fixture_types import Refused, Run

KEYS = {
    "status", "bound", "gap", "objective_before", "objective_after", "max_minutes_before",
    "max_minutes_after", "moves", "created", "emptied", "candidates", "seconds", "why",
    "verdict", "turns_at", "note", "figures", "posts_change", "losses", "gains",
    "objective", "unit", "absence_weight", "packages",
    "first", "without", "violations_before", "violations_after", "breaches", "robustness",
}  # fmt: skip


@pytest.fixture
def first_words() -> tuple[str, ...]:
    return ("propose",)


def assert_judged_in_200_draws(found: dict[str, Any]) -> None:
    """Assert that a proposal and its packages are judged in draws, but where the posts change."""
    for one in (found, *found["packages"]):
        robust = one["robustness"]
        assert (robust is None) is (one["verdict"] is None)
        if robust is not None:
            assert 0 <= robust["better"] <= robust["draws"] == 200
            assert -robust["greatest_loss"] <= robust["mean_gain"] + 0.01


def test_the_best_moves_of_a_sector_are_proven_and_lead_to_the_plan_written(
    answer: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "plan.json"
    found = answer("--sector", "mayenne", "--max-moves", "3", "--without", "all", "--out", str(out))
    assert set(found) == KEYS | {"out"}
    assert (found["status"], found["gap"]) == ("optimal", 0)
    assert found["bound"] <= found["objective_after"] < found["objective_before"]
    assert 0 < len(found["moves"]) <= 3
    judged = {"verdict", "turns_at", "note"}
    assert all(set(move) == {"lycee", "from", "to"} | judged for move in found["moves"])
    packaged = [move for package in found["packages"] for move in package["moves"]]
    moved = [{key: move[key] for key in ("lycee", "from", "to")} for move in found["moves"]]
    assert sorted(packaged, key=str) == sorted(moved, key=str)
    gained = sum(package["gain"] for package in found["packages"])
    assert gained == pytest.approx(found["objective_before"] - found["objective_after"], abs=0.05)
    assert_judged_in_200_draws(found)
    assert cli.main(["metrics", "--plan", str(out), "--json"]) == 0
    sector = json.loads(capsys.readouterr().out)["sectors"]["mayenne"]
    assert (found["objective"], found["unit"], found["absence_weight"]) == ("hours", "h", 1)
    assert sector["total_hours"] == pytest.approx(found["objective_after"], abs=0.02)


@pytest.mark.slow
def test_the_best_support_centres_are_told_with_what_they_gain(
    answer: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    found = answer("--sector", "maine-et-loire", "--sector", "sarthe", "--centres")
    assert set(found) == KEYS | {"centres"}
    told = found["centres"]
    assert told["proven"]
    assert "décision de la Région" in told["note"]
    published, draft = told["sectors"]
    assert published["gain_hours"] > 0
    assert published["gain_km"] > 0
    assert published["now"] != published["best"] == published["ranking"][0]["lycee"]
    assert (draft["now"], draft["gain_hours"], draft["gain_km"]) == (None, None, None)
    assert cli.main(["propose", "--sector", "sarthe", "--centres"]) == 0
    assert "(aucun centre support publié)" in capsys.readouterr().out


def test_what_is_broken_anew_where_rules_are_lifted_is_told(
    answer: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = ("--sector", "sarthe", "--max-moves", "3")
    kept = answer(*asked)
    assert (kept["without"], kept["breaches"]) == ([], [])
    free = answer(*asked, "--without", "all")
    assert free["without"]
    assert any("n'est pas d'un seul tenant" in said for said in free["breaches"])
    assert cli.main(["propose", *asked, "--without", "all"]) == 0
    assert f"nouveau ou aggravé : {free['breaches'][0]}" in capsys.readouterr().out


def test_the_frontier_never_goes_up(answer: Run) -> None:
    found = answer("--sector", "mayenne", "--frontier", "--without", "all")
    curve = [point["objective"] for point in found["frontier"]]
    still, *_, last = found["frontier"]
    assert (still["verdict"], last["verdict"]) == ("équivalent", found["verdict"])
    assert (last["equivalent_to_best"], found["complete"]) == (True, True)
    assert curve == sorted(curve, reverse=True)
    assert curve[0] == pytest.approx(found["objective_before"], abs=0.02)
    assert curve[-1] == pytest.approx(found["objective_after"], abs=0.02)


def test_a_lycee_locked_for_the_search_stays_in_its_zone(answer: Run, refused: Refused) -> None:
    asked = ("--sector", "mayenne", "--without", "all")
    locked = answer(*asked)["moves"][0]["lycee"]
    found = answer(*asked, "--lock", locked)
    assert locked not in {move["lycee"] for move in found["moves"]}
    assert "0000000A" in refused("--lock", "0000000A")


def test_what_cannot_be_is_explained_with_names_and_figures_and_not_written(
    answer: Run, tmp_path: Path
) -> None:
    out = tmp_path / "plan.json"
    found = answer("--sector", "mayenne", "--sizes", "17", "--out", str(out))
    assert found["out"] is None
    assert "Aucun plan n'est écrit" in found["why"]
    assert not out.exists()
    assert (found["status"], found["moves"]) == ("infeasible", [])
    assert found["bound"] is None
    assert "Aucun découpage ne respecte toutes ces options à la fois" in found["why"]

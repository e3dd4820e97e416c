"""« geozones cost »: figures, hypotheses given on the command line, and their refusals."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from geozones.cli.command_line import main
from geozones.workspace.study import Study

type Run = Callable[..., dict[str, Any]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    def told(*words: str) -> dict[str, Any]:
        assert main(["cost", *words, "--json"]) == 0
        answer: dict[str, Any] = json.loads(capsys.readouterr().out)
        return answer

    return told


def test_a_cost_adds_up_and_leaves_the_tis_apart(run: Run, study: Study) -> None:
    answer = run()
    region = answer["region"]
    areas = (region, *answer["sectors"].values(), *answer["zones"].values())
    assert {area["method"] for area in areas} == {2}
    parts = region["road_hours"] + region["rupture_hours"] + region["unstaffed_hours"]
    assert region["total_hours"] == pytest.approx(parts, abs=0.05)
    assert region["unserved_hours"] == region["unattended_hours"]
    items = region["items"]
    road = sum(item["road_hours"] for key, item in items.items() if key != "tis")
    assert region["road_hours"] == pytest.approx(road, abs=0.05)
    assert region["tis_hours"] == items["tis"]["road_hours"] > 0
    assert region["posts"] == sum(zone["posts"] for zone in answer["zones"].values())
    assert region["grids"] is None
    assert answer["hypotheses"]["absence_rate"] == study.settings.teams.absence_rate


def test_a_zone_whose_proposal_needs_more_posts_than_its_cost_counts_says_so(
    run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    zones = run()["zones"]
    more = {zone: found["more_posts"] for zone, found in zones.items() if found["more_posts"]}
    assert list(more) == ["NOL-1"]
    found = more["NOL-1"]
    assert (found["counted"], found["proposed"]) == (zones["NOL-1"]["posts"], 4)
    assert main(["cost"]) == 0
    assert f"  {found['said']}\n" in capsys.readouterr().out
    assert main(["teams", "propose", "--zone", "NOL-1", "--json"]) == 0
    (proposed,) = json.loads(capsys.readouterr().out)["zones"]
    assert proposed["more_posts"] == found
    assert len(proposed["posts"]) == found["proposed"]


def test_a_hypothesis_is_given_by_its_name(run: Run) -> None:
    usual, more = run(), run("--hypothesis", "absence_rate=0,08", "--hypothesis", "months=9")
    assert (more["hypotheses"]["absence_rate"], more["hypotheses"]["months"]) == (0.08, 9)
    assert more["region"]["rupture_hours"] > usual["region"]["rupture_hours"]
    visits = [answer["region"]["items"]["visites"]["road_hours"] for answer in (more, usual)]
    assert visits[0] == pytest.approx(0.9 * visits[1], rel=0.01)


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("absence_rate=3", "absence_rate est un nombre entre 0 et 0,5"),
        ("monthly_cap=2,5", "monthly_cap est un entier entre 0 et 40"),
        ("absence_rate=nan", "absence_rate est un nombre entre 0 et 0,5"),
        ("humeur=3", "n'est pas une hypothèse : parmi year_days"),
        ("gap_days", "écrivez NOM=VALEUR"),
    ],
)
def test_a_hypothesis_that_cannot_be_is_refused_in_one_line(
    capsys: pytest.CaptureFixture[str], typed: str, why: str
) -> None:
    assert main(["cost", "--hypothesis", typed]) == 2
    told = capsys.readouterr().err
    assert why in told
    assert told.count("\n") == 1

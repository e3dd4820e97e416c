"""« geozones cost »: figures, hypotheses given on the command line, and their refusals."""

import json
import re
from pathlib import Path

import pytest

from geozones.cli.command_line import main
from geozones.workspace.figures.study import Study
from helpers.fixture_types import Refused, Run


@pytest.fixture
def first_words() -> tuple[str, ...]:
    return ("cost",)


def test_a_cost_adds_up_and_leaves_the_tis_apart(answer: Run, study: Study) -> None:
    found = answer()
    region = found["region"]
    areas = (region, *found["sectors"].values(), *found["zones"].values())
    assert {area["method"] for area in areas} == {3}
    parts = region["road_hours"] + region["unattended_hours"] + region["unstaffed_hours"]
    assert region["total_hours"] == pytest.approx(parts, abs=0.05)
    assert region["unserved_hours"] == region["unattended_hours"]
    items = region["items"]
    road = sum(item["road_hours"] for key, item in items.items() if key != "tis")
    assert region["road_hours"] == pytest.approx(road, abs=0.05)
    assert region["tis_hours"] == items["tis"]["road_hours"] > 0
    assert region["posts"] == sum(zone["posts"] for zone in found["zones"].values())
    assert region["grids"] is None
    assert found["hypotheses"]["absence_rate"] == study.settings.teams.absence_rate


def test_every_figure_of_an_area_is_in_the_reference(answer: Run) -> None:
    reference = Path(__file__).parents[2] / "docs" / "reference.md"
    text = reference.read_text("utf-8")
    parts = r"^\| `geozones cost`.*|^- \*\*`cost`\*\*(?:.|\n  )*"
    row, told = re.findall(parts, text, re.MULTILINE)
    named = set(re.findall(r"[`\"](\w+)[`\"]", row + told))
    found = answer()
    for area in (found["region"], *found["sectors"].values(), *found["zones"].values()):
        assert area.keys() - named == set()


def test_the_tis_of_a_sector_without_a_centre_are_null_as_in_the_metrics(
    answer: Run, study: Study, capsys: pytest.CaptureFixture[str]
) -> None:
    found = answer()
    centred = {sector.id for sector in study.plan.sectors if sector.support_centre}
    known = {key for key, sector in found["sectors"].items() if sector["tis_hours"] is not None}
    assert known == centred == {"maine-et-loire", "mayenne", "sud-loire-cholet"}
    without = [zone for zone in study.plan.zones if zone.sector not in centred]
    assert found["region"]["unknown"] == {"tis": len(without)}
    assert main(["metrics", "--json"]) == 0
    metrics = json.loads(capsys.readouterr().out)
    for kind in ("sectors", "zones"):
        hours = {key: area["tis_hours"] for key, area in metrics[kind].items()}
        assert hours == {key: area["tis_hours"] for key, area in found[kind].items()}


def test_a_hypothesis_is_given_by_its_name(answer: Run) -> None:
    usual, more = answer(), answer("--hypothesis", "absence_rate=0,085", "--hypothesis", "months=9")
    assert (more["hypotheses"]["absence_rate"], more["hypotheses"]["months"]) == (0.085, 9)
    assert more["region"]["unattended_hours"] > usual["region"]["unattended_hours"]
    visits = [found["region"]["items"]["visites"]["road_hours"] for found in (more, usual)]
    assert visits[0] == pytest.approx(0.9 * visits[1], rel=0.01)


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("absence_rate=3", "absence_rate est un nombre entre 0 et 0,5"),
        ("monthly_cap=2,5", "monthly_cap est un entier entre 0 et 40"),
        ("humeur=3", "n'est pas une hypothèse : choisissez parmi year_days"),
        ("euros_per_post=-1", "euros_per_post est un nombre entre 0 et 200\u202f000"),
    ],
)
def test_a_hypothesis_that_cannot_be_is_refused_in_one_line(
    refused: Refused, typed: str, why: str
) -> None:
    assert why in refused("--hypothesis", typed)


def test_a_zone_whose_proposal_needs_more_posts_than_its_cost_counts_says_so(
    answer: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    zones = answer()["zones"]
    more = {zone: found["more_posts"] for zone, found in zones.items() if found["more_posts"]}
    assert list(more) == ["NOL-1"]
    assert (more["NOL-1"]["counted"], more["NOL-1"]["proposed"]) == (zones["NOL-1"]["posts"], 4)
    assert main(["cost"]) == 0
    assert f"[NOL-1] : {more['NOL-1']['said']}\n" in capsys.readouterr().out


@pytest.mark.parametrize("typed", ["", "=3", "absence_rate", "absence_rate=", "=", "a=b=c"])
def test_a_hypothesis_without_a_name_or_a_value_is_told_its_form(
    refused: Refused, typed: str
) -> None:
    assert "écrivez NOM=VALEUR." in refused("--hypothesis", typed)

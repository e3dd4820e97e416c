"""Odd plans and hypotheses on the command line: a right figure or one French sentence."""

import json

import pytest

from geozones.cli import main
from geozones.workspace.figures.study import open_study
from helpers.fixture_types import Refused, Run


@pytest.fixture(scope="module")
def odd_plan(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str, str, str]:
    """A plan file where a zone has one lycée, the next one eight and a third none."""
    study = open_study()
    plan = study.plan
    alone, *others = plan.members("NAN-1")
    many = [*plan.members("NAN-2"), *others, *plan.members("NAN-3")]
    for lycee in many[len(plan.members("NAN-2")) :]:
        plan = plan.move(lycee, "NAN-2")
    sizes = [len(plan.members(zone)) for zone in ("NAN-1", "NAN-2", "NAN-3")]
    assert (plan.members("NAN-1"), sizes) == ((alone,), [1, 8, 0])
    path = tmp_path_factory.mktemp("plans") / "plan.json"
    path.write_text(json.dumps(study.with_plan(plan).plan_json()), encoding="utf-8")
    return str(path), "NAN-1", "NAN-2", "NAN-3"


def test_zones_of_one_eight_and_no_lycee_have_metrics_and_no_post_where_nobody_is(
    answer: Run, odd_plan: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    path, *zones = odd_plan
    found = answer("metrics", "--plan", path)
    alone, many, empty = (found["zones"][zone] for zone in zones)
    assert (alone["lycees"], alone["mean_minutes"]) == (1, None)
    assert alone["gathered_posts"] == 1  # its own
    assert 0 < many["mean_minutes"] <= many["max_minutes"]
    assert (empty["lycees"], empty["total_hours"], empty["gathered_posts"]) == (0, 0, None)
    assert main(["teams", "propose", "--plan", path, "--zone", zones[2]]) == 0
    said = capsys.readouterr().out
    assert said.endswith("Aucun poste à proposer : ces zones n'ont pas de lycée.\n")


@pytest.mark.parametrize("typed", ["", "=3", "absence_rate", "absence_rate=", "=", "a=b=c"])
def test_a_hypothesis_without_a_name_or_a_value_is_told_its_form(
    refused: Refused, typed: str
) -> None:
    assert "écrivez NOM=VALEUR." in refused("cost", "--hypothesis", typed)


@pytest.mark.parametrize(
    "words",
    [
        ("propose", "--sector", "mayenne", "--sizes", "0"),
        ("propose", "--sector", "mayenne", "--max-minutes", "nan"),
        ("propose", "--sector", "mayenne", "--max-moves", "-1"),
        ("teams", "propose", "--zone", "MEL-4", "--max-posts", "0"),
        ("teams", "propose", "--zone", "MEL-4", "--gap-days", "400"),
        ("teams", "propose", "--zone", "MEL-4", "--split-minutes", "nan"),
        ("teams", "propose", "--zone", "nulle"),
        ("metrics", "--max-minutes", "inf"),
    ],
)
def test_a_figure_out_of_bounds_is_refused_in_one_line(
    refused: Refused, words: tuple[str, ...]
) -> None:
    assert refused(*words).endswith(".\n")


def test_absences_of_a_plan_without_posts_are_not_known(answer: Run) -> None:
    found = answer("teams", "absence", "--zone", "MEL-4")
    assert (found["posts"], found["zones_without_posts"]) == ([], ["MEL-4"])

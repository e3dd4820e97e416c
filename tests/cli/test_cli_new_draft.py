"""« new --draft »: a first plan on the command line, which other commands open."""

import json
from pathlib import Path

import pytest

from geozones.cli import main
from helpers.fixture_types import Refused, Run


def test_a_draft_is_written_and_opened_by_other_commands(answer: Run, tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    found = answer("new", "--draft", "--sectors", "4", "--out", str(path))
    assert len(found["sectors"]) == 4
    assert sum(sector["lycees"] for sector in found["sectors"]) == 119
    assert set(found["sizes"]) <= {"3", "4", "5"}
    assert sum(found["sizes"].values()) == found["zones"]
    assert json.loads(path.read_text(encoding="utf-8")) == found["plan"]
    watched = answer("vigilance", "--plan", str(path))["points"]
    broken = {point["rule"] for point in watched if point["kind"] == "regle"}
    assert broken <= {"zone_minutes", "sector_change"}
    assert 0.9 < found["share_within"] <= 1


@pytest.mark.slow
def test_the_text_tells_zones_sizes_and_what_does_not_hold(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["new", "--draft", "--zones", "30", "--max-minutes", "20"]) == 0
    said = capsys.readouterr().out
    assert "5\N{NO-BREAK SPACE}secteurs, 30\N{NO-BREAK SPACE}zones" in said
    assert "à 20\N{NO-BREAK SPACE}min au plus" in said
    assert "Le secteur l'impose" not in said
    assert "le secteur l'impose, " in said


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (("--sizes", "x"), "n'est pas une taille de zone"),
        (("--zones", "500"), "demandez-en 119 au plus"),
        (("--sectors", "EPCI"), "Aucun lycée n'a d'EPCI"),
        (("--sizes", "3-5", "--zones", "9"), "pas les deux"),
    ],
)
def test_bad_requests_end_in_one_sentence(
    given: tuple[str, ...], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["new", "--draft", *given]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert said in line


def test_options_of_one_use_are_refused_in_the_other(refused: Refused) -> None:
    assert "vont avec --draft" in refused("new", "Nantes", "liste.csv", "--scenario", "abc")
    assert "vont avec --draft" in refused("new", "Nantes", "liste.csv", "--out", "plan.json")
    assert "vont avec --geocode" in refused("import", "liste.csv", "--insist")

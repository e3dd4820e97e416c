"""« new --draft »: a first plan on the command line, which other commands open."""

import json
from pathlib import Path

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


def test_options_of_one_use_are_refused_in_the_other(refused: Refused) -> None:
    assert "vont avec --draft" in refused("new", "Nantes", "liste.csv", "--scenario", "abc")
    assert "vont avec --draft" in refused("new", "Nantes", "liste.csv", "--out", "plan.json")
    assert "vont avec --geocode" in refused("import", "liste.csv", "--insist")

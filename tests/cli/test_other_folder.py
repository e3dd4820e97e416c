"""Commands on another territory: they answer, and say nothing of Pays de la Loire."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from geozones.cli.command_line import main
from helpers.other_folder import other_folder
from helpers.other_words import foreign
from helpers.slow_params import slow_but

COMMANDS = (
    "plan", "metrics", "cost", "vigilance", "move T-01 V-2", "destinations T-01",
    "times T-01 T-12", "propose", "scenarios list",
    "scenarios publications", "teams needs", "teams propose --zone V-2", "doctor",
    "import {folder}/liste.csv", "import {folder}/liste.csv --geocode",
    "export --format csv --out {folder}/p.csv",
)  # fmt: skip
LIST = (
    "Code;Nom;Commune;Zone\nT-01;Kamppi;Helsinki;Nord\nT-07;Tikkurila;;Nord\nZ-9;Tuira;Oulu;Nord\n"
)


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The other territory, and a list of some of its sites."""
    monkeypatch.setenv("GEOZONES_HOME", str(tmp_path / "home"))
    (tmp_path / "liste.csv").write_text(LIST, encoding="utf-8")
    with other_folder(tmp_path / "data", monkeypatch):
        yield tmp_path


@pytest.mark.parametrize("form", ["text", "json"])
@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_says_nothing_of_another_territory(
    elsewhere: Path, command: str, form: str, capsys: pytest.CaptureFixture[str]
) -> None:
    words = [word.format(folder=elsewhere) for word in command.split()]
    status = main([*words, *(["--json"] if form == "json" else [])])
    answer = capsys.readouterr()
    assert status == 0, answer.err
    assert foreign(answer.out + answer.err) == []
    if form == "json":
        assert isinstance(json.loads(answer.out), dict)


@pytest.mark.slow
@pytest.mark.parametrize("command", slow_but(["", "propose", "times", "import"], "propose"))
def test_the_help_has_the_words_of_the_territory(command: str) -> None:
    # a process of its own: texts of options are made when a module is imported
    words = [sys.executable, "-m", "geozones.cli", *command.split(), "--help"]
    said = subprocess.run(words, check=True, capture_output=True, text=True).stdout
    assert "site" in said
    assert foreign(said) == []


def test_rules_without_a_document_are_the_tools(
    elsewhere: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (elsewhere / "plan.csv").write_text("site;zone\nT-01;Toute seule\n", encoding="utf-8")
    alone = ["--plan", str(elsewhere / "plan.csv")]
    origins = []
    for asked in ([], ["--origin", "outil"], ["--origin", "document"]):
        assert main(["vigilance", "--json", *alone, *asked]) == 0
        points = json.loads(capsys.readouterr().out)["points"]
        origins.append({point["origin"] for point in points})
    assert origins == [{"outil"}, {"outil"}, set()]


def test_a_code_of_the_list_is_found_as_it_is_written(
    elsewhere: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["import", str(elsewhere / "liste.csv")]) == 0
    said = capsys.readouterr().out
    assert said.partition("\n")[2].startswith(
        "2\u00a0lignes reconnues, 0\u00a0réparation, 1\u00a0ligne laissée."
    )


#: Commands that conclude something on the drives of a plan.
CONCLUSIONS = ("metrics", "cost", "vigilance", "move T-01 V-2", "destinations T-01", "new --draft")


def verdicts(answer: object) -> Iterator[tuple[str, str]]:
    """Yield each verdict of an answer, with its note."""
    if isinstance(answer, dict):
        if answer.get("verdict") and "note" in answer:
            yield answer["verdict"], answer["note"]
        answer = list(answer.values())
    if isinstance(answer, list):
        for each in answer:
            yield from verdicts(each)


@pytest.mark.parametrize("command", slow_but([*CONCLUSIONS, "propose"], *CONCLUSIONS))
def test_conclusions_on_estimates_say_so(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(command.split()) == 0
    assert capsys.readouterr().out.splitlines()[0].endswith("sur des durées estimées")
    assert main([*command.split(), "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["basis"] == "sur des durées estimées"
    said = [*verdicts(answer)]
    assert said or command != "propose"
    assert [note for _, note in said if not note.startswith(answer["basis"])] == []


def test_a_plan_is_read_back_as_it_was_answered(
    elsewhere: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["plan", "--json"]) == 0
    (elsewhere / "plan.json").write_text(capsys.readouterr().out, encoding="utf-8")
    assert main(["metrics", "--plan", str(elsewhere / "plan.json")]) == 0

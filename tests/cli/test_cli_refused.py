"""Bad input on the command line: one line on stderr, status 2, nothing written."""

import signal
from pathlib import Path

import pytest

from geozones import cli
from geozones.cli.options import CommonOptions
from helpers.fixture_types import Refused

ANGERS, LAVAL = "0490003M", "0530012A"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["times", "0490003A", LAVAL], "« 0490003A »"),
        (["times", "47.2", LAVAL], "« 47.2 »"),
        (["move", "0490003A", "MAY-1"], "« 0490003A »"),
        (["move", ANGERS, "MAY-9"], "« MAY-9 »"),
        (["destinations", "inconnu\nsur deux lignes"], "« inconnu sur deux lignes »"),
        (["vigilance", "--max-minutes", "5"], "entre 10 et 180"),
        (["vigilance", "--max-minutes", "nan"], "entre 10 et 180"),
        (["plan", "--plan", "nulle-part.json"], "il n'existe pas"),
        (["plan", "--plan", "."], "c'est un dossier"),
    ],
)
def test_bad_input_is_one_line_on_stderr(refused: Refused, arguments: list[str], said: str) -> None:
    assert said in refused(*arguments, "--json")
    assert said in refused(*arguments)


@pytest.mark.parametrize(
    ("arguments", "listing"),
    [
        (["move", ANGERS, "XYZ-99"], "plan"),
        (["vigilance", "--sector", "nulle-part"], "plan"),
        (["plan", "--scenario", "nulle-part"], "scenarios list"),
        (["scenarios", "comments", "list", "nulle-part"], "scenarios list"),
        (["scenarios", "publications", "nulle-part"], "scenarios publications"),
        (
            ["scenarios", "comments", "hide", "nulle-part", "--reason", "vide"],
            "scenarios comments list SCENARIO",
        ),
    ],
)
def test_a_code_that_nothing_has_names_the_command_that_lists_them(
    refused: Refused, arguments: list[str], listing: str
) -> None:
    said = refused(*arguments)
    assert said.endswith(f" : « geozones {listing} » donne les codes.\n")
    assert "lien" not in said
    assert "page" not in said


def test_a_command_that_is_interrupted_says_so_in_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell may ignore it
    monkeypatch.setattr(CommonOptions, "study", lambda _: signal.raise_signal(signal.SIGINT))
    assert cli.main(["plan"]) == 130
    signal.signal(signal.SIGINT, before)
    out, err = capsys.readouterr()
    assert out == ""
    assert err == "geozones : commande interrompue : aucun fichier n'est écrit à moitié.\n"


def test_a_data_folder_that_is_not_whole_is_one_line(
    refused: Refused, data_copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (data_copy / "travel_times.parquet").unlink()
    monkeypatch.setenv("GEOZONES_DATA_DIR", str(data_copy))
    assert "Il manque le fichier travel_times.parquet" in refused("plan", "--json")

"""Commands of another network: their help and answers have its nouns, and agree with them."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from geozones.domain.terms import SITES
from helpers.agreement import disagreements
from helpers.other_folder import NAMES, write_other_folder
from helpers.other_network import today_nouns
from helpers.other_words import foreign

PROGRAM = Path(__file__).with_name("said_by_commands.py")
#: Border of a box of help; a seed, that is no date.
BOX = re.compile(r"[│╭╮╰╯─\s]+")
KEPT = re.compile(
    r"graine \(2025\)"
    # what the national directory has, whatever the network
    r"|lycées (?:publics|privés)|région ou département"
    # areas of France
    r"|régions?, (?:du )?départements?(?: (?:et|ou)|, de l') ?EPCI"
)


def said(folder: Path, *more: str) -> dict[str, str]:
    """Return what commands say, in one line each, by what is typed."""
    data = write_other_folder(folder / "data")
    run = subprocess.run(
        [sys.executable, str(PROGRAM), "agence 4", "V-1", *more],
        capture_output=True,
        check=True,
        env=os.environ | {"GEOZONES_DATA_DIR": str(data)},
        text=True,
    )
    answers = json.loads(run.stdout)
    return {typed: KEPT.sub("", BOX.sub(" ", text)) for typed, text in answers.items()}


@pytest.mark.slow
def test_commands_have_the_nouns_of_the_network(tmp_path: Path) -> None:
    answers = said(tmp_path, "--help")
    assert len(answers) > 60
    for typed, text in answers.items():
        assert text.strip(), typed
        assert "Traceback" not in text, typed
        assert today_nouns(SITES).findall(text) == [], typed
        assert disagreements(text, SITES, NAMES) == [], typed
        assert foreign(text) == [], typed
    assert "12 sites" in answers["metrics"]
    assert "Aucun site n'a le code « 0 »" in answers["move 0 V-1"]

"""« journal » and « bilan »: a journal invented, read, kept once, and its bilan written."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from geozones.common.clock import today


@pytest.fixture
def sample(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answer: Callable[..., Any]) -> Path:
    monkeypatch.setenv("GEOZONES_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("GEOZONES_DATABASE_URL", raising=False)
    out = tmp_path / "essai"
    asked = ["journal", "sample", "--out", str(out), "--sector", "mayenne", "--months", "2"]
    asked += ["--from", (today() - timedelta(weeks=26)).isoformat()]  # old rows are refused
    assert answer(*asked, "--seed", "4")["invented"] is True
    return out


def test_a_journal_is_read_kept_once_and_its_bilan_written(
    sample: Path, tmp_path: Path, answer: Callable[..., Any]
) -> None:
    files = [str(path) for path in sorted(sample.iterdir())]
    read = answer("journal", *files, files[0], "--sector", "mayenne")
    assert read["invented"] is True
    assert read["files"][3]["already_there"] == read["files"][0]["rows"]
    visits = read["areas"][0]["figures"]["visits_per_month"]
    assert visits["low"] <= visits["value"] <= visits["high"]
    assert visits["expected"] == 1.0
    for file in files:
        assert answer("journal", "keep", file)["already_there"] is False
    assert answer("journal", "keep", files[0])["already_there"] is True
    out = tmp_path / "bilan.xlsx"
    written = answer("bilan", "--out", str(out), "--sector", "mayenne")
    assert out.read_bytes()[:2] == b"PK"
    assert written["period"] == read["period"]


@pytest.mark.slow
def test_what_cannot_be_read_or_written_is_one_french_sentence(
    sample: Path, tmp_path: Path, refused: Callable[..., str]
) -> None:
    (tmp_path / "a.csv").write_text("Nom;Commune\nA;B\n")
    for words, said in (
        (["journal", str(tmp_path / "a.csv")], "n'a pas les colonnes d'un journal"),
        (["journal", str(tmp_path / "none.csv")], "ne peut pas être lu"),
        (["bilan", "--out", str(tmp_path / "b.docx")], "doit finir par .pdf, .pptx ou .xlsx"),
        (["bilan", "--out", str(tmp_path / "b.pdf")], "Le journal est vide"),
        (["journal", "sample", "--out", str(sample)], "existe déjà"),
    ):
        assert said in refused(*words)

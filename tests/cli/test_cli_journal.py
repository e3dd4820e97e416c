"""« journal » and « bilan »: a journal invented, read, kept once, and its bilan written."""

from datetime import timedelta
from pathlib import Path

import pytest

from geozones.common.clock import today
from geozones.workspace.figures.study import Study
from helpers.fixture_types import Run
from helpers.sample_files import sample_files, sample_of, school_days


@pytest.fixture
def sample(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, study: Study) -> Path:
    monkeypatch.setenv("GEOZONES_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("GEOZONES_DATABASE_URL", raising=False)
    out = tmp_path / "essai"
    out.mkdir()
    first = today() - timedelta(weeks=26)  # old rows are refused
    made = sample_of(study, ["mayenne"], school_days(first, 2, study.atlas.school), 4)
    for name, content in sample_files(study, made, 4):
        (out / name).write_bytes(content)
    return out


def test_a_journal_is_read_kept_once_and_its_bilan_written(
    sample: Path, tmp_path: Path, answer: Run
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

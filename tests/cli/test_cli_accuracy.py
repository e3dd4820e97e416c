"""« times accuracy », as scripts and people at a terminal see it."""

from pathlib import Path

import pytest

from geozones import cli
from geozones.workspace.figures.study import Study
from helpers.fixture_types import Run

FIGURES = {"pairs", "mae_percent", "bias_percent", "worst_percent", "coverage_percent"}
BERGSON, RENOIR = "0491966W", "0492061Z"


@pytest.fixture
def first_words() -> tuple[str, ...]:
    return ("times", "accuracy")


def file_of(folder: Path, text: str, encoding: str = "utf-8") -> str:
    path = folder / "mesures.csv"
    path.write_text(text, encoding=encoding)
    return str(path)


def test_only_the_shipped_references_that_fitted_nothing_are_compared(answer: Run) -> None:
    (checked,) = answer()["references"]
    assert (checked["pairs"], checked["unknown"]) == (135, [])
    assert checked["name"] == "Temps de référence livrés, trajets de contrôle"
    assert checked["given"] == "donnée par l'équipe du projet, de mémoire, en novembre 2026"
    assert checked.keys() == FIGURES | {
        "name", "given", "sources", "by_kind", "worst", "unknown", "unfilled", "remarks",
    }  # fmt: skip
    assert abs(checked["bias_percent"]) <= checked["mae_percent"] <= checked["worst_percent"]
    assert round(checked["coverage_percent"]) == 85
    assert all(kind.keys() == FIGURES for kind in checked["by_kind"].values())
    assert sum(kind["pairs"] for kind in checked["by_kind"].values()) == checked["pairs"]


def test_a_user_s_own_file_is_the_only_one_compared(
    answer: Run, study: Study, tmp_path: Path
) -> None:
    minutes = study.times.between(BERGSON, RENOIR)
    written = f"{minutes * 0.8:.3f}".replace(".", ",")
    given = file_of(
        tmp_path, f"De;À;Durée (min)\nHenri Bergson;{RENOIR};{written}\nAngers;Laval;\n", "cp1252"
    )
    (mine,) = answer("--reference", given)["references"]
    assert (mine["name"], mine["pairs"], mine["unfilled"]) == ("mesures.csv", 1, 1)
    assert mine["given"] == "donnée par le fichier"
    assert mine["mae_percent"] == mine["bias_percent"] == 25
    (worst,) = mine["worst"]
    assert (worst["line"], worst["from"], worst["to"]) == (2, BERGSON, RENOIR)
    assert worst["low"] < worst["minutes"] < worst["high"]
    assert list(mine["by_kind"]) == ["courts"]


def test_the_text_is_a_table_aligned(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["times", "accuracy"]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    lines = out.splitlines()
    assert lines[:2] == [
        "Territoire : Pays de la Loire",
        (
            "Temps de référence livrés, trajets de contrôle : 135\u00a0trajets comparés à la durée "
            "donnée par l'équipe du projet, de mémoire, en novembre 2026"
        ),
    ]
    assert len({len(line) for line in lines[2:7]}) == 1
    assert "de mémoire" in out.casefold()

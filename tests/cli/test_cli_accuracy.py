"""« times accuracy », as scripts and people at a terminal see it."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from geozones import cli
from geozones.workspace.study import Study

FIGURES = {"pairs", "mae_percent", "bias_percent", "worst_percent", "coverage_percent"}
BERGSON, RENOIR = "0491966W", "0492061Z"


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    """Run « times accuracy »; return its status, stdout and stderr."""

    def call(*arguments: str) -> tuple[int, str, str]:
        status = cli.main(("times", "accuracy", *arguments))
        out, err = capsys.readouterr()
        return status, out, err

    return call


def answer(run: Callable[..., tuple[int, str, str]], *arguments: str) -> list[dict[str, Any]]:
    status, out, err = run(*arguments, "--json")
    assert (status, err) == (0, "")
    parsed = json.loads(out)
    assert parsed.keys() == {"references"}
    return list(parsed["references"])


def file_of(folder: Path, text: str, encoding: str = "utf-8") -> str:
    path = folder / "mesures.csv"
    path.write_text(text, encoding=encoding)
    return str(path)


def test_only_the_shipped_references_that_fitted_nothing_are_compared(
    run: Callable[..., tuple[int, str, str]],
) -> None:
    (checked,) = answer(run)
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
    run: Callable[..., tuple[int, str, str]], study: Study, tmp_path: Path
) -> None:
    minutes = study.times.between(BERGSON, RENOIR)
    written = f"{minutes * 0.8:.3f}".replace(".", ",")
    given = file_of(
        tmp_path, f"De;À;Durée (min)\nHenri Bergson;{RENOIR};{written}\nAngers;Laval;\n", "cp1252"
    )
    (mine,) = answer(run, "--reference", given)
    assert (mine["name"], mine["pairs"], mine["unfilled"]) == ("mesures.csv", 1, 1)
    assert mine["given"] == "donnée par le fichier"
    assert mine["mae_percent"] == mine["bias_percent"] == 25
    (worst,) = mine["worst"]
    assert (worst["line"], worst["from"], worst["to"]) == (2, BERGSON, RENOIR)
    assert worst["low"] < worst["minutes"] < worst["high"]
    assert list(mine["by_kind"]) == ["courts"]


def test_the_text_is_a_table_aligned(run: Callable[..., tuple[int, str, str]]) -> None:
    status, out, err = run()
    assert (status, err) == (0, "")
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


def test_a_file_that_is_bad_or_absent_is_refused_in_one_line(
    run: Callable[..., tuple[int, str, str]], tmp_path: Path
) -> None:
    bad = file_of(tmp_path, "de;a;minutes\nAngers;Laval;1h05\n")
    for path, why in (
        (bad, "Ligne 2, minutes : « 1h05 »"),
        ("/absent/mesures.csv", "absent/mesures.csv ne peut pas être lu"),
    ):
        for also in ((), ("--json",)):
            status, out, err = run("--reference", path, *also)
            assert (status, out) == (2, "")
            assert err.count("\n") == 1
            assert why in err


def test_a_region_without_references_says_how_to_give_some(
    run: Callable[..., tuple[int, str, str]], data_copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (data_copy / "temps_de_reference.csv").unlink()
    monkeypatch.setenv("GEOZONES_DATA_DIR", str(data_copy))
    status, _, err = run()
    assert status == 2
    assert "--reference FICHIER" in err

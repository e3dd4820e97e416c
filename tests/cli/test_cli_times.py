"""« times build », « times compare » and the peak factor, as scripts see them."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from geozones import cli

ANGERS, LAVAL = "0490003M", "0530012A"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GEOZONES_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    """Run a command; return its status, stdout and stderr."""

    def call(*arguments: str) -> tuple[int, str, str]:
        status = cli.main(arguments)
        out, err = capsys.readouterr()
        return status, out, err

    return call


@pytest.fixture
def answer(run: Callable[..., tuple[int, str, str]]) -> Callable[..., dict[str, Any]]:
    def call(*arguments: str) -> dict[str, Any]:
        status, out, err = run(*arguments, "--json")
        assert (status, err) == (0, "")
        parsed: dict[str, Any] = json.loads(out)
        return parsed

    return call


def test_a_built_matrix_is_the_one_that_times_reads_next(answer: Callable[..., Any]) -> None:
    assert answer("times", ANGERS, LAVAL)["source"] == "roadgraph"
    built = answer("times", "build", "--engine", "estimate", "--without-communes")
    assert set(built) == {
        "engine", "lycees", "pairs", "estimated", "seconds", "unreachable", "path", "faults",
    }  # fmt: skip
    assert (built["engine"], built["lycees"], built["pairs"]) == ("estimate", 119, 119 * 118)
    assert built["estimated"] == built["pairs"]
    trip = answer("times", ANGERS, LAVAL)
    assert (trip["source"], trip["estimated"]) == ("estimate", True)


def test_out_writes_a_file_and_puts_nothing_in_use(
    answer: Callable[..., Any], tmp_path: Path
) -> None:
    out = tmp_path / "m.parquet"
    built = answer("times", "build", "--engine", "shipped", "--without-communes", "--out", str(out))
    assert built["path"] == str(out)
    assert answer("times", ANGERS, LAVAL)["source"] == "roadgraph"
    found = answer("times", "compare", "shipped", str(out))
    assert (found["pairs"], found["bias_percent"], found["mae_percent"]) == (119 * 118, 0, 0)


def test_an_engine_that_fails_is_one_line_on_stderr_and_the_next_one_answers(
    answer: Callable[..., Any], run: Callable[..., tuple[int, str, str]]
) -> None:
    status, out, err = run("times", "build", "--engine", "openrouteservice")
    assert (status, out) == (2, "")
    assert err.count("\n") == 1
    assert "GEOZONES_ORS_KEY" in err
    built = answer(
        "times", "build", "--engine", "valhalla", "--engine", "shipped", "--without-communes"
    )
    assert built["engine"] == "roadgraph"
    assert built["faults"][0]["engine"] == "valhalla"
    assert "geozones roads build" in built["faults"][0]["message"]


def test_comparing_two_engines_says_bias_mean_and_the_ten_worst(
    answer: Callable[..., Any], run: Callable[..., tuple[int, str, str]]
) -> None:
    found = answer("times", "compare", "shipped", "estimate")
    assert found["pairs"] == 119 * 118
    assert len(found["worst"]) == 10
    assert set(found["worst"][0]) == {"from", "to", "minutes_a", "minutes_b", "percent"}
    assert abs(found["bias_percent"]) <= found["mae_percent"] <= found["worst_percent"]
    assert sum(kind["pairs"] for kind in found["by_kind"].values()) == found["pairs"]
    _, text, _ = run("times", "compare", "shipped", "estimate")
    assert text.startswith("14\u202f042 trajets comparés : biais")
    for kind in ("courts", "moyens", "longs"):
        assert f"\nTrajets {kind} (" in text


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("times", "build", "--engine", "osrm"), "« osrm » : choisissez parmi"),
        (("times", "compare", "shipped", "absent"), "ni un moteur de trajets"),
        (("times", "build", "--out", "/absent/m.parquet"), "son dossier n'existe pas"),
        (("metrics", "--peak-factor", "2"), "entre 1 et 1,6"),
        (("metrics", "--peak-factor", "nan"), "entre 1 et 1,6"),
        (("metrics", "--peak", "midi"), "--peak : parmi creuse, matin, soir"),
    ],
)
def test_bad_input_is_refused_in_one_line(
    run: Callable[..., tuple[int, str, str]], arguments: tuple[str, ...], told: str
) -> None:
    status, out, err = run(*arguments)
    assert (status, out) == (2, "")
    assert err.count("\n") == 1
    assert told in err


def test_settings_that_make_no_sense_are_refused_by_every_command(
    run: Callable[..., tuple[int, str, str]], home: Path
) -> None:
    home.mkdir()
    (home / "settings.toml").write_text("[travel]\nengine = 1\n")
    status, _, err = run("metrics")
    assert status == 2
    assert "réglage inconnu dans [travel] : engine" in err


def test_the_peak_factor_scales_every_minute_and_is_told(
    answer: Callable[..., Any], run: Callable[..., tuple[int, str, str]]
) -> None:
    base, peak = answer("metrics"), answer("metrics", "--peak-factor", "1.3")
    assert "peak_factor" not in base
    assert peak["peak_factor"] == 1.3
    assert peak["region"]["max_minutes"] == pytest.approx(
        1.3 * base["region"]["max_minutes"], 0.001
    )
    assert len(answer("check", "--peak-factor", "1.3")["violations"]) > len(
        answer("check")["violations"]
    )
    _, text, _ = run("times", ANGERS, LAVAL, "--peak-factor", "1.3")
    assert text.rstrip().endswith("(heure de pointe ×\u00a01,3)")


def test_a_moment_slows_towns_and_is_told(
    answer: Callable[..., Any], run: Callable[..., tuple[int, str, str]]
) -> None:
    livet, michelet, mayenne, evron = "0440029T", "0440034Y", "0530016E", "0530949U"
    base, evening = (
        answer("times", livet, michelet, "--peak", moment) for moment in ("creuse", "soir")
    )
    assert "peak" not in base
    assert evening["peak"] == "soir"
    assert evening["minutes"] == pytest.approx(1.11 * base["minutes"], abs=0.02)
    morning = answer("times", mayenne, evron, "--peak", "matin")
    assert morning["minutes"] == answer("times", mayenne, evron)["minutes"]
    _, text, _ = run("times", ANGERS, LAVAL, "--peak", "matin", "--peak-factor", "1.3")
    assert text.rstrip().endswith("(pointe du matin ×\u00a01,3)")
    both = answer("times", ANGERS, LAVAL, "--peak", "matin", "--peak-factor", "1.3")
    assert (both["peak"], both["peak_factor"]) == ("matin", 1.3)

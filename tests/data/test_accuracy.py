"""Shipped minutes against usual route-planner times, written down before computing."""

from pathlib import Path

import pandas as pd
import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def errors() -> "pd.Series[float]":
    """Relative error of each pair of towns, in percent."""
    text = {"origin": str, "destination": str}
    times = pd.read_parquet(ROOT / "data" / "travel_times.parquet").astype(text)
    minutes = times.set_index(["origin", "destination"])["minutes"].to_dict()
    usual = pd.read_csv(Path(__file__).parent / "usual_times.csv", dtype={"commune": str})
    pairs = zip(usual["lycee"], "commune:" + usual["commune"], strict=True)
    model = pd.Series([minutes[pair] for pair in pairs])
    return (model / usual["minutes_usuelles"] - 1) * 100


def test_the_mean_absolute_error_is_under_7_percent(errors: "pd.Series[float]") -> None:
    assert len(errors) >= 20
    assert errors.abs().mean() < 7


def test_the_model_is_neither_slow_nor_fast_on_the_whole(errors: "pd.Series[float]") -> None:
    assert abs(errors.mean()) < 3


def test_the_error_documented_is_the_error_measured(errors: "pd.Series[float]") -> None:
    docs = (ROOT / "docs" / "data.md").read_text(encoding="utf-8")
    assert f"mean absolute error {errors.abs().mean():.1f} %" in docs
    assert f"bias {errors.mean():+.1f} %" in docs
    assert f"worst {errors.abs().max():.1f} %" in docs

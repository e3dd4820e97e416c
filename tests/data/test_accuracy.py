"""Shipped minutes against usual route-planner times, written down before computing.

Drives that the model or its intervals were fitted on (`usage` « calibrage ») check nothing here.
"""

import json
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest

from geozones.domain.times import INTERVAL_CHECK
from geozones.travel.engine import crow_km
from geozones.workspace.figures.study import Study
from geozones.workspace.reachability.accuracy import accuracy_of, shipped_references

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def matrix() -> pd.DataFrame:
    text = {"origin": str, "destination": str}
    times = pd.read_parquet(ROOT / "data" / "travel_times.parquet").astype(text)
    return times.set_index(["origin", "destination"])


@pytest.fixture(scope="module")
def known(matrix: pd.DataFrame) -> pd.DataFrame:
    """Drives known from elsewhere, with the model's minutes and its error in percent."""
    table = pd.read_csv(ROOT / "data" / "temps_de_reference.csv")
    found = matrix.loc[list(zip(table["de"], table["a"], strict=True))].reset_index(drop=True)
    error = (found["minutes"] / table["minutes"] - 1) * 100
    holds = table["minutes"].between(found["low"], found["high"])
    return table.assign(error=error, holds=holds, town=table["a"].str.startswith("commune:"))


@pytest.fixture(scope="module")
def short(known: pd.DataFrame) -> pd.DataFrame:
    """The short drives inside towns that the model was not fitted on."""
    return known[~known["town"] & (known["usage"] == "contrôle")]


@pytest.fixture(scope="module")
def elsewhere(known: pd.DataFrame) -> pd.DataFrame:
    """The drives from a lycée to another town that the intervals were not fitted on."""
    return known[known["town"] & (known["usage"] == "contrôle")]


@pytest.fixture(scope="module")
def long(elsewhere: pd.DataFrame) -> pd.DataFrame:
    """The drives of them that are 25 km long or more as the crow flies."""
    collection = json.loads((ROOT / "data" / "lycees.geojson").read_text(encoding="utf-8"))
    lycees = {
        lycee["properties"]["id"]: tuple(lycee["geometry"]["coordinates"][::-1])
        for lycee in collection["features"]
    }
    columns = ["code", "lat", "lon"]
    communes = pd.read_parquet(ROOT / "data" / "communes.parquet", columns=columns)
    points = dict(
        zip(
            "commune:" + communes["code"],
            zip(communes["lat"], communes["lon"], strict=True),
            strict=True,
        )
    )
    ends = zip(elsewhere["de"], elsewhere["a"], strict=True)
    return elsewhere[[crow_km(lycees[a], points[b]) >= 25 for a, b in ends]]


def summary(errors: "pd.Series[float]") -> str:
    mean, bias, worst = errors.abs().mean(), errors.mean(), errors.abs().max()
    return f"mean absolute error {mean:.1f} %, bias {bias:+.1f} %, worst {worst:.0f} %"


def test_short_drives_in_towns_are_within_11_percent_and_most_in_their_intervals(
    short: pd.DataFrame,
) -> None:
    assert len(short) == 28
    assert short["error"].abs().mean() <= 11
    assert abs(short["error"].mean()) < 3
    assert short["error"].abs().max() <= 35
    # wider than they need be: they are made for drives that leave the town
    assert 0.75 <= short["holds"].mean() <= 0.95


def test_intervals_hold_eight_in_ten_drives_from_a_lycee(
    elsewhere: pd.DataFrame, long: pd.DataFrame
) -> None:
    assert (len(elsewhere), len(long)) == (107, 65)
    assert 0.78 <= elsewhere["holds"].mean() <= 0.85
    assert long["holds"].mean() >= 0.75


def test_the_file_and_the_page_say_the_one_share_that_intervals_hold(
    known: pd.DataFrame, shipped_study: Study
) -> None:
    metadata = pq.read_schema(ROOT / "data" / "travel_times.parquet").metadata
    noted = json.loads(metadata[b"geozones"])["parameters"][INTERVAL_CHECK]
    control = known[known["usage"] == "contrôle"]
    assert noted == {"drives": len(control), "held": int(control["holds"].sum())}
    references = shipped_references(shipped_study.territory)
    found = accuracy_of(shipped_study.analysis, references.held_out).overall
    assert noted == {"drives": found.pairs, "held": found.covered}
    share = f"{found.coverage_percent:.0f} %"
    for name in ("README.md", "docs/data.md", "docs/guide.fr.md", "docs/reference.md"):
        text = " ".join((ROOT / name).read_text(encoding="utf-8").split())
        assert re.search(rf"\b{found.pairs}\b", text), name
        assert share in text, name
        assert "83 % of the" not in text, name


def test_drives_from_a_lycee_are_within_10_percent(elsewhere: pd.DataFrame) -> None:
    assert elsewhere["error"].abs().mean() < 10
    assert abs(elsewhere["error"].mean()) < 4


def test_the_errors_documented_are_the_errors_measured(
    elsewhere: pd.DataFrame, short: pd.DataFrame
) -> None:
    docs = " ".join((ROOT / "docs" / "data.md").read_text(encoding="utf-8").split())
    assert summary(elsewhere["error"]) in docs
    assert summary(short["error"]) in docs


@pytest.mark.parametrize(
    ("origin", "destination", "least", "most"),
    [
        ("0440036A", "0440062D", 12, 18),  # Bougainville and Jean Perrin: both banks of the Loire
        ("0850146X", "commune:85163", 42, 52),  # Challans – Noirmoutier by the bridge, not the Gois
        ("0721548S", "0721493G", 9, 15),  # Allonnes – Le Mans
    ],
)
def test_drives_that_used_to_be_wrong(
    matrix: pd.DataFrame, origin: str, destination: str, least: float, most: float
) -> None:
    assert least <= matrix.loc[(origin, destination), "minutes"] <= most


def test_a_way_is_hardly_longer_than_by_a_halfway_lycee(matrix: pd.DataFrame) -> None:
    places = matrix.index.get_level_values("origin").unique()
    lycees = [place for place in places if not place.startswith("commune:")]
    pairs = pd.MultiIndex.from_product([lycees, lycees])
    minutes = matrix.loc[pairs, "minutes"].to_numpy(float).reshape(len(lycees), -1)
    detour = minutes[:, None] - (minutes[:, :, None] + minutes[None])
    assert np.max(detour) < 3.5
    assert (detour > 0.1).mean() < 0.001

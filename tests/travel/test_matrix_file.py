"""The shipped table: read, and refused when it is not whole."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from geozones.common.errors import DataFileError
from geozones.domain import TravelTimes
from geozones.domain.times import FIGURES
from geozones.travel.matrix_file import open_matrix, positions_hash
from helpers.fixture_types import Refused

POSITIONS = {"A": (47.0, -1.0), "B": (47.1, -1.1), "C": (47.2, -1.2)}
PAIRS = [(a, b) for a in POSITIONS for b in POSITIONS]
META: dict[str, Any] = {
    "format": 2,
    "engine": "toy",
    "date": "2025-01-01",
    "positions_sha256": positions_hash(POSITIONS),
}


@pytest.fixture
def table() -> pd.DataFrame:
    """Minutes 0, 1, 2 … pair by pair, kilometres ten times that."""
    minutes = np.arange(9.0)
    return pd.DataFrame(
        {
            "origin": [origin for origin, _ in PAIRS],
            "destination": [destination for _, destination in PAIRS],
            "minutes": minutes,
            "km": minutes * 10,
            "low": minutes * 0.75,
            "high": minutes * 1.5,
            "leg_share": minutes / 10,
        }
    )


@pytest.fixture
def read(tmp_path: Path) -> Callable[..., TravelTimes]:
    """Write a table with its metadata, and read it as the shipped one."""

    def write_then_read(
        frame: pd.DataFrame, meta: Any = META, positions: Any = None
    ) -> TravelTimes:
        path = tmp_path / "travel_times.parquet"
        written = pa.Table.from_pandas(frame, preserve_index=False)
        pq.write_table(written.replace_schema_metadata({"geozones": json.dumps(meta)}), path)
        chosen = positions or POSITIONS
        return open_matrix(path, chosen).square(tuple(chosen))

    return write_then_read


@pytest.fixture
def refused(read: Callable[..., TravelTimes]) -> Refused:
    """Read a table that must be refused; return what the user is told."""

    def refusal(*arguments: Any) -> str:
        with pytest.raises(DataFileError, match="reconstruisez-le") as caught:
            read(*arguments)
        return str(caught.value)

    return refusal


def test_the_table_is_read_in_the_order_of_the_lycees_whatever_its_own(
    read: Callable[..., TravelTimes], table: pd.DataFrame
) -> None:
    times = read(table.sample(frac=1, random_state=4))
    assert times.origins == times.destinations == ("A", "B", "C")
    np.testing.assert_array_equal(times.minutes, np.arange(9.0).reshape(3, 3))
    assert times.km_between("B", "C") == 50
    assert times.provenance.engine == "toy"
    assert times.interval("B", "C") == (3.75, 7.5)
    assert times.leg_share_between("B", "C") == 0.5
    assert not times.is_estimated("A", "B")
    assert times.is_estimated("C", "A")


def test_a_file_built_before_intervals_is_read_with_the_spread_of_its_engine(
    read: Callable[..., TravelTimes], table: pd.DataFrame
) -> None:
    times = read(table[["origin", "destination", "minutes", "km"]], {**META, "format": 1})
    assert times.between("B", "C") == 5
    assert times.low is None
    low, high = times.interval("B", "C")
    assert low < 5 < high
    assert times.leg_share_between("B", "C") == 0


def test_rows_towards_communes_are_left_out_and_a_pair_without_a_way_stays_without(
    read: Callable[..., TravelTimes], table: pd.DataFrame
) -> None:
    more = pd.DataFrame(
        {
            "origin": ["A"],
            "destination": ["commune:44109"],
            **{name: [1.0] for name in FIGURES},
        }
    )
    assert read(pd.concat([table, more])).minutes.shape == (3, 3)
    table.loc[1, list(FIGURES)] = np.nan
    assert np.isnan(read(table).between("A", "B"))


@pytest.mark.parametrize(
    "meta", [{**META, "format": 3}, {**META, "format": [2]}, {}, [], None, {"format": "1"}]
)
def test_another_version_is_refused(refused: Refused, table: pd.DataFrame, meta: Any) -> None:
    assert "autre version" in refused(table, meta)


@pytest.mark.parametrize("column", ["km", "high", "leg_share"])
def test_a_table_without_a_column_is_another_version(
    refused: Refused, table: pd.DataFrame, column: str
) -> None:
    assert "autre version" in refused(table.drop(columns=column))


def test_what_is_no_provenance_nor_minutes_is_refused(
    refused: Refused, table: pd.DataFrame
) -> None:
    assert "altéré" in refused(table, {key: META[key] for key in META if key != "engine"})
    assert "altéré" in refused(table.assign(minutes="vite"))


@pytest.mark.parametrize("value", [-1.0, np.inf])
def test_an_impossible_drive_is_refused(
    refused: Refused, table: pd.DataFrame, value: float
) -> None:
    table.loc[1, "minutes"] = value
    assert "impossibles" in refused(table)


@pytest.mark.parametrize(
    ("column", "value"), [("low", 2.0), ("high", 0.5), ("high", np.nan), ("leg_share", 1.5)]
)
def test_minutes_out_of_their_interval_and_a_share_over_one_are_refused(
    refused: Refused, table: pd.DataFrame, column: str, value: float
) -> None:
    table.loc[1, column] = value
    assert "impossibles" in refused(table)


def test_a_missing_pair_and_a_pair_twice_are_refused(refused: Refused, table: pd.DataFrame) -> None:
    assert "un trajet et un seul par paire" in refused(table.iloc[1:])
    assert "un trajet et un seul par paire" in refused(pd.concat([table, table.iloc[:1]]))


def test_a_lycee_that_moved_or_is_new_is_refused(refused: Refused, table: pd.DataFrame) -> None:
    moved = {**POSITIONS, "A": (47.0, -1.001)}
    assert "Un lycée a changé de place" in refused(table, META, moved)
    assert "Un lycée a changé de place" in refused(table, META, {**POSITIONS, "D": (47.0, 0.0)})


def test_a_file_that_is_no_table_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "travel_times.parquet"
    with pytest.raises(DataFileError, match="Il manque le fichier"):
        open_matrix(path, POSITIONS)
    path.write_bytes(b"PAR1 and then nothing")
    with pytest.raises(DataFileError, match="illisible ou altéré"):
        open_matrix(path, POSITIONS)

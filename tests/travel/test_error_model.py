"""The interval of a drive of the road graph grows with what is least known of its way."""

import numpy as np
import pytest

from geozones.domain.times import log_error_of
from geozones.travel.network import RoadKind
from geozones.travel.roadgraph import END_MIN, SHARES, SOURCES_SHARE, WAY_OUT_MIN, interval


def drive(**minutes: float) -> np.ndarray:
    """One drive, its minutes by kind of way."""
    by_kind = np.zeros((1, 1, len(RoadKind)))
    for name, figure in minutes.items():
        by_kind[0, 0, RoadKind[name.upper()]] = figure
    return by_kind


def relative_width(**minutes: float) -> float:
    total = np.array([[sum(minutes.values())]], float)
    low, high = interval(total, drive(**minutes))
    assert low[0, 0] < total[0, 0] < high[0, 0]
    return float(log_error_of(total, low, high)[0, 0])


def test_kinds_add_up_as_independent_errors_of_their_own_minutes() -> None:
    kinds = (20 * SHARES[RoadKind.ROAD]) ** 2 + (10 * SHARES[RoadKind.TOWN_LEG]) ** 2
    way_out = WAY_OUT_MIN * 20 / 30
    sources = SOURCES_SHARE * 20
    expected = np.sqrt(kinds + sources**2 + way_out**2 + END_MIN**2)
    assert relative_width(road=20, town_leg=10) == pytest.approx(expected / 30)


def test_a_road_is_less_sure_than_a_motorway_and_short_drives_in_proportion() -> None:
    ferry, road, motorway = (relative_width(**{kind: 30}) for kind in ("ferry", "road", "motorway"))
    assert ferry > road > motorway
    for minutes in (60, 120, 240):
        assert relative_width(motorway=minutes) > 0.08  # 0.05 without it, at most
    assert relative_width(town_leg=30) < relative_width(road=30)
    assert relative_width(town_leg=5, road=5) > 1.05 * relative_width(town_leg=10)
    assert relative_width(town_leg=5, motorway=5) > relative_width(town_leg=10)
    assert relative_width(road=3) > 1.5 * relative_width(road=60)


def test_one_place_has_no_interval_and_no_way_has_none() -> None:
    minutes = np.array([[0.0, np.nan]])
    low, high = interval(minutes, np.full((1, 2, len(RoadKind)), np.nan) * minutes[..., None])
    assert low[0].tolist() == pytest.approx([0, np.nan], nan_ok=True)
    assert high[0].tolist() == pytest.approx([0, np.nan], nan_ok=True)

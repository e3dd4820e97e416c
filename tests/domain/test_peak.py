"""Peak hours by place: figures worked out by hand, and what must hold for any."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geozones.domain.peak import Moment, PeakArea, PeakFactors, PeakProfile, Traffic

#: Two towns: in the morning the first is 1.2 times as slow, the second 1.1.
PROFILE = PeakProfile(
    (
        PeakArea("Grande", PeakFactors(1.2, 1.4), (("Grande", frozenset({"44109", "44162"})),)),
        PeakArea(
            "Petites",
            PeakFactors(1.1, 1.0),
            (("Une", frozenset({"53130"})), ("Autre", frozenset({"85191"}))),
        ),
    )
)
COUNTRY = "44001"
#: Morning factors of the first town, of the second, of elsewhere.
type Factors = tuple[float, float, float]
FACTORS = st.tuples(st.floats(1, 3), st.floats(1, 3), st.floats(1, 3))
MINUTES = st.floats(0, 300)
ANYWHERE = st.sampled_from(["44109", "44162", "53130", "85191", COUNTRY, None])


def at_peak(
    minutes: float,
    origin: str | None,
    destination: str | None,
    moment: Moment = Moment.MORNING,
    profile: PeakProfile = PROFILE,
) -> float:
    table = np.array([[minutes]])
    return float((table * profile.slowdown(table, [origin], [destination], moment))[0, 0])


@pytest.mark.parametrize(
    ("minutes", "ends", "expected"),
    [
        (20, (COUNTRY, None), 20),  # no town, no traffic
        (20, ("44109", COUNTRY), 20 + 0.2 * 10),  # half of it is near the town
        (60, ("44109", COUNTRY), 60 + 0.2 * 15),  # 15 minutes at most
        (60, (COUNTRY, "44109"), 60 + 0.2 * 15),
        (60, ("44109", "53130"), 60 + 0.2 * 15 + 0.1 * 15),  # a town at each end
        (20, ("44109", "44162"), 20 * 1.2),  # inside a town
        (40, ("44109", "44109"), 40 * 1.2),
        (40, ("53130", "85191"), 40 + 0.1 * 15 * 2),  # two towns alike are not one town
        (0, ("44109", "44109"), 0),
    ],
)
def test_each_end_slows_the_minutes_near_it(
    minutes: float, ends: tuple[str | None, str | None], expected: float
) -> None:
    assert at_peak(minutes, *ends) == pytest.approx(expected)


def test_a_moment_has_its_own_factors_and_off_peak_none() -> None:
    assert at_peak(20, "44109", "44109", Moment.EVENING) == pytest.approx(28)
    assert at_peak(20, "44109", "44109", Moment.OFF_PEAK) == 20
    assert at_peak(20, "53130", "53130", Moment.EVENING) == 20


def test_the_country_has_a_factor_too() -> None:
    slow = PeakProfile(PROFILE.areas, PeakFactors(1.05, 1.0))
    assert at_peak(60, COUNTRY, None, profile=slow) == pytest.approx(63)
    # 15 minutes at the town's, 45 at the country's
    assert at_peak(60, "44109", None, profile=slow) == pytest.approx(15 * 1.2 + 45 * 1.05)


def test_each_direction_keeps_its_own_minutes_and_no_way_stays_none() -> None:
    table = np.array([[10.0, 20.0], [30.0, math.nan]])
    ends = ["44109", COUNTRY]
    slowdown = PROFILE.slowdown(table, ends, ends, Moment.MORNING)
    expected = [[12, 22], [33, math.nan]]
    np.testing.assert_allclose(table * slowdown, expected, equal_nan=True)


@given(st.tuples(MINUTES, MINUTES), st.tuples(ANYWHERE, ANYWHERE), FACTORS)
def test_a_longer_drive_stays_longer(
    minutes: tuple[float, float], ends: tuple[str | None, str | None], factors: Factors
) -> None:
    short, long = sorted(minutes)
    slow_short, slow_long = (at_peak(each, *ends, profile=_with(factors)) for each in (short, long))
    assert slow_short <= slow_long + 1e-9
    assert short - 1e-9 <= slow_short <= max(factors) * short + 1e-9


@given(MINUTES, st.tuples(ANYWHERE, ANYWHERE), FACTORS, st.integers(0, 2), st.floats(0, 1))
def test_more_traffic_shortens_no_drive(
    minutes: float,
    ends: tuple[str | None, str | None],
    factors: Factors,
    where: int,
    more: float,
) -> None:
    one, two, elsewhere = (factor + more * (rank == where) for rank, factor in enumerate(factors))
    before = at_peak(minutes, *ends, profile=_with(factors))
    assert at_peak(minutes, *ends, profile=_with((one, two, elsewhere))) >= before - 1e-9


@given(MINUTES, ANYWHERE, FACTORS)
def test_off_peak_minutes_lead_back_to_those_asked_for(
    minutes: float, origin: str | None, factors: Factors
) -> None:
    profile = _with(factors)
    off_peak = profile.off_peak_minutes(minutes, origin, Moment.MORNING)
    assert at_peak(off_peak, origin, None, profile=profile) == pytest.approx(minutes)


def _with(factors: Factors) -> PeakProfile:
    first, second, elsewhere = factors
    grande, petites = PROFILE.areas
    return PeakProfile(
        (
            PeakArea(grande.name, PeakFactors(first), grande.towns),
            PeakArea(petites.name, PeakFactors(second), petites.towns),
        ),
        PeakFactors(elsewhere),
    )


@pytest.mark.parametrize(
    ("traffic", "label"),
    [
        (Traffic(), "heures creuses"),
        (Traffic(Moment.MORNING), "pointe du matin"),
        (Traffic(Moment.EVENING, 1.3), "pointe du soir ×\u00a01,3"),
        (Traffic(factor=1.3), "heure de pointe ×\u00a01,3"),
    ],
)
def test_how_durations_are_given_is_said(traffic: Traffic, label: str) -> None:
    assert traffic.label == label

"""Minutes say how sure they are: their interval, the share of legs, what is « estimé »."""

import dataclasses
import math

import numpy as np
import pytest

from geozones.domain import Provenance, TravelTimes
from geozones.domain.times import INTERVAL_CHECK, interval_source, merge_times

ROADS, CROW = Provenance("roadgraph", "2026-01-01"), Provenance("estimate", "2026-01-01")


def square(*rows: tuple[float, ...]) -> np.ndarray:
    return np.array(rows, float)


def sure_times() -> TravelTimes:
    """A to B 10 min (8 to 13), mostly legs one way; nobody goes from B to A."""
    return TravelTimes(
        ("A", "B"),
        ("A", "B"),
        square((0, 10), (math.nan, 0)),
        square((0, 9), (math.nan, 0)),
        ROADS,
        low=square((0, 8), (math.nan, 0)),
        high=square((0, 13), (math.nan, 0)),
        leg_share=square((0, 0.6), (math.nan, 0)),
    )


def test_a_drive_says_its_interval_and_is_estimated_over_a_half_of_legs_only() -> None:
    times = sure_times()
    assert times.interval("A", "B") == (8, 13)
    assert times.leg_share_between("A", "B") == 0.6
    assert times.is_estimated("A", "B")
    assert times.estimated_pairs == 1
    assert all(math.isnan(end) for end in times.interval("B", "A"))
    half = dataclasses.replace(sure_times(), leg_share=square((0, 0.5), (math.nan, 0)))
    assert not half.is_estimated("A", "B")
    assert half.estimated_pairs == 0


def test_the_error_is_that_of_an_interval_of_eighty_percent_even_from_next_to_nothing() -> None:
    # a tenth of a normal law is over 1.2816 standard deviations
    errors = sure_times().log_errors((slice(None), slice(None)))
    assert errors[0, 1] == pytest.approx(math.log(13 / 8) / 2.5632)
    assert errors[0, 0] == errors[1, 1] == 0
    assert math.isnan(errors[1, 0])
    near = dataclasses.replace(sure_times(), low=square((0, 0), (math.nan, 0)))
    assert near.log_errors((0, 1)) == pytest.approx(math.log(13 / 10) / 1.2816)


def test_without_an_interval_of_its_own_an_engine_has_the_spread_of_its_kind() -> None:
    minutes = square((0, 40), (40, 0))
    low_by = {}
    for engine in ("openrouteservice", "roadgraph", "estimate", "toy"):
        made = Provenance(engine, "2026-01-01")
        times = TravelTimes(("A", "B"), ("A", "B"), minutes, minutes, made)
        low, high = times.interval("A", "B")
        assert low < 40 < high
        assert times.interval("A", "A") == (0, 0)
        assert times.leg_share_between("A", "B") == (engine == "estimate")
        low_by[engine] = low
    assert low_by["openrouteservice"] > low_by["roadgraph"] > low_by["estimate"]


def test_a_short_drive_is_less_sure_than_its_share_alone_says() -> None:
    minutes = square((0, 3), (60, 0))
    times = TravelTimes(("A", "B"), ("A", "B"), minutes, minutes, ROADS)
    assert times.log_errors((0, 1)) > 1.2 * times.log_errors((1, 0))


def test_a_choice_of_places_and_a_merge_keep_each_interval() -> None:
    one_way = sure_times().restricted(["A"], ["B"])
    assert one_way.interval("A", "B") == (8, 13)
    back = TravelTimes(("B",), ("A",), square((12,)), square((9,)), CROW)
    both = merge_times(("A", "B"), ("A", "B"), [one_way, back])
    assert both.interval("A", "B") == (8, 13)
    assert both.interval("B", "A") == back.interval("B", "A")
    assert (both.leg_share_between("A", "B"), both.leg_share_between("B", "A")) == (0.6, 1)
    assert both.estimated_pairs == 2


def test_one_end_of_an_interval_or_a_table_of_another_shape_is_refused() -> None:
    with pytest.raises(ValueError, match="both of its ends"):
        dataclasses.replace(sure_times(), high=None)
    with pytest.raises(ValueError, match="shape"):
        dataclasses.replace(sure_times(), leg_share=np.zeros((1, 2)))


def checked(drives: object, held: object) -> Provenance:
    check = {"drives": drives, "held": held}
    return Provenance("roadgraph", "2026-01-01", parameters={INTERVAL_CHECK: check})


def meaning(maker: Provenance, *others: Provenance) -> str:
    """What is written of the intervals of a drive there by one engine, and back by the next."""
    ranks = np.array(((0, 0), (len(others), 0)), np.uint8)
    minutes = square((0, 10), (10, 0))
    places = ("A", "B")
    times = TravelTimes(places, places, minutes, minutes, maker, others=others, maker=ranks)
    return times.interval_means


def test_eight_in_ten_is_written_only_where_that_many_control_drives_were_held() -> None:
    assert meaning(checked(100, 83)) == (
        "l'intervalle où tombent huit trajets sur dix "
        "(83 % des 100 trajets de contrôle, hors pointe, qui n'ont pas servi à régler le calcul)"
    )
    for held in (56, 77, 86, 100):
        text = meaning(checked(100, held))
        assert "sur dix" not in text
        assert f"{held} % des 100" in text


def test_intervals_say_what_was_measured_and_are_a_hypothesis_otherwise() -> None:
    unknown = Provenance("valhalla", "2026-01-01")
    for makers in ((unknown,), (checked(100, 83), unknown), (checked(0, 0),), (checked(5, 9),)):
        assert "par hypothèse" in meaning(*makers)
        assert "sur dix" not in meaning(*makers)
    assert "par hypothèse" in meaning(checked("beaucoup", None))
    assert "83 % des 100 trajets" in interval_source(checked(100, 83), given=True)
    own_roads = Provenance("roadgraph", "2026-01-01")
    for maker, given in ((own_roads, True), (Provenance("valhalla", "2026-01-01"), False)):
        assert "par hypothèse" in interval_source(maker, given=given)

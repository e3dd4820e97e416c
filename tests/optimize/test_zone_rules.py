"""Zones judged many at once: what is permitted, and a zone of today whatever it breaks."""

import numpy as np

from geozones.optimize.problem import ZoneRules

ZONES = np.array([[0, 1, 2], [0, 1, 3], [0, 2, 3], [1, 2, 3]], np.uint16)
NO_PAIR = np.zeros((4, 4), bool)
MINUTES = np.abs(np.subtract.outer(np.arange(4.0), np.arange(4.0))) * 10


def pairs(*held: tuple[int, int]) -> np.ndarray:
    table = NO_PAIR.copy()
    for first, second in held:
        table[first, second] = table[second, first] = True
    return table


def test_lycees_too_far_share_no_other_zone_and_colleagues_come_in_time() -> None:
    rules = ZoneRules(None, pairs((0, 1)), MINUTES, None, ((0, 1, 3),))
    assert rules.permit(ZONES).tolist() == [False, True, True, True]
    rules = ZoneRules(None, NO_PAIR, MINUTES, np.full(len(MINUTES), 10.0), ())
    assert rules.permit(ZONES).tolist() == [True, False, False, True]
    assert not rules.permit(np.array([[0], [1]], np.uint16)).any()


def test_a_zone_in_pieces_is_not_permitted_unless_it_is_so_today() -> None:
    line = pairs((0, 1), (1, 2), (2, 3))
    assert ZoneRules(line, NO_PAIR, MINUTES, None, ()).permit(ZONES).tolist() == [
        True,
        False,
        False,
        True,
    ]
    assert ZoneRules(line, NO_PAIR, MINUTES, None, ((0, 2, 3),)).permit(ZONES)[2]

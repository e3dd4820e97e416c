"""What a proposal is called: by how many draws it is better in, and what it loses in the others."""

import numpy as np
import pytest

from geozones.metrics import ChangeVerdict, Robustness
from geozones.metrics.judgement import robustness

NBSP = "\u00a0"


def drawn(better: int, worse: int = 0, loss: float = 12.0, draws: int = 200) -> Robustness:
    """Return a plan that saves 30 h in some draws, costs up to ``loss`` more in others."""
    before = np.full(draws, 100.0)
    after = before.copy()
    after[:better] -= 30.0
    after[better : better + worse] += np.linspace(loss / 2, loss, worse)
    return robustness(after, before)


@pytest.mark.parametrize(
    ("better", "worse", "verdict"),
    [
        (200, 0, ChangeVerdict.SOLID),
        (180, 20, ChangeVerdict.SOLID),
        (179, 21, ChangeVerdict.FRAGILE),
        (160, 40, ChangeVerdict.FRAGILE),
        (159, 41, ChangeVerdict.EQUIVALENT),
        (0, 0, ChangeVerdict.EQUIVALENT),
        (41, 159, ChangeVerdict.EQUIVALENT),
        (40, 160, ChangeVerdict.WORSE),
    ],
)
def test_words_change_at_nine_and_at_eight_draws_in_ten(
    better: int, worse: int, verdict: ChangeVerdict
) -> None:
    found = drawn(better, worse)
    assert found.verdict is verdict
    assert (found.better, found.draws) == (better, 200)


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (drawn(200), "solide : gain dans les 200 tirages"),
        (drawn(190), f"solide : gain dans 190{NBSP}tirages sur 200, jamais de perte"),
        (
            drawn(187, 13),
            f"solide : gain dans 187{NBSP}tirages sur 200 ; au pire, 12{NBSP}h de plus",
        ),
        (
            drawn(170, 30, 0.2),
            f"fragile : gain dans 170{NBSP}tirages sur 200 ; au pire, moins d'1{NBSP}h de plus",
        ),
        (
            drawn(1, 100),
            f"équivalent : gain dans 1{NBSP}tirage sur 200 ; au pire, 12{NBSP}h de plus",
        ),
        (drawn(0), "équivalent : ni gain ni perte en 200 tirages"),
        (
            drawn(0, 200),
            f"coûte plus : aucun gain en 200 tirages ; au pire, 12{NBSP}h de plus",
        ),
    ],
)
def test_the_sentence_gives_the_count_and_the_greatest_loss(found: Robustness, said: str) -> None:
    assert found.text() == said


def test_gains_are_those_of_the_mean_of_the_draws() -> None:
    found = drawn(150, 50, 10.0)
    assert found.gain == pytest.approx((150 * 30 - 50 * 7.5) / 200)
    assert found.loss == pytest.approx(10.0)
    assert drawn(200).loss == 0


def test_a_way_that_is_lost_is_said_so() -> None:
    before, after = np.full(200, 100.0), np.full(200, np.inf)
    worse = robustness(after, before).text()
    assert worse.endswith("aucun gain en 200 tirages ; au pire, un trajet devient impossible")
    assert robustness(before, after).text() == "solide : gain dans les 200 tirages"
    assert robustness(after, after).text() == "non comparable"

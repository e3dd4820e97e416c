"""What a proposal gains in the mean over the draws, and what it loses in the worst."""

import numpy as np
import pytest

from geozones.metrics import Robustness
from geozones.metrics.judgement import robustness


def drawn(better: int, worse: int = 0, loss: float = 12.0, draws: int = 200) -> Robustness:
    """Return a plan that saves 30 h in some draws, costs up to ``loss`` more in others."""
    before = np.full(draws, 100.0)
    after = before.copy()
    after[:better] -= 30.0
    after[better : better + worse] += np.linspace(loss / 2, loss, worse)
    return robustness(after, before)


def test_gains_are_those_of_the_mean_of_the_draws() -> None:
    found = drawn(150, 50, 10.0)
    assert (found.better, found.draws) == (150, 200)
    assert found.gain == pytest.approx((150 * 30 - 50 * 7.5) / 200)
    assert found.loss == pytest.approx(10.0)
    assert drawn(200).loss == 0

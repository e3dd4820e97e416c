"""Spoilt versions of the source document: what is read right, wrong, and left to the user."""

from collections import Counter
from collections.abc import Callable, Iterable

import pytest

from geozones.intake.import_report import Report
from helpers.slow_params import slow_but

from .conftest import Import
from .noise import garbled, mutated

type Spoil = Callable[[str, int, float], tuple[str, dict[int, int]]]
SEEDS = 40


@pytest.fixture(scope="module")
def places() -> dict[int, tuple[str, int]]:
    return {}


def truth(report: Report) -> dict[int, tuple[str, frozenset[str]]]:
    """The lycée of each line, and all those of its zone, as the document itself says."""
    return {
        row.row: (row.id, frozenset(report.by_zone[row.zone]))
        for row in report.accepted
        if row.zone is not None
    }


def tally(
    imported: Import, text: str, spoil: Spoil, share: float, seeds: Iterable[int]
) -> Counter[str]:
    """Count the rows read right (the lycée, with its own zone's only), wrong, and left over."""
    right = truth(imported(text))
    counts: Counter[str] = Counter()
    for seed in seeds:
        spoilt, origin = spoil(text, seed, share)
        report = imported(spoilt)
        taken = set()
        for row in report.accepted:
            lycee, zone = right.get(origin[row.row], ("", frozenset()))
            alone = row.zone is not None and set(report.by_zone[row.zone]) <= zone
            counts["right" if row.id == lycee and alone else "wrong"] += 1
            taken.add(lycee)
        counts["left"] += len(right) - len(taken)
        counts["rows"] += len(right)
    return counts


@pytest.mark.parametrize("share", slow_but([0.01, 0.02, 0.03, 0.04, 0.05], 0.03))
def test_a_scanned_document_is_never_read_wrong(
    imported: Import, source_text: str, share: float
) -> None:
    """200 versions in all: 40 for each share of characters misread."""
    counts = tally(imported, source_text, mutated, share, range(SEEDS))
    assert counts["wrong"] == 0
    assert counts["right"] + counts["left"] == counts["rows"] == SEEDS * 52
    assert counts["right"] >= (0.98 if share == 0.01 else 0.90) * counts["rows"]


@pytest.mark.parametrize("share", [0.01, 0.03])
def test_signs_replaced_by_any_other_are_never_read_wrong(
    imported: Import, source_text: str, share: float
) -> None:
    counts = tally(imported, source_text, garbled, share, range(20))
    assert counts["wrong"] == 0
    assert counts["right"] >= 0.90 * counts["rows"]

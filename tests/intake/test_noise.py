"""Spoilt and messy lists: never read wrong, and read as they were frozen."""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

import pytest

from geozones.intake.import_report import Report
from geozones.workspace.figures.study import Study
from helpers.slow_params import slow_but

from .conftest import Import
from .messy import LYCEE_LISTS, SITE_LISTS, Told, digest, told_report, told_site_list, told_tables
from .noise import garbled, mutated
from .test_forms import FORMS

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


FROZEN = Path(__file__).parent / "fixtures" / "messy_lists.json"
NOISE: Mapping[str, tuple[Callable[..., tuple[str, object]], float, int]] = {
    **{f"mutated {share}": (mutated, share, 40) for share in (0.01, 0.02, 0.03, 0.04, 0.05)},
    **{f"garbled {share}": (garbled, share, 20) for share in (0.01, 0.03)},
}


def check(name: str, told: Told) -> None:
    assert told == json.loads(FROZEN.read_text("utf-8"))[name]


@pytest.mark.parametrize("form", FORMS)
def test_a_list_of_lycees_in_any_form(imported: Import, form: str) -> None:
    check(f"form, {form}", told_report(imported(FORMS[form])))


@pytest.mark.parametrize("name", LYCEE_LISTS)
def test_a_messy_list_of_lycees(imported: Import, name: str) -> None:
    check(f"lycees, {name}", told_report(imported(LYCEE_LISTS[name]())))


@pytest.mark.parametrize("name", SITE_LISTS)
def test_a_messy_list_of_sites(name: str) -> None:
    check(f"sites, {name}", told_site_list(name))


def test_the_source_document(imported: Import, source_text: str) -> None:
    check("source document", told_report(imported(source_text)))


@pytest.mark.parametrize("name", slow_but(list(NOISE), "mutated 0.03", "garbled 0.03"))
def test_spoilt_documents(imported: Import, source_text: str, name: str) -> None:
    """What is read of each seed is kept as a digest, to see which one changes."""
    spoil, share, seeds = NOISE[name]
    reports = (imported(spoil(source_text, seed, share)[0]) for seed in range(seeds))
    check(name, [digest(told_report(report)) for report in reports])


def test_other_tables(study: Study) -> None:
    check("other tables", json.loads(json.dumps(told_tables(study))))

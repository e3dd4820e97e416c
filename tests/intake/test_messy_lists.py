"""What is read of messy lists: the same rows, columns, repairs and remarks as were frozen."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from geozones.workspace.figures.study import Study
from helpers.slow_params import slow_but

from .conftest import Import
from .messy import LYCEE_LISTS, SITE_LISTS, Told, digest, told_report, told_site_list, told_tables
from .noise import garbled, mutated
from .test_forms import FORMS

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

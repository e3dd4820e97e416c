"""The bilan of an experiment: a journal is imported, read, and what it shows is retained."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from geozones.common.clock import today
from geozones.workspace.figures.study import Study
from helpers.sample_files import sample_files, sample_of, school_days

from .conftest import NewVisit, still


@pytest.mark.slow
def test_a_journal_is_imported_read_and_a_frequency_retained_moves_the_cost(
    study: Study, tmp_path: Path, new_visit: NewVisit, empty_app: str
) -> None:
    monday = today() - timedelta(weeks=26, days=today().weekday())  # old rows are refused
    made = sample_of(study, ["maine-et-loire"], school_days(monday, 2, study.atlas.school), 1)
    (name, content), *_ = sample_files(study, made, 1)
    file = tmp_path / name
    file.write_bytes(content)
    visit = new_visit(url=empty_app).open("equipes?partie=bilan")
    page = visit.page
    expect(page.get_by_text("Aucune observation pour l’instant.")).to_be_visible()
    page.locator("input[type=file]").set_input_files(file)
    read = re.compile(r"interventions\.csv\s» : .*lignes gardées")
    expect(page.get_by_text(read)).to_be_visible()
    expect(page.get_by_text("Journal d’essai, inventé par l’outil")).to_be_visible()
    row = page.get_by_role("row", name=re.compile("Visites de continuité"))
    expect(row.first).to_contain_text(re.compile(r"1,00.par mois.*plus que supposé.*visites"))
    before = visits_cost(page)
    go_to(page, "Bilan")
    page.get_by_role("button", name="Retenir comme hypothèse").first.click()
    expect(page.get_by_text(re.compile("Retenu par .*, le "))).to_be_visible()
    still(page)
    assert visits_cost(page) > 1.1 * before
    page.get_by_role("button", name="Annuler").click()
    still(page)
    assert visits_cost(page) == before
    go_to(page, "Bilan")
    rows_are_deleted_once_it_is_asked_twice(page, name)
    assert visit.outside == visit.errors == []


def rows_are_deleted_once_it_is_asked_twice(page: Page, name: str) -> None:
    page.locator("summary").filter(has_text="Le journal : 1").click()
    files = page.get_by_role("combobox", name="Fichier à supprimer")
    for key in ("ArrowDown", "ArrowDown", "Enter"):
        files.press(key)
    expect(files).to_have_value(name)
    page.get_by_role("button", name="Supprimer ses lignes…").click()
    still(page)
    page.get_by_role("button", name="Supprimer ses lignes, pour toujours").click()
    expect(page.get_by_text("Les lignes de ce fichier sont supprimées.")).to_be_visible()


def go_to(page: Page, part: str) -> None:
    page.get_by_role("radio", name=part).or_(page.get_by_role("button", name=part)).first.click()
    still(page)


def visits_cost(page: Page) -> float:
    """The hours a year of visits in the part of the cost."""
    go_to(page, "Année")
    row = page.get_by_role("row", name=re.compile("Visites")).first
    hours = re.search(r"(\d[\d\s\u202f]*)\u00a0h", row.inner_text())
    assert hours
    return float(re.sub(r"\D", "", hours[1]))

"""« Équilibre » on the page: the bounds shown are those asked, and a fault has its figures."""

import re

import pytest
from playwright.sync_api import expect

from .conftest import Visit, still


@pytest.mark.slow
def test_pupils_a_sector_are_bounded_and_told_where_they_cannot_be(visit: Visit) -> None:
    page = visit.open("?mode=proposer").page
    page.get_by_text("Équilibre", exact=True).click()
    posts = page.get_by_role("slider", name=re.compile("T.I.P. par zone"))
    expect(posts).to_have_count(2)
    expect(posts.first).to_have_value("2")
    pupils = page.get_by_role("slider", name=re.compile("Élèves par secteur"))
    expect(pupils.last).to_have_value("20000")
    pupils.first.focus()
    pupils.first.press("End")
    expect(pupils.first).to_have_value("20000")
    still(page)
    page.get_by_role("button", name="Chercher les meilleurs déplacements").click()
    expect(page.get_by_text(re.compile("Le secteur Nantes a 11.862.élèves"))).to_be_visible()
    assert visit.errors == []

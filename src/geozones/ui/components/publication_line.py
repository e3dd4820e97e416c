"""What a publication on screen is: in force, past or to come; since when, approved by whom."""

from geozones.domain import Publication
from geozones.domain.publications import Standing
from geozones.ui.components import html
from geozones.ui.opened_data import ledger

#: The code of the plan in force today, among plans to look at or to compare with.
IN_FORCE = "en-vigueur"
#: What the code of another publication starts with.
PUBLICATION = "publication:"


def code_of(publication: Publication) -> str:
    """Return the code of a publication among plans."""
    in_force = ledger().on().id == publication.id
    return IN_FORCE if in_force else f"{PUBLICATION}{publication.id}"


def publication_line(publication: Publication, problem: str) -> None:
    """Say what is under the plan on screen, and why it may not be what is in force."""
    html.show(html.remark(f"{ledger().line(publication)}."))
    if problem:
        html.show(html.error(problem))


def other_publications() -> dict[str, str]:
    """Return the names of the publications that are not in force today, by id, the last first."""
    held = ledger()
    return {
        entry.id: f"{held.title(entry).capitalize()} · {standing}"
        for entry in held.plans
        if (standing := held.standing(entry)) is not Standing.IN_FORCE
    }

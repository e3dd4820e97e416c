"""What a publication on screen is: in force, past or to come; since when, approved by whom."""

from geozones.domain import Publication
from geozones.domain.publications import Standing
from geozones.ui.components import html
from geozones.ui.opened_data import ledger


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

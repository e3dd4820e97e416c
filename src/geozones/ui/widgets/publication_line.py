"""Publication on screen: its line of status, date and approval, and its code among plans."""

from geozones.domain import Publication
from geozones.domain.kept_figures import KeptFigures
from geozones.ui.opened_data import ledger
from geozones.ui.widgets import html

#: Code of the baseline of today, among plans to show or to compare with.
BASELINE = "en-vigueur"
#: Prefix of the code of another publication.
PUBLICATION = "publication:"


def code_of(publication: Publication) -> str:
    """Return the code of a publication among plans."""
    is_baseline = ledger().on().id == publication.id
    return BASELINE if is_baseline else f"{PUBLICATION}{publication.id}"


def publication_line(
    publication: Publication, problem: str, kept: KeptFigures | None = None
) -> None:
    """Show the publication's status under the plan, its figures, any problem with the baseline."""
    figures = "" if kept is None else f" {kept.sentence}"
    html.show(html.remark(f"{ledger().line(publication)}.{figures}"))
    if problem:
        html.show(html.error(problem))


def other_publications() -> dict[str, str]:
    """Return the names of the publications that are not today's baseline, by id, newest first."""
    held = ledger()
    return {entry.id: held.choice(entry) for entry in held.plans if entry.id != held.on().id}

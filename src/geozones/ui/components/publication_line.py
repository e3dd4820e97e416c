"""What a publication on screen is: in force, past or to come; since when, approved by whom."""

from geozones.domain import Publication
from geozones.ui.components import html
from geozones.ui.opened_data import in_force_problem, ledger, today


def publication_line(publication: Publication) -> None:
    """Say what is under the plan on screen, and why it may not be what is in force."""
    html.show(html.remark(f"{ledger().line(publication, today())}."))
    problem = in_force_problem()
    if problem:
        html.show(html.error(problem))

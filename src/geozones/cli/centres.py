"""« propose --centres »: the best support centre of each sector."""

from collections.abc import Iterator

from geozones.cli.answers import Answer, rounded
from geozones.common.french import number
from geozones.domain.terms import worded
from geozones.workspace.proposals.centre_choice import BestCentres
from geozones.workspace.study import Study

_DECISION = "{The_support_centre} d'un secteur est une décision {of_the_organisation}."


def centres_answer(study: Study, found: BestCentres) -> Answer:
    """Return the centres as JSON."""
    return {
        "proven": found.proven,
        "hours": rounded(found.hours),
        "bound": rounded(found.bound),
        "note": worded(_DECISION),
        "sectors": [
            {
                "sector": one.sector,
                "name": study.plan.sector(one.sector).name,
                "now": one.now,
                "best": one.best,
                "best_name": study.name(one.best),
                "gain_hours": rounded(one.hours),
                "gain_km": rounded(one.km),
                "ranking": [
                    {"lycee": lycee, "more_hours": rounded(hours)} for lycee, hours in one.ranking
                ],
            }
            for one in found.sectors
        ],
    }


def centre_lines(answer: Answer) -> Iterator[str]:
    """Yield the centres as lines of text."""
    gap = number(max(answer["hours"] - answer["bound"], 0), 1)
    sure = "prouvé" if answer["proven"] else f"d'autres feraient mieux de {gap} h par an au plus"
    yield f"{worded('{Support_centres}')} ({sure}) :"
    for one in answer["sectors"]:
        yield f"{one['name']} : {one['best_name']}{_gain(one)}"
    yield str(answer["note"])


def _gain(one: Answer) -> str:
    if one["now"] == one["best"]:
        return ", comme aujourd'hui"
    if one["gain_hours"] is None:
        return " (aucun centre publié)"
    hours, km = number(one["gain_hours"], 1), number(one["gain_km"])
    return f", {hours} h et {km} km par an de moins que le centre d'aujourd'hui"

"""« propose --why-not » and « --centres »: the price of choices, the best support centres."""

from collections.abc import Iterator, Sequence
from math import inf

from geozones.cli.options import Answer, figures, rounded
from geozones.common.errors import InputError
from geozones.common.french import number, plural
from geozones.domain.terms import worded
from geozones.metrics.metric_changes import sentences
from geozones.optimize import PartitionOptions, Result
from geozones.workspace.proposals.centres import BestCentres
from geozones.workspace.proposals.respected_rules import made_anew
from geozones.workspace.proposals.why_not import Alternative, Choice, why_not
from geozones.workspace.study import Study


def prices(
    study: Study, options: PartitionOptions, objective: str, asked: Sequence[Sequence[Choice]]
) -> list[Answer]:
    """Return the price of each choice, the cheapest first for each sequence of choices.

    If there is no plan even without the choices, none has a price.
    """
    answers = []
    for choices in asked:
        try:
            found = why_not(study, options, choices, objective=objective)
        except InputError as error:
            impossible = [Alternative(choice, inf, None, why=str(error)) for choice in choices]
            answers += [_answer(study, inf, one) for one in impossible]
        else:
            best = found.best.objective_after
            answers += [_answer(study, best, one) for one in found.alternatives]
    return answers


def _answer(study: Study, best: float, one: Alternative) -> Answer:
    choice, result = one.choice, one.result
    answer: Answer = {
        "lycee": choice.lycee or None,
        "zone": choice.zone or None,
        "lycees": list(choice.lycees),
        "text": choice.title(study),
        "price": None if one.price == inf else rounded(one.price),
        "best": None if best == inf else rounded(best),
        "why": one.why,
    }
    return answer | _plan(study, one, result) if result is not None else answer


def _plan(study: Study, one: Alternative, result: Result) -> Answer:
    return {
        "status": result.status.value,
        "objective": rounded(result.objective_after),
        "bound": rounded(result.bound),
        "moves": [
            {"lycee": move.lycee, "from": move.origin, "to": move.target} for move in result.moves
        ],
        "figures": figures(one.changes),
        "said": list(sentences(one.changes).values()),
        "breaches": [breach.message for breach in made_anew(study, result.plan)],
    }


def price_lines(answers: Sequence[Answer], unit: str) -> Iterator[str]:
    """Yield the prices as lines of text."""
    for answer in answers:
        if answer["price"] is None:
            yield f"{answer['text']} : impossible. {answer['why']}"
            continue
        proven = "" if answer["status"] == "optimal" else ", pas encore prouvé"
        moves = plural(len(answer["moves"]), "déplacement")
        detail = f" : {' ; '.join(answer['said'])}" if answer["said"] else ""
        price = number(answer["price"], 1)
        more = f"{price} {unit} de plus que le meilleur plan"
        yield f"{answer['text']} : {more} ({moves}{proven}){detail}"


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
        return worded(" ({no_support_centre} publié{e_support_centre})")
    hours, km = number(one["gain_hours"], 1), number(one["gain_km"])
    return f", {hours} h et {km} km par an de moins qu'aujourd'hui"

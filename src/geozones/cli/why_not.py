"""« propose --why-not »: the price of choices, in the objective's unit."""

from collections.abc import Iterator, Sequence
from math import inf

from geozones.cli.answers import Answer, figures, rounded
from geozones.common.french import number, plural
from geozones.metrics.headline_effects import sentences
from geozones.optimize import PartitionOptions, Result
from geozones.workspace.proposals.respected_rules import made_anew
from geozones.workspace.proposals.why_not import Alternative, WhyNot, read_choices, why_not
from geozones.workspace.study import Study


def prices(
    study: Study, options: PartitionOptions, objective: str, asked: Sequence[str]
) -> list[Answer]:
    """Return the price of each requested choice, the cheapest first for each text.

    Raises
    ------
    InputError
        If a text names something that the plan lacks, or there is no plan even without choices.
    """
    return [
        _answer(study, found, one)
        for text in asked
        for found in [
            why_not(study, options, read_choices(study, options, text), objective=objective)
        ]
        for one in found.alternatives
    ]


def _answer(study: Study, found: WhyNot, one: Alternative) -> Answer:
    choice, result = one.choice, one.result
    answer: Answer = {
        "lycee": choice.lycee or None,
        "zone": choice.zone or None,
        "lycees": list(choice.lycees),
        "text": choice.title(study),
        "price": None if one.price == inf else rounded(one.price),
        "best": rounded(found.best.objective_after),
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
        said = f" : {' ; '.join(answer['said'])}" if answer["said"] else ""
        price = number(answer["price"], 1)
        yield f"{answer['text']} : {price} {unit} de plus que le meilleur ({moves}{proven}){said}"

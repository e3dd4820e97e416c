"""Text of the answer of « propose »."""

import math

from geozones.cli.answers import Answer, figure_line
from geozones.cli.centres import centre_lines
from geozones.cli.why_not import price_lines
from geozones.common.french import listing, minutes, number, plural
from geozones.workspace.plan_comparison import GAINS
from geozones.workspace.proposals.first_proposal import EQUIVALENTS
from geozones.workspace.proposals.robustness import over_draws

_STATUSES = {
    "optimal": "optimal, prouvé",
    "feasible": "le meilleur trouvé dans le temps donné",
    "infeasible": "aucun plan ne respecte ces contraintes",
    "unknown": "rien trouvé dans le temps donné",
}

_LIFTING_UNKNOWN = (
    "règles à lever : non trouvées, la recherche sans elles est trop longue ou compare trop de "
    "zones"
)


def proposal_text(answer: Answer) -> str:
    """Return the answer of « propose » as text: the first proposal, the best plan, the rest."""
    lines = [*_first_lines(answer["first"]), *_best_lines(answer)]
    lines += [_point(point) for point in answer.get("frontier", ())]
    lines += price_lines(answer.get("why_not", ()), answer["unit"])
    lines += centre_lines(answer["centres"]) if answer.get("centres") else []
    return "\n".join(lines)


def _first_lines(first: Answer) -> list[str]:
    lines = [first["text"]] if first["text"] else []
    if not first["moves"]:
        return lines
    count = plural(len(first["moves"]), "déplacement")
    lines.append(f"{count}, par rapport au plan actuel : {first['robustness']['text']}")
    lines += [figure_line(figure) for figure in first["figures"]]
    return [*lines, *_package_lines(first["packages"])]


def _best_lines(answer: Answer) -> list[str]:
    """Return the lines on the best plan, with its packages where the first proposal lacks some."""
    count = plural(len(answer["moves"]), "déplacement")
    lines = [f"{_STATUSES[answer['status']]} : {count} ({number(answer['seconds'], 1)} s)"]
    if answer["gap"] and math.isfinite(answer["gap"]):
        lines.append(f"écart à l'optimum : {number(100 * answer['gap'], 1)} % au plus")
    if answer["why"]:
        lines.append(answer["why"])
    if answer.get("to_lift", ()) is None:
        lines.append(_LIFTING_UNKNOWN)
    lines += [
        f"un plan existe avec {' '.join(f'--without {rule}' for rule in rules)}"
        for rules in answer.get("to_lift") or ()
    ]
    if answer["robust"] and answer["moves"]:
        lines.append(
            over_draws(
                answer["robust"],
                answer["objective_before"],
                answer["objective_after"],
                answer["unit"],
            )
        )
    lines += [f"nouveau ou aggravé : {breach}" for breach in answer["breaches"]]
    if answer["packages"] != answer["first"]["packages"]:
        lines += _package_lines(answer["packages"])
    return lines


def _package_lines(packages: list[Answer]) -> list[str]:
    """Return a line a package: those that the margin of error swallows are apart, at the end."""
    order = sorted(range(len(packages)), key=lambda rank: packages[rank]["equivalent"])
    numbers = {rank: number for number, rank in enumerate(order, 1)}
    lines = []
    for rank in order:
        package = packages[rank]
        if package["equivalent"] and f"{EQUIVALENTS} :" not in lines:
            lines.append(f"{EQUIVALENTS} :")
        gained = ", ".join(f["text"] for f in package["figures"] if f["key"] in GAINS)
        line = f"{numbers[rank]}. {package['reason']} ({package['robustness']['text']}) : {gained}"
        needs = listing([str(numbers[first]) for first in package["needs"]])
        lines.append(f"{line} ; ne peut être accepté qu'après {needs}" if needs else line)
    return lines


def _point(point: Answer) -> str:
    count = plural(point["max_moves"], "déplacement")
    worst = minutes(point["max_minutes"])
    line = f"{count} au plus : plus long trajet {worst}"
    line += f" ; face au plan actuel : {point['verdict']}" if point["moves"] else ""
    return f"{line} ; équivalent au meilleur plan" if point["equivalent_to_best"] else line

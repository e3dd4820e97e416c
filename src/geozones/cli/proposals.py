"""« propose »: the best plan, or the best for each number of moves, proven."""

import argparse
import json
import math
from pathlib import Path
from typing import TYPE_CHECKING

from geozones.cli.answers import Add, Answer, chosen, locks_of, rounded
from geozones.domain.files import write_atomically
from geozones.domain.french import minutes, number, plural
from geozones.workspace import Workspace, frontier, propose

if TYPE_CHECKING:
    from geozones.optimize import Options, Result

_STATUSES = {
    "optimal": "optimal, prouvé",
    "feasible": "le meilleur trouvé dans le temps donné",
    "infeasible": "aucun plan ne respecte ces contraintes",
    "unknown": "rien trouvé dans le temps donné",
}


def add_commands(add: Add) -> None:
    """Add the commands of this module."""
    found = add("propose", "Le meilleur plan, ou les meilleurs déplacements.", _propose, _text)
    found.add_argument(
        "--sector", action="append", metavar="CODE", help="secteur à revoir ; répété (sinon, tous)"
    )
    found.add_argument("--max-moves", type=int, metavar="K", help="au plus K déplacements")
    found.add_argument("--time-limit", type=float, metavar="S", help="secondes de recherche")
    found.add_argument("--min-size", type=int, default=1, metavar="N", help="lycées par zone (1)")
    found.add_argument("--max-size", type=int, default=6, metavar="N", help="lycées par zone (6)")
    found.add_argument(
        "--cap", type=float, metavar="MIN", help="plafond du plus long trajet dans une zone"
    )
    found.add_argument(
        "--change-sector", action="store_true", help="permettre de changer un lycée de secteur"
    )
    found.add_argument(
        "--frontier", action="store_true", help="le meilleur pour 0, 1, 2… déplacements"
    )
    found.add_argument(
        "--scheduler", metavar="ADRESSE", help="calculer sur un cluster Dask (tcp://machine:port)"
    )
    found.add_argument("--out", type=Path, metavar="FICHIER", help="écrire le plan proposé")


#: With these there is a plan to write.
_PLANS = {"optimal", "feasible"}


def _propose(workspace: Workspace, arguments: argparse.Namespace) -> Answer:
    plan, locks = chosen(workspace, arguments), locks_of(workspace, arguments)
    options = _options(arguments)
    if not arguments.frontier:
        found = propose(workspace, plan, options, locks, scheduler=arguments.scheduler)
        return _answer(workspace, found, arguments.out)
    curve = frontier(workspace, plan, options, locks, scheduler=arguments.scheduler)
    answer = _answer(workspace, curve.best, arguments.out)
    answer["complete"] = curve.complete
    answer["frontier"] = [
        {
            "max_moves": point.max_moves,
            "objective": rounded(point.result.objective_after),
            "max_minutes": rounded(point.result.worst_after),
            "moves": _moves(point.result),
        }
        for point in curve.points
    ]
    return answer


def _options(arguments: argparse.Namespace) -> "Options":
    from geozones.optimize import Options  # noqa: PLC0415 - the solver, only if asked

    return Options(
        sectors=frozenset(arguments.sector or ()),
        change_sector=arguments.change_sector,
        size_min=arguments.min_size,
        size_max=arguments.max_size,
        max_minutes=arguments.cap,
        max_moves=arguments.max_moves,
        time_limit=arguments.time_limit,
    )


def _answer(workspace: Workspace, result: "Result", out: Path | None) -> Answer:
    answer: Answer = {
        "status": result.status.value,
        "bound": result.bound,
        "gap": result.gap,
        "objective_before": result.objective_before,
        "objective_after": result.objective_after,
        "max_minutes_before": result.worst_before,
        "max_minutes_after": result.worst_after,
        "moves": _moves(result),
        "created": [{"id": zone.id, "name": zone.name} for zone in result.created],
        "emptied": list(result.emptied),
        "candidates": result.candidates,
        "seconds": result.seconds,
        "why": result.why,
    }
    if out is not None and result.status.value not in _PLANS:
        answer |= {"out": None, "why": f"{result.why} Aucun plan n'est écrit.".strip()}
    elif out is not None:
        text = json.dumps(workspace.plan_json(result.plan), ensure_ascii=False, indent=1)
        write_atomically(out, text + "\n")
        answer["out"] = str(out)
    return answer


def _moves(result: "Result") -> list[Answer]:
    return [{"lycee": move.lycee, "from": move.origin, "to": move.target} for move in result.moves]


def _text(answer: Answer) -> str:
    head = (
        f"{_STATUSES[answer['status']]} : objectif {number(answer['objective_before'], 1)} → "
        f"{number(answer['objective_after'], 1)}, plus long trajet "
        f"{minutes(answer['max_minutes_before'])} → {minutes(answer['max_minutes_after'])} "
        f"({plural(len(answer['moves']), 'déplacement')}, {number(answer['seconds'], 1)} s)"
    )
    lines = [head]
    if answer["gap"] and math.isfinite(answer["gap"]):
        lines.append(f"écart à l'optimum : {number(100 * answer['gap'], 1)} % au plus")
    if answer["why"]:
        lines.append(answer["why"])
    lines += [f"- {move['lycee']} : {move['from']} → {move['to']}" for move in answer["moves"]]
    lines += [_point(point) for point in answer.get("frontier", ())]
    return "\n".join(lines)


def _point(point: Answer) -> str:
    count = plural(point["max_moves"], "déplacement")
    worst = minutes(point["max_minutes"])
    return f"{count} au plus : objectif {number(point['objective'], 1)}, plus long {worst}"

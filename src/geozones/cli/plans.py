"""Commands about a plan: what it is, what it is worth, what a move would change."""

import argparse
import json
from pathlib import Path
from typing import Any

from geozones.cli.answers import Add, Answer, chosen, locks_of, rounded, teams_of
from geozones.domain import InputError
from geozones.domain.files import write_atomically
from geozones.domain.french import minutes, signed
from geozones.rules import Violation
from geozones.workspace import Compensation, Workspace


def add_commands(add: Add) -> None:
    """Add the commands of this module."""
    add("plan", "Secteurs, zones et lycées d'un plan.", _plan, _plan_text)
    add("metrics", "Indicateurs de la région, des secteurs, des zones.", _metrics, _metrics_text)
    add("check", "Règles que le plan ne respecte pas.", _check, _check_text)
    move = add("move", "Ce que change le déplacement d'un lycée.", _move, _move_text)
    move.add_argument("lycee", metavar="LYCEE", help="code du lycée")
    move.add_argument("zone", metavar="ZONE", help="code de la zone d'arrivée")
    move.add_argument("--out", type=Path, metavar="FICHIER", help="écrire le plan obtenu")
    where = add(
        "destinations", "Zones qu'un lycée pourrait rejoindre.", _destinations, _destinations_text
    )
    where.add_argument("lycee", metavar="LYCEE", help="code du lycée")


def _plan(workspace: Workspace, arguments: argparse.Namespace) -> Answer:
    return workspace.plan_json(chosen(workspace, arguments))


def _metrics(workspace: Workspace, arguments: argparse.Namespace) -> Answer:
    people = teams_of(workspace, arguments)
    return workspace.with_teams(people).metrics_json(chosen(workspace, arguments))


def _check(workspace: Workspace, arguments: argparse.Namespace) -> Answer:
    plan = chosen(workspace, arguments)
    return {"violations": [_violation(breach) for breach in workspace.check(plan)]}


def _move(workspace: Workspace, arguments: argparse.Namespace) -> Answer:
    plan = chosen(workspace, arguments)
    locks = locks_of(workspace, arguments)
    effect = workspace.preview(plan, arguments.lycee, arguments.zone, locks)
    answer: Answer = {
        "allowed": effect.verdict.allowed,
        "reasons": list(effect.verdict.reasons),
        "before": _side(effect.zones, effect.region, 0),
        "after": _side(effect.zones, effect.region, 1),
        "violations": [_violation(breach) for breach in workspace.check(effect.after)],
        "sentence": effect.sentence,
    }
    if arguments.out is not None:
        if not effect.verdict.allowed:
            msg = f"Déplacement refusé, aucun plan écrit : {' '.join(effect.verdict.reasons)}"
            raise InputError(msg)
        text = json.dumps(workspace.plan_json(effect.after), ensure_ascii=False, indent=1)
        write_atomically(arguments.out, text + "\n")
        answer["out"] = str(arguments.out)
    return answer


def _side(zones: dict[str, tuple[Any, Any]], region: tuple[Any, Any], side: int) -> Answer:
    return {
        "zones": {zone: dict(pair[side]) for zone, pair in zones.items()},
        "region": dict(region[side]),
    }


def _destinations(workspace: Workspace, arguments: argparse.Namespace) -> Answer:
    plan, locks = chosen(workspace, arguments), locks_of(workspace, arguments)
    lycee = arguments.lycee
    return {
        "destinations": [
            {
                "zone": entry.zone,
                "delta_mean_minutes": rounded(entry.delta_mean_minutes),
                "delta_max_minutes": rounded(entry.delta_max_minutes),
                "delta_objective": rounded(entry.delta_objective),
                "allowed": entry.allowed,
                "reasons": list(entry.verdict.reasons),
                "take_back": _take_back(workspace.compensation(plan, lycee, entry.zone, locks)),
            }
            for entry in workspace.destinations(plan, lycee, locks)
        ]
    }


def _take_back(found: Compensation | None) -> Answer | None:
    """Return the lycée to take back for a zone left too small, and what both moves change."""
    if found is None:
        return None
    return {
        "lycee": found.lycee,
        "from": found.origin,
        "delta_objective": rounded(found.delta_objective),
    }


def _violation(breach: Violation) -> Answer:
    return {
        "rule": breach.rule,
        "severity": breach.severity.value,
        "zone": breach.zone,
        "lycees": list(breach.lycees),
        "message": breach.message,
    }


def _plan_text(answer: Answer) -> str:
    lines = []
    for sector in answer["sectors"]:
        status = "brouillon" if sector["status"] == "brouillon" else "publié"
        lines.append(f"{sector['name']} ({status}) - RNS : {sector['rns'] or 'non publié'}")
        lines += [
            f"  {zone['id']:<6} {zone['name']} : {', '.join(zone['lycees'])}"
            for zone in sector["zones"]
        ]
    return "\n".join(lines)


def _metrics_text(answer: Answer) -> str:
    rows = [("Région", answer["region"]), *answer["sectors"].items(), *answer["zones"].items()]
    return "\n".join(
        f"{name:<18} {row['lycees']:>4} lycées   moyen {minutes(row['mean_minutes']):>8}   "
        f"pire {minutes(row['max_minutes']):>8}   alertes {row['breaches']}"
        for name, row in rows
    )


def _check_text(answer: Answer) -> str:
    if not answer["violations"]:
        return "Toutes les règles sont respectées."
    return "\n".join(f"[{v['severity']}] {v['message']}" for v in answer["violations"])


def _move_text(answer: Answer) -> str:
    return "\n".join([answer["sentence"], *(f"- {reason}" for reason in answer["reasons"])])


def _take_back_text(found: Answer | None) -> str:
    if found is None:
        return ""
    gap = signed(found["delta_objective"])
    return f" Reprendre {found['lycee']} de {found['from']} : objectif {gap} pour les deux."


def _destinations_text(answer: Answer) -> str:
    return "\n".join(
        f"{entry['zone']:<6} objectif {signed(entry['delta_objective']):>7}   "
        f"{'possible' if entry['allowed'] else 'interdit'}   {' '.join(entry['reasons'])}"
        f"{_take_back_text(entry['take_back'])}"
        for entry in answer["destinations"]
    )

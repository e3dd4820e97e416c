"""The command line: the same use cases from a terminal.

Exit status: 0 on success, 2 on bad input (one line on stderr), 1 on an internal failure.
"""

import argparse
import io
import json
import math
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, NoReturn

from geozones.domain import GeozonesError, InputError, Plan
from geozones.domain.files import why, write_atomically
from geozones.domain.french import minutes, number, signed
from geozones.intake.plan_file import MAX_BYTES
from geozones.rules import Violation
from geozones.workspace import (
    Scenarios,
    Work,
    Workspace,
    build_matrix,
    build_roads,
    compare,
    open_store,
    open_workspace,
    told,
)
from geozones.workspace.scenario_files import MAX_BYTES as SCENARIO_BYTES

type Answer = dict[str, Any]
_PLACE = "code d'un lycée, commune:CODE_INSEE, ou latitude,longitude"
_TWO_WORDS = frozenset(
    {"times build", "times compare", "roads build"}
    | {f"scenarios {act}" for act in ("list", "show", "export", "import", "backup", "restore")}
)
type Command = Callable[[Workspace, argparse.Namespace], Answer]


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status."""
    try:
        arguments = _parser().parse_args(_joined(sys.argv[1:] if argv is None else argv))
        if arguments.command == "serve":
            from geozones.ui.serve import serve  # noqa: PLC0415 - the web server, only if asked

            return serve(arguments.port, open_browser=arguments.open)
        workspace = open_workspace()
        if arguments.max_minutes is not None:
            workspace = workspace.with_max_minutes(arguments.max_minutes)
        if arguments.peak_factor is not None:
            workspace = workspace.with_peak_factor(arguments.peak_factor)
        answer = arguments.run(workspace, arguments)
        if workspace.times.factor != 1:
            answer["peak_factor"] = workspace.times.factor
    except GeozonesError as error:
        line = str(error).replace("\r", " ").replace("\n", " ")
        print(f"geozones : {line}", file=sys.stderr)
        return 2 if isinstance(error, InputError) else 1
    text = (
        json.dumps(_plain(answer), ensure_ascii=False)
        if arguments.json
        else f"{arguments.text(answer)}{_peak(workspace)}"
    )
    return _say(text)


def _peak(workspace: Workspace) -> str:
    return f"\n{workspace.peak_note.strip()}" if workspace.peak_note else ""


def _joined(argv: Sequence[str]) -> list[str]:
    """Take « times build » and the like as one word: « times » alone takes two places."""
    first = " ".join(argv[:2])
    return [first, *argv[2:]] if first in _TWO_WORDS else list(argv)


def _say(text: str) -> int:
    """Print on stdout, whatever its encoding; a reader that has gone is not an error."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")
    try:
        print(text, flush=True)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        print(f"geozones : la réponse n'a pas pu être écrite : {why(error)}.", file=sys.stderr)
        return 1
    return 0


class _Parser(argparse.ArgumentParser):
    """Argparse, with one line on stderr as for any other bad input."""

    def error(self, message: str) -> NoReturn:
        msg = f"commande mal formée ({message}) : « {self.prog} --help » en donne la forme."
        raise InputError(msg)


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="geozones", description="Secteurs et zones de continuité : voir, mesurer, déplacer."
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMANDE")

    def add(
        name: str, about: str, run: Command, text: Callable[[Answer], str]
    ) -> argparse.ArgumentParser:
        command = commands.add_parser(name, help=about, description=about)
        command.add_argument("--json", action="store_true", help="répondre par un objet JSON")
        command.add_argument(
            "--plan", type=Path, metavar="FICHIER", help="un plan JSON (sinon, le plan livré)"
        )
        command.add_argument(
            "--scenario", metavar="CODE", help="un scénario enregistré (sinon, le plan livré)"
        )
        command.add_argument(
            "--max-minutes", type=float, metavar="MIN", help="seuil des trajets dans une zone (45)"
        )
        command.add_argument(
            "--peak-factor",
            type=float,
            metavar="F",
            help="facteur d'heure de pointe, de 1 (le défaut) à 1,6, sur toutes les durées",
        )
        command.set_defaults(run=run, text=text)
        return command

    add("plan", "Secteurs, zones et lycées d'un plan.", _plan, _plan_text)
    times = add("times", "Durée d'un trajet entre deux lieux.", _times, _times_text)
    times.add_argument("origin", metavar="DE", help=_PLACE)
    times.add_argument("destination", metavar="A", help=_PLACE)
    build = add(
        "times build", "Calcule la matrice des trajets et la met en service.", _build, _build_text
    )
    build.add_argument(
        "--engine",
        action="append",
        metavar="MOTEUR",
        help="moteur à employer ; répété, les suivants comblent les manques (sinon, les réglages)",
    )
    build.add_argument(
        "--out", type=Path, metavar="FICHIER", help="écrire là, sans mettre en service"
    )
    build.add_argument("--without-communes", action="store_true", help="seulement de lycée à lycée")
    compare = add("times compare", "Écarts entre deux moteurs de trajets.", _compare, _compare_text)
    for name, metavar in (("first", "A"), ("second", "B")):
        compare.add_argument(name, metavar=metavar, help="un moteur, ou un fichier de matrice")
    roads = add(
        "roads build", "Prépare les routes d'un extrait OpenStreetMap.", _roads, _roads_text
    )
    roads.add_argument("extract", type=Path, metavar="FICHIER.osm.pbf")
    roads.add_argument(
        "--out", type=Path, metavar="DOSSIER", help="dossier des tuiles (sinon, les réglages)"
    )
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
    _add_scenarios(add)
    serve = commands.add_parser("serve", help="Ouvrir l'application sur 127.0.0.1.")
    serve.add_argument("--port", type=_port, default=8501)
    serve.add_argument("--open", action="store_true", help="ouvrir aussi le navigateur")
    return parser


def _add_scenarios(add: Callable[..., argparse.ArgumentParser]) -> None:
    listing = add("scenarios list", "Scénarios enregistrés.", _list_scenarios, _list_text)
    listing.add_argument("--archived", action="store_true", help="les archivés aussi")
    show = add("scenarios show", "Un scénario et son historique.", _show_scenario, _show_text)
    show.add_argument("id", metavar="CODE", help="code du scénario")
    export = add("scenarios export", "Écrit un scénario dans un fichier.", _export, _written_text)
    export.add_argument("id", metavar="CODE", help="code du scénario")
    export.add_argument("--out", type=Path, metavar="FICHIER", required=True)
    taken = add("scenarios import", "Enregistre le scénario d'un fichier.", _import, _show_text)
    taken.add_argument("file", type=Path, metavar="FICHIER")
    for name, about, run in (
        ("backup", "Sauvegarde tous les scénarios dans un fichier.", _backup),
        ("restore", "Rétablit les scénarios d'une sauvegarde.", _restore),
    ):
        kept = add(f"scenarios {name}", about, run, _written_text)
        kept.add_argument("file", type=Path, metavar="FICHIER")


def _port(text: str) -> int:
    port = int(text)
    if not 1024 <= port <= 65535:
        msg = "entre 1024 et 65535"
        raise argparse.ArgumentTypeError(msg)
    return port


def _chosen(workspace: Workspace, arguments: argparse.Namespace) -> Plan:
    if arguments.plan is not None and arguments.scenario is not None:
        msg = "Donnez --plan ou --scenario, pas les deux."
        raise InputError(msg)
    if arguments.scenario is not None:
        return _scenarios(workspace).open(arguments.scenario).plan
    if arguments.plan is None:
        return workspace.plan
    return workspace.read_plan(_content(arguments.plan, "plan", MAX_BYTES))


def _content(path: Path, what: str, most: int) -> bytes:
    try:
        with path.open("rb") as stream:
            return stream.read(most + 1)
    except OSError as error:
        msg = f"Le {what} {path} ne peut pas être lu : {why(error)}."
        raise InputError(msg) from error


def _scenarios(workspace: Workspace) -> Scenarios:
    return Scenarios(workspace, open_store)


# -- commands ------------------------------------------------------------------------------------


def _plan(workspace: Workspace, arguments: argparse.Namespace) -> Answer:
    return workspace.plan_json(_chosen(workspace, arguments))


def _times(workspace: Workspace, arguments: argparse.Namespace) -> Answer:
    trip = workspace.trip(arguments.origin, arguments.destination)
    return {
        "from": trip.origin,
        "to": trip.destination,
        "minutes": _round(trip.minutes),
        "km": _round(trip.km),
        "source": trip.source,
        "estimated": trip.estimated,
    }


def _build(workspace: Workspace, arguments: argparse.Namespace) -> Answer:
    built = build_matrix(
        workspace,
        arguments.engine,
        path=arguments.out,
        communes=not arguments.without_communes,
        progress=_progress("trajets"),
    )
    return {
        "engine": ", ".join(built.engines),
        "lycees": built.lycees,
        "pairs": built.pairs,
        "estimated": built.estimated,
        "seconds": built.seconds,
        "unreachable": list(built.unreachable),
        "path": str(built.path),
        "faults": [{"engine": fault.engine, "message": fault.message} for fault in built.faults],
    }


def _compare(workspace: Workspace, arguments: argparse.Namespace) -> Answer:
    found = compare(workspace, arguments.first, arguments.second)
    return {
        "pairs": found.pairs,
        "bias_percent": found.bias_percent,
        "mae_percent": found.mae_percent,
        "worst_percent": found.worst_percent,
        "only_one": found.only_one,
        "worst": [
            {
                "from": gap.origin,
                "to": gap.destination,
                "minutes_a": gap.first,
                "minutes_b": gap.second,
                "percent": gap.percent,
            }
            for gap in found.worst
        ],
    }


def _roads(workspace: Workspace, arguments: argparse.Namespace) -> Answer:
    built = build_roads(workspace, arguments.extract, arguments.out, _progress("étapes"))
    return {"tiles": built.tiles, "megabytes": built.megabytes, "seconds": built.seconds}


def _progress(what: str) -> Callable[[int, int], None]:
    """Write how far a long work is, on a terminal only."""
    shown = -1

    def tell(done: int, total: int) -> None:
        nonlocal shown
        share = 100 * done // max(total, 1)
        if share != shown and sys.stderr.isatty():
            shown = share
            end = "\n" if done == total else ""
            print(f"\r{share:3d} % ({done}/{total} {what})", end=end, file=sys.stderr, flush=True)

    return tell


def _metrics(workspace: Workspace, arguments: argparse.Namespace) -> Answer:
    return workspace.metrics_json(_chosen(workspace, arguments))


def _check(workspace: Workspace, arguments: argparse.Namespace) -> Answer:
    plan = _chosen(workspace, arguments)
    return {"violations": [_violation(breach) for breach in workspace.check(plan)]}


def _move(workspace: Workspace, arguments: argparse.Namespace) -> Answer:
    plan = _chosen(workspace, arguments)
    effect = workspace.preview(plan, arguments.lycee, arguments.zone)
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
    plan = _chosen(workspace, arguments)
    return {
        "destinations": [
            {
                "zone": entry.zone,
                "delta_mean_minutes": _round(entry.delta_mean_minutes),
                "delta_max_minutes": _round(entry.delta_max_minutes),
                "delta_objective": _round(entry.delta_objective),
                "allowed": entry.verdict.allowed,
                "reasons": list(entry.verdict.reasons),
            }
            for entry in workspace.destinations(plan, arguments.lycee)
        ]
    }


def _violation(breach: Violation) -> Answer:
    return {
        "rule": breach.rule,
        "severity": breach.severity.value,
        "zone": breach.zone,
        "lycees": list(breach.lycees),
        "message": breach.message,
    }


def _round(value: float | None) -> float | None:
    return None if value is None else round(value, 2)


def _plain(value: Any) -> Any:  # noqa: ANN401
    """Return a JSON value: figures to 2 decimals, no infinity, named tuples of a relève."""
    if isinstance(value, float):
        return round(value, 2) if math.isfinite(value) else None
    if isinstance(value, dict):
        return {key: _plain(entry) for key, entry in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(entry) for entry in value]
    return value


def _list_scenarios(workspace: Workspace, arguments: argparse.Namespace) -> Answer:
    listed = _scenarios(workspace).list(archived=arguments.archived)
    return {"scenarios": [asdict(entry) for entry in listed]}


def _show_scenario(workspace: Workspace, arguments: argparse.Namespace) -> Answer:
    return _described(workspace, _scenarios(workspace).open(arguments.id))


def _described(workspace: Workspace, work: Work) -> Answer:
    events = [
        {
            "id": event.id,
            "parent": event.parent,
            "kind": event.kind,
            "author": event.author,
            "at": event.at,
            "why": event.why,
            "text": told(workspace, work, event),
        }
        for event in work.timeline.events
    ]
    scenario = work.scenario
    return {
        "id": None if scenario is None else scenario.id,
        "name": work.name,
        "status": None if scenario is None else str(scenario.status),
        "origin": work.origin,
        "head": work.timeline.head,
        "events": events,
        "plan": workspace.plan_json(work.plan),
    }


def _export(workspace: Workspace, arguments: argparse.Namespace) -> Answer:
    service = _scenarios(workspace)
    work = service.open(arguments.id)
    text = json.dumps(service.give(work), ensure_ascii=False, indent=1)
    write_atomically(arguments.out, text + "\n")
    return {"path": str(arguments.out), "scenarios": 1, "events": len(work.timeline.events)}


def _import(workspace: Workspace, arguments: argparse.Namespace) -> Answer:
    content = _content(arguments.file, "scénario", SCENARIO_BYTES)
    return _described(workspace, _scenarios(workspace).take(content))


def _backup(_: Workspace, arguments: argparse.Namespace) -> Answer:
    done = open_store().backup(arguments.file)
    return {"path": str(done.path), "scenarios": done.scenarios, "events": done.events}


def _restore(_: Workspace, arguments: argparse.Namespace) -> Answer:
    done = open_store().restore(arguments.file)
    return {
        "path": str(done.path),
        "scenarios": done.scenarios,
        "events": done.events,
        "skipped": done.skipped,
        "renamed": [{"from": old, "to": new} for old, new in done.renamed],
    }


# -- the same, to read ---------------------------------------------------------------------------


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


def _times_text(answer: Answer) -> str:
    if answer["minutes"] is None:
        return "Aucun trajet routier entre ces deux lieux."
    mark = ", estimé" if answer["estimated"] else ""
    return (
        f"{number(answer['minutes'], 1)} min, {number(answer['km'], 1)} km "
        f"(source : {answer['source']}{mark})"
    )


def _build_text(answer: Answer) -> str:
    made = (
        f"{number(answer['pairs'])} trajets par {answer['engine']}, dont "
        f"{number(answer['estimated'])} estimés, en {number(answer['seconds'], 1)} s : "
        f"{answer['path']}"
    )
    lines = [made]
    lines += [f"- {fault['engine']} : {fault['message']}" for fault in answer["faults"]]
    if answer["unreachable"]:
        lines.append(f"Sans accès routier : {', '.join(answer['unreachable'])}")
    return "\n".join(lines)


def _compare_text(answer: Answer) -> str:
    found = (
        f"{number(answer['pairs'])} trajets comparés : biais {signed(answer['bias_percent'])} %, "
        f"écart moyen {number(answer['mae_percent'], 1)} %, "
        f"pire {number(answer['worst_percent'], 1)} %"
    )
    lines = [found]
    lines += [
        f"{gap['from']} → {gap['to']} : {number(gap['minutes_a'], 1)} min, "
        f"{number(gap['minutes_b'], 1)} min ({signed(gap['percent'])} %)"
        for gap in answer["worst"]
    ]
    return "\n".join(lines)


def _list_text(answer: Answer) -> str:
    if not answer["scenarios"]:
        return "Aucun scénario."
    return "\n".join(
        f"{row['id']}  {row['name']} · {row['status']} · {row['updated']}"
        for row in answer["scenarios"]
    )


def _show_text(answer: Answer) -> str:
    lines = [f"{answer['name']} ({answer['id']}), {answer['status']}, base : {answer['origin']}"]
    lines += [f"- {event['at']} {event['author']} : {event['text']}" for event in answer["events"]]
    return "\n".join(lines)


def _written_text(answer: Answer) -> str:
    return f"{answer['path']} : {answer['scenarios']} scénario(s), {answer['events']} événement(s)"


def _roads_text(answer: Answer) -> str:
    return (
        f"{answer['tiles']} tuiles, {number(answer['megabytes'], 1)} Mo, "
        f"en {number(answer['seconds'], 1)} s"
    )


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


def _destinations_text(answer: Answer) -> str:
    return "\n".join(
        f"{entry['zone']:<6} objectif {signed(entry['delta_objective']):>7}   "
        f"{'possible' if entry['allowed'] else 'interdit'}   {' '.join(entry['reasons'])}"
        for entry in answer["destinations"]
    )


if __name__ == "__main__":
    sys.exit(main())

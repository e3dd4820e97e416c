"""Commands about travel times: one drive, a matrix built or compared, roads prepared."""

import argparse
from pathlib import Path

from geozones.cli.answers import Add, Answer, progress, rounded
from geozones.domain.french import number, signed
from geozones.workspace import Workspace, build_matrix, build_roads, compare

_PLACE = "code d'un lycée, commune:CODE_INSEE, ou latitude,longitude"


def add_commands(add: Add) -> None:
    """Add the commands of this module."""
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
    compared = add(
        "times compare", "Écarts entre deux moteurs de trajets.", _compare, _compare_text
    )
    for name, metavar in (("first", "A"), ("second", "B")):
        compared.add_argument(name, metavar=metavar, help="un moteur, ou un fichier de matrice")
    roads = add(
        "roads build", "Prépare les routes d'un extrait OpenStreetMap.", _roads, _roads_text
    )
    roads.add_argument("extract", type=Path, metavar="FICHIER.osm.pbf")
    roads.add_argument(
        "--out", type=Path, metavar="DOSSIER", help="dossier des tuiles (sinon, les réglages)"
    )


def _times(workspace: Workspace, arguments: argparse.Namespace) -> Answer:
    trip = workspace.trip(arguments.origin, arguments.destination)
    return {
        "from": trip.origin,
        "to": trip.destination,
        "minutes": rounded(trip.minutes),
        "km": rounded(trip.km),
        "source": trip.source,
        "estimated": trip.estimated,
    }


def _build(workspace: Workspace, arguments: argparse.Namespace) -> Answer:
    built = build_matrix(
        workspace,
        arguments.engine,
        path=arguments.out,
        communes=not arguments.without_communes,
        progress=progress("trajets"),
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
    built = build_roads(workspace, arguments.extract, arguments.out, progress("étapes"))
    return {"tiles": built.tiles, "megabytes": built.megabytes, "seconds": built.seconds}


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


def _roads_text(answer: Answer) -> str:
    return (
        f"{answer['tiles']} tuiles, {number(answer['megabytes'], 1)} Mo, "
        f"en {number(answer['seconds'], 1)} s"
    )

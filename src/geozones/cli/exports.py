"""« export »: a view of a plan in any format, or every sector at once."""

import argparse
from pathlib import Path

from geozones.cli.answers import Add, Answer, chosen, progress, service
from geozones.domain import InputError
from geozones.domain.files import write_atomically, write_folder_atomically
from geozones.domain.french import number
from geozones.export.registry import REGISTRY, format_of
from geozones.workspace import Scenarios, Workspace
from geozones.workspace.bundle import ZIP, sector_files, webinar_zip
from geozones.workspace.exports import Look, Subject, dossier, of_plan, of_work, read_look, shipped


def add_commands(add: Add) -> None:
    """Add the commands of this module."""
    export = add("export", "Écrit une vue d'un plan dans un fichier.", _export, _text)
    keys = ", ".join(kind.key for kind in REGISTRY)
    export.add_argument(
        "--format", required=True, metavar="FORMAT", help=f"{keys}, ou {ZIP} : tout à la fois"
    )
    export.add_argument("--out", type=Path, required=True, metavar="CHEMIN")
    export.add_argument(
        "--view",
        default="region",
        metavar="VUE",
        help="region (le défaut), sector:CODE, zone:CODE, compare:A:B (codes de scénarios, ou "
        "« plan » pour le plan livré) ou before-after",
    )
    export.add_argument(
        "--size", default="hd", metavar="TAILLE", help="d'une image : hd (le défaut), 4k, a4, a3"
    )
    export.add_argument(
        "--each-sector",
        action="store_true",
        help="un fichier par secteur, dans un nouveau dossier CHEMIN",
    )


def _export(workspace: Workspace, arguments: argparse.Namespace) -> Answer:
    look, out = read_look(arguments.view), arguments.out
    answer: Answer = {"path": str(out), "format": arguments.format}
    with service(workspace) as scenarios:
        subject = _subject(workspace, scenarios, arguments)
        if arguments.each_sector:
            return answer | {"bytes": _each_sector(workspace, subject, look, arguments)}
        if arguments.format == ZIP:
            content = _zip(workspace, subject, look)
        else:
            kind = format_of(arguments.format)
            content = kind.make(dossier(workspace, subject, look, scenarios), arguments.size)
    write_atomically(out, content)
    return answer | {"bytes": len(content)}


def _each_sector(
    workspace: Workspace, subject: Subject, look: Look, arguments: argparse.Namespace
) -> int:
    if look.kind != "region":
        msg = "Donnez --view ou --each-sector, pas les deux."
        raise InputError(msg)
    if arguments.format == ZIP:
        msg = "Le zip contient déjà un fichier par secteur : ne donnez pas --each-sector."
        raise InputError(msg)
    kind = format_of(arguments.format)
    files = sector_files(workspace, subject, kind, arguments.size)
    return write_folder_atomically(arguments.out, files)


def _zip(workspace: Workspace, subject: Subject, look: Look) -> bytes:
    if look.kind != "region":
        msg = "Le zip contient déjà toutes les vues : ne donnez pas --view."
        raise InputError(msg)
    tell = progress("fichiers")
    _, content = webinar_zip(workspace, subject, lambda done, total, _: tell(done, total))
    return content


def _subject(workspace: Workspace, scenarios: Scenarios, arguments: argparse.Namespace) -> Subject:
    if arguments.scenario is not None and arguments.plan is None:
        return of_work(workspace, scenarios.open(arguments.scenario))
    if arguments.plan is not None:
        return of_plan(workspace, chosen(workspace, arguments), arguments.plan.name)
    return shipped(workspace)


def _text(answer: Answer) -> str:
    return f"{answer['path']} : {number(answer['bytes'])} octets"

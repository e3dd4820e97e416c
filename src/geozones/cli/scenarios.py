"""Commands about scenarios: seen, written to a file, read from one, backed up."""

import argparse
import json
from contextlib import closing
from dataclasses import asdict
from pathlib import Path

from geozones.cli.answers import Add, Answer, content, service
from geozones.domain.files import write_atomically
from geozones.domain.french import plural
from geozones.workspace import Work, Workspace, open_store, told
from geozones.workspace.scenario_files import MAX_BYTES


def add_commands(add: Add) -> None:
    """Add the commands of this module."""
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


def _list_scenarios(workspace: Workspace, arguments: argparse.Namespace) -> Answer:
    with service(workspace) as scenarios:
        listed = scenarios.list(archived=arguments.archived)
    return {"scenarios": [asdict(entry) for entry in listed]}


def _show_scenario(workspace: Workspace, arguments: argparse.Namespace) -> Answer:
    with service(workspace) as scenarios:
        return _described(workspace, scenarios.open(arguments.id))


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
        "plan": workspace.with_places(work.state.places).plan_json(work.plan),
    }


def _export(workspace: Workspace, arguments: argparse.Namespace) -> Answer:
    with service(workspace) as scenarios:
        work = scenarios.open(arguments.id)
        text = json.dumps(scenarios.give(work), ensure_ascii=False, indent=1)
    write_atomically(arguments.out, text + "\n")
    return {"path": str(arguments.out), "scenarios": 1, "events": len(work.timeline.events)}


def _import(workspace: Workspace, arguments: argparse.Namespace) -> Answer:
    read = content(arguments.file, "scénario", MAX_BYTES)
    with service(workspace) as scenarios:
        return _described(workspace, scenarios.take(read))


def _backup(_: Workspace, arguments: argparse.Namespace) -> Answer:
    with closing(open_store()) as store:
        done = store.backup(arguments.file)
    return {"path": str(done.path), "scenarios": done.scenarios, "events": done.events}


def _restore(_: Workspace, arguments: argparse.Namespace) -> Answer:
    with closing(open_store()) as store:
        done = store.restore(arguments.file)
    return {
        "path": str(done.path),
        "scenarios": done.scenarios,
        "events": done.events,
        "skipped": done.skipped,
        "renamed": [{"from": old, "to": new} for old, new in done.renamed],
    }


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
    scenarios, events = answer["scenarios"], answer["events"]
    return f"{answer['path']} : {plural(scenarios, 'scénario')}, {plural(events, 'événement')}"

"""« scenarios »: list, show, decide, compare, export, import, log."""

from collections.abc import Sequence
from dataclasses import asdict, replace
from functools import partial
from pathlib import Path
from typing import Annotated

from geozones import feature_list
from geozones.cli.options import (
    DEFAULTS,
    Answer,
    CommonOptions,
    change_json,
    content,
    figure_line,
    figures,
    picked,
    verdict_text,
    write_json,
)
from geozones.cli.parameters import Reply, argument, flag, group, one_of, option
from geozones.common.french import listing, moment, plural
from geozones.domain import ScenarioStatus, StoreError
from geozones.domain.errors import LeftOut
from geozones.domain.terms import terms
from geozones.metrics import Change, metric
from geozones.workspace.figures.plan_comparison import compare_regions, judgements_of, plan_change
from geozones.workspace.figures.study import Study
from geozones.workspace.scenarios.history_text import action_text, describe_event
from geozones.workspace.scenarios.open_scenario import MAX_BYTES, Work, drift_of, study_of_work
from geozones.workspace.sharing.exported_plan import open_exported_plan

_STATUSES = [str(status) for status in ScenarioStatus]
_KNOWN = one_of(_STATUSES)

ScenarioCode = Annotated[str, argument("CODE", "code du scénario")]

scenarios = group("scenarios")
for _folder, _feature in feature_list.declared().items():
    for _name, _place, _about in _feature.commands:
        scenarios.command(f"geozones.features.{_folder}.{_place}", name=_name, help=_about)


@scenarios.command(name="list", help="Scénarios enregistrés.")
def list_scenarios(
    *,
    archived: Annotated[bool, flag("les archivés aussi")] = False,
    common: CommonOptions = DEFAULTS,
) -> Reply:
    """List the stored scenarios, the last changed first."""
    with common.scenarios() as (study, stored):
        listed = stored.list(archived=archived)
        damaged = stored.damaged()
    notices = [LeftOut("scénario", error.scenario, error.name, error.fault) for error in damaged]
    answer = {"scenarios": [asdict(entry) for entry in listed]} | left_out(notices)
    return common.reply(study, answer, _list_text)


@scenarios.command(help="Un scénario et son historique.")
def show(code: ScenarioCode, /, *, common: CommonOptions = DEFAULTS) -> Reply:
    """Show a scenario: its events, and the resulting plan."""
    with common.scenarios() as (study, stored):
        answer = _described(study, stored.open(code))
    return common.reply(study, answer, _show_text)


@scenarios.command(help="Écrit un scénario dans un fichier.")
def export(
    code: ScenarioCode,
    /,
    *,
    out: Annotated[Path, option("FICHIER", "le fichier à écrire")],
    common: CommonOptions = DEFAULTS,
) -> Reply:
    """Write a scenario to a file, for another installation."""
    with common.scenarios() as (study, stored):
        work = stored.open(code)
        path = write_json(out, stored.export(work))
    answer = {"path": path, "scenarios": 1, "events": len(work.timeline.events)}
    return common.reply(study, answer, written_text)


@scenarios.command(name="import", help="Enregistre le scénario d'un fichier.")
def import_scenario(
    file: Annotated[Path, argument("FICHIER", "un scénario écrit par « scenarios export »")],
    /,
    *,
    common: CommonOptions = DEFAULTS,
) -> Reply:
    """Check the scenario of a file, and store it under a new id."""
    document = content(file, "scénario", MAX_BYTES)
    with common.scenarios() as (study, stored):
        answer = _described(study, stored.import_(document))
    return common.reply(study, answer, _show_text)


@scenarios.command(help="Donne son statut à un scénario, avec la note de la décision.")
def decide(
    code: ScenarioCode,
    /,
    *,
    status: Annotated[
        str, option("STATUT", f"son statut : {listing(_STATUSES, 'ou')}", check=_KNOWN)
    ],
    note: Annotated[str, option("TEXTE", "la note de la décision")],
    common: CommonOptions = DEFAULTS,
) -> Reply:
    """Change the decision status of a scenario; only a retained one can be published."""
    with common.scenarios() as (study, stored):
        answer = _described(study, stored.decide(stored.open(code), ScenarioStatus(status), note))
    return common.reply(study, answer, _show_text)


@scenarios.command(help="Journal des actions : qui a fait quoi, quand.")
def log(
    code: Annotated[str | None, argument("CODE", "code du scénario, sinon tous")] = None,
    /,
    *,
    limit: Annotated[int | None, option("N", "les N dernières actions seulement")] = None,
    common: CommonOptions = DEFAULTS,
) -> Reply:
    """List the actions of the log, and report the protections that it lost."""
    with common.scenarios() as (study, stored):
        whole, found = stored.actions(), stored.log_state()
    shown = [entry for entry in whole if code is None or entry.scenario == code]
    if limit is not None:
        shown = shown[max(0, len(shown) - limit) :] if limit > 0 else []
    answer = {
        "actions": [asdict(entry) | {"text": action_text(entry)} for entry in shown],
        "state": found.text,
        **picked(found, "sealed", "faults"),
    }
    reply = common.reply(study, answer, _log_text)
    return replace(reply, status=1) if found.faults else reply


@scenarios.command(name="take-over", help="Reprend un scénario sur le plan en vigueur.")
def take_over(code: ScenarioCode, /, *, common: CommonOptions = DEFAULTS) -> Reply:
    """Replay the changes of a scenario on the plan in force; list those that cannot be."""
    with common.scenarios() as (study, stored):
        work, refused = stored.take_over(stored.open(code))
    if work.problem:
        raise StoreError(work.problem)
    answer = _described(study, work)
    answer["refused"] = [
        {"id": event.id, "text": describe_event(study.territory, work, event), "why": why}
        for event, why in refused
    ]
    return common.reply(study, answer, _show_text)


def left_out(notices: Sequence[LeftOut]) -> Answer:
    """List what could not be read or restored; ``damaged`` has the same as fields."""
    answer: Answer = {"left_out": [{"what": each.what, "reason": each.reason} for each in notices]}
    if notices:
        answer["damaged"] = [
            {"id": each.key, "name": each.name, "why": each.reason} for each in notices
        ]
    return answer


def _described(study: Study, work: Work) -> Answer:
    events = [
        picked(event, "id", "parent", "kind", "author", "at", "why")
        | {"text": describe_event(study.territory, work, event)}
        for event in work.timeline.events
    ]
    scenario, own = work.scenario, study_of_work(study.analysis, work)
    base = own.analysis.baseline
    return {
        "id": None if scenario is None else scenario.id,
        "name": work.name,
        "status": None if scenario is None else str(scenario.status),
        "origin": work.origin,
        "base": {"name": base.dated, "publication": base.publication, "since": base.since or None},
        "moved": own.moved,
        "drift": drift_of(study.analysis, work) or None,
        "head": work.timeline.head,
        "events": events,
        "plan": own.plan_json(),
    }


def _list_text(answer: Answer) -> str:
    if not answer["scenarios"]:
        return "Aucun scénario."
    return "\n".join(
        f"{row['id']}  {row['name']} · {row['status']} · {moment(row['updated'])}"
        for row in answer["scenarios"]
    )


def _log_text(answer: Answer) -> str:
    lines = [
        f"{moment(entry['at'])}  {entry['who']} : {entry['text']}"
        + (f" · {entry['name']} ({entry['scenario']})" if entry["scenario"] else "")
        for entry in answer["actions"]
    ]
    return "\n".join([*lines, *(answer["faults"] or [answer["state"]])])


def _show_text(answer: Answer) -> str:
    base, moved, site = answer["base"]["name"], len(answer["moved"]), terms().site
    one, more = (f"{site} change de zone", f"{site.plural} changent de zone")
    lines = [
        f"{answer['name']} ({answer['id']}), {answer['status']}, base : {base}",
        f"{plural(moved, one, more)} par rapport à cette base.",
    ]
    lines += [answer["drift"]] if answer["drift"] else []
    lines += [
        f"- {moment(event['at'])}, {event['author']} : {event['text']}"
        for event in answer["events"]
    ]
    lines += [f"Non repris : {row['text']} ({row['why']})" for row in answer.get("refused", ())]
    return "\n".join(lines)


def written_text(answer: Answer) -> str:
    """Describe in one line what was written or restored."""
    scenarios, events = answer["scenarios"], answer["events"]
    return f"{answer['path']} : {plural(scenarios, 'scénario')}, {plural(events, 'événement')}"


PlanCode = Annotated[
    str,
    argument(
        "CODE",
        "code d'un scénario ou d'une publication, ou « plan » (le plan en vigueur ou de départ)",
    ),
]


@scenarios.command(name="compare", help="Deux scénarios côte à côte, et le meilleur des deux.")
def compare(before: PlanCode, after: PlanCode, /, *, common: CommonOptions = DEFAULTS) -> Reply:
    """Compare the second scenario with the first: figures, moved lycées, confidence."""
    with common.scenarios() as (study, stored):
        subjects = [open_exported_plan(study.analysis, stored, code) for code in (before, after)]
    first, second = (subject.study for subject in subjects)
    answer: Answer = {
        side: {"id": code, "name": subject.version.name}
        for side, code, subject in zip(("before", "after"), (before, after), subjects, strict=True)
    }
    was, becomes = (study.area()["objective"] for study in (first, second))
    record, change = metric("objective"), plan_change(first, second)
    of_drives = judgements_of(first, second, records=[record]).get(record.key)
    has_word = change.judgement is not None
    objective = Change(record, was, becomes, of_drives, has_word=has_word)
    told = {one.metric.key for one in change.figures}
    others = [one for one in compare_regions(first, second) if one.metric.key not in told]
    old, new = first.plan.zone_by_lycee, second.plan.zone_by_lycee
    answer |= {
        **change_json(change),
        "figures": figures([objective, *change.figures, *others]),
        "moves": [
            {"lycee": lycee, "from": old.get(lycee), "to": new.get(lycee)}
            for lycee in sorted({*old, *new})
            if old.get(lycee) != new.get(lycee)
        ],
    }
    return common.reply(study, answer, partial(_text, first, second))


def _text(first: Study, second: Study, answer: Answer) -> str:
    lines = [f"{answer['before']['name']} → {answer['after']['name']} : {verdict_text(answer)}"]
    lines += [answer["posts_change"]] if answer["posts_change"] else []
    lines += [figure_line(one) for one in answer["figures"] if one["key"] != "objective"]
    count, site = len(answer["moves"]), terms().site
    lines.append(plural(count, f"{site} change de zone", f"{site.plural} changent de zone"))
    for move in answer["moves"]:
        held = first if move["to"] is None else second
        where = f"{move['from'] or '—'} → {move['to'] or '—'}"
        lines.append(f"- {held.name(move['lycee'])} : {where}")
    return "\n".join(lines)

"""« scenarios publications », « publish » and « withdraw »."""

from dataclasses import asdict
from typing import Annotated

from geozones.cli.options import (
    DEFAULTS,
    Answer,
    CommonOptions,
    scenarios_of,
)
from geozones.cli.parameters import Reply, argument, flag, option
from geozones.domain import Publication
from geozones.features.publications.model import Terms, checked_day
from geozones.features.publications.use_cases import Publications
from geozones.metrics.metric_changes import FigureEffect
from geozones.workspace.ledger import Ledger, ledger_here
from geozones.workspace.roles import LOCAL
from geozones.workspace.scenarios.backups import store_opener

PublicationCode = Annotated[str, argument("CODE", "code de la publication")]
Effective = Annotated[str, option("DATE", "date d'effet : année-mois-jour", name="--from")]


def publications(
    code: Annotated[str | None, argument("CODE", "code d'une publication, sinon toutes")] = None,
    /,
    *,
    date: Annotated[str | None, option("DATE", "à cette date (sinon, aujourd'hui)")] = None,
    common: CommonOptions = DEFAULTS,
) -> Reply:
    """List the publications with their status on a day, the latest effective first; or show one."""
    study = common.study()
    ledger = ledger_here(study.atlas)
    day = ledger.today if date is None else checked_day(date)
    if code is not None:
        publication = ledger.get(code)
        one = {**_described(ledger, publication, day), "plan": dict(publication.plan)}
        return common.reply(study, one, _show_text)
    answer: Answer = {
        "date": day,
        "in_force": _in_force(ledger, day),
        "publications": [_described(ledger, entry, day) for entry in ledger.plans],
    }
    if ledger.damaged:
        answer["damaged"] = [
            {"id": error.scenario, "name": error.name, "why": error.fault}
            for error in ledger.damaged
        ]
    if ledger.left_aside:
        answer["left_aside"] = ledger.left_aside
    # every answer already reports damaged publications, as the problem of the plan in force
    return common.reply(study, answer, _list_text)


def publish(
    code: Annotated[str, argument("SCENARIO", "code du scénario")],
    /,
    *,
    effective: Effective,
    approved_by: Annotated[str, option("NOM", "qui a approuvé le plan")],
    reference: Annotated[str, option("TEXTE", "référence de la décision")] = "",
    note: Annotated[str, option("TEXTE", "ce qu'il faut savoir d'autre")] = "",
    insist: Annotated[bool, flag("publier même ce qui est à confirmer")] = False,
    dry_run: Annotated[bool, flag("dire ce qui changerait, sans publier")] = False,
    common: CommonOptions = DEFAULTS,
) -> Reply:
    """Publish a scenario; print its changes, deteriorations first."""
    study = common.study()
    with store_opener() as opener:
        work = scenarios_of(study.analysis, opener).open(code)
        use_cases = Publications(study.analysis, opener, LOCAL)
        announced = use_cases.announce(work, effective)
        names = ("refusals", "doubts", "remarks", "told", "worse", "better", "decided")
        answer: Answer = {
            "publication": None,
            **{name: list(getattr(announced, name)) for name in names},
        }
        if not dry_run:
            terms = Terms(effective, approved_by, reference, note)
            made = use_cases.publish(work, terms, insist=insist)
            ledger = use_cases.ledger()
            answer["publication"] = _described(ledger, ledger.get(made.id), ledger.today)
    return common.reply(study, answer, _publish_text)


def withdraw(
    code: PublicationCode,
    /,
    *,
    reason: Annotated[str, option("TEXTE", "pourquoi : le motif reste dans la liste")],
    common: CommonOptions = DEFAULTS,
) -> Reply:
    """Withdraw a publication by adding an entry; nothing is erased."""
    study = common.study()
    with store_opener() as opener:
        use_cases = Publications(study.analysis, opener, LOCAL)
        use_cases.withdraw(code, reason)
        ledger = use_cases.ledger()
    answer = {
        "publication": _described(ledger, ledger.get(code), ledger.today),
        "in_force": _in_force(ledger),
    }
    return common.reply(study, answer, _changed_text)


def _in_force(ledger: Ledger, day: str | None = None) -> str | None:
    """Return the publication (id) in force on a day; ``None`` as long as there is none."""
    held = ledger.in_force(day)
    return None if held is None else held.id


def _described(ledger: Ledger, publication: Publication, day: str) -> Answer:
    taken_back = ledger.withdrawal(publication)
    fields = asdict(publication)
    del fields["plan"], fields["withdraws"], fields["needs_approval"]
    kept = ledger.kept(publication)
    fields["figures"] = None if kept is None else kept.to_json()
    if ledger.is_starting(publication, day):
        fields |= dict.fromkeys(("effective", "author", "approved_by", "at"))
    withdrawn = None
    if taken_back is not None:
        withdrawn = {"at": taken_back.at, "author": taken_back.author, "reason": taken_back.note}
    return {
        **fields,
        "until": ledger.end(publication),
        "standing": str(ledger.standing(publication, day)),
        "line": ledger.line(publication, day),
        "withdrawn": withdrawn,
    }


def _list_text(answer: Answer) -> str:
    rows = [f"{row['id']}  {row['line']}" for row in answer["publications"]]
    return "\n".join([*rows, *filter(None, [answer.get("left_aside")])])


def _show_text(answer: Answer) -> str:
    lines = [f"{answer['line']} ({answer['id']})"]
    if answer["author"]:
        lines.append(f"publié par {answer['author']}")
    if answer["note"]:
        lines.append(answer["note"])
    if answer["withdrawn"]:
        taken_back = answer["withdrawn"]
        lines.append(f"retirée par {taken_back['author']} : {taken_back['reason']}")
    return "\n".join(lines)


def _publish_text(answer: Answer) -> str:
    names = (
        ("refusals", "Refusé"),
        ("doubts", "À confirmer"),
        ("told", "Effet"),
        ("worse", FigureEffect.WORSE),
        ("better", FigureEffect.BETTER),
        ("decided", "Décidé"),
        ("remarks", "À savoir"),
    )
    lines = [f"{title} : {sentence}" for name, title in names for sentence in answer[name]]
    made = answer["publication"]
    lines.append("Rien n'est publié." if made is None else f"{made['line']} ({made['id']})")
    return "\n".join(lines)


def _changed_text(answer: Answer) -> str:
    return f"{answer['publication']['line']} ({answer['publication']['id']})"

"""« bilan »: export of an experiment's bilan as a document, a deck or a workbook."""

from pathlib import Path
from typing import Annotated

from geozones.cli.answers import Answer, local_clock, service, store_opener
from geozones.cli.exports import exported_plan_of
from geozones.cli.field_journal import read_files
from geozones.cli.options import DEFAULTS, CommonOptions
from geozones.cli.parameters import flag, option
from geozones.cli.reply import Reply
from geozones.common.errors import InputError
from geozones.common.files import write_atomically
from geozones.common.public_address import public_address
from geozones.domain.field_journal import Journal
from geozones.export.bilan import FORMATS
from geozones.workspace.experiment.areas import observer
from geozones.workspace.experiment.bilan import INVENTED_NOTICE, bilan_of
from geozones.workspace.experiment.document import content_of
from geozones.workspace.experiment.field_journal import Journals
from geozones.workspace.experiment.reproposal import repropose
from geozones.workspace.roles import LOCAL
from geozones.workspace.scenarios.stores import store_is_there
from geozones.workspace.sharing.dossier import dossier
from geozones.workspace.sharing.export_view import read_view
from geozones.workspace.study import Study


def bilan(
    *,
    out: Annotated[Path, option("FICHIER", "le fichier à écrire : .pdf, .pptx ou .xlsx")],
    journal: Annotated[
        list[Path] | None, option("FICHIER", "fichiers du journal (sinon, celui qui est gardé)")
    ] = None,
    sector: Annotated[str | None, option("CODE", "d'un secteur (sinon, tous)")] = None,
    propose: Annotated[
        bool, flag("chercher aussi ce qui serait proposé avec les valeurs observées")
    ] = False,
    common: CommonOptions = DEFAULTS,
) -> Reply:
    """Write the bilan of an experiment: expected and observed figures, effects."""
    study = common.study()
    kind = FORMATS.get(out.suffix.lstrip(".").casefold())
    if kind is None:
        msg = f"Le fichier {out.name} doit finir par {', '.join(f'.{end}' for end in FORMATS)}."
        raise InputError(msg)
    held = _held(study, journal)
    if not held.rows:
        msg = "Le journal est vide : importez un fichier, ou donnez-le par --journal."
        raise InputError(msg)
    reproposal = repropose(study, observer(study, held), sector) if propose else None
    with service(study.analysis) as scenarios:
        exported = exported_plan_of(study, scenarios, common).at(public_address())
        content = content_of(study, held, sector, reproposal, exported.feedback)
        view = read_view("region" if sector is None else f"sector:{sector}")
        made = kind.make(dossier(exported, view, scenarios), content)
    write_atomically(out, made)
    found = bilan_of(study, held, sector=sector)
    answer: Answer = {
        "path": str(out),
        "bytes": len(made),
        "invented": found.invented,
        "period": None if found.period is None else list(found.period),
        "title": found.title,
        "findings": [finding.text for finding in found.findings],
        "decisions": list(found.decisions),
        "lines": [
            {
                "key": line.key,
                "observed": line.observed,
                "interval": line.interval,
                "expected": line.expected,
                "verdict": line.verdict.value,
                "observations": line.counted,
            }
            for line in found.lines
        ],
        "counts": list(found.counts),
        "points": [
            {"title": point.title, "shown": point.shown, "alarming": point.alarming}
            for point in found.points
        ],
        "cost": None if found.cost is None else found.cost.sentence,
        "proposed": [] if reproposal is None else list(reproposal.sentences(study)),
    }
    return common.reply(study, answer, _text)


def _held(study: Study, files: list[Path] | None) -> Journal:
    if files:
        return read_files(study, files)[0]
    if not store_is_there():
        return Journal()
    with store_opener() as opener:
        return Journals(opener, LOCAL, local_clock().date()).read()


def _text(answer: Answer) -> str:
    lines = [f"Bilan écrit dans {answer['path']}."]
    if answer["invented"]:
        lines.append(INVENTED_NOTICE)
    lines.append(f"{answer['title']}.")
    lines += [f"{finding}." for finding in answer["findings"][1:]]
    lines += [f"À décider : {decision}" for decision in answer["decisions"]]
    lines += answer["counts"]
    lines += [
        f"{point['title']}{' (à surveiller)' if point['alarming'] else ''} : {point['shown']}"
        for point in answer["points"]
    ]
    if answer["cost"]:
        lines.append(answer["cost"])
    return "\n".join([*lines, *answer["proposed"]])

"""« journal » and « bilan »: the teams' journal, observed figures, the bilan of an experiment."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated

from geozones.cli.exports import exported_plan_of
from geozones.cli.options import (
    DEFAULTS,
    Answer,
    CommonOptions,
    content,
    service,
)
from geozones.cli.parameters import Reply, argument, flag, group, option
from geozones.common.clock import today
from geozones.common.errors import InputError
from geozones.common.files import write_atomically
from geozones.common.french import capital, listing, long_date, plural
from geozones.common.settings_file import public_address
from geozones.domain.field_journal import Journal
from geozones.features.experiment.journal_file import FIELDS, MAX_BYTES
from geozones.features.experiment.model import (
    INVENTED_NOTICE,
    RATE_NOTE,
    Area,
    area_of,
    bilan_of,
    counts_of,
    expected,
    figures_json,
    observer,
    recorded,
)
from geozones.features.experiment.observed import BY_KEY, Estimate, Observer
from geozones.features.experiment.report import WRITERS, bilan_file, bilan_report
from geozones.features.experiment.use_cases import Journals, numbered, read_over
from geozones.workspace.figures.study import Study
from geozones.workspace.folder.territory import sector_named
from geozones.workspace.roles import LOCAL
from geozones.workspace.scenarios.backups import store_is_there, store_opener
from geozones.workspace.sharing.dossier import dossier
from geozones.workspace.sharing.exported_plan import read_view

journal = group("journal")


@journal.default
def read(
    file: Annotated[
        list[Path], argument("FICHIER", "exports GLPI (CSV), classeurs : plusieurs à la suite")
    ],
    /,
    *,
    sector: Annotated[str | None, option("SECTEUR", "un secteur, nom ou code")] = None,
    common: CommonOptions = DEFAULTS,
) -> Reply:
    """Read journal files and print the observed figures; store nothing."""
    study = common.study(FIELDS)
    sector = None if sector is None else sector_named(study.plan, sector)
    held, answers = read_files(study, file, common.columns_of(FIELDS))
    observed = observer(study, held)
    areas = [area_of(study, observed, sector)]
    for key in sorted(recorded(study, observed)) if sector is None else [sector]:
        areas += [area_of(study, observed, key)] if sector is None else []
        areas += [area_of(study, observed, zone=zone.id) for zone in study.plan.zones_of(key)]
    answer: Answer = {
        "files": answers,
        "invented": held.invented,
        "period": (None if held.period is None else [day.isoformat() for day in held.period]),
        "areas": [_area(study, observed, area) for area in areas if area.lycees],
    }
    return common.reply(study, answer, _journal_text)


def read_files(
    study: Study, files: Sequence[Path], corrections: Mapping[str, str]
) -> tuple[Journal, list[Answer]]:
    """Read files and join them in one journal; return it with a report on each file."""
    pseudonym = numbered()
    held, answers = Journal(), []
    for path in files:
        given = content(path, "journal", MAX_BYTES)
        lycees = study.territory.lycees
        reading = read_over(lycees, given, today(), pseudonym, corrections)
        both = held.joined(reading.journal)
        again = held.rows + reading.journal.rows - both.rows
        held = both
        answers.append(
            {
                "file": path.name,
                "rows": reading.journal.rows,
                "already_there": again,
                "left_out": [notice.text for notice in reading.left_out],
                "doubts": [notice.text for notice in reading.doubts],
                "notes": list(reading.notes),
            }
        )
    return held, answers


def _area(study: Study, observed: Observer, area: Area) -> Answer:
    seen = observed.observe(area.lycees)
    return {
        "kind": area.kind,
        "id": area.key or None,
        "name": area.name,
        "lycees": len(area.lycees),
        "working_days": seen.days,
        "requests": seen.requests,
        "counts": list(counts_of(observed, area)),
        "figures": figures_json(seen, expected(study, area)),
    }


@journal.command(help="Garde un fichier dans le journal de cette installation.")
def keep(
    file: Annotated[Path, argument("FICHIER", "un export GLPI (CSV) ou un classeur")],
    /,
    *,
    names: Annotated[bool, flag("garder les noms des {technicians}")] = False,
    common: CommonOptions = DEFAULTS,
) -> Reply:
    """Import the rows of a file into the journal, with anonymous technicians unless ``names``."""
    study = common.study()
    read_content = content(file, "journal", MAX_BYTES)
    with store_opener() as opener:
        journals = Journals(opener, LOCAL, today())
        done = journals.add(study, file.name, read_content, keep_names=names)
    answer: Answer = {
        "file": done.file.name,
        "rows": done.file.rows,
        "already_there": done.reading is None,
        "rows_already_there": done.again,
        "report": list(done.file.report),
        "said": done.sentence,
    }
    return common.reply(study, answer, lambda kept: "\n".join([kept["said"], *kept["report"]]))


def _journal_text(answer: Answer) -> str:
    lines = []
    for file in answer["files"]:
        again = file["already_there"]
        known = f", dont {plural(again, 'ligne')} déjà lues, comptées une fois" if again else ""
        lines.append(f"{file['file']} : {plural(file['rows'], 'ligne lue', 'lignes lues')}{known}.")
        lines += [f"  Non prises : {row}." for row in file["left_out"]]
        lines += [f"  À vérifier : {doubt}." for doubt in file["doubts"]]
        lines += [f"  {note}" for note in file["notes"]]
    if answer["invented"]:
        lines.append(INVENTED_NOTICE)
    if answer["period"]:
        first, last = map(long_date, answer["period"])
        lines += [f"Période : du {first} au {last}.", RATE_NOTE]
    for area in answer["areas"]:
        lines.append("")
        marked = " (journal inventé)" if answer["invented"] else ""
        lines.append(f"{capital(area['name'])}{marked}")
        lines += [f"  {line}" for line in area["counts"] if line != RATE_NOTE]
        for key, known in area["figures"].items():
            figure, hoped = BY_KEY[key], known["expected"]
            if known["value"] is None:
                continue
            estimate = Estimate(known["value"], known["low"], known["high"], known["count"])
            interval = figure.interval(estimate)
            sure = f" ({interval})" if interval else ""
            model = "" if hoped is None else f", attendu {figure.value_text(hoped)}"
            told = f"{figure.value_text(estimate.value)}{sure}{model}"
            lines.append(f"  {figure.label} : {told} ; {figure.count_text(estimate)}")
    return "\n".join(lines)


def bilan(
    *,
    out: Annotated[Path, option("FICHIER", "le fichier à écrire : .pdf, .pptx ou .xlsx")],
    journal: Annotated[
        list[Path] | None, option("FICHIER", "fichiers du journal (sinon, celui qui est gardé)")
    ] = None,
    sector: Annotated[str | None, option("SECTEUR", "un secteur, nom ou code")] = None,
    common: CommonOptions = DEFAULTS,
) -> Reply:
    """Write the bilan of an experiment: observed figures against the plan, what to decide."""
    study = common.study(FIELDS)
    sector = None if sector is None else sector_named(study.plan, sector)
    end = out.suffix.lstrip(".").casefold()
    if end not in WRITERS:
        ends = listing([f".{each}" for each in WRITERS], "ou")
        raise InputError(f"Le fichier {out.name} doit finir par {ends}.")
    held = _held(study, journal)
    if not held.rows:
        raise InputError("Le journal est vide : importez un fichier, ou donnez-le par --journal.")
    found = bilan_of(study, held, sector=sector)
    with service(study.analysis) as scenarios:
        exported = exported_plan_of(study, scenarios, common).at(public_address())
        view = read_view("region" if sector is None else f"sector:{sector}")
        shown = dossier(exported, view)
        made = bilan_file(shown, bilan_report(study, held, shown, sector), end)
    write_atomically(out, made)
    answer: Answer = {
        "path": str(out),
        "bytes": len(made),
        "invented": found.invented,
        "period": None if found.period is None else list(found.period),
        "title": found.title,
        "findings": list(found.findings),
        "decisions": list(found.decisions),
        "lines": [
            {
                "key": line.figure.key,
                "observed": line.observed,
                "interval": line.interval,
                "expected": line.expected,
                "verdict": line.verdict.value,
                "observations": line.counted,
            }
            for line in found.lines
        ],
        "counts": list(found.counts),
    }
    return common.reply(study, answer, _bilan_text)


def _held(study: Study, files: list[Path] | None) -> Journal:
    if files:
        return read_files(study, files, {})[0]
    if not store_is_there():
        return Journal()
    with store_opener() as opener:
        return Journals(opener, LOCAL, today()).read()


def _bilan_text(answer: Answer) -> str:
    lines = [f"Bilan écrit dans {answer['path']}."]
    if answer["invented"]:
        lines.append(INVENTED_NOTICE)
    lines.append(f"{answer['title']}.")
    lines += [f"{finding}." for finding in answer["findings"][1:]]
    lines += [f"À décider : {decision}" for decision in answer["decisions"]]
    lines += answer["counts"]
    return "\n".join(lines)

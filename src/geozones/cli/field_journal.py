"""« journal »: the teams' journal, observed figures against expected ones."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from geozones.cli.answers import Answer, content, local_clock, store_opener
from geozones.cli.options import DEFAULTS, CommonOptions
from geozones.cli.parameters import argument, between, flag, group, option
from geozones.cli.reply import Reply
from geozones.common.errors import InputError
from geozones.common.files import write_folder_atomically
from geozones.common.french import long_date, plural
from geozones.domain.field_journal import Journal
from geozones.domain.terms import terms
from geozones.experiment.estimates import Estimate
from geozones.experiment.observed import Observed, Observer
from geozones.experiment.observed_figures import BY_KEY
from geozones.workspace.experiment.areas import (
    Area,
    expected,
    figures_json,
    observer,
    recorded,
    sector_area,
    whole,
    zone_area,
)
from geozones.workspace.experiment.bilan import INVENTED_NOTICE
from geozones.workspace.experiment.counts import RATE_NOTE, counts_of
from geozones.workspace.experiment.field_journal import Journals
from geozones.workspace.experiment.reading import MAX_BYTES, JournalReading, numbered, read_over
from geozones.workspace.experiment.samples import sample_files, sample_of, school_days
from geozones.workspace.roles import LOCAL
from geozones.workspace.study import Study

journal = group("journal")
#: Default period of a sample: seven months of school from the start of the experiment.
_FIRST, _MONTHS, _MOST_MONTHS = "2025-11-03", 7, 20


@journal.default
def read(
    file: Annotated[
        list[Path], argument("FICHIER", "exports GLPI (CSV), classeurs : plusieurs à la suite")
    ],
    /,
    *,
    sector: Annotated[str | None, option("CODE", "d'un secteur (sinon, tous)")] = None,
    common: CommonOptions = DEFAULTS,
) -> Reply:
    """Read journal files and print the observed figures; store nothing."""
    study = common.study()
    held, answers = read_files(study, file)
    observed = observer(study, held)
    areas = [whole(study, observed)] if sector is None else [sector_area(study, sector)]
    for key in sorted(recorded(study, observed)) if sector is None else [sector]:
        areas += [sector_area(study, key)] if sector is None else []
        areas += [zone_area(study, zone.id) for zone in study.plan.zones_of(key)]
    answer: Answer = {
        "files": answers,
        "invented": held.invented,
        "period": _period(held),
        "areas": [_area(study, observed, area) for area in areas if area.lycees],
    }
    return common.reply(study, answer, _text)


def read_files(study: Study, files: Sequence[Path]) -> tuple[Journal, list[Answer]]:
    """Read files and join them in one journal; return it with a report on each file."""
    today, pseudonym = local_clock().date(), numbered()
    held, answers = Journal(), []
    for path in files:
        reading = read_over(study, content(path, "journal", MAX_BYTES), today, pseudonym)
        both = held.joined(reading.journal)
        again = held.rows + reading.journal.rows - both.rows
        held = both
        answers.append(_file(path, reading, again))
    return held, answers


def _file(path: Path, reading: JournalReading, again: int) -> Answer:
    return {
        "file": path.name,
        "rows": reading.journal.rows,
        "already_there": again,
        "left_out": [notice.text for notice in reading.left_out],
        "doubts": [notice.text for notice in reading.doubts],
        "notes": list(reading.notes),
    }


def _period(held: Journal) -> list[str] | None:
    return None if held.period is None else [day.isoformat() for day in held.period]


def _area(study: Study, observed: Observer, area: Area) -> Answer:
    seen: Observed = observed.observe(area.lycees)
    gap = next((one for one in seen.gaps), None)
    return {
        "kind": area.kind,
        "id": area.key or None,
        "name": area.name,
        "lycees": len(area.lycees),
        "working_days": seen.days,
        "requests": observed.work(frozenset(area.lycees)).asked,
        "counts": list(counts_of(observed, area)),
        "figures": figures_json(seen, expected(study, area)),
        "longest_gap": None if gap is None else {"lycee": gap.lycee, "days": gap.days},
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
        journals = Journals(opener, LOCAL, local_clock().date())
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


@Parameter(name="*")
@dataclass(frozen=True, kw_only=True)
class SampleOptions:
    """Options of an invented journal, and its folder."""

    out: Annotated[Path, option("DOSSIER", "nouveau dossier où écrire les trois fichiers")]
    seed: Annotated[int, option("N", "graine du tirage (1)", check=between(0, 10**9))] = 1
    sector: Annotated[
        list[str] | None, option("CODE", "secteur ; répété (sinon, ceux de l'expérimentation)")
    ] = None
    first: Annotated[str, option("AAAA-MM-JJ", f"premier jour ({_FIRST})", name="--from")] = _FIRST
    months: Annotated[
        int, option("N", f"mois de classe ({_MONTHS})", check=between(1, _MOST_MONTHS))
    ] = _MONTHS

    @property
    def start(self) -> date:
        """The first day; raise ``InputError`` if it is not a date."""
        try:
            return date.fromisoformat(self.first)
        except ValueError as error:
            msg = f"« {self.first[:20]} » n'est pas une date : écrivez-la AAAA-MM-JJ."
            raise InputError(msg) from error


@journal.command(help="Journal d'essai, inventé et marqué comme tel.")
def sample(*, options: SampleOptions, common: CommonOptions = DEFAULTS) -> Reply:
    """Write a plausible journal of some sectors, drawn from known rates with a fixed seed."""
    study = common.study()
    chosen = options.sector or [entry.id for entry in study.plan.sectors if entry.experimental]
    days = school_days(options.start, options.months)
    made = sample_of(study, chosen, days, options.seed)
    written = write_folder_atomically(options.out, sample_files(study, made, options.seed))
    answer: Answer = {
        "path": str(options.out),
        "bytes": written,
        "rows": made.rows,
        "seed": options.seed,
        "sectors": chosen,
        "invented": True,
    }
    return common.reply(study, answer, _sample_text)


def _sample_text(answer: Answer) -> str:
    rows = plural(answer["rows"], "ligne")
    return f"Journal d'essai inventé (graine {answer['seed']}) : {rows} dans {answer['path']}."


def _text(answer: Answer) -> str:
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
        lines.append(f"{area['name'][:1].upper()}{area['name'][1:]}{marked}")
        lines += [f"  {line}" for line in (*area["counts"], *_figure_lines(area))]
    return "\n".join(lines)


def _figure_lines(area: Answer) -> list[str]:
    lines = []
    for key, known in area["figures"].items():
        figure = BY_KEY[key]
        if known["value"] is None:
            continue
        estimate = Estimate(known["value"], known["low"], known["high"], known["count"])
        interval = figure.interval(estimate)
        sure = f" ({interval})" if interval else ""
        hoped = known["expected"]
        model = "" if hoped is None else f", attendu {figure.value_text(hoped)}"
        counted = figure.count_text(estimate.count, area["working_days"])
        lines.append(
            f"{figure.label} : {figure.observed_text(estimate.value)}{sure}{model} ; {counted}"
        )
    gap = area["longest_gap"]
    if gap is not None:
        days = plural(gap["days"], "jour ouvré", "jours ouvrés")
        lines.append(f"Plus longue période sans {terms().technician} : {days} ({gap['lycee']})")
    return lines

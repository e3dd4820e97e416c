"""Options of every command, the plan to look at, and figures as JSON."""

import json
import math
import sys
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, get_origin

from cyclopts import Parameter

from geozones.cli.parameters import Reply, flag, option
from geozones.common.errors import InputError
from geozones.common.files import ordinary, why, write_atomically
from geozones.common.french import capital
from geozones.domain import Plan, Sector, Zone
from geozones.domain.events import State
from geozones.domain.proposal_conditions import OptionField, option_fields
from geozones.domain.settings import territory
from geozones.effect import Effect
from geozones.effect.records import sides_json
from geozones.intake.columns import TableField, field_key, has_field
from geozones.intake.plan_file import MAX_BYTES
from geozones.intake.site_tables import ASSIGNMENT_FIELDS
from geozones.metrics import Change, Judgement
from geozones.metrics.metric_changes import NO_VERDICT
from geozones.workspace.figures.analysis import Analysis
from geozones.workspace.figures.study import Study, baseline_study, open_study, study_of
from geozones.workspace.ledger import ledger_here, study_of_publication, with_publications
from geozones.workspace.roles import LOCAL
from geozones.workspace.scenarios.backups import store_opener

if TYPE_CHECKING:
    from geozones.workspace.scenarios.backups import Store
    from geozones.workspace.scenarios.service import Scenarios

type Answer = dict[str, Any]

#: Keys that scripts know a figure by, beside its own.
_OLD_NAMES = {"unattended_hours": "unserved_hours"}


def content(path: Path, what: str, most: int) -> bytes:
    """Read a file, at most one byte more than ``most``; raise ``InputError`` on failure."""
    try:
        with ordinary(path).open("rb") as stream:
            return stream.read(most + 1)
    except OSError as error:
        raise InputError(f"Le {what} {path} ne peut pas être lu : {why(error)}.") from error


@contextmanager
def service(analysis: Analysis) -> "Iterator[Scenarios]":
    """Yield the use cases of scenarios over one store, opened on first use, closed after."""
    with store_opener() as opener:
        yield scenarios_of(analysis, opener)


def scenarios_of(analysis: Analysis, opener: "Callable[[], Store]") -> "Scenarios":
    """Return the use cases of scenarios for the machine's user."""
    from geozones.workspace.scenarios.service import Scenarios  # noqa: PLC0415 - slow

    return Scenarios(analysis, opener, LOCAL)


def write_json(path: Path, document: Answer) -> str:
    """Write a JSON file, and return its path."""
    write_atomically(path, json.dumps(document, ensure_ascii=False, indent=1) + "\n")
    return str(path)


def picked(record: object, *names: str) -> Answer:
    """Return some fields of a record, by their names."""
    return {name: getattr(record, name) for name in names}


class Precise(float):
    """Figure kept to 6 decimals where others have 2: degrees (a decimetre), hypotheses."""


def rounded(value: float | None) -> float | None:
    """Round a figure to 2 decimals."""
    return None if value is None else round(value, 2)


def plain(value: Any) -> Any:  # noqa: ANN401
    """Convert a value to JSON: figures to 2 decimals, ``None`` for infinity, lists for tuples."""
    if isinstance(value, Precise):
        return round(float(value), 6)
    if isinstance(value, float):
        return round(value, 2) if math.isfinite(value) else None
    if isinstance(value, dict):
        named = {key: plain(entry) for key, entry in value.items()}
        return named | {old: named[key] for key, old in _OLD_NAMES.items() if key in named}
    if isinstance(value, (list, tuple)):
        return [plain(entry) for entry in value]
    return value


def violations(study: Study) -> list[Answer]:
    """Return the rule breaches of a plan as JSON, information included.

    ``zone`` is ``None`` if a whole sector breaks the rule.
    """
    return [
        {
            **picked(breach, "rule", "severity"),
            "origin": breach.origin.stated,
            "sector": breach.sector_in(study.plan),
            **picked(breach, "zone", "lycees", "message", "to_confirm"),
        }
        for breach in study.check()
    ]


def change_json(change: Effect) -> Answer:
    """Return an effect as JSON: figures, posts in French, who loses and gains, its verdict."""
    return {
        "figures": figures(change.figures),
        "posts_change": change.posts,
        **sides_json(change),
        **judged(change.judgement),
    }


def judged(judgement: Judgement | None) -> Answer:
    """Return a judgement as JSON: word, turning rate, remarks; null without one."""
    if judgement is None:
        return {"verdict": None, "turns_at": None, "note": None}
    return {
        "verdict": judgement.outcome.value,
        "turns_at": judgement.turns_at,
        "note": judgement.notes,
    }


def verdict_text(answer: Answer) -> str:
    """Return the verdict of an answer of `judged` with its note, or why there is none."""
    note = f" ({answer['note']})" if answer["note"] else ""
    return f"{answer['verdict'] or NO_VERDICT}{note}"


def figures(changes: Iterable[Change]) -> list[Answer]:
    """Return the figures of two plans as JSON, with the verdict on each difference."""
    return [
        {
            "key": change.metric.key,
            "text": change.line,
            **picked(change, "before", "after", "better"),
            "verdict": change.word,
        }
        for change in changes
    ]


def figure_line(figure: Answer) -> str:
    """Format a figure of `figures` on one line: both values, the difference, the verdict."""
    verdict = f" : {figure['verdict']}" if figure["verdict"] else ""
    return f"{figure['text']}{verdict}"


def table(
    heads: Sequence[str], rows: Iterable[Sequence[str]], *, words: Collection[int] = (0,)
) -> list[str]:
    """Return a head and rows of text as lines: columns of ``words`` to the left, figures right."""
    cells = [heads, *rows]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    return [
        "   ".join(
            text.ljust(width) if rank in words else text.rjust(width)
            for rank, (text, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in cells
    ]


def progress(what: str) -> Callable[[int, int], None]:
    """Return a progress callback that writes to stderr, on a terminal only."""
    shown = -1

    def tell(done: int, total: int) -> None:
        nonlocal shown
        share = 100 * done // max(total, 1)
        if share != shown and sys.stderr.isatty():
            shown = share
            end = "\n" if done == total else ""
            print(f"\r{share:3d} % ({done}/{total} {what})", end=end, file=sys.stderr, flush=True)

    return tell


def left_out_lines(answer: Answer) -> tuple[str, ...]:
    """Return a line for each item that an answer leaves out."""
    rows = answer.get("left_out", ())
    return tuple(f"Laissé de côté : {row['what']} : {row['reason']}." for row in rows)


def command_options[T](record: type[T]) -> type[T]:
    """Make each `Option` of a dataclass an option of the commands that take the dataclass.

    The hints of the class replace those that it inherits, in the order of its fields.
    """
    made = {name: _command_option(entry) for name, entry in option_fields(record).items()}
    record.__annotations__ = made | record.__annotations__
    return record


def _command_option(entry: OptionField) -> Any:  # noqa: ANN401 - a type hint
    """Return the hint of an option for the command line; commands do not set it without help."""
    described, kind = entry.option, entry.kind
    if not described.help:
        return Annotated[kind, Parameter(parse=False)]
    if kind is bool:
        return Annotated[bool, flag(described.help, name=described.flag or None)]
    parameter = option(described.value, described.help, name=described.flag or None)
    return Annotated[list[str] if get_origin(kind) is Collection else kind, parameter]


#: Plan of a command that is given none.
_ELSE = "(sinon, le plan en vigueur ou de départ)"


@Parameter(name="*")
@dataclass(frozen=True, kw_only=True)
class CommonOptions:
    """Options of every command but « serve »."""

    json: Annotated[bool, flag("répondre par un objet JSON")] = False
    plan: Annotated[
        Path | None, option("FICHIER", f"un plan JSON, ou un tableau de sites et zones {_ELSE}")
    ] = None
    scenario: Annotated[
        str | None,
        option("CODE", f"un scénario enregistré {_ELSE}"),
    ] = None
    publication: Annotated[
        str | None,
        option("CODE", f"le plan d'une publication {_ELSE}"),
    ] = None
    max_minutes: Annotated[float | None, option("MIN", "seuil des trajets dans une zone")] = None
    column: Annotated[
        list[str] | None,
        option(
            "CHAMP=TITRE",
            "colonne d'un champ d'un tableau donné, par son titre ou son rang ; titre vide : "
            "aucune colonne ; répété",
        ),
    ] = None

    def columns_of(self, fields: Mapping[str, TableField]) -> dict[str, str]:
        """Return the columns that the user chose for the fields of a table."""
        return {name: title for name, title in self._columns() if has_field(fields, name)}

    def check_columns(self, fields: Mapping[str, TableField]) -> None:
        """Raise ``InputError`` if a column is chosen for none of some fields."""
        for name, _ in self._columns():
            if not fields:
                raise InputError("--column va avec un tableau : --plan, ou celui de la commande.")
            field_key(name, fields)

    def _columns(self) -> Iterator[tuple[str, str]]:
        for text in self.column or ():
            field, equals, title = text.partition("=")
            if not equals:
                raise InputError(
                    f"« {text[:60]} » : écrivez --column champ=titre, par exemple nom=Intitulé."
                )
            yield field, title

    def study(self, fields: Mapping[str, TableField] | None = None) -> Study:
        """Return the requested scenario or plan on its territory; by default the baseline.

        ``fields`` are the fields of a table that the command reads itself: a column chosen for any
        other field is a column of the plan file.
        """
        of_plan = {} if self.plan is None else ASSIGNMENT_FIELDS
        own = fields or {}
        self.check_columns({**of_plan, **own})
        analysis = self._analysis()
        asked = [name for name in ("plan", "scenario", "publication") if getattr(self, name)]
        if len(asked) > 1:
            raise InputError(f"Donnez --{asked[0]} ou --{asked[1]}, pas les deux.")
        if self.scenario is not None:
            from geozones.workspace.scenarios.open_scenario import (  # noqa: PLC0415 - slow
                study_of_work,
            )

            with service(analysis) as scenarios:
                return study_of_work(analysis, scenarios.open(self.scenario))
        if self.plan is not None:
            columns = self.columns_of({k: v for k, v in of_plan.items() if k not in own})
            given = content(self.plan, "plan", MAX_BYTES)
            file = analysis.territory.atlas.read_plan(given, columns)
            return study_of(analysis, State(file.plan, places=file.places))
        if self.publication is not None:
            ledger = ledger_here(analysis.territory.atlas)
            return study_of_publication(ledger, analysis, ledger.get(self.publication))
        return baseline_study(analysis)

    @contextmanager
    def scenarios(self) -> "Iterator[tuple[Study, Scenarios]]":
        """Yield the requested plan, and the use cases of scenarios over one store."""
        study = self.study()
        with service(study.analysis) as stored:
            yield study, stored

    def _analysis(self) -> Analysis:
        analysis = open_study().analysis
        analysis = with_publications(ledger_here(analysis.territory.atlas), analysis)
        if self.max_minutes is not None:
            analysis = analysis.with_max_minutes(self.max_minutes)
        return analysis

    def reply(
        self,
        study: Study,
        answer: Answer,
        text: Callable[[Answer], str],
        *,
        shows_figures: bool = False,
        judges: bool = True,
        names_plan: bool = False,
    ) -> Reply:
        """Return the reply of a command: its answer as a JSON object, or as French text.

        Lines for stderr name the damaged scenarios of the answer, and explain why another plan may
        be in force. ``shows_figures`` adds the day and method of a publication's figures,
        ``judges`` the note that all drives are estimates; ``names_plan`` names the plan in front
        of the text.
        """
        kept, basis = study.kept, study.times.basis if judges else ""
        if basis:
            answer["basis"] = basis
        if kept is not None and shows_figures:
            answer["figures"] = kept.to_json()
        left_out = left_out_lines(answer)
        problem = study.analysis.baseline.problem
        if problem and problem not in left_out:
            left_out = (*left_out, problem)
        plan = self._plan_named(study) if names_plan else ""
        note = kept.sentence if kept is not None and shows_figures else ""
        return self.answered(
            answer,
            lambda told: "\n".join(filter(None, (_head(plan, basis), text(told), note))),
            left_out,
        )

    def _plan_named(self, study: Study) -> str:
        """Return the words for the plan of an answer: that of an option, else the baseline."""
        if self.scenario is not None:
            return f"scénario {self.scenario}"
        if self.publication is not None:
            return f"publication {self.publication}"
        if self.plan is not None:
            return f"plan du fichier {self.plan.name}"
        return study.analysis.baseline.dated

    def answered(
        self, answer: Answer, text: Callable[[Answer], str], left_out: tuple[str, ...] = ()
    ) -> Reply:
        """Return the reply of a command that looks at no plan, as JSON or as French text."""
        if self.json:
            return Reply(json.dumps(plain(answer), ensure_ascii=False), left_out)
        return Reply(text(answer), left_out)


def _head(plan: str, basis: str) -> str:
    """Return the first line of a text answer: the name of the territory, its plan, its basis."""
    name = territory().name and f"Territoire : {territory().name}"
    return capital(", ".join(filter(None, (name, plan, basis))))


def area_names(plan: Plan) -> dict[str, str]:
    """Return the name and the code of each sector and zone, by its code."""
    areas: list[Sector | Zone] = [*plan.sectors, *plan.zones]
    return {each.id: f"{each.name} [{each.id}]" for each in areas}


#: Default options: the baseline, answered as text.
DEFAULTS = CommonOptions()


def read_date(text: str) -> date:
    """Read a date; raise ``InputError`` where it is none."""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise InputError(f"« {text[:20]} » n'est pas une date : écrivez-la AAAA-MM-JJ.") from error

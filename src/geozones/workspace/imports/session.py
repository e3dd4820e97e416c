"""Imports in progress: a list as read with the user's decisions and the report; needs from a file.

Needs and sizes of lycées are recorded in a scenario by events.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from geozones.domain.events import State, read_change
from geozones.domain.terms import worded
from geozones.domain.workload import DEFAULT_PUPILS, Basis, fitted_per_half_day
from geozones.intake.directory import Directory, read_directory
from geozones.intake.document_reader import read_document
from geozones.intake.documents import FIELDS, SourceDocument
from geozones.intake.import_report import ImportDecisions, Report
from geozones.intake.list_extraction import extract
from geozones.intake.resolve import resolve
from geozones.jobs import FILES, Job, Listener
from geozones.workspace.study import Study
from geozones.workspace.territory import Territory

if TYPE_CHECKING:
    from geozones.intake.site_tables import NeedsFile


def directory_of(territory: Territory) -> Directory:
    """Return the directory that lists are matched against; raise ``DataFileError``."""
    return read_directory(territory.atlas.data.path, territory.lycees)


def read_list(
    directory: Directory,
    document: SourceDocument,
    columns: Mapping[str, int] | None = None,
    decisions: ImportDecisions | None = None,
) -> Report:
    """Match a list against the directory.

    Parameters
    ----------
    columns
        Rank of the column, from 0, of each field, as chosen by the user.
    decisions
        Repairs that the user refused, and the user's choices for ambiguous rows.
    """
    decisions = decisions or ImportDecisions()
    ignored = {row for row, field in decisions.refused if field == "zone"}
    return resolve(extract(document, directory, columns, ignored), directory, decisions)


@dataclass(frozen=True)
class ListImport:
    """A list and its report; each decision returns a new import, and nothing is stored.

    ``columns`` are the columns that the user chose; ``None`` for the columns found by their titles.
    """

    name: str
    document: SourceDocument
    directory: Directory
    report: Report
    columns: Mapping[str, int] | None = None
    decisions: ImportDecisions = field(default_factory=ImportDecisions)

    @classmethod
    def opened(cls, territory: Territory, content: bytes | str, name: str) -> "ListImport":
        """Read a list."""
        document, directory = read_document(content), directory_of(territory)
        return cls(name[:80], document, directory, read_list(directory, document))

    def with_columns(self, columns: Mapping[str, int]) -> "ListImport":
        """Return the import with the columns that the user chose."""
        return self._judged(columns=dict(columns))

    def with_repair(self, row: int, field: str, *, refused: bool) -> "ListImport":
        """Return the import with a repair refused, or accepted again."""
        key = (row, field)
        if (key in self.decisions.refused) == refused:
            return self
        kept = self.decisions.refused - {key}
        refusals = kept | {key} if refused else kept
        chosen = {line: choice for line, choice in self.decisions.chosen.items() if line != row}
        return self._judged(decisions=ImportDecisions(frozenset(refusals), chosen))

    def with_answer(self, row: int, choice: str | None) -> "ListImport":
        """Return the import with the user's choice for an ambiguous row; ``None`` removes it."""
        return self._judged(decisions=self.decisions.with_choice(row, choice))

    def _judged(self, **changes: object) -> "ListImport":
        other = replace(self, **changes)  # type: ignore[arg-type]  # fields of this class
        report = read_list(other.directory, other.document, other.columns, other.decisions)
        return replace(other, report=report)

    @property
    def titles(self) -> tuple[str, ...]:
        """Label of each column of the document on screen: its title, else its rank."""
        lines = [line for line in self.document.lines if not line.is_blank]
        known = self.report.listing.titles
        width = max(
            (len(line.cells) for line in lines if len(line.cells) <= len(known) or not known),
            default=0,
        )
        return tuple(
            known.get(rank, "").strip() or f"colonne {rank + 1}"
            for rank in range(max(width, len(known)))
        )

    def sample(self, rows: int = 6) -> tuple[tuple[str, ...], ...]:
        """Return the first rows of the list, cell by cell."""
        wanted = {row.line for row in self.report.listing.rows[:rows]}
        lines = [line for line in self.document.lines if line.number in wanted]
        if not lines:
            lines = [line for line in self.document.lines if not line.is_blank][:rows]
        width = len(self.titles)
        return tuple((*line.cells, *[""] * width)[:width] for line in lines)


@dataclass(frozen=True, slots=True)
class ListRequest:
    """Reading of a list; the parameters of `ListImport.opened`."""

    territory: Territory
    content: bytes | str
    name: str

    def opened(self, found: "ReadList") -> ListImport:
        """Return the import of a list that a job has read."""
        # the directory is read here: its lookup caches are slower to send than to make
        document, report = found
        return ListImport(self.name[:80], document, directory_of(self.territory), report)


type ReadList = tuple[SourceDocument, Report]
type ListJob = Job[ListRequest, None, ReadList]


def list_job(asked: ListRequest) -> ListJob:
    """Return the job that reads a list."""
    return Job(FILES, open_list, asked, None)


def open_list(_: Listener, asked: ListRequest) -> ReadList:
    """Read a list; raise as `ListImport.opened`."""
    opened = ListImport.opened(asked.territory, asked.content, asked.name)
    return opened.document, opened.report


def column_labels() -> dict[str, str]:
    """Return the French labels of the fields that a column may hold."""
    return {field: worded(label) for field, (label, _) in FIELDS.items()}


@dataclass(frozen=True)
class NeedsChange:
    """An event to record: its kind and its data."""

    kind: str
    data: dict[str, Any]


def read_needs(territory: Territory, content: bytes) -> "NeedsFile":
    """Read a table of needs or sizes, from CSV or a spreadsheet; raises ``InputError``."""
    from geozones.intake.site_tables import read_needs_file  # noqa: PLC0415 - seldom used

    return read_needs_file(content, territory.lycees)


def needs_changes(study: Study, file: "NeedsFile") -> tuple[NeedsChange, ...]:
    """Return the events that record a file in the scenario of a study, in their order.

    The weight of workstations and tickets is fitted so that the half-days a week of their lycées
    stay the same in total, without lycées that have a need of their own. Pupils keep the rule's own
    value.
    """
    changes, state = [], study.state
    if file.needs:
        changes.append(NeedsChange("set_needs", {"needs": file.needs}))
        state = _applied(state, changes)
    if file.basis is not None and file.sizes:
        worth = _per_half_day(study, state, file.basis, file.sizes)
        data = {"basis": file.basis.value, "sizes": file.sizes, "per_half_day": worth}
        changes.append(NeedsChange("set_sizes", data))
    return tuple(changes)


def with_needs(study: Study, changes: Sequence[NeedsChange]) -> Study:
    """Return a study after some events of its scenario; raises as they do."""
    return study.with_teams(_applied(study.state, changes).teams)


def _applied(state: State, changes: Sequence[NeedsChange]) -> State:
    for change in changes:
        state = read_change(change.kind, change.data).apply(state)
    return state


def _per_half_day(study: Study, state: State, basis: Basis, sizes: dict[str, int]) -> float:
    rule = state.teams.rule
    kept = rule.per_half_day.get(basis, DEFAULT_PUPILS)
    if basis is Basis.PUPILS:
        return kept
    lycees = study.territory.lycees
    free = [key for key in sizes if key not in state.teams.needs]
    total = sum(state.teams.need(lycees[key]).half_days for key in free)
    if not any(sizes[key] for key in free):
        return kept
    return fitted_per_half_day([sizes[key] for key in free], rule.site_half_days, total)

"""State of an import in progress: the list as read, the user's decisions, the report."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from geozones.domain.terms import worded
from geozones.intake.columns import FIELDS
from geozones.intake.directory import Directory, read_directory
from geozones.intake.document_reader import read_document
from geozones.intake.documents import SourceDocument
from geozones.intake.import_report import ImportDecisions, Report
from geozones.intake.list_extraction import extract
from geozones.intake.resolve import resolve
from geozones.workspace.jobs import FILES, Job, Listener
from geozones.workspace.territory import Territory


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
        """Read a list.

        Raises
        ------
        InputError
            If the list cannot be read at all; the message says why and what to do.
        """
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

"""Reading of a list, matched against the known lycées."""

from collections.abc import Mapping

from geozones.intake.directory import Directory, read_directory
from geozones.intake.documents import SourceDocument
from geozones.intake.import_report import ImportDecisions, Report
from geozones.intake.list_extraction import extract
from geozones.intake.resolve import resolve
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

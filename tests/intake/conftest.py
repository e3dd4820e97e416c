"""The directory lists are matched against, and lists as people bring them."""

from collections.abc import Callable
from pathlib import Path

import pytest

from geozones.intake.directory import Directory, read_directory
from geozones.intake.document_reader import read_document
from geozones.intake.import_report import ImportDecisions, Report
from geozones.intake.list_extraction import extract
from geozones.intake.resolve import resolve
from geozones.workspace.figures.study import Study

SOURCE = Path(__file__).parent / "fixtures" / "webinaire_2025-06-11.txt"

type Import = Callable[..., Report]


@pytest.fixture(scope="session")
def directory(study: Study) -> Directory:
    """The lycées that a list is matched with: those of the data folder."""
    return read_directory(study.atlas.data.path, study.territory.lycees)


@pytest.fixture(scope="session")
def source_text() -> str:
    """The source document, as it is pasted."""
    return SOURCE.read_text(encoding="utf-8")


@pytest.fixture
def imported(directory: Directory) -> Import:
    """Import a file's bytes or a pasted text, under decisions and columns."""

    def run(content: bytes | str, columns: dict[str, int] | None = None, **said: object) -> Report:
        decisions = ImportDecisions(**said)
        ignored = {row for row, field in decisions.refused if field == "zone"}
        listing = extract(read_document(content), directory, columns, ignored)
        return resolve(listing, directory, decisions)

    return run

"""The directory lists are matched against, and lists as people bring them."""

from collections.abc import Callable
from pathlib import Path

import pytest

from geozones.intake.directory import Directory, read_directory
from geozones.intake.lists import read_document
from geozones.intake.report import Decisions, Report
from geozones.intake.settle import settle
from geozones.intake.walk import walk
from geozones.workspace import Workspace

SOURCE = Path(__file__).parent / "fixtures" / "webinaire_2025-06-11.txt"

type Import = Callable[..., Report]


@pytest.fixture(scope="session")
def directory(workspace: Workspace) -> Directory:
    return read_directory(workspace.data.path, workspace.lycees)


@pytest.fixture(scope="session")
def source_text() -> str:
    return SOURCE.read_text(encoding="utf-8")


@pytest.fixture
def imported(directory: Directory) -> Import:
    """Import a file's bytes or a pasted text, under decisions and columns."""

    def run(content: bytes | str, columns: dict[str, int] | None = None, **said: object) -> Report:
        decisions = Decisions(**said)
        ignored = {row for row, field in decisions.refused if field == "zone"}
        listing = walk(read_document(content), directory, columns, ignored)
        return settle(listing, directory, decisions)

    return run

"""Files of a shared version: made once, kept while there is room, ended with the last tab."""

from collections.abc import Iterator
from dataclasses import replace
from threading import Event
from typing import Any

import pytest

from geozones.common.errors import GeozonesError
from geozones.domain.access import DeadLinkError
from geozones.jobs import VISITOR_FILES, Job, Listener
from geozones.ui.server import shared_files
from geozones.ui.server.shared_files import (
    FileNotMadeError,
    SharedFile,
    SharedFiles,
    StillBeingMadeError,
)
from geozones.workspace.scenarios.open_scenario import Work
from geozones.workspace.scenarios.service import Scenarios
from geozones.workspace.sharing.bundle import ExportedFile, FileJob, FileRequest

DOSSIER: Any = None
CONTENT = b"x" * 600_000


class Maker:
    """Maker of files that are there once they are let go."""

    def __init__(self) -> None:
        self.begun = 0
        self.let_go = Event()

    def __call__(self, file: SharedFile) -> FileJob:
        return Job(None, self._make, FileRequest(DOSSIER, file.format, "a4"), None)

    def _make(self, listen: Listener, asked: FileRequest) -> ExportedFile:
        self.begun += 1
        self.let_go.wait(10)
        listen()
        if asked.key == "broken":
            msg = "Ce fichier ne peut pas être fait."
            raise GeozonesError(msg)
        return ExportedFile("x.pdf", CONTENT)


@pytest.fixture
def maker() -> Iterator[Maker]:
    made = Maker()
    yield made
    made.let_go.set()


def asked(version: str, format: str = "pdf", session: str = "one") -> SharedFile:  # noqa: A002
    return SharedFile("", (version, format), DOSSIER, format, VISITOR_FILES, session)


def made(files: SharedFiles, file: SharedFile) -> bytes:
    """The file, asked for until it is there."""
    for _ in range(5):
        try:
            return files.get(file)
        except StillBeingMadeError:
            files._in_making[file.key, file.queue].wait(10)
    pytest.fail("it is made again and again")


def test_two_who_ask_at_once_wait_for_the_same_making_and_it_is_kept(maker: Maker) -> None:
    files = SharedFiles(maker)
    for session in ("one", "two"):
        with pytest.raises(StillBeingMadeError):
            files.get(asked("a", session=session))
    maker.let_go.set()
    assert made(files, asked("a")) == CONTENT
    assert made(files, asked("a", session="two")) == CONTENT
    assert files.get(asked("a", session="three")) == CONTENT
    assert maker.begun == 1


def test_files_are_kept_while_there_is_room_the_last_asked_for_longest(
    maker: Maker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GEOZONES_SHARED_FILES_MB", "1")
    files = SharedFiles(maker)
    maker.let_go.set()
    made(files, asked("a"))
    made(files, asked("b"))
    assert list(files._kept) == [("b", "pdf")]


def test_what_could_not_be_made_is_said_to_all_who_wait(maker: Maker) -> None:
    files = SharedFiles(maker)
    maker.let_go.set()
    for session in ("one", "two"):
        with pytest.raises(FileNotMadeError, match="ne peut pas être fait"):
            made(files, asked("a", "broken", session))
    assert maker.begun == 1


def test_a_file_that_was_abandoned_is_made_anew_for_who_asks_again(maker: Maker) -> None:
    files = SharedFiles(maker)
    with pytest.raises(StillBeingMadeError):
        files.get(asked("a"))
    files._in_making[("a", "pdf"), VISITOR_FILES].abandon()  # all of its tabs were closed
    maker.let_go.set()
    assert made(files, asked("a")) == CONTENT
    assert maker.begun == 2


def test_a_page_left_open_gives_no_file_once_its_link_is_withdrawn(
    maker: Maker, moved: Work, service: Scenarios, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = SharedFiles(maker)
    monkeypatch.setattr(shared_files, "_FILES", files)
    maker.let_go.set()
    token = service.links.freeze(moved)
    file = replace(asked("a"), token=token)
    made(files, file)
    assert file() == CONTENT
    service.links.withdraw(token)
    with pytest.raises(DeadLinkError, match="retiré"):
        file()

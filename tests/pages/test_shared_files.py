"""Files of a shared version: made once, kept while there is room, ended with the last tab."""

from collections.abc import Iterator
from threading import Event
from typing import Any, override

import pytest

from geozones.common.errors import GeozonesError
from geozones.ui.shared_pages.shared_files import (
    FileNotMadeError,
    SharedFile,
    SharedFiles,
    StillBeingMadeError,
)
from geozones.workspace.sharing.making import ExportedFile, VisitorFileMaking

DOSSIER: Any = None


class _Making(VisitorFileMaking):
    """A file that is there once it is let go."""

    begun = 0
    let_go = Event()
    content = b"x" * 600_000

    @override
    def work(self) -> ExportedFile:
        type(self).begun += 1
        self.let_go.wait(10)
        self._check_left()
        if self.key == "broken":
            msg = "Ce fichier ne peut pas être fait."
            raise GeozonesError(msg)
        return ExportedFile("x.pdf", self.content)


@pytest.fixture(autouse=True)
def _fresh() -> Iterator[None]:
    _Making.begun = 0
    _Making.let_go.clear()
    yield
    _Making.let_go.set()


def asked(version: str, format: str = "pdf", session: str = "one") -> SharedFile:  # noqa: A002
    return SharedFile((version, format), DOSSIER, format, _Making, session)


def made(files: SharedFiles, file: SharedFile) -> bytes:
    """The file, asked for until it is there."""
    for _ in range(5):
        try:
            return files.get(file)
        except StillBeingMadeError:
            files._in_making[file.key, _Making].wait(10)
    pytest.fail("it is made again and again")


def test_two_who_ask_at_once_wait_for_the_same_making_and_it_is_kept() -> None:
    files = SharedFiles()
    for session in ("one", "two"):
        with pytest.raises(StillBeingMadeError):
            files.get(asked("a", session=session))
    _Making.let_go.set()
    assert made(files, asked("a")) == _Making.content
    assert made(files, asked("a", session="two")) == _Making.content
    assert files.get(asked("a", session="three")) == _Making.content
    assert _Making.begun == 1


def test_files_are_kept_while_there_is_room_the_last_asked_for_longest(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("GEOZONES_SHARED_FILES_MB", "1")
    files = SharedFiles()
    _Making.let_go.set()
    made(files, asked("a"))
    made(files, asked("b"))
    assert list(files._kept) == [("b", "pdf")]


def test_what_could_not_be_made_is_said_to_all_who_wait() -> None:
    files = SharedFiles()
    _Making.let_go.set()
    for session in ("one", "two"):
        with pytest.raises(FileNotMadeError, match="ne peut pas être fait"):
            made(files, asked("a", "broken", session))
    assert _Making.begun == 1


def test_a_file_that_was_abandoned_is_made_anew_for_who_asks_again() -> None:
    files = SharedFiles()
    with pytest.raises(StillBeingMadeError):
        files.get(asked("a"))
    files._in_making[("a", "pdf"), _Making].abandon()  # all of its tabs were closed
    _Making.let_go.set()
    assert made(files, asked("a")) == _Making.content
    assert _Making.begun == 2

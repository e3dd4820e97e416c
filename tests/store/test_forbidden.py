"""A file that may not be read is said to be forbidden, never to be gone."""

import os
import pwd
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from geozones.domain import StoreError
from geozones.store import open_store
from geozones.store.state import look


@contextmanager
def nobody() -> Iterator[None]:
    """Be an account without rights, where the tests run as root, whom nothing is forbidden."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(pwd.getpwnam("nobody").pw_uid)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that any account may enter: those of pytest are root's only."""
    with tempfile.TemporaryDirectory(prefix="geozones-") as made:
        Path(made).chmod(0o755)
        yield Path(made)
        Path(made).chmod(0o755)


@pytest.mark.parametrize("closed", ["file", "folder"])
def test_a_database_that_may_not_be_opened(folder: Path, closed: str) -> None:
    url = f"sqlite:///{folder}/scenarios.db"
    open_store(url).close()
    (folder / "scenarios.db").chmod(0o000)
    if closed == "folder":
        folder.chmod(0o000)
    with nobody():
        for opening in (open_store, look):
            with pytest.raises(StoreError, match="l'accès") as caught:
                opening(url)
            assert "introuvable" not in str(caught.value)

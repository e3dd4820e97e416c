"""Progress callback of long work; an exception that it raises stops the work."""

from collections.abc import Callable

type Progress = Callable[[int, int], None]
"""Called with (done, total); any exception that it raises stops the work."""


def no_progress(_done: int, _total: int) -> None:
    """Ignore progress."""

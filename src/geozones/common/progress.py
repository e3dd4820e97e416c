"""How work that takes long says how far it is, and is stopped."""

from collections.abc import Callable

type Progress = Callable[[int, int], None]
"""Called with (done, total); what it raises stops the work."""


def no_progress(_done: int, _total: int) -> None:
    """Ignore progress."""

"""Context manager and decorator that hands the message of a ``GeozonesError`` to the page."""

from collections.abc import Callable
from contextlib import ContextDecorator
from types import TracebackType

from geozones.common.errors import GeozonesError


class CaughtErrors(ContextDecorator):
    """Leave the block, or the decorated function, at a ``GeozonesError`` and report its message.

    Other exceptions pass: they are faults, which the page of errors reports.
    """

    def __init__(self, report: Callable[[str], object]) -> None:
        self._report = report

    def __enter__(self) -> None:
        """Begin the block."""

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        error: BaseException | None,
        _trace: TracebackType | None,
    ) -> bool:
        """Report a ``GeozonesError``; return whether there was one."""
        if not isinstance(error, GeozonesError):
            return False
        self._report(str(error))
        return True

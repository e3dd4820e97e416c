"""Lock around matplotlib: one thread of a process draws at a time.

matplotlib is not safe to use from several threads: its settings (``rcParams``, which ``rc_context``
changes for the whole process) and FreeType's fonts are shared. Every function that creates a figure
or writes a figure to bytes has the decorator `exclusive`.
"""

import threading
from collections.abc import Callable
from functools import wraps

#: Reentrant: a drawing may be part of another in the same thread.
_LOCK = threading.RLock()


def exclusive[**P, R](function: Callable[P, R]) -> Callable[P, R]:
    """Decorate a function so that only one thread runs any decorated function at a time."""

    @wraps(function)
    def alone(*args: P.args, **kwargs: P.kwargs) -> R:
        with _LOCK:
            return function(*args, **kwargs)

    return alone

"""The one door to matplotlib: in a process one thread draws at a time.

matplotlib is not safe to use from several threads: its settings (``rcParams``, which
``rc_context`` changes for the whole process) and FreeType's fonts are shared. Every function that
makes a figure or writes one to bytes is marked `one_at_a_time`.
"""

import threading
from collections.abc import Callable
from functools import wraps

#: Taken again by a drawing that is part of another in the same thread.
_DOOR = threading.RLock()


def one_at_a_time[**P, R](function: Callable[P, R]) -> Callable[P, R]:
    """Return a function that waits until no other thread is in any function so marked."""

    @wraps(function)
    def alone(*args: P.args, **kwargs: P.kwargs) -> R:
        with _DOOR:
            return function(*args, **kwargs)

    return alone

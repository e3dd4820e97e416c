"""What can go wrong, as the user reads it: every message is one French sentence saying what to do.

``InputError`` and its children are the user's to mend (exit status 2 on the command line).
"""


class GeozonesError(Exception):
    """Base of every error this package raises on purpose; ``str(error)`` may be shown as is."""

    def __reduce__(self) -> tuple[object, ...]:
        """Pickle as written: a search in another process may raise any of them."""
        return _as_written, (type(self), self.args, self.__dict__)


class InputError(GeozonesError):
    """Something given to the tool is wrong: the message names it and says what would be right."""


class DataFileError(InputError):
    """A file of the data folder is missing, altered, or no longer fits the others."""


def _as_written(
    kind: type[GeozonesError], args: tuple[object, ...], state: dict[str, object]
) -> GeozonesError:
    """Return an error as it was, without writing its message again."""
    error = kind.__new__(kind)
    error.args = args
    error.__dict__.update(state)
    return error


def shortened(text: str, limit: int = 60) -> str:
    """Return a text on one line, cut at ``limit`` characters, for a message to quote."""
    text = " ".join(text.split())
    return text if len(text) <= limit else text[: limit - 1] + "…"

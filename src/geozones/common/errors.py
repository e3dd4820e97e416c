"""Base classes of errors: every message is one French sentence that says what to do.

The user can mend an ``InputError`` or a subclass of it (exit status 2 on the command line).
"""

from typing import ClassVar

#: How to mend a file of a data folder: the end of a French sentence.
MEND = "reconstruisez-le (docs/data.md dit comment)"


class GeozonesError(Exception):
    """Base of every error this package raises on purpose; ``str(error)`` may be shown as is.

    ``field`` is the field of a form that the error is about: the end of its widget's key.
    """

    #: Command that lists the codes, of the error of a code that nothing has; empty for the others.
    listed_by: ClassVar[str] = ""

    def __init__(self, *args: object, field: str = "") -> None:
        super().__init__(*args)
        self.field = field

    def __reduce__(self) -> tuple[object, ...]:
        """Pickle the error unchanged: a search in another process may raise any subclass."""
        return _as_written, (type(self), self.args, self.__dict__)


class InputError(GeozonesError):
    """A value given to the tool is invalid: the message names it and gives the valid form."""


class DataFileError(InputError):
    """A file of the data folder is missing, altered, or no longer matches the others."""


def _as_written(
    kind: type[GeozonesError], args: tuple[object, ...], state: dict[str, object]
) -> GeozonesError:
    """Return a pickled error, without building its message again."""
    error = kind.__new__(kind)
    error.args = args
    error.__dict__.update(state)
    return error


def shortened(text: str, limit: int = 60) -> str:
    """Return a text on one line, cut at ``limit`` characters, for a message to quote."""
    text = " ".join(text.split())
    return text if len(text) <= limit else text[: limit - 1] + "…"

"""Checks before a write: one French sentence lists the faults."""

import contextlib
from collections.abc import Iterable, Iterator

from geozones.common.bounds import is_id
from geozones.common.errors import InputError
from geozones.domain import UnknownScenarioError
from geozones.records import FieldError

_SHOWN = 5


def refuse(faults: Iterable[str], what: str) -> None:
    """Raise one ``InputError`` that lists the first faults, if there is any."""
    listed = list(faults)
    if listed:
        others = len(listed) - _SHOWN
        more = f" ; et {others} autre{'s' if others > 1 else ''}" if others > 0 else ""
        msg = f"{what} : " + " ; ".join(listed[:_SHOWN]) + f"{more} ; rien n'a été enregistré."
        raise InputError(msg)


@contextlib.contextmanager
def refusing(what: str) -> Iterator[None]:
    """Convert a ``FieldError`` raised in the block to the sentence of `refuse`."""
    try:
        yield
    except FieldError as error:
        refuse([str(error)], what)


def check_key(key: str) -> None:
    """Raise ``UnknownScenarioError`` for a text that cannot be an id and a database may reject."""
    if not is_id(key):
        raise UnknownScenarioError(key)

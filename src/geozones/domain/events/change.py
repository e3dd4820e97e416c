"""Base class of the kinds of events: reader, effect on a state, description in French."""

import re
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol, Self, override

from geozones.common.errors import InputError
from geozones.domain.events.footprint import Footprint
from geozones.domain.events.scenario_state import State

#: The ``data`` of an event: a JSON object.
type Data = Mapping[str, Any]

MAX_NAME = 200
#: Codes that zones and sectors may have.
CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,39}")


class Names(Protocol):
    """Names of lycées, zones and sectors in a sentence; an unknown id is its own name."""

    def lycee(self, lycee: str) -> str:
        """Return the name of a lycée (id), with its town."""

    def zone(self, zone: str) -> str:
        """Return the name of a zone (id)."""

    def sector(self, sector: str) -> str:
        """Return the name of a sector (id)."""


@dataclass(frozen=True, slots=True)
class EventChange(ABC):
    """Change made by an event. Its subclasses are the kinds of events; see ``domain.events``.

    ``kind`` is the word that names it in stores, files and the reference.
    """

    kind: ClassVar[str]

    @classmethod
    @abstractmethod
    def read(cls, data: Data) -> Self:
        """Read the ``data`` of an event, checking its shape but not yet its effect on a state.

        Raises
        ------
        InputError
            If a value is out of its range; the message gives the valid range.
        KeyError, TypeError, ValueError, AttributeError
            If a field is missing or of another type; `read_change` turns them into words.
        """

    @abstractmethod
    def apply(self, state: State) -> State:
        """Return the state after the change.

        Raises
        ------
        InputError
            If it is invalid in this state, or something is locked; the message says which.
        """

    @abstractmethod
    def footprint(self, state: State) -> Footprint:
        """Return what the change reads and writes when it is applied to a valid state."""

    @abstractmethod
    def describe(self, names: Names) -> str:
        """Describe the change, in one French sentence without a full stop."""

    @property
    def zone_names(self) -> Mapping[str, str]:
        """Names that the change gives to zones, by id."""
        return {}

    @property
    def lycee_names(self) -> Mapping[str, str]:
        """Names in a sentence of the lycées that the change opens, by id."""
        return {}

    @property
    def sector_names(self) -> Mapping[str, str]:
        """Names that the change gives to sectors, by id."""
        return {}


@dataclass(frozen=True, slots=True)
class UnreadableChange(EventChange):
    """Change that this version cannot read: it keeps its place in a history but never applies.

    ``label`` is the word that names its kind, ``fault`` the French sentence that refuses it.
    """

    label: str
    fault: str

    @classmethod
    @override
    def read(cls, data: Data) -> Self:
        msg = "`read_change` makes it where the data of an event cannot be read"
        raise TypeError(msg)

    @override
    def apply(self, state: State) -> State:
        raise InputError(self.fault)

    @override
    def footprint(self, state: State) -> Footprint:
        return Footprint(everything=True)

    @override
    def describe(self, names: Names) -> str:
        return self.label


def text(value: object) -> str:
    """Return a text; raises ``TypeError`` for anything else."""
    if not isinstance(value, str):
        raise TypeError(value)
    return value


def optional_text(value: object) -> str | None:
    """Return a text or ``None``; raises ``TypeError`` for anything else."""
    return None if value is None else text(value)


def name_text(value: object, what: str = "Le nom d'une zone") -> str:
    """Return a name as typed; raise ``InputError`` if it is empty, too long or not a text."""
    if not isinstance(value, str) or not value.strip() or len(value) > MAX_NAME:
        msg = f"{what} est un texte de 1 à {MAX_NAME} caractères."
        raise InputError(msg)
    return value


def one_line(name: str) -> str:
    """Return a name with single spaces."""
    return " ".join(name.split())

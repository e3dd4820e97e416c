"""Base of the kinds of events: reader, footprint, effect on a scenario's state, description.

An item of a footprint is a part of a `State` that one event may change without the others: the zone
of a lycée, the name of a zone, a field of a sector, the posts of a zone. Two events with disjoint
items can be applied in either order, with the same result.
"""

import re
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Protocol, Self, override

from geozones.common.errors import InputError
from geozones.domain.decisions import LYCEE, SECTOR, ZONE, Locks
from geozones.domain.field_journal import AdoptedHypotheses
from geozones.domain.places import LocationOverrides
from geozones.domain.plan import Plan
from geozones.domain.story import Story
from geozones.domain.teams import Teams


@dataclass(frozen=True)
class State:
    """State of a scenario: plan, locks, choices for zones, and its own places."""

    plan: Plan
    locks: Locks = field(default_factory=Locks)
    #: Zone → ``#rrggbb``, where someone chose another colour than the palette's.
    colours: Mapping[str, str] = field(default_factory=dict)
    #: Zone → lycée, where someone chose another pivot than the computed one.
    pivots: Mapping[str, str] = field(default_factory=dict)
    #: Lycées that the data folder lacks, and positions corrected by hand.
    places: LocationOverrides = field(default_factory=LocationOverrides)
    #: Needs and posts; the names of post holders are not part of a scenario.
    teams: Teams = field(default_factory=Teams)
    story: Story | None = None  # The story of its webinar; ``None`` for the default story.
    #: Hypotheses and drive corrections adopted from a journal.
    adopted: AdoptedHypotheses = field(default_factory=AdoptedHypotheses)


#: Kind of the item, then ids: ``("zone of", "0440021J")``.
type Item = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Footprint:
    """Items that an event reads, and items that it writes."""

    #: Items on which it depends: if someone else changed any, the event would be refused or mean
    #: another thing.
    reads: frozenset[Item] = frozenset()
    writes: frozenset[Item] = frozenset()  # Items that it changes.
    #: Whether it may read and write anything, like an event that this version cannot read.
    everything: bool = False

    def __or__(self, other: "Footprint") -> "Footprint":
        """Return the union of both footprints."""
        return Footprint(
            self.reads | other.reads,
            self.writes | other.writes,
            self.everything or other.everything,
        )

    def clashes(self, other: "Footprint") -> bool:
        """Return whether either footprint writes an item that the other reads or writes."""
        if self.everything or other.everything:
            return True
        theirs = other.reads | other.writes
        return not (self.writes.isdisjoint(theirs) and self.reads.isdisjoint(other.writes))


def footprint(reads: Iterable[Item] = (), writes: Iterable[Item] = ()) -> Footprint:
    """Return the footprint of these items."""
    return Footprint(frozenset(reads), frozenset(writes))


def lycee(key: str) -> Item:
    """Return the item for the existence and identity of a lycée."""
    return ("lycee", key)


def zone_of(key: str) -> Item:
    """Return the item for the zone of a lycée."""
    return ("zone of", key)


def zone(key: str) -> Item:
    """Return the item for the existence of a zone, and its sector."""
    return ("zone", key)


def zone_name(key: str) -> Item:
    """Return the item for the name of a zone."""
    return ("zone name", key)


def place(key: str) -> Item:
    """Return the item for the position of a lycée."""
    return ("place", key)


def sector(key: str) -> Item:
    """Return the item for the existence of a sector."""
    return ("sector", key)


def sector_field(key: str, name: str) -> Item:
    """Return the item for one field of a sector."""
    return ("sector field", key, name)


def sector_name(name: str) -> Item:
    """Return the item for a name that only one sector may have."""
    return ("sector called", name.casefold())


def size(basis: str, key: str) -> Item:
    """Return the item for the pupils, workstations or tickets of a lycée."""
    return ("size", basis, key)


def posts(key: str) -> Item:
    """Return the item for the posts of a zone."""
    return ("posts", key)


def lock(kind: str, key: str) -> Item:
    """Return the item for a lock and its reason."""
    return ("lock", kind, key)


def change_reads(state: State, key: str, *lycees: str) -> set[Item]:
    """Return the items read by moving lycées into or out of a zone (id): the zone, and locks."""
    home = state.plan.zone(key).sector
    locks = {lock(ZONE, key), lock(SECTOR, home), *(lock(LYCEE, entry) for entry in lycees)}
    return {zone(key), *locks}


def whole_zone_reads(state: State, key: str) -> set[Item]:
    """Return the items read by altering a whole zone (id): also the locks of its lycées."""
    return change_reads(state, key, *state.plan.members(key))


#: The ``data`` of an event: a JSON object.
type Data = Mapping[str, Any]

MAX_NAME = 200
#: Codes that zones and sectors may have.
CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,39}")


class Names(Protocol):
    """Names of lycées, zones and sectors in a sentence; an unknown id is its own name."""

    def lycee(self, lycee_id: str) -> str:
        """Return the name of a lycée (id), with its town."""

    def zone(self, zone_id: str) -> str:
        """Return the name of a zone (id)."""

    def sector(self, sector_id: str) -> str:
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
        """Read the ``data`` of an event, checking its shape but not yet its effect on a state."""

    @abstractmethod
    def apply(self, state: State) -> State:
        """Return the state after the change."""

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

    ``label`` is the word that names its kind, ``fault`` the French sentence that refuses it,
    ``field`` what the sentence is about, as in `GeozonesError`.
    """

    label: str
    fault: str
    field: str = ""

    @classmethod
    @override
    def read(cls, data: Data) -> Self:
        raise TypeError("`read_change` makes it where the data of an event cannot be read")

    @override
    def apply(self, state: State) -> State:
        raise InputError(self.fault, field=self.field)

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


def name_text(value: object, what: str = "Le nom d'une zone", field: str = "name") -> str:
    """Return a name as typed; raise ``InputError`` if it is empty, too long or not a text."""
    if not isinstance(value, str) or not value.strip() or len(value) > MAX_NAME:
        raise InputError(f"{what} doit avoir de 1 à {MAX_NAME} caractères.", field=field)
    return value


def one_line(name: str) -> str:
    """Return a name with single spaces."""
    return " ".join(name.split())

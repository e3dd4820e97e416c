"""What an event reads and writes, so that changes made by two people at once can be merged.

An item is a part of a `State` that one event may change without the others: the zone of a lycée,
the name of a zone, a field of a sector, the posts of a zone. Two events whose items are apart can
be applied in either order, with the same result.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from geozones.domain.events.state import State
from geozones.domain.locks import LYCEE, SECTOR, ZONE

#: What it is, then ids: ``("zone of", "0440021J")``.
type Item = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Footprint:
    """The items that an event reads, and those that it writes.

    Parameters
    ----------
    reads
        Items on which it depends: were one changed by someone else, it would be refused or mean
        another thing.
    writes
        Items that it changes.
    everything
        Whether it may read and write anything, as an event that this version cannot read.
    """

    reads: frozenset[Item] = frozenset()
    writes: frozenset[Item] = frozenset()
    everything: bool = False

    def __or__(self, other: "Footprint") -> "Footprint":
        """Return the footprint of both."""
        return Footprint(
            self.reads | other.reads,
            self.writes | other.writes,
            self.everything or other.everything,
        )

    def clashes(self, other: "Footprint") -> bool:
        """Tell whether one writes what the other reads or writes."""
        if self.everything or other.everything:
            return True
        theirs = other.reads | other.writes
        return not (self.writes.isdisjoint(theirs) and self.reads.isdisjoint(other.writes))


def footprint(reads: Iterable[Item] = (), writes: Iterable[Item] = ()) -> Footprint:
    """Return the footprint of these items."""
    return Footprint(frozenset(reads), frozenset(writes))


def lycee(key: str) -> Item:
    """Return the item: whether there is a lycée, and which."""
    return ("lycée", key)


def zone_of(key: str) -> Item:
    """Return the item: the zone that a lycée is in."""
    return ("zone of", key)


def zone(key: str) -> Item:
    """Return the item: whether there is a zone, and its sector."""
    return ("zone", key)


def sector(key: str) -> Item:
    """Return the item: whether there is a sector."""
    return ("sector", key)


def sector_field(key: str, name: str) -> Item:
    """Return the item: what a sector says of itself in one field."""
    return ("sector field", key, name)


def sector_name(name: str) -> Item:
    """Return the item: a name that one sector only may have."""
    return ("sector called", name.casefold())


def size(basis: str, key: str) -> Item:
    """Return the item: the pupils, workstations or tickets of a lycée."""
    return ("size", basis, key)


def posts(key: str) -> Item:
    """Return the item: the posts of a zone."""
    return ("posts", key)


def lock(kind: str, key: str) -> Item:
    """Return the item: whether something is locked, and why."""
    return ("lock", kind, key)


def change_reads(state: State, key: str, *lycees: str) -> set[Item]:
    """Return what taking lycées into a zone (id), or out of it, reads: the zone, and locks."""
    home = state.plan.zone(key).sector
    locks = {lock(ZONE, key), lock(SECTOR, home), *(lock(LYCEE, entry) for entry in lycees)}
    return {zone(key), *locks}


def whole_zone_reads(state: State, key: str) -> set[Item]:
    """Return what altering a zone (id) as a whole reads: locks of its lycées too."""
    return change_reads(state, key, *state.plan.members(key))

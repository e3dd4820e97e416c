"""Footprint of an event: items that it reads and writes, to merge simultaneous changes.

An item is a part of a `State` that one event may change without the others: the zone of a lycée,
the name of a zone, a field of a sector, the posts of a zone. Two events with disjoint items can be
applied in either order, with the same result.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from geozones.domain.events.scenario_state import State
from geozones.domain.locks import LYCEE, SECTOR, ZONE

#: Kind of the item, then ids: ``("zone of", "0440021J")``.
type Item = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Footprint:
    """Items that an event reads, and items that it writes.

    Parameters
    ----------
    reads
        Items on which it depends: if someone else changed any, the event would be refused or mean
        another thing.
    writes
        Items that it changes.
    everything
        Whether it may read and write anything, like an event that this version cannot read.
    """

    reads: frozenset[Item] = frozenset()
    writes: frozenset[Item] = frozenset()
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

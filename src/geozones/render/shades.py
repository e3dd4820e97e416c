"""Which shade each zone takes, so that neighbours are told apart: a graph to colour.

Shades are counted 0, 1, 2… in the order in which they are liked, and some have a price; zones that
share a border must fit.
"""

from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

#: How many choices a search tries before more is spent.
_PATIENCE = 1200
#: Up to here one more is spent at a time.
_CLOSELY = 8

#: Whether a zone in a shade is told from another in another.
type Fits = Callable[[str, int, str, int], bool]
type Near = Mapping[str, AbstractSet[str]]


def neighbours_of_zones(zone_by_lycee: Mapping[str, str], neighbours: Near) -> dict[str, set[str]]:
    """Return the zones that share a border, from the lycées whose cells do."""
    found: dict[str, set[str]] = {zone: set() for zone in zone_by_lycee.values()}
    for lycee, zone in zone_by_lycee.items():
        for other in neighbours.get(lycee, ()):
            there = zone_by_lycee.get(other, zone)
            if there != zone:
                found[zone].add(there)
    return found


def shades(zones: Sequence[str], near: Near, prices: Sequence[int], fits: Fits) -> dict[str, int]:
    """Give each zone a shade that fits those of its neighbours, for as low a price as is found.

    Where no search finds one, each zone takes in turn the shade that the fewest of its neighbours
    mind.
    """
    liked = tuple(range(len(prices)))
    orders = dict.fromkeys(zones, liked)
    found = _cheapest(lambda budget: _Search(zones, near, orders, fits, prices, budget))
    if found is None:
        return _least_bad(zones, near, liked, fits)
    return _preferred(zones, near, found, fits)


def adjusted(
    free: Sequence[str], near: Near, before: Mapping[str, int], prices: Sequence[int], fits: Fits
) -> dict[str, int] | None:
    """Change the shades of the ``free`` zones where they no longer fit, and of no other.

    A zone that can keeps its shade, whatever its price.

    Returns
    -------
    dict of str to int or None
        Every zone's shade; ``None`` where those of the free zones cannot fit.
    """
    liked = range(len(prices))
    own = {zone: before[zone] for zone in free if zone in before}
    orders = {zone: tuple(dict.fromkeys((own.get(zone, 0), *liked))) for zone in free}
    held = {zone: shade for zone, shade in before.items() if zone not in orders}
    return _cheapest(
        lambda budget: _Search(free, near, orders, fits, prices, budget, dict(held), own)
    )


def _cheapest(search_with: "Callable[[int], _Search]") -> dict[str, int] | None:
    """Search with nothing to spend, then more; faster where a search gave up."""
    budget = 0
    while True:
        search = search_with(budget)
        if search.settle():
            return search.given
        if not search.short:
            return None
        proven = search.steps <= _PATIENCE
        budget = budget + 1 if proven or budget < _CLOSELY else 2 * budget


@dataclass
class _Search:
    """A search by steps: the zone with the fewest shades left first (DSATUR), and back.

    ``short`` tells that a shade was refused because it would have cost more than ``budget``; the
    shade that a zone has as its ``own`` costs nothing.
    """

    zones: Sequence[str]
    near: Near
    orders: Mapping[str, Sequence[int]]
    fits: Fits
    prices: Sequence[int]
    budget: int
    given: dict[str, int] = field(default_factory=dict)
    own: Mapping[str, int] = field(default_factory=dict)
    steps: int = 0
    short: bool = False

    def __post_init__(self) -> None:
        self.left = set(self.zones)
        self._rank = {zone: place for place, zone in enumerate(self.zones)}

    def settle(self) -> bool:
        """Give the zones left a shade each; tell whether it could be done."""
        if not self.left:
            return True
        self.steps += 1
        if self.steps > _PATIENCE:
            return False
        choices = {zone: self._choices(zone) for zone in self.left}
        zone = min(
            self.left,
            key=lambda z: (len(choices[z]), -len(self.near.get(z, ())), self._rank[z]),
        )
        self.left.discard(zone)
        for shade in choices[zone]:
            self.given[zone] = shade
            self.budget -= self._price(zone, shade)
            if self.settle():
                return True
            self.budget += self._price(zone, shade)
            del self.given[zone]
        self.left.add(zone)
        return False

    def _price(self, zone: str, shade: int) -> int:
        return 0 if self.own.get(zone) == shade else self.prices[shade]

    def _choices(self, zone: str) -> list[int]:
        """Return the shades that fit what is given around a zone and can be paid for."""
        found = _fitting(zone, self.orders[zone], self.near, self.given, self.fits)
        paid = [shade for shade in found if self._price(zone, shade) <= self.budget]
        self.short = self.short or len(paid) < len(found)
        return paid


def _fitting(
    zone: str, order: Sequence[int], near: Near, given: Mapping[str, int], fits: Fits
) -> list[int]:
    around = [other for other in near.get(zone, ()) if other in given]
    return [s for s in order if all(fits(zone, s, other, given[other]) for other in around)]


def _preferred(
    zones: Sequence[str], near: Near, found: dict[str, int], fits: Fits
) -> dict[str, int]:
    """Let each zone in turn take the shade that is liked best among those that still fit."""
    for zone in zones:
        found[zone] = _fitting(zone, range(found[zone] + 1), near, found, fits)[0]
    return found


def _least_bad(
    zones: Sequence[str], near: Near, liked: Sequence[int], fits: Fits
) -> dict[str, int]:
    given: dict[str, int] = {}
    for zone in zones:
        around = [other for other in near.get(zone, ()) if other in given]

        def minding(shade: int, zone: str = zone, around: Sequence[str] = around) -> int:
            return sum(not fits(zone, shade, other, given[other]) for other in around)

        given[zone] = min(liked, key=minding)
    return given

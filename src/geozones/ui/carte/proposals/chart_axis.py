"""Axes of charts: small differences are drawn small, and only their ends are labelled."""

from collections.abc import Iterable, Mapping, Sequence
from math import isfinite

from geozones.common.french import listing

#: Share of the values below which their differences are equivalent to nothing.
_NOTHING = 0.02
#: How many times their extent the axis of such values has, at least.
_TIMES = 4.0
#: Share of the axis below which the labels of both ends would overlap.
_OVERLAP = 0.15

type Ends = tuple[float, float]


def ends_of(values: Iterable[float]) -> Ends | None:
    """Return the least and the greatest of the finite values; ``None`` if there is none."""
    known = [value for value in values if isfinite(value)]
    return (min(known), max(known)) if known else None


def are_equivalent(values: Iterable[float]) -> bool:
    """Tell whether values differ, and by less than 2 % of the greatest."""
    ends = ends_of(values)
    return ends is not None and 0 < ends[1] - ends[0] < _NOTHING * max(map(abs, ends))


def equivalence(figures: Mapping[str, Sequence[float]]) -> str:
    """Return the sentence on the figures (by name) that hardly differ; empty if none does."""
    same = [name for name, values in figures.items() if are_equivalent(values)]
    return f"Les plans se valent (moins de 2 % d'écart) : {listing(same)}." if same else ""


def domain_of(values: Iterable[float]) -> Ends | None:
    """Return the ends of the axis of some values.

    Values that differ by less than 2 % do not fill it: their extent is a quarter of it at most, and
    the axis has 2 % of the greatest at least.
    """
    ends = ends_of(values)
    if ends is None:
        return None
    low, high = ends
    extent = high - low
    least = _NOTHING * max(map(abs, ends))
    room = max(_TIMES * extent, least, 2.0) if extent < least or extent < 1 else extent * 1.16
    middle = (low + high) / 2
    return middle - room / 2, middle + room / 2


def labelled(values: Iterable[float]) -> list[float]:
    """Return the values to label: the least and the greatest, or one where both would overlap."""
    known = list(values)
    ends, domain = ends_of(known), domain_of(known)
    if ends is None or domain is None:
        return []
    apart = ends[1] - ends[0] >= _OVERLAP * (domain[1] - domain[0])
    return sorted(set(ends)) if apart else [ends[1]]

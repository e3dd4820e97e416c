"""Types of the values of metrics."""

from collections.abc import Mapping

#: For each lycée, the lycée of the fastest colleague, and their minutes.
type NearestColleagues = dict[str, tuple[str, float]]
#: A number, a lycée or zone (id), lycées or labels, or the relève of each lycée; ``None`` if the
#: metric does not apply.
type Value = float | int | str | tuple[str, ...] | NearestColleagues | None
#: The metrics of a zone, a sector or the region, by key.
type Values = Mapping[str, Value]


def number_of(value: object) -> float | None:
    """Return a value if it is a number (possibly infinite), ``None`` for any other."""
    return float(value) if isinstance(value, (int, float)) else None

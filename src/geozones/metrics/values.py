"""What the value of a metric may be."""

from collections.abc import Mapping

#: For each lycée, the colleague lycée that comes fastest, and its minutes.
type NearestColleagues = dict[str, tuple[str, float]]
#: A number, a lycée or zone (id), lycées or labels, or the relève of each lycée; ``None`` where
#: the metric does not apply.
type Value = float | int | str | tuple[str, ...] | NearestColleagues | None
#: The metrics of a zone, a sector or the region, by key.
type Values = Mapping[str, Value]


def number_of(value: object) -> float | None:
    """Return a value that is a number (it may be infinite), ``None`` for any other."""
    return float(value) if isinstance(value, (int, float)) else None

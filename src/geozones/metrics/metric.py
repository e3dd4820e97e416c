"""Record of a metric, with everything that screens and files need, and its classes of colours."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import Enum

import numpy as np

from geozones.domain import ObjectiveWeights, Settings
from geozones.domain.terms import Worded, as_given
from geozones.metrics.drive_draws import Draws, ZoneDraws
from geozones.metrics.metric_inputs import AreaView, Format, Value, ZoneView


class Better(Enum):
    """Direction in which a metric is better."""

    LOWER = "lower"
    HIGHER = "higher"
    NEITHER = "neither"


class MetricPlace(Enum):
    """Place where a metric is shown."""

    STRIP = "strip"
    """Strip of key figures above the map; of teams for metrics that need posts."""
    SUMMARY = "summary"
    """What sums up a zone, a sector or the region.

    On screen: the panel, the effect of moves and of proposed moves. In HTML: the figures and the
    sectors. In a webinar: what changes. In the terminal: the lines of ``geozones metrics``.
    """
    ZONE_TABLE = "zone table"
    """The table of zones, and the card of a zone on the map."""
    HEADLINE = "headline"
    """The few figures that sum up another plan: moves, proposals, comparisons."""
    COMPARISON = "comparison"
    """Figures of the region in two plans, on screen and in files."""
    LYCEE_ROWS = "rows of a list"
    """The figure of its zone beside each lycée: XLSX and CSV."""
    ZONE_ATTRIBUTES = "zone attributes"
    """An attribute of zones in GeoJSON and GeoPackage."""
    SECTOR_ATTRIBUTES = "sector attributes"
    """An attribute of sectors in GeoJSON and GeoPackage."""


@dataclass(frozen=True, slots=True)
class Limit:
    """Limit that a rule sets on a metric: bounds of its classes, and text about them.

    Two bounds enclose the values that break no rule.
    """

    bounds: tuple[float, ...]
    words: str


@dataclass(frozen=True, kw_only=True)
class Metric:
    """Named figure of a zone, a sector or the region."""

    key: str  # Its name in JSON and in the code.
    #: Its names in French: in full, in a table or a card, at the head of a narrow column. A shorter
    #: name left out is the longer one.
    label: Worded = Worded()
    short: Worded = Worded("")
    narrow: Worded = Worded("")
    #: Its name in a table of a file, where ``about`` is not shown: it says what the figure leaves
    #: out; by default the label.
    file_label: Worded = Worded("")
    unit: str = ""  # ``min``, ``%``, ``demi-journées`` or nothing.
    format: Format  # Format of a value.
    better: Better = Better.NEITHER  # Direction in which it is better.
    #: Functions that compute it for a zone, and for a sector or the region; ``None`` where it does
    #: not apply.
    of_zone: Callable[[ZoneView], Value] | None = None
    of_area: Callable[[AreaView], Value] | None = None
    #: Function that computes it for zones in each draw of the minutes, to judge differences;
    #: missing if it does not depend on minutes.
    of_draws: Callable[[Sequence[ZoneDraws], ObjectiveWeights], Draws | None] | None = None
    #: Where it is shown; the JSON contains every metric.
    places: frozenset[MetricPlace] = frozenset()
    #: Its rank where it is shown, the least first; equals in the order of the registry.
    order: int = 50
    needs_posts: bool = False  # Whether it is about posts: shown only if the plan has some.
    about: Worded = Worded("")  # Text under the figure in the strip.
    lycees: str = ""  # Key of the metric that names the lycées concerned.
    #: Whether strips of key figures call its difference better or worse; where they do not, tables
    #: and texts that compare whole plans still do.
    judged_alone: bool = True
    #: Head of its column in XLSX, without the unit; by default « … de la zone ».
    sheet_heading: Worded = Worded("")
    column: str = ""  # Its name in the data formats (CSV, GeoJSON, GeoPackage).
    colours: bool = True  # Whether zones may be coloured by it, if it is a number.
    #: Upper bounds of the classes in which zones are coloured by it; without them, see `bounds_of`.
    classes: tuple[float, ...] = ()
    #: Function that returns the limit of a rule on it, for some settings.
    limit: Callable[[Settings], Limit] | None = None

    def __post_init__(self) -> None:
        label, short, narrow, heading = as_given(self, "label", "short", "narrow", "sheet_heading")
        (filed,) = as_given(self, "file_label")
        short = short or label
        for name, text in (
            ("short", short),
            ("narrow", narrow or short),
            ("file_label", filed or label),
            ("sheet_heading", heading or f"{short} de la zone"),
            ("column", self.column or self.key),
        ):
            object.__setattr__(self, name, text)

    @property
    def file_title(self) -> str:
        """Name in a table of a file, with the unit."""
        return f"{self.file_label} ({self.unit})" if self.unit else self.file_label

    @property
    def sheet_title(self) -> str:
        """Head of its column in XLSX, with the unit."""
        return f"{self.sheet_heading} ({self.unit})" if self.unit else self.sheet_heading

    def write(self, value: object, digits: int | None = None) -> str:
        """Return the text of a value; see `Format.write`."""
        return self.format.write(value, digits)


#: Classes, at most.
_MOST = 5
#: Steps for rounding bounds, the greatest first.
_STEPS = (500.0, 200.0, 100.0, 50.0, 20.0, 10.0, 5.0, 2.0, 1.0, 0.5, 0.2, 0.1)
#: Bounds are rounded only while no class has more than this many times an equal share of zones.
_UNEVEN = 1.5


def bounds_of(record: Metric, settings: Settings, values: Sequence[float]) -> tuple[float, ...]:
    """Return the upper bounds of a metric's classes, one to four; the last class is open.

    They are the metric's own, else round figures that share ``values`` (finite) out into classes
    of about equal size, whole for ``int`` values. A rule's limit is one of them: values on each
    side of it are shared out apart. Between two limits each whole figure is a class.
    """
    if record.classes:
        return record.classes
    limits = () if record.limit is None else record.limit(settings).bounds
    if len(limits) > 1:
        return _between(*limits)
    if not values:
        return limits or (0.0,)
    least = 1.0 if are_whole(values) else 0.0
    if not limits:
        return _shared_out(values, _MOST, least)
    (limit,) = limits
    above = [value for value in values if value > limit]
    classes = min(max(round(_MOST * len(above) / len(values)), 1), _MOST - 1)
    below = [value for value in values if value <= limit]
    inside = (
        *(bound for bound in _shared_out(below, _MOST - classes, least) if bound < limit),
        *(bound for bound in _shared_out(above, classes, least) if bound > limit),
    )
    return _distinct((limit, *inside))


def are_whole(values: Sequence[float]) -> bool:
    """Return whether values are counts: all are ``int``."""
    return all(isinstance(value, int) for value in values)


def _shared_out(values: Sequence[float], classes: int, least: float) -> tuple[float, ...]:
    """Return bounds that part values into classes of about equal size, as round as that allows.

    If many equal values prevent this, return the bounds of the most even classes.
    """
    if classes < 2 or not values:
        return ()
    parts = np.quantile(values, np.arange(1, classes) / classes).tolist()
    rounded = [
        tuple(
            bound
            for bound in _distinct(step * round(part / step) for part in parts)
            if min(values) <= bound < max(values)
        )
        for step in _STEPS
        if step >= least
    ]
    largest = [_largest(values, bounds) for bounds in rounded]
    enough = max(min(largest), _UNEVEN * len(values) / classes)
    return next(bounds for bounds, size in zip(rounded, largest, strict=True) if size <= enough)


def _largest(values: Sequence[float], bounds: Sequence[float]) -> int:
    """Return how many values the largest class has."""
    return int(np.bincount(np.searchsorted(bounds, values)).max())


def _between(low: float, high: float) -> tuple[float, ...]:
    between = np.linspace(low, high, min(round(high - low) + 1, _MOST - 1))
    return _distinct(float(np.rint(bound)) for bound in between)


def _distinct(bounds: Iterable[float]) -> tuple[float, ...]:
    # remove the error of adding tenths in binary
    return tuple(sorted({round(float(bound), 6) for bound in bounds}))

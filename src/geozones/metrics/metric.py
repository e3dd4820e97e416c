"""Record of a metric, with everything that screens, files and the terminal need."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum

from geozones.domain import ObjectiveWeights, Settings
from geozones.domain.terms import Worded, as_given
from geozones.metrics.drive_draws import Draws, ZoneDraws
from geozones.metrics.format import Format, Value
from geozones.metrics.metric_inputs import AreaView, ZoneView


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
    """Named figure of a zone, a sector or the region.

    Parameters
    ----------
    key
        Its name in JSON and in the code.
    label, short, narrow
        Its names in French: in full, in a table or a card, at the head of a narrow column. A
        shorter name left out is the longer one.
    file_label
        Its name in a table of a file, which has no ``about``: what it does not count is said; by
        default the label.
    unit
        ``min``, ``%``, ``demi-journées`` or nothing.
    format
        Format of a value.
    better
        Direction in which it is better.
    of_zone, of_area
        Functions that compute it for a zone, and for a sector or the region; ``None`` where it
        does not apply.
    of_draws
        Function that computes it for zones in each draw of the minutes, to judge differences;
        missing if it does not depend on minutes.
    places
        Where it is shown; the JSON contains every metric.
    order
        Its rank where it is shown, the least first; equals in the order of the registry.
    needs_posts
        Whether it is about posts: shown only if the plan has some.
    about
        Text under the figure in the strip.
    lycees
        Key of the metric that names the lycées concerned.
    judged_alone
        Whether strips of key figures call its difference better or worse; where they do not, tables
        and texts that compare whole plans still do.
    sheet_heading
        Head of its column in XLSX, without the unit; by default « … de la zone ».
    column
        Its name in the data formats (CSV, GeoJSON, GeoPackage).
    colours
        Whether zones may be coloured by it, if it is a number.
    classes
        Upper bounds of the classes in which zones are coloured by it; without them, see
        `geozones.metrics.classes`.
    limit
        Function that returns the limit of a rule on it, for some settings.
    """

    key: str
    label: Worded = Worded()
    short: Worded = Worded("")
    narrow: Worded = Worded("")
    file_label: Worded = Worded("")
    unit: str = ""
    format: Format
    better: Better = Better.NEITHER
    of_zone: Callable[[ZoneView], Value] | None = None
    of_area: Callable[[AreaView], Value] | None = None
    of_draws: Callable[[Sequence[ZoneDraws], ObjectiveWeights], Draws | None] | None = None
    places: frozenset[MetricPlace] = frozenset()
    order: int = 50
    needs_posts: bool = False
    about: Worded = Worded("")
    lycees: str = ""
    judged_alone: bool = True
    sheet_heading: Worded = Worded("")
    column: str = ""
    colours: bool = True
    classes: tuple[float, ...] = ()
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

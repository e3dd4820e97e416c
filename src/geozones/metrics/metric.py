"""Record of a metric, with everything that screens and files need."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum

from geozones.domain import ObjectiveWeights
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
    """The table of zones."""
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

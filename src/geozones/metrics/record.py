"""A metric as one record: all that screens, files and the terminal need to know of a figure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum

from geozones.domain import ObjectiveWeights, Settings
from geozones.metrics.draws import Draws, ZoneDraws
from geozones.metrics.format import Format
from geozones.metrics.values import Value
from geozones.metrics.views import AreaView, ZoneView


class Better(Enum):
    """Which way a metric is better."""

    LOWER = "lower"
    HIGHER = "higher"
    NEITHER = "neither"


class Place(Enum):
    """Where a metric is shown."""

    STRIP = "strip"
    """The strip of key figures above the map; that of teams for what needs posts."""
    SUMMARY = "summary"
    """What sums up a zone, a sector or the region.

    On screen: the panel, the effect of moves and of proposed moves. In HTML: the figures and the
    sectors. In a webinar: what changes. In the terminal: the lines of ``geozones metrics``.
    """
    ZONE_TABLE = "zone table"
    """The table of zones, and the card of a zone on the map."""
    HEADLINE = "headline"
    """The few figures that say what another plan is worth: moves, proposals, comparisons."""
    COMPARISON = "comparison"
    """Figures of the region in two plans, on screen and in files."""
    LYCEE_ROWS = "lycée rows"
    """The figure of its zone beside each lycée: XLSX and CSV."""
    ZONE_ATTRIBUTES = "zone attributes"
    """An attribute of zones in GeoJSON and GeoPackage."""
    SECTOR_ATTRIBUTES = "sector attributes"
    """An attribute of sectors in GeoJSON and GeoPackage."""


@dataclass(frozen=True, slots=True)
class Limit:
    """What a rule asks of a metric: the bounds of classes that it sets, and what it says of them.

    Two bounds are those around the values that break no rule.
    """

    bounds: tuple[float, ...]
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """A named figure of a zone, a sector or the region.

    Parameters
    ----------
    key
        Its name in JSON and in the code.
    label, short, narrow
        Its names in French: in full, in a table or a card, at the head of a narrow column. A
        shorter name left out is the longer one.
    unit
        ``min``, ``%``, ``demi-journées`` or nothing.
    format
        How a value is written.
    better
        Which way it is better.
    of_zone, of_area
        Compute it for a zone, and for a sector or the region; ``None`` where it does not apply.
    of_draws
        Compute it for some zones in each draw of the minutes, to tell what is equivalent; left out
        where no minute is in it.
    places
        Where it is shown; a metric is in the JSON wherever it is shown or not.
    order
        Its rank where it is shown, the least first; equals in the order of the registry.
    needs_posts
        Whether it is about posts: shown only where the plan has some.
    about
        What is written under the figure in the strip.
    lycees
        Key of the metric that names the lycées which it is about.
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
        What a rule asks of it, in some settings.
    """

    key: str
    label: str
    short: str = ""
    narrow: str = ""
    unit: str = ""
    format: Format
    better: Better = Better.NEITHER
    of_zone: Callable[[ZoneView], Value] | None = None
    of_area: Callable[[AreaView], Value] | None = None
    of_draws: Callable[[Sequence[ZoneDraws], ObjectiveWeights], Draws | None] | None = None
    places: frozenset[Place] = frozenset()
    order: int = 50
    needs_posts: bool = False
    about: str = ""
    lycees: str = ""
    judged_alone: bool = True
    sheet_heading: str = ""
    column: str = ""
    colours: bool = True
    classes: tuple[float, ...] = ()
    limit: Callable[[Settings], Limit] | None = None

    def __post_init__(self) -> None:
        short = self.short or self.label
        for name, text in (
            ("short", short),
            ("narrow", self.narrow or short),
            ("sheet_heading", self.sheet_heading or f"{short} de la zone"),
            ("column", self.column or self.key),
        ):
            object.__setattr__(self, name, text)

    @property
    def sheet_title(self) -> str:
        """Head of its column in XLSX, with the unit."""
        return f"{self.sheet_heading} ({self.unit})" if self.unit else self.sheet_heading

    def write(self, value: object, digits: int | None = None) -> str:
        """Return a value as it is written; see `Format.write`."""
        return self.format.write(value, digits)

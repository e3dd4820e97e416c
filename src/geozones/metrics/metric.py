"""Record of a metric, the inputs that it is computed from, formats of its values in French."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from functools import cached_property
from itertools import combinations

from geozones.common.french import NBSP, number, of
from geozones.domain import ObjectiveWeights, Settings, TravelTimes
from geozones.domain.teams import Cover, CoverFigures, Workload, single_figures
from geozones.domain.terms import Worded, as_given
from geozones.domain.yearly_cost import YearlyCost, sum_costs
from geozones.metrics.drive_draws import Draws, ZoneDraws

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


#: The yearly hours, and their parts at a rate of one.
_TOTAL, _PARTS = "total_hours", ("road_hours", "unattended_hours", "unstaffed_hours")
#: Hours by which the sum of the parts may differ from the total and still be the total.
_SAME_HOURS = 0.01


def whole_hours(values: Values) -> dict[str, int]:
    """Return the yearly hours in whole hours: the sum of their parts, each as it is written.

    Empty if the parts do not make the total (another rate weighs otherwise), or if one is endless.
    """
    total = number_of(values.get(_TOTAL))
    parts = [number_of(values[key]) or 0.0 for key in _PARTS if key in values]
    if total is None or not all(map(math.isfinite, (total, *parts))):
        return {}
    return {_TOTAL: sum(map(round, parts))} if abs(sum(parts) - total) <= _SAME_HOURS else {}


@dataclass(frozen=True, slots=True)
class Format:
    """Format of the values of a metric."""

    suffix: str = ""  # Text after the number: ``min``, ``%`` or empty.
    digits: int = 0  # Decimals of the figure alone.
    compared_digits: int = 0  # Decimals of the figure beside another plan's, and of the difference.
    missing: str = "—"  # Texts for no value (``None``), and for an infinite value.
    infinite: str = "—"
    cell: str = "0"  # Number format of a cell of a workbook (XLSX).
    link: str = ""  # Separator of the names of two lycées, if the value is two lycées.
    is_towards: bool = False  # Whether the value is a drive: to the first lycée, from the second.

    def write(self, value: object, digits: int | None = None) -> str:
        """Return the text of a number: ``63 min``; `missing` for anything but a number.

        ``digits`` replaces the format's own number of decimals.
        """
        if not isinstance(value, (int, float)) or math.isnan(value):
            return self.missing
        if math.isinf(value):
            return self.infinite
        text = number(value, self.digits if digits is None else digits)
        return f"{text}{NBSP}{self.suffix}" if self.suffix else text

    def write_lycees(self, value: object, name: Callable[[str], str]) -> str:
        """Return the names of lycées (ids); `missing` where there is none."""
        if not isinstance(value, tuple):
            return self.missing
        if self.is_towards:
            towards, origin = value
            return f"{of(name(origin))} à {name(towards)}"
        return self.link.join(name(lycee) for lycee in value)


COUNT = Format()
#: The greatest over the mean.
RATIO = Format(digits=2, compared_digits=2, cell="0.00")
#: A cost, without a unit; infinite if a lycée cannot be reached.
COST = Format(compared_digits=1, cell="0.0")
MINUTES = Format("min", compared_digits=1, infinite="sans accès", cell="0.0")
#: An average changes by less than a minute: it is written to a tenth.
MEAN_MINUTES = replace(MINUTES, digits=1)
#: From the lycée to the other, and from the colleague who comes to the lycée.
BOTH_WAYS = Format(link=" – ")
TOWARDS = Format(is_towards=True)
#: Hours of a year; infinite if a lycée cannot be reached.
HOURS = Format("h", infinite="sans accès", cell="0")
#: Kilometres of a year; infinite if a lycée cannot be reached.
KILOMETRES = Format("km", infinite="sans accès", cell="0")
PERCENT = Format("%", digits=1, compared_digits=1, cell="0.0")
#: A share of the year, which its error lets nobody write to a tenth.
SHARE = Format("%")
TEXT = Format()

#: Figures of teams, for plans that may have no post.
_UNKNOWN = "non renseigné"
TEAM_COUNT = Format(missing=_UNKNOWN)
#: An infinite delay does not mean a missing road: nobody is left to come.
TEAM_MINUTES = Format("min", missing=_UNKNOWN, infinite="personne", cell="0.0")
TEAM_PERCENT = Format("%", missing=_UNKNOWN)


def mean(values: Sequence[float]) -> float | None:
    """Return the arithmetic mean; ``None`` of an empty sequence."""
    return sum(values) / len(values) if values else None


@dataclass(frozen=True)
class ZoneView:
    """View of one zone for metrics."""

    members: tuple[str, ...]  # Its lycées (ids), sorted.
    times: TravelTimes  # Driving times between all lycées, in minutes.
    settings: Settings  # Thresholds and weights of the objective.
    #: The lycée (id) where the sector's technicians are assumed to start; ``None`` if not
    #: published.
    support_centre: str | None = None
    #: Covers of the absences of the zone's posts; ``None`` if it has no post.
    cover: Cover | None = None
    cost: YearlyCost | None = None  # Yearly cost; ``None`` if not given.
    workload: Workload | None = None  # Total need of its lycées; ``None`` if needs are ignored.

    @cached_property
    def pairs(self) -> tuple[tuple[float, str, str], ...]:
        """``(minutes, lycée, lycée)`` for each unordered pair, mean of the two directions."""
        minutes = self.times.both_ways
        return tuple((minutes[a][b], a, b) for a, b in combinations(self.members, 2))

    @cached_property
    def farthest_pair(self) -> tuple[float, str, str] | None:
        """The pair with the longest drive, the first in alphabetical order among equals.

        ``None`` in a zone of fewer than two lycées.
        """
        return max(self.pairs, key=lambda pair: pair[0], default=None)

    @cached_property
    def nearest_colleagues(self) -> NearestColleagues:
        """For each lycée, the lycée of the zone with the fastest technician, and the minutes.

        One way, towards the lycée; empty in a zone of fewer than two lycées.
        """
        minutes = self.times.one_way
        return {
            lycee_id: min(
                ((other, minutes[other][lycee_id]) for other in self.members if other != lycee_id),
                key=lambda candidate: candidate[1],
            )
            for lycee_id in self.members
            if len(self.members) > 1
        }

    @cached_property
    def slowest_releve(self) -> tuple[str, str, float] | None:
        """The lycée whose nearest colleague is farthest: ``(lycée, colleague, minutes)``.

        ``None`` in a zone of fewer than two lycées.
        """
        if not self.nearest_colleagues:
            return None
        lycee, (colleague, minutes) = max(
            self.nearest_colleagues.items(), key=lambda entry: entry[1][1]
        )
        return lycee, colleague, minutes

    @cached_property
    def single_cover(self) -> CoverFigures | None:
        """Figures over each absence of one post; ``None`` if the zone has no post."""
        return single_figures([self.cover] if self.cover else [])


@dataclass(frozen=True)
class AreaView:
    """Sector or region: its zones that have lycées, each with its id, view and metrics."""

    zones: tuple[tuple[str, ZoneView, Values], ...]

    @cached_property
    def covers(self) -> tuple[Cover, ...]:
        """Covers of the absences of each zone that has posts."""
        return tuple(view.cover for _, view, _ in self.zones if view.cover is not None)

    @cached_property
    def cost(self) -> YearlyCost | None:
        """Total yearly cost of the zones; ``None`` if the cost of a zone is unknown."""
        costs = [view.cost for _, view, _ in self.zones if view.cost is not None]
        if not costs or len(costs) < len(self.zones):
            return None
        return sum_costs(costs, costs[0].settings)

    @cached_property
    def workloads(self) -> tuple[Workload, ...]:
        """Needs of the lycées of each zone, unless ignored."""
        return tuple(view.workload for _, view, _ in self.zones if view.workload is not None)

    @cached_property
    def single_cover(self) -> CoverFigures | None:
        """Figures over each absence of one post; ``None`` if no zone has a post."""
        return single_figures(self.covers)

    def worst_zone(self, key: str) -> tuple[str, Values] | None:
        """Return the zone (id) with the greatest value of a metric, and its metrics.

        ``None`` if no zone has a number for this metric; the first zone among equals.
        """
        worst: tuple[float, str, Values] | None = None
        for zone, _, values in self.zones:
            value = values[key]
            if isinstance(value, (int, float)) and (worst is None or value > worst[0]):
                worst = (value, zone, values)
        return None if worst is None else worst[1:]

    def in_worst_zone(self, by: str, key: str) -> Value:
        """Return metric ``key`` of the zone where metric ``by`` is greatest; ``None`` for none."""
        worst = self.worst_zone(by)
        return worst[1][key] if worst else None


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

    On screen: the panel of a zone and of a sector, the effect of moves and of proposed moves. In
    HTML: the figures and the sectors. In a webinar: what changes. In the terminal: the lines of
    ``geozones metrics``.
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

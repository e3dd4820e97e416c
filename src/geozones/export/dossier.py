"""Dossier: content of an export, independent of its format, with its points and sheets.

Durations are in minutes: ``inf`` if unreachable, ``None`` if the figure does not apply. An
``estimated`` duration is a guess, and always labelled as such.
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from geozones.common.french import capital, inside, long_date, ranged_minutes
from geozones.domain import DecisionStatus
from geozones.domain.decisions import CHANGED
from geozones.domain.organisation import Organisation, SectorChart
from geozones.domain.scenario import dated_noun
from geozones.domain.times import ALL_ESTIMATED, ON_ESTIMATES
from geozones.effect import Effect
from geozones.export.file_parts import slug
from geozones.metrics import Change, Values, metric
from geozones.metrics.metric_changes import NO_CHANGE, PointsTold
from geozones.render import MapGround, Scene

#: Title of information, which is listed apart from the points that count.
NOT_COUNTED = "À savoir, sans être compté"


@dataclass(frozen=True, slots=True)
class PointRow:
    """Point to watch: sentence, place, origin of the rule, status of the place.

    ``zone`` is empty, and ``zone_id`` too, for a whole sector (``sector_id``); ``is_alert`` is
    false for information, which is listed and not counted; ``to_confirm``, true if the threshold is
    inside the interval of the minutes.
    """

    kind: str
    sentence: str
    about: str
    status: str
    sector: str
    zone: str
    zone_id: str
    is_alert: bool
    sector_id: str = ""
    to_confirm: bool = False

    @property
    def where(self) -> str:
        """Name of its zone, or of its sector."""
        return self.zone or f"Secteur {self.sector}"

    @property
    def kind_and_origin(self) -> str:
        """Point, origin and status in words: ``zone fragile, seuil de l'outil``."""
        return self.about if self.is_alert else f"information, {self.about}"


@dataclass(frozen=True, slots=True)
class SiteFact:
    """A fact of a lycée in a plan; ``before`` is the same in the previous plan.

    ``before`` is empty where no previous plan is compared, or where it had no such fact.
    """

    label: str
    value: str
    before: str = ""

    @property
    def changes(self) -> bool:
        """Whether the previous plan had another value."""
        return bool(self.before) and self.before != self.value


@dataclass(frozen=True, slots=True)
class SiteSheet:
    """Contents of the sheet of a lycée (id) in a plan, in sentences or facts."""

    lycee: str
    name: str  # Its name with its town, its town, and the decision status of its zone.
    town: str
    status: str
    worse: tuple[str, ...]  # What is worse than in the previous plan; empty without one.
    facts: tuple[SiteFact, ...]  # Zone, sector, RNS, support centre, drives.
    presence: str  # Half-days of the week when a technician is due; empty without posts.
    #: Who comes when that technician is away; without posts, who is the nearest.
    cover: tuple[str, ...]
    dates: tuple[str, ...]  # Dates of the deployment for its sector.
    doubts: tuple[str, ...]  # What is still to be confirmed.

    @property
    def is_compared(self) -> bool:
        """Whether a fact changed since the previous plan."""
        return any(fact.changes for fact in self.facts)

    @property
    def changes(self) -> bool:
        """Whether the plan changes something for the lycée."""
        return bool(self.worse) or self.is_compared

    @property
    def rows(self) -> tuple[tuple[str, ...], ...]:
        """Facts as rows: label, the value before, the value; « idem » where it is the same."""
        if not self.is_compared:
            return tuple((fact.label, fact.value) for fact in self.facts)
        return tuple(
            (fact.label, fact.before or "—", "idem" if fact.before == fact.value else fact.value)
            for fact in self.facts
        )


type Interval = tuple[float, float]
"""Low and high minutes of a drive (`Matrix.interval_means`)."""


@dataclass(frozen=True, slots=True)
class Version:
    """Version of a plan, named in every file."""

    name: str  # « Plan en vigueur », « Plan de départ », or the scenario's name.
    #: Status of its decision, in words; for a plan in force, since when and who approved it; of the
    #: starting plan, its content. Empty if nothing is known.
    status: str
    #: The version's number, and the fingerprint of the plan: equal fingerprints, equal plans.
    fingerprint: str
    date: str  # ISO date of the version; empty if unknown.
    #: Whether the plan may be shown without « non décidé » across it: published, decided, or the
    #: starting plan, whose drafts are hatched.
    decided: bool = True
    #: Whether it is a publication: its status then continues its name, in one sentence.
    published: bool = False
    number: str = ""  # `` (n° 2)`` where another publication has the same day; empty elsewhere.

    @property
    def slug(self) -> str:
        """Name and fingerprint of the version, for file names."""
        return f"{slug(self.name, 30)}_v{slug(self.fingerprint)}"

    @property
    def file_date(self) -> str:
        """ISO date for the properties of files: a fixed one if the plan has none.

        The time of making would make the bytes of the same plan differ.
        """
        return self.date or "1980-01-01"

    @property
    def name_and_status(self) -> str:
        """Name and status: ``Essai (à arbitrer)``, ``Plan en vigueur depuis le 11 juin 2025``."""
        if not self.status:
            return self.name
        return f"{self.name} {self.status}" if self.published else f"{self.name} ({self.status})"

    @property
    def versus(self) -> str:
        """The version as the base of a comparison: ``par rapport au plan de départ``.

        A plan in force is named with its day.
        """
        if self.published:
            return f"par rapport au {dated_noun(self.name, self.date, self.number)}"
        if self.name.startswith("Plan "):
            return f"par rapport au {inside(self.name)}"
        return f"par rapport à « {self.name} »"

    @property
    def as_base(self) -> str:
        """Its name where it is what a plan is compared with: a plan in force has its day."""
        return (
            capital(dated_noun(self.name, self.date, self.number)) if self.published else self.name
        )

    @property
    def full_name(self) -> str:
        """Name, status, fingerprint and, if the status lacks it, date.

        For example ``Essai (à arbitrer), version 3 (5acb13bf), 11 juin 2025``.
        """
        return f"{self.name_and_status}, version {self.fingerprint}{self._dated}"

    @property
    def dated_name(self) -> str:
        """Name and status, with the date if the status lacks it: ``Essai (à arbitrer), …``.

        For readers, who have no use for a fingerprint: that is in `full_name`, among the sources.
        """
        return f"{self.name_and_status}{self._dated}"

    @property
    def _dated(self) -> str:
        return f", {long_date(self.date)}" if self.date and not self.published else ""


@dataclass(frozen=True, slots=True)
class LyceeRow:
    """Lycée; ``releve_minutes`` and ``releve_from`` describe its nearest colleague, if any.

    ``interval`` is the low and the high of these minutes; ``estimated``, whether they are an
    estimate. ``printed`` is its name in print, empty if it is the same. ``need`` is its half-days a
    week, ``need_origin`` their basis; ``pupils`` is ``None`` if unknown.
    """

    id: str
    name: str
    commune: str
    departement: str
    lat: float
    lon: float
    is_support: bool
    note: str
    releve_minutes: float | None
    releve_from: str
    estimated: bool
    interval: Interval | None = None
    associated_uais: tuple[str, ...] = ()
    printed: str = ""
    pupils: int | None = None
    pupils_source: str = ""
    need: int | None = None
    need_origin: str = ""

    @property
    def is_placed(self) -> bool:
        """Whether the position of the lycée is known."""
        return math.isfinite(self.lat) and math.isfinite(self.lon)

    @property
    def releve_text(self) -> str:
        """Text of the minutes of its nearest colleague, with their interval."""
        if self.releve_minutes is None:
            return "—"
        ends = self.interval or (self.releve_minutes, self.releve_minutes)
        return ranged_minutes(self.releve_minutes, *ends, estimated=self.estimated)


@dataclass(frozen=True, slots=True)
class TripRow:
    """Drive between two lycées of a zone, one way; ``inf`` if unreachable."""

    origin: str
    destination: str
    minutes: float
    interval: Interval
    estimated: bool
    leg_share: float


@dataclass(frozen=True, slots=True)
class ZoneRow:
    """A zone: its lycées, its metrics by key, its points to watch in sentences.

    ``number`` is its number on maps. ``farthest`` names the two lycées with the longest drive, and
    ``interval`` is the low and the high of its minutes; ``trips`` are its drives, each way.
    ``guessed`` are the keys of the metrics that contain an estimated drive. ``values`` has the
    metrics of teams only where the plan has posts. ``changed`` is the mark beside its ``status``.
    ``kilometres`` are those of a year by item of the yearly cost (its label), ``None`` where
    unknown.
    """

    id: str
    name: str
    number: int
    lycees: tuple[LyceeRow, ...]
    values: Values
    farthest: tuple[str, str] | None
    estimated: bool
    estimate_mark: str  # Mark of a figure with an estimated drive.
    status: DecisionStatus
    changed: bool
    alerts: tuple[str, ...]
    interval: Interval | None = None
    trips: tuple[TripRow, ...] = ()
    guessed: frozenset[str] = frozenset()
    kilometres: Mapping[str, float | None] = field(default_factory=dict)

    @property
    def status_text(self) -> str:
        """Status of the zone with its mark: ``publié, modifié``."""
        return self.status.label + (f", {CHANGED}" if self.changed else "")


@dataclass(frozen=True, slots=True)
class SectorRow:
    """Sector with its zones and metrics; ``scene`` shows it, the other sectors faded.

    ``marks`` are its changes, in words, beside its ``status``. ``interval`` is the low and the high
    of its longest drive, ``guessed`` as for a zone; ``chart`` is its organisation chart.
    """

    id: str
    name: str
    status: DecisionStatus
    marks: str
    experimental: bool
    rns: str | None
    support_centre: str | None
    values: Values
    estimated: bool
    estimate_mark: str  # As of a zone.
    zones: tuple[ZoneRow, ...]
    scene: Scene
    interval: Interval | None = None
    guessed: frozenset[str] = frozenset()
    chart: SectorChart | None = None

    @property
    def status_text(self) -> str:
        """Status of the sector with its marks: ``publié, 1 zone modifiée``."""
        return self.status.label + (f", {self.marks}" if self.marks else "")

    def apart(self, zone: ZoneRow) -> str:
        """Return the status of a zone if it differs from the sector's; else an empty text."""
        return "" if zone.status is self.status and not zone.changed else zone.status_text

    @property
    def lycees(self) -> tuple[LyceeRow, ...]:
        """Its lycées, zone by zone."""
        return tuple(lycee for zone in self.zones for lycee in zone.lycees)


@dataclass(frozen=True)
class PlanInView:
    """Part of a plan in view: its version, rows and figures, its map, its points to watch.

    ``values`` are the metrics of the view, by key.
    """

    version: Version
    sectors: tuple[SectorRow, ...]
    values: Values
    scene: Scene
    points: tuple[PointRow, ...]

    @property
    def zones(self) -> tuple[ZoneRow, ...]:
        """The zones in view."""
        return tuple(zone for sector in self.sectors for zone in sector.zones)

    @property
    def lycees(self) -> tuple[LyceeRow, ...]:
        """The lycées in view, zone by zone."""
        return tuple(lycee for sector in self.sectors for lycee in sector.lycees)

    @property
    def guessed(self) -> frozenset[str]:
        """The keys of the metrics in view that contain an estimated drive.

        For a figure of a single drive (the longest), only zones with the same minutes count.
        """
        return frozenset(
            key
            for zone in self.zones
            for key in zone.guessed
            if not metric(key).lycees or zone.values[key] == self.values.get(key)
        )

    @property
    def estimate_mark(self) -> str:
        """Mark of a figure in view with an estimated drive."""
        return self.sectors[0].estimate_mark

    @property
    def basis(self) -> str:
        """French remark to put beside each conclusion if all drives are estimates, else empty."""
        return ON_ESTIMATES if self.estimate_mark == ALL_ESTIMATED else ""

    def points_of(self, sector: SectorRow) -> tuple[PointRow, ...]:
        """Return the points to watch of a sector."""
        return tuple(point for point in self.points if point.sector_id == sector.id)

    def lines(self) -> Iterator[tuple[SectorRow, ZoneRow, LyceeRow]]:
        """Iterate over the lycées, each with its sector and zone."""
        for sector in self.sectors:
            for zone in sector.zones:
                for lycee in zone.lycees:
                    yield sector, zone, lycee

    @property
    def unplaced(self) -> tuple[LyceeRow, ...]:
        """The lycées that no map can show: their position is unknown."""
        return tuple(lycee for lycee in self.lycees if not lycee.is_placed)

    @property
    def has_drafts(self) -> bool:
        """Whether a zone in view is a draft."""
        return any(zone.status is DecisionStatus.DRAFT for zone in self.zones)


@dataclass(frozen=True, slots=True)
class Step:
    """Date of the calendar of deployment.

    ``parts`` are the groups concerned and their plans; ``doubts`` are sentences on uncertainties of
    the document.
    """

    heading: str
    parts: tuple[tuple[str, tuple[str, ...]], ...]
    doubts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Moved:
    """Lycée (name, and ``id``) that changes zone between two plans.

    ``before`` and ``after`` name its zones; empty if a plan lacks the lycée. ``sector`` names its
    sector after, ``why`` is the reason that a person wrote; empty for none.
    """

    lycee: str
    before: str
    after: str
    changes_sector: bool
    id: str = ""
    sector: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class AreaDrive:
    """Longest drive of an area in two plans; ``place`` is where: « dans la zone Mamers »."""

    place: str
    change: Change


@dataclass(frozen=True, slots=True)
class PlanComparison:
    """Comparison of the view with the same view of another plan, the previous plan."""

    #: The same view of the previous plan; without a sector if that plan has nothing there.
    earlier: PlanInView
    change: Effect  # Effect on the view: posts, figures, verdict.
    #: All figures of the view: those of ``change``, then the others, what gets worse first.
    changes: tuple[Change, ...]
    moves: tuple[Moved, ...]  # The lycées that come into view, leave it, or change of zone in it.
    changed_zones: frozenset[str]  # Zones (ids) in view whose lycées changed.
    #: Points to watch that are new, worse (from what) and lifted, in sentences.
    points: PointsTold = NO_CHANGE
    #: Those that are new or worse, each in the sentence of the view's own list.
    brought: frozenset[str] = frozenset()
    #: Name of the zone of each lycée (id) in the previous plan.
    zones: Mapping[str, str] = field(default_factory=dict)
    #: Metrics of each zone and sector (ids) of the previous plan.
    values: Mapping[str, Values] = field(default_factory=dict)
    #: Longest drive of each zone whose lycées changed; of each sector, where zones are new.
    drives: tuple[AreaDrive, ...] = ()
    #: What else differs, in sentences: names, people, centres, statuses, positions, posts.
    others: tuple[str, ...] = ()
    #: Names of the lycées whose sector has no RNS any more, by the name of the RNS that it had.
    without_rns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    #: The part of the territory that the figures are for, « dans le secteur Nantes »; empty for the
    #: whole.
    place: str = ""
    #: Effect on the whole plan, if the view is a part of it: a sector may save what another pays.
    region: Effect | None = None
    #: Where else hours get worse, if the view is a part, and what the change also does to the
    #: whole plan: RNS, kilometres, a smaller plan that gives most; in sentences.
    elsewhere: str = ""
    also: tuple[str, ...] = ()

    def zone_before(self, zone: str) -> ZoneRow | None:
        """Return a zone (id) in the previous plan; ``None`` if it was not in view."""
        return next((row for row in self.earlier.zones if row.id == zone), None)

    def change_of(self, lycee: str) -> str:
        """Return the change of a lycée (id) in two words; empty if it stays."""
        moved = next((move for move in self.moves if move.id == lycee), None)
        if moved is None:
            return ""
        if not moved.before or not moved.after:
            return "ajouté" if moved.after else "retiré"
        return "change de secteur" if moved.changes_sector else "change de zone"

    @property
    def before(self) -> Version:
        """Version of the previous plan."""
        return self.earlier.version

    @property
    def scene(self) -> Scene:
        """Scene of the previous plan, on the same extent."""
        return self.earlier.scene

    @property
    def title(self) -> str:
        """Title of the changes: ``Ce qui change dans le secteur Nantes par rapport au …``."""
        return f"{self.located('Ce qui change')} {self.before.versus}"

    def located(self, text: str) -> str:
        """Return a text with the place of the figures: ``Ce qui se dégrade dans la zone …``."""
        return f"{text} {self.place}" if self.place else text

    @property
    def headline(self) -> tuple[Change, ...]:
        """The figures that tell every change, always all and in the same order."""
        return self.change.figures

    @property
    def changed_figures(self) -> tuple[Change, ...]:
        """The figures that change, what gets worse first."""
        return tuple(change for change in self.changes if change.has_difference)

    @property
    def by_effect(self) -> tuple[str, ...]:
        """The figures in a sentence per effect, with their place, what gets worse first."""
        return tuple(
            sentence.replace(effect, self.located(effect), 1)
            for effect, sentence in self.change.by_effect.items()
        )


@dataclass(frozen=True, slots=True, eq=False)
class Matrix:
    """Minutes ``minutes[i, j]`` from lycée ``ids[i]`` to ``ids[j]``; NaN if unreachable.

    ``estimated`` and ``beyond`` are ``bool[i, j]``: drives of ``beyond`` are only known to exceed
    ``within`` minutes. ``interval_means`` explains the intervals of drives, in French.
    """

    ids: tuple[str, ...]
    minutes: NDArray[np.float64]
    estimated: NDArray[np.bool_]
    interval_means: str
    beyond: NDArray[np.bool_]
    within: float | None = None


@dataclass(frozen=True)
class Dossier(PlanInView):
    """View of a plan with all the content of an export, complete once it is made.

    ``title`` names the view, ``slug`` is its name for files. ``sources`` are sentences: engines of
    the figures, source document of the plan. ``author`` is the author of that document,
    ``document_rns`` how many RNS it names, ``None`` without a document,
    ``organisation`` its description of the organisation, ``calendar_notes`` sentences on
    the whole calendar. ``comparison`` holds the differences from the previous plan; ``paired``: the
    view is about them. ``reasons`` are people's reasons for their changes, ``asked`` the decision
    asked for or taken, ``feedback`` the comments and opinions, in sentences; ``feedback_line``
    counts them. Drives over ``threshold`` minutes are reported; ``sheets`` are those of its lycées,
    in their order; ``address`` is the web address of the view, or empty.
    """

    title: str
    slug: str
    matrix: Matrix
    threshold: float
    sheets: tuple[SiteSheet, ...] = ()
    ground: MapGround = field(default_factory=MapGround)
    calendar: tuple[Step, ...] = ()
    calendar_notes: tuple[str, ...] = ()
    author: str = ""
    document_rns: int | None = None
    sources: tuple[str, ...] = ()
    comparison: PlanComparison | None = None
    paired: bool = False
    cells: Mapping[str, BaseGeometry] = field(default_factory=dict)
    organisation: Organisation | None = None
    reasons: tuple[str, ...] = ()
    asked: tuple[str, ...] = ()
    feedback: tuple[str, ...] = ()
    feedback_line: str = ""
    address: str = ""

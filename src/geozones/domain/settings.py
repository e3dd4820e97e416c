"""Settings of a territory: thresholds, weights, and the manifest that gives words and rules.

A process serves one territory at a time, the one of the manifest of its data folder.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from geozones.common import clock
from geozones.common.errors import InputError
from geozones.domain.identifiers import Scheme, use_scheme
from geozones.domain.terms import LYCEES, SITES, WORDS, has_organisation, use_terms, worded


@dataclass(frozen=True, slots=True)
class DefaultRules:
    """Thresholds of a territory, as long as nobody chose others."""

    sizes: tuple[int, int] = (3, 5)  # Fewest and most sites of a zone, on the average of a sector.
    #: Fewest and most sites of a zone in a proposal: a zone may be above the average.
    proposed_sizes: tuple[int, int] = (3, 6)
    max_minutes: float = 45.0  # Longest drive inside a zone.


_in_use = DefaultRules()


def use_default_rules(given: DefaultRules) -> None:
    """Set the thresholds of the territory, for the whole process: when its folder is opened."""
    global _in_use  # noqa: PLW0603 - one territory a process, as one data folder
    _in_use = given


def default_rules() -> DefaultRules:
    """Return the thresholds of the territory of this process."""
    return _in_use


#: Least and greatest value of each hypothesis that a user may change, in the unit of its setting.
HYPOTHESIS_BOUNDS: Mapping[str, tuple[float, float]] = MappingProxyType(
    {
        "split_minutes": (0, 120),
        "gap_days": (0, 5),
        "max_posts": (1, 20),
        "max_known": (1, 10),
        "shared_minutes": (0, 120),
        "monthly_cap": (0, 40),
        "near_minutes": (5, 120),
        "absence_rate": (0, 0.5),
        "absence_days": (1, 60),
        "year_days": (100, 230),
        "half_day_minutes": (60, 300),
        "tis_visits": (0, 20),
        "tis_minutes": (15, 480),
        "absence_weight": (0, 3),
        "visits_per_month": (0, 2),
        "months": (1, 12),
        "euros_per_km": (0, 5),
        "euros_per_post": (0, 200_000),
        "kg_co2_per_km": (0, 2),
    }
)


@dataclass(frozen=True, slots=True)
class ObjectiveWeights:
    """Weights of the objective of a plan (see ``domain.yearly_cost``), in minutes of penalty."""

    alone: float = 120.0
    size_one: float = 200.0
    size_two: float = 60.0
    per_lycee_above: float = 20.0
    size_limit: int = 5


@dataclass(frozen=True, slots=True)
class TeamSettings:
    """Hypotheses of proposals, covers and simulations of teams.

    The source document gives none of these figures (it leaves the monthly rate of interventions
    « à ajuster à l'issue de la phase d'expérimentation »): each is this tool's hypothesis.
    """

    split_minutes: float = 30.0  # Longest drive from the morning's lycée to the afternoon's.
    #: Consecutive working days that a lycée may stay without anyone, weekends left out.
    gap_days: int = 2
    max_posts: int = 12  # Most posts that a proposal gives a zone.
    max_known: int = 3  # Most different T.I.P. that a proposal gives a lycée.
    #: Longest drive from a post's résidence to another of its lycées; a proposal goes further only
    #: where it would need one more post otherwise.
    shared_minutes: float = 45.0
    #: Interventions outside the person's lycées, in half-days per person and calendar month.
    monthly_cap: int = 4
    near_minutes: float = 30.0  # Longest delay of a fast cover.
    #: Share of working days that a post is absent, and mean working days of an absence. 5 % is near
    #: ordinary illness of local civil servants, 4.8 % in 2019; all absences for health were 9.8 %,
    #: longer ones among them (Panorama Sofaxis, 420,000 agents, 24 November 2020).
    absence_rate: float = 0.05
    absence_days: float = 5.0
    #: Days worked in a year: 36 weeks of school less the holidays that fall in them (seven in
    #: 2025-2026, five in 2026-2027), as `domain.school_calendar` counts them.
    year_days: int = 173
    #: T.I.S.: visits a lycée and month, minutes on site a visit, minutes in a half-day.
    tis_visits: float = 2.0
    tis_minutes: float = 120.0
    half_day_minutes: float = 210.0
    #: Whether a T.I.S. comes, from the support centre, where no colleague can. The document gives
    #: them the support of T.I.P. and levels 2 and 3, never the post of someone absent: this is off
    #: by default.
    tis_replaces: bool = False


@dataclass(frozen=True, slots=True)
class DecidedHypothesis:
    """Value of a hypothesis that the territory decided: no document or journal gives it."""

    value: float
    decided_by: str
    decided_on: str  # ISO day.


#: Hypotheses that the territory decides, and the tool's value until then.
TO_DECIDE: Mapping[str, float] = MappingProxyType({"absence_weight": 1.0, "visits_per_month": 1.0})


def decided_value(name: str) -> float:
    """Return the value of a hypothesis of `TO_DECIDE` in force: the territory's or the tool's."""
    decided = _manifest_in_use.hypotheses.get(name)
    return TO_DECIDE[name] if decided is None else decided.value


def is_decided(name: str, value: float) -> bool:
    """Return whether the territory decided this value of a hypothesis."""
    decided = _manifest_in_use.hypotheses.get(name)
    return decided is not None and decided.value == value


@dataclass(frozen=True, slots=True)
class CostSettings:
    """Hypotheses of the yearly cost, in addition to `TeamSettings`."""

    months: float = 10.0  # Months of a school year: ten of 18 working days, as in simulated years.
    #: Visits of each T.I.P. to each lycée of the zone that they do not serve. The source document
    #: leaves that frequency « à ajuster »: once a month until the territory decides.
    visits_per_month: float = field(default_factory=lambda: decided_value("visits_per_month"))
    #: « Taux d'échange »: hours of road that an hour without technician is worth. No document
    #: gives it: it is 1 until the territory decides.
    absence_weight: float = field(default_factory=lambda: decided_value("absence_weight"))
    #: Kilometric allowance: arrêté du 3 juillet 2006, as modified on 14 March 2022, metropolitan
    #: France, car of 5 CV or less, up to 2,000 km a year.
    euros_per_km: float = 0.32
    #: Cost of a T.I.P. post a year; 0 where nobody entered it, and nothing is shown: neither the
    #: source document nor this tool knows it.
    euros_per_post: float = 0.0
    #: kg of CO₂ equivalent a km: ADEME, Impact CO2, average car with a combustion engine, fuel and
    #: its production (0.192); 0.218 with the making of the car.
    kg_co2_per_km: float = 0.192

    def __post_init__(self) -> None:
        ranges = (
            (1 <= self.months <= 12, "Une année scolaire dure de 1 à 12 mois."),
            (
                # a scenario of before the bound of 2 may have adopted more
                0 <= self.visits_per_month <= 20,
                worded(
                    "{A_proximity_technician} fait de 0 à 20 visites par mois dans chaque autre "
                    "{site} de sa zone."
                ),
            ),
            (
                0 <= self.absence_weight <= 3,
                worded("Une heure sans {technician} vaut de 0 à 3 heures de route."),
            ),
            (0 <= self.euros_per_km <= 5, "Un kilomètre est indemnisé de 0 à 5 euros."),
            (
                0 <= self.euros_per_post <= 200_000,
                "Un poste coûte de 0 à 200\u202f000 euros par an.",
            ),
            (0 <= self.kg_co2_per_km <= 2, "Un kilomètre émet de 0 à 2 kg de CO₂."),
        )
        for fine, message in ranges:
            if not fine:
                raise InputError(message)


@dataclass(frozen=True, slots=True)
class DriveCorrection:
    """Drives between some lycées (ids) take ``factor`` times the minutes of the matrix.

    ``low`` and ``high`` are its 95 % interval, ``count`` the number of journeys measured
    between ``first`` and ``last`` (ISO days); ``invented`` where a generator made some of them.
    """

    lycees: frozenset[str]
    factor: float
    low: float
    high: float
    count: int
    first: str
    last: str
    invented: bool = False


@dataclass(frozen=True, slots=True)
class Settings:
    """Thresholds of the rules of a zone.

    ``zone_min`` and ``zone_max`` bound the average of a sector; ``max_minutes`` may be set by the
    planners. All three are the territory's by default (`default_rules`).

    Without ``tool_rules``, only what the document or the planners ask is
    checked. ``drive_corrections`` come from a journal that the scenario adopted.
    """

    zone_min: int = field(default_factory=lambda: _in_use.sizes[0])
    zone_max: int = field(default_factory=lambda: _in_use.sizes[1])
    max_minutes: float = field(default_factory=lambda: _in_use.max_minutes)
    tool_rules: bool = True
    weights: ObjectiveWeights = field(default_factory=ObjectiveWeights)
    teams: TeamSettings = field(default_factory=TeamSettings)
    cost: CostSettings = field(default_factory=CostSettings)
    drive_corrections: tuple[DriveCorrection, ...] = field(default_factory=tuple)


@dataclass(frozen=True, slots=True)
class FolderDecision:
    """Decision that put the folder's plan in force: its day (ISO), who approved it, its reference.

    Each is empty if unknown; without a day the plan is a starting plan.
    """

    since: str = ""
    approved_by: str = ""
    reference: str = ""


@dataclass(frozen=True, slots=True)
class FolderCredits:
    """Credits printed on maps, sheets and pages, one for each kind of data; empty if unknown."""

    sites: str = ""  # Source, licence and date of the list of sites.
    #: Source and licence of the map background, if its own file does not give them.
    ground: str = ""
    #: Source of the driving times, in addition to the engine and date in their file.
    minutes: str = ""
    communes: str = ""  # Source and licence of the communes.


@dataclass(frozen=True, slots=True)
class FolderFiles:
    """Names of the required files, and of the communes, in the folder."""

    sites: str = "lycees.geojson"
    sectors: str = "secteurs.json"
    minutes: str = "travel_times.parquet"
    communes: str = "communes.parquet"


@dataclass(frozen=True)
class TerritoryManifest:
    """Content of ``territoire.toml``; ``TerritoryManifest()`` is a folder without the file."""

    name: str = ""  # The territory, such as « Pays de la Loire »; empty if unknown.
    created_on: str = ""  # ISO day on which the folder was made; empty if unknown.
    #: Name of the time zone, which says what day it is; empty for `clock.DEFAULT_ZONE`.
    time_zone: str = ""
    organisation: str = ""  # Name of the body that looks after the network; empty if unknown.
    #: ISO day on which the experiment of the organisation began; empty if unknown.
    experiment_since: str = ""
    #: Decision that put the plan in force.
    decision: FolderDecision = field(default_factory=FolderDecision)
    words: str = "lycées"  # Name of the nouns of the network: see `geozones.domain.terms.WORDS`.
    scheme: Scheme = Scheme.UAI  # Form of the ids of sites.
    #: Fewest and most sites of a zone; ``None`` for the tool's default.
    sizes: tuple[int, int] | None = None
    #: Fewest and most sites of a zone in a proposal; ``None`` for ``sizes``.
    proposed_sizes: tuple[int, int] | None = None
    #: Longest drive between two sites of a zone; ``None`` for the tool's default.
    max_minutes: float | None = None
    #: The hypotheses of `TO_DECIDE` that were decided, by name.
    hypotheses: Mapping[str, DecidedHypothesis] = field(default_factory=dict)
    credits: FolderCredits = field(default_factory=FolderCredits)  # Credits, and names of files.
    files: FolderFiles = field(default_factory=FolderFiles)


_manifest_in_use = TerritoryManifest()
_has_document = True


def territory() -> TerritoryManifest:
    """Return the manifest of the territory of this process; the defaults before any is opened."""
    return _manifest_in_use


def signature() -> str:
    """Return the signature of calls to services: the tool, and the network's operator if known."""
    organisation = territory().organisation.encode("latin-1", "ignore").decode("latin-1").strip()
    return f"geozones ({organisation})" if organisation else "geozones"


def documented(said: str, otherwise: str = "") -> str:
    """Return the first text if the territory has a source document, else the other text."""
    return said if _has_document else otherwise


def use_territory(
    given: TerritoryManifest, *, has_document: bool = True, organised: bool = True
) -> None:
    """Use a territory for the whole process: when its folder is opened, before any sentence.

    ``has_document`` is whether a document presented its plan: sentences quote it; ``organised``
    whether its folder says who runs it (`geozones.domain.terms.has_organisation`).
    """
    global _manifest_in_use, _has_document
    _manifest_in_use, _has_document = given, has_document
    clock.use_zone(given.time_zone or clock.DEFAULT_ZONE)
    code = LYCEES.code if given.scheme is Scheme.UAI else SITES.code
    use_terms(replace(WORDS[given.words], code=code), organised=organised)
    use_scheme(given.scheme)
    usual = DefaultRules()
    sizes = given.sizes or usual.sizes
    proposed = given.proposed_sizes or given.sizes or usual.proposed_sizes
    use_default_rules(DefaultRules(sizes, proposed, given.max_minutes or usual.max_minutes))


@contextmanager
def territory_in_use(given: TerritoryManifest) -> Iterator[None]:
    """Use a territory without an organisation for a block, then restore the previous one."""
    before, has_document, organised = _manifest_in_use, _has_document, has_organisation()
    use_territory(given, has_document=False, organised=False)
    try:
        yield
    finally:
        use_territory(before, has_document=has_document, organised=organised)

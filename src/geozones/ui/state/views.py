"""What each page shows, asks and holds half typed: one frozen record a view.

A record lasts as long as the session: until the page is loaded anew. What must outlive it is an
event of the scenario. Fields named by an item (a zone, a scenario) hold what is typed for each.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Self

from geozones.domain import Plan
from geozones.domain.access import Access
from geozones.domain.entities import Milestone
from geozones.domain.peak import Moment
from geozones.domain.settings import PROPOSED_SIZES, CostSettings, TeamSettings
from geozones.domain.story import StepKind
from geozones.render import Scene
from geozones.workspace.experiment.again import AgainSearch
from geozones.workspace.imports.session import ListImport, ListReading
from geozones.workspace.proposals.balance import LEAST_POSTS
from geozones.workspace.proposals.centres import CentresSearch
from geozones.workspace.proposals.fronts import FrontSearch
from geozones.workspace.proposals.search import Opened, Search
from geozones.workspace.proposals.why_not import WhyNotSearch
from geozones.workspace.rankings import HOURS
from geozones.workspace.reachability.references import References
from geozones.workspace.scenarios.company import Company
from geozones.workspace.scenarios.openings import Site
from geozones.workspace.scenarios.work import Work
from geozones.workspace.sharing.making import FileMaking
from geozones.workspace.staffing.search import TeamSearch
from geozones.workspace.study import Study
from geozones.workspace.webinar.bundle import ZipMaking

#: T.I.P. a zone and pupils a sector from which on there is no bound.
MOST_POSTS, MOST_PUPILS = 9, 20_000


@dataclass(frozen=True, slots=True)
class Current:
    """The scenario at work; what this browser remembers."""

    work: Work | None = None
    remembered: str | None = None


@dataclass(frozen=True, slots=True)
class Meeting:
    """Who else has the session's scenario open, and the code of this session among them."""

    session: str = ""
    company: Company = field(default_factory=Company)


@dataclass(frozen=True, slots=True)
class ShownPage:
    """Which page is open: what draws its body, whether it has the map.

    ``heading`` is its title where it shows none.

    ``logged_in`` tells whether this session has been that of someone who may see more than those.
    """

    body: Callable[[Study], None] | None = None
    has_map: bool = False
    heading: str = ""
    logged_in: bool = False


@dataclass(frozen=True, slots=True)
class Arrival:
    """Whether the address of the map was read once, and whether Back has to be followed.

    ``told`` is what it says, for the link that leads back to the map.
    """

    seen: bool = False
    back: bool = False
    told: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Shared:
    """The version that a shared link shows, by the token of the link."""

    token: str = ""
    work: Work | None = None


@dataclass(frozen=True, slots=True)
class SharedView:
    """What is looked at on the page of a shared link: which side of the change, a zone, a lycée."""

    side: str = "Après"
    zone: str | None = None
    lycee: str | None = None

    def within(self, plan: Plan) -> Self:
        """Return it without the zone and the lycée that a plan has not."""
        zone = self.zone if self.zone is not None and _has_zone(plan, self.zone) else None
        lycee = self.lycee if self.lycee in plan.zone_by_lycee else None
        return replace(self, zone=zone, lycee=lycee)


@dataclass(frozen=True, slots=True)
class LastMap:
    """The last scene of the map, which stays in the page while another one is open.

    ``known`` are the keys of what it was sent (`geozones.render.scene_json.scene_keys`).
    """

    scene: Scene | None = field(default=None, repr=False)
    known: frozenset[str] = field(default=frozenset(), repr=False)


@dataclass(frozen=True, slots=True)
class Notice:
    """A message of a page, which goes with it; ``kind`` is ``ok``, ``warning`` or ``error``.

    One that ``follows`` is shown on the page that opens next.
    """

    kind: str = "ok"
    text: str = ""
    follows: bool = False


@dataclass(frozen=True, slots=True)
class Hypotheses:
    """What the figures of every page suppose; ``None``: what the settings of the data say.

    ``max_minutes`` is the longest drive allowed inside a zone, ``moment`` when one drives,
    ``peak_factor`` what every drive is multiplied by besides; ``tool_rules`` tells whether the
    rules of the tool are checked.
    """

    max_minutes: int | None = None
    tool_rules: bool = True
    moment: Moment = Moment.OFF_PEAK
    peak_factor: float = 1.0
    teams: TeamSettings | None = None
    cost: CostSettings | None = None


@dataclass(frozen=True, slots=True)
class CostView:
    """Hypotheses of the yearly cost as typed where they cannot be taken, by field."""

    typed: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Selection:
    """What is looked at. ``look`` counts the times the map was asked to move there.

    ``bounds`` is where it was asked to look (west, south, east, north in degrees); ``None``: at the
    sector, else at the region. ``search`` is what was last found by its name, and ``found`` the
    places that this chose.
    """

    sector: str | None = None
    zone: str | None = None
    lycee: str | None = None
    target: str | None = None
    look: int = 0
    bounds: tuple[float, float, float, float] | None = None
    search: str | None = None
    found: tuple[str | None, ...] = ()

    @property
    def places(self) -> tuple[str | None, ...]:
        """Return what is chosen: a sector, a zone, a lycée."""
        return self.sector, self.zone, self.lycee

    def within(self, plan: Plan) -> Self:
        """Return the selection without what a plan has not."""
        zones = {zone.id: zone.sector for zone in plan.zones}
        return replace(
            self,
            sector=self.sector if _has_sector(plan, self.sector) else None,
            zone=self.zone if self.zone in zones else None,
            lycee=self.lycee if self.lycee in plan.zone_by_lycee else None,
            target=self.target if self.target in zones else None,
        )


class Mode(StrEnum):
    """What one does on the map, by its key; ``label`` is its name on screen."""

    LOOK = "regarder"
    EDIT = "modifier"
    PROPOSE = "proposer"

    @property
    def label(self) -> str:
        """Return its name on screen."""
        return self.value.capitalize()


@dataclass(frozen=True, slots=True)
class MapView:
    """What the map draws, and the panels over it.

    ``lycees`` to ``tiles`` are its layers, ``step`` the date of the calendar (``None``: that of
    today), ``colouring`` what colours the zones (empty: their sector). ``in_force`` shows the plan
    in force where one looks, not the scenario at work, or the ``publication`` (id) chosen in its
    place; ``reference`` is the plan compared with, by code.
    ``left`` and ``right`` tell whether each panel is unfolded. ``mode`` is ``None`` until the first
    drawing, which reads it in the address.
    """

    mode: Mode | None = None
    in_force: bool = False
    publication: str | None = None
    reference: str | None = None
    left: bool = True
    right: bool = True
    lycees: bool = True
    labels: bool = True
    departements: bool = True
    tiles: bool = False
    step: str | None = None
    colouring: str = ""

    @property
    def layers(self) -> dict[str, bool]:
        """Which layers are drawn, by name."""
        return {name: getattr(self, name) for name in ("lycees", "labels", "departements", "tiles")}


@dataclass(frozen=True, slots=True)
class VigilanceView:
    """The list of points to watch: whether it is open, and which of them it shows.

    ``sector`` is ``None`` for the region, ``decided`` for both, ``origin`` (a word) for all.
    """

    opened: bool = False
    sector: str | None = None
    decided: bool | None = None
    origin: str | None = None

    def within(self, plan: Plan) -> Self:
        """Return it without the sector that a plan has not."""
        return replace(self, sector=self.sector if _has_sector(plan, self.sector) else None)


@dataclass(frozen=True, slots=True)
class MoveView:
    """A move under way: its reason, the lycées picked to move together.

    ``row`` is the lycée whose row of the table is open, ``filter`` what the rows shown have in
    their names or towns. ``done`` is the lycée that was just moved: where else it could go is
    ranked when asked.
    """

    why: str = ""
    picked: tuple[str, ...] = ()
    row: str | None = None
    filter: str = ""
    done: str | None = None

    def within(self, plan: Plan) -> Self:
        """Return it without the lycées that a plan has not."""
        picked = tuple(key for key in self.picked if key in plan.zone_by_lycee)
        return replace(
            self, picked=picked, row=self.row if self.row in plan.zone_by_lycee else None
        )


@dataclass(frozen=True, slots=True)
class LocationView:
    """A location being corrected; ``dragging``: a lycée dragged on the map is put there."""

    text: str = ""
    insist: bool = False
    dragging: bool = False


@dataclass(frozen=True, slots=True)
class OpeningView:
    """A lycée being opened, or a site that becomes one.

    ``clicking``: a click on the map says where; ``where`` is the address typed and ``site`` what
    either means. ``zone`` is the one chosen for it, ``None`` for the one drawn there. ``touched``
    are the last event (id) that opened or closed a lycée and its sector (id), for which the best
    plan may be asked.
    """

    name: str = ""
    kind: str | None = None
    code: str = ""
    pupils: int | None = None
    where: str = ""
    site: Site | None = None
    zone: str | None = None
    clicking: bool = False
    touched: tuple[str | None, str] | None = None


@dataclass(frozen=True, slots=True)
class ZonesView:
    """What the menu « Zones » is about to do; mappings are by zone."""

    act: str = "renommer"
    zone: str | None = None
    into: str | None = None
    towards: str | None = None
    sector: str | None = None
    new_name: str = ""
    part_name: str = ""
    names: Mapping[str, str] = field(default_factory=dict)
    parts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    colours: Mapping[str, str] = field(default_factory=dict)
    pivots: Mapping[str, str | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SectorsView:
    """What is typed of sectors, and what is about to be done to the one that is chosen.

    ``typed`` holds the fields of `EditSector` by ``sector.field``, ``calendars`` whole calendars by
    sector, until they are recorded. ``into`` is the sector to merge with or to give a zone to;
    ``parts`` are the zones of each that make another one.
    """

    typed: Mapping[str, object] = field(default_factory=dict)
    calendars: Mapping[str, tuple[Milestone, ...]] = field(default_factory=dict)
    act: str = "fusionner"
    into: str | None = None
    new_name: str = ""
    part_name: str = ""
    parts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LocksView:
    """What the menu « Verrous » is about to lock; ``items`` are by kind."""

    kind: str = "lycee"
    items: Mapping[str, str] = field(default_factory=dict)
    reason: str = ""


@dataclass(frozen=True, slots=True)
class TravelView:
    """The drives shown on the map: those of a pair of lycées, those from a place asked about.

    ``engines`` (``None``: those of the settings) and ``communes`` say what to build anew.
    """

    pair: tuple[str, str] | None = None
    place: str | None = None
    address: str = ""
    understood: str = ""
    isochrones: bool = False
    centre: str | None = None
    engines: tuple[str, ...] | None = None
    communes: bool = True

    def within(self, plan: Plan) -> Self:
        """Return it without the pair and the sector of a centre that a plan has not."""
        pair = self.pair if self.pair and set(self.pair) <= set(plan.zone_by_lycee) else None
        centre = self.centre if _has_sector(plan, self.centre) else None
        return replace(self, pair=pair, centre=centre)


@dataclass(frozen=True, slots=True)
class ReliabilityView:
    """A user's own driving times, kept for the session; else what was wrong with their file."""

    references: References | None = None
    file: str = ""
    faults: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ShareView:
    """What the page « Partager » shows and makes; ``plan`` and ``other`` are plans by code.

    ``part`` is ``fichiers``, ``webinaire`` or ``voix``; ``linked`` tells whether a link led to the
    webinar.
    """

    part: str = "fichiers"
    linked: bool = False
    plan: str | None = None
    kind: str = "region"
    sector: str | None = None
    zone: str | None = None
    other: str | None = None
    format: str = "png"
    size: str = "hd"


@dataclass(frozen=True, slots=True)
class DeckTemplate:
    """The Région's own template of a deck, kept for the session; else why it was refused.

    ``mark`` is a print of its content.
    """

    content: bytes | None = field(default=None, repr=False)
    name: str = ""
    mark: str = ""
    fault: str = ""


@dataclass(frozen=True, slots=True)
class MadeFile:
    """A file to download; ``key`` says what was asked for."""

    key: tuple[str, ...]
    name: str
    media: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Uploads:
    """How many files were taken from each uploader (`ui.uploads`)."""

    taken: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FileInMaking:
    """A file that is being made; ``key`` says what was asked for."""

    key: tuple[str, ...]
    media: str
    work: FileMaking | ZipMaking


@dataclass(frozen=True, slots=True)
class MadeFiles:
    """The files made for this session: the last of each kind, they are heavy.

    Each kind has one that was made, and one at most that is being made.
    """

    by_kind: Mapping[str, MadeFile] = field(default_factory=dict)
    in_making: Mapping[str, FileInMaking] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Demand:
    """What is asked of a proposal, as typed in the mode « proposer ».

    ``objective`` is what plans are the best for (`rankings.OBJECTIVES`); sizes and counts are
    lycées and zones, ``cap`` minutes, ``seconds`` how long to search; ``None`` asks for nothing.
    ``pair`` holds the lycées about to be kept together or apart; ``without`` the rules lifted, by
    their keys (`domain.proposal_rules`). ``posts`` are T.I.P. a zone, ``pupils`` those of a sector,
    fewest and most; the greatest that can be asked is any (`ui.components.balance_fields`).
    ``robust`` is one of `domain.drawn_costs.ROBUST`.
    """

    objective: str = HOURS
    sectors: tuple[str, ...] = ()
    stay: bool = True
    size: tuple[int, int] = PROPOSED_SIZES
    cap: int | None = None
    moves: int | None = None
    zones: int | None = None
    held_lycees: tuple[str, ...] = ()
    held_zones: tuple[str, ...] = ()
    pair: tuple[str, ...] = ()
    together: tuple[tuple[str, str], ...] = ()
    apart: tuple[tuple[str, str], ...] = ()
    seconds: int = 60
    without: tuple[str, ...] = ()
    posts: tuple[int, int] = (LEAST_POSTS, MOST_POSTS)
    pupils: tuple[int, int] = (0, MOST_PUPILS)
    robust: str = ""

    def within(self, plan: Plan) -> Self:
        """Return it without the sectors, zones and lycées that a plan has not."""
        lycees = plan.zone_by_lycee
        return replace(
            self,
            sectors=tuple(key for key in self.sectors if _has_sector(plan, key)),
            held_zones=tuple(key for key in self.held_zones if _has_zone(plan, key)),
            held_lycees=tuple(key for key in self.held_lycees if key in lycees),
            pair=tuple(key for key in self.pair if key in lycees),
            together=tuple(pair for pair in self.together if set(pair) <= set(lycees)),
            apart=tuple(pair for pair in self.apart if set(pair) <= set(lycees)),
        )


@dataclass(frozen=True, slots=True)
class ProposalView:
    """The search of the session, which point of its curve is looked at, the plan after it or not.

    ``moves`` is ``None`` for the last point. ``opened`` is a plan looked at instead.
    """

    search: Search | None = None
    moves: int | None = None
    after: bool = True
    opened: Opened | None = None


@dataclass(frozen=True, slots=True)
class CentresView:
    """The last search of the best support centres."""

    search: CentresSearch | None = None


@dataclass(frozen=True, slots=True)
class FrontView:
    """The last search of a front, and the two measures asked (`workspace.proposals.fronts`)."""

    search: FrontSearch | None = None
    x: str = "moves"
    y: str = "hours"


@dataclass(frozen=True, slots=True)
class WhyNotView:
    """The last search of « Pourquoi pas ailleurs ? »."""

    search: WhyNotSearch | None = None


@dataclass(frozen=True, slots=True)
class TeamView:
    """What the page « Équipes » shows; ``first`` and ``last`` are the dates of an absence."""

    part: str = "besoins"
    sector: str | None = None
    zone: str | None = None
    opened: bool = False
    post: str | None = None
    first: date = field(default_factory=date.today)
    last: date = field(default_factory=lambda: date.today() + timedelta(days=6))
    names: bool = False
    names_on_sheet: bool = False
    years: bool = False

    def within(self, plan: Plan) -> Self:
        """Return it without the sector and zone that a plan has not."""
        sector = self.sector if _has_sector(plan, self.sector) else None
        zones = {zone.id: zone.sector for zone in plan.zones}
        if self.zone is not None and (self.zone not in zones or zones[self.zone] != sector):
            return replace(self, sector=sector, zone=None, post=None)
        return replace(self, sector=sector)


@dataclass(frozen=True, slots=True)
class BilanView:
    """What the part « Bilan » holds.

    ``file`` is that of the journal (id) chosen to be deleted, ``format`` that of the document;
    ``names``: those of technicians are kept with what is imported;
    ``again`` seeks what would be proposed under what was observed.
    """

    file: str | None = None
    names: bool = False
    format: str = "pdf"
    again: AgainSearch | None = None


@dataclass(frozen=True, slots=True)
class TeamProposalView:
    """The search of posts of the session; what share of full time the posts it adds have."""

    search: TeamSearch | None = None
    share: int = 100
    keep: bool = False


@dataclass(frozen=True, slots=True)
class DataView:
    """Which part of the page « Données » is shown, and the name typed to be erased."""

    part: str = "liste"
    erased: str = ""


@dataclass(frozen=True, slots=True)
class ListView:
    """An import under way on the page « Données », and the step it is at, from 1.

    ``in_force`` compares it with the plan in force, not with the scenario at work; ``keep_absent``
    keeps the lycées that the list has not; ``shown`` says which repairs are listed; ``pasted`` is
    the text to read, ``name`` the scenario to be, where empty ``proposed``. ``reading`` is the list
    that is being read.
    """

    reading: ListReading | None = None

    current: ListImport | None = None
    step: int = 1
    in_force: bool = True
    keep_absent: bool = True
    shown: str = ""
    pasted: str = ""
    name: str = ""
    proposed: str = ""


@dataclass(frozen=True, slots=True)
class ScenariosView:
    """What the page « Scénarios » shows, and what is typed for each scenario.

    ``lasts`` is how many days the next link shows its version, in digits (empty: without end),
    ``comments`` whether who opens it may leave some;
    ``compared`` are the scenarios side by side; ``others``, ``owners``, ``editors`` and ``readers``
    whom each is open to.
    """

    archived: bool = False
    managed: str | None = None
    compared: tuple[str, ...] = ()
    lasts: str = ""
    comments: bool = False
    names: Mapping[str, str] = field(default_factory=dict)
    descriptions: Mapping[str, str] = field(default_factory=dict)
    statuses: Mapping[str, str] = field(default_factory=dict)
    notes: Mapping[str, str] = field(default_factory=dict)
    sure: Mapping[str, bool] = field(default_factory=dict)
    others: Mapping[str, Access | None] = field(default_factory=dict)
    owners: Mapping[str, str] = field(default_factory=dict)
    editors: Mapping[str, str] = field(default_factory=dict)
    readers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class StoryView:
    """The step of the webinar at work, from 0; what is typed for each, by version and rank."""

    step: int = 0
    added: tuple[StepKind, str | None] | None = None
    shown: Mapping[str, tuple[StepKind, str | None]] = field(default_factory=dict)
    titles: Mapping[str, str] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)


def _has_sector(plan: Plan, sector: str | None) -> bool:
    return any(entry.id == sector for entry in plan.sectors)


def _has_zone(plan: Plan, zone: str | None) -> bool:
    return any(entry.id == zone for entry in plan.zones)

"""View state: one frozen record for what each page shows and what its forms hold.

A record lasts as long as the session, that is until the page is reloaded. What must outlive the
session is an event of the scenario. Mappings by item (a zone, a scenario) hold what is typed for
each item.
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
from geozones.workspace.experiment.reproposal import AgainSearch
from geozones.workspace.imports.session import ListImport, ListReading
from geozones.workspace.proposals.balance import LEAST_POSTS
from geozones.workspace.proposals.centres import CentresSearch
from geozones.workspace.proposals.fronts import FrontJob
from geozones.workspace.proposals.search import Opened, Search
from geozones.workspace.proposals.why_not import WhyNotSearch
from geozones.workspace.rankings import HOURS
from geozones.workspace.reachability.references import References
from geozones.workspace.scenarios.open_scenario import Work
from geozones.workspace.scenarios.openings import Site
from geozones.workspace.scenarios.presence import Company
from geozones.workspace.sharing.making import FileMaking
from geozones.workspace.study import Study
from geozones.workspace.teams.search import TeamSearch
from geozones.workspace.webinar.bundle import ZipMaking

#: T.I.P. per zone and pupils per sector from which on there is no upper bound.
MOST_POSTS, MOST_PUPILS = 9, 20_000


@dataclass(frozen=True, slots=True)
class Current:
    """Current scenario, and the scenario that this browser's cookie remembers."""

    work: Work | None = None
    remembered: str | None = None


@dataclass(frozen=True, slots=True)
class Meeting:
    """Other people who have the session's scenario open, and this session's code among them."""

    session: str = ""
    company: Company = field(default_factory=Company)


@dataclass(frozen=True, slots=True)
class ShownPage:
    """Open page: the function that draws its body, and whether it has the map.

    ``heading`` is the title for screen readers of a page that shows none.

    ``logged_in`` tells whether this session has belonged to a user above the visitor's role.
    """

    body: Callable[[Study], None] | None = None
    has_map: bool = False
    heading: str = ""
    logged_in: bool = False


@dataclass(frozen=True, slots=True)
class Arrival:
    """Whether the map's address has been read, and whether Back has to be followed.

    ``told`` holds the parameters of that address, for the link that leads back to the map.
    """

    seen: bool = False
    back: bool = False
    told: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Shared:
    """Version that a shared link shows, and the token of the link."""

    token: str = ""
    work: Work | None = None


@dataclass(frozen=True, slots=True)
class SharedView:
    """Selection on the page of a shared link: side of the change, zone, lycée."""

    side: str = "Après"
    zone: str | None = None
    lycee: str | None = None

    def within(self, plan: Plan) -> Self:
        """Return the view without a zone or a lycée that is not in a plan."""
        zone = self.zone if plan.has_zone(self.zone) else None
        lycee = self.lycee if self.lycee in plan.zone_by_lycee else None
        return replace(self, zone=zone, lycee=lycee)


@dataclass(frozen=True, slots=True)
class LastMap:
    """Last scene of the map, which stays in the page while another page is open.

    ``known`` are the keys of the parts already sent (`geozones.render.scene_json.scene_keys`).
    """

    scene: Scene | None = field(default=None, repr=False)
    known: frozenset[str] = field(default=frozenset(), repr=False)


@dataclass(frozen=True, slots=True)
class Notice:
    """Message of a page, which disappears with it; ``kind`` is ``ok``, ``warning`` or ``error``.

    A message that ``follows`` is shown on the page that opens next.
    """

    kind: str = "ok"
    text: str = ""
    follows: bool = False


@dataclass(frozen=True, slots=True)
class HypothesesView:
    """Hypotheses of the figures on every page; ``None``: the settings of the data.

    ``max_minutes`` is the longest drive allowed inside a zone, ``moment`` the time of day of the
    drives, ``peak_factor`` a further multiplier of every drive; ``tool_rules`` tells whether the
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
    """Hypotheses of the yearly cost typed with values that are not valid, by field."""

    typed: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Selection:
    """Selected sector, zone and lycée. ``look`` counts the requests to move the map there.

    ``bounds`` is the area requested (west, south, east, north in degrees); ``None``: the sector,
    else the region. ``search`` is the last name searched, and ``found`` the places that it
    selected.
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
        """Return the selected sector, zone and lycée."""
        return self.sector, self.zone, self.lycee

    def within(self, plan: Plan) -> Self:
        """Return the selection without what is not in a plan."""
        zones = {zone.id: zone.sector for zone in plan.zones}
        return replace(
            self,
            sector=self.sector if plan.has_sector(self.sector) else None,
            zone=self.zone if self.zone in zones else None,
            lycee=self.lycee if self.lycee in plan.zone_by_lycee else None,
            target=self.target if self.target in zones else None,
        )


class Mode(StrEnum):
    """Mode of the map; the value is its key, ``label`` its name on screen."""

    LOOK = "regarder"
    EDIT = "modifier"
    PROPOSE = "proposer"

    @property
    def label(self) -> str:
        """Return the name of the mode on screen."""
        return self.value.capitalize()


@dataclass(frozen=True, slots=True)
class MapView:
    """Display options of the map and of the panels over it.

    ``lycees`` to ``tiles`` are its layers, ``step`` the date of the calendar (``None``: today),
    ``colouring`` the figure that colours the zones (empty: their sector). ``in_force`` shows, in
    the mode « regarder », the plan in force instead of the current scenario, or the ``publication``
    (id) chosen instead of the plan in force; ``reference`` is the code of the plan compared with.
    ``left`` and ``right`` tell whether each panel is unfolded. ``mode`` is ``None`` until the first
    drawing, which reads it from the address.
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
        """Visibility of each layer, by name."""
        return {name: getattr(self, name) for name in ("lycees", "labels", "departements", "tiles")}


@dataclass(frozen=True, slots=True)
class VigilanceView:
    """List of points to watch: whether it is open, and its filters.

    ``sector`` is ``None`` for the region, ``decided`` for both states, ``origin`` (a word) for all.
    """

    opened: bool = False
    sector: str | None = None
    decided: bool | None = None
    origin: str | None = None

    def within(self, plan: Plan) -> Self:
        """Return the view without a sector that is not in a plan."""
        return replace(self, sector=self.sector if plan.has_sector(self.sector) else None)


@dataclass(frozen=True, slots=True)
class MoveView:
    """Move in preparation: its reason, and the lycées picked to move together.

    ``row`` is the lycée whose row of the table is open, ``filter`` a text in the names or towns of
    the rows shown. ``done`` is the lycée that was just moved: its other targets are ranked on
    request.
    """

    why: str = ""
    picked: tuple[str, ...] = ()
    row: str | None = None
    filter: str = ""
    done: str | None = None

    def within(self, plan: Plan) -> Self:
        """Return the view without lycées that are not in a plan."""
        picked = tuple(key for key in self.picked if key in plan.zone_by_lycee)
        return replace(
            self, picked=picked, row=self.row if self.row in plan.zone_by_lycee else None
        )


@dataclass(frozen=True, slots=True)
class LocationView:
    """Correction of a location; ``dragging``: dragging a lycée on the map moves it."""

    text: str = ""
    insist: bool = False
    dragging: bool = False


@dataclass(frozen=True, slots=True)
class OpeningView:
    """Opening of a lycée, new or on an existing site.

    ``clicking``: a click on the map gives the place; ``where`` is the address typed and ``site``
    the place that either gives. ``zone`` is the zone chosen, ``None`` for the zone drawn there.
    ``touched`` are the last event (id) that opened or closed a lycée and its sector (id), for which
    the best plan may be requested.
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
    """Form of the menu « Zones »; mappings are by zone."""

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
    """Form of the sectors: fields as typed, and the action prepared for the selected sector.

    ``typed`` holds the fields of `EditSector` by ``sector.field``, ``calendars`` whole calendars by
    sector, until they are recorded. ``into`` is the sector to merge with or to give a zone to;
    ``parts`` are, by sector, the zones that form the new sector.
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
    """Form of the menu « Verrous »; ``items`` are by kind."""

    kind: str = "lycee"
    items: Mapping[str, str] = field(default_factory=dict)
    reason: str = ""


@dataclass(frozen=True, slots=True)
class TravelView:
    """Drives shown on the map: between a pair of lycées, or from a place that was searched.

    ``engines`` (``None``: the engines of the settings) and ``communes`` define the next build.
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
        """Return the view without a pair or a sector of a centre that is not in a plan."""
        pair = self.pair if self.pair and set(self.pair) <= set(plan.zone_by_lycee) else None
        centre = self.centre if plan.has_sector(self.centre) else None
        return replace(self, pair=pair, centre=centre)


@dataclass(frozen=True, slots=True)
class ReliabilityView:
    """Driving times from the user's own file, kept for the session, or the faults of that file."""

    references: References | None = None
    file: str = ""
    faults: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ShareView:
    """Form of the page « Partager »; ``plan`` and ``other`` are codes of plans.

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
    """The Région's own slide template, kept for the session, or the reason why it was refused.

    ``mark`` is a hash of its content.
    """

    content: bytes | None = field(default=None, repr=False)
    name: str = ""
    mark: str = ""
    fault: str = ""


@dataclass(frozen=True, slots=True)
class MadeFile:
    """File ready to download; ``key`` identifies the request."""

    key: tuple[str, ...]
    name: str
    media: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Uploads:
    """Number of files taken from each uploader (`ui.uploads`)."""

    taken: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FileInMaking:
    """File being made; ``key`` identifies the request."""

    key: tuple[str, ...]
    media: str
    work: FileMaking | ZipMaking


@dataclass(frozen=True, slots=True)
class MadeFiles:
    """Files made for this session: only the last of each kind, because they are large.

    Each kind has at most one file made and one being made.
    """

    by_kind: Mapping[str, MadeFile] = field(default_factory=dict)
    in_making: Mapping[str, FileInMaking] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Demand:
    """Form of a proposal, as typed in the mode « proposer ».

    ``objective`` is what plans are optimised for (`rankings.OBJECTIVES`); sizes and counts are
    lycées and zones, ``cap`` minutes, ``seconds`` the search time; ``None`` means no constraint.
    ``pair`` holds the lycées about to be kept together or apart; ``without`` the lifted rules, by
    their keys (`domain.proposal_rules`). ``posts`` are T.I.P. per zone, ``pupils`` pupils per
    sector, fewest and most; the greatest value on offer means no upper bound
    (`ui.components.balance_fields`). ``robust`` is one of `domain.drawn_costs.ROBUST`.
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
        """Return the form without sectors, zones and lycées that are not in a plan."""
        lycees = plan.zone_by_lycee
        return replace(
            self,
            sectors=tuple(key for key in self.sectors if plan.has_sector(key)),
            held_zones=tuple(key for key in self.held_zones if plan.has_zone(key)),
            held_lycees=tuple(key for key in self.held_lycees if key in lycees),
            pair=tuple(key for key in self.pair if key in lycees),
            together=tuple(pair for pair in self.together if set(pair) <= set(lycees)),
            apart=tuple(pair for pair in self.apart if set(pair) <= set(lycees)),
        )


@dataclass(frozen=True, slots=True)
class ProposalView:
    """Search of the session, the selected point of its curve, and which plan is shown.

    ``moves`` is ``None`` for the last point. ``after`` shows the plan after the moves. ``opened``
    is a plan shown instead.
    """

    search: Search | None = None
    moves: int | None = None
    after: bool = True
    opened: Opened | None = None


@dataclass(frozen=True, slots=True)
class CentresView:
    """Last search of the best support centres."""

    search: CentresSearch | None = None


@dataclass(frozen=True, slots=True)
class FrontView:
    """Last search of a Pareto front, and its two measures (`workspace.proposals.fronts`)."""

    search: FrontJob | None = None
    x: str = "moves"
    y: str = "hours"


@dataclass(frozen=True, slots=True)
class WhyNotView:
    """Last search of « Pourquoi pas ailleurs ? »."""

    search: WhyNotSearch | None = None


@dataclass(frozen=True, slots=True)
class TeamView:
    """State of the page « Équipes »; ``first`` and ``last`` are the dates of an absence."""

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
        """Return the view without a sector or a zone that is not in a plan."""
        sector = self.sector if plan.has_sector(self.sector) else None
        zones = {zone.id: zone.sector for zone in plan.zones}
        if self.zone is not None and (self.zone not in zones or zones[self.zone] != sector):
            return replace(self, sector=sector, zone=None, post=None)
        return replace(self, sector=sector)


@dataclass(frozen=True, slots=True)
class BilanView:
    """State of the part « Bilan ».

    ``file`` is the journal file (id) chosen to be deleted, ``format`` the format of the document;
    ``names`` keeps the technicians' names with the import; ``again`` is the search of a new
    proposal under the observed hypotheses.
    """

    file: str | None = None
    names: bool = False
    format: str = "pdf"
    again: AgainSearch | None = None


@dataclass(frozen=True, slots=True)
class TeamProposalView:
    """Search of posts of the session; ``share``: full-time percentage of the posts added."""

    search: TeamSearch | None = None
    share: int = 100
    keep: bool = False


@dataclass(frozen=True, slots=True)
class DataView:
    """Shown part of the page « Données », and the name typed to be erased."""

    part: str = "liste"
    erased: str = ""


@dataclass(frozen=True, slots=True)
class ListView:
    """Import in progress on the page « Données », and its step, from 1.

    ``in_force`` compares the list with the plan in force instead of the current scenario;
    ``keep_absent`` keeps the lycées that are missing from the list; ``shown`` says which repairs
    are listed; ``pasted`` is the text to read, ``name`` the name of the new scenario, ``proposed``
    its default. ``reading`` is the job that reads the list.
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
    """State of the page « Scénarios », and its forms by scenario.

    ``lasts`` is the number of days that the next link stays open, in digits (empty: without end),
    ``comments`` whether its readers may leave comments; ``compared`` are the scenarios side by
    side; ``others``, ``owners``, ``editors`` and ``readers`` hold the access rights.
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
    """Step of the webinar being edited, from 0; its fields as typed, by version and rank."""

    step: int = 0
    added: tuple[StepKind, str | None] | None = None
    shown: Mapping[str, tuple[StepKind, str | None]] = field(default_factory=dict)
    titles: Mapping[str, str] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)

"""Staffing of a plan: needs, posts, absences; its posts and its yearly cost in sentences."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache, partial
from html import escape
from math import isfinite
from secrets import token_hex
from typing import TYPE_CHECKING, Any

from geozones.common.french import capital, inside, listing, long_date, minutes, number, plural
from geozones.domain import Plan, SearchCancelledError, TravelTimes
from geozones.domain.events import State, read_change
from geozones.domain.organisation import (
    NOT_PUBLISHED,
    ChartLycee,
    ChartPost,
    ChartZone,
    SectorChart,
)
from geozones.domain.plan_documents import post_to_json
from geozones.domain.school_calendar import Period
from geozones.domain.settings import TeamSettings
from geozones.domain.teams import (
    DEFAULT_PUPILS,
    SLOTS,
    Basis,
    Misfit,
    Post,
    Teams,
    fitted_per_half_day,
    misfits,
)
from geozones.domain.terms import has_organisation, terms, worded
from geozones.domain.times import ESTIMATED_MEANS
from geozones.domain.yearly_cost import CostInterval, YearlyCost, sum_costs
from geozones.export.file_parts import printable
from geozones.jobs import SEARCHES, Job, Listener, Steps
from geozones.metrics.metric import whole_hours
from geozones.teams.checker import (
    PostRequirements,
    PostViolation,
    check_posts,
    travel_minutes,
    unshared_lycees,
)
from geozones.teams.staffing_problem import StaffingOptions, StaffingRequest
from geozones.teams.zone_cover import PostAbsence, Relief, Schedule, ZoneTeam, reliefs
from geozones.workspace.figures.costs import DRAWS, Covers
from geozones.workspace.figures.plan_comparison import changed_zones
from geozones.workspace.figures.study import Study
from geozones.workspace.folder.atlas import is_delivered_territory
from geozones.workspace.folder.calendar import technicians_by_sector
from geozones.workspace.folder.territory import Territory

if TYPE_CHECKING:
    from geozones.intake.site_tables import NeedsFile
    from geozones.teams.posts_proposal import MorePosts
    from geozones.teams.posts_proposal import PostsProposal as PostsProposal  # noqa: PLC0414 - for ui


@dataclass(frozen=True)
class NeedsChange:
    """An event to record: its kind and its data."""

    kind: str
    data: dict[str, Any]


def read_needs(
    territory: Territory, content: bytes, corrections: Mapping[str, str] | None = None
) -> "NeedsFile":
    """Read a table of needs or sizes, from CSV or a spreadsheet; raises ``InputError``."""
    from geozones.intake.site_tables import read_needs_file  # noqa: PLC0415 - seldom used

    return read_needs_file(content, territory.lycees, corrections)


def needs_changes(study: Study, file: "NeedsFile") -> tuple[NeedsChange, ...]:
    """Return the events that record a file in the scenario of a study, in their order.

    The weight of workstations and tickets is fitted so that the half-days a week of their lycées
    stay the same in total, without lycées that have a need of their own. Pupils keep the rule's own
    value.
    """
    changes, state = [], study.state
    if file.needs:
        changes.append(NeedsChange("set_needs", {"needs": file.needs}))
        state = _applied(state, changes)
    if file.basis is not None and file.sizes:
        basis = file.basis
        sizes = file.sizes
        rule = state.teams.rule
        kept = rule.per_half_day.get(basis, DEFAULT_PUPILS)
        if basis is Basis.PUPILS:
            worth = kept
        else:
            lycees = study.territory.lycees
            free = [key for key in sizes if key not in state.teams.needs]
            total = sum(state.teams.need(lycees[key]).half_days for key in free)
            if not any(sizes[key] for key in free):
                worth = kept
            else:
                worth = fitted_per_half_day(
                    [sizes[key] for key in free], rule.site_half_days, total
                )
        data = {"basis": file.basis.value, "sizes": file.sizes, "per_half_day": worth}
        changes.append(NeedsChange("set_sizes", data))
    return tuple(changes)


def with_needs(study: Study, changes: Sequence[NeedsChange]) -> Study:
    """Return a study after some events of its scenario; raises as they do."""
    return study.with_teams(_applied(study.state, changes).teams)


def _applied(state: State, changes: Sequence[NeedsChange]) -> State:
    for change in changes:
        state = read_change(change.kind, change.data).apply(state)
    return state


__all__ = ["Relief", "Schedule", "Staff"]

#: Most work to find whether a zone needs more posts, in nodes of the solver: the question is asked
#: while a page waits, and takes the zones of the region one node.
_MORE_POSTS_NODES = 50
#: Progress callback: current zone, zones done, total zones.
type Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class AnyAbsence:
    """What the absence of a post leaves in a week when nobody else is absent."""

    post: Post
    missed: int  # Half-days that the post is due in a lycée.
    lycees: dict[str, int]  # Half-days without anybody, by lycée (id).

    @property
    def empty(self) -> int:
        """Half-days without anybody, of all lycées."""
        return sum(self.lycees.values())


@dataclass(frozen=True, eq=False)
class Staff:
    """The people of a plan, on its territory: posts, covers, checks, proposals."""

    study: Study

    @property
    def plan(self) -> Plan:
        """The plan of the posts."""
        return self.study.plan

    @property
    def people(self) -> Teams:
        """Needs and posts."""
        return self.study.teams

    @property
    def covers(self) -> Covers:
        """Covers of absences, cached."""
        return self.study.analysis.covers

    def label(self, post: Post) -> str:
        """Return the label of a post: its number and zone."""
        return self.people.label(self.plan, post)

    def needs(self, zone: str) -> dict[str, int]:
        """Return the half-days a week that each lycée of a zone needs."""
        return self.covers.needs(self.plan, self.people, zone)

    def travel(self, posts: Iterable[Post]) -> float:
        """Return minutes of drive a week: each day, from the résidence to its lycées and back."""
        return travel_minutes(posts, self.study.times)

    @property
    def misfits(self) -> tuple[Misfit, ...]:
        """Posts that no longer fit the plan: their zone, or a lycée of their week, has left."""
        return misfits(self.people, self.plan)

    def team(self, zone: str) -> ZoneTeam:
        """Return the team of a zone, with the T.I.S. that it can call."""
        return self.covers.team(self.plan, self.people, zone)

    def check(self, zone: str) -> tuple[PostViolation, ...]:
        """Return the rules that the posts of a zone break, in sentences."""
        requirements = PostRequirements(
            self.needs(zone),
            self.study.times,
            self.study.settings.teams,
            name=self.study.name,
            label=self.label,
        )
        return check_posts(self.people.of_zone(zone), requirements)

    def sentences(self, zone: str) -> tuple[str, ...]:
        """Return the faults of a zone's posts, in sentences; exceptions are left out."""
        rules = [breach for breach in self.study.alerts([zone]) if breach.post is not None]
        # the plan's rules report a lycée out of the zone, with its half-days
        faults = [fault for fault in self.check(zone) if fault.rule != "zone"]
        return (*(fault.message for fault in faults), *(breach.message for breach in rules))

    def exceptions(self, zone: str) -> tuple[str, ...]:
        """Return the accepted exceptions of a zone's posts, each with its reason."""
        breaches = [breach for breach in self.study.check([zone]) if breach.post is not None]
        return tuple(breach.message for breach in breaches if not breach.is_alert)

    def options(self, **fields: Any) -> StaffingOptions:  # noqa: ANN401 - fields of StaffingOptions
        """Return options of a proposal, under the territory's hypotheses about teams."""
        return StaffingOptions(settings=self.study.settings.teams, **fields)

    def propose(
        self, zones: Sequence[str], options: StaffingOptions, progress: Progress | None = None
    ) -> tuple["PostsProposal", ...]:
        """Return the posts proposed for some zones, one after the other, each with its proof.

        If ``progress`` raises ``SearchCancelledError``,
        the proposals already found are returned.
        """
        from geozones.teams.posts_proposal import propose_posts  # noqa: PLC0415 - the solver, if asked

        proposals: list[PostsProposal] = []
        wanted = [zone for zone in zones if self.plan.members(zone)]

        def tell(name: str, done: int) -> None:
            if progress is not None:
                progress(name, done, len(wanted))

        try:
            for rank, zone in enumerate(wanted):
                name = self.plan.zone(zone).name
                tell(name, rank)
                asked = self._ask(zone)
                proposals.append(propose_posts(asked, options, partial(tell, name, rank)))
            tell("", len(wanted))
        except SearchCancelledError:
            return tuple(proposals)
        return tuple(proposals)

    def _ask(self, zone: str) -> StaffingRequest:
        return StaffingRequest(
            zone,
            self.needs(zone),
            self.study.times,
            self.people.of_zone(zone),
            self.study.name,
            lambda _: f"tip-{token_hex(5)}",
        )

    def more_posts(self, zone: str) -> "MorePosts | None":
        """Return the posts that a proposal for a zone needs beyond those that its cost counts.

        ``None`` if it needs no more, if posts are defined in the zone, or if the time was too short
        to know. The answer is cached.
        """
        cost = self.study.cost(zone_id=zone)
        if cost.defined or not cost.lycees:
            return None
        needs = tuple(sorted(self.needs(zone).items()))
        return _more_posts(self.study.times, self.study.settings.teams, needs, cost.posts)

    def more_posts_said(self, zones: Sequence[str]) -> tuple[str, ...]:
        """Return the sentence of each zone (id) whose proposal needs more posts, with its name."""
        found = ((zone, self.more_posts(zone)) for zone in zones)
        return tuple(
            f"{self.plan.zone(zone).name} : {inside(more.sentence)}"
            for zone, more in found
            if more is not None
        )

    def absence(self, post: str, first: date, last: date) -> Schedule:
        """Return who covers each half-day that a post (id) misses on the days that are worked."""
        zone = self.people.post(post).zone
        return reliefs(self.team(zone), [PostAbsence(post, first, last)], self.study.atlas.school)

    def counted_days(self, first: date, last: date) -> str:
        """Describe the days that an absence counts, in a sentence."""
        school = self.study.atlas.school
        if school.knows(Period(first, last)):
            left = f"hors jours fériés et vacances scolaires ({school.zone})"
        else:
            left = "hors jours fériés ; les vacances scolaires ne sont pas connues et sont comptées"
        return f"Jours comptés : du lundi au vendredi, {left}."

    def left(self, zones: Iterable[str]) -> tuple[AnyAbsence, ...]:
        """Return what the absence of each post of some zones (ids) leaves, the worst first.

        Equals come in the order of their zones, then of their posts. No lycée waits for somebody
        before the week, and no colleague has reached the monthly cap.
        """
        absences = []
        for team in map(self.team, zones):
            for rank, post in enumerate(team.posts):
                week = [m for slot in range(SLOTS) for m in team.serve(slot, 1 << rank).missed]
                lycees = Counter(lycee for missed in week for lycee in missed.empty)
                absences.append(AnyAbsence(post, len(week), dict(lycees)))
        return tuple(sorted(absences, key=lambda absence: -absence.empty))


@lru_cache(maxsize=4096)
def _more_posts(
    times: TravelTimes, settings: TeamSettings, needs: tuple[tuple[str, int], ...], counted: int
) -> "MorePosts | None":
    from geozones.teams.posts_proposal import more_posts  # noqa: PLC0415 - the solver, if asked

    request = StaffingRequest("", dict(needs), times)
    return more_posts(request, StaffingOptions(settings=settings, nodes=_MORE_POSTS_NODES), counted)


def post_sentences(before: Study, after: Study) -> tuple[str, ...]:
    """Return the sentences on the posts of the zones that differ in the second plan.

    Needs are rounded up to whole posts: a zone whose needs fill its posts is one half-day away from
    another one. A zone whose team proposal needs more posts than are counted says so too.
    """
    _, zones = changed_zones(before.plan, after.plan)
    kept = [zone for zone in zones if after.plan.members(zone)]
    return (*_full(after, kept), *Staff(after).more_posts_said(kept))


def _full(study: Study, zones: list[str]) -> tuple[str, ...]:
    full = []
    for zone in zones:
        cost = study.cost(zone_id=zone)
        needed = SLOTS * cost.full_time_equivalents
        if not cost.defined and needed and round(needed) >= SLOTS * cost.posts:
            full.append(f"{study.plan.zone(zone).name} ({number(cost.posts)})")
    if not full:
        return ()
    sentence = (
        f"Postes complets : {listing(full)}. Une demi-journée de besoin de plus y demande un poste "
        "de plus."
    )
    return (sentence,)


#: Weeks of a month, for visits counted by the month.
_WEEKS = 52 / 12


def technicians_line(study: Study, sector: str) -> str:
    """Return how many T.I.S. a sector has, from where, and how much of their time visits take.

    Every lycée is visited ``tis_visits`` times a month, ``tis_minutes`` each, there and back.
    """
    tis, support = terms().sector_technician, terms().support_centre
    count = technicians_by_sector(study.plan, study.atlas.calendar)[sector]
    counted = tis.counted(count) if count else worded("{Sector_technicians} : nombre non publié")
    centre = study.plan.sector(sector).support_centre
    if centre is None:
        return f"{counted}, {support} non publié"
    settings, one_way = study.settings.teams, study.times.one_way
    others = [lycee for lycee in study.plan.lycees_of(sector) if lycee != centre]
    road = sum(one_way[centre][lycee] + one_way[lycee][centre] for lycee in others)
    stays = settings.tis_minutes * (len(others) + 1)
    week = settings.tis_visits / _WEEKS * (road + stays)
    line = f"{counted} depuis {study.name(centre)}"
    if not count or not isfinite(week):
        return line
    share = week / (count * SLOTS * settings.half_day_minutes)
    return f"{line}, {number(100 * share)} % de {'leur' if count > 1 else 'son'} temps en visites"


@dataclass(frozen=True, slots=True)
class PostsRequest:
    """Search of posts: the study, the zones (ids) and the options (`Staff.propose`)."""

    study: Study
    zones: tuple[str, ...]
    options: "StaffingOptions"


type PostsJob = Job[PostsRequest, Steps, tuple["PostsProposal", ...]]


def posts_job(asked: PostsRequest) -> PostsJob:
    """Return the job of a search of posts; its steps are zones."""
    return Job(SEARCHES, search_posts, asked, Steps(0, len(asked.zones)))


def search_posts(listen: Listener, asked: PostsRequest) -> tuple["PostsProposal", ...]:
    """Propose the posts of each zone; raise as `Staff.propose`."""
    return Staff(asked.study).propose(
        asked.zones, asked.options, lambda zone, done, total: listen(done, total, zone)
    )


def with_proposals(people: Teams, proposals: Sequence["PostsProposal"]) -> Teams:
    """Return needs and posts as if some proposals were adopted."""
    solved = [proposal for proposal in proposals if proposal.levels]
    posts = [post for proposal in solved for post in proposal.posts]
    return people.with_posts([proposal.zone for proposal in solved], posts)


def posts_event(proposals: Sequence["PostsProposal"]) -> dict[str, Any]:
    """Return the ``set_posts`` event that adopts proposals.

    Zones without a proposal keep their posts. The exception for a lycée of a single post is stored
    with that post, unless the post has its own.
    """
    solved = [proposal for proposal in proposals if proposal.levels]
    exceptions: dict[str, dict[str, str]] = {}
    for proposal in solved:
        for entry in sorted(proposal.exceptions, key=lambda entry: entry.post is None):
            knows = (post.id for post in proposal.posts if entry.lycee in post.lycees)
            why = {"cause": entry.why.cause.value, "note": entry.why.note}
            exceptions.setdefault(entry.post or next(knows), why)
    return {
        "zones": [proposal.zone for proposal in solved],
        "posts": [post_to_json(post) for proposal in solved for post in proposal.posts],
        "exceptions": exceptions,
    }


#: Heads of the table of an absence, for `worded`.
RELIEF_HEADS = (
    "Date",
    "Demi-journée",
    "{Site}",
    "Qui vient",
    "D'où",
    "Trajet",
    "Ce qui est laissé",
)
_STYLE = """
body { font: 10.5pt/1.4 sans-serif; color: #15202b; margin: 2cm; }
h1 { font-size: 16pt; margin: 0 0 .3em; } p { margin: .2em 0; }
table { border-collapse: collapse; width: 100%; margin: 1em 0; }
th, td { border: 1px solid #999; padding: .3em .45em; text-align: left; vertical-align: top; }
th { background: #eee; } tr { break-inside: avoid; } thead { display: table-header-group; }
footer { color: #555; font-size: 8.5pt; } @page { size: A4 landscape; margin: 1.2cm; }
@media print { body { margin: 0; } }
"""


def absence_sheet(
    staff: Staff, post: str, dates: tuple[date, date], rows: Sequence[Sequence[str]]
) -> str:
    """Return the sheet of a post's absence; ``rows`` describe the half-days missed."""
    entry = staff.people.post(post)
    sector = staff.plan.sector(staff.plan.zone(entry.zone).sector)
    title = f"Absence de {staff.label(entry)}"
    first, last = (long_date(day.isoformat()) for day in dates)
    times = staff.study.times
    body = "".join(
        "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows
    )
    heads = "".join(f'<th scope="col">{escape(worded(head))}</th>' for head in RELIEF_HEADS)
    status = staff.study.decisions.sector_text(sector.id)
    led = f", RNS : {sector.rns or NOT_PUBLISHED}" if has_organisation() else ""
    source = (
        f"Trajets en voiture : {times.provenance.label}, {long_date(times.provenance.date)}"
        f" ; entre parenthèses, {times.interval_means} ; estimé : "
        f"{ESTIMATED_MEANS}. {staff.counted_days(*dates)}"
    )
    return (
        '<!doctype html><html lang="fr"><head><meta charset="utf-8">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head><body>"
        f"<h1>{escape(title)}</h1><p>Du {first} au {last} : "
        f"{plural(len(rows), 'demi-journée manquée', 'demi-journées manquées')}.</p>"
        f"<p>Secteur {escape(sector.name)} ({escape(status)}){escape(led)}.</p>"
        f"<table><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table>"
        f"<footer>{escape(source)}</footer></body></html>"
    )


_PLAN = "par le plan"


def sector_chart(study: Study, code: str) -> SectorChart:
    """Return the chart of a sector (id): its zones with lycées, and the posts of the scenario."""
    plan = study.plan
    sector = plan.sector(code)
    due = technicians_by_sector(plan, study.atlas.calendar)[code]
    own = sector.technicians is not None
    centre = sector.support_centre
    return SectorChart(
        id=code,
        name=printable(sector.name),
        rns=printable(sector.rns or ""),
        support=None if centre is None else _lycee(study, centre),
        technicians=due if own or due else None,
        technicians_source=_PLAN if own else "",
        zones=tuple(_zone(study, zone.id) for zone in plan.zones_of(code) if plan.members(zone.id)),
    )


def _zone(study: Study, zone: str) -> ChartZone:
    lycees = tuple(_lycee(study, lycee) for lycee in study.plan.members(zone))
    posts = tuple(
        ChartPost(
            f"{capital(terms().proximity_technician.singular)} {rank}",
            tuple(
                ChartLycee(
                    lycee,
                    printable(study.territory.lycees[lycee].name),
                    plural(post.cells.count(lycee), "demi-journée"),
                )
                for lycee in post.lycees
            ),
        )
        for rank, post in enumerate(study.teams.of_zone(zone), 1)
    )
    name = printable(study.plan.zone(zone).name)
    return ChartZone(zone, name, study.zone_numbers[zone], lycees, posts)


def _lycee(study: Study, lycee: str) -> ChartLycee:
    place = study.territory.lycees[lycee]
    support = study.plan.sector_of(lycee).support_centre == lycee
    where = "" if place.label == place.name else printable(place.commune)
    return ChartLycee(lycee, printable(place.name), where, support)


#: Share of zones of the shipped plan within a tenth of simulated years with the weeks that the tool
#: proposes: ``tests/cost/test_simulated_years.py``.
CLOSED_FORM_ACCURACY = (
    "L'estimation est à 10 % près de 400 années simulées dans 25 des 32 zones pour la route, dans "
    "29 pour la présence. Les plus loin : Les Sables-d'Olonne et Mayenne – Évron – Sillé, près "
    "d'un quart de route en trop peu."
)
#: The same on another territory, none of whose zones was simulated.
_NOT_COMPARED = "Sur ce territoire, l'estimation n'a pas été comparée à une année simulée."
#: Fewest zones of the same size for their mean to be shown.
_FEWEST = 2


def hours_a_lycee(cost: YearlyCost) -> float:
    """Return the yearly cost per lycée, in hours."""
    return cost.total_hours / cost.lycees if cost.lycees else 0.0


def cost_sentences(study: Study, zones: Sequence[str]) -> tuple[str, ...]:
    """Describe the cost per lycée of some zones (ids): extremes, and means by zone size."""
    costs = {zone: study.cost(zone_id=zone) for zone in zones}
    if not costs or not all(isfinite(cost.total_hours) for cost in costs.values()):
        return ()
    whole = sum_costs(costs.values(), study.settings)
    each = hours_a_lycee(whole)
    sentences = [f"Par {terms().site} et par an : {_hours(each)}."]
    if len(costs) > 1:
        ranked = sorted(costs, key=lambda zone: hours_a_lycee(costs[zone]))
        least, most = (
            f"{study.plan.zone(zone).name} ({_hours(hours_a_lycee(costs[zone]))} par "
            f"{terms().site})"
            for zone in (ranked[0], ranked[-1])
        )
        sentences.append(f"La zone la plus chère : {most} ; la moins chère : {least}.")
    return (*sentences, *_by_status(study, costs), *_by_size(study, list(costs.values())))


def interval_sentences(interval: CostInterval) -> tuple[str, ...]:
    """Describe the uncertainty of a cost; empty if it is unknown."""
    figures = (interval.total_hours, interval.road_hours, interval.unattended_hours)
    if not all(isfinite(end) for ends in figures for end in ends):
        return ()
    total, road, without = (_between(*ends) for ends in figures)
    drawn = (
        f"Huit fois sur dix, le coût est {total} : route {road}, sans {terms().technician} "
        f"{without}, quand les durées, les absences, les visites et les besoins varient "
        f"({DRAWS} calculs, à nombre de postes égal)."
    )
    unstaffed = _unstaffed(*interval.unstaffed_hours)
    return (drawn, *unstaffed, CLOSED_FORM_ACCURACY if is_delivered_territory() else _NOT_COMPARED)


def posts_text(study: Study, sector_id: str | None = None, zone_id: str | None = None) -> str:
    """Say between how many whole posts an area needs if needs vary; empty if always as many."""
    low, high = study.posts_range(sector_id=sector_id, zone_id=zone_id)
    if low == high:
        return ""
    ends = f"de {number(low)} à {number(high)}"
    return f"{ends} si les besoins varient de 10 % : chaque zone arrondit au-dessus"


def least_covered(study: Study, zones: Sequence[str]) -> str:
    """Name the zone of several that absorbs the least of its absences, with its share."""
    shares = {zone: study.cost(zone_id=zone).absorbed_share for zone in zones}
    known = {zone: share for zone, share in shares.items() if share is not None}
    if len(known) < _FEWEST:
        return ""
    zone = min(known, key=lambda key: (known[key], key))
    return f"la zone la moins couverte : {study.plan.zone(zone).name}, {number(known[zone])} %"


def _unstaffed(low: float, high: float) -> tuple[str, ...]:
    """Say how many hours of needs would have no post if needs vary; empty under one hour."""
    if round(high) < 1:
        return ()
    told = (
        f"Les besoins sans poste vont de {number(low)} à {_hours(high)} si les besoins varient. "
        "Ils dépendent de l'arrondi à des postes entiers, non de la carte : cet intervalle ne les "
        "compte pas."
    )
    return (told,)


def written_total(cost: YearlyCost) -> float:
    """Return the yearly hours of a cost: the sum of their parts, each as it is written."""
    keys = ("total_hours", "road_hours", "unattended_hours", "unstaffed_hours")
    values: dict[str, float] = {key: getattr(cost, key) for key in keys}
    return whole_hours(values).get("total_hours", cost.total_hours)


def beside_sentences(study: Study, cost: YearlyCost, zones: Sequence[str]) -> tuple[str, ...]:
    """Describe the hours that stand beside a cost, and the cost of the grids if there are some."""
    beside = (
        f"Heures hors du coût : {_hours(cost.reduced_hours)} d'effectif réduit, "
        f"{_hours(cost.displaced_hours)} déplacées."
    )
    sentences = [beside]
    experts, centre = terms().sector_technician.plural, terms().support_centre
    if cost.tis_hours is not None:
        sentences.append(f"Route des {experts}, hors du coût : {_hours(cost.tis_hours)}.")
    if has_organisation() and (without := cost.unknown.get("tis", 0)):
        sentences.append(
            f"Route des {experts} non renseignée dans {plural(without, 'zone')} : leur secteur n'a "
            f"pas {centre.of} nommé."
        )
    grids = study.grid_cost(zones)
    if grids is not None and zones:
        sentences.append(
            f"Avec les semaines des postes définis ici ({plural(grids.posts, 'poste')}), le coût "
            f"est de {_hours(written_total(grids))} : {_hours(grids.road_hours)} de route, "
            f"{_hours(grids.unattended_hours)} sans {terms().technician}."
        )
    else:
        sentences.append(
            "Nombre de postes : besoins divisés par 10, arrondis à l'entier supérieur dans chaque "
            "zone."
        )
    return tuple(sentences)


@dataclass(frozen=True, slots=True)
class UnsharedLycees:
    """Lycées (ids) of some zones that their posts share with no other: exceptions to sharing.

    ``new`` are those that share their posts in the plan in force.
    """

    every: tuple[str, ...]
    new: tuple[str, ...]


def unshared_in(study: Study, zones: Sequence[str]) -> UnsharedLycees:
    """Return the lycées of some zones (ids) that are too remote to share a post."""
    every = [lycee for zone in zones for lycee in _unshared(study, study.plan, zone)]
    before = study.reference
    known = {
        zone
        for lycee in every
        if (zone := (before.zone_of(lycee).id if lycee in before.zone_by_lycee else None))
    }
    already = {lycee for zone in known for lycee in _unshared(study, before, zone)}
    return UnsharedLycees(tuple(every), tuple(lycee for lycee in every if lycee not in already))


def _unshared(study: Study, plan: Plan, zone: str) -> tuple[str, ...]:
    members = [lycee for lycee in plan.members(zone) if lycee in study.times.origin_index]
    return unshared_lycees(members, study.times, study.settings.teams.shared_minutes)


def sharing_sentences(study: Study, zones: Sequence[str]) -> tuple[str, ...]:
    """Describe the lycées too remote to share a post: they are exceptions, with less road."""
    found = unshared_in(study, zones)
    if not found.every:
        return ()
    reach, site = minutes(study.settings.teams.shared_minutes), terms().site
    names = listing([study.name(lycee) for lycee in found.every])
    one = len(found.every) == 1
    zone, posts = ("sa zone", "ses postes") if one else ("leur zone", "leurs postes")
    sentence = (
        f"À plus de {reach} de tout autre {site} de {zone} : {names}. Par exception, "
        f"{posts} n'y sont pas partagés, et le coût ne compte pas cette route."
    )
    if not found.new:
        return (sentence,)
    new = listing([study.name(lycee) for lycee in found.new])
    word = "Exception nouvelle" if len(found.new) == 1 else "Exceptions nouvelles"
    return (sentence, f"{word} : {new}.")


def _by_status(study: Study, costs: Mapping[str, YearlyCost]) -> tuple[str, ...]:
    """Describe the mean cost of a lycée by status of its sector, if there are several."""
    groups: dict[str, list[YearlyCost]] = {}
    for zone, cost in costs.items():
        status = study.decisions.sector(study.plan.zone(zone).sector)
        groups.setdefault(status.label, []).append(cost)
    if len(groups) < 2:
        return ()
    parts = [
        f"{_hours(hours_a_lycee(sum_costs(group, study.settings)))} en secteur {label}"
        for label, group in groups.items()
    ]
    return (f"Par {terms().site}, selon le statut de son secteur : {listing(parts)}.",)


def _by_size(study: Study, costs: Sequence[YearlyCost]) -> tuple[str, ...]:
    """Describe the mean cost of a lycée by zone size, if several sizes have enough zones."""
    sizes: dict[int, list[YearlyCost]] = {}
    for cost in costs:
        sizes.setdefault(cost.lycees, []).append(cost)
    known = {size: group for size, group in sorted(sizes.items()) if len(group) >= _FEWEST}
    if len(known) < 2:
        return ()
    parts = [
        f"{_hours(hours_a_lycee(sum_costs(group, study.settings)))} dans les {len(group)} zones "
        f"de {size}"
        for size, group in known.items()
    ]
    sentence = (
        f"Par {terms().site}, selon la taille de sa zone : {listing(parts)}. Ces zones ne sont pas "
        "au même "
        "endroit : la taille n'explique pas tout l'écart."
    )
    return (sentence,)


def _between(low: float, high: float) -> str:
    if round(high) < 1:
        return "de moins d'une heure"
    return f"entre {number(low)} et {number(high)}\u00a0h"


def _hours(value: float) -> str:
    return f"{number(value)}\u00a0h"

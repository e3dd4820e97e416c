"""Plan on screen at a date of the calendar, its comparison, mode of the map, once per run."""

from dataclasses import dataclass, replace

import htpy
import streamlit as st

from geozones.common.errors import GeozonesError
from geozones.common.french import long_date, plural
from geozones.domain import Publication
from geozones.domain.publications import spans
from geozones.domain.terms import terms
from geozones.ui import current_scenario, state
from geozones.ui.carte.travel_tables import follow_choice
from geozones.ui.feature_parts import MapPart
from geozones.ui.opened_data import current_analysis, ledger
from geozones.ui.state import address
from geozones.ui.state.carte_views import MapView, Mode, ProposalView, TravelView
from geozones.ui.widgets import html
from geozones.ui.widgets.scenario_bar import BASELINE, PUBLICATION
from geozones.workspace.atlas import Atlas
from geozones.workspace.calendar import PLANNED, deployed_sectors, due, staffing
from geozones.workspace.ledger import study_of_publication
from geozones.workspace.proposals.packages import SortedPackages, sort_packages
from geozones.workspace.proposals.search import (
    PlanJob,
    Point,
    points_of,
    proposal_at,
)
from geozones.workspace.reachability.accessibility import (
    PlaceAccess,
    access,
)
from geozones.workspace.scenarios.open_scenario import Work, study_of_work
from geozones.workspace.study import Study, baseline_study


@dataclass(frozen=True, slots=True)
class Day:
    """A date of the map: today, or a date to come from which the map is another one."""

    label: str  # Name on screen.
    date: str  # ISO date.
    rank: int  # Rank of the last step of the deployment by then; -1 before the first.
    begins: Publication | None = None  # The publication that comes in force on that day, if any.


def days(atlas: Atlas) -> tuple[Day, ...]:
    """Return today, then the dates to come that change the map, in order.

    They are the steps of the deployment that put sectors to work, and the days when another plan
    begins.
    """
    held, calendar = ledger(), atlas.calendar
    begins = {span.start: span.publication for span in spans(held.entries) if span.start}
    labels = {step.date: step.label for step in calendar}
    shown = [Day("Aujourd'hui", held.today, _rank(atlas, held.today), begins.get(held.today))]
    for date in sorted(labels.keys() | begins.keys()):
        rank = _rank(atlas, date)
        at_work = (deployed_sectors(atlas.plan, calendar, at) for at in (shown[-1].rank, rank))
        if date > held.today and (date in begins or len(set(at_work)) > 1):
            shown.append(Day(labels.get(date, long_date(date)), date, rank, begins.get(date)))
    return tuple(shown)


def _rank(atlas: Atlas, date: str) -> int:
    return sum(step.date <= date for step in atlas.calendar) - 1


def is_past_day(atlas: Atlas, date: str) -> bool:
    """Tell whether the calendar or the publications have a date that is over."""
    known = {step.date for step in atlas.calendar}
    known |= {span.start for span in spans(ledger().entries) if span.start}
    return date in known and date <= ledger().today


def chosen_day(atlas: Atlas) -> Day:
    """Return the date shown: the chosen one, else today."""
    listed, step = days(atlas), state.of(MapView).step
    return next((day for day in listed if day.label == step), listed[0])


def shown_publication(atlas: Atlas) -> Publication:
    """Return the publication shown where the plan in force is on screen.

    It is the publication chosen in the list, else the one in force at the chosen date, else
    today's.
    """
    view, held = state.of(MapView), ledger()
    if view.publication is not None:
        known = {entry.id: entry for entry in held.plans}
        if view.publication in known:
            return known[view.publication]
    return held.on(None if view.step is None else chosen_day(atlas).date)


#: Code of no comparison.
NOTHING = "rien"
#: Colouring by the drives from a place, beside the colourings by a metric.
ACCESS = "acces"


@dataclass(frozen=True, slots=True)
class Screen:
    """Content of the screen.

    ``study`` holds the plan shown, ``work`` the scenario of the session; lycées are ``movable`` in
    its plan, or in the baseline that its first change starts from. ``reference`` is the study that
    figures and zones are compared with. ``packages`` are those of the ``point``, by their
    state: the map shows those left. ``publication`` is the publication shown, if the plan is not a
    scenario's. ``job`` is the search of proposals and ``point`` the selected point; ``access``
    holds the drives that colour the communes, ``problem`` why they are not available; ``pair`` are
    two lycées whose drive is shown. ``parts`` are the lists of features, in `map_lists`' order.
    """

    study: Study
    work: Work
    mode: Mode
    movable: bool = False
    reference: Study | None = None
    job: PlanJob | None = None
    point: Point | None = None
    packages: SortedPackages | None = None
    access: PlaceAccess | None = None
    problem: str = ""
    pair: tuple[str, str] | None = None
    publication: Publication | None = None
    parts: tuple[MapPart, ...] = ()

    @property
    def is_published(self) -> bool:
        """Tell whether the plan shown is a publication, in force or not, rather than a scenario."""
        return self.publication is not None


def shows_baseline(work: Work) -> bool:
    """Tell whether the baseline is shown: by choice, or because nothing was changed yet."""
    return state.of(MapView).baseline or not has_own_plan(work)


def has_own_plan(work: Work) -> bool:
    """Tell whether a scenario has changes beyond the baseline that it began with."""
    return not work.is_untouched


def on_screen(study: Study) -> Screen:
    """Return the content of the screen; ``study`` is the study of the session's scenario."""
    screen = plan_on_screen(study)
    if screen.mode is Mode.PROPOSE:
        return screen
    reference = _reference(study)
    if reference is not None:
        # both of today: a difference is of the map, not of the days when figures were kept
        reference = reference.recomputed()
        screen = replace(screen, study=screen.study.recomputed())
    return _with_drives(replace(screen, reference=reference))


def plan_on_screen(study: Study) -> Screen:
    """Return the plan on screen and the mode, which is all that a gesture needs.

    The plan compared with is not opened, and no engine is asked for drives.
    """
    work = current_scenario.current()
    mode = _mode()
    if mode is Mode.PROPOSE:
        return _proposed(study, work)
    if not shows_baseline(work):
        return Screen(study, work, mode, movable=True)
    return _published(work)


def _mode() -> Mode:
    mode = state.of(MapView).mode
    if mode is None:
        mode = address.asked_mode()
        state.update(MapView, mode=mode)
    return mode


def _published(work: Work) -> Screen:
    """Return the baseline at the selected date, or the publication chosen."""
    publication = shown_publication(ledger().atlas)
    analysis = current_analysis()  # neither posts nor hypotheses of the scenario that is open
    is_baseline = publication.id == analysis.baseline.publication
    if is_baseline:
        shown = baseline_study(analysis)
    else:
        shown = study_of_publication(ledger(), analysis, publication)
    movable = is_baseline and not has_own_plan(work)
    return Screen(shown, work, Mode.MAP, movable=movable, publication=publication)


def _proposed(study: Study, work: Work) -> Screen:
    """Return the plan of the selected point, or the plan that the search started from."""
    view = state.of(ProposalView)
    job = view.job
    found = None if job is None or job.is_running else job.outcome
    points = () if found is None else points_of(found.frontier)
    if job is None or found is None or not points:
        return Screen(study, work, Mode.PROPOSE, job=job)
    point = next((entry for entry in points if entry.moves == view.moves), points[found.first])
    chosen = view.moves is not None  # the user asked for this plan: equivalent packages too
    proposal = proposal_at(job.asked, point)
    packages = sort_packages(proposal, view.aside, work.plan, whole=chosen)
    searched = job.asked.study
    if searched.state.places != study.state.places:
        # a lycée opened or closed since: the plans found have the lycées of that time
        study = searched
    return Screen(
        study.with_plan(packages.after if view.after else packages.before),
        work,
        Mode.PROPOSE,
        reference=study.with_plan(packages.before),
        job=job,
        point=point,
        packages=packages,
    )


def compared_with(work: Work) -> str:
    """Return the code of the comparison: chosen, else the base of a scenario with changes."""
    view = state.of(MapView)
    if view.reference is not None:
        return view.reference
    undone = work.follows and work.timeline.head is None
    own = view.mode is not Mode.PROPOSE and not shows_baseline(work) and not undone
    return BASELINE if own else NOTHING


def _reference(study: Study) -> Study | None:
    """Return the study that the user compares with; ``None`` and a message if it fails to open."""
    work = current_scenario.current()
    code, own = compared_with(work), work.scenario
    if own is not None and code == own.id:  # opened meanwhile: no plan is compared with itself
        state.update(MapView, reference=None)
        return None
    if code == NOTHING:
        return None
    if code == BASELINE:
        return baseline_study(study.analysis, study.state.adopted)
    with state.reporting_errors(before="La comparaison n'est plus possible."):
        if code.startswith(PUBLICATION):
            chosen = ledger().get(code.removeprefix(PUBLICATION))
            return study_of_publication(ledger(), study.analysis, chosen)
        return study_of_work(study.analysis, current_scenario.scenarios().open(code))
    state.update(MapView, reference=None)
    return None


def _with_drives(screen: Screen) -> Screen:
    """Add the requested drives: from a place, else between two lycées."""
    follow_choice(screen.study.plan)
    study, view = screen.study, state.of(TravelView)
    if state.of(MapView).colouring == ACCESS and view.place is not None:
        try:
            reach = access(study.analysis, view.place)
        except GeozonesError as error:
            return replace(screen, problem=str(error))
        return replace(screen, access=reach)
    pair = None if view.pair is None else TravelView(pair=view.pair).within(study.plan).pair
    return replace(screen, pair=pair)


def deployed(screen: Screen) -> frozenset[str] | None:
    """Return the sectors at work at the step shown; ``None`` where all sectors look alike."""
    plan, atlas = screen.study.plan, screen.study.atlas
    day = chosen_day(atlas)
    begun = deployed_sectors(plan, atlas.calendar, len(atlas.calendar) - 1)
    if screen.mode is Mode.PROPOSE or not begun:
        return None
    return deployed_sectors(plan, atlas.calendar, day.rank)


def calendar_slider(study: Study) -> None:
    """Draw the slider over the dates to come: baseline and sectors at work at each."""
    listed, shown = days(study.atlas), chosen_day(study.atlas)
    if len(listed) > 1:
        state.bound(MapView, "step", default=shown.label, then=_follow).draw(
            st.select_slider, "Calendrier de déploiement", [day.label for day in listed]
        )


def _follow(step: str) -> None:
    """Show the baseline at the chosen date, instead of a chosen publication."""
    state.update(MapView, step=step, publication=None)


def calendar_card(study: Study) -> htpy.Element | None:
    """Return the card of the date shown: its last step, and the posts filled by then.

    ``None`` without any date.
    """
    calendar, day = study.atlas.calendar, chosen_day(study.atlas)
    if not calendar and day.begins is None:
        return None
    step = calendar[day.rank] if day.rank >= 0 else None
    parts = () if step is None else due(study.plan, calendar, day.rank)
    doubts = () if step is None else step.doubts
    return html.card(
        html.kicker("Calendrier de déploiement"),
        htpy.h3[day.label if step is None else step.heading],
        htpy.p[_baseline(day)],
        [(htpy.h4[part.whom], html.bullets(part.actions, "gz-steps")) for part in parts]
        or html.note("Rien de nouveau à cette date."),
        html.sources(" ".join((*doubts, PLANNED))),
        htpy.h4["Qui est en poste à cette date, d'après le document"],
        html.bullets(_staffing(study, day.rank), "gz-steps"),
    )


def _baseline(day: Day) -> str:
    """Return one sentence on the baseline at a date, and since when it is in force."""
    held = ledger()
    publication = held.on(day.date)
    begins = " : il commence ce jour-là" if day.begins is publication else ""
    return f"{held.line(publication, day.date)}{begins}."


def _staffing(study: Study, rank: int) -> list[str]:
    """Return, sector by sector, the posts filled at a date: ATI or T.I.P., and T.I.S."""
    plan = study.plan
    sentences = []
    for sector_id, staff in staffing(plan, study.atlas.calendar, rank).items():
        zones = plan.zones_of(sector_id)
        posts = sum(len(study.teams.of_zone(zone.id)) for zone in zones)
        kind, of_kind = "ATI", "de ATI"
        if staff.proximity:
            post = terms().proximity_technician
            kind, of_kind = post.singular, post.of
        count = f"{plural(posts, 'poste')} {of_kind}" if posts else kind
        technicians = terms().sector_technician.counted(staff.technicians)
        started = "" if staff.at_work else ", organisation pas encore en œuvre"
        sentences.append(f"{plan.sector(sector_id).name} : {count}, {technicians}{started}")
    return sentences

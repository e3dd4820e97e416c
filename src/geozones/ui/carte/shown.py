"""Plan on screen, plan it is compared with, and mode of the map, computed once per run."""

from dataclasses import dataclass, replace

from geozones.common.errors import GeozonesError
from geozones.domain import Publication
from geozones.domain.comments import Comment
from geozones.ui import current_scenario, state
from geozones.ui.carte.dates import shown_publication
from geozones.ui.carte.travel_access import follow_choice
from geozones.ui.opened_data import ledger
from geozones.ui.state import address
from geozones.ui.state.carte_views import MapView, Mode, TravelView
from geozones.ui.state.proposal_views import ProposalView
from geozones.ui.widgets.publication_line import BASELINE, PUBLICATION
from geozones.workspace.comments.summary import NO_FEEDBACK, Feedback
from geozones.workspace.proposals.search import (
    OpenedPlan,
    PlanJob,
    Point,
    points_of,
    proposal_at,
)
from geozones.workspace.proposals.sorting import SortedPackages, sort_packages
from geozones.workspace.publications.ledger_reading import study_of_publication
from geozones.workspace.reachability.accessibility import PlaceAccess, access
from geozones.workspace.reachability.drawn_roads import (
    DrawnRings,
    DrawnRoute,
    drawn_rings,
    drawn_route,
    draws_rings,
)
from geozones.workspace.scenarios.open_scenario import Work, study_of_work
from geozones.workspace.study import Study, baseline_study, study_of

#: Code of no comparison; in the mode « modifier », of the comparison with the scenario's start.
NOTHING = "rien"
#: Colouring by the drives from a place, beside the colourings by a metric.
ACCESS = "acces"


@dataclass(frozen=True, slots=True)
class Screen:
    """Content of the screen.

    ``study`` holds the plan shown, ``work`` the scenario of the session, ``reference`` the study
    that figures and zones are compared with. ``packages`` are those of the ``point``, by what was
    made of them: the map shows those left. ``publication`` is the publication shown, if the plan
    is not a scenario's. ``job`` is the search of proposals and ``point`` the selected point,
    taken from ``opened`` where a plan is opened beside the curve; ``access`` holds the drives that
    colour the communes, ``rings`` the isochrones that an engine draws instead, ``problem`` why
    neither is available; ``pair`` are two lycées whose drive is shown, and ``route`` its course.
    ``comments`` are all comments on the versions of the scenario, hidden ones too; ``feedback`` are
    the comments and opinions without the hidden ones.
    """

    study: Study
    work: Work
    mode: Mode
    reference: Study | None = None
    job: PlanJob | None = None
    point: Point | None = None
    packages: SortedPackages | None = None
    opened: OpenedPlan | None = None
    access: PlaceAccess | None = None
    rings: DrawnRings | None = None
    problem: str = ""
    pair: tuple[str, str] | None = None
    publication: Publication | None = None
    route: DrawnRoute | None = None
    comments: tuple[Comment, ...] = ()
    feedback: Feedback = NO_FEEDBACK

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
    if screen.mode is Mode.EDIT:
        return replace(screen, reference=_reference(study) or _start(study, screen.work))
    reference = _reference(study)
    if reference is not None:
        # both of today: a difference is of the map, not of the days when figures were kept
        reference = reference.recomputed()
        screen = replace(screen, study=screen.study.recomputed())
    return _with_drives(replace(screen, reference=reference))


def _start(study: Study, work: Work) -> Study | None:
    """Return the start of a scenario, with its own lycées, under the present needs and posts.

    Without a change there is nothing to compare: ``None``.
    """
    if work.timeline.head is None:
        return None
    start = work.timeline.start
    if start.places == study.state.places:
        return study.with_plan(start.plan)
    return study_of(study.analysis, replace(start, teams=study.teams))


def plan_on_screen(study: Study) -> Screen:
    """Return the plan on screen and the mode, which is all that a gesture needs.

    The plan compared with is not opened, and no engine is asked for drives.
    """
    work = current_scenario.current()
    mode = _mode()
    if mode is Mode.PROPOSE:
        return _proposed(study, work)
    if mode is Mode.EDIT or not shows_baseline(work):
        return Screen(study, work, mode)
    return _published(study, work)


def _mode() -> Mode:
    mode = state.of(MapView).mode
    if mode is None:
        mode = address.asked_mode()
        state.update(MapView, mode=mode)
    return mode


def _published(study: Study, work: Work) -> Screen:
    """Return the baseline at the selected date, or the publication chosen."""
    publication = shown_publication(study.atlas)
    if publication.id == study.analysis.baseline.publication:
        shown = baseline_study(study.analysis)
    else:
        shown = study_of_publication(ledger(), study.analysis, publication)
    return Screen(shown.with_teams(study.teams), work, Mode.LOOK, publication=publication)


def _proposed(study: Study, work: Work) -> Screen:
    """Return the plan of the selected point, or the plan that the search started from."""
    view = state.of(ProposalView)
    job, opened = view.job, view.opened
    found = None if job is None or job.is_running else job.outcome
    points = () if found is None else points_of(found.frontier)
    searched = None if job is None else job.asked.study
    point = None
    if opened is not None:
        searched, point = opened.origin.study, opened.point
    if opened is None and found is not None and points:
        point = next((entry for entry in points if entry.moves == view.moves), points[found.first])
    if searched is None or point is None:
        return Screen(study, work, Mode.PROPOSE, job=job)
    asked = opened.origin if opened is not None else job.asked if job is not None else None
    if asked is None:
        return Screen(study, work, Mode.PROPOSE, job=job)
    proposal = proposal_at(asked, point)
    packages = sort_packages(proposal, view.aside, work.plan, whole=opened is not None)
    if searched.state.places != study.state.places:
        # a lycée opened or closed since: the plans found have the lycées of that time
        study = searched
    return Screen(
        study.with_plan(packages.after if view.after else packages.before),
        work,
        Mode.PROPOSE,
        study.with_plan(packages.before),
        job=job,
        point=point,
        packages=packages,
        opened=opened,
    )


def compared_with(work: Work) -> str:
    """Return the code of the comparison: chosen, else the baseline for a scenario."""
    view = state.of(MapView)
    if view.reference is not None:
        return view.reference
    looks = view.mode in {None, Mode.LOOK}
    return BASELINE if looks and not shows_baseline(work) else NOTHING


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
        return baseline_study(study.analysis)
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
        rings = drawn_rings(study, reach) if view.isochrones and draws_rings(study) else None
        return replace(screen, access=reach, rings=rings)
    pair = None if view.pair is None else TravelView(pair=view.pair).within(study.plan).pair
    if pair is not None:
        return replace(screen, pair=pair, route=drawn_route(study, pair))
    return screen

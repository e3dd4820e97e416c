"""Plan on screen at a date, its comparison, drives from a place, once per run."""

from dataclasses import dataclass, replace

import htpy
import streamlit as st

from geozones.common.errors import GeozonesError
from geozones.common.french import drive_text, long_date, number, plural
from geozones.domain import Plan, Publication
from geozones.domain.publications import spans
from geozones.domain.terms import has_organisation, terms, worded
from geozones.ui import current_scenario, state
from geozones.ui.feature_parts import MapPart
from geozones.ui.opened_data import current_analysis, ledger
from geozones.ui.state import address
from geozones.ui.state.carte_views import MapView, Mode, ProposalView, TravelView
from geozones.ui.widgets import html
from geozones.ui.widgets.html import when_open
from geozones.ui.widgets.option_fields import chooser
from geozones.ui.widgets.scenario_bar import BASELINE, PUBLICATION
from geozones.workspace.figures.study import Study, baseline_study
from geozones.workspace.folder.atlas import Atlas
from geozones.workspace.folder.calendar import PLANNED, deployed_sectors, due, staffing
from geozones.workspace.ledger import study_of_publication
from geozones.workspace.maps import coloured
from geozones.workspace.proposals.packages import SortedPackages, sort_packages
from geozones.workspace.proposals.search import (
    PlanJob,
    Point,
    points_of,
    proposal_at,
)
from geozones.workspace.reachability.accessibility import (
    FROM_PLACE,
    IN_ZONE,
    MinuteClasses,
    PlaceAccess,
    access,
    find_place,
)
from geozones.workspace.scenarios.open_scenario import Work, study_of_work


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
    """Content of the screen."""

    study: Study  # The plan shown.
    work: Work  # The scenario of the session.
    mode: Mode
    #: Whether lycées move: in the scenario, or in the baseline that its first change starts from.
    movable: bool = False
    reference: Study | None = None  # The plan that figures and zones are compared with.
    job: PlanJob | None = None  # The search of proposals.
    point: Point | None = None  # The point of its curve that is shown.
    packages: SortedPackages | None = None  # The packages of that point: the map shows those left.
    access: PlaceAccess | None = None  # The drives that colour the communes.
    problem: str = ""  # Why there are none.
    pair: tuple[str, str] | None = None  # Two lycées whose drive is shown.
    publication: Publication | None = None  # The publication shown, if it is not a scenario's plan.
    parts: tuple[MapPart, ...] = ()  # The lists of features, in the order of `map_lists`.


def shows_baseline(work: Work) -> bool:
    """Tell whether the baseline is shown: by choice, or because nothing was changed yet."""
    return state.of(MapView).baseline or work.is_untouched


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
    work, mode = current_scenario.current(), state.of(MapView).mode
    if mode is None:
        mode = address.asked_mode()
        state.update(MapView, mode=mode)
    if mode is Mode.PROPOSE:
        return _proposed(study, work)
    if not shows_baseline(work):
        return Screen(study, work, mode, movable=True)
    return _published(work)


def _published(work: Work) -> Screen:
    publication = shown_publication(ledger().atlas)
    analysis = current_analysis()  # neither posts nor hypotheses of the scenario that is open
    is_baseline = publication.id == analysis.baseline.publication
    if is_baseline:
        shown = baseline_study(analysis)
    else:
        shown = study_of_publication(ledger(), analysis, publication)
    movable = is_baseline and work.is_untouched
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
    follow_choice(screen.study.plan)
    study, view = screen.study, state.of(TravelView)
    if state.of(MapView).colouring == ACCESS and view.place is not None:
        try:
            return replace(screen, access=access(study.analysis, view.place))
        except GeozonesError as error:
            return replace(screen, problem=str(error))
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

    def follow(step: str) -> None:
        """Show the baseline at the chosen date, instead of a chosen publication."""
        state.update(MapView, step=step, publication=None)

    state.bound(MapView, "step", default=shown.label, then=follow).draw(
        st.select_slider, "Calendrier de déploiement", [day.label for day in listed]
    )


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
    held = ledger()
    baseline = held.on(day.date)
    begins = " : il commence ce jour-là" if day.begins is baseline else ""
    return html.card(
        html.kicker("Calendrier de déploiement"),
        htpy.h3[day.label if step is None else step.heading],
        htpy.p[f"{held.line(baseline, day.date)}{begins}."],
        [(htpy.h4[part.whom], html.bullets(part.actions, "gz-steps")) for part in parts]
        or html.note("Rien de nouveau à cette date."),
        html.sources(" ".join((*doubts, PLANNED))),
        htpy.h4["Qui est en poste à cette date, d'après le document"],
        html.bullets(_staffing(study, day.rank), "gz-steps"),
    )


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


def class_legend(classes: MinuteClasses = IN_ZONE) -> htpy.Element:
    """Return the legend of classes of minutes."""
    signs = [
        (htpy.span(".gz-swatch", style=f"background:{colour}"), words)
        for colour, words in coloured(classes)
    ]
    return html.legend("Légende des durées", signs)


def class_table(access: PlaceAccess) -> htpy.Element:
    """Return the number of communes and inhabitants in each class of minutes."""
    counts = access.by_class()
    people = sum(inhabitants for _, inhabitants in counts) or 1
    rows = []
    for (communes, inhabitants), label in zip(counts, FROM_PLACE.words, strict=True):
        if communes or label != "sans accès":
            share = f"{number(100 * inhabitants / people)} %"
            rows.append((label, number(communes), number(inhabitants), share))
    heads = ("Durée", "Communes", "Habitants", "Part")
    caption = f"Communes et habitants selon la durée depuis {access.label}"
    return html.table(caption, heads, rows, numeric=frozenset({1, 2, 3}))


def ask_from(place: str | None) -> None:
    """Request the drives from a lycée, a commune or a position."""
    state.clear_notice()
    state.update(TravelView, place=place, understood="")


def follow_choice(plan: Plan) -> None:
    """Start from what was selected on the map: the lycée, or the support centre of the sector."""
    chosen = state.follow_map(TravelView, plan)
    if chosen is None or not any(chosen.places):
        return
    sector_id, _ = chosen.around(plan)
    centre = None if sector_id is None else plan.sector(sector_id).support_centre
    place = chosen.lycee or centre
    state.update(TravelView, centre=None)
    if place is not None:
        state.update(TravelView, place=place, address="", understood="")


def choose_place(study: Study) -> None:
    """Let the user choose the place from a list, or type an address."""
    plan = study.plan
    centres = [s.support_centre for s in plan.sectors if s.support_centre is not None]
    ranked = sorted(study.territory.lycees, key=lambda key: (key not in centres, study.name(key)))
    labels = {
        key: f"★ {study.name(key)}, {terms().support_centre}" if key in centres else study.name(key)
        for key in ranked
    }
    labels |= {entry.place: f"Commune : {entry.name}" for entry in study.atlas.communes}
    chooser(
        worded(
            "Depuis {a_site}, {a_support_centre} ou une commune"
            if has_organisation()
            else "Depuis {a_site} ou une commune"
        ),
        labels,
        state.bound(TravelView, "place", then=ask_from),
        placeholder="Nom ou commune",
    )

    @state.reporting_errors(field="address")
    def find(text: str) -> None:
        state.update(TravelView, address=text)
        if text.strip():
            place = find_place(study.territory, text)
            ask_from(place.place)
            state.update(TravelView, understood=place.understood)

    state.bound(TravelView, "address", then=find).draw(
        st.text_input,
        "Ou une adresse, ou une position « latitude, longitude »",
        placeholder="12 rue de la Paix, 49000 Angers",
    )


def access_card(reach: PlaceAccess | None, why: str) -> None:
    """Show the communes by class of minutes and the engines; or ``why`` they are not available."""
    html.show(html.subtitle("Accessibilité"))
    if why:
        html.show(html.error(why))
    if reach is None:
        html.show(
            html.note(
                worded(
                    "Choisissez {a_site} ou une commune, tapez une adresse, ou cliquez {a_site} : "
                    "les communes se colorent selon la durée du trajet."
                )
            )
        )
        return
    understood = state.of(TravelView).understood
    if understood:
        html.show(html.note(understood))
    html.show(class_table(reach))
    parts = [f"{number(count)} par {maker.label}" for maker, count in reach.makers if count]
    total = sum(count for _, count in reach.makers)
    guessed = f"dont {plural(reach.estimated, 'estimé')}" if reach.estimated else "aucun estimé"
    if total and reach.estimated == total:
        guessed = "tous estimés"
    towards = f"Trajets vers {plural(len(reach.communes), 'commune')}"
    html.show(html.note(f"{towards} : {', '.join(parts)}, {guessed}."))
    _communes(reach)


@when_open(st.expander, "Chaque commune", key="acces.communes")
def _communes(reach: PlaceAccess) -> None:
    """List the minutes to each commune, which the map says by a colour and under the pointer."""
    rows = [
        (one.commune.name, drive_text(one.minutes, estimated=one.estimated))
        for one in reach.communes
    ]
    heads = ("Commune", "Trajet")
    html.show(html.table(f"Durée depuis {reach.label}", heads, rows, numeric=frozenset({1})))

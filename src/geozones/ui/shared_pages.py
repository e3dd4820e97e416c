"""Standalone pages: of a shared link, for decision makers, and the map embedded in another site."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import htpy
import streamlit as st
from streamlit.delta_generator import DeltaGenerator
from streamlit.runtime.scriptrunner import get_script_run_ctx

from geozones.common.clock import today
from geozones.common.errors import GeozonesError, InputError
from geozones.common.french import long_date, plural, typeset
from geozones.domain import ScenarioStatus
from geozones.domain.access import DeadLinkError
from geozones.domain.terms import worded
from geozones.export import Dossier
from geozones.export.change_scenes import near_changes, with_moved
from geozones.export.registry import file_name, format_of
from geozones.jobs import FILES, VISITOR_FILES, run_in_process
from geozones.metrics.metric_registry import watch_list
from geozones.render import Scene, View
from geozones.render.scene import Bounds
from geozones.ui import opened_data, state
from geozones.ui.feature_parts import PersonalLink, feature_parts, personal_link
from geozones.ui.frame import attention, inject_assets
from geozones.ui.notices import folded_notices
from geozones.ui.opened_data import current_analysis, ledger, read_publications
from geozones.ui.server.auth import actor, is_user
from geozones.ui.server.shared_files import SharedFile
from geozones.ui.server.web_guard import show_fault_standalone
from geozones.ui.state import address
from geozones.ui.state.carte_views import Selection
from geozones.ui.state.page_views import Shared, SharedView
from geozones.ui.widgets import html, panel, territory_map
from geozones.ui.widgets.job_card import download_button
from geozones.ui.widgets.panel import change_table
from geozones.ui.widgets.sharing import picture_element
from geozones.ui.widgets.territory_map import feedback_signs, main_map
from geozones.workspace.figures.study import Study, baseline_study
from geozones.workspace.maps import (
    RELEVE,
    SceneOptions,
    Target,
    build_scene,
    colour_by_releve,
    target,
)
from geozones.workspace.roles import VISITOR, Role
from geozones.workspace.scenarios.links import linked
from geozones.workspace.scenarios.open_scenario import Work, drift_of, study_of_work
from geozones.workspace.scenarios.service import Scenarios
from geozones.workspace.sharing.bundle import near_changes_for_screen
from geozones.workspace.sharing.dossier import dossier_of_change
from geozones.workspace.sharing.exported_plan import (
    Briefing,
    ExportedPlan,
    VersionOutcome,
    briefing_of,
    feedback_readers,
    of_work,
    outcome_of,
    status_in_words,
)

_AFTER, _BEFORE = "Après", "Avant"
#: Key of the box that holds the interactive map.
_MAP = "partage.carte"
#: Margin around the changes, as a share of their height and width.
_AROUND = 0.12


@html.when_open(st.expander, "Explorer la carte", key=_MAP)
def _explored_map(exported: ExportedPlan) -> None:
    state.within(SharedView, exported.plan)
    view, base = state.of(SharedView), exported.base
    changed = exported.changed_from is not None
    if changed:
        state.bound(SharedView, "side").draw(
            st.segmented_control,
            "Plan à l'écran",
            [_BEFORE, _AFTER],
            required=True,
            label_visibility="collapsed",
        )
    before = changed and state.of(SharedView).side == _BEFORE
    shown = base.study if base is not None and before else exported.study
    marks = exported.feedback.marks(shown)
    scene = replace(_scene(exported, shown, view), feedback=marks)
    main_map(shown, scene, on_event, head=None)
    chosen = Selection(zone=view.zone, lycee=view.lycee).within(shown.plan)
    said = panel.choice_in_words(shown, chosen)
    html.show(
        html.stack(
            htpy.p(".gz-sentence")[said]
            if said
            else html.remark(worded("Cliquez une zone ou {a_site} pour en lire la fiche.")),
            said and panel.details(shown, chosen),
            territory_map.legend(shown, trial=changed),
            feedback_signs(marks),
        )
    )


def _scene(exported: ExportedPlan, shown: Study, view: SharedView) -> Scene:
    base = exported.base
    now = exported.plan.zone_by_lycee
    then = {} if base is None else base.plan.zone_by_lycee
    moved = frozenset(key for key, zone_id in now.items() if then.get(key, zone_id) != zone_id)
    if base is not None:
        moved |= exported.study.state.places.placed_since(base.study.state.places) & now.keys()
    options = SceneOptions(
        zone=view.zone,
        lycee=view.lycee,
        picked=moved,
        colours=shown.state.colours,
        reference=None if base is None else base.plan,
    )
    scene = with_moved(build_scene(shown, options), moved)
    zones = {plan[key] for key in moved for plan in (now, then) if key in plan}
    if zones:  # the others are paler: what changes is seen first
        drawn = tuple(replace(zone, aside=zone.id not in zones) for zone in scene.zones)
        scene = replace(scene, zones=drawn)
    bounds = _bounds_of_changes(scene, zones)
    return replace(scene, view=View(bounds, f"partage-{exported.version.fingerprint}"))


def _bounds_of_changes(scene: Scene, changed: set[str]) -> Bounds:
    """Return the extent of the changed zones (ids) and a margin; of the scene if none changed."""
    boxes = [area.geometry.bounds for area in scene.zones if area.id in changed]
    if not boxes:
        return scene.view.bounds
    west, south = (min(box[side] for box in boxes) for side in (0, 1))
    east, north = (max(box[side] for box in boxes) for side in (2, 3))
    dx, dy = (east - west) * _AROUND, (north - south) * _AROUND
    return (west - dx, south - dy, east + dx, north + dy)


def on_event(study: Study, event: Mapping[str, Any]) -> None:
    """Select the zone or the lycée that was clicked, or named in a list (``go``)."""
    kind, name = event["event"], str(event.get("id"))
    if kind == "go":  # or the sign of the comments on a place
        kind, _, name = name.removeprefix("voix:").partition(":")
    for parts in feature_parts():
        parts.shared_selected()
    if kind == "zone" and study.plan.has_zone(name):
        chosen = Selection(zone=name)
    elif kind == "lycee" and name in study.plan.zone_by_lycee:
        chosen = Selection(zone=study.plan.zone_of(name).id, lycee=name)
    else:
        return
    state.update(SharedView, zone=chosen.zone, lycee=chosen.lycee)
    state.announce(panel.choice_in_words(study, chosen))


_WHEN = "version du {}"
#: Most changes listed before the others are folded.
_CHANGES = 10
#: Statuses of a decision, and the classes of the badges of others and of these.
_SETTLED = {ScenarioStatus.KEPT, ScenarioStatus.DISCARDED}
_UNDECIDED, _DECIDED = ".gz-pill.gz-draft", ".gz-pill.gz-settled"


def origin_line() -> htpy.Element:
    """Return whose organisation the page of a link is about, above its title."""
    author = current_analysis().territory.atlas.starting_plan.author
    about = worded("continuité informatique des {sites}")
    return html.kicker(" · ".join(filter(None, (author, about))))


def head(work: Work, outcome: VersionOutcome) -> htpy.Element:
    """Return the name of a version, its status in words, its date and what became of it."""
    scenario = work.scenario
    settled = outcome.status or outcome.status_of(work) in _SETTLED
    badge = htpy.span(_DECIDED if settled else _UNDECIDED)[status_in_words(work, outcome)]
    when = "" if scenario is None else _WHEN.format(long_date(scenario.updated))
    return htpy.header(".gz-shared-head")[
        origin_line(),
        htpy.h1(".gz-title")[work.name],
        htpy.p[badge, " ", htpy.span(".gz-when")[when]],
        [htpy.p(".gz-since")[typeset(line)] for line in outcome.lines],
    ]


def version_line(work: Work) -> str:
    """Return the status of a version in words, and its date."""
    status = status_in_words(work, outcome_of(current_analysis(), ledger(), work))
    when = _WHEN.format(long_date(work.saved.updated))
    changed = " ; le plan en vigueur a changé depuis" if drift_of(current_analysis(), work) else ""
    return f"{status}, {when}{changed}"


def lede(shown: Dossier, briefing: Briefing, *, decides: bool = True) -> DeltaGenerator | None:
    """Draw what a version does, what is asked, what is proposed and who moves.

    ``decides`` is false for a head of lycée, who is asked an opinion and no decision. Return the
    place of the pictures, which take seconds: they are drawn after all that is read. ``None`` if
    only names change, which is written and not drawn.
    """
    comparison, pictures = shown.comparison, None
    asked = shown.asked[:1] if decides else ()
    listed = html.folded_bullets(
        briefing.proposed, "gz-steps", _CHANGES, "autre changement", "autres changements"
    )
    counted = f" : {briefing.counted}" if len(briefing.proposed) > 1 and briefing.counted else ""
    versus = "" if comparison is None else f" {comparison.before.versus}"
    moves = () if comparison is None else comparison.moves
    rows = [(move.lycee, move.before or "—", move.after or "—") for move in moves]
    heads = (worded("{Site}"), "Avant", "Après")
    with st.container(key="gz-lede"):
        html.show(
            htpy.section(".gz-briefing", aria_label="L'essentiel")[
                [htpy.p[line] for line in briefing.message],
                briefing.verdict and htpy.p(".gz-verdict")[briefing.verdict],
                [htpy.h2["Ce qui vous est demandé"], htpy.p[typeset(asked[0])]] if asked else None,
            ]
        )
        title = typeset(f"Ce qui est proposé{versus}{counted}")
        html.show(htpy.section[html.subtitle(title), listed])
    if comparison is not None and shown.scene.lycees != comparison.scene.lycees:
        pictures = st.container(key="gz-pictures")
    html.show(html.stack(html.table(worded(_MOVED), heads, rows) if rows else None))
    return pictures


@st.cache_data(max_entries=24, show_spinner="Préparation des cartes…")
def changed_area(key: tuple[str, ...], _dossier: Dossier, *, for_user: bool) -> htpy.Element:  # noqa: ARG001 - the cache's key
    """Return the pictures of a dossier that compares two plans; cached.

    A user's pictures are not drawn in the visitors' queue.
    """
    comparison = _dossier.comparison
    assert comparison is not None  # noqa: S101 - the callers check it
    before, after = near_changes(comparison.scene, _dossier.scene)
    pictures = (
        (before, f"Avant : {comparison.before.as_base}"),
        (after, f"Après : {_dossier.version.name}"),
    )
    return htpy.div(".gz-pair")[
        [
            picture_element(
                run_in_process(
                    FILES if for_user else VISITOR_FILES,
                    near_changes_for_screen,
                    scene,
                    _dossier.ground,
                    check=state.yield_to_streamlit,
                ),
                f"Carte de la partie qui change. {caption}. {_zones(scene)}",
                htpy.fragment[htpy.strong[caption], htpy.span[_zones(scene)]],
            )
            for scene, caption in pictures
        ]
    ]


def _zones(scene: Scene) -> str:
    """Return the names behind the numbers of a map of a change; "" for none."""
    zones = () if scene.change is None else scene.change.zones
    return " · ".join(f"{number} {name}" for number, name in zones)


#: Files to download, in this order: format and name on screen.
_FILES = ("pdf", "pptx", "xlsx")
#: Most sentences of a list before the others are folded.
_LINES = 4
_NONE_TAKEN = "Aucune décision n'est notée dans cette version."
_MOVED = "{Sites} qui changent de zone"


def shared(
    token: str, work: Work, *, starts_show: bool, personal: PersonalLink | None = None
) -> None:
    """Draw the page of a version; ``starts_show``: a show of it starts at once.

    The part of a ``personal`` link comes first.
    """
    if personal is None:
        feedback = feedback_readers().on_version(opened_data.store, token)
    else:
        feedback = personal.feedback()
    exported = of_work(current_analysis(), work, feedback, ledger())
    exported = exported.at(address.app_address(), token)
    figures = "" if work.kept is None else work.kept.sentence
    inputs = (exported.version.fingerprint, repr((exported.feedback.sentences, exported.asked)))
    key = (exported.address or token, *inputs, figures)
    shown = _dossier(key, exported)
    briefing = briefing_of(shown)
    outcome = outcome_of(current_analysis(), ledger(), work)
    html.show(head(work, outcome))
    if personal is not None:
        personal.draw(shown)
    pictures = lede(shown, briefing, decides=personal is None)
    if personal is None:
        _explored_map(exported)
    html.show(_reasons(shown, briefing, shown.asked[1 + len(outcome.lines) :]))
    with st.container(key="gz-after"):
        if personal is None:
            for parts in feature_parts():
                parts.shared(token, exported.study, bool(state.widget_value(_MAP)))
        with st.container(key="gz-after-files"):
            _files(token, key, shown)
    _figures(work, shown)
    for parts in feature_parts():
        parts.shared_show(exported, work, starts_show)
    html.show(territory_map.sources(exported.study))
    folded_notices()
    if pictures is not None:
        with pictures:
            html.show(changed_area((token, shown.version.fingerprint), shown, for_user=is_user()))


@st.cache_resource(max_entries=24, show_spinner="Lecture du scénario…")
def _dossier(key: tuple[str, ...], _exported: ExportedPlan) -> Dossier:  # noqa: ARG001 - the cache's key
    """Return the dossier of the changes, or of the region if there is none."""
    return dossier_of_change(_exported)


def _reasons(shown: Dossier, briefing: Briefing, taken: Sequence[str]) -> htpy.Element:
    """Return why a version is proposed, decisions noted, points to watch that change or not."""
    points = briefing.points
    return htpy.div(".gz-columns")[
        htpy.section[
            html.subtitle("Pourquoi"),
            html.bullets(briefing.why, "gz-steps"),
            html.subtitle("Décisions notées"),
            html.bullets(taken or (_NONE_TAKEN,), "gz-steps"),
        ],
        htpy.section[
            html.subtitle(points.sentence.removesuffix(".")),
            _folded(points.brought, "gz-alerts"),
            _folded(points.ended, "gz-steps"),
            briefing.without_rns and html.subtitle(worded("{Sites} sans RNS")),
            _folded(briefing.without_rns, "gz-alerts"),
        ],
        _points(shown),
    ]


def _points(shown: Dossier) -> htpy.Element:
    comparison = shown.comparison
    known = [point.sentence for point in watch_list(shown.points).counted]
    brought = frozenset[str]() if comparison is None else comparison.brought
    others = [sentence for sentence in known if sentence not in brought]
    return htpy.section[
        html.subtitle("Points de vigilance"),
        htpy.details[
            htpy.summary[plural(len(others), "point déjà là", "points déjà là")],
            html.bullets(others, "gz-alerts"),
        ]
        if others
        else html.note("Aucun autre point de vigilance."),
    ]


def _folded(points: Sequence[str], kind: str) -> htpy.Node:
    if not points:
        return None
    return html.folded_bullets(points, kind, _LINES, "autre point", "autres points")


def _files(token: str, version: tuple[str, ...], shown: Dossier) -> None:
    html.show(htpy.div(".gz-screen")[html.subtitle("À emporter")])
    context = get_script_run_ctx()
    session = "" if context is None else context.session_id
    queue = FILES if is_user() else VISITOR_FILES
    with st.container(horizontal=True, key="gz-shared-files"):
        for key in _FILES:
            kind = format_of(key)
            download_button(
                kind.named,
                SharedFile(token, (*version, key), shown, key, queue, session),
                file_name=file_name(shown, kind.extension, ""),
                mime=kind.media,
                key=f"partage.{key}",
            )


def _figures(work: Work, shown: Dossier) -> None:
    comparison = shown.comparison
    if comparison is None:
        return
    html.show(
        html.stack(
            html.subtitle("Avant et après"),
            None if work.kept is None else html.remark(work.kept.sentence),
            change_table(comparison.change),
        )
    )


def embedded(study: Study, name: str, status: str) -> None:
    """Draw the map of a plan, with the view and the colouring of its address.

    ``status`` are its status and its date, in words.
    """
    asked = address.asked_view()
    place = _place(study, asked)
    colouring = colour_by_releve(study) if asked.get(address.LAYER) == RELEVE else None
    chosen = state.of(SharedView)
    options = SceneOptions(
        sector=None if place is None else place.sector,
        zone=chosen.zone or (None if place is None else place.zone),
        lycee=chosen.lycee or (None if place is None else place.lycee),
        colours=study.state.colours if colouring is None else colouring.colours,
    )
    scene = build_scene(study, options)
    if place is not None:
        scene = replace(scene, view=View(place.bounds, "lien"))
    main_map(study, scene, _on_embedded_event, head=None)
    classes = () if colouring is None else colouring.legend
    heading = htpy.summary["Légende" if colouring is None else colouring.title]
    with st.container(key="gz-embed-legend"):
        signs = territory_map.legend(study, trial=True, classes=classes)
        about = htpy.fragment[htpy.h1[name], htpy.p[status]]
        html.show(htpy.fragment[about, htpy.details[heading, signs]])
    html.show(htpy.footer("#gz-foot", tabindex="0")[territory_map.sources(study)])


def _on_embedded_event(study: Study, event: Mapping[str, Any]) -> None:
    name = str(event.get("id"))
    if event["event"] == "zone" and study.plan.has_zone(name):
        state.update(SharedView, zone=name, lycee=None)
    elif event["event"] == "lycee" and name in study.plan.zone_by_lycee:
        state.update(SharedView, zone=study.plan.zone_of(name).id, lycee=name)


def _place(study: Study, asked: Mapping[str, str]) -> Target | None:
    word = next((word for word in address.PLACES if word in asked), None)
    if word is None:
        return None
    try:
        return target(study, f"{address.PLACES[word]}:{asked[word]}")
    except InputError:
        return None


def require_open(token: str) -> None:
    """Refuse a link that shows nothing; raise ``DeadLinkError``, ``StoreError``."""
    linked(opened_data.store, token, today().isoformat())


def shared_version(token: str) -> Work:
    """Return the version of a link; raise as `require_open`."""
    require_open(token)
    held = state.of(Shared)
    if held.token != token or held.work is None:
        work = Scenarios(current_analysis(), opened_data.store, VISITOR).links.open(token)
        held = state.update(Shared, token=token, work=work)
    assert held.work is not None  # noqa: S101 - just read
    return held.work


def draw_alone(*, starts_show: bool) -> None:
    """Draw the page of a shared link, or the map alone for another site.

    ``starts_show``: the link leads to a show of it, which starts at once.
    """
    address.pop_back_mark()
    inject_assets()
    kind, body = ("embedded", _embedded) if st.context.is_embedded else ("shared", _shared)
    _draw(kind, body, starts_show=starts_show)


@st.fragment
def _draw(kind: str, body: Callable[[bool], None], *, starts_show: bool) -> None:
    html.show(htpy.div("#gz-page", data_kind=kind, data_page=kind, hidden=True))
    try:
        read_publications()
        state.run_postponed()
        body(starts_show)
    except DeadLinkError as error:
        st.set_page_config(page_title=error.title)
        message = htpy.p(".gz-sentence", role="alert")[str(error)]
        about = (origin_line(), html.title(error.title), message, html.sources(""))
        closed = htpy.section(".gz-dead")[about]
        html.show(htpy.fragment[closed, [parts.closed_link() for parts in feature_parts()]])
    except GeozonesError as error:
        html.show(html.error(str(error)))
    # only place that may catch everything: what stops or reruns a page is not an Exception
    except Exception as error:  # noqa: BLE001
        show_fault_standalone(error)


def _shared(starts_show: bool) -> None:  # noqa: FBT001 - handed on
    asked = address.asked_opinion()
    personal = None if asked is None else personal_link(asked)
    token = address.asked_version() or "" if personal is None else personal.version
    work = shared_version(token)
    st.set_page_config(page_title=f"{work.name} – scénario")
    shared(token, work, starts_show=starts_show, personal=personal)
    html.show(attention())
    _watch(token)


def _embedded(_: bool) -> None:  # noqa: FBT001 - same signature as `_shared`
    token = address.asked_version()
    if token is not None:
        work = shared_version(token)
        embedded(study_of_work(current_analysis(), work), work.name, version_line(work))
        return
    if actor().role is Role.VISITOR:
        raise DeadLinkError
    study = baseline_study(current_analysis())
    held = study.analysis.baseline
    embedded(study, held.name, held.status)


@st.fragment(run_every=30)
def _watch(token: str) -> None:
    """Rerun the page when its link was withdrawn while it is open."""
    try:
        require_open(token)
    except DeadLinkError:
        st.rerun()
    except GeozonesError:  # the store does not answer: keep what is shown
        return

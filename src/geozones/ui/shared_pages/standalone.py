"""Standalone pages: of a shared link, and the map embedded in another site.

These pages have no navigation and no link to another page. Their readers may have no login: the
link alone decides what they show, and nothing of the session's own scenario is read.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import htpy
import streamlit as st

from geozones.common.clock import today
from geozones.common.errors import GeozonesError, InputError
from geozones.domain.access import DeadLinkError
from geozones.render import View
from geozones.ui import opened_data, state
from geozones.ui.feature_parts import feature_parts, personal_link
from geozones.ui.frame import attention, inject_assets
from geozones.ui.opened_data import current_analysis, read_publications
from geozones.ui.server.auth import actor
from geozones.ui.server.web_guard import show_fault_standalone
from geozones.ui.shared_pages.shared import origin_line, shared, version_line
from geozones.ui.state import address
from geozones.ui.state.page_views import Shared, SharedView
from geozones.ui.widgets import html, territory_map
from geozones.ui.widgets.territory_map import main_map
from geozones.workspace.maps.find import Target, target
from geozones.workspace.maps.plan_scene import RELEVE, SceneOptions, build_scene, colour_by_releve
from geozones.workspace.roles import VISITOR, Role
from geozones.workspace.scenarios.links import linked
from geozones.workspace.scenarios.open_scenario import Work, study_of_work
from geozones.workspace.scenarios.service import Scenarios
from geozones.workspace.study import Study, baseline_study


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
    main_map(study, scene, _on_event, head=None)
    classes = () if colouring is None else colouring.legend
    heading = htpy.summary["Légende" if colouring is None else colouring.title]
    with st.container(key="gz-embed-legend"):
        signs = territory_map.legend(study, trial=True, classes=classes)
        about = htpy.fragment[htpy.h1[name], htpy.p[status]]
        html.show(htpy.fragment[about, htpy.details[heading, signs]])
    html.show(htpy.footer("#gz-foot", tabindex="0")[territory_map.sources(study)])


def _on_event(study: Study, event: Mapping[str, Any]) -> None:
    """Select the zone or the lycée that was clicked; the map itself shows its details."""
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

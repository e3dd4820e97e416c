"""Standalone pages: the page of a shared link, and the map embedded in another site.

They have no navigation and no link to another page. Their readers may have no login: the link alone
decides what they show, and nothing of the session's own scenario is read.
"""

from collections.abc import Callable

import htpy
import streamlit as st

from geozones.common.errors import GeozonesError
from geozones.domain.links import DeadLinkError
from geozones.domain.opinions import UnknownOpinionError
from geozones.ui import state
from geozones.ui.frame import inject_assets
from geozones.ui.opened_data import current_analysis, read_publications
from geozones.ui.server.auth import actor
from geozones.ui.server.error_page import show_fault_standalone
from geozones.ui.shared_pages.comments_shared import unsent
from geozones.ui.shared_pages.embedded import embedded
from geozones.ui.shared_pages.opinion_asked import asked_version_of
from geozones.ui.shared_pages.shared import shared
from geozones.ui.shared_pages.shared_lede import version_line
from geozones.ui.shared_pages.shared_version import require_open, shared_version
from geozones.ui.state import address
from geozones.ui.widgets import html
from geozones.ui.widgets.webinar_show import show_word
from geozones.workspace.roles import Role
from geozones.workspace.scenarios.open_scenario import study_of_work
from geozones.workspace.study import baseline_study
from geozones.workspace.webinar.standing import LINK_CLOSED


def draw_alone(*, starts_show: bool) -> None:
    """Draw the page of a shared link, or the map alone for another site.

    ``starts_show``: the link leads to the webinar, which starts at once.
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
    except (DeadLinkError, UnknownOpinionError) as error:
        st.set_page_config(page_title=error.title)
        message = htpy.p(".gz-sentence", role="alert")[str(error)]
        closed = htpy.section(".gz-dead")[html.title(error.title), message, html.sources("")]
        html.show(htpy.fragment[closed, unsent(), show_word(LINK_CLOSED)])
    except GeozonesError as error:
        html.show(html.error(str(error)))
    # only place that may catch everything: what stops or reruns a page is not an Exception
    except Exception as error:  # noqa: BLE001
        show_fault_standalone(error)


def _shared(starts_show: bool) -> None:  # noqa: FBT001 - handed on
    personal = address.asked_opinion()
    token = address.asked_version() or "" if personal is None else asked_version_of(personal)
    work = shared_version(token)
    st.set_page_config(page_title=f"{work.name} – scénario")
    shared(token, work, starts_show=starts_show, personal=personal)
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

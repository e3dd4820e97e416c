"""Frame of every page: style sheets, navigation and the one map, then the page's own body.

Streamlit removes the elements of a page when another page is opened. ``app.py`` itself draws the
frame, and its elements stay: the map outlives a change of page, and nothing flashes. A file of
``pages/`` only names the view that it shows.
"""

from collections.abc import Callable, Sequence
from functools import cache

import htpy
import streamlit as st
from markupsafe import Markup
from streamlit.navigation.page import StreamlitPage
from streamlit.runtime.scriptrunner import get_script_run_ctx

from geozones.common.errors import GeozonesError
from geozones.ui import STATIC, current_scenario, state
from geozones.ui import user_jobs as visitor
from geozones.ui.opened_data import read_publications
from geozones.ui.server.auth import actor, is_user, login_page
from geozones.ui.server.web_guard import show_fault
from geozones.ui.state import address
from geozones.ui.state.page_views import DataView, ShareView, TeamView
from geozones.ui.state.session_views import Arrival, Attention, ShownPage
from geozones.ui.widgets import html, territory_map
from geozones.ui.widgets.html import link_to_part
from geozones.workspace.figures.study import Study
from geozones.workspace.roles import Role

#: View state that holds the part last shown of each page with several parts, by page address.
_VIEWS = {"equipes": TeamView, "partager": ShareView, "donnees": DataView}
_STYLES = (
    "scale.css", "layout.css", "styles.css", "shared.css", "print.css", "landmarks.css",
    "attention.css", "preferences.css",
)  # fmt: skip
_SCRIPTS = (
    "french.js", "screen.js", "search.js", "copy.js", "landmarks.js", "menus.js", "attention.js",
)  # fmt: skip


def show(body: Callable[[Study], None], *, has_map: bool = False) -> None:
    """Register the view that the page shows.

    Where a login is set up, nobody sees a page without logging in. A page that ``has_map`` draws
    the map itself, first.
    """
    before = state.of(ShownPage).body
    if before is not None and before is not body:
        state.leave_page()
        visitor.leave_page()
    state.update(ShownPage, body=body, has_map=has_map)


def report_unknown_address(pages: Sequence[StreamlitPage]) -> None:
    """Notify the user that the address names no page: Streamlit shows the first one instead."""
    context = get_script_run_ctx()
    if context is None or state.of(Arrival).seen:
        return
    asked = context.pages_manager.intended_page_name
    if asked and asked not in {page.url_path for page in pages}:
        state.notify("warning", f"L'adresse « {asked[:80]} » n'existe pas : voici la carte.")


def draw(pages: Sequence[StreamlitPage]) -> None:
    """Draw the chosen page inside the frame of all pages."""
    state.update(Arrival, back=address.pop_back_mark())
    inject_assets()
    with st.container(key="gz-nav", horizontal=True):
        for page in pages:
            view = _VIEWS.get(page.url_path)
            asks = link_to_part(view) if page.url_path else state.of(Arrival).parameters
            st.page_link(page, query_params=asks)
    _draw()


def inject_assets() -> None:
    """Inject the style sheets and the scripts of every page.

    They are two elements, which the browser keeps: Streamlit sends each small one again.
    """
    html.show(htpy.style[_joined(_STYLES)])
    st.html(htpy.script[_joined(_SCRIPTS)], unsafe_allow_javascript=True)


@cache  # a page asks for them each time it is opened
def _joined(names: tuple[str, ...]) -> Markup:
    texts = ((STATIC / name).read_text(encoding="utf-8") for name in names)
    return Markup("\n".join(texts))  # noqa: S704 - our own files


@st.fragment
def _draw() -> None:
    """Draw a page as one fragment: an action redraws its figures, panels and map, nothing else.

    Errors in the data are shown as one sentence, and any other fault as a French message.
    """
    page = state.of(ShownPage)
    if page.body is None:  # no file of ``pages/`` has run
        return
    top = st.container()
    name = page.body.__name__
    kind = "map" if page.has_map and is_user() else "document"  # a refusal is no map
    html.show(htpy.div("#gz-page", data_kind=kind, data_page=name, hidden=True))
    try:
        read_publications()
        visitor = actor().role is Role.VISITOR
        _track_login(page, visitor=visitor)
        if visitor:
            login_page()
            return
        state.run_postponed()
        current_scenario.meet_others()
        study = current_scenario.study()
        if not page.has_map:
            territory_map.keep_map(study)
        page.body(study)
        html.show(htpy.fragment[territory_map.footer(), attention()])
    except GeozonesError as error:
        html.show(html.error(str(error)))
    # only place that may catch everything: what stops or reruns a page is not an Exception
    except Exception as error:  # noqa: BLE001
        with top:
            show_fault(error)


def attention() -> htpy.Element:
    """Return the hidden element by which ``attention.js`` learns what to announce and to focus."""
    pending = state.of(Attention)
    return htpy.div(
        "#gz-attention",
        hidden=True,
        data_said=pending.announced,
        data_said_rank=str(pending.announced_rank),
        data_focus=pending.focus,
        data_focus_rank=str(pending.focus_rank),
        data_focus_always="" if pending.always else None,
    )


def _track_login(page: ShownPage, *, visitor: bool) -> None:
    """Track whether the session is logged in; clear its state once its login has ended."""
    if visitor and page.logged_in:
        state.forget_all(ShownPage)
        state.update(ShownPage, logged_in=False)
    elif not visitor and not page.logged_in:
        state.update(ShownPage, logged_in=True)

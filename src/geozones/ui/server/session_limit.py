"""Limit on open pages; sessions over the limit get a notice, and nothing is drawn for them.

Users have one limit; visitors of shared links have another, in total and per link. A caller with
neither a login nor an open link needs no place: the login page costs no more than the notice.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from threading import Lock

import htpy
from streamlit.runtime import exists, get_instance
from streamlit.runtime.scriptrunner import get_script_run_ctx

from geozones.common.errors import GeozonesError
from geozones.common.french import plural
from geozones.ui import store_handle
from geozones.ui.server.callers import Caller, CallerKind, current_caller
from geozones.ui.state.address import asked_opinion, asked_version
from geozones.ui.widgets import html
from geozones.workspace.comments.asking import Opinions
from geozones.workspace.jobs.limits import ServerLimits, read_bounds
from geozones.workspace.roles import VISITOR
from geozones.workspace.scenarios.reading import linked


class SessionSlots:
    """Registry of the sessions that hold a place, until they are closed."""

    def __init__(self) -> None:
        self._lock = Lock()
        #: Session -> link of a visitor, "" for a user.
        self._held: dict[str, str] = {}

    def claim(
        self, session: str, caller: Caller, bounds: ServerLimits, is_open: Callable[[str], bool]
    ) -> bool:
        """Claim a place for a session; return whether there was room."""
        with self._lock:
            if self._held.get(session) == caller.link:
                return True
            self._held.pop(session, None)
            if not self._has_room(caller, bounds):
                self._held = {one: link for one, link in self._held.items() if is_open(one)}
                if not self._has_room(caller, bounds):
                    return False
            self._held[session] = caller.link
            return True

    def holds(self, session: str, caller: Caller) -> bool:
        """Tell whether a session holds a place as this caller."""
        return self._held.get(session) == caller.link

    def _has_room(self, caller: Caller, bounds: ServerLimits) -> bool:
        links = list(self._held.values())
        users = links.count("")
        if caller.kind is CallerKind.USER:
            return users < bounds.sessions
        of_link, visitors = links.count(caller.link), len(links) - users
        return visitors < bounds.visitor_sessions and of_link < bounds.link_sessions


_SLOTS = SessionSlots()


def claim_session_slot() -> bool:
    """Claim a place for this session, held until it is closed; return whether there is room.

    Raises
    ------
    InputError
        If the limit in the settings is not valid.
    """
    context = get_script_run_ctx()
    if context is None or not exists():
        return True
    caller = current_caller(context.query_string)
    if _SLOTS.holds(context.session_id, caller):
        return True
    if caller.kind is CallerKind.UNKNOWN or (caller.kind is CallerKind.VISITOR and not _is_live()):
        return True
    return _SLOTS.claim(context.session_id, caller, read_bounds(), get_instance().is_active_session)


def _is_live() -> bool:
    """Tell whether the link of the address shows anything; if not, its page only says so."""
    personal = asked_opinion()
    try:
        if personal is not None:
            Opinions(store_handle.store, VISITOR, lambda: datetime.now(UTC)).asked(personal)
        else:
            linked(store_handle.store, asked_version() or "", datetime.now(UTC).date().isoformat())
    except GeozonesError:
        return False
    return True


def show_full_notice() -> None:
    """Show that the server is full, and what to do."""
    context = get_script_run_ctx()
    caller = current_caller("" if context is None else context.query_string)
    if caller.kind is CallerKind.VISITOR:
        html.show(
            html.error(
                htpy.strong["Trop de personnes consultent ce scénario en ce moment."],
                " Rechargez cette page dans quelques minutes.",
            )
        )
        return
    open_pages = plural(read_bounds().sessions, "page ouverte", "pages ouvertes")
    html.show(
        html.error(
            htpy.strong["Le serveur est complet."],
            f" Il a déjà {open_pages}, le maximum. Fermez-en une dont vous ne "
            "vous servez plus, ou rechargez celle-ci dans quelques minutes ; rien de ce qui est "
            "enregistré n'est perdu.",
        )
    )

"""Limit on open pages, queue of pages to draw, and watch on their scenarios.

Queue of drawings. Drawing is Python work, of which a process does one at a time: twenty drawings at
once each take twenty times as long, and the first caller waits as long as the last. A drawing that
lasts is waiting for something else (another process, an engine): it lets the next one begin.

Watch on scenarios: one thread in each process reads the versions of all open scenarios at once, so
that a page that nobody touches asks nothing of the server.

Limit on pages: users have one; visitors of shared links have another, in total and per link. A
caller with neither a login nor an open link needs no place: the login page costs no more than the
notice.
"""

import asyncio
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from functools import partial
from threading import Event, Lock, Thread

import htpy
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.runtime import Runtime, exists, get_instance
from streamlit.runtime.app_session import AppSession, AppSessionState
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.scriptrunner_utils.script_run_context import ThreadState

from geozones.common.clock import today
from geozones.common.errors import GeozonesError
from geozones.common.french import plural
from geozones.common.pacing import SlotQueue, Ticket
from geozones.jobs.runner import ServerLimits, read_bounds
from geozones.ui import opened_data
from geozones.ui.feature_parts import personal_link
from geozones.ui.server.auth import Caller, CallerKind, current_caller
from geozones.ui.state.address import asked_opinion, asked_version
from geozones.ui.widgets import html
from geozones.workspace.scenarios.links import linked
from geozones.workspace.scenarios.presence import versions


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
        """Tell whether a session has a place as this kind of caller."""
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
    """Claim a place for this session, held until it is closed; return whether there is room."""
    context = get_script_run_ctx()
    if context is None or not exists():
        return True
    caller = current_caller(context.query_string)
    if _SLOTS.holds(context.session_id, caller):
        return True
    if caller.kind is CallerKind.VISITOR and not _is_live():
        return True
    return _SLOTS.claim(context.session_id, caller, read_bounds(), get_instance().is_active_session)


def _is_live() -> bool:
    """Tell whether the link of the address is open; a closed link takes no place of visitors."""
    personal = asked_opinion()
    try:
        if personal is not None:
            personal_link(personal)
        else:
            linked(opened_data.store, asked_version() or "", today().isoformat())
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


#: Drawings at work together: one may wait for the database while another computes.
_TOGETHER = 2
#: Most drawings for visitors at work together, lasting ones included; and most per link.
_VISITORS, _OF_LINK = 4, 2
#: Seconds after which a drawing no longer blocks others.
_LASTING_S = 0.5
#: The same for a visitor, whose first drawing of a version takes seconds of computing.
_VISITOR_LASTING_S = 3.0
#: Seconds after which users no longer overtake a waiting visitor.
_PATIENCE_S = 5.0
_USER = Caller(CallerKind.USER)


type _Drawings = Sequence[Ticket[Caller]]


class RenderQueue:
    """Queue of the drawings at work and waiting, in order of arrival."""

    def __init__(self, together: int = _TOGETHER, lasting_s: float = _LASTING_S) -> None:
        self._together, self._lasting_s = together, lasting_s
        # each waiting drawing looks as often as one at work may have become a lasting one
        self.slots = SlotQueue(self._next, lasting_s)

    def slot(self, caller: Caller = _USER) -> AbstractContextManager[None]:
        """Acquire a render slot for the duration of the block."""
        return self.slots.slot(caller)

    def _next(self, waiting: _Drawings, working: _Drawings) -> Ticket[Caller] | None:
        """Return the next drawing to start, if any: users first, then one visitor at a time."""
        now = time.monotonic()
        young = [_is_visitor(one) for one in working if self._keeps_waiting(one, now)]
        is_free = young.count(False) < self._together
        users = (one for one in waiting if not _is_visitor(one))
        if is_free and (first := next(users, None)) is not None:
            return first
        visitors = (one for one in waiting if _is_visitor(one) and _has_room(one, working))
        visitor = None if any(young) else next(visitors, None)
        if visitor is None or is_free or visitor.since < now - _PATIENCE_S:
            return visitor
        return None

    def _keeps_waiting(self, one: Ticket[Caller], now: float) -> bool:
        """Tell whether a drawing at work still blocks others."""
        return one.since > now - (_VISITOR_LASTING_S if _is_visitor(one) else self._lasting_s)


def _is_visitor(one: Ticket[Caller]) -> bool:
    return one.claim.kind is CallerKind.VISITOR


def _has_room(visitor: Ticket[Caller], working: _Drawings) -> bool:
    """Tell whether the visitors at work leave room for another drawing of this link."""
    links = [one.claim.link for one in working if _is_visitor(one)]
    return len(links) < _VISITORS and links.count(visitor.claim.link) < _OF_LINK


#: Seconds between two looks: a change that is there at two of them was not the page's own.
_LOOK_S = 0.6


@dataclass(slots=True)
class _Page:
    """Scenario that an open page shows, and its versions: shown, last seen, last notified.

    ``seen`` is the version at the last look, ``told`` the last one that the page was told of;
    ``fragment`` is the part of the page to draw again.
    """

    scenario: str
    version: int
    fragment: str
    seen: int | None
    told: int | None


class Watches:
    """Open pages by session id, with the scenario that each shows."""

    def __init__(self) -> None:
        self._pages: dict[str, _Page] = {}
        self._lock = Lock()

    def put(self, session: str, scenario: str, version: int, fragment: str = "") -> None:
        """Note what a page shows now."""
        with self._lock:
            before = self._pages.get(session)
            same = before is not None and before.scenario == scenario
            told = before.told if same and before is not None else version
            self._pages[session] = _Page(scenario, version, fragment, version, told)

    def drop(self, session: str) -> None:
        """Forget a page."""
        with self._lock:
            self._pages.pop(session, None)

    def scenarios(self) -> frozenset[str]:
        """Return the scenarios (ids) that are open."""
        with self._lock:
            return frozenset(page.scenario for page in self._pages.values())

    def due(self, current: Mapping[str, int]) -> dict[str, str]:
        """Return the pages to draw again, given the stored versions: session id to fragment.

        A page is due when two looks in a row find the same new version, once per version: one look
        may fall between the page's own save and its drawing. A deleted scenario has no version.
        """
        found = {}
        with self._lock:
            for session, page in self._pages.items():
                now = current.get(page.scenario)
                if now != page.version and now == page.seen and now != page.told:
                    found[session] = page.fragment
                    page.told = now
                page.seen = now
        return found


_WATCHES = Watches()
_STARTED = Lock()


def watch(scenario: str | None, version: int = 0) -> None:
    """Register the scenario that the page being drawn follows, or none."""
    context = get_script_run_ctx()
    if context is None or not exists() or type(get_instance()) is not Runtime:
        return  # the page is run by a test, without a server
    if scenario is None:
        _WATCHES.drop(context.session_id)
        return
    fragment = ThreadState.get().fragment_id or ""
    _WATCHES.put(context.session_id, scenario, version, fragment)
    if _STARTED.acquire(blocking=False):
        Thread(target=_look_on, name="scenario watch", daemon=True).start()


def _look_on() -> None:
    """Look at the open scenarios, for as long as the process lives."""
    wait = Event()
    while not wait.wait(_LOOK_S):
        shown = _WATCHES.scenarios()
        if not shown or not exists():
            continue
        # a store that does not answer is reported when something is drawn or saved
        with suppress(GeozonesError):
            _tell(_WATCHES.due(versions(opened_data.store(), shown)).items())


def _tell(due: Iterable[tuple[str, str]]) -> None:
    runtime = get_instance()
    for session, fragment in due:
        info = runtime._session_mgr.get_active_session_info(session)  # noqa: SLF001 - no public access
        if info is None:
            _WATCHES.drop(session)
        else:
            loop = runtime._get_async_objs().eventloop  # noqa: SLF001 - as above
            loop.call_soon_threadsafe(partial(_draw_again, info.session, fragment))


def _draw_again(session: AppSession, fragment: str) -> None:
    """Draw the page of a session again, unless it is being drawn and so sees the change itself.

    A run that waits for its turn, or has just ended, is waited for: what a user asked for meanwhile
    would be mixed with this request, and lost.
    """
    if session._state is not AppSessionState.APP_NOT_RUNNING:  # noqa: SLF001 - no public access
        return
    if session._scriptrunner is not None:  # noqa: SLF001 - as above
        asyncio.get_running_loop().call_later(_LOOK_S, _draw_again, session, fragment)
        return
    state = ClientState()
    state.CopyFrom(session._client_state)  # noqa: SLF001 - as above
    state.fragment_id = fragment if session.has_fragment(fragment) else ""
    session.request_rerun(state)

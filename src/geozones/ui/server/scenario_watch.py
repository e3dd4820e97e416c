"""Watch on the open scenarios: a page is drawn again soon after somebody else changed its scenario.

One thread a process reads the versions of all open scenarios at once, so that a page that nobody
touches asks nothing of the server.
"""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from threading import Event, Lock, Thread

from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.runtime import Runtime, exists, get_instance
from streamlit.runtime.app_session import AppSession, AppSessionState
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.scriptrunner_utils.script_run_context import ThreadState

from geozones.common.errors import GeozonesError
from geozones.ui import store_handle
from geozones.workspace.scenarios.presence import versions

#: Seconds between two looks: a change that is there at two of them was not the page's own.
_LOOK_S = 0.6


@dataclass(slots=True)
class _Page:
    """Version of the scenario that a page (session id) shows, and of the changes that it was told.

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

        A page is due at the second look at which its scenario differs, once for each version: the
        first may come between its own save and its drawing. A scenario that was deleted has none.
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
    """Have the page that is being drawn follow a scenario, or none."""
    context = get_script_run_ctx()
    if context is None or not exists() or type(get_instance()) is not Runtime:
        return  # no server runs the page, but a test
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
        # a store that does not answer is told of when something is drawn or saved
        with suppress(GeozonesError):
            _tell(_WATCHES.due(versions(store_handle.store(), shown)).items())


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
    """Draw the page of a session again, unless it is being drawn and so sees the change itself."""
    if session._state is not AppSessionState.APP_NOT_RUNNING:  # noqa: SLF001 - no public access
        return
    state = ClientState()
    state.CopyFrom(session._client_state)  # noqa: SLF001 - as above
    state.fragment_id = fragment if session.has_fragment(fragment) else ""
    session.request_rerun(state)

"""HTTP in front of Streamlit: guards, redirects from former addresses, error pages, monitoring.

A page of another site may reach a server on this machine in two ways: through a host name of its
own that points here (DNS rebinding: the ``Host`` is foreign), or by opening a websocket from its
own page (the ``Origin`` is foreign). Both are refused.

The monitoring endpoints ``/-/ready`` and ``/-/metrics`` answer only requests from this machine,
under its own name and not through a proxy, and requests with the token of
``GEOZONES_METRICS_TOKEN``; so does Streamlit's own ``/_stcore/metrics``.
"""

import logging
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from secrets import compare_digest, token_hex
from types import MappingProxyType
from typing import Any, override
from urllib.parse import parse_qs, urlsplit

import htpy
import streamlit as st
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    REGISTRY,
    CollectorRegistry,
    Counter,
    Gauge,
    generate_latest,
)
from prometheus_client.multiprocess import MultiProcessCollector
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from geozones.common.clock import now
from geozones.common.json_log import LOGGER, TelemetryEvent, record_event
from geozones.ui import state
from geozones.ui.state import address
from geozones.ui.state.carte_views import MapView, Mode
from geozones.ui.state.page_views import ShareView
from geozones.ui.state.session_views import Arrival, Current, HypothesesView, ShownPage
from geozones.ui.widgets import html
from geozones.workspace.doctor import Readiness

_LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
#: Path of the frames of components in Streamlit.
_FRAMES = "/component"
_READING = frozenset({"GET", "HEAD", "OPTIONS"})
#: Content Security Policy. « unsafe-inline »: Streamlit writes scripts in pages. « blob: »: it
#: loads the webinar's scripts from the page itself. « unsafe-eval »: the map's frame compiles
#: texts. « data.geopf.fr » has the IGN background.
_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob: https://data.geopf.fr; "
    "font-src 'self' data:; media-src 'self' data: blob:; worker-src 'self' blob:; "
    "frame-src 'self' data: blob:; connect-src 'self' ws://{host} wss://{host}; "
    "object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'self'{sites}"
)


def allowed_hosts(
    environment: Mapping[str, str] | None = None, addresses: Iterable[str] = ()
) -> list[str]:
    """Return the host names that the app answers to.

    They are this machine's, those of ``GEOZONES_HOSTS`` in the environment, separated by commas
    (``*.region.example`` stands for every name under it), and those of ``addresses`` of the app:
    the public one, and the login's redirect address.
    """
    named = (os.environ if environment is None else environment).get("GEOZONES_HOSTS", "")
    names = [*_LOOPBACK, *(name.strip().lower() for name in named.split(","))]
    names += [urlsplit(address).hostname or "" for address in addresses]
    return [name for name in dict.fromkeys(names) if name]


def guards(hosts: list[str], sites: Sequence[str] = ()) -> list[Middleware]:
    """Return the middleware that stands before Streamlit, the outermost first.

    ``sites`` may show the map alone (``?embed=true``) in their pages; no other site may. They can
    then also frame the empty frame that the map is drawn in, which holds no data of its own.
    """
    return [
        Middleware(_SafeHeaders, sites=tuple(sites)),
        Middleware(TrustedHostMiddleware, allowed_hosts=hosts, www_redirect=False),
        Middleware(_SameOrigin),
    ]


class _SameOrigin:
    """Middleware that refuses a websocket or a writing request made by a page of another site."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        writes = scope["type"] == "websocket" or (
            scope["type"] == "http" and scope["method"] not in _READING
        )
        if writes:
            headers = Headers(scope=scope)
            origin = headers.get("origin")
            # a program that is not a browser sends no origin
            if origin is not None and urlsplit(origin).netloc != headers.get("host"):
                if scope["type"] == "websocket":
                    await send({"type": "websocket.close", "code": 1008})
                    return
                await PlainTextResponse("Origine refusée", 403)(scope, receive, send)
                return
        await self._app(scope, receive, send)


class _SafeHeaders:
    """Middleware of security headers: what a page may load, who may frame it, no type sniffing."""

    def __init__(self, app: ASGIApp, sites: tuple[str, ...]) -> None:
        self._app, self._sites = app, sites

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        host = _one_word(Headers(scope=scope).get("host", ""))

        async def send_safe(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                sites = self._sites if _may_be_framed(scope) else ()
                framed = "".join(f" {site}" for site in sites)
                headers["Content-Security-Policy"] = _POLICY.format(host=host, sites=framed)
                if not sites:  # an older browser only knows the choice between this site and none
                    headers["X-Frame-Options"] = "SAMEORIGIN"
                headers["X-Content-Type-Options"] = "nosniff"
                headers["Referrer-Policy"] = "same-origin"
            await send(message)

        await self._app(scope, receive, send_safe)


def _may_be_framed(scope: Scope) -> bool:
    if f"{_FRAMES}/" in scope["path"]:  # a browser checks the policy against every enclosing page
        return True
    asked = parse_qs(scope["query_string"].decode("latin-1")).get("embed", [])
    return bool(asked) and asked[-1].lower() == "true"


def _one_word(host: str) -> str:
    """Return the host; "" if a sign in it would end a part of the policy."""
    return "" if any(sign in host for sign in " ;,'") else host


_LOG = logging.getLogger(__name__)


def show_fault(error: Exception) -> None:
    """Show that a page failed and what to do, where the page is drawn; the user's work is kept."""
    what = htpy.p[
        htpy.strong["Cette page n'a pas pu être affichée jusqu'au bout."],
        " La faute vient de l'outil, pas de vous : votre travail est gardé.",
    ]
    advice = (
        "Réessayez. Si cela recommence, réessayez sans votre sélection, ou passez par la page "
        "Scénarios : ce qui est enregistré s'y retrouve. Pour le signaler, transmettez ce code à "
        "l'administrateur de l'outil : "
    )
    remedy = htpy.p[
        advice,
        htpy.strong[_logged(error)],
        ". Le journal du serveur garde le détail.",
    ]
    html.show(htpy.div(".gz-notice.gz-error", role="alert")[what, remedy])
    with st.container(horizontal=True):
        st.button("Réessayer", icon=":material/refresh:", key="porte.reessayer")
        st.button(
            "Réessayer sans ma sélection",
            icon=":material/filter_alt_off:",
            key="porte.sans-selection",
            on_click=state.forget_all,
            args=(Arrival, Current, HypothesesView, ShownPage),
        )
        st.page_link("pages/scenarios.py", label="Ouvrir Scénarios", icon=":material/account_tree:")


def show_fault_standalone(error: Exception) -> None:
    """Show that a standalone page failed, with no link elsewhere."""
    html.show(
        html.error(
            "Cette page n'a pas pu être affichée jusqu'au bout. La faute vient de l'outil, pas de "
            "vous. Rechargez-la ; si cela recommence, donnez ce code à la personne qui vous a "
            f"donné le lien : {_logged(error)}."
        )
    )


def show_gesture_fault(error: Exception) -> bool:
    """Show above the page, which stays as it was, that an action failed, and what to do.

    The message is a single element that replaces the first element of the page: a second element
    would replace one of the page's own. Returns ``True``, so that Streamlit shows no message of its
    own.
    """
    html.show(
        html.error(
            htpy.strong["Cette action n'a pas abouti."],
            " La faute vient de l'outil, pas de vous : votre travail est gardé, et la page est "
            "comme avant. Réessayez ; si cela recommence, passez par la page Scénarios. Pour le "
            "signaler, transmettez ce code à l'administrateur de l'outil : ",
            htpy.strong[_logged(error)],
            ". Le journal du serveur garde le détail.",
        )
    )
    return True


def _logged(error: Exception) -> str:
    """Log the details of a fault; return its code and its time, for users to quote."""
    code = token_hex(3).upper()
    _LOG.error("Fault %s", code, exc_info=error)
    record_event(TelemetryEvent.FAULT, code=code, error=type(error).__name__)
    return f"{code} ({now().strftime('%d/%m/%Y à %H:%M')})"


def _leads(
    page: str,
    view: type,
    asks: Mapping[str, str] = MappingProxyType({}),
    **fields: Any,  # noqa: ANN401 - fields of any view
) -> Callable[[], None]:
    def lead() -> None:
        state.update(view, **fields)
        st.switch_page(page, query_params={**st.query_params.to_dict(), **asks})

    return lead


_CARTE, _PARTAGER = "pages/carte.py", "pages/partager.py"
#: Redirect of each old address.
OLD_ADDRESSES: Mapping[str, Callable[[], None]] = {
    "atelier": _leads(_CARTE, MapView, mode=Mode.MAP),
    "propositions": _leads(_CARTE, MapView, mode=Mode.PROPOSE),
    "temps": _leads(_CARTE, MapView, mode=Mode.MAP, colouring="worst_releve_minutes"),
    "webinaire": _leads(_PARTAGER, ShareView, asks=address.of_part("webinaire"), linked=True),
}


MEDIA_TYPE = CONTENT_TYPE_LATEST
_OPEN = Gauge("geozones_sessions_open", "Sessions open now.", multiprocess_mode="livesum")
_SESSIONS = Counter("geozones_sessions", "Sessions opened.")
_CHANGES = Counter("geozones_changes", "Changes made to scenarios.", ["kind"])
_SEARCHES = Counter("geozones_searches", "Searches begun.", ["kind"])
_EXPORTS = Counter("geozones_exports", "Files made to be downloaded.", ["format"])
_FAULTS = Counter("geozones_faults", "Faults of the tool that a page told.", ["error"])
COUNTERS = (_SESSIONS, _CHANGES, _SEARCHES, _EXPORTS, _FAULTS)
_LABELLED = {
    TelemetryEvent.CHANGE: (_CHANGES, "kind"),
    TelemetryEvent.SEARCH: (_SEARCHES, "kind"),
    TelemetryEvent.EXPORT: (_EXPORTS, "format"),
    TelemetryEvent.FAULT: (_FAULTS, "error"),
}


class _Counting(logging.Handler):
    """Log handler that increments the Prometheus counters."""

    @override
    def emit(self, record: logging.LogRecord) -> None:
        what, facts = getattr(record, "event", ""), getattr(record, "facts", {})
        if what == TelemetryEvent.SESSION_OPENED:
            _SESSIONS.inc()
            _OPEN.inc()
        elif what == TelemetryEvent.SESSION_CLOSED:
            _OPEN.dec()
        elif what in _LABELLED:
            counter, label = _LABELLED[TelemetryEvent(what)]
            counter.labels(facts.get(label, "other")).inc()


def start_counting() -> None:
    """Start counting events."""
    logging.getLogger(LOGGER).addHandler(_Counting())


def counted() -> bytes:
    """Return the counters of this process, or of all processes in ``PROMETHEUS_MULTIPROC_DIR``."""
    registry = REGISTRY
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        registry = CollectorRegistry()
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return generate_latest(registry)


_PROTECTED = ("/-/ready", "/-/metrics", "/_stcore/metrics")
#: End of the path of the websocket of a session.
STREAM = "/_stcore/stream"
_HERE = frozenset({"127.0.0.1", "::1", "localhost"})
_PASSED_ON = ("x-forwarded-for", "x-real-ip", "forwarded")
VARIABLE = "GEOZONES_METRICS_TOKEN"


def service_routes(base_path: str) -> list[Route]:
    """Return the routes, under the base path of the app ("" for the root)."""
    readiness = Readiness()

    async def ready(_: Request) -> Response:
        answer = await run_in_threadpool(readiness.answer)
        return JSONResponse(answer, 200 if answer["ready"] else 503, {"Cache-Control": "no-store"})

    async def metrics(_: Request) -> Response:
        return Response(counted(), media_type=MEDIA_TYPE)

    return [Route(f"{base_path}/-/ready", ready), Route(f"{base_path}/-/metrics", metrics)]


class MonitoringGuard:
    """Middleware that protects these endpoints and logs each session opened and closed."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        path = scope.get("path", "")
        if scope["type"] == "websocket" and path.endswith(STREAM):
            record_event(TelemetryEvent.SESSION_OPENED)
            try:
                await self._app(scope, receive, send)
            finally:
                record_event(TelemetryEvent.SESSION_CLOSED)
        elif scope["type"] == "http" and path.endswith(_PROTECTED) and not is_allowed(scope):
            refused = "Adresse réservée à cette machine et aux porteurs du jeton."
            await PlainTextResponse(refused, 403)(scope, receive, send)
        else:
            await self._app(scope, receive, send)


def is_allowed(scope: Scope) -> bool:
    """Tell whether a request has the token, or comes from this machine without a proxy."""
    headers = Headers(scope=scope)
    token = os.environ.get(VARIABLE, "")
    given = headers.get("authorization", "").encode()
    if token and compare_digest(given, f"Bearer {token}".encode()):
        return True
    if any(name in headers for name in _PASSED_ON):
        return False
    asked = headers.get("host", "").rpartition(":")[0].strip("[]") or headers.get("host", "")
    client = scope.get("client") or ("",)
    return asked in _HERE and client[0] in _HERE

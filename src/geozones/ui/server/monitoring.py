"""Monitoring endpoints ``/-/ready`` and ``/-/metrics``, and their counters.

The endpoints answer only requests from this machine, under its own name and not through a proxy,
and requests with the token of ``GEOZONES_METRICS_TOKEN``; so does Streamlit's own
``/_stcore/metrics``.
"""

import logging
import os
from secrets import compare_digest
from typing import override

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
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from geozones.common.json_log import LOGGER, TelemetryEvent, record_event
from geozones.workspace.doctor.set_up import Readiness

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
_STREAM = "/_stcore/stream"
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
        if scope["type"] == "websocket" and path.endswith(_STREAM):
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

"""Monitoring endpoints: ``/-/ready`` and ``/-/metrics``.

They answer only requests from this machine, under its own name and not through a proxy, and
requests with the token of ``GEOZONES_METRICS_TOKEN``; so does Streamlit's own ``/_stcore/metrics``.
"""

import os
from secrets import compare_digest

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from geozones.common.telemetry import TelemetryEvent, record_event
from geozones.ui.server.monitoring.counters import MEDIA_TYPE, counted
from geozones.workspace.doctor.readiness import Readiness

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

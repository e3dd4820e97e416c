"""What the server refuses and adds to its answers, before Streamlit sees a request.

A page of another site may reach a server on this machine in two ways: through a name of its own
that it has point here (DNS rebinding: the ``Host`` is foreign), or by opening a websocket from
where it is (the ``Origin`` is foreign). Both are refused.
"""

import os
from collections.abc import Iterable, Mapping, Sequence
from urllib.parse import parse_qs, urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
#: Where Streamlit serves the frames of components.
_FRAMES = "/component"
_READING = frozenset({"GET", "HEAD", "OPTIONS"})
#: What pages may load. Streamlit writes scripts in pages (« unsafe-inline ») and loads those of
#: the webinar from the page itself (« blob: »), the map's frame compiles texts (« unsafe-eval »);
#: « data.geopf.fr » has the IGN background.
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
    """Return the host names the app may be asked under.

    Parameters
    ----------
    environment
        Where ``GEOZONES_HOSTS`` names those beside this machine's, separated by commas;
        ``*.region.example`` stands for every name under it.
    addresses
        Addresses of the app (the public one, that the identity provider sends back to): their hosts
        are among them.
    """
    named = (os.environ if environment is None else environment).get("GEOZONES_HOSTS", "")
    names = [*_LOOPBACK, *(name.strip().lower() for name in named.split(","))]
    names += [urlsplit(address).hostname or "" for address in addresses]
    return [name for name in dict.fromkeys(names) if name]


def guards(hosts: list[str], sites: Sequence[str] = ()) -> list[Middleware]:
    """Return what stands before Streamlit, the outermost first.

    ``sites`` may show the map alone (``?embed=true``) in a page of theirs; no other page. The empty
    frame that the map is drawn in, which holds no data of its own, is then in their page too.
    """
    return [
        Middleware(_SafeHeaders, sites=tuple(sites)),
        Middleware(TrustedHostMiddleware, allowed_hosts=hosts, www_redirect=False),
        Middleware(_SameOrigin),
    ]


class _SameOrigin:
    """Refuse a websocket, or a request that writes, that a page of another site makes."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        writes = scope["type"] == "websocket" or (
            scope["type"] == "http" and scope["method"] not in _READING
        )
        if writes:
            headers = Headers(scope=scope)
            origin = headers.get("origin")
            # a program that is no browser names none
            if origin is not None and urlsplit(origin).netloc != headers.get("host"):
                if scope["type"] == "websocket":
                    await send({"type": "websocket.close", "code": 1008})
                    return
                await PlainTextResponse("Origine refusée", 403)(scope, receive, send)
                return
        await self._app(scope, receive, send)


class _SafeHeaders:
    """Tell the browser what a page may load, who may frame it, and to trust declared types only."""

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
                if not sites:  # an older browser knows none other than this very site
                    headers["X-Frame-Options"] = "SAMEORIGIN"
                headers["X-Content-Type-Options"] = "nosniff"
                headers["Referrer-Policy"] = "same-origin"
            await send(message)

        await self._app(scope, receive, send_safe)


def _may_be_framed(scope: Scope) -> bool:
    if f"{_FRAMES}/" in scope["path"]:  # a browser holds the policy against every page around
        return True
    asked = parse_qs(scope["query_string"].decode("latin-1")).get("embed", [])
    return bool(asked) and asked[-1].lower() == "true"


def _one_word(host: str) -> str:
    """Return a host as it is, or none where it would end a part of the policy."""
    return "" if any(sign in host for sign in " ;,'") else host

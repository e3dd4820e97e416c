"""HTTP guards before Streamlit, redirects from former addresses, error pages in French.

A page of another site may reach a server on this machine in two ways: through a host name of its
own that points here (DNS rebinding: the ``Host`` is foreign), or by opening a websocket from its
own page (the ``Origin`` is foreign). Both are refused.
"""

import logging
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from secrets import token_hex
from types import MappingProxyType
from typing import Any
from urllib.parse import parse_qs, urlsplit

import htpy
import streamlit as st
from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from geozones.common.json_log import TelemetryEvent, record_event
from geozones.ui import state
from geozones.ui.state import address
from geozones.ui.state.carte_views import MapView, Mode
from geozones.ui.state.page_views import ShareView
from geozones.ui.state.session_views import Arrival, Current, HypothesesView, ShownPage
from geozones.ui.widgets import html

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

    Parameters
    ----------
    environment
        ``GEOZONES_HOSTS`` in it names hosts beside this machine's, separated by commas;
        ``*.region.example`` stands for every name under it.
    addresses
        Addresses of the app (the public one, and the login's redirect address): their hosts are
        allowed too.
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
    return f"{code} ({datetime.now(UTC).strftime('%d/%m/%Y à %H:%M UTC')})"


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
    "atelier": _leads(_CARTE, MapView, mode=Mode.EDIT),
    "propositions": _leads(_CARTE, MapView, mode=Mode.PROPOSE),
    "temps": _leads(_CARTE, MapView, mode=Mode.LOOK, colouring="max_minutes"),
    "webinaire": _leads(_PARTAGER, ShareView, asks=address.of_part("webinaire"), linked=True),
}

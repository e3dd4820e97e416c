"""Pages of a login before Streamlit: nobody opens a session without a login or the link of a page.

A session of Streamlit costs a thread and a drawing; hundreds of login pages at once kept planners
waiting. Where a login is set up, a browser without one gets a page of plain HTML at every address
but those of shared versions and of opinions, whose websocket has the link in its own address
(``public_link.js``).
"""

from collections.abc import Callable
from urllib.parse import parse_qs

import htpy
from markupsafe import Markup
from starlette.datastructures import Headers
from starlette.requests import Request, cookie_parser
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.errors import StreamlitAPIException
from streamlit.user_info import generate_login_redirect_url
from streamlit.web.server.server_util import get_cookie_secret
from streamlit.web.server.starlette.starlette_app_utils import decode_signed_value
from streamlit.web.server.starlette.starlette_server_config import USER_COOKIE_NAME

from geozones.common.settings_file import FROZEN, OPINION
from geozones.ui.server.auth import LOGIN_REQUIRED, RESERVED, has_login
from geozones.ui.server.web_guard import STREAM

#: Path that leads to the identity provider.
LOGIN_PATH = "/connexion"
#: Beginnings of the paths of files, frames and answers: HTML there is no page of the app.
_NO_PAGES = ("/_stcore/", "/app/", "/component/", "/media/", "/static/")
_STYLE = (
    "body{font:1rem/1.5 system-ui,sans-serif;color:#1f2a33;background:#f7f6f3;margin:0}"
    "main{max-width:30rem;margin:16vh auto 0;padding:2rem 1.5rem;background:#fff;border-radius:8px;"
    "border:1px solid #dedbd4}h1{font-size:1.375rem;margin:0 0 .75rem}p{margin:0 0 1.5rem}"
    ".name{color:#5b6670;margin:0 0 .25rem}a{display:inline-block;background:#14507a;color:#fff;"
    "padding:.625rem 1.25rem;border-radius:6px;text-decoration:none;font-weight:600}"
    "a:hover{background:#0f3d5e}a:focus-visible{outline:3px solid #e0a030;outline-offset:2px}"
    "@media(max-width:34rem){main{margin:0;min-height:100vh;border:0;border-radius:0;"
    "box-sizing:border-box;padding-top:20vh}}"
)
_FAILED_STYLE = (
    "body{font:1rem/1.5 system-ui,sans-serif;color:#1f2a33;max-width:34rem;margin:18vh auto;"
    "padding:0 1.5rem}h1{font-size:1.25rem}a{color:#14507a}"
)


def is_let_in(scope: Scope) -> bool:
    """Tell whether a request may reach Streamlit: a login, the link of a page, or no login set up.

    A login that has expired or ended is let in: the page says so, with its reason.
    """
    asked = parse_qs(scope["query_string"].decode("latin-1"))
    if FROZEN in asked or OPINION in asked or not has_login():
        return True
    sent = "; ".join(Headers(scope=scope).getlist("cookie"))
    signed = cookie_parser(sent).get(USER_COOKIE_NAME, "")
    secret = get_cookie_secret()
    return decode_signed_value(secret, USER_COOKIE_NAME, signed.encode("latin-1")) is not None


class StreamGate:
    """Middleware that refuses the websocket of a session to whoever is not let in."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        is_stream = scope["type"] == "websocket" and scope["path"].endswith(STREAM)
        if is_stream and not is_let_in(scope):
            await send({"type": "websocket.close", "code": 1008})
            return
        await self._app(scope, receive, send)


class LoginPage:
    """Middleware that answers the login page in place of a page of the app; ``PageHead`` wraps it.

    The provider's answer leads back to the root, which then shows the app.
    """

    def __init__(self, app: ASGIApp, base_path: str) -> None:
        self._app, self._base_path = app, base_path
        self._page = login_page(f"{base_path}{LOGIN_PATH}")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        path = scope.get("path", "").removeprefix(self._base_path)
        is_page = not path.startswith(_NO_PAGES) and path != LOGIN_PATH
        if scope["type"] != "http" or not is_page or is_let_in(scope):
            await self._app(scope, receive, send)
            return
        await self._app(scope, receive, _replacing(self._instead, scope, receive, send))

    def _instead(self, start: Message) -> Response | None:
        if Headers(scope=start).get("content-type", "").startswith("text/html"):
            return HTMLResponse(self._page, headers={"Cache-Control": "no-store"})
        return None


#: Addresses of Streamlit's own answers to a login.
_ADDRESSES = ("/auth/login", "/auth/logout", "/oauth2callback")


class LoginFaults:
    """Middleware that replaces the error answers of the login addresses by a French page."""

    def __init__(self, app: ASGIApp, base_path: str) -> None:
        self._app, self._base_path = app, base_path
        self._page = failed_page(f"{base_path}/")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        path = scope.get("path", "").removeprefix(self._base_path)
        if scope["type"] != "http" or path not in _ADDRESSES:
            await self._app(scope, receive, send)
            return
        await self._app(scope, receive, _replacing(self._instead, scope, receive, send))

    def _instead(self, start: Message) -> Response | None:
        return HTMLResponse(self._page, start["status"]) if start["status"] >= 400 else None


def _replacing(
    instead: Callable[[Message], Response | None], scope: Scope, receive: Receive, send: Send
) -> Send:
    """Return ``send``, but that another response may go out ``instead`` of the one that starts."""
    replaced = False

    async def send_own(message: Message) -> None:
        nonlocal replaced
        response = instead(message) if message["type"] == "http.response.start" else None
        if response is not None:
            replaced = True
            await response(scope, receive, send)
        elif not replaced:
            await send(message)

    return send_own


def login_page(address: str) -> str:
    """Return the page; its link leads to an address that starts the login."""
    return _plain_page(
        "geozones",
        _STYLE,
        htpy.p(".name")["Secteurs et zones de continuité"],
        htpy.h1[LOGIN_REQUIRED],
        htpy.p(role="alert")[RESERVED],
        htpy.a(href=address)["Se connecter"],
    )


def failed_page(home: str) -> str:
    """Return the page that says that a login failed; its link leads back to the app."""
    return _plain_page(
        "Connexion – geozones",
        _FAILED_STYLE,
        htpy.h1["La connexion n’a pas abouti"],
        htpy.p[
            "Le service d’identité ne répond pas, ou n’a pas accepté cette connexion. "
            "Rien n’a changé dans l’outil."
        ],
        htpy.p[
            htpy.a(href=home)["Revenir et réessayer"],
            ". Si cela recommence, prévenez la personne qui administre l’outil.",
        ],
    )


def _plain_page(title: str, style: str, *content: htpy.Node) -> str:
    return str(
        htpy.html(lang="fr")[
            htpy.head[
                htpy.meta(charset="utf-8"),
                htpy.meta(name="viewport", content="width=device-width, initial-scale=1"),
                htpy.title[title],
                htpy.style[Markup(style)],  # noqa: S704 - our own
            ],
            htpy.body[htpy.main[content]],
        ]
    )


def login_route(base_path: str) -> Route:
    """Return the route that starts a login, or says that it cannot."""

    async def start(_: Request) -> Response:
        try:  # the address that Streamlit signs holds for two minutes: it is made at the click
            return RedirectResponse(generate_login_redirect_url("default"), 302)
        except StreamlitAPIException:
            return HTMLResponse(failed_page(f"{base_path}/"), 500)

    return Route(f"{base_path}{LOGIN_PATH}", start)

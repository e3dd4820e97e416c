"""Login page before Streamlit: nobody opens a session without a login or the link of a page.

A session of Streamlit costs a thread and a drawing; hundreds of login pages at once kept planners
waiting. Where a login is set up, a browser without one gets a page of plain HTML at every address
but those of shared versions and of opinions, whose websocket has the link in its own address
(``public_link.js``).
"""

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
from geozones.ui.server.auth import has_login

#: Path that leads to the identity provider.
LOGIN_PATH = "/connexion"
_STREAM = "/_stcore/stream"
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
        is_stream = scope["type"] == "websocket" and scope["path"].endswith(_STREAM)
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
        answered = False

        async def send_own(message: Message) -> None:
            nonlocal answered
            is_start = message["type"] == "http.response.start"
            if is_start and Headers(scope=message).get("content-type", "").startswith("text/html"):
                answered = True
                page = HTMLResponse(self._page, headers={"Cache-Control": "no-store"})
                await page(scope, receive, send)
            elif not answered:
                await send(message)

        await self._app(scope, receive, send_own)


def login_page(address: str) -> str:
    """Return the page; its link leads to an address that starts the login."""
    return str(
        htpy.html(lang="fr")[
            htpy.head[
                htpy.meta(charset="utf-8"),
                htpy.meta(name="viewport", content="width=device-width, initial-scale=1"),
                htpy.title["geozones"],
                htpy.style[Markup(_STYLE)],  # noqa: S704 - our own
            ],
            htpy.body[
                htpy.main[
                    htpy.p(".name")["Secteurs et zones de continuité"],
                    htpy.h1["Connexion obligatoire"],
                    htpy.p(role="alert")[
                        "Cet outil est réservé : connectez-vous avec votre compte pour l'ouvrir."
                    ],
                    htpy.a(href=address)["Se connecter"],
                ]
            ],
        ]
    )


def login_route(base_path: str, failed: str) -> Route:
    """Return the route that starts a login; ``failed`` is the page that says that it cannot."""

    async def start(_: Request) -> Response:
        try:  # the address that Streamlit signs holds for two minutes: it is made at the click
            return RedirectResponse(generate_login_redirect_url("default"), 302)
        except StreamlitAPIException:
            return HTMLResponse(failed, 500)

    return Route(f"{base_path}{LOGIN_PATH}", start)

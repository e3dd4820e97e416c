"""French error page for a failed login; Streamlit answers with two words of English."""

import htpy
from starlette.responses import HTMLResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_ADDRESSES = ("/auth/login", "/auth/logout", "/oauth2callback")
_STYLE = (
    "body{font:1rem/1.5 system-ui,sans-serif;color:#1f2a33;max-width:34rem;margin:18vh auto;"
    "padding:0 1.5rem}h1{font-size:1.25rem}a{color:#14507a}"
)


class LoginFaults:
    """Middleware that replaces the error answers of the login addresses by a French page."""

    def __init__(self, app: ASGIApp, base_path: str) -> None:
        self._app, self._base_path = app, base_path

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        path = scope.get("path", "").removeprefix(self._base_path)
        if scope["type"] != "http" or path not in _ADDRESSES:
            await self._app(scope, receive, send)
            return
        failed = False

        async def send_told(message: Message) -> None:
            nonlocal failed
            if message["type"] == "http.response.start" and message["status"] >= 400:
                failed = True
                page = HTMLResponse(_page(f"{self._base_path}/"), message["status"])
                await page(scope, receive, send)
            elif not failed:
                await send(message)

        await self._app(scope, receive, send_told)


def _page(home: str) -> str:
    return str(
        htpy.html(lang="fr")[
            htpy.head[
                htpy.meta(charset="utf-8"),
                htpy.meta(name="viewport", content="width=device-width, initial-scale=1"),
                htpy.title["Connexion – geozones"],
                htpy.style[_STYLE],
            ],
            htpy.body[
                htpy.main[
                    htpy.h1["La connexion n’a pas abouti"],
                    htpy.p[
                        "Le service d’identité ne répond pas, ou n’a pas accepté cette connexion. "
                        "Rien n’a changé dans l’outil."
                    ],
                    htpy.p[
                        htpy.a(href=home)["Revenir et réessayer"],
                        ". Si cela recommence, prévenez la personne qui administre l’outil.",
                    ],
                ]
            ],
        ]
    )

"""Head of the HTML page: title, description and picture that link previews show.

Streamlit answers every page with one file of its own, titled « Streamlit » and in English.
Messaging programs and search engines that read a link run no script: this head is all they see.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qs, quote

import htpy
from markupsafe import Markup
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from geozones.common.public_address import link_to
from geozones.domain.terms import terms, worded
from geozones.ui import STATIC

#: Path of the pages of components: frames inside a page, which no link leads to.
_COMPONENT = "/component/"
_PICTURE = "app/static/preview.png"
_ALT = "Carte des sept secteurs et de leurs zones de continuité"
_HISTORY = (STATIC / "history.js").read_text(encoding="utf-8")
_NO_SCRIPT = "Cette page a besoin de JavaScript pour dessiner la carte."
#: Titles of the pages, by the last part of their address.
_TITLES = {
    "": "Carte",
    "carte": "Carte",
    "equipes": "Équipes",
    "scenarios": "Scénarios",
    "partager": "Partager",
    "donnees": "Données",
}


def _description() -> str:
    site = terms().site
    public = site.agreeing("publics", "publiques")
    return (
        f"La carte des secteurs et des zones de continuité des {terms().technician.plural} "
        f"informatiques des {site.plural} {public} : qui assure la relève, en combien de temps, "
        "quels points surveiller."
    )


@dataclass(frozen=True, slots=True)
class Preview:
    """Preview of a link: a title, sentences, a picture (its path in the app) and its text."""

    title: str
    description: str = field(default_factory=_description)
    picture: str = _PICTURE
    alt: str = _ALT


type VersionPreview = Callable[[str], Preview | None]
"""Return the preview of a shared version by its token; ``None`` where the link leads nowhere."""

type PageStart = Callable[[str, str], Markup | None]
"""Return what a page shows before its scripts start, by its path and query."""


def preview_of(path: str, asks: Mapping[str, str], version_preview: VersionPreview) -> Preview:
    """Return the preview of a page: the preview of the version in the link, else the page's own."""
    if "version" in asks:
        return version_preview(asks["version"]) or Preview("Lien introuvable")
    if "avis" in asks:
        return Preview(worded("L'avis de votre {site} est demandé – geozones"))
    name = path.rstrip("/").rpartition("/")[2]
    return Preview(f"{_TITLES.get(name, 'Carte')} – geozones")


def with_head(
    page: str, preview: Preview, base: str, address: str, start: Markup | None = None
) -> str:
    """Return Streamlit's page, in French, with the preview; ``base`` is the URL of the app.

    ``start`` is what the page shows before its scripts start.
    """
    card = {
        "og:type": "website",
        "og:locale": "fr_FR",
        "og:site_name": "geozones",
        "og:title": preview.title,
        "og:description": preview.description,
        "og:url": address,
        "og:image": link_to(base, preview.picture),
        "og:image:width": "1200",
        "og:image:height": "630",
        "og:image:alt": preview.alt,
    }
    tags = htpy.fragment[
        htpy.title[preview.title],
        htpy.meta(name="description", content=preview.description),
        htpy.meta(name="twitter:card", content="summary_large_image"),
        (htpy.meta(property=name, content=content) for name, content in card.items()),
        htpy.script[Markup(_HISTORY)],  # noqa: S704 - our own file
    ]
    no_script = htpy.fragment[htpy.noscript[htpy.p[_NO_SCRIPT]], start]
    page = _in_place("title", str(tags), page).replace('lang="en"', 'lang="fr"', 1)
    return _in_place("noscript", str(no_script), page)


def _in_place(name: str, markup: str, page: str) -> str:
    """Replace the first element of a given name that has no attribute by markup."""
    return re.sub(f"<{name}>.*?</{name}>", lambda _: markup, page, count=1, flags=re.DOTALL)


class PageHead:
    """Middleware that puts the preview in each page; frames and other answers pass through."""

    def __init__(
        self,
        app: ASGIApp,
        public: str,
        version_preview: VersionPreview,
        base_path: str = "",
        page_start: PageStart = lambda *_: None,
    ) -> None:
        self._app, self._public, self._version_preview = app, public, version_preview
        self._base_path, self._page_start = base_path, page_start

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        asks_page = scope["type"] == "http" and scope["method"] in {"GET", "HEAD"}
        if not asks_page or _COMPONENT in scope["path"] or not _takes_page(scope):
            await self._app(scope, receive, send)
            return
        began: Message | None = None
        body = b""

        async def send_page(message: Message) -> None:
            nonlocal began, body
            if message["type"] == "http.response.start" and _is_page(message):
                began = message
            elif began is None:
                await send(message)
            elif message["type"] == "http.response.body":
                body += message.get("body", b"")
                if not message.get("more_body", False):
                    await self._send_page(scope, began, body, send)

        await self._app(_uncompressed(scope), receive, send_page)

    async def _send_page(self, scope: Scope, began: Message, body: bytes, send: Send) -> None:
        """Send a page with its preview; the answer to HEAD has no body and no length."""
        headers = MutableHeaders(scope=began)
        for stale in ("content-length", "etag", "last-modified"):
            del headers[stale]
        if body:
            here = f"{scope['scheme']}://{Headers(scope=scope).get('host', '')}"
            base = self._public or f"{here}{self._base_path}"
            query = scope["query_string"].decode("latin-1")
            asks = {name: values[-1] for name, values in parse_qs(query).items()}
            path = scope["path"].removeprefix(self._base_path)
            address = base + quote(path) + (f"?{query}" if query else "")
            preview = await run_in_threadpool(
                preview_of, scope["path"], asks, self._version_preview
            )
            start = await run_in_threadpool(self._page_start, path, query)
            body = with_head(body.decode("utf-8"), preview, base, address, start).encode()
            headers["Content-Length"] = str(len(body))
        await send(began)
        await send({"type": "http.response.body", "body": body})


def _is_page(began: Message) -> bool:
    content_type = Headers(scope=began).get("content-type", "")
    return began["status"] == 200 and content_type.startswith("text/html")


def _takes_page(scope: Scope) -> bool:
    """Tell whether the client accepts a page: Streamlit sends one for a missing image too."""
    accepted = Headers(scope=scope).get("accept", "")
    return "text/html" in accepted or accepted in {"", "*/*"}


def _uncompressed(scope: Scope) -> Scope:
    """Return the request of a page without headers that allow a compressed answer or a 304."""
    if "/static/" in scope["path"] or "/_stcore/" in scope["path"]:
        return scope
    dropped = {b"accept-encoding", b"if-none-match", b"if-modified-since"}
    kept = [(name, value) for name, value in scope["headers"] if name not in dropped]
    return {**scope, "headers": kept}

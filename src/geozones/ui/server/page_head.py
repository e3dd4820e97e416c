"""Head of the first HTML: title, preview, picture of the plan, and fonts cut to what is drawn.

Fonts are cut to the letters and icons that the app draws. A letter that was left out is drawn in
another font of the browser; an icon that was left out would be drawn as its name. They are cut once
on a machine, in a thread at the start of the server: until then Streamlit's own are served.

Streamlit's scripts take a second to start; the picture of the plan is seen before. It is drawn in a
thread, at the start of the server and when the plan changes: no request waits for it.

Streamlit answers every page with one file of its own, titled « Streamlit » and in English.
Messaging programs and search engines that read a link run no script: the head written here is all
they see.
"""

import hashlib
import logging
import os
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock, Thread
from urllib.parse import parse_qs, quote

import htpy
import streamlit
from markupsafe import Markup
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from geozones.common.errors import GeozonesError, InputError
from geozones.common.files import write_atomically
from geozones.common.settings_file import link_to
from geozones.domain.terms import terms, worded
from geozones.render.first_picture import FirstPicture, first_picture
from geozones.render.library import publish_file
from geozones.render.scene import Bounds
from geozones.render.standalone_map import app_folder
from geozones.render.typeface import cut_icons, cut_letters, icon_names
from geozones.ui import STATIC, opened_data
from geozones.ui.server.auth import secrets
from geozones.ui.server.serve import vendor_folder
from geozones.workspace.folder.atlas import is_delivered_territory
from geozones.workspace.maps import SceneOptions, build_scene

#: Path of the pages of components: frames inside a page, which no link leads to.
_COMPONENT = "/component/"
#: Paths of files and of Streamlit's own answers, none of which is a page.
_FILES = re.compile("/static/|/_stcore/")
_PICTURE = "app/static/preview.png"
_ALT = "Carte des secteurs et de leurs zones de continuité"
_SCRIPTS = [
    (STATIC / name).read_text(encoding="utf-8") for name in ("history.js", "public_link.js")
]
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
    return (
        f"La carte des secteurs et des zones de continuité des {terms().technician.plural} "
        f"informatiques des {site.presented} : qui assure la relève, en combien de temps, "
        "quels points surveiller."
    )


def _default_picture() -> str:
    return _PICTURE if is_delivered_territory() else ""


@dataclass(frozen=True, slots=True)
class Preview:
    """Preview of a link: a title, sentences, a picture (its path, "" for none), its text."""

    title: str
    description: str = field(default_factory=_description)
    picture: str = field(default_factory=_default_picture)
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
    }
    if preview.picture:
        card |= {
            "og:image": link_to(base, preview.picture),
            "og:image:width": "1200",
            "og:image:height": "630",
            "og:image:alt": preview.alt,
        }
    tags = htpy.fragment[
        htpy.title[preview.title],
        htpy.meta(name="description", content=preview.description),
        htpy.meta(
            name="twitter:card", content="summary_large_image" if preview.picture else "summary"
        ),
        (htpy.meta(property=name, content=content) for name, content in card.items()),
        (htpy.script[Markup(script)] for script in _SCRIPTS),  # noqa: S704 - our own files
    ]
    no_script = htpy.fragment[htpy.noscript[htpy.p[_NO_SCRIPT]], start]
    page = _in_place("title", str(tags), page).replace('lang="en"', 'lang="fr"', 1)
    return _in_place("noscript", str(no_script), page)


def _in_place(name: str, markup: str, page: str) -> str:
    """Replace the first element of a given name that has no attribute by markup."""
    return re.sub(f"<{name}>.*?</{name}>", lambda _: markup, page, count=1, flags=re.DOTALL)


class PageHead:
    """Middleware that puts the preview in each page; frames and other answers pass through.

    Streamlit answers its page for a file that is not there too: it becomes a 404.
    """

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
        asks = scope["type"] == "http" and scope["method"] in {"GET", "HEAD"}
        if not asks or _COMPONENT in scope["path"]:
            await self._app(scope, receive, send)
        elif _FILES.search(scope["path"]):
            await self._send_file(scope, receive, send)
        elif _takes_page(scope):
            await self._ask_page(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    async def _send_file(self, scope: Scope, receive: Receive, send: Send) -> None:
        missing = False

        async def send_file(message: Message) -> None:
            nonlocal missing
            if message["type"] == "http.response.start" and _is_page(message):
                missing = True
                await PlainTextResponse("Adresse inconnue.", 404)(scope, receive, send)
            elif not missing:
                await send(message)

        await self._app(scope, receive, send_file)

    async def _ask_page(self, scope: Scope, receive: Receive, send: Send) -> None:
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
    """Tell whether an answer is a page of the app: an HTML file that is taken away is none."""
    headers = Headers(scope=began)
    content_type = "" if "content-disposition" in headers else headers.get("content-type", "")
    return began["status"] == 200 and content_type.startswith("text/html")


def _takes_page(scope: Scope) -> bool:
    """Tell whether the client accepts a page: Streamlit sends one for a missing image too."""
    accepted = Headers(scope=scope).get("accept", "")
    return "text/html" in accepted or accepted in {"", "*/*"}


def _uncompressed(scope: Scope) -> Scope:
    """Return the request of a page without headers that allow a compressed answer or a 304."""
    dropped = {b"accept-encoding", b"if-none-match", b"if-modified-since"}
    kept = [(name, value) for name, value in scope["headers"] if name not in dropped]
    return {**scope, "headers": kept}


_LOG = logging.getLogger(__name__)
_PATHS = {"", "/", "/carte"}
_STYLES = ("layout.css", "first_picture.css")


@dataclass(frozen=True, slots=True)
class _Made:
    plan: object
    markup: Markup | None


class FirstPictures:
    """Markup of the picture, for the pages that may begin with it."""

    def __init__(self, base_path: str = "") -> None:
        self._base_path = base_path
        self._lock = Lock()
        self._made: _Made | None = None
        self._thread: Thread | None = None

    def markup(self, path: str, query: str) -> Markup | None:
        """Return the picture for a page; ``None`` where it may not be shown or is not drawn yet.

        It is shown to everybody who opens the app, at its bare address: never before a login, nor
        on an address that asks for something else than the plan in force.
        """
        if path not in _PATHS or query or _has_login():
            return None
        try:
            plan = opened_data.plan_fingerprint()
        except GeozonesError:  # the page says what is wrong
            return None
        if self._made is not None and self._made.plan == plan:
            return self._made.markup
        self.start()
        return None

    def start(self) -> Thread:
        """Draw the picture in a thread, unless one is at it; return that thread."""
        with self._lock:
            if self._thread is None or not self._thread.is_alive():
                self._thread = Thread(target=self._make, name="first picture", daemon=True)
                self._thread.start()
            return self._thread

    def _make(self) -> None:
        try:
            plan = opened_data.plan_fingerprint()
            study = opened_data.study_in_force(plan)
            scene = build_scene(study, SceneOptions())
            picture = first_picture(scene, study.atlas.ground)
            self._made = _Made(plan, _markup(picture, self._base_path))
        except GeozonesError as error:
            _LOG.info("no first picture: %s", error)


def _markup(picture: FirstPicture, base_path: str) -> Markup:
    """Publish a picture; return its place in a page, with the style and script that place it."""
    name = publish_file("first", picture.svg, vendor_folder(), "svg")
    placed = htpy.div(
        "#gz-first",
        aria_hidden="true",
        data_zones=_numbers(picture.zones),
        data_box=_numbers(picture.box),
    )[htpy.div[htpy.img(src=f"{base_path}/app/static/vendor/{name}", alt="")]]
    style, script = "\n".join(map(_read, _STYLES)), _read("first_picture.js")
    markup = htpy.fragment[
        htpy.style[Markup(style)],  # noqa: S704 - our own files
        placed,
        htpy.script[Markup(script)],  # noqa: S704 - our own file
    ]
    return Markup(str(markup))  # noqa: S704 - escaped by htpy


def _numbers(bounds: Bounds) -> str:
    return " ".join(f"{value:.5f}" for value in bounds)


def _read(name: str) -> str:
    return (STATIC / name).read_text(encoding="utf-8")


def _has_login() -> bool:
    try:
        return "auth" in secrets()
    except InputError:
        return True


_STREAMLIT, _APP = Path(streamlit.__file__).parent, Path(__file__).parents[1]
#: Folders of what pages are made of: the interface, and the features that draw parts of pages.
_PAGES = (_APP, _APP.parent / "features")
#: Folder of the fonts that Streamlit serves, and the file of the text font in it.
MEDIA, LETTERS = _STREAMLIT / "static" / "static" / "media", "SourceSansVF-Upright.*.woff2"
_SOURCES = ("*.py", "*.js")
_ICON = re.compile(r":material/(\w+)")
#: A word that our own code may write after ``:material/``.
_WORD = re.compile(r"[\"'](\w+)[\"']")


class CutFonts:
    """Cut fonts, by the file name of Streamlit's own."""

    def __init__(self) -> None:
        self._files: dict[str, Path] = {}

    def start(self) -> Thread:
        """Cut the fonts in a thread; return that thread."""
        thread = Thread(target=self._cut, name="cut fonts", daemon=True)
        thread.start()
        return thread

    def instead_of(self, path: str) -> Path | None:
        """Return the file to serve for the path of a request; ``None`` for the one asked for."""
        return self._files.get(path.rpartition("/")[2])

    def _cut(self) -> None:
        try:
            for font in MEDIA.glob("MaterialSymbols-Rounded.*.woff2"):
                self._keep(font, "icons", _icons_of, cut_icons)
            for font in MEDIA.glob(LETTERS):
                self._keep(font, "letters", lambda _: (), lambda read, _: cut_letters(read))
        except (OSError, InputError) as error:
            _LOG.warning("fonts are served whole: %s", error)

    def _keep(
        self,
        font: Path,
        what: str,
        needs: Callable[[bytes], tuple[str, ...]],
        cut: Callable[[bytes, tuple[str, ...]], bytes],
    ) -> None:
        read = font.read_bytes()
        names = needs(read)
        key = hashlib.sha256(read + " ".join(names).encode()).hexdigest()[:16]
        file = _cache() / f"{what}-{key}.woff2"
        if not file.is_file():
            write_atomically(file, cut(read, names))
        self._files[font.name] = file


def _cache() -> Path:
    """Return the folder of the account's caches, or that of served files where there is none.

    Cutting takes two seconds: servers with homes of their own share what one of them has cut.
    """
    held = os.environ.get("XDG_CACHE_HOME")
    try:
        folder = (Path(held) if held else Path.home() / ".cache") / "geozones"
        folder.mkdir(parents=True, exist_ok=True)
    except (OSError, RuntimeError):  # no home, or one that cannot be written
        return vendor_folder()
    return folder if os.access(folder, os.W_OK) else vendor_folder()


def _icons_of(font: bytes) -> tuple[str, ...]:
    """Return the icons that Streamlit or the app may draw, in the order of their names."""
    page, own = app_folder() / "app.py", [text for folder in _PAGES for text in _texts(folder)]
    texts = (*_texts(_STREAMLIT), *own, page.read_text(encoding="utf-8"))
    asked = {name for text in texts for name in _ICON.findall(text)}
    asked |= {name for text in own for name in _WORD.findall(text)}
    return tuple(sorted(icon_names(font) & asked))


def _texts(folder: Path) -> Iterator[str]:
    for kind in _SOURCES:
        for path in folder.rglob(kind):
            yield path.read_text(encoding="utf-8", errors="replace")

"""Heads of a page: what a preview of a link is told, which sites may show it."""

import asyncio
import re
from collections.abc import Mapping
from pathlib import Path

import pytest
import streamlit
from starlette.applications import Starlette
from starlette.responses import HTMLResponse, PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from geozones.ui.server.page_head import PageHead, Preview
from geozones.ui.server.web_guard import guards

INDEX = (Path(streamlit.__file__).parent / "static" / "index.html").read_text(encoding="utf-8")
SHARED = Preview("Mayenne <à deux> – scénario", 'À arbitrer, version du 3 mars 2026. "Oui"')


async def streamlit_page(scope: Scope, receive: Receive, send: Send) -> None:
    kind = PlainTextResponse if scope["path"].startswith("/app/") else HTMLResponse
    await kind(INDEX, headers={"ETag": "of the file"})(scope, receive, send)


def asked(
    path: str, query: str = "", public: str = "", accept: str = "*/*"
) -> tuple[Mapping[str, str], str]:
    """Ask for a page as a preview does; return the headers and the body."""
    return answered(PageHead(streamlit_page, public, {"known": SHARED}.get), path, query, accept)


def answered(
    app: ASGIApp, path: str, query: str, accept: str = "*/*"
) -> tuple[Mapping[str, str], str]:
    """Ask an application for a page; return the headers and the body."""
    said: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        said.append(message)

    scope = {
        "type": "http", "method": "GET", "path": path, "query_string": query.encode(),
        "scheme": "http", "headers": [(b"host", b"127.0.0.1:8501"), (b"accept", accept.encode())],
    }  # fmt: skip
    asyncio.run(app(scope, receive, send))
    headers = {name.decode(): value.decode() for name, value in said[0]["headers"]}
    return headers, b"".join(part.get("body", b"") for part in said[1:]).decode()


@pytest.mark.parametrize(
    ("path", "title"),
    [("/", "Carte – geozones"), ("/equipes", "Équipes – geozones"), ("/any", "Carte – geozones")],
)
def test_a_page_has_its_title_a_sentence_and_a_picture_in_french(path: str, title: str) -> None:
    headers, page = asked(path)
    assert f"<title>{title}</title>" in page
    assert '<html lang="fr">' in page
    assert re.search('name="description" content="La carte des secteurs', page)
    assert 'og:image" content="http://127.0.0.1:8501/app/static/preview.png"' in page
    assert "Streamlit</title>" not in page
    assert "You need to enable JavaScript" not in page
    assert "etag" not in headers
    assert int(headers["content-length"]) == len(page.encode())


def test_a_shared_version_says_its_own_name_under_the_public_address() -> None:
    _, page = asked("/", "version=known", "https://geozones.region.example")
    assert "<title>Mayenne &lt;à deux&gt; – scénario</title>" in page
    assert 'og:description" content="À arbitrer, version du 3 mars 2026. &#34;Oui&#34;"' in page
    assert 'og:url" content="https://geozones.region.example/?version=known"' in page
    assert 'og:image" content="https://geozones.region.example/app/static/preview.png"' in page


def test_a_dead_link_names_nothing() -> None:
    _, page = asked("/", 'version="><script>alert(1)</script>')
    assert "<title>Lien introuvable</title>" in page
    assert "<script>alert" not in page


@pytest.mark.parametrize("path", ["/_stcore/nothing", "/static/js/gone.js", "/a/_stcore/stream"])
@pytest.mark.parametrize("accept", ["*/*", "image/png"])
def test_a_page_in_the_place_of_a_file_is_a_404(path: str, accept: str) -> None:
    headers, body = asked(path, accept=accept)
    assert headers["content-type"] == "text/plain; charset=utf-8"
    assert body == "Adresse inconnue."


def test_what_is_no_page_passes_as_it_is() -> None:
    headers, page = asked("/app/static/file.js")
    assert page == INDEX
    assert headers["etag"] == "of the file"


def test_an_html_file_that_is_taken_away_passes_as_it_is() -> None:
    async def file(scope: Scope, receive: Receive, send: Send) -> None:
        kept = {"Content-Disposition": "attachment; filename=carte.html"}
        await HTMLResponse(INDEX, headers=kept)(scope, receive, send)

    _, page = answered(PageHead(file, "", {}.get), "/media/1f2e.html", "")
    assert page == INDEX


def test_a_page_in_the_place_of_an_image_passes_as_it_is() -> None:
    headers, page = asked("/apple-touch-icon.png", accept="image/avif,image/webp,*/*;q=0.8")
    assert page == INDEX
    assert headers["etag"] == "of the file"


SITE = "https://www.region.example"


def headers(query: str, *sites: str, path: str = "/") -> Mapping[str, str]:
    """Ask for a page; return the headers of the answer."""
    return answered(Starlette(middleware=guards(["127.0.0.1"], sites)), path, query)[0]


def test_a_site_that_is_named_may_show_the_map_alone() -> None:
    answer = headers("version=x&embed=true", SITE)
    assert answer["content-security-policy"].endswith(f"frame-ancestors 'self' {SITE}")
    assert "x-frame-options" not in answer


def test_the_frame_of_the_map_is_in_the_page_of_that_site_too() -> None:
    answer = headers("", SITE, path="/component/streamlit_folium.st_folium/index.html")
    assert answer["content-security-policy"].endswith(f"frame-ancestors 'self' {SITE}")
    assert "x-frame-options" not in answer


@pytest.mark.parametrize(
    ("query", "sites"),
    [("embed=true", ()), ("", (SITE,)), ("embed=false", (SITE,)), ("x=embed=true", (SITE,))],
)
def test_nothing_else_is_shown_in_a_page_of_another_site(
    query: str, sites: tuple[str, ...]
) -> None:
    answer = headers(query, *sites)
    assert answer["content-security-policy"].endswith("frame-ancestors 'self'")
    assert answer["x-frame-options"] == "SAMEORIGIN"

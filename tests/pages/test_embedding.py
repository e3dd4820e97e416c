"""Which sites may show which page of the app in a page of theirs."""

import asyncio

import pytest
from starlette.applications import Starlette
from starlette.types import Message

from geozones.ui.server.web_guard import guards

SITE = "https://www.region.example"


def headers(query: str, *sites: str, path: str = "/") -> dict[str, str]:
    """Ask for a page; return the headers of the answer."""
    said: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        said.append(message)

    scope = {
        "type": "http", "method": "GET", "path": path, "query_string": query.encode(),
        "scheme": "http", "headers": [(b"host", b"127.0.0.1:8501")],
    }  # fmt: skip
    asyncio.run(Starlette(middleware=guards(["127.0.0.1"], sites))(scope, receive, send))
    return {name.decode(): value.decode() for name, value in said[0]["headers"]}


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

"""What the server answers from memory, and what it asks for anew."""

import asyncio
import gzip
from pathlib import Path

import brotli
import pytest
from starlette.responses import FileResponse, HTMLResponse, PlainTextResponse, Response
from starlette.types import Message, Receive, Scope, Send

from geozones.ui.server.patches import StaticCache

SCRIPT = "geozones.learn({});" * 100
MAP = "/app/static/vendor/map-5f2eada1065ef36f.js"


class Streamlit:
    """Answers with a script or a font, and with a page where there is none; counts how often."""

    def __init__(self) -> None:
        self.asked = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.asked += 1
        path = scope["path"]
        answer: Response = HTMLResponse("the page")
        if path.endswith(".woff2"):
            answer = Response(b"font", media_type="font/woff2")
        elif "gone" in path:
            answer = PlainTextResponse("nothing", 404)
        elif path.endswith(".js") and "none" not in path:
            answer = Response(SCRIPT, media_type="application/javascript")
        await answer(scope, receive, send)


def asked(app: StaticCache, path: str, **headers: str) -> tuple[dict[str, str], bytes]:
    """Ask for a file as a browser does; return the headers and the body."""
    said: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request"}

    async def send(message: Message) -> None:
        said.append(message)

    named = {"accept-encoding": "gzip, br", **headers}
    scope = {
        "type": "http", "method": "GET", "path": path, "query_string": b"",
        "headers": [(name.encode(), value.encode()) for name, value in named.items()],
    }  # fmt: skip
    asyncio.run(app(scope, receive, send))
    answered = {name.decode(): value.decode() for name, value in said[0]["headers"]}
    return answered, b"".join(part.get("body", b"") for part in said[1:])


@pytest.mark.parametrize(
    "path", [MAP, "/static/js/index.DormvYxC.js", "/component/a.b/static/js/main.521860b0.js"]
)
def test_a_script_is_asked_for_and_compressed_once_and_kept_by_browsers(path: str) -> None:
    streamlit = Streamlit()
    app = StaticCache(streamlit)
    # browsers take brotli over HTTPS alone
    readers = {"br": brotli.decompress, "gzip": gzip.decompress}
    for rank, (coding, read) in enumerate(readers.items(), 1):
        taken = {"accept-encoding": "gzip, deflate, br" if coding == "br" else "gzip, deflate"}
        first = asked(app, path, **taken)
        assert asked(app, path, **taken) == first
        assert streamlit.asked == rank
        headers, body = first
        assert (headers["content-encoding"], headers["vary"]) == (coding, "Accept-Encoding")
        assert "immutable" in headers["cache-control"]
        assert read(body).decode() == SCRIPT


def test_a_font_is_sent_as_it_is() -> None:
    headers, body = asked(StaticCache(Streamlit()), "/static/media/Sans.BsWL4Kly.woff2")
    assert "content-encoding" not in headers
    assert body == b"font"


@pytest.mark.parametrize(
    "path",
    [
        "/static/js/none.js",  # Streamlit answers with its page
        "/static/js/gone.js",
        "/",
        "/app/static/geozones-map.js",  # the same name whatever it holds
        "/app/static/vendor/../geozones-map.js",
        "/media/export.js",
    ],
)
def test_what_may_change_is_asked_for_each_time(path: str) -> None:
    streamlit = Streamlit()
    app = StaticCache(streamlit)
    assert asked(app, path) == asked(app, path)
    assert streamlit.asked == 2


def test_a_part_of_a_file_and_one_not_compressed_are_asked_for() -> None:
    streamlit = Streamlit()
    app = StaticCache(streamlit)
    asked(app, MAP)
    asked(app, MAP, range="bytes=0-9")
    headers, body = asked(app, MAP, **{"accept-encoding": "identity"})
    assert streamlit.asked == 3
    assert "content-encoding" not in headers
    assert body.decode() == SCRIPT


def test_a_file_is_kept_whole_where_the_first_browser_left_before_its_end(tmp_path: Path) -> None:
    script = tmp_path / "index.js"
    script.write_text("geozones.learn({});" * 50_000)

    async def gone() -> Message:
        return {"type": "http.disconnect"}

    async def nowhere(message: Message) -> None: ...

    async def leave_and_come_back() -> bytes:
        app = StaticCache(FileResponse(script))
        scope = {
            "type": "http", "method": "GET", "path": "/static/js/index.DormvYxC.js",
            "query_string": b"", "headers": [(b"accept-encoding", b"gzip")],
        }  # fmt: skip
        body = bytearray()

        async def keep(message: Message) -> None:
            body.extend(message.get("body", b""))

        await app(scope, gone, nowhere)
        await app(scope, gone, keep)
        return gzip.decompress(bytes(body))

    assert asyncio.run(leave_and_come_back()) == script.read_bytes()

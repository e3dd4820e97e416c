"""A page of another site reaches nothing; the app goes on under its own and its public name."""

import socket
import urllib.error
import urllib.request
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from .conftest import NewVisit, served

PUBLIC = "geozones.region.example"


@pytest.fixture(scope="session")
def public_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The app as it is set up on a server that has a name."""
    with served(tmp_path_factory.mktemp("public"), GEOZONES_HOSTS=PUBLIC) as url:
        yield url


def stream(url: str, host: str, origin: str | None) -> int:
    """Ask for the websocket that everything goes through; return the status of the answer."""
    there = urlsplit(url)
    with socket.create_connection((there.hostname, there.port)) as sock:
        try:
            with connect(
                f"ws://{host}/_stcore/stream", sock=sock, origin=origin, subprotocols=["streamlit"]
            ):
                return 101
        except InvalidStatus as error:
            return error.response.status_code


@pytest.mark.parametrize(
    ("host", "origin", "status"),
    [
        ("HERE", "http://HERE", 101),
        ("HERE", None, 101),
        (PUBLIC, f"https://{PUBLIC}", 101),
        ("evil.example", "http://evil.example", 400),
        ("evil.example", None, 400),
        ("127.0.0.1.evil.example", "http://127.0.0.1.evil.example", 400),
        (f"{PUBLIC}.evil.example", f"https://{PUBLIC}.evil.example", 400),
        ("HERE", "http://evil.example", 403),
        ("HERE", "http://localhost:9", 403),
        ("HERE", "null", 403),
        (PUBLIC, "https://evil.example", 403),
    ],
)
def test_the_stream_is_refused_to_another_host_and_to_a_page_of_another_site(
    public_url: str, host: str, origin: str | None, status: int
) -> None:
    here = urlsplit(public_url).netloc
    asked = None if origin is None else origin.replace("HERE", here)
    assert stream(public_url, host.replace("HERE", here), asked) == status


def answer(url: str, method: str = "GET", **headers: str) -> tuple[int, dict[str, str]]:
    request = urllib.request.Request(url, method=method, headers=headers)  # noqa: S310 - of the test
    try:
        with urllib.request.urlopen(request, timeout=20) as response:  # noqa: S310
            return response.status, dict(response.headers)
    except urllib.error.HTTPError as error:
        return error.code, dict(error.headers)


def test_a_page_is_refused_under_a_foreign_name_and_a_write_from_a_foreign_page(
    public_url: str,
) -> None:
    assert answer(public_url)[0] == 200
    assert answer(public_url, Host=PUBLIC)[0] == 200
    assert answer(public_url, Host="evil.example")[0] == 400
    upload = f"{public_url}/_stcore/upload_file/x/y"
    assert answer(upload, "PUT", Origin="http://evil.example")[0] == 403


def test_every_answer_says_what_may_be_loaded_and_who_may_frame_it(public_url: str) -> None:
    for path in ("/", "/app/static/geozones-map.js", "/_stcore/health", "/atelier"):
        _, headers = answer(f"{public_url}{path}")
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "SAMEORIGIN"
        assert "frame-ancestors 'self'" in headers["content-security-policy"]


@pytest.mark.parametrize("path", ["/_stcore/nothing", "/_stcore/stream", "/static/js/gone.js"])
@pytest.mark.parametrize("encoding", ["gzip", "identity"])
def test_an_address_that_leads_nowhere_is_a_404(public_url: str, path: str, encoding: str) -> None:
    for method in ("GET", "HEAD"):
        asked = {"Accept-Encoding": encoding}
        status, headers = answer(f"{public_url}{path}", method, **asked)
        assert (status, headers["content-type"]) == (404, "text/plain; charset=utf-8")
        assert headers["x-content-type-options"] == "nosniff"


def test_the_app_works_under_its_public_name_and_not_under_one_that_points_here(
    new_visit: NewVisit, public_url: str
) -> None:
    port = urlsplit(public_url).port
    visit = new_visit(url=f"http://{PUBLIC}:{port}").open("atelier")
    visit.pick("0720012X")
    expect(visit.page.locator(".gz-lycee-card, .gz-heat").first).to_be_visible()
    rebound = new_visit(url=f"http://evil.region.example:{port}")
    rebound.page.goto(rebound.url)
    expect(rebound.page.locator("body")).to_have_text("Invalid host header")

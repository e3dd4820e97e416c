"""Who reaches Streamlit where a login is set up, by which cookies, and what a fault of it says."""

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocket, WebSocketDisconnect
from streamlit.errors import StreamlitAuthError
from streamlit.web.server.starlette.starlette_app_utils import create_signed_value

from geozones.ui.server import login_gate
from geozones.ui.server.login_gate import LoginFaults, LoginPage, StreamGate, login_route
from geozones.ui.server.patches import SecureCookies
from geozones.ui.server.serve import StickyWorker

KEY = "only for a test of the app, but long enough to sign with"
SIGNED = create_signed_value(KEY, "_streamlit_user", "{}").decode()


async def _page(_: Request) -> Response:
    return HTMLResponse("<title>the app</title>")


async def _file(_: Request) -> Response:
    return PlainTextResponse("a file")


async def _stream(socket: WebSocket) -> None:
    await socket.accept()
    await socket.send_text("a session")
    await socket.close()


@pytest.fixture
def browser(monkeypatch: pytest.MonkeyPatch) -> TestClient:
    """A browser, and an app with a login under a base path."""
    monkeypatch.setattr(login_gate, "has_login", lambda: True)
    monkeypatch.setattr(login_gate, "get_cookie_secret", lambda: KEY)
    app = Starlette(
        routes=[
            login_route("/geozones"),
            Route("/geozones/_stcore/health", _file),
            Route("/geozones/component/map/index.html", _page),
            Route("/geozones/robots.txt", _file),
            WebSocketRoute("/geozones/_stcore/stream", _stream),
            Route("/geozones/{page:path}", _page),
        ],
        middleware=[Middleware(StreamGate), Middleware(LoginPage, base_path="/geozones")],
    )
    return TestClient(app, base_url="http://testserver", follow_redirects=False)


PUBLIC = ("?version=abc", "?embed=true&version=abc", "?avis=abc")


def session(browser: TestClient, query: str = "", **cookies: str) -> str:
    cookie = "; ".join(f"{name}={value}" for name, value in cookies.items())
    headers = {"Cookie": cookie} if cookie else {}
    address = f"/geozones/_stcore/stream{query}"
    with browser.websocket_connect(address, headers=headers) as socket:
        return socket.receive_text()


@pytest.mark.parametrize("page", ["", "carte", "scenarios?scenario=abc", "any/where"])
def test_without_a_login_each_page_is_the_login_page(browser: TestClient, page: str) -> None:
    answer = browser.get(f"/geozones/{page}")
    assert answer.status_code == 200
    assert "Connexion obligatoire</h1>" in answer.text
    assert '<a href="/geozones/connexion">Se connecter</a>' in answer.text
    assert '<html lang="fr">' in answer.text
    assert answer.headers["cache-control"] == "no-store"
    assert "the app" not in answer.text


@pytest.mark.parametrize("query", PUBLIC)
def test_the_link_of_a_page_opens_it_and_its_session(browser: TestClient, query: str) -> None:
    assert "the app" in browser.get(f"/geozones/{query}").text
    assert session(browser, query) == "a session"


def test_files_and_frames_of_pages_are_as_before(browser: TestClient) -> None:
    for path in ("_stcore/health", "robots.txt"):
        assert browser.get(f"/geozones/{path}").text == "a file"
    assert "the app" in browser.get("/geozones/component/map/index.html").text


def test_a_login_opens_pages_and_sessions_and_a_forged_one_does_not(browser: TestClient) -> None:
    headers = {"Cookie": f"_streamlit_user={SIGNED}"}
    assert "the app" in browser.get("/geozones/carte", headers=headers).text
    assert session(browser, _streamlit_user=SIGNED) == "a session"
    other = create_signed_value(
        "another secret of the same length, of another app", "_streamlit_user", "{}"
    )
    for forged in ("", "x", SIGNED[:-1], other.decode()):
        headers = {"Cookie": f"_streamlit_user={forged}"}
        assert "Connexion obligatoire" in browser.get("/geozones/carte", headers=headers).text
        with pytest.raises(WebSocketDisconnect):
            session(browser, _streamlit_user=forged)


@pytest.mark.parametrize("query", ["", "?scenario=abc", "?embed=true", "?versions=abc"])
def test_without_a_login_no_session_is_opened(browser: TestClient, query: str) -> None:
    with pytest.raises(WebSocketDisconnect):
        session(browser, query)


def test_where_no_login_is_set_up_everybody_is_let_in(
    browser: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(login_gate, "has_login", lambda: False)
    assert "the app" in browser.get("/geozones/carte").text
    assert session(browser) == "a session"


def test_the_link_of_the_page_leads_to_the_login_or_says_that_it_cannot(
    browser: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(login_gate, "generate_login_redirect_url", "/auth/login?provider={}".format)
    answer = browser.get("/geozones/connexion")
    assert (answer.status_code, answer.headers["location"]) == (302, "/auth/login?provider=default")

    def fail(_: str) -> str:
        raise StreamlitAuthError

    monkeypatch.setattr(login_gate, "generate_login_redirect_url", fail)
    answer = browser.get("/geozones/connexion")
    assert (answer.status_code, answer.text) == (500, login_gate.failed_page("/geozones/"))


async def fails(_: Request) -> Response:
    return PlainTextResponse("Authentication error", 400)


async def works(_: Request) -> Response:
    return PlainTextResponse("ok")


@pytest.mark.parametrize("base", ["", "/geozones"])
def test_what_failed_is_told_and_leads_back(base: str) -> None:
    routes = [
        Route(f"{base}/auth/login", fails),
        Route(f"{base}/oauth2callback", works),
        Route(f"{base}/other", fails),
    ]
    app = Starlette(routes=routes, middleware=[Middleware(LoginFaults, base_path=base)])
    client = TestClient(app)
    answer = client.get(f"{base}/auth/login")
    assert answer.status_code == 400
    assert "La connexion n’a pas abouti" in answer.text
    assert "Authentication" not in answer.text
    assert f'href="{base}/"' in answer.text
    assert client.get(f"{base}/oauth2callback").text == "ok"
    assert client.get(f"{base}/other").text == "Authentication error"


SITE = "https://geozones.region.example/outils"


async def _answer(_: Request) -> Response:
    response = Response("ok")
    response.set_cookie("_streamlit_user", "signed", httponly=True, samesite="lax")
    response.set_cookie("other", "value", secure=True)
    return response


def cookies(host: str, told: str | None) -> list[str]:
    app = Starlette(
        routes=[Route("/", _answer)],
        middleware=[
            Middleware(SecureCookies, addresses=(SITE, "http://127.0.0.1:8501")),
            Middleware(StickyWorker, rank=0, base_path=""),
        ],
    )
    headers = {"Host": host} | ({} if told is None else {"X-Forwarded-Proto": told})
    with TestClient(app, "http://127.0.0.1:8501") as client:
        return client.get("/", headers=headers).headers.get_list("set-cookie")


@pytest.mark.parametrize(
    ("host", "told"),
    [
        ("127.0.0.1:8501", "https"),
        ("autre.region.example", "HTTPS, http"),
        ("geozones.region.example", None),
        ("geozones.region.example", "http"),
    ],
)
def test_each_cookie_is_secure_once_for_a_browser_that_came_by_https(
    host: str, told: str | None
) -> None:
    found = cookies(host, told)
    assert len(found) == 3
    assert all(cookie.lower().count("; secure") == 1 for cookie in found)
    assert found[0].startswith("_streamlit_user=signed; ")


@pytest.mark.parametrize("told", [None, "http"])
def test_a_browser_on_this_machine_keeps_cookies_that_work_without_tls(told: str | None) -> None:
    login, other, worker = cookies("127.0.0.1:8501", told)
    assert "secure" not in login.lower() + worker.lower()
    assert "; secure" in other.lower()


def under_a_path(cookie: str = "") -> list[str]:
    async def answer(_: Request) -> Response:
        response = Response("ok")
        response.set_cookie("_streamlit_xsrf", "token")
        response.delete_cookie("_streamlit_user", path="/")
        response.set_cookie("_streamlit_user", "signed", path="/bretagne", httponly=True)
        return response

    app = Starlette(
        routes=[Route("/bretagne/", answer)],
        middleware=[Middleware(SecureCookies, base_path="/bretagne")],
    )
    with TestClient(app, "http://127.0.0.1:8501") as client:
        headers = {"Cookie": cookie} if cookie else {}
        return client.get("/bretagne/", headers=headers).headers.get_list("set-cookie")


def test_an_app_under_a_path_writes_no_cookie_for_the_rest_of_the_site() -> None:
    xsrf, *deleted, login = under_a_path()
    assert xsrf == "_streamlit_xsrf=token; Path=/bretagne; SameSite=lax"
    assert login == "_streamlit_user=signed; HttpOnly; Path=/bretagne; SameSite=lax"
    # what an earlier version wrote for the whole site goes, and so does the app's own
    assert ["Path=/;" in each for each in deleted] == [True, False]
    assert all('_streamlit_user=""' in each and "Max-Age=0" in each for each in deleted)


def test_a_cookie_of_the_whole_site_beside_the_app_s_own_is_deleted() -> None:
    twice = "_streamlit_xsrf=new; _streamlit_xsrf=old; other=one"
    assert under_a_path(twice)[-1] == "_streamlit_xsrf=; Path=/; Max-Age=0"
    assert len(under_a_path("_streamlit_xsrf=new; other=one")) == len(under_a_path())

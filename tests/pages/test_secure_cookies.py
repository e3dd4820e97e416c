"""Cookies go neither in clear after https, nor to another app of the same site."""

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.testclient import TestClient

from geozones.ui.server.patches.secure_cookies import SecureCookies
from geozones.ui.server.serve import StickyWorker

PUBLIC = "https://geozones.region.example/outils"


async def _answer(_: Request) -> Response:
    response = Response("ok")
    response.set_cookie("_streamlit_user", "signed", httponly=True, samesite="lax")
    response.set_cookie("other", "value", secure=True)
    return response


def cookies(host: str, told: str | None) -> list[str]:
    app = Starlette(
        routes=[Route("/", _answer)],
        middleware=[
            Middleware(SecureCookies, addresses=(PUBLIC, "http://127.0.0.1:8501")),
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

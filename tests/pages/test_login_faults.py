"""A login that fails is said in French, wherever the app is served."""

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient

from geozones.ui.server.login_gate import LoginFaults


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

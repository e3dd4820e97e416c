"""The settings of openrouteservice, and secrets that are shown nowhere."""

import json
import logging
import math
from pathlib import Path

import pytest

from geozones.common.errors import InputError
from geozones.common.pacing import RateLimiter
from geozones.domain import (
    EngineError,
    EngineUnavailableError,
)
from geozones.travel.ors_client import OrsClient, OrsSettings
from helpers.ors_drives import KEY, PLACES, engine_of
from helpers.ors_server import OrsServer, Reply, error
from helpers.still_clock import Time


def test_settings_name_all_their_faults_at_once() -> None:
    with pytest.raises(InputError) as caught:
        OrsSettings(
            base_url="ftp://x",
            profile="../car",
            max_pairs=0,
            per_minute=0,
            retries=-1,
            budget_s=math.inf,
        )
    for name in ("base_url", "profile", "max_pairs", "per_minute", "retries", "budget_s"):
        assert name in str(caught.value)


@pytest.mark.parametrize("url", ["serveur", "http://", "http://a:b", "http://[", " "])
def test_an_address_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(InputError, match="base_url"):
        OrsSettings(base_url=url)


@pytest.mark.parametrize(
    "reply",
    [
        Reply(),
        Reply(401, KEY.encode()),
        Reply(403, KEY.encode()),
        Reply(403, json.dumps({"error": f"Quota exceeded for {KEY}"}).encode()),
        Reply(400, error(6003, f"bad {KEY}")),
        Reply(500, KEY.encode()),
        Reply(429, KEY.encode(), {"Retry-After": "9999"}),
        Reply(200, KEY.encode()),
        Reply(cut=True),
    ],
)
def test_the_key_appears_nowhere(
    server: OrsServer, time: Time, tmp_path: Path, caplog: pytest.LogCaptureFixture, reply: Reply
) -> None:
    caplog.set_level(logging.DEBUG)
    server.script.append(reply)
    url = server.url.replace("http://", "http://user:passw0rd@")
    engine = engine_of(server, time, base_url=url, key=KEY, retries=0, cache_dir=tmp_path)
    shown = repr(engine._settings) + repr(engine)
    try:
        shown += repr(engine.matrix(PLACES, PLACES).provenance)
    except EngineError as error:
        seen: BaseException | None = error
        while seen is not None:
            shown += f"{seen!s} {seen!r} {vars(seen)}"
            seen = seen.__cause__
    kept = "".join(path.name + path.read_text() for path in tmp_path.iterdir())
    assert "urllib3" in caplog.text
    for secret in (KEY, "passw0rd"):
        assert secret not in shown + kept + caplog.text


def test_the_client_never_gets_to_retry_by_itself(server: OrsServer, time: Time) -> None:
    server.script.append(Reply(503, b"{}"))
    settings = OrsSettings(base_url=server.url, retries=0)
    client = OrsClient(settings, RateLimiter(40), time.clock(), lambda: None)
    with pytest.raises(EngineUnavailableError):
        client.post("/v2/matrix/driving-car/json", {})
    assert len(server.received) == 1

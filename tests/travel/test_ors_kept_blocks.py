"""Blocks received from openrouteservice and kept on disk."""

import hashlib
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest

from geozones.common.pacing import Clock
from geozones.domain import (
    EngineCancelledError,
    EngineQuotaError,
)
from geozones.travel.openrouteservice import OpenRouteService
from geozones.travel.ors_client import OrsSettings
from helpers.ors_drives import (
    KEY,
    LAVAL,
    PLACES,
    engine_of,
    lon_lat,
    true_minutes,
)
from helpers.ors_server import OrsServer, Reply
from helpers.still_clock import NOW, Time


def test_a_cancelled_build_goes_on_where_it_was(
    server: OrsServer, time: Time, tmp_path: Path
) -> None:
    def stop(done: int, _total: int) -> None:
        if done >= 8:
            raise EngineCancelledError("Calcul arrêté.")

    engine = engine_of(server, time, max_pairs=4, cache_dir=tmp_path / "kept")
    with pytest.raises(EngineCancelledError):
        engine.matrix(PLACES, PLACES, stop)
    assert len(server.received) == len(list((tmp_path / "kept").iterdir())) == 2
    times = engine.matrix(PLACES, PLACES)
    assert times.minutes == pytest.approx(true_minutes())
    assert len(server.received) == 4
    assert times.provenance.parameters["blocks_from_disk"] == 2


def test_a_wait_can_be_cancelled(server: OrsServer, time: Time) -> None:
    def stop(_done: int, _total: int) -> None:
        if time.seconds >= 5:
            raise EngineCancelledError("Calcul arrêté.")

    server.script.append(Reply(429, b"{}", {"Retry-After": "60"}))
    with pytest.raises(EngineCancelledError):
        engine_of(server, time).matrix(PLACES, PLACES, stop)
    assert time.seconds == 5


def test_a_failed_build_goes_on_where_it_was(server: OrsServer, time: Time, tmp_path: Path) -> None:
    server.script.extend([Reply(), Reply(), Reply(403, b'{"error": "Quota exceeded"}')])
    engine = engine_of(server, time, max_pairs=4, cache_dir=tmp_path)
    with pytest.raises(EngineQuotaError, match="ce qui est déjà reçu est gardé"):
        engine.matrix(PLACES, PLACES)
    assert engine.matrix(PLACES, PLACES).minutes == pytest.approx(true_minutes())
    assert len(server.received) == 3 + 2


def test_kept_blocks_need_no_server_and_hold_bad_points(time: Time, tmp_path: Path) -> None:
    with OrsServer() as server:
        server.sea, server.sea_answer = {lon_lat(LAVAL)}, "named"
        engine = engine_of(server, time, cache_dir=tmp_path)
        before = engine.matrix(PLACES, PLACES)
    after = engine.matrix(PLACES, PLACES)
    np.testing.assert_array_equal(before.minutes, after.minutes)
    np.testing.assert_array_equal(before.km, after.km)
    assert after.provenance.parameters["unroutable"] == ["laval"]


@pytest.mark.parametrize(
    "damage",
    [
        b"",
        b"{",
        b"[]",
        b"\xff\xfe",
        b'{"format": 1}',
        b'{"format": 1, "received": "2025-06-11", "durations": [[1]], "distances": [[1]]}',
    ],
)
def test_a_damaged_block_is_asked_for_again_and_mended(
    server: OrsServer, time: Time, tmp_path: Path, damage: bytes
) -> None:
    engine = engine_of(server, time, cache_dir=tmp_path)
    engine.matrix(PLACES, PLACES)
    (kept,) = tmp_path.iterdir()
    whole = kept.read_bytes()
    kept.write_bytes(damage)
    assert engine.matrix(PLACES, PLACES).minutes == pytest.approx(true_minutes())
    assert len(server.received) == 2
    assert kept.read_bytes() == whole


def test_a_block_too_old_is_asked_for_again(server: OrsServer, time: Time, tmp_path: Path) -> None:
    engine_of(server, time, cache_dir=tmp_path).matrix(PLACES, PLACES)
    for days, calls in ((30, 1), (31, 2)):
        clock = Clock(now=lambda days=days: NOW + timedelta(days=days))  # type: ignore[misc]
        settings = OrsSettings(base_url=server.url, cache_dir=tmp_path)
        times = OpenRouteService(settings, clock).matrix(PLACES, PLACES)
        assert len(server.received) == calls
        assert times.provenance.date == ("2025-06-11" if days == 30 else "2025-07-12")


def test_other_places_or_another_server_are_other_blocks(
    server: OrsServer, time: Time, tmp_path: Path
) -> None:
    engine_of(server, time, cache_dir=tmp_path).matrix(PLACES, PLACES)
    engine_of(server, time, cache_dir=tmp_path).matrix(PLACES | {"laval": (48.2, -0.8)}, PLACES)
    with OrsServer() as other:
        engine_of(other, time, cache_dir=tmp_path).matrix(PLACES, PLACES)
        assert len(other.received) == 1
    assert (len(server.received), len(list(tmp_path.iterdir()))) == (2, 3)


def test_the_name_of_a_block_does_not_depend_on_the_key(
    server: OrsServer, time: Time, tmp_path: Path
) -> None:
    engine_of(server, time, cache_dir=tmp_path, key=KEY).matrix(PLACES, PLACES)
    engine_of(server, time, cache_dir=tmp_path, key="other").matrix(PLACES, PLACES)
    (kept,) = tmp_path.iterdir()
    assert len(kept.stem) == len(hashlib.sha256().hexdigest())
    assert len(server.received) == 1


def test_a_folder_that_cannot_be_written_loses_the_blocks_not_the_build(
    server: OrsServer, time: Time, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").write_text("not a folder")
    times = engine_of(server, time, cache_dir=tmp_path / "file").matrix(PLACES, PLACES)
    assert times.minutes == pytest.approx(true_minutes())
    assert "could not be kept" in caplog.text

"""Addresses for those who watch the app: who may ask them, and what they say."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
import streamlit as st
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.testclient import TestClient

from geozones.intake.manifest_file import find_data_folder
from geozones.store import open_store
from geozones.ui.server.web_guard import MonitoringGuard, service_routes

WATCHED = ["/-/ready", "/-/metrics"]


@pytest.fixture
def client(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    """A server with these addresses only, asked from this machine by its own name."""
    monkeypatch.setenv("GEOZONES_DATABASE_URL", f"sqlite:///{tmp_path}/scenarios.db")
    monkeypatch.delenv("GEOZONES_METRICS_TOKEN", raising=False)
    app = Starlette(routes=service_routes("/sub"), middleware=[Middleware(MonitoringGuard)])
    with TestClient(app, "http://127.0.0.1:8501", client=("127.0.0.1", 5)) as asking:
        yield asking


@pytest.mark.parametrize("address", [*WATCHED, "/_stcore/metrics"])
def test_they_answer_this_machine_and_no_proxy_nor_other_name(
    client: TestClient, address: str
) -> None:
    assert client.get(f"/sub{address}").status_code in {200, 404}
    for headers in (
        {"Host": "geozones.region.example"},
        {"X-Forwarded-For": "10.0.0.1"},
        {"Forwarded": "for=127.0.0.1"},
        {"Authorization": "Bearer "},
    ):
        given = {"Host": "geozones.region.example", **headers}
        assert client.get(f"/sub{address}", headers=given).status_code == 403
    assert client.get(f"/sub{address}", headers={"X-Real-IP": "::1"}).status_code == 403


def test_another_machine_needs_the_token(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GEOZONES_METRICS_TOKEN", "jeton")
    there = {"Host": "geozones.region.example", "X-Forwarded-For": "10.0.0.1"}
    for token, status in (("jeton", 200), ("jeto", 403), ("é", 403), ("", 403)):
        given = {**there, "Authorization": f"Bearer {token}".encode()}
        assert client.get("/sub/-/metrics", headers=given).status_code == status


def test_it_is_ready_once_the_store_has_its_tables(client: TestClient, tmp_path: Path) -> None:
    answer = client.get("/sub/-/ready")
    assert answer.status_code == 200
    told = answer.json()
    assert told.pop("backup").startswith("aucune sauvegarde vérifiée")
    assert Path(told.pop("folder")) == find_data_folder().absolute()
    assert told == {"ready": True, "checks": {"store": "ok", "data": "ok"}}
    assert (tmp_path / "scenarios.db").is_file()


def test_a_store_of_a_newer_version_is_not_ready_and_says_why(
    client: TestClient, tmp_path: Path
) -> None:
    open_store().close()
    connection = sqlite3.connect(tmp_path / "scenarios.db")
    connection.execute("UPDATE geozones_revision SET version_num = '9999'")
    connection.commit()
    connection.close()
    answer = client.get("/sub/-/ready")
    assert answer.status_code == 503
    assert "version plus récente" in answer.json()["checks"]["store"]


def test_a_store_that_refuses_to_be_written_is_not_ready_and_nothing_is_left_of_the_try(
    client: TestClient, tmp_path: Path
) -> None:
    open_store().close()
    refusal = "attempt to write a readonly database"
    with sqlite3.connect(tmp_path / "scenarios.db") as connection:
        connection.execute(
            "CREATE TRIGGER refusal BEFORE UPDATE ON geozones_revision "
            f"BEGIN SELECT RAISE(ABORT, '{refusal}'); END"
        )
        before = [*connection.iterdump()]
    answer = client.get("/sub/-/ready")
    assert answer.status_code == 503
    assert "base de scénarios" in answer.json()["checks"]["store"]
    assert [*connection.iterdump()] == before
    connection.close()


def test_data_that_cannot_be_read_are_not_ready(
    client: TestClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "secteurs.json").write_text("{", encoding="utf-8")
    monkeypatch.setenv("GEOZONES_DATA_DIR", str(tmp_path / "data"))
    st.cache_resource.clear()
    answer = client.get("/sub/-/ready")
    assert answer.status_code == 503
    assert answer.json()["checks"]["data"] != "ok"
    assert answer.json()["checks"]["store"] == "ok"

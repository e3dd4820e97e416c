"""`geozones doctor`: each thing that an installation stands on, whole and broken."""

import json
import sqlite3
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from geozones import cli
from geozones.common.errors import DataFileError
from geozones.common.french import NBSP
from geozones.domain import Scenario
from geozones.render.typeface import typeface, typeface_in
from geozones.store import open_store
from geozones.workspace import doctor as module
from geozones.workspace.doctor import FindingState, wrong
from helpers.frozen_plan import SHIPPED
from helpers.stored import StoredScenarios
from tests.store.test_damage import order

type Report = dict[str, tuple[str, str]]

LOGIN = """
[auth]
redirect_uri = "https://geozones.region.example/oauth2callback"
cookie_secret = "0123456789abcdef"
client_id = "geozones"
client_secret = "le-secret-du-client"
server_metadata_url = "https://login.region.example/.well-known/openid-configuration"
"""


@pytest.fixture
def doctor(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[[int], Report]:
    """Run the command in a home of its own: what it says of each check, by its status."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("GEOZONES_HOME", str(tmp_path))
    for name in ("GEOZONES_DATABASE_URL", "GEOZONES_ENGINES", "GEOZONES_PUBLIC_URL"):
        monkeypatch.delenv(name, raising=False)

    def run(status: int) -> Report:
        module._atlas.cache_clear()
        module.store_state.cache_clear()
        assert cli.main(["doctor", "--json"]) == status
        said = json.loads(capsys.readouterr().out)
        assert said["ok"] is (status == 0)
        rows = said["checks"]
        return {row["key"]: (row["state"], row["message"].replace(NBSP, " ")) for row in rows}

    return run


def test_a_new_installation_is_fit_and_nothing_is_made_of_it(
    doctor: Callable[[int], Report], tmp_path: Path
) -> None:
    found = doctor(0)
    assert {state for state, _ in found.values()} == {"ok"}
    assert "119 lycées" in found["data"][1]
    assert "sera créée au premier lancement" in found["store"][1]
    assert not list(tmp_path.iterdir())


def test_a_store_is_counted_and_one_line_is_said_of_each_thing(
    doctor: Callable[[int], Report], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    open_store(f"sqlite:///{tmp_path}/scenarios.db").close()
    found = doctor(0)
    assert "0 scénario, lecture et écriture" in found["store"][1]
    assert "à jour" in found["migrations"][1]
    assert cli.main(["doctor"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == len(found)
    assert all(line.startswith("✓ ") for line in lines)


@pytest.fixture
def url(tmp_path: Path, doctor: object) -> str:  # noqa: ARG001 - its home
    """The address of a store with two actions."""
    address = f"sqlite:///{tmp_path}/scenarios.db"
    store = open_store(address)
    base = {"format": "geozones.plan", "version": 1, "sectors": []}
    day = "2025-06-11T09:00:00.000+00:00"
    for key in ("a", "b"):
        StoredScenarios(store).create(
            Scenario(key, "Essai", base, "le plan publié", "Ada", day, day)
        )
    store.close()
    return address


def test_a_log_is_counted_and_a_protection_that_is_gone_is_a_fault(
    doctor: Callable[[int], Report], url: str
) -> None:
    assert doctor(0)["log"] == ("ok", "2 actions.")
    order(url, "DROP TRIGGER geozones_actions_delete")
    state, message = doctor(1)["log"]
    assert state == "fault"
    assert "geozones_actions_delete (la suppression d'une ligne)" in message


@pytest.mark.slow
def test_months_that_should_be_forgotten_are_told(
    doctor: Callable[[int], Report], url: str
) -> None:
    assert doctor(0)["journal"][0] == "ok"
    key = "f" * 64
    file = f"'{key}', 'x', '2020-02-01', 'Ada', 1, '2020-01-02', '2020-01-02', 0, '[]'"
    order(url, f"INSERT INTO geozones_journal_files VALUES ({file})")  # noqa: S608 - of this test
    rows = '{"interventions":[],"absences":[],"trips":[]}'
    order(url, f"INSERT INTO geozones_journal_months VALUES ('{key}', '2020-01', '{rows}')")  # noqa: S608 - of this test
    state, message = doctor(0)["journal"]
    assert state == "warning"
    assert "janv. 2020" in message
    assert "geozones admin nightly" in message


def test_a_file_that_is_no_database_is_a_fault_of_what_needs_it_and_others_are_made(
    doctor: Callable[[int], Report], tmp_path: Path
) -> None:
    (tmp_path / "scenarios.db").write_text("ce n'est pas une base " * 99, encoding="utf-8")
    found = doctor(1)
    assert {key for key, (state, _) in found.items() if state == "fault"} == {
        "store",
        "migrations",
        "log",
        "journal",
    }
    assert "n'est pas une base lisible" in found["store"][1]


@pytest.mark.parametrize("revision", ["0009", "9999"])
def test_tables_of_another_version_are_told_and_stay(
    doctor: Callable[[int], Report], tmp_path: Path, revision: str
) -> None:
    open_store(f"sqlite:///{tmp_path}/scenarios.db").close()
    connection = sqlite3.connect(tmp_path / "scenarios.db")
    connection.execute("UPDATE geozones_revision SET version_num = ?", [revision])
    connection.commit()
    found = doctor(1)
    assert found["migrations"][0] == "fault"
    assert revision in found["migrations"][1]
    kept = connection.execute("SELECT version_num FROM geozones_revision").fetchone()
    connection.close()
    assert kept == (revision,)


@pytest.fixture
def copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A data folder whose files are those shipped, and which the doctor looks at."""
    for file in SHIPPED.rglob("*"):
        link = tmp_path / "data" / file.relative_to(SHIPPED)
        link.parent.mkdir(parents=True, exist_ok=True)
        if file.is_file():
            link.symlink_to(file)
    monkeypatch.setenv("GEOZONES_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("GEOZONES_HOME", str(tmp_path))
    module._atlas.cache_clear()
    yield tmp_path / "data"
    module._atlas.cache_clear()


@pytest.mark.parametrize(
    "name", sorted(str(file.relative_to(SHIPPED)) for file in SHIPPED.rglob("*") if file.is_file())
)
def test_any_data_file_that_is_cut_is_a_fault_that_names_it(copied: Path, name: str) -> None:
    whole = (copied / name).read_bytes()
    (copied / name).unlink()
    # nothing says where lines of a CSV should have ended
    left = 0 if name.endswith(".csv") else len(whole) // 2
    (copied / name).write_bytes(whole[:left])
    check = next(check for check in module.FOLDER_CHECKS if check.key == "data")
    try:
        found = check.run()
    except DataFileError as error:  # the folder cannot be opened
        found = wrong(str(error))
    assert found.state is FindingState.FAULT
    assert name in found.message


def test_an_engine_that_cannot_answer_is_named(
    doctor: Callable[[int], Report], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GEOZONES_ENGINES", "shipped,roadgraph,valhalla")
    state, message = doctor(1)["engines"]
    assert state == "fault"
    assert "roadgraph : Le moteur roadgraph demande" in message
    assert "valhalla : " in message
    assert "shipped" not in message


@pytest.mark.slow
def test_missing_fonts_are_told_whether_or_not_others_take_their_place(
    doctor: Callable[[int], Report], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "typeface", lambda: typeface_in(tmp_path))
    state, message = doctor(0)["fonts"]
    assert state == "warning"
    assert "font-source-sans-pro" in message
    lost = replace(typeface(), files={"bold": (tmp_path / "Absente-Bold.ttf",)})
    monkeypatch.setattr(module, "typeface", lambda: lost)
    state, message = doctor(1)["fonts"]
    assert state == "fault"
    assert "Absente-Bold.ttf" in message


def test_a_home_that_cannot_be_written_is_told(
    doctor: Callable[[int], Report], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "fichier").touch()
    monkeypatch.setenv("GEOZONES_HOME", str(tmp_path / "fichier" / "geozones"))
    state, message = doctor(1)["disk"]
    assert state == "fault"
    assert "GEOZONES_HOME" in message


def test_a_public_address_without_a_login_is_a_fault(
    doctor: Callable[[int], Report], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GEOZONES_PUBLIC_URL", "http://geozones.region.example")
    found = doctor(1)
    assert found["login"][0] == "fault"
    assert found["public_address"][0] == "warning"


def test_a_login_is_told_by_its_provider_and_never_by_its_secret(
    doctor: Callable[[int], Report], tmp_path: Path
) -> None:
    secrets = tmp_path / ".streamlit" / "secrets.toml"
    secrets.parent.mkdir()
    secrets.write_text(LOGIN)
    secrets.chmod(0o644)
    state, message = doctor(0)["login"]
    assert state == "warning"
    assert "chmod 600" in message
    secrets.chmod(0o600)
    found = doctor(0)
    assert found["login"] == ("ok", "par login.region.example.")
    assert tomllib.loads(LOGIN)["auth"]["client_secret"] not in str(found)
    secrets.write_text(LOGIN.replace("client_secret", "secret"))
    assert "il manque client_secret" in doctor(1)["login"][1]


def test_a_login_that_leads_back_to_another_territory_is_a_fault(
    doctor: Callable[[int], Report], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    secrets = tmp_path / ".streamlit" / "secrets.toml"
    secrets.parent.mkdir()
    secrets.write_text(LOGIN)
    secrets.chmod(0o600)
    monkeypatch.setenv("GEOZONES_PUBLIC_URL", "https://geozones.region.example")
    assert doctor(0)["login"][0] == "ok"
    monkeypatch.setenv("GEOZONES_PUBLIC_URL", "https://geozones.region.example/bretagne")
    state, message = doctor(1)["login"]
    assert state == "fault"
    assert "https://geozones.region.example/oauth2callback" in message

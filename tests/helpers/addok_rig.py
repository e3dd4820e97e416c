"""The national geocoder's own engine on 127.0.0.1: shipped communes and streets of lycées."""

import http.client
import json
import os
import re
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from geozones.workspace.folder.atlas import Atlas, open_atlas
from helpers.waiting import PATIENCE

ROOT = Path(__file__).parents[2]
ADDOK = ROOT / ".venv-addok" / "bin" / "addok"
_CONFIG = """
from pathlib import Path
QUERY_PROCESSORS_PYPATHS = [
    "addok.helpers.text.check_query_length",
    "addok_france.extract_address",
    "addok_france.clean_query",
    "addok_france.remove_leading_zeros",
]
SEARCH_RESULT_PROCESSORS_PYPATHS = [
    "addok.helpers.results.match_housenumber",
    "addok_france.make_labels",
    "addok.helpers.results.score_by_importance",
    "addok.helpers.results.score_by_autocomplete_distance",
    "addok.helpers.results.score_by_ngram_distance",
    "addok.helpers.results.score_by_geo_distance",
    "addok.helpers.results.adjust_scores",
]
PROCESSORS_PYPATHS = [
    "addok.helpers.text.tokenize",
    "addok.helpers.text.normalize",
    "addok_france.glue_ordinal",
    "addok_france.fold_ordinal",
    "addok_france.flag_housenumber",
    "addok.helpers.text.synonymize",
    "addok_fr.phonemicize",
]
FILTERS = ["type", "postcode", "citycode"]
EXTRA_FIELDS = [{"key": "citycode"}]
"""
#: streets that look like others, 7 km off, in the same commune
DECOYS = (("44109", "Nantes", "44300", "Rue de la Perverie", 47.2530, -1.5440),)


@dataclass(frozen=True)
class Addok:
    """A running engine: its address, and how many calls it has had."""

    url: str
    log: Path
    cold_start_s: float

    @property
    def calls(self) -> int:
        return len(re.findall(r'"(?:GET|POST) /search', self.log.read_text(errors="replace")))


def documents(atlas: Atlas, without: tuple[str, ...] = ()) -> Iterator[dict[str, object]]:
    """The communes, and a street with its numbers for each lycée's address."""
    for commune in atlas.communes:
        yield {
            "id": commune.code,
            "type": "municipality",
            "name": commune.name,
            "city": commune.name,
            "citycode": commune.code,
            "postcode": f"{commune.departement}000",
            "context": commune.departement,
            "lat": commune.lat,
            "lon": commune.lon,
            "importance": min(1.0, commune.population / 300_000),
        }
    for rank, lycee in enumerate(atlas.lycees.values()):
        number, street = split_number(lycee.address)
        if not street or lycee.id in without:
            continue
        place = {"lat": lycee.lat, "lon": lycee.lon}
        yield {
            "id": f"{lycee.insee}_{rank:04}",
            "type": "street",
            "name": street,
            "city": lycee.commune,
            "citycode": lycee.insee,
            "postcode": f"{lycee.postcode[:2]}000",
            "context": lycee.departement,
            "importance": 0.5,
            **place,
            "housenumbers": {number: place} if number else {},
        }
    for citycode, city, postcode, name, lat, lon in DECOYS:
        yield {
            "id": f"{citycode}_decoy", "type": "street", "name": name, "city": city,
            "citycode": citycode, "postcode": postcode, "context": citycode[:2],
            "importance": 0.5, "lat": lat, "lon": lon, "housenumbers": {},
        }  # fmt: skip


def split_number(address: str) -> tuple[str, str]:
    match = re.match(r"(\d+)(?: ?(?:bis|ter))?,? (.+)", address)
    return (match[1], match[2]) if match else ("", address)


@contextmanager
def running_addok(without: tuple[str, ...] = ()) -> Iterator[Addok]:
    """Start Redis and addok, load them, stop them; ``without``: lycées whose street is left out."""
    if not ADDOK.exists():
        message = f"{ADDOK} is missing: « make test-slow » installs it"
        raise FileNotFoundError(message)
    start = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="geozones-addok-") as name:
        folder = Path(name)
        (folder / "addok.conf").write_text(_CONFIG)
        lines = (json.dumps(doc) for doc in documents(open_atlas(), without))
        (folder / "places.json").write_text("\n".join(lines) + "\n")
        env = os.environ | {
            "ADDOK_CONFIG_MODULE": str(folder / "addok.conf"),
            "REDIS_SOCKET": str(folder / "redis.sock"),
            "ADDOK_LOG_DIR": name,
            "PYTHONUNBUFFERED": "1",
        }
        with _process(folder, env, "redis", ["redis-server", *_redis(folder)]):
            _wait((folder / "redis.sock").exists)
            for command in (["batch", str(folder / "places.json")], ["ngrams"]):
                subprocess.run(
                    [ADDOK, *command], env=env, check=True, capture_output=True, timeout=PATIENCE
                )
            port = _free_port()
            serve = [str(ADDOK), "serve", "--host", "127.0.0.1", "--port", str(port)]
            with _process(folder, env, "addok", serve):
                url = f"http://127.0.0.1:{port}"
                _wait(partial(_answers, port))
                yield Addok(url, folder / "addok.log", time.monotonic() - start)


def _redis(folder: Path) -> list[str]:
    return ["--port", "0", "--unixsocket", str(folder / "redis.sock"), "--save", "",
            "--appendonly", "no", "--dir", str(folder), "--daemonize", "no"]  # fmt: skip


@contextmanager
def _process(folder: Path, env: dict[str, str], name: str, command: list[str]) -> Iterator[None]:
    with (folder / f"{name}.log").open("wb") as log:
        process = subprocess.Popen(command, env=env, stdout=log, stderr=log)
        try:
            yield
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(10)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _answers(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    try:
        connection.request("GET", "/health")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


def _wait(ready: Callable[[], bool], seconds: float = PATIENCE) -> None:
    end = time.monotonic() + seconds
    while not ready():
        if time.monotonic() > end:
            message = "the engine did not start"
            raise TimeoutError(message)
        time.sleep(0.05)

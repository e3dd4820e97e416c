"""Road extracts: what a cut, a kill, another version or a wrong checksum leave on the disk."""

import fcntl
import hashlib
import os
import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from geozones.common.errors import InputError
from geozones.domain import FetchError
from geozones.fetch import ExtractSettings
from geozones.fetch.extracts import ExtractDownload, RemoteExtract, extract_url
from helpers.still_clock import Time
from helpers.web_service import Call, Reply, Service, served_file

PATH = "/europe/france/bretagne-latest.osm.pbf"
BODY = bytes(range(256)) * 4000
MD5 = hashlib.md5(BODY, usedforsecurity=False).hexdigest()


@pytest.fixture
def service() -> Iterator[Service]:
    running = Service()
    running.answer = serving()
    yield running
    running.stop()


def serving(
    cut: int | None = None, md5: str | None = MD5, body: bytes = BODY, **headers: str
) -> Callable[[Call], Reply]:
    """Answer as Geofabrik does for one extract and its checksum."""
    file = served_file(body, cut, **({"ETag": '"1"'} | headers))

    def answer(call: Call) -> Reply:
        if call.path != f"{PATH}.md5":
            return file(call)
        return Reply(404) if md5 is None else Reply(body=f"{md5}  bretagne.osm.pbf\n".encode())

    return answer


class Run(NamedTuple):
    checked: bool
    path: Path
    seen: list[bytes]


def run(service: Service, folder: Path, **options: Any) -> Run:
    """Download the extract to a folder."""
    verify = options.pop("verify", None)
    settings = ExtractSettings(service.url, **options)
    download = ExtractDownload(settings, Time().clock())
    seen: list[bytes] = []
    path = folder / "bretagne.osm.pbf"
    remote = download.look_up(service.url + PATH)
    checked = download.download(
        remote, path, verify or (lambda partial: seen.append(partial.read_bytes()))
    )
    return Run(checked, path, seen)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def ranges(service: Service) -> list[str]:
    return [
        call.headers.get("Range", "")
        for call in service.calls
        if (call.method, call.path) == ("GET", PATH)
    ]


def test_an_extract_is_verified_whole_then_put_in_place(service: Service, tmp_path: Path) -> None:
    done = run(service, tmp_path)
    assert (done.checked, done.seen) == (True, [BODY])
    assert done.path.read_bytes() == BODY
    assert names(tmp_path) == ["bretagne.osm.pbf"]


def test_a_service_that_cuts_each_answer_is_asked_for_the_rest(
    service: Service, tmp_path: Path
) -> None:
    service.answer = serving(cut=300_000)
    assert run(service, tmp_path, retries=1).path.read_bytes() == BODY
    assert ranges(service)[:4] == ["", "bytes=300000-", "bytes=600000-", "bytes=900000-"]


def test_what_a_run_received_is_resumed_by_the_next(service: Service, tmp_path: Path) -> None:
    service.replies.extend([serving()(head()), Reply(200, BODY[:500], {"ETag": '"1"'}, len(BODY))])
    service.answer = lambda _: Reply(503)
    with pytest.raises(FetchError, match="en panne"):
        run(service, tmp_path, retries=0)
    (left,) = names(tmp_path)
    assert left.endswith(".partiel")
    service.answer, before = serving(), len(service.calls)
    assert run(service, tmp_path).path.read_bytes() == BODY
    asked = service.calls[before + 1].headers
    assert (asked["Range"], asked["If-Range"]) == ("bytes=500-", '"1"')
    assert names(tmp_path) == ["bretagne.osm.pbf"]


def test_a_service_that_falls_silent_is_left_with_what_it_sent(
    service: Service, tmp_path: Path
) -> None:
    half = Reply(200, BODY[:500], {"ETag": '"1"'}, len(BODY), stays=threading.Event())
    service.replies.extend([serving()(head()), half])
    service.answer = lambda _: Reply(503)
    with pytest.raises(FetchError):
        run(service, tmp_path, retries=0, timeout_s=0.5)
    (left,) = tmp_path.iterdir()
    assert left.read_bytes() == BODY[:500]


def head() -> Call:
    return Call("HEAD", PATH, {}, {}, {})


def leave_partial(service: Service, folder: Path, size: int = 500) -> Path:
    """Leave a partial file of the extract as a killed run would."""
    download = ExtractDownload(ExtractSettings(service.url))
    partial = download.look_up(service.url + PATH).partial(folder / "bretagne.osm.pbf")
    partial.write_bytes(BODY[:size])
    return partial


def test_what_was_received_already_is_told_with_the_size(tmp_path: Path) -> None:
    target = tmp_path / "bretagne.osm.pbf"
    remote = RemoteExtract("https://extraits.example/b", "b", 329_400_000, '"1"')
    assert remote.megabytes(target) == "329 Mo"
    with remote.partial(target).open("wb") as stream:
        stream.truncate(120_000_000)
    assert remote.megabytes(target) == "329 Mo dont 120 déjà reçus"
    assert replace(remote, version="").megabytes(target) == "329 Mo"
    assert replace(remote, size=None).megabytes(target) == "taille inconnue"


def test_a_partial_file_of_another_version_is_thrown_away(service: Service, tmp_path: Path) -> None:
    leave_partial(service, tmp_path)
    other = BODY[::-1]
    digest = hashlib.md5(other, usedforsecurity=False).hexdigest()
    service.answer = serving(body=other, md5=digest, ETag='"2"')
    assert run(service, tmp_path).path.read_bytes() == other
    assert ranges(service)[0] == ""
    assert names(tmp_path) == ["bretagne.osm.pbf"]


def test_a_service_that_ignores_ranges_sends_the_file_from_its_beginning(
    service: Service, tmp_path: Path
) -> None:
    leave_partial(service, tmp_path)
    whole = Reply(200, BODY, {"ETag": '"1"'})
    service.answer = lambda call: serving()(call) if call.path.endswith(".md5") else whole
    assert run(service, tmp_path).path.read_bytes() == BODY


@pytest.mark.parametrize(
    "wrong",
    [
        Reply(206, BODY[400:], {"Content-Range": f"bytes 400-{len(BODY) - 1}/{len(BODY)}"}),
        Reply(206, BODY[500:], {"Content-Range": f"bytes 500-{len(BODY) - 1}/99"}),
        Reply(206, BODY[500:]),
        Reply(416, b"<html>", {"Content-Type": "text/html"}),
    ],
)
def test_a_range_that_was_not_asked_for_is_not_joined(
    service: Service, tmp_path: Path, wrong: Reply
) -> None:
    leave_partial(service, tmp_path)
    service.replies.extend([serving()(head()), wrong])
    assert run(service, tmp_path).path.read_bytes() == BODY
    assert ranges(service)[:2] == ["bytes=500-", ""]


@pytest.mark.parametrize("headers", [{"ETag": 'W/"1"'}, {"ETag": ""}])
def test_without_a_sure_version_nothing_is_resumed(
    service: Service, tmp_path: Path, headers: dict[str, str]
) -> None:
    service.answer = serving(md5=None, **headers)
    leave_partial(service, tmp_path).write_bytes(BODY[::-1])
    assert run(service, tmp_path).path.read_bytes() == BODY
    assert ranges(service) == [""]


def test_a_whole_partial_file_is_not_asked_for_again(service: Service, tmp_path: Path) -> None:
    leave_partial(service, tmp_path, len(BODY))
    before = len(service.calls)
    assert run(service, tmp_path).path.read_bytes() == BODY
    assert [call.path for call in service.calls[before:]] == [PATH, f"{PATH}.md5"]


def test_a_wrong_checksum_leaves_no_file(service: Service, tmp_path: Path) -> None:
    service.answer = serving(md5="0" * 32)
    with pytest.raises(FetchError, match="n'a pas l'empreinte annoncée : il est effacé"):
        run(service, tmp_path)
    assert names(tmp_path) == []


def test_an_extract_that_is_refused_leaves_no_file(service: Service, tmp_path: Path) -> None:
    def refuse(_: Path) -> None:
        msg = "coupé"
        raise InputError(msg)

    with pytest.raises(InputError, match="coupé"):
        run(service, tmp_path, verify=refuse)
    assert names(tmp_path) == []


@pytest.mark.parametrize("md5", [Reply(503), Reply(body=b"<html>"), Reply(body=b"")])
def test_a_checksum_that_cannot_be_read_keeps_what_was_received(
    service: Service, tmp_path: Path, md5: Reply
) -> None:
    service.answer = lambda call: md5 if call.path.endswith(".md5") else serving()(call)
    with pytest.raises(FetchError):
        run(service, tmp_path, retries=0)
    (left,) = names(tmp_path)
    assert left.endswith(".partiel")
    service.answer, before = serving(), len(service.calls)
    assert run(service, tmp_path).path.read_bytes() == BODY
    assert len(service.calls) == before + 2


def test_a_service_without_checksums_is_told(service: Service, tmp_path: Path) -> None:
    service.answer = serving(md5=None)
    assert run(service, tmp_path).checked is False


def test_a_full_disk_is_told_before_anything_is_received(
    service: Service, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = shutil.disk_usage(tmp_path)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=200_000_000))
    with pytest.raises(InputError, match="1 Mo à recevoir et 200 Mo libres"):
        run(service, tmp_path)
    assert ranges(service) == []
    assert names(tmp_path) == []


def test_an_extract_larger_than_the_settings_allow_is_not_asked_for(
    service: Service, tmp_path: Path
) -> None:
    with pytest.raises(InputError, match="max_megabytes"):
        run(service, tmp_path, max_megabytes=1)
    assert ranges(service) == []


def test_a_body_longer_than_announced_is_left(service: Service, tmp_path: Path) -> None:
    service.replies.append(Reply(200, headers={"ETag": '"1"'}))
    with pytest.raises(FetchError, match="envoie plus que la taille annoncée"):
        run(service, tmp_path, retries=0)
    assert names(tmp_path) == []


def test_a_file_replaced_while_it_is_received_is_left(service: Service, tmp_path: Path) -> None:
    leave_partial(service, tmp_path)
    service.replies.append(serving()(head()))
    service.answer = serving(ETag='"2"')
    with pytest.raises(FetchError, match="a changé de fichier pendant le téléchargement"):
        run(service, tmp_path)
    assert names(tmp_path) == []


def test_a_web_page_in_place_of_an_extract_is_refused(service: Service, tmp_path: Path) -> None:
    service.answer = lambda _: Reply(headers={"Content-Type": "text/html; charset=utf-8"})
    with pytest.raises(FetchError, match="répond par une page web"):
        run(service, tmp_path)
    assert ranges(service) == []


def test_a_file_that_another_run_downloads_is_left_to_it(service: Service, tmp_path: Path) -> None:
    partial = leave_partial(service, tmp_path)
    with partial.open("ab") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        with pytest.raises(InputError, match="est en cours"):
            run(service, tmp_path)
        assert os.fstat(other.fileno()).st_nlink == 1
    assert run(service, tmp_path).path.read_bytes() == BODY


def test_the_file_of_a_day_is_followed_on_the_same_host_only(
    service: Service, tmp_path: Path
) -> None:
    dated = PATH.replace("latest", "261128")
    file = served_file(BODY, ETag='"1"')

    def answer(call: Call) -> Reply:
        if call.path == PATH:
            return Reply(302, headers={"Location": dated})
        return Reply(body=MD5.encode()) if call.path == f"{dated}.md5" else file(call)

    service.answer = answer
    assert run(service, tmp_path).checked is True
    other = Service()
    other.answer = answer
    service.answer = lambda _: Reply(302, headers={"Location": other.url + dated})
    host = other.url.removeprefix("http://")
    with pytest.raises(FetchError, match=f"renvoie vers {host}, qui n'est pas une adresse"):
        run(service, tmp_path)
    assert other.calls == []
    assert run(service, tmp_path, redirect_host=host).path.read_bytes() == BODY
    other.stop()


def test_an_address_is_that_of_the_service_that_is_set() -> None:
    settings = ExtractSettings("https://download.geofabrik.de")
    whole = "https://download.geofabrik.de/europe/france/bretagne-latest.osm.pbf"
    assert extract_url(whole, settings) == whole
    assert extract_url("europe/france/bretagne-latest.osm.pbf", settings) == whole
    for wrong, said in (
        ("https://ailleurs.example/bretagne.osm.pbf", "est sur ailleurs.example"),
        ("file:///etc/x.osm.pbf", r"donnez cette adresse par « url »"),
        ("europe/france/bretagne", "finit par .osm.pbf"),
    ):
        with pytest.raises(InputError, match=said):
            extract_url(wrong, settings)

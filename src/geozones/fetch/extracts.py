"""Download of road extracts: size known first, resumed where it was cut, checked, then renamed.

What is received goes to a partial file beside the target. Its name holds a digest of the address,
the size and the version of the file (its strong ETag, else its date): only a partial of the very
same file is resumed, any other is removed. A killed process leaves the partial file alone, never a
file that looks whole.

Geofabrik redirects ``…-latest.osm.pbf`` to the file of a day, and serves an MD5 beside each.
"""

import errno
import fcntl
import hashlib
import os
import re
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from urllib.parse import unquote, urlsplit

from geozones.common.errors import InputError, shortened
from geozones.common.files import why
from geozones.common.french import number
from geozones.common.pacing import Clock, Progress, no_progress
from geozones.common.settings_file import host_of
from geozones.common.web import CallError, FailureKind, StreamedAnswer
from geozones.domain import FetchError
from geozones.fetch import ExtractSettings, fetch_client

SUFFIX = ".osm.pbf"
_SERVICE = "le service des extraits de routes"
#: End of the name of a partial file, after the digest of the file that it is a part of.
_PARTIAL = ".partiel"
#: Bytes that stay free on the disk.
_SPARE = 200_000_000
_MB = 1_000_000
_MD5 = re.compile(rb"[0-9a-fA-F]{32}(?![0-9a-fA-F])")
_RANGE = re.compile(r"bytes (\d+)-\d+/(\d+|\*)")


@dataclass(frozen=True, slots=True)
class RemoteExtract:
    """Extract on a server."""

    url: str  # Its address, once redirects were followed.
    name: str  # The name to save it under.
    size: int | None  # Its bytes; ``None`` if the server does not say.
    version: str  # Its strong ETag, else its date of change; empty if the server gives neither.

    def megabytes(self, path: Path) -> str:
        """Return its size in French, and what an earlier run received of it for a target file."""
        if self.size is None:
            return "taille inconnue"
        partial = self.partial(path)
        received = partial.stat().st_size if self.version and partial.is_file() else 0
        already = f" dont {number(received / _MB)} déjà reçus" if received >= _MB else ""
        return f"{number(self.size / _MB)} Mo{already}"

    def partial(self, path: Path) -> Path:
        """Return the partial file of a target file."""
        content = f"{self.url}\n{self.size}\n{self.version}".encode()
        return path.with_name(f"{path.name}.{hashlib.sha256(content).hexdigest()[:12]}{_PARTIAL}")


def extract_url(address: str, settings: ExtractSettings) -> str:
    """Return the address of an extract, given whole or by its path on the service."""
    url = address if "://" in address else f"{settings.url}/{address.lstrip('/')}"
    if not urlsplit(url).path.endswith(SUFFIX):
        raise InputError(
            f"« {shortened(address)} » n'est pas l'adresse d'un extrait : elle finit par {SUFFIX}, "
            f"comme {settings.url}/europe/france/bretagne-latest{SUFFIX}."
        )
    if host_of(url) != settings.host:
        raise InputError(
            f"L'extrait est sur {host_of(url) or shortened(url)}, et les réglages ne nomment que "
            f"{settings.host} : donnez cette adresse par « url » dans [services.extracts]."
        )
    return url


class ExtractDownload:
    """Download of extracts from one service.

    Parameters
    ----------
    settings
        The service.
    clock
        Replaced in tests.
    """

    def __init__(self, settings: ExtractSettings, clock: Clock | None = None) -> None:
        self._settings = settings
        self._client = fetch_client(_SERVICE, settings, clock)

    def look_up(self, url: str) -> RemoteExtract:
        """Return the extract at an address, without downloading it."""
        name = unquote(urlsplit(url).path).rpartition("/")[2]
        remote = self._client.stream("HEAD", url, dict, lambda answer: _remote(answer, name))
        self._refuse_size(remote.size or 0)
        return remote

    def download(
        self,
        remote: RemoteExtract,
        path: Path,
        verify: Callable[[Path], None],
        progress: Progress = no_progress,
    ) -> bool:
        """Download an extract to a file, resuming what an earlier run received.

        Parameters
        ----------
        verify
            Called with the whole file before it is renamed; its exception leaves no file.
        progress
            Called with (megabytes received, megabytes in all).

        Returns
        -------
        bool
            Whether the service gives a checksum, which then fits.
        """
        partial = remote.partial(path)
        try:
            with _locked_partial(partial, path) as stream:
                self._receive(remote, stream, progress)
                os.fsync(stream.fileno())
                checked = self._check(remote, partial)
                try:
                    verify(partial)
                except InputError:
                    stream.cut_at(0)
                    raise
                partial.replace(path)
        except OSError as error:
            raise InputError(f"Le fichier {path} n'a pas pu être écrit ({why(error)}).") from error
        return checked

    def _receive(self, remote: RemoteExtract, stream: "_Partial", progress: Progress) -> None:
        """Append what is missing; a service that cuts is asked for the rest while it advances."""
        if not remote.version:  # nothing tells whether it is of this very file
            stream.cut_at(0)
        _refuse_full_disk(stream.path, (remote.size or 0) - stream.size)
        furthest = stream.size
        while stream.size != remote.size:
            try:
                self._client.stream(
                    "GET",
                    remote.url,
                    lambda: _range(remote, stream),
                    lambda answer: self._append(remote, stream, answer, progress),
                )
            except FetchError:
                if stream.size <= furthest:
                    raise
                furthest = stream.size
            else:
                return

    def _append(
        self, remote: RemoteExtract, stream: "_Partial", answer: StreamedAnswer, progress: Progress
    ) -> None:
        """Write the body of an answer at its place in the partial file."""
        if answer.status == HTTPStatus.OK:
            # the service ignores ranges, or the file is not the one that a part was received of
            stream.cut_at(0)
            if _remote(answer, remote.name).version != remote.version:
                why_not = "a changé de fichier pendant le téléchargement"
                raise CallError(FailureKind.CUT, why_not)
        elif not _continues(answer, remote, stream.size):
            # the next try asks for the whole file
            stream.cut_at(0)
            raise CallError(FailureKind.CUT, "n'a pas repris où il le fallait", again=True)
        total = (remote.size or 0) // _MB
        for piece in answer.pieces:
            stream.append(piece)
            self._refuse_size(stream.size)
            if remote.size is not None and stream.size > remote.size:
                stream.cut_at(0)
                raise CallError(FailureKind.TOO_LARGE, "envoie plus que la taille annoncée")
            progress(min(stream.size // _MB, total), total)
        if remote.size is not None and stream.size != remote.size:
            raise CallError(FailureKind.CUT, "a coupé sa réponse en route", again=True)

    def _refuse_size(self, size: int) -> None:
        most = self._settings.max_megabytes
        if size > most * _MB:
            raise InputError(
                f"L'extrait fait {number(size / _MB)} Mo, plus que les {number(most)} Mo permis : "
                "augmentez max_megabytes dans [services.extracts]."
            )

    def _check(self, remote: RemoteExtract, partial: Path) -> bool:
        """Compare a whole file with the MD5 that the service gives; return whether it gives one."""
        body = self._client.find(f"{remote.url}.md5")
        if body is None:
            return False
        announced = _MD5.match(body.strip())
        if announced is None:
            raise FetchError(
                f"L'empreinte reçue de {self._settings.host} n'est pas lisible : l'extrait n'est "
                "pas vérifié. Recommencez plus tard, ce qui est reçu est gardé."
            )
        with partial.open("rb") as stream:
            found = hashlib.file_digest(stream, lambda: hashlib.md5(usedforsecurity=False))
        if found.hexdigest() != announced[0].decode().lower():
            os.truncate(partial, 0)
            raise FetchError(
                f"L'extrait reçu de {self._settings.host} n'a pas l'empreinte annoncée : il est "
                "effacé. Recommencez."
            )
        return True


class _Partial:
    """Partial file, open to append; it is locked until it is closed."""

    def __init__(self, path: Path, descriptor: int) -> None:
        self.path, self._descriptor = path, descriptor
        self.size = os.fstat(descriptor).st_size

    def fileno(self) -> int:
        return self._descriptor

    def append(self, piece: bytes) -> None:
        """Write a piece at the end, without a buffer: what was received is there after a kill."""
        view = memoryview(piece)
        while view:
            written = os.write(self._descriptor, view)
            self.size += written
            view = view[written:]

    def cut_at(self, size: int) -> None:
        os.ftruncate(self._descriptor, size)
        self.size = size


@contextmanager
def _locked_partial(partial: Path, path: Path) -> Iterator[_Partial]:
    """Open the partial file of a target; remove the partial files of its other versions."""
    mine = False
    descriptor = os.open(partial, os.O_CREAT | os.O_WRONLY | os.O_APPEND | os.O_CLOEXEC, 0o666)
    try:
        try:
            _lock(descriptor)
            # another run may have renamed it between the two calls
            mine = os.path.samestat(os.fstat(descriptor), partial.stat())
        except (BlockingIOError, FileNotFoundError):
            pass
        if not mine:
            raise InputError(
                f"Un autre téléchargement de {path.name} est en cours : attendez sa fin."
            )
        pattern = re.compile(rf"{re.escape(path.name)}\.[0-9a-f]{{12}}{re.escape(_PARTIAL)}")
        for other in path.parent.iterdir():
            if other != partial and pattern.fullmatch(other.name):
                other.unlink(missing_ok=True)
        yield _Partial(partial, descriptor)
    finally:
        with suppress(FileNotFoundError):
            if mine and partial.stat().st_size == 0:
                partial.unlink()
        os.close(descriptor)


def _lock(descriptor: int) -> None:
    """Lock a file until it is closed; raise ``BlockingIOError`` if another process did."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise
    except OSError:  # some disks have no locks
        return


def _remote(answer: StreamedAnswer, name: str) -> RemoteExtract:
    """Return what the head of an answer says of a file; raise `CallError` for a web page."""
    headers = answer.headers
    if headers.get("Content-Type", "").startswith("text/html"):
        why_not = "répond par une page web au lieu d'un extrait"
        raise CallError(FailureKind.REFUSED, why_not, status=answer.status)
    etag = headers.get("ETag", "")
    length = headers.get("Content-Length", "")
    return RemoteExtract(
        url=answer.url,
        name=name,
        size=int(length) if length.isdecimal() else None,
        version=etag if etag and not etag.startswith("W/") else headers.get("Last-Modified", ""),
    )


def _range(remote: RemoteExtract, stream: _Partial) -> Mapping[str, str]:
    """Return the headers that ask for the rest of a file, if it is still the same."""
    if not stream.size or not remote.version:
        return {}
    return {"Range": f"bytes={stream.size}-", "If-Range": remote.version}


def _continues(answer: StreamedAnswer, remote: RemoteExtract, size: int) -> bool:
    """Return whether an answer is the rest of a file after its first bytes."""
    found = _RANGE.fullmatch(answer.headers.get("Content-Range", ""))
    if answer.status != HTTPStatus.PARTIAL_CONTENT or found is None:
        return False
    return int(found[1]) == size and found[2] in {"*", str(remote.size)}


def _refuse_full_disk(path: Path, needed: int) -> None:
    """Raise `InputError` if a disk has no room for some bytes."""
    free = shutil.disk_usage(path.parent).free
    if needed + _SPARE > free:
        full = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        raise InputError(
            f"{number(needed / _MB)} Mo à recevoir et {number(free / _MB)} Mo libres dans "
            f"{path.parent} ({why(full)}) : faites de la place, ou choisissez un autre dossier."
        )

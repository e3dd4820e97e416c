"""Address of the app, and supervisor of several processes of it behind nginx."""

import contextlib
import ctypes
import errno
import ipaddress
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from starlette.datastructures import MutableHeaders
from starlette.requests import cookie_parser
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from geozones.common.errors import InputError
from geozones.render.standalone_map import app_folder

HOST = "127.0.0.1"
_BASE_PATH = re.compile(r"(/[A-Za-z0-9._~-]+)*")
_TAKEN = frozenset({errno.EADDRINUSE})


@dataclass(frozen=True, slots=True)
class ServedAddress:
    """Address that the app is served at."""

    address: str = HOST  # IP address to listen on.
    port: int = 8501  # TCP port.
    base_path: str = ""  # Beginning of the path of every address, ``/geozones``; "" for the root.

    @property
    def bind(self) -> str:
        """Return the address and port in the form of nginx and of URLs."""
        shown = f"[{self.address}]" if ":" in self.address else self.address
        return f"{shown}:{self.port}"

    @property
    def url(self) -> str:
        """Return the URL to open on this machine."""
        return f"http://{self.bind}{self.base_path}"

    def require_free(self) -> None:
        """Check that the server can listen on this address."""
        family = socket.AF_INET6 if ":" in self.address else socket.AF_INET
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((self.address, self.port))
                probe.listen()
            except OverflowError:
                raise InputError(
                    f"Le port {self.port} n'existe pas : choisissez-en un plus petit (--port)."
                ) from None
            except PermissionError:
                raise InputError(
                    f"Le port {self.port} est réservé au système : choisissez-en un autre (--port)."
                ) from None
            except OSError as error:
                if error.errno in _TAKEN:
                    raise InputError(
                        f"Le port {self.port} est déjà pris : choisissez-en un autre (--port)."
                    ) from None
                raise InputError(
                    f"L'adresse {self.address} n'est pas de cette machine (--address)."
                ) from None


def served_address(address: str, port: int, base_path: str) -> ServedAddress:
    """Return the served address, its IP and path checked."""
    try:
        known = str(ipaddress.ip_address(HOST if address == "localhost" else address))
    except ValueError:
        raise InputError(
            f"L'adresse « {address[:60]} » n'est pas une adresse IP : écrivez 0.0.0.0 ou 127.0.0.1."
        ) from None
    path = base_path.strip("/")
    path = f"/{path}" if path else ""
    if not _BASE_PATH.fullmatch(path):
        raise InputError(f"Le chemin « {base_path[:60]} » n'en est pas un : écrivez /geozones.")
    return ServedAddress(known, port, path)


#: Cookie by which a proxy routes the requests of a browser.
COOKIE = "geozones_worker"


class StickyWorker:
    """Middleware that sets the cookie of this process where the browser does not have it."""

    def __init__(self, app: ASGIApp, rank: int, base_path: str) -> None:
        self._app, self._rank = app, str(rank)
        self._cookie = f"{COOKIE}={rank}; Path={base_path or '/'}; HttpOnly; SameSite=Lax"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http" or self._has_cookie(scope):
            await self._app(scope, receive, send)
            return

        async def send_told(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).append("Set-Cookie", self._cookie)
            await send(message)

        await self._app(scope, receive, send_told)

    def _has_cookie(self, scope: Scope) -> bool:
        cookies = b"; ".join(value for name, value in scope["headers"] if name == b"cookie")
        return cookie_parser(cookies.decode("latin-1")).get(COOKIE) == self._rank


#: Part of the configuration of `deploy/` that only the server that people reach has.
_EDGE = re.compile(r"^ *# \[edge\]$.*?^ *# \[/edge\]$", re.MULTILINE | re.DOTALL)
_MAIN = """\
daemon off;
worker_processes 1;
pid {folder}/nginx.pid;
error_log stderr crit;
events {{ worker_connections 4096; }}
http {{
access_log off;
client_body_temp_path {folder}/body;
proxy_temp_path {folder}/proxy;
fastcgi_temp_path {folder}/fastcgi;
uwsgi_temp_path {folder}/uwsgi;
scgi_temp_path {folder}/scgi;
map $cookie_{cookie} $geozones_upstream {{ default any; {ranks} }}
map $http_x_forwarded_proto $geozones_scheme {{ default $http_x_forwarded_proto; "" $scheme; }}
map "" $geozones_client {{ default $proxy_add_x_forwarded_for; }}
upstream any {{ least_conn; {all} }}
{each}
{site}
}}
"""


def nginx_program() -> str:
    """Return the path of nginx."""
    found = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")
    if found is None:
        raise InputError(
            "Plusieurs processus se servent par nginx, qui n'est pas installé : installez-le "
            "(« apt install nginx-light »), ou servez par un seul (--workers 1)."
        )
    return found


def configuration(place: ServedAddress, ports: Sequence[int], folder: Path) -> str:
    """Return the configuration of nginx: a visitor with the cookie of a process is sent to it.

    A visitor without the cookie goes to the process with the fewest connections. ``ports`` are the
    ports of the processes, by rank; nginx keeps its own files in ``folder``.
    How requests are passed on is read from the configuration of ``deploy/``.
    """
    deployed = (app_folder() / "deploy/nginx/geozones.conf").read_text(encoding="utf-8")
    site = _EDGE.sub("", deployed).replace("server {", f"server {{\n    listen {place.bind};", 1)
    return _MAIN.format(
        folder=folder,
        cookie=COOKIE,
        ranks=" ".join(f'"{rank}" worker{rank};' for rank in range(len(ports))),
        all=" ".join(f"server {HOST}:{port};" for port in ports),
        each="\n".join(
            f"upstream worker{rank} {{ server {HOST}:{port}; }}" for rank, port in enumerate(ports)
        ),
        site=site,
    )


def ending_with_parent(ending: signal.Signals) -> Callable[[], None] | None:
    """Return what a child process runs first, so that a signal ends it if this process is killed.

    ``None`` where the system has no such thing: only Linux has.
    """
    if sys.platform != "linux":
        return None
    prctl, parent = ctypes.CDLL(None).prctl, os.getpid()

    def ask() -> None:
        prctl(_PR_SET_PDEATHSIG, int(ending))
        if os.getppid() != parent:  # it was killed before the system was asked
            os.kill(os.getpid(), ending)

    return ask


#: From ``linux/prctl.h``.
_PR_SET_PDEATHSIG = 1
_POLL_S = 0.2
#: A process that ends within that many seconds did not start; after so many failures in a row, all
#: processes are stopped.
_STARTING_S, _MOST_FAILED = 20.0, 5

type Command = Sequence[str]


@dataclass
class _Supervised:
    """A process that is restarted each time it ends."""

    name: str
    command: Command
    folder: Path
    ending: signal.Signals = signal.SIGKILL  # What ends it if this process is killed.
    failed: int = 0
    began: float = 0.0
    process: subprocess.Popen[bytes] | None = field(default=None)

    def start(self) -> None:
        self.began = time.monotonic()
        self.process = subprocess.Popen(  # noqa: S603
            self.command,
            cwd=self.folder,
            start_new_session=True,
            preexec_fn=ending_with_parent(self.ending),  # noqa: PLW1509 - no other thread runs
        )

    def restart_if_ended(self) -> None:
        """Restart the process if it has ended."""
        status = None if self.process is None else self.process.poll()
        if status is None:
            return
        self._sweep()
        started = time.monotonic() - self.began > _STARTING_S
        self.failed = 0 if started else self.failed + 1
        if self.failed < _MOST_FAILED:
            message = f"geozones : {self.name} s'est arrêté ({status}), il est relancé."
            print(message, flush=True)  # noqa: T201
            self.start()

    def stop(self) -> None:
        if self.process is not None:
            self.process.terminate()

    def end(self) -> None:
        """Wait until the process has ended; kill it after 10 seconds."""
        if self.process is None:
            return
        try:
            self.process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self._sweep()

    def _sweep(self) -> None:
        """Kill the child processes that an ended process left."""
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)


def serve_workers(
    place: ServedAddress,
    count: int,
    folder: Path,
    command_of: Callable[[ServedAddress, int], Command],
) -> int:
    """Run ``count`` processes of the app behind nginx until asked to stop; return the exit status.

    Process number ``rank`` listens on 127.0.0.1, on the port after the port of ``rank`` - 1; nginx
    listens on the port of ``place``. ``command_of`` returns the command of a process from its
    address and its rank.
    """
    program = nginx_program()
    place.require_free()
    inner = [ServedAddress(HOST, place.port + 1 + rank, place.base_path) for rank in range(count)]
    for entry in inner:
        entry.require_free()
    with tempfile.TemporaryDirectory(prefix="geozones-nginx-") as made:
        own = Path(made)
        own.chmod(0o711)  # started by root, nginx runs as another user
        settings = own / "nginx.conf"
        ports = [entry.port for entry in inner]
        settings.write_text(configuration(place, ports, own), encoding="utf-8")
        processes = [
            *(
                _Supervised(f"le processus {rank}", command_of(entry, rank), folder)
                for rank, entry in enumerate(inner)
            ),
            _Supervised(
                "nginx",
                (program, "-e", "stderr", "-p", made, "-c", str(settings)),
                folder,
                signal.SIGTERM,  # it ends its own processes, which a killed one would leave
            ),
        ]
        return _supervise(processes)


def _supervise(processes: Sequence[_Supervised]) -> int:
    """Keep processes running until a signal asks this one to stop."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        for entry in processes:
            entry.start()
        while all(entry.failed < _MOST_FAILED for entry in processes):
            time.sleep(_POLL_S)
            for entry in processes:
                entry.restart_if_ended()
    except KeyboardInterrupt:
        return 0
    else:
        broken = ", ".join(entry.name for entry in processes if entry.failed >= _MOST_FAILED)
        msg = f"{broken} ne démarre pas : tout est arrêté ; le journal ci-dessus dit pourquoi."
        raise InputError(msg[0].upper() + msg[1:])
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        for entry in reversed(processes):
            entry.stop()
        for entry in processes:
            with contextlib.suppress(KeyboardInterrupt):
                entry.end()

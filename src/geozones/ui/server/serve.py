"""Start of the app as one process, or several behind nginx; address; change of territory."""

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
from tempfile import TemporaryDirectory
from threading import Timer

from starlette.datastructures import MutableHeaders
from starlette.requests import cookie_parser
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from geozones.common.errors import InputError
from geozones.common.files import DATA_FOLDER, home_folder, why
from geozones.common.json_log import wants_json
from geozones.common.settings_file import embed_sites, public_address
from geozones.jobs.runner import read_bounds
from geozones.render.standalone_map import app_folder
from geozones.workspace.folder.territories import STARTED_ON

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


#: Variable that names the file where the server writes the folder to open.
VARIABLE = "GEOZONES_REOPEN"


def can_reopen() -> bool:
    """Tell whether this server may change territory: one process, its own database, no address.

    What people find at a public address does not change under their eyes.
    """
    shared = os.environ.get("GEOZONES_DATABASE_URL") or public_address()
    return bool(os.environ.get(VARIABLE)) and not shared


def reopen_on(folder: Path) -> None:
    """Stop this server, which starts again on a data folder."""
    Path(os.environ[VARIABLE]).write_text(str(folder.absolute()), encoding="utf-8")
    os.kill(os.getpid(), signal.SIGTERM)


_HOW_TO_STOP = "Pour l'arrêter : Ctrl + C."

#: Seconds that a server has to stop by itself before it is killed.
_STOPPING_S = 8.0
_STOPPED = {-signal.SIGINT, -signal.SIGTERM, -signal.SIGKILL}


def vendor_folder() -> Path:
    """Return the folder of the home that holds the files of the map; create it if needed.

    The installation folder is only read: the account of a service cannot write there.
    """
    target = home_folder() / "served"
    try:
        target.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"Le dossier {target} ne peut pas être écrit : {why(error)}.") from error
    return target


def serve(place: ServedAddress, *, open_browser: bool, workers: int = 1) -> int:
    """Run the app in ``workers`` processes until it is stopped; return the exit status."""
    public_address()
    embed_sites()
    wants_json()
    read_bounds()
    folder = app_folder()
    vendor_folder()
    opens = place.url if open_browser and _has_browser() else ""
    if workers == 1:
        place.require_free()
        print(f"geozones : {place.url}\n{_HOW_TO_STOP}", flush=True)  # noqa: T201
        return _run(_command(folder, place, opens), folder)
    print(f"geozones : {place.url} ({workers} processus)\n{_HOW_TO_STOP}", flush=True)  # noqa: T201

    def command_of(inner: ServedAddress, rank: int) -> list[str]:
        return [*_command(folder, inner, "" if rank else opens), "--rank", str(rank)]

    return serve_workers(place, workers, folder, command_of)


def _command(folder: Path, place: ServedAddress, opens: str) -> list[str]:
    """Return the command that starts a process of the app, which opens ``opens`` if not empty."""
    arguments = [place.address, str(place.port), place.base_path, opens]
    return [sys.executable, "-m", "geozones.ui.server.launcher", str(folder / "app.py"), *arguments]


def _run(command: list[str], folder: Path) -> int:
    """Run the server in a child process, which is asked to stop when this process is.

    A server that has not stopped after `_STOPPING_S` seconds is killed: what was saved is kept. A
    server that asks for another territory (see `reopen_on`) is started again on it.
    """
    with TemporaryDirectory(prefix="geozones-") as private:
        server = _ServedApp(command, folder, Path(private) / "territoire")
        signal.signal(signal.SIGTERM, server.stop)
        return server.run()


class _ServedApp:
    """Server of the app in a child process.

    ``command`` starts it in ``folder``; it writes the territory to open instead in the file
    ``asked``.
    """

    def __init__(self, command: list[str], folder: Path, asked: Path) -> None:
        self._command, self._folder, self._asked = command, folder, asked
        self._process: subprocess.Popen[bytes] | None = None
        self._is_stopping = False

    def stop(self, *_: object) -> None:
        """Ask the server to stop, and kill it if it does not."""
        self._is_stopping = True
        if self._process is not None:
            self._process.terminate()
            late = Timer(_STOPPING_S, self._process.kill)
            late.daemon = True
            late.start()

    def run(self) -> int:
        """Run the server until it is stopped; return its exit status."""
        environment = os.environ | {VARIABLE: str(self._asked)}
        environment[STARTED_ON] = os.environ.get(DATA_FOLDER, "")
        status = self._run_once(self._command, environment)
        while self._asked.exists() and not self._is_stopping:
            environment[DATA_FOLDER] = self._asked.read_text(encoding="utf-8")
            self._asked.unlink()
            quiet = [*self._command[:-1], ""]  # the browser is open already
            status = self._run_once(quiet, environment)
        return status

    def _run_once(self, command: list[str], environment: dict[str, str]) -> int:
        with subprocess.Popen(  # noqa: S603
            command,
            cwd=self._folder,
            env=environment,
            preexec_fn=ending_with_parent(signal.SIGKILL),  # noqa: PLW1509 - no other thread
        ) as self._process:
            if self._is_stopping:  # it was asked while the process started
                self.stop()
            while True:
                try:
                    status = self._process.wait()
                except KeyboardInterrupt:  # the terminal has sent the interrupt to both
                    continue
                return 0 if status in _STOPPED else status


def _has_browser() -> bool:
    return sys.platform != "linux" or bool(
        os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    )

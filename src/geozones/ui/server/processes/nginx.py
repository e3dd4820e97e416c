"""nginx in front of several processes of the app: program and configuration."""

import re
import shutil
from collections.abc import Sequence
from pathlib import Path

from geozones.common.errors import InputError
from geozones.render.app_files import app_folder
from geozones.ui.server.processes.address import HOST, ServedAddress
from geozones.ui.server.processes.sticky_worker import COOKIE

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
    """Return the path of nginx.

    Raises
    ------
    InputError
        If nginx is not installed.
    """
    found = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")
    if found is None:
        msg = (
            "Plusieurs processus se servent par nginx, qui n'est pas installé : installez-le "
            "(« apt install nginx-light »), ou servez par un seul (--workers 1)."
        )
        raise InputError(msg)
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

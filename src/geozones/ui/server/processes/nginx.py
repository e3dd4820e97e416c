"""nginx in front of several processes of the app: program and configuration."""

import shutil
from collections.abc import Sequence
from pathlib import Path

from geozones.common.errors import InputError
from geozones.ui.server.processes.address import HOST, ServedAddress
from geozones.ui.server.processes.sticky import COOKIE

_CONFIGURATION = """\
daemon off;
worker_processes 1;
pid {folder}/nginx.pid;
error_log stderr crit;
events {{ worker_connections 4096; }}
http {{
  access_log off;
  server_tokens off;
  client_max_body_size 128m;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  map $http_upgrade $upgrades {{ default upgrade; "" ""; }}
  map $http_x_forwarded_proto $asked_by {{ default $http_x_forwarded_proto; "" $scheme; }}
  map $cookie_{cookie} $worker {{ default any; {ranks} }}
  upstream any {{ least_conn; {all} }}
{each}
  server {{
    listen {bind};
    location / {{
      proxy_pass http://$worker;
      proxy_http_version 1.1;
      proxy_set_header Host $http_host;
      proxy_set_header Upgrade $http_upgrade;
      proxy_set_header Connection $upgrades;
      proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
      proxy_set_header X-Forwarded-Proto $asked_by;
      proxy_read_timeout 1d;
    }}
  }}
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
    """
    return _CONFIGURATION.format(
        folder=folder,
        cookie=COOKIE,
        bind=place.bind,
        ranks=" ".join(f'"{rank}" worker{rank};' for rank in range(len(ports))),
        all=" ".join(f"server {HOST}:{port};" for port in ports),
        each="\n".join(
            f"  upstream worker{rank} {{ server {HOST}:{port}; }}"
            for rank, port in enumerate(ports)
        ),
    )

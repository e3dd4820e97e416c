"""Where the app is served: address, port, and the path that its addresses begin with."""

import errno
import ipaddress
import re
import socket
from dataclasses import dataclass

from geozones.common.errors import InputError

HOST = "127.0.0.1"
_BASE_PATH = re.compile(r"(/[A-Za-z0-9._~-]+)*")
_TAKEN = frozenset({errno.EADDRINUSE})


@dataclass(frozen=True, slots=True)
class Place:
    """Where the app is served.

    Parameters
    ----------
    address
        IP address that it listens on.
    port
        Port.
    base_path
        What its addresses begin with, ``/geozones``; "" for the root.
    """

    address: str = HOST
    port: int = 8501
    base_path: str = ""

    @property
    def bind(self) -> str:
        """Return the address and port as nginx and addresses of the web write them."""
        shown = f"[{self.address}]" if ":" in self.address else self.address
        return f"{shown}:{self.port}"

    @property
    def url(self) -> str:
        """Return the address to open on this machine."""
        return f"http://{self.bind}{self.base_path}"

    def require_free(self, port: int | None = None) -> None:
        """Refuse a port, its own by default, that something else listens on.

        Raises
        ------
        InputError
            If it is taken, or the address is none of this machine's.
        """
        asked = self.port if port is None else port
        family = socket.AF_INET6 if ":" in self.address else socket.AF_INET
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((self.address, asked))
                probe.listen()
            except OverflowError:
                msg = f"Le port {asked} n'existe pas : choisissez-en un plus petit (--port)."
                raise InputError(msg) from None
            except PermissionError:
                msg = f"Le port {asked} est réservé au système : choisissez-en un autre (--port)."
                raise InputError(msg) from None
            except OSError as error:
                if error.errno in _TAKEN:
                    msg = f"Le port {asked} est déjà pris : choisissez-en un autre (--port)."
                    raise InputError(msg) from None
                msg = f"L'adresse {self.address} n'est pas de cette machine (--address)."
                raise InputError(msg) from None


def place_of(address: str, port: int, base_path: str) -> Place:
    """Read where to serve the app.

    Raises
    ------
    InputError
        If the address is no IP address, or the path is none.
    """
    try:
        known = str(ipaddress.ip_address(HOST if address == "localhost" else address))
    except ValueError:
        msg = (
            f"L'adresse « {address[:60]} » n'est pas une adresse IP : écrivez 0.0.0.0 ou 127.0.0.1."
        )
        raise InputError(msg) from None
    path = base_path.strip("/")
    path = f"/{path}" if path else ""
    if not _BASE_PATH.fullmatch(path):
        msg = f"Le chemin « {base_path[:60]} » n'en est pas un : écrivez /geozones."
        raise InputError(msg)
    return Place(known, port, path)

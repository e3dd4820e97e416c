"""Address, port and base path that the app is served at."""

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
class ServedAddress:
    """Address that the app is served at.

    Parameters
    ----------
    address
        IP address to listen on.
    port
        TCP port.
    base_path
        Beginning of the path of every address, ``/geozones``; "" for the root.
    """

    address: str = HOST
    port: int = 8501
    base_path: str = ""

    @property
    def bind(self) -> str:
        """Return the address and port in the form of nginx and of URLs."""
        shown = f"[{self.address}]" if ":" in self.address else self.address
        return f"{shown}:{self.port}"

    @property
    def url(self) -> str:
        """Return the URL to open on this machine."""
        return f"http://{self.bind}{self.base_path}"

    def require_free(self, port: int | None = None) -> None:
        """Refuse a port, by default the place's own, that another program listens on.

        Raises
        ------
        InputError
            If the port is taken or does not exist, or the address does not belong to this machine.
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


def served_address(address: str, port: int, base_path: str) -> ServedAddress:
    """Return the place for an address, a port and a base path.

    Raises
    ------
    InputError
        If the address is not an IP address, or the path is not valid.
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
    return ServedAddress(known, port, path)

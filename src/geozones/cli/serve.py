"""« serve »: the app on this machine."""

from typing import Annotated

from geozones.cli.parameters import between, flag, option
from geozones.ui.server import serve as app_server
from geozones.ui.server.serve import HOST, served_address


def serve(
    *,
    port: Annotated[int, option("PORT", "port (8501)", check=between(1024, 65535))] = 8501,
    address: Annotated[str, option("ADRESSE", "adresse IP où écouter (127.0.0.1)")] = HOST,
    base_path: Annotated[
        str, option("CHEMIN", "début du chemin des adresses (/geozones) ; rien par défaut")
    ] = "",
    workers: Annotated[
        int,
        option("N", "processus qui se partagent les visiteurs (1)", check=between(1, 64)),
    ] = 1,
    open_browser: Annotated[bool, flag("ouvrir aussi le navigateur", name="--open")] = False,
) -> int:
    """Run the app until it is stopped; return its exit status."""
    place = served_address(address, port, base_path)
    return app_server.serve(place, open_browser=open_browser, workers=workers)

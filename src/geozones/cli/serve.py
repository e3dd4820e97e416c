"""« serve »: the app in a browser of this machine."""

from typing import Annotated

from geozones.cli.parameters import between, flag, option
from geozones.ui import serve as app_server


def serve(
    *,
    port: Annotated[int, option("PORT", "port (8501)", check=between(1024, 65535))] = 8501,
    open_browser: Annotated[bool, flag("ouvrir aussi le navigateur", name="--open")] = False,
) -> int:
    """Run the app until it is stopped; return its exit status."""
    return app_server.serve(port, open_browser=open_browser)

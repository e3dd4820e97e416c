"""The interface: state, components, the server."""

from pathlib import Path

#: Folder of the style sheets and scripts of the pages.
STATIC = Path(__file__).parent / "static"

"""Serving of the app: address, port, and one process or several behind nginx."""

from geozones.ui.server.processes.address import HOST, ServedAddress, place_of
from geozones.ui.server.processes.several import serve_several
from geozones.ui.server.processes.sticky import StickyWorker

__all__ = ["HOST", "ServedAddress", "StickyWorker", "place_of", "serve_several"]

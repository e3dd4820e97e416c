"""Serving of the app: address, port, and one process or several behind nginx."""

from geozones.ui.serving.place import HOST, ServedAddress, place_of
from geozones.ui.serving.several import serve_several
from geozones.ui.serving.sticky import StickyWorker

__all__ = ["HOST", "ServedAddress", "StickyWorker", "place_of", "serve_several"]

"""Serving of the app: address, port, and one process or several behind nginx."""

from geozones.ui.server.processes.address import HOST, ServedAddress, served_address
from geozones.ui.server.processes.sticky_worker import StickyWorker
from geozones.ui.server.processes.supervisor import serve_workers

__all__ = ["HOST", "ServedAddress", "StickyWorker", "serve_workers", "served_address"]

"""Redraw the territory of a region's school technicians, with real driving times."""

__version__ = "0.1.0"

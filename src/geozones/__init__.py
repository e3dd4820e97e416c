"""Redraw the territory of a region's school technicians, with real driving times."""

from os import PathLike
from pkgutil import resolve_name
from typing import TYPE_CHECKING

from geozones.version import __version__

if TYPE_CHECKING:
    from geozones.library import OpenedTerritory

__all__ = ["__version__", "open"]


def open(territory: str | PathLike[str] = "") -> "OpenedTerritory":  # noqa: A001 - as gzip.open
    """Open a territory as tables: a data folder, or the name of a territory made here.

    Without a name it is the territory of the settings, else the delivered one. A process opens one
    territory; pandas and geopandas are imported now, not with the package.
    """
    opened: OpenedTerritory = resolve_name("geozones.library:open_territory")(territory)
    return opened

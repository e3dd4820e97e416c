"""First plan of sites without zones: sectors, zones, and the constraints that could not be met."""

from geozones.workspace.drafting.drafted import Draft, draft, sites_of
from geozones.workspace.drafting.request import (
    BY_DEPARTEMENT,
    BY_EPCI,
    DraftOptions,
    DraftSites,
    read_sectors,
    read_sizes,
)

__all__ = [
    "BY_DEPARTEMENT",
    "BY_EPCI",
    "Draft",
    "DraftOptions",
    "DraftSites",
    "draft",
    "read_sectors",
    "read_sizes",
    "sites_of",
]

"""View state of the page « Scénarios »."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from geozones.domain.access import Access


@dataclass(frozen=True, slots=True)
class ScenariosView:
    """State of the page « Scénarios », and its forms by scenario.

    ``lasts`` is the number of days that the next link stays open, in digits (empty: without end),
    ``comments`` whether its readers may leave comments; ``compared`` are the scenarios side by
    side; ``others``, ``owners``, ``editors`` and ``readers`` hold the access rights.
    """

    archived: bool = False
    managed: str | None = None
    compared: tuple[str, ...] = ()
    lasts: str = ""
    comments: bool = False
    names: Mapping[str, str] = field(default_factory=dict)
    descriptions: Mapping[str, str] = field(default_factory=dict)
    statuses: Mapping[str, str] = field(default_factory=dict)
    notes: Mapping[str, str] = field(default_factory=dict)
    sure: Mapping[str, bool] = field(default_factory=dict)
    others: Mapping[str, Access | None] = field(default_factory=dict)
    owners: Mapping[str, str] = field(default_factory=dict)
    editors: Mapping[str, str] = field(default_factory=dict)
    readers: Mapping[str, str] = field(default_factory=dict)

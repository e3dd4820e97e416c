"""View state of the editing menus of the page « Carte »."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from geozones.domain.entities import Milestone
from geozones.workspace.scenarios.openings import Site


@dataclass(frozen=True, slots=True)
class LocationView:
    """Correction of a location; ``dragging``: dragging a lycée on the map moves it."""

    text: str = ""
    insist: bool = False
    dragging: bool = False


@dataclass(frozen=True, slots=True)
class OpeningView:
    """Opening of a lycée, new or on an existing site.

    ``clicking``: a click on the map gives the place; ``where`` is the address typed and ``site``
    the place that either gives. ``zone`` is the zone chosen, ``None`` for the zone drawn there.
    ``touched`` are the last event (id) that opened or closed a lycée and its sector (id), for which
    the best plan may be requested.
    """

    name: str = ""
    kind: str | None = None
    code: str = ""
    pupils: int | None = None
    where: str = ""
    site: Site | None = None
    zone: str | None = None
    clicking: bool = False
    touched: tuple[str | None, str] | None = None


@dataclass(frozen=True, slots=True)
class ZonesView:
    """Forms of the tools of a zone; mappings are by zone."""

    act: str = "renommer"
    into: str | None = None
    sector: str | None = None
    new_name: str = ""
    part_name: str = ""
    names: Mapping[str, str] = field(default_factory=dict)
    parts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    colours: Mapping[str, str] = field(default_factory=dict)
    pivots: Mapping[str, str | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SectorsView:
    """Form of the sectors: fields as typed, and the action prepared for the selected sector.

    ``typed`` holds the fields of `EditSector` by ``sector.field``, ``calendars`` whole calendars by
    sector, until they are recorded. ``into`` is the sector to merge with or to give a zone to;
    ``parts`` are, by sector, the zones that form the new sector.
    """

    typed: Mapping[str, object] = field(default_factory=dict)
    calendars: Mapping[str, tuple[Milestone, ...]] = field(default_factory=dict)
    act: str = "fusionner"
    into: str | None = None
    new_name: str = ""
    part_name: str = ""
    parts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ToolsView:
    """Tools of what is chosen on the map: whether they are open."""

    opened: bool = False


@dataclass(frozen=True, slots=True)
class LocksView:
    """Form of a lock; ``items`` are by kind."""

    kind: str = "lycee"
    items: Mapping[str, str] = field(default_factory=dict)
    reason: str = ""

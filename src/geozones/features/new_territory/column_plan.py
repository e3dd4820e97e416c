"""Start of a territory: from the zones and sectors that a list names, or from an area."""

import csv
import io
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from geozones.common.errors import GeozonesError, InputError
from geozones.common.french import folded, listing, number, plural, shortlist
from geozones.domain import DecisionStatus, Origin, Plan, Sector, TravelTimes, Zone
from geozones.domain.identifiers import KnownArea, RoadExtract
from geozones.domain.plan import plan_of
from geozones.domain.terms import terms
from geozones.features.new_territory.request import (
    SiteList,
    TerritoryRequest,
    read_sites,
)
from geozones.intake.site_list import SiteRow, id_of_name, unused
from geozones.territory.france import France, open_france

_FEW = 3


@dataclass(frozen=True)
class ColumnPlan:
    """Plan of the columns of a list."""

    #: Name of the sector of each site (id); empty without a column of sectors.
    sector_by_site: Mapping[str, str]
    #: The plan; ``None`` without a column of zones: zones are then to be drafted.
    plan: Plan | None = None
    remarks: tuple[str, ...] = ()  # What was completed or decided, in French sentences.


def column_plan(rows: Mapping[str, SiteRow], times: TravelTimes, territory: str) -> ColumnPlan:
    """Return the plan that the columns « zone » and « secteur » of a list (rows by id) describe.

    A site without a zone joins the zone of the nearest site by road that has one, in its own
    sector if it has one; a site without a sector, the sector of its zone, else of the nearest site.
    ``territory`` names the only sector of a list with zones and no sectors.
    """
    return _Completion(rows, times, territory).plan()


def with_listed_sectors(plan: Plan) -> Plan:
    """Return a draft whose sectors are those of a list: their ids are made of their names."""
    taken: set[str] = set()
    ids = {sector.id: _new_id(sector.name, "", taken) for sector in plan.sectors}
    zones = {
        zone.id: _new_id(f"{ids[sector.id]} {rank}", "", taken)
        for sector in plan.sectors
        for rank, zone in enumerate(plan.zones_of(sector.id), start=1)
    }
    return plan_of(
        [replace(each, id=ids[each.id], origin=Origin.REGION) for each in plan.sectors],
        [replace(each, id=zones[each.id], sector=ids[each.sector]) for each in plan.zones],
        {site: zones[zone] for site, zone in plan.zone_by_lycee.items()},
    )


class _Completion:
    def __init__(self, rows: Mapping[str, SiteRow], times: TravelTimes, territory: str) -> None:
        self.rows, self.territory = rows, territory
        minutes = times.restricted(tuple(rows), tuple(rows)).minutes
        both_ways = np.nan_to_num(minutes, nan=np.inf)
        self.minutes = both_ways + both_ways.T
        self.rank = {site: rank for rank, site in enumerate(rows)}
        self.remarks: list[str] = []

    def plan(self) -> ColumnPlan:
        sectors = _spelled({site: row.sector for site, row in self.rows.items()})
        zones = _spelled({site: row.zone for site, row in self.rows.items()})
        if not any(sectors.values()) and not any(zones.values()):
            return ColumnPlan({})
        if not any(zones.values()):
            sectors = self._nearest(sectors, "secteur", "celui")
            return ColumnPlan(sectors, None, tuple(self.remarks))
        if any(sectors.values()):
            # each site's sector; if empty, the only sector that has the site's zone
            known: dict[str, set[str]] = {}
            for site, zone in zones.items():
                if zone and sectors[site]:
                    known.setdefault(zone, set()).add(sectors[site])
            sectors = {
                site: sector or (next(iter(found)) if len(found) == 1 else "")
                for site, sector in sectors.items()
                for found in [known.get(zones[site], set()) if zones[site] else set()]
            }
            sectors = self._nearest(sectors, "secteur", "celui")
        else:
            sectors = dict.fromkeys(self.rows, self.territory)
        zones = self._nearest(zones, "zone", "celle", within=sectors)
        plan = _plan(sectors, zones)
        alone = [plan.zone(zone.id).name for zone in plan.zones if len(plan.members(zone.id)) == 1]
        if alone:
            what = plural(len(alone), "zone n'a", "zones n'ont")
            one = f"qu'un {terms().site}"
            self.remarks.append(f"{what} {one} : {shortlist(alone, _FEW)}.")
        return ColumnPlan(sectors, plan, tuple(self.remarks))

    def _nearest(
        self,
        given: Mapping[str, str],
        what: str,
        that: str,
        within: Mapping[str, str] | None = None,
    ) -> dict[str, str]:
        """Return each site's group; if empty, the group of the nearest site that has one."""
        filled, empty = dict(given), [site for site, name in given.items() if not name]
        named = np.array([bool(name) for name in given.values()])
        sites = list(given)
        for site in empty:
            allowed = named.copy()
            if within is not None:
                same = np.array([within[other] == within[site] for other in sites])
                allowed = named & same
            if not allowed.any():
                filled[site] = within[site] if within is not None else self.territory
                continue
            minutes = np.where(allowed, self.minutes[self.rank[site]], np.inf)
            filled[site] = given[sites[int(np.argmin(minutes))]]
        if empty:
            noun = terms().site
            names = shortlist([self.rows[each].name for each in empty], _FEW)
            self.remarks.append(
                f"{noun.counted(len(empty))} sans {what} dans la liste : {that} {noun.of_the} "
                f"le plus proche {'leur' if len(empty) > 1 else 'lui'} est "
                f"donné{'e' if what == 'zone' else ''} ({names})."
            )
        return filled


def _spelled(names: Mapping[str, str]) -> dict[str, str]:
    """Return the group names; names that differ by case or accents get one spelling."""
    counts = Counter(name for name in names.values() if name)
    best: dict[str, str] = {}
    for name in sorted(counts, key=lambda name: (-counts[name], name)):
        best.setdefault(folded(name), name)
    return {site: best[folded(name)] if name else "" for site, name in names.items()}


def _plan(sector_by_site: Mapping[str, str], zone_by_site: Mapping[str, str]) -> Plan:
    """Return the plan of groups; zones of one name in two sectors are two zones."""
    taken: set[str] = set()
    sectors: dict[str, Sector] = {}
    zones: dict[tuple[str, str], Zone] = {}
    for name in sorted({*sector_by_site.values()}, key=folded):
        sectors[name] = Sector(
            _new_id(name, "", taken), name, DecisionStatus.DRAFT, origin=Origin.REGION
        )
    pairs = {(sector_by_site[site], zone) for site, zone in zone_by_site.items()}
    twice = {zone for zone, count in Counter(zone for _, zone in pairs).items() if count > 1}
    for sector, zone in sorted(pairs, key=lambda pair: (folded(pair[0]), folded(pair[1]))):
        key = _new_id(zone, sector if zone in twice else "", taken)
        name = f"Zone {zone}" if zone.isdecimal() else zone
        zones[sector, zone] = Zone(key, name, sectors[sector].id)
    return plan_of(
        sectors.values(),
        zones.values(),
        {site: zones[sector_by_site[site], zone].id for site, zone in zone_by_site.items()},
    )


def _new_id(name: str, before: str, taken: set[str]) -> str:
    key = unused(id_of_name(f"{before} {name}"), taken)
    taken.add(key)
    return key


#: What places of an area are known, by their name in a command.
PLACES = ("lycees",)
#: Where the places of the list stand, as credits and pages say it.
_AT_MAIRIE = "positions à la mairie de la commune, pas à l'adresse"
_HEAD = ("code", "nom", "code postal", "commune", "insee", "departement")
_LYCEE_COLUMNS = ("uai", "nom", "code_postal", "commune", "insee", "departement")


def known_areas(text: str = "") -> tuple[KnownArea, ...]:
    """Return the areas that a territory may begin with, those of a text where one is given."""
    france = open_france()
    return france.matching(text) if text.strip() else france.areas


def missing_france() -> str:
    """Return why the data of France is not available, in French; empty if it is."""
    try:
        open_france()
    except GeozonesError as error:
        return str(error)
    return ""


def area_named(text: str) -> KnownArea:
    """Return the area of a name or a code; raise ``InputError`` with near names."""
    return open_france().named(text)


@dataclass(frozen=True)
class AreaStart:
    """Start of a territory from the data of France: lycées, communes and road extracts of an area.

    Raises ``InputError`` or ``DataFileError`` at first use if that data is missing or altered.
    """

    area: KnownArea

    @cached_property
    def _france(self) -> France:
        return open_france()

    def request(self, name: str) -> TerritoryRequest:
        """Return the request for a territory of the known lycées; raise as `content` does."""
        asked = TerritoryRequest(
            name,
            self.content,
            self.list_name,
            list_credit=f"{self._france.lycees_source.credit} ; {_AT_MAIRIE}",
        )
        return self.with_communes(asked)

    def with_communes(self, asked: TerritoryRequest) -> TerritoryRequest:
        """Return a request for a territory with the communes of the area."""
        credit = self._france.communes_source.credit
        return replace(asked, area=self.area, area_credit=credit)

    @property
    def list_name(self) -> str:
        """Name of the list of the known lycées."""
        return f"liste nationale des lycées, {self.area.name}"

    @cached_property
    def content(self) -> bytes:
        """List of the known lycées, as `read_sites` reads it; raise ``InputError`` without two."""
        rows = self._france.lycees(self.area)
        if len(rows) < 2:
            raise InputError(
                f"La liste nationale a {plural(len(rows), 'lycée')} pour {self.area.label} : un "
                "territoire en a au moins deux. Choisissez un territoire plus grand, ou donnez une "
                "liste."
            )
        text = io.StringIO()
        writer = csv.writer(text, delimiter=";")
        writer.writerow(_HEAD)
        writer.writerows(rows[list(_LYCEE_COLUMNS)].itertuples(index=False))
        return text.getvalue().encode()

    @property
    def warnings(self) -> tuple[str, ...]:
        """Warnings about the list, shown before a territory is made of it, in French sentences."""
        gaps = self._france.lycees_source.gaps
        return tuple(f"{gap[:1].upper()}{gap[1:]}." for gap in gaps[:3])

    @property
    def extracts(self) -> tuple[RoadExtract, ...]:
        """The fewest road extracts that cover the area."""
        return self._france.extracts(self.area)


@dataclass(frozen=True)
class AreaReading:
    """Known lycées of an area, as read, for a page that asks before it makes a territory."""

    asked: TerritoryRequest  # Request for the territory as it is without further choices.
    listed: SiteList  # The list of the lycées.
    points: tuple[tuple[float, float], ...]  # Latitude and longitude of the mairie of each.
    warnings: tuple[str, ...]  # What the list lacks, in French sentences.
    roads: str  # The road extracts to ask for, in French; empty for none.


def read_area(area: KnownArea) -> AreaReading:
    """Read the known lycées of an area."""
    start = AreaStart(area)
    asked = start.request(area.name)
    communes = open_france().communes(area)
    columns = (communes[name] for name in ("code", "lat", "lon"))
    by_code = {code: (lat, lon) for code, lat, lon in zip(*columns, strict=True)}
    listed = read_sites(asked.content, {})
    return AreaReading(
        asked=asked,
        listed=listed,
        points=tuple(by_code[site.insee] for site in listed.sites),
        warnings=start.warnings,
        roads=roads_sentence(start.extracts),
    )


def roads_sentence(extracts: tuple[RoadExtract, ...]) -> str:
    """Return the files of road extracts and their sizes in a French sentence; empty for none."""
    told = [f"{each.file}, {_size(each)}" for each in extracts]
    return f"Pour les temps de trajet : {listing(told)}." if told else ""


def _size(extract: RoadExtract) -> str:
    return "taille inconnue" if extract.size is None else f"{number(extract.size / 1e6)} Mo"

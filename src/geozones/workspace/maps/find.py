"""Map search: searchable names, well-known towns, and the target of each."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

import shapely

from geozones.common.errors import InputError, shortened
from geozones.common.french import folded
from geozones.domain import DecisionStatus, Plan
from geozones.domain.identifiers import commune_place
from geozones.domain.terms import worded
from geozones.render.scene import Bounds
from geozones.workspace.figures.study import Study
from geozones.workspace.folder.atlas import Atlas
from geozones.workspace.folder.territory import Territory


@dataclass(frozen=True, slots=True)
class CommuneName:
    """A commune: INSEE code, name, the name of its département."""

    code: str
    name: str
    departement: str


@dataclass(frozen=True, slots=True)
class TownName:
    """A town on the map, by the name people say, its commune (INSEE code), WGS84 degrees."""

    id: str
    name: str
    commune: str
    lat: float
    lon: float


@lru_cache(maxsize=4)
def communes_of(atlas: Atlas) -> dict[str, CommuneName]:
    """Return the communes of the region by INSEE code; raises ``DataFileError``."""
    departements = {each.id: each.name for each in atlas.ground.departements}
    frame = atlas.commune_frame
    rows = zip(*(frame[name].astype(str) for name in ("code", "nom", "departement")), strict=True)
    return {
        code: CommuneName(code, name, departements.get(number, number))
        for code, name, number in rows
    }


@lru_cache(maxsize=4)
def named_towns(atlas: Atlas) -> tuple[TownName, ...]:
    """Return the towns of the region named on the map, the most important first."""
    towns = []
    for label in atlas.ground.names:
        if label.kind in {"city", "town"}:
            code = atlas.commune_at(label.lat, label.lon)
            if code is not None:
                name = label.known_as or label.text
                key = f"{code}-{folded(name).replace(' ', '-')}"
                towns.append(TownName(key, name, code, label.lat, label.lon))
    return tuple(towns)


@lru_cache(maxsize=4)
def _first_towns(atlas: Atlas) -> dict[str, str]:
    return {town.commune: town.name for town in reversed(named_towns(atlas))}


#: Smallest share of a commune that puts it in a zone; less is an imprecision of the borders.
_PART = 0.05
#: Half the height and width of the view of a town that is not a commune, in degrees.
_AROUND = (0.04, 0.06)


@dataclass(frozen=True, slots=True)
class Entry:
    """Searchable item: its key (« kind:id »), its name, and its label in a list."""

    key: str
    name: str
    label: str


@dataclass(frozen=True, slots=True)
class Target:
    """Selection (ids) and view of a result: west, south, east, north in degrees.

    A commune in several zones selects no zone, a commune in several sectors no sector.
    """

    bounds: Bounds
    sector: str | None = None
    zone: str | None = None
    lycee: str | None = None


def entries(study: Study) -> tuple[Entry, ...]:
    """Return the searchable items of the plan, then those of the territory."""
    return (*plan_entries(study), *place_entries(study.territory, study.plan.lycees))


def plan_entries(study: Study) -> tuple[Entry, ...]:
    """Return the sectors, their RNS and support centres, and the zones; labels are distinct."""
    statuses, numbers = study.decisions.sectors.items(), study.zone_numbers.items()
    return _plan_entries(study.territory, study.plan, tuple(statuses), tuple(numbers))


def target(study: Study, key: str) -> Target:
    """Return the selection and view for an entry's key."""
    territory, plan = study.territory, study.plan
    if not any(entry.key == key for entry in entries(study)):
        raise InputError(
            f"« {shortened(key)} » n'est pas sur cette carte : choisissez un nom de la liste."
        )
    kind, _, name = key.partition(":")
    if kind == "lycee":
        return _lycee_target(study, name)
    if kind == "zone":
        return Target(_bounds(territory, plan.members(name)), plan.zone(name).sector, name)
    if kind == "commune":
        shape = territory.atlas.limits[name]
        plan = study.plan
        shapely.prepare(shape)
        inside = {
            lycee: cell for lycee, cell in study.territory.cells.items() if shape.intersects(cell)
        }
        areas = shapely.area(shapely.intersection(list(inside.values()), shape))
        lycees = [
            each for each, area in zip(inside, areas, strict=True) if area > _PART * shape.area
        ]
        zones = {plan.zone_of(lycee_id).id for lycee_id in lycees}
        sectors = {plan.zone(zone_id).sector for zone_id in zones}
        west, south, east, north = shape.bounds
        return Target(
            (west, south, east, north),
            sectors.pop() if len(sectors) == 1 else None,
            zones.pop() if len(zones) == 1 else None,
        )
    if kind == "ville":
        return _town_target(study, next(t for t in named_towns(territory.atlas) if t.id == name))
    sector = plan.sector(name)
    if kind == "centre" and sector.support_centre is not None:
        return _lycee_target(study, sector.support_centre)
    return Target(_bounds(territory, plan.lycees_of(name)), name)


def bounds_of_lycees(study: Study, lycees: Iterable[str]) -> Bounds:
    """Return the bounds of the zones of some lycées (ids)."""
    plan = study.plan
    zones = dict.fromkeys(plan.zone_of(lycee_id).id for lycee_id in lycees)
    return _bounds(
        study.territory, tuple(key for zone_id in zones for key in plan.members(zone_id))
    )


@lru_cache(maxsize=16)
def _plan_entries(
    territory: Territory,
    plan: Plan,
    statuses: tuple[tuple[str, DecisionStatus], ...],
    numbers: tuple[tuple[str, int], ...],
) -> tuple[Entry, ...]:
    sectors = _of_sectors(territory, plan, dict(statuses))
    return (*sectors, *_of_zones(plan, dict(numbers)))


@lru_cache(maxsize=16)
def place_entries(territory: Territory, lycees: tuple[str, ...]) -> tuple[Entry, ...]:
    """Return the towns by importance, the lycées (ids), then the other communes."""
    named, others = _of_places(territory)
    return (*named, *_of_lycees(territory, lycees), *others)


def _of_sectors(
    territory: Territory, plan: Plan, statuses: Mapping[str, DecisionStatus]
) -> Iterator[Entry]:
    for sector in plan.sectors:
        label = f"Secteur {sector.name} · {statuses[sector.id].label}"
        yield Entry(f"sector:{sector.id}", sector.name, label)
    for sector in plan.sectors:
        if sector.rns:
            label = f"RNS {sector.rns} · secteur {sector.name}"
            yield Entry(f"rns:{sector.id}", sector.rns, label)
    for sector in plan.sectors:
        if sector.support_centre is not None and sector.support_centre in plan.zone_by_lycee:
            lycee = territory.lycees[sector.support_centre]
            centre = worded("{Support_centre}")
            label = f"{centre} {lycee.label} · secteur {sector.name}"
            yield Entry(f"centre:{sector.id}", f"{centre} {lycee.name}", label)


def _of_zones(plan: Plan, numbers: Mapping[str, int]) -> Iterator[Entry]:
    """Yield the zones with their numbers on maps, which show no empty zone."""
    for sector in plan.sectors:
        for zone in plan.zones_of(sector.id):
            which = f"n° {numbers[zone.id]}" if plan.members(zone.id) else "vide"
            label = f"Zone {zone.name} · {which} · secteur {sector.name} · {zone.id}"
            yield Entry(f"zone:{zone.id}", zone.name, label)


@lru_cache(maxsize=16)
def _of_lycees(territory: Territory, lycees: tuple[str, ...]) -> tuple[Entry, ...]:
    entries: list[Entry] = []
    kind, towns = worded("{Site}"), _first_towns(territory.atlas)
    for key in lycees:
        lycee = territory.lycees[key]
        name = lycee.name
        if not name.startswith((kind, "EREA", "Centre")):
            name = f"{kind} {name}"
        # the most important town named on the map in a commune (INSEE code), if any
        town = towns.get(lycee.insee)
        where = lycee.commune
        if town is not None and folded(town) not in folded(lycee.commune):
            where = f"{town} ({lycee.commune})"
        codes = ", ".join((lycee.id, *lycee.associated_uais))
        entries.append(Entry(f"lycee:{lycee.id}", lycee.name, f"{name} · {where} · {codes}"))
    return tuple(sorted(entries, key=lambda entry: folded(entry.label)))


@lru_cache(maxsize=16)
def _of_places(territory: Territory) -> tuple[list[Entry], list[Entry]]:
    """Return the towns named on the map, the most important first, then the other communes."""
    communes = communes_of(territory.atlas)
    named: dict[str, Entry] = {}
    for town in named_towns(territory.atlas):
        commune = communes[town.commune]
        if town.name == commune.name:
            entry = _of_commune(commune)
        else:
            label = f"{town.name} · ville · commune {commune.name}"
            entry = Entry(f"ville:{town.id}", town.name, label)
        named.setdefault(entry.key, entry)
    others = [
        _of_commune(each) for code, each in communes.items() if commune_place(code) not in named
    ]
    return list(named.values()), sorted(others, key=lambda entry: folded(entry.label))


def _of_commune(commune: CommuneName) -> Entry:
    label = f"{commune.name} · commune · {commune.departement}"
    return Entry(commune_place(commune.code), commune.name, label)


def _bounds(territory: Territory, lycees: tuple[str, ...]) -> Bounds:
    """Return the bounds of the land of some lycées; of the region for none."""
    west, south, east, north = territory.shape(lycees).bounds if lycees else territory.bounds
    return west, south, east, north


def _lycee_target(study: Study, lycee_id: str) -> Target:
    zone = study.plan.zone_of(lycee_id)
    bounds = _bounds(study.territory, study.plan.members(zone.id))
    return Target(bounds, zone.sector, zone.id, lycee_id)


def _town_target(study: Study, town: TownName) -> Target:
    up, across = _AROUND
    bounds = (town.lon - across, town.lat - up, town.lon + across, town.lat + up)
    try:
        zone_id = study.territory.zone_at(study.plan, town.lat, town.lon)
    except InputError:
        return Target(bounds)
    return Target(bounds, study.plan.zone(zone_id).sector, zone_id)

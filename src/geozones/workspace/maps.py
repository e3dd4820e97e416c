"""Maps: scenes of a plan, of a drive and of reachable areas; search of what they name."""

import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from threading import Lock

import shapely
from shapely.geometry.base import BaseGeometry

from geozones.common.errors import InputError, shortened
from geozones.common.french import drive_text, folded, number
from geozones.domain import DecisionStatus, Lycee, Plan, Sector, Zone
from geozones.domain.identifiers import commune_place
from geozones.domain.organisation import NOT_PUBLISHED
from geozones.domain.places import Precision
from geozones.domain.terms import has_organisation, terms, worded
from geozones.metrics import metric
from geozones.metrics.metric import number_of
from geozones.render import (
    DrawnDrive,
    Label,
    LyceePoint,
    Patch,
    Pin,
    Scene,
    SectorArea,
    View,
    ZoneArea,
)
from geozones.render.palette import NO_VALUE, ramp
from geozones.render.scene import FAR, Bounds, Fact, label_spaces
from geozones.render.signs import INK, swatch_css
from geozones.territory.shapes import dissolve
from geozones.workspace.figures.study import Study, written_in_full
from geozones.workspace.folder.atlas import Atlas
from geozones.workspace.folder.territory import Territory
from geozones.workspace.moves.destinations import plan_key
from geozones.workspace.reachability.accessibility import (
    FROM_PLACE,
    IN_ZONE,
    MinuteClasses,
    PlaceAccess,
    Reached,
    trip_between,
)

#: Zooms (powers of 2 of the scale; 8 shows the region on a screen) from which names are shown.
_ZONES, _LYCEES, _OTHER_LYCEES = 9.0, 10.0, 11.5
#: The same for the sector in focus: its zones and lycées are named from smaller zooms, and its own
#: name disappears where its zones are named.
_OWN_ZONES, _OWN_LYCEES = 7.75, 8.25
#: Ranks, the lowest first; ranks of the ground are in `geozones.render.scene`.
_CHOSEN, _SECTOR, _ZONE, _LYCEE = -1, 0, 2, 3


def labels_of(
    sectors: Sequence[SectorArea],
    zones: Sequence[ZoneArea],
    lycees: Sequence[LyceePoint],
    focus: str | None,
    chosen: str | None = None,
) -> tuple[Label, ...]:
    """Return the labels of a plan's sectors, zones and lycées.

    With a sector in ``focus`` (id), its zones have names and numbers, and other sectors have only
    their own name. The lycée ``chosen`` (id) has its name at every zoom.
    """
    named = [_sector_label(sector, focus) for sector in sectors]
    own = [zone for zone in zones if focus in (None, zone.sector)]
    named += [_zone_label(zone, zone.number if focus else 0) for zone in own]
    near = {zone.id for zone in own}
    named += [
        _lycee_label(point, focus, own=point.zone in near, chosen=point.id == chosen)
        for point in lycees
        if math.isfinite(point.lat) and math.isfinite(point.lon)
    ]
    return tuple(named)


@lru_cache(maxsize=1024)
def anchor_of(geometry: BaseGeometry) -> tuple[float, float]:
    """Return the point of an area farthest from its borders, as (latitude, longitude)."""
    parts = getattr(geometry, "geoms", [geometry])
    largest = max(parts, key=lambda part: part.area)
    circle = shapely.maximum_inscribed_circle(largest, tolerance=0.01)
    lon, lat = circle.coords[0]
    return lat, lon


def _sector_label(sector: SectorArea, focus: str | None) -> Label:
    until = _OWN_ZONES if sector.id == focus else FAR
    rooms = label_spaces(sector.geometry)
    return Label(
        "sector", sector.name, *sector.anchor, _SECTOR, INK, sector.id, 0, rooms, (0.0, until)
    )


def _zone_label(zone: ZoneArea, number: int) -> Label:
    rooms = label_spaces(zone.geometry)
    zooms = (_OWN_ZONES if number else _ZONES, FAR)
    at = anchor_of(zone.geometry)
    return Label("zone", zone.name, *at, _ZONE, INK, zone.id, number, rooms, zooms)


def _lycee_label(point: LyceePoint, focus: str | None, *, own: bool, chosen: bool) -> Label:
    start = (_OWN_LYCEES if focus else _LYCEES) if own else _OTHER_LYCEES
    rank, zooms = (_CHOSEN, (0.0, FAR)) if chosen else (_LYCEE, (start, FAR))
    return Label("lycee", point.name, point.lat, point.lon, rank, INK, point.id, 0, (), zooms)


#: Names that already contain the kind of place, besides the noun of the sites.
_KIND = re.compile(r"centre\b|EREA\b|agricampus\b", re.IGNORECASE)


def zone_aria_label(plan: Plan, zone: Zone, status: str) -> str:
    """Return « Zone Mamers, secteur Sarthe, 4 lycées, brouillon », given its status in words."""
    sector, count = plan.sector(zone.sector).name, len(plan.members(zone.id))
    return f"Zone {zone.name}, secteur {sector}, {terms().site.counted(count)}, {status}"


def lycee_aria_label(plan: Plan, lycee: Lycee, numbers: Mapping[str, int]) -> str:
    """Return « Lycée Racan, Montval-sur-Loir, zone 3, secteur Sarthe »."""
    zone = plan.zone_of(lycee.id)
    sector = plan.sector(zone.sector).name
    kind = worded("{Site}")
    named = re.match(rf"{re.escape(kind)}\b", lycee.name, re.IGNORECASE)
    name = lycee.name if named or _KIND.match(lycee.name) else f"{kind} {lycee.name}"
    where = f"{name}, {lycee.commune}" if lycee.commune else name
    return f"{where}, zone {numbers[zone.id]}, secteur {sector}"


#: Held while a scene is built: when the app starts, its first picture and its first page would each
#: compute every figure and shape of the same plan, 3 s for 2,600 sites.
_TURN = Lock()
_NOTES = {
    DecisionStatus.PUBLISHED: "",
    DecisionStatus.RETAINED: "Retenue, pas encore publiée",
    DecisionStatus.PROPOSED: "Proposée, non décidée",
    DecisionStatus.DRAFT: "Brouillon de l'outil, non décidé",
}


@dataclass(frozen=True)
class SceneOptions:
    """Options of the scene of a plan."""

    #: Selection (ids): the sector in focus, the zone and the lycée to mark.
    sector: str | None = None
    zone: str | None = None
    lycee: str | None = None
    picked: frozenset[str] = frozenset()  # Lycées chosen to be moved together.
    #: Whether lycées may be dragged.
    editable: bool = False
    deployed: frozenset[str] | None = None  # Sectors at work at the date shown; ``None`` for all.
    layers: dict[str, bool] = field(default_factory=dict)  # Whether each layer is drawn, by name.
    tiles: tuple[str, str] | None = None  # URL template of a background, and its attribution.
    #: Zone (id) -> ``#rrggbb``, where it differs from the palette.
    colours: Mapping[str, str] = field(default_factory=dict)
    reference: Plan | None = None  # The baseline of changed zones; by default the plan in force.
    look: int = 0  # Counter of requests to move the view, so that the same request moves it again.


def build_scene(study: Study, options: SceneOptions) -> Scene:
    """Return the scene of a study's plan."""
    with _TURN:
        plan = study.plan
        sectors = tuple(
            _sector(study, sector) for sector in plan.sectors if plan.lycees_of(sector.id)
        )
        changed = study.changed_from(options.reference)
        zones = tuple(
            _zone(study, zone, options, changed=zone.id in changed)
            for zone in plan.zones
            if plan.members(zone.id)
        )
        lycees = tuple(_lycee(study, lycee) for lycee in plan.lycees)
        moving = options.editable
        return Scene(
            zones=zones,
            sectors=sectors,
            lycees=lycees,
            labels=labels_of(sectors, zones, lycees, options.sector, options.lycee),
            view=_view(study, options),
            selected_zones=frozenset({options.zone} if options.zone else ()),
            selected_lycee=options.lycee,
            focus=options.sector,
            picked=options.picked,
            editable=options.editable,
            cells=study.territory.cells if moving else None,
            hints=plan_key(study) if moving else "",
            layers=options.layers,
            tiles=options.tiles,
        )


def in_focus(study: Study, scene: Scene, sector_id: str) -> Scene:
    """Return the scene of a study's region with a sector (id) in focus, the others faded."""
    zones = tuple(
        zone if zone.aside is (zone.sector != sector_id) else replace(zone, aside=not zone.aside)
        for zone in scene.zones
    )
    return replace(
        scene,
        zones=zones,
        labels=labels_of(scene.sectors, zones, scene.lycees, sector_id),
        view=_view(study, SceneOptions(sector=sector_id)),
        focus=sector_id,
    )


def leaders(study: Study, sector: Sector) -> tuple[Fact, ...]:
    """Return the RNS and support centre of a sector, where the territory says who runs it."""
    if not has_organisation():
        return ()
    centre = sector.support_centre
    return (
        ("RNS", sector.rns or NOT_PUBLISHED),
        (worded("{Support_centre}"), study.name(centre) if centre else NOT_PUBLISHED),
    )


def _sector(study: Study, sector: Sector) -> SectorArea:
    shapes = study.territory.zone_shapes(study.plan)
    own = [zone.id for zone in study.plan.zones_of(sector.id) if zone.id in shapes]
    geometry = dissolve(shapes, own)
    return SectorArea(
        id=sector.id,
        name=sector.name,
        colour=study.territory.palette(study.plan).sector[sector.id],
        ink=study.territory.palette(study.plan).ink[sector.id],
        status=study.decisions.sector(sector.id),
        marks=study.decisions.sector_marks(sector.id),
        geometry=geometry,
        anchor=anchor_of(geometry),
        facts=leaders(study, sector),
    )


def _zone(study: Study, zone: Zone, options: SceneOptions, *, changed: bool) -> ZoneArea:
    plan, values = study.plan, study.area(zone_id=zone.id)
    decisions, slowest = study.decisions, metric("worst_releve_minutes")
    moving = options.editable and (options.lycee is not None or bool(options.picked))
    sector, status = plan.sector(zone.sector), decisions.zone(zone.id)
    leader = f", RNS {sector.rns}" if sector.rns else ""
    facts: tuple[Fact, ...] = (
        ("Secteur", f"{sector.name} ({decisions.sector(sector.id).label}){leader}"),
        ("Statut", decisions.zone_text(zone.id)),
        (worded("{Sites}"), terms().site.counted(len(plan.members(zone.id)))),
        (slowest.short, written_in_full(study, slowest, values, [zone.id])),
    )
    # the warning for a zone that is not as published; empty for one that is
    mark = "modifiée par le scénario" if changed else ""
    note = _NOTES[status]
    return ZoneArea(
        id=zone.id,
        name=zone.name,
        number=study.zone_numbers[zone.id],
        sector=sector.id,
        colour=options.colours.get(zone.id) or study.territory.colour(plan, zone.id),
        ink=study.territory.palette(study.plan).ink[sector.id],
        status=status,
        changed=changed,
        note=f"{note} ; {mark}" if note and mark else note or mark.capitalize(),
        deployed=options.deployed is None or sector.id in options.deployed,
        aside=not moving and options.sector not in (None, sector.id),
        geometry=study.territory.zone_shapes(plan)[zone.id],
        facts=facts,
        aria_label=zone_aria_label(plan, zone, study.decisions.zone_text(zone.id)),
    )


def _lycee(study: Study, lycee_id: str) -> LyceePoint:
    lycee = study.territory.lycees[lycee_id]
    zone, plan = study.plan.zone_of(lycee_id), study.plan
    sector = plan.sector(zone.sector)
    releve = study.releve(lycee_id)
    facts: list[Fact] = [("Commune", lycee.commune)] if lycee.commune else []
    facts.append(("Zone", zone.name))
    if releve is not None:
        took = study.analysis.drive(releve[0], lycee_id)
        facts.append(("Relève", f"{took}, depuis {study.name(releve[0])}"))
    support = sector.support_centre == lycee_id
    if support:
        facts.append((worded("{Support_centre}"), f"secteur {sector.name}"))
    if lycee.precision != "adresse":
        facts.append(("Position", Precision(lycee.precision).about))
    return LyceePoint(
        id=lycee_id,
        name=lycee.name,
        zone=zone.id,
        lat=lycee.lat,
        lon=lycee.lon,
        ink=study.territory.palette(study.plan).ink[sector.id],
        role="support" if support else "lycee",
        facts=tuple(facts),
        precision=lycee.precision,
        aria_label=lycee_aria_label(plan, lycee, study.zone_numbers),
    )


def _view(study: Study, options: SceneOptions) -> View:
    members = () if options.sector is None else study.plan.lycees_of(options.sector)
    key = f"{options.sector or 'region'}-{options.look}"
    return View(study.territory.shape(members).bounds if members else study.territory.bounds, key)


def swatch_of_zone(study: Study, zone: Zone) -> str:
    """Return the CSS of a zone's swatch: colour, status, whether it is changed."""
    plan, decisions = study.plan, study.decisions
    return swatch_css(
        study.state.colours.get(zone.id) or study.territory.colour(plan, zone.id),
        decisions.zone(zone.id),
        changed=zone.id in decisions.changed_zones,
        ink=study.territory.palette(plan).ink[zone.sector],
    )


def swatch_of_sector(study: Study, sector: Sector) -> str:
    """Return the CSS of a sector's swatch."""
    palette = study.territory.palette(study.plan)
    status = study.decisions.sector(sector.id)
    return swatch_css(palette.sector[sector.id], status, ink=palette.ink[sector.id])


@dataclass(frozen=True)
class ReachLayer:
    """Areas coloured by their minutes from a place, and the legend."""

    access: PlaceAccess  # The minutes to each commune, and their source.
    patches: tuple[Patch, ...]  # The areas, each with its facts.
    #: A colour and its label, the nearest first, last the colour of unreachable areas.
    legend: tuple[tuple[str, str], ...]
    title: str  # The place and the moment.
    pin: Pin | None  # The place, if it is not a lycée of the map.

    @property
    def colours(self) -> dict[str, str]:
        """The colour of each area, by id: the INSEE code of a commune."""
        return {patch.id: patch.colour for patch in self.patches}


def coloured(classes: MinuteClasses) -> tuple[tuple[str, str], ...]:
    """Return the colour and label of each class of minutes, then of unreachable areas."""
    return tuple(zip((*ramp(), NO_VALUE), classes.words, strict=True))


def layer_of(study: Study, reach: PlaceAccess) -> ReachLayer:
    """Return the communes coloured by minutes that are already known."""
    legend = coloured(FROM_PLACE)
    if all(reached.rank is not None for reached in reach.communes):
        legend = legend[:-1]
    known = reach.place in study.territory.positions
    return ReachLayer(
        reach,
        tuple(_commune(reached) for reached in reach.communes),
        legend,
        title=f"Durée depuis {reach.label}",
        pin=None if known else Pin(reach.label, *reach.point),
    )


def over_reach(scene: Scene, layer: ReachLayer) -> Scene:
    """Return a scene of the same plan over a layer: its zones are outlined, not filled."""
    return replace(scene, patches=layer.patches, pin=layer.pin)


def _commune(reached: Reached) -> Patch:
    rank = reached.rank
    took = drive_text(reached.minutes, estimated=reached.estimated)
    return Patch(
        reached.commune.code,
        reached.commune.name,
        NO_VALUE if rank is None else ramp()[rank],
        reached.commune.geometry,
        (("Trajet", took),),
    )


#: Margin around a drive on the map, in degrees.
_MARGIN = 0.05


def pair_scene(study: Study, pair: tuple[str, str], options: SceneOptions) -> Scene:
    """Return the map around two lycées and the drive between them, as a straight line."""
    ends = tuple(study.territory.positions[lycee_id] for lycee_id in pair)
    trip = trip_between(study.analysis, *pair)
    facts = (
        ("De", study.name(pair[0])),
        ("À", study.name(pair[1])),
        ("Durée", study.analysis.drive(*pair)),
        ("Distance", "—" if trip.km is None else f"{number(trip.km)} km"),
        ("Tracé", "en ligne droite"),
    )
    way = DrawnDrive("-".join(pair), ends, straight=True, facts=facts)
    west, south, east, north = shapely.MultiPoint([(lon, lat) for lat, lon in ends]).bounds
    bounds = (west - _MARGIN, south - _MARGIN, east + _MARGIN, north + _MARGIN)
    scene = build_scene(study, replace(options, lycee=pair[0]))
    key = f"pair-{'-'.join(pair)}-{options.look}"
    return replace(scene, drives=(way,), view=View(bounds, key))


#: Metric that may colour the zones.
RELEVE = "worst_releve_minutes"


@dataclass(frozen=True)
class Colouring:
    """Colours by zone, and the legend."""

    colours: Mapping[str, str]  # Zone (id) -> ``#rrggbb``.
    #: A colour and its label, the best first; last the colour of zones without a relève, if any.
    legend: tuple[tuple[str, str], ...]
    title: str  # The metric, with its unit.


def colour_by_releve(study: Study) -> Colouring:
    """Return the colours of a plan's non-empty zones by their slowest relève."""
    shades = coloured(IN_ZONE)
    ranks: dict[str, int] = {}
    for zone in study.plan.zones:
        if study.plan.members(zone.id):
            slowest = number_of(study.area(zone_id=zone.id)[RELEVE])
            known = math.inf if slowest is None else slowest
            ranks[zone.id] = IN_ZONE.rank(known) if math.isfinite(known) else IN_ZONE.no_way
    legend = shades[:-1]
    if IN_ZONE.no_way in ranks.values():
        legend = (*legend, (shades[-1][0], "sans relève"))
    colours = {zone: shades[rank][0] for zone, rank in ranks.items()}
    record = metric(RELEVE)
    return Colouring(colours, legend, f"{record.label} ({record.unit})")


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

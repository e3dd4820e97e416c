"""Join plan, shapes, metrics and colours into a Scene."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

import shapely
from shapely.geometry.base import BaseGeometry

from geozones.domain import Plan, Sector, Zone
from geozones.domain.french import minutes, multiplied, plural
from geozones.domain.places import Precision
from geozones.render import Label, LyceePoint, Scene, SectorArea, View, ZoneArea
from geozones.render.scene import Fact

if TYPE_CHECKING:
    from geozones.workspace.core import Workspace

NOT_PUBLISHED = "non publié"


@dataclass(frozen=True)
class SceneOptions:
    """What to show of a plan. ``deployed`` holds the sectors at work at the date shown."""

    sector: str | None = None
    zone: str | None = None
    lycee: str | None = None
    picked: frozenset[str] = frozenset()
    editable: bool = False
    #: whether dragging a lycée corrects where it is
    placing: bool = False
    deployed: frozenset[str] | None = None
    layers: dict[str, bool] = field(default_factory=dict)
    tiles: tuple[str, str] | None = None
    #: zone -> colour, where it is not the palette's
    colours: Mapping[str, str] = field(default_factory=dict)
    #: the plan that changed zones are told from; the shipped one by default
    reference: Plan | None = None
    #: counts the times the map was asked to move, so that asking again moves it again
    look: int = 0


def build_scene(workspace: "Workspace", plan: Plan, options: SceneOptions) -> Scene:
    """Return the scene of a plan."""
    sectors = tuple(
        _sector(workspace, plan, sector) for sector in plan.sectors if plan.lycees_of(sector.id)
    )
    zones = tuple(
        _zone(workspace, plan, zone, options) for zone in plan.zones if plan.members(zone.id)
    )
    lycees = tuple(_lycee(workspace, plan, lycee) for lycee in plan.lycees)
    return Scene(
        zones=zones,
        sectors=sectors,
        lycees=lycees,
        labels=_labels(workspace, sectors, zones),
        view=_view(workspace, plan, options),
        selected_zones=frozenset({options.zone} if options.zone else ()),
        selected_lycee=options.lycee,
        picked=options.picked,
        editable=options.editable,
        placing=options.placing,
        layers=options.layers,
        tiles=options.tiles,
    )


def leaders(workspace: "Workspace", sector: Sector) -> tuple[Fact, ...]:
    """Say who leads a sector and from where, or that it is not published."""
    centre = sector.support_centre
    return (
        ("RNS", sector.rns or NOT_PUBLISHED),
        ("Centre support", workspace.name(centre) if centre else NOT_PUBLISHED),
    )


def peak_facts(workspace: "Workspace") -> tuple[Fact, ...]:
    """Say what the durations of a card are multiplied by; nothing at free-flow speed."""
    factor = workspace.times.factor
    return () if factor == 1 else (("Heure de pointe", f"durées {multiplied(factor)}"),)


def _sector(workspace: "Workspace", plan: Plan, sector: Sector) -> SectorArea:
    geometry = workspace.shape(plan.lycees_of(sector.id))
    return SectorArea(
        id=sector.id,
        name=sector.name,
        colour=workspace.palette.sector[sector.id],
        ink=workspace.palette.ink[sector.id],
        draft=sector.is_draft,
        geometry=geometry,
        anchor=_anchor(geometry),
    )


def _zone(workspace: "Workspace", plan: Plan, zone: Zone, options: SceneOptions) -> ZoneArea:
    sector = plan.sector(zone.sector)
    values = workspace.evaluator.zone(plan, zone.id)
    changed = workspace.is_changed(plan, zone.id, options.reference)
    facts: tuple[Fact, ...] = (
        ("Secteur", f"{sector.name} ({'brouillon' if sector.is_draft else 'publié'})"),
        *leaders(workspace, sector),
        ("Lycées", plural(len(plan.members(zone.id)), "lycée")),
        *peak_facts(workspace),
        ("Trajet moyen", minutes(values["mean_minutes"])),
        ("Trajet le plus long", minutes(values["max_minutes"])),
        ("Relève la plus lente", minutes(values["worst_releve_minutes"])),
    )
    return ZoneArea(
        id=zone.id,
        name=zone.name,
        sector=sector.id,
        colour=options.colours.get(zone.id) or workspace.colour(plan, zone.id),
        ink=workspace.palette.ink[sector.id],
        draft=sector.is_draft,
        changed=changed,
        note=_note(sector, changed=changed),
        deployed=options.deployed is None or sector.id in options.deployed,
        aside=not options.editable and options.sector not in (None, sector.id),
        geometry=workspace.shape(plan.members(zone.id)),
        facts=facts,
    )


def _note(sector: Sector, *, changed: bool) -> str:
    if changed:
        return "Essai : modifiée ici, non décidée"
    return "Brouillon : proposition de l'outil" if sector.is_draft else ""


def _lycee(workspace: "Workspace", plan: Plan, lycee: str) -> LyceePoint:
    place = workspace.lycees[lycee]
    zone = plan.zone_of(lycee)
    sector = plan.sector(zone.sector)
    releve = workspace.releve(plan, lycee)
    facts: list[Fact] = [("Commune", place.commune), ("Zone", zone.name)]
    if releve is not None:
        colleague, duration = releve
        took = f"{minutes(duration)}{workspace.guess(colleague, lycee)}"
        facts.append(("Relève", f"{took}, depuis {workspace.name(colleague)}"))
        facts += peak_facts(workspace)
    support = sector.support_centre == lycee
    if support:
        facts.append(("Centre support", f"secteur {sector.name}"))
    if place.precision != "adresse":
        facts.append(("Position", Precision(place.precision).about))
    return LyceePoint(
        id=lycee,
        name=place.name,
        zone=zone.id,
        lat=place.lat,
        lon=place.lon,
        ink=workspace.palette.ink[sector.id],
        role="support" if support else "lycee",
        facts=tuple(facts),
        precision=place.precision,
    )


def _labels(
    workspace: "Workspace", sectors: tuple[SectorArea, ...], zones: tuple[ZoneArea, ...]
) -> tuple[Label, ...]:
    named = [Label("sector", sector.name, *sector.anchor, 0, sector.ink) for sector in sectors]
    named += [Label("zone", zone.name, *_anchor(zone.geometry), 1, zone.ink) for zone in zones]
    taken = {sector.name for sector in sectors}
    named += [
        Label("town", town.name, town.lat, town.lon, 2 + rank)
        for rank, town in enumerate(workspace.towns)
        if town.name not in taken
    ]
    return tuple(named)


@lru_cache(maxsize=1024)
def _anchor(geometry: BaseGeometry) -> tuple[float, float]:
    """Return the point of an area farthest from its borders, as (latitude, longitude)."""
    parts = getattr(geometry, "geoms", [geometry])
    largest = max(parts, key=lambda part: part.area)
    circle = shapely.maximum_inscribed_circle(largest, tolerance=0.01)
    lon, lat = circle.coords[0]
    return lat, lon


def _view(workspace: "Workspace", plan: Plan, options: SceneOptions) -> View:
    members = () if options.sector is None else plan.lycees_of(options.sector)
    key = f"{options.sector or 'region'}-{options.look}"
    return View(workspace.shape(members).bounds if members else workspace.bounds, key)

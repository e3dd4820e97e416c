"""Scene of a plan: shapes, metrics and colours joined."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from geozones.domain import DecisionStatus, Plan, Sector, Zone
from geozones.domain.places import Precision
from geozones.domain.terms import terms, worded
from geozones.metrics import MetricPlace, shown_in
from geozones.render import LyceePoint, Scene, SectorArea, View, ZoneArea
from geozones.render.scene import Fact
from geozones.territory.shapes import dissolve
from geozones.workspace.estimated_figures import written_in_full
from geozones.workspace.maps.aria_labels import lycee_aria_label, zone_aria_label, zone_numbers
from geozones.workspace.maps.names import anchor_of, labels_of
from geozones.workspace.moves.hints import hints_key
from geozones.workspace.study import Study

NOT_PUBLISHED = "non publié"
_NOTES = {
    DecisionStatus.PUBLISHED: "",
    DecisionStatus.RETAINED: "Retenue, pas encore publiée",
    DecisionStatus.PROPOSED: "Proposée, non décidée",
    DecisionStatus.DRAFT: "Brouillon de l'outil, non décidé",
}


@dataclass(frozen=True)
class SceneOptions:
    """Options of the scene of a plan.

    Parameters
    ----------
    sector, zone, lycee
        Selection (ids): the sector in focus, the zone and the lycée to mark.
    picked
        Lycées chosen to be moved together.
    editable
        Whether lycées may be dragged; with ``placing``, dragging corrects their position instead
        of their zone.
    deployed
        Sectors at work at the date shown; ``None`` for all.
    layers
        Whether each layer is drawn, by name.
    tiles
        URL template of a background, and its attribution.
    colours
        Zone (id) -> ``#rrggbb``, where it differs from the palette.
    reference
        The baseline of changed zones; by default the plan in force.
    look
        Counter of requests to move the view, so that the same request moves it again.
    """

    sector: str | None = None
    zone: str | None = None
    lycee: str | None = None
    picked: frozenset[str] = frozenset()
    editable: bool = False
    placing: bool = False
    deployed: frozenset[str] | None = None
    layers: dict[str, bool] = field(default_factory=dict)
    tiles: tuple[str, str] | None = None
    colours: Mapping[str, str] = field(default_factory=dict)
    reference: Plan | None = None
    look: int = 0


def build_scene(study: Study, options: SceneOptions) -> Scene:
    """Return the scene of a study's plan."""
    plan = study.plan
    sectors = tuple(_sector(study, sector) for sector in plan.sectors if plan.lycees_of(sector.id))
    changed = study.changed_from(options.reference)
    zones = tuple(
        _zone(study, zone, options, changed=zone.id in changed)
        for zone in plan.zones
        if plan.members(zone.id)
    )
    numbers = zone_numbers(plan)
    lycees = tuple(_lycee(study, lycee, numbers) for lycee in plan.lycees)
    moving = options.editable and not options.placing
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
        placing=options.placing,
        cells=study.territory.cells if moving else None,
        hints=hints_key(study) if moving else "",
        layers=options.layers,
        tiles=options.tiles,
    )


def leaders(study: Study, sector: Sector) -> tuple[Fact, ...]:
    """Return the RNS and support centre of a sector, or « non publié »."""
    centre = sector.support_centre
    return (
        ("RNS", sector.rns or NOT_PUBLISHED),
        (worded("{Support_centre}"), study.name(centre) if centre else NOT_PUBLISHED),
    )


def peak_facts(study: Study) -> tuple[Fact, ...]:
    """Return the moment of a card's durations; nothing off-peak."""
    traffic = study.analysis.traffic
    return () if traffic.is_usual else (("Durées", traffic.label),)


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
    plan, values = study.plan, study.area(zone=zone.id)
    sector, status = plan.sector(zone.sector), study.decisions.zone(zone.id)
    facts: tuple[Fact, ...] = (
        ("Secteur", f"{sector.name} ({study.decisions.sector(sector.id).label})"),
        ("Statut", study.decisions.zone_text(zone.id)),
        leaders(study, sector)[0],
        (worded("{Sites}"), terms().site.counted(len(plan.members(zone.id)))),
        *peak_facts(study),
        *(
            (record.short, written_in_full(study, record, values, [zone.id]))
            for record in shown_in(MetricPlace.ZONE_TABLE)
        ),
    )
    return ZoneArea(
        id=zone.id,
        name=zone.name,
        sector=sector.id,
        colour=options.colours.get(zone.id) or study.territory.colour(plan, zone.id),
        ink=study.territory.palette(study.plan).ink[sector.id],
        status=status,
        changed=changed,
        note=note_of(status, changed=changed),
        deployed=options.deployed is None or sector.id in options.deployed,
        aside=not options.editable and options.sector not in (None, sector.id),
        geometry=study.territory.zone_shapes(plan)[zone.id],
        facts=facts,
        aria_label=zone_aria_label(plan, zone, study.decisions.zone_text(zone.id)),
    )


def note_of(status: DecisionStatus, *, changed: bool) -> str:
    """Return the warning for a zone that is not as published; empty for a published zone."""
    mark = "modifiée par le scénario" if changed else ""
    note = _NOTES[status]
    return f"{note} ; {mark}" if note and mark else note or mark.capitalize()


def _lycee(study: Study, lycee: str, numbers: Mapping[str, int]) -> LyceePoint:
    place = study.territory.lycees[lycee]
    zone, plan = study.plan.zone_of(lycee), study.plan
    sector = plan.sector(zone.sector)
    releve = study.releve(lycee)
    facts: list[Fact] = [("Commune", place.commune), ("Zone", zone.name)]
    if releve is not None:
        took = study.analysis.drive(releve[0], lycee)
        facts.append(("Relève", f"{took}, depuis {study.name(releve[0])}"))
        facts += peak_facts(study)
    support = sector.support_centre == lycee
    if support:
        facts.append((worded("{Support_centre}"), f"secteur {sector.name}"))
    if place.precision != "adresse":
        facts.append(("Position", Precision(place.precision).about))
    return LyceePoint(
        id=lycee,
        name=place.name,
        zone=zone.id,
        lat=place.lat,
        lon=place.lon,
        ink=study.territory.palette(study.plan).ink[sector.id],
        role="support" if support else "lycee",
        facts=tuple(facts),
        precision=place.precision,
        aria_label=lycee_aria_label(plan, place, numbers),
    )


def _view(study: Study, options: SceneOptions) -> View:
    members = () if options.sector is None else study.plan.lycees_of(options.sector)
    key = f"{options.sector or 'region'}-{options.look}"
    return View(study.territory.shape(members).bounds if members else study.territory.bounds, key)

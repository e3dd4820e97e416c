"""Rows of a dossier: lycées, zones, sectors, and moves between two plans."""

import math
from collections.abc import Sequence
from itertools import permutations

import numpy as np

from geozones.domain import Lycee, Plan, Sector
from geozones.domain.places import Precision
from geozones.export import Interval, LyceeRow, Matrix, Moved, SectorRow, TripRow, ZoneRow
from geozones.export.text import printable
from geozones.metrics import Values, metric, number_of
from geozones.metrics.watch_list import watch_list
from geozones.render import Scene
from geozones.workspace.costs import item_label, kilometres
from geozones.workspace.estimated_figures import guessed_keys
from geozones.workspace.plan_judgement import Zones, all_zones
from geozones.workspace.sharing.points import point_rows
from geozones.workspace.study import Study
from geozones.workspace.teams.chart import sector_chart

_AT_TOWN = "placé au centre de la commune (adresse non publiée)"
_UNPLACED = "sans position : absent de la carte"


def shown_values(study: Study, values: Values) -> Values:
    """Return metrics by key, without metrics of teams if the plan has no post."""
    if study.teams.posts:
        return values
    return {key: value for key, value in values.items() if not metric(key).needs_posts}


def sector_row(study: Study, sector: Sector, scene: Scene, reference: Plan | None) -> SectorRow:
    """Return the row of a sector with its zones, ``changed`` if they differ from ``reference``.

    ``reference`` is by default the plan in force.
    """
    plan, values = study.plan, study.area(sector=sector.id)
    centre, members = sector.support_centre, plan.lycees_of(sector.id)
    changed, decisions = study.changed_from(reference), study.decisions
    zones = tuple(
        _zone_row(study, zone.id, changed=zone.id in changed) for zone in plan.zones_of(sector.id)
    )
    guessed = centre is not None and any(
        study.times.is_estimated(centre, lycee) for lycee in members if lycee != centre
    )
    return SectorRow(
        id=sector.id,
        name=printable(sector.name),
        status=decisions.sector(sector.id),
        marks=decisions.sector_marks(sector.id),
        experimental=sector.experimental,
        rns=printable(sector.rns) if sector.rns else None,
        support_centre=printable(study.name(centre)) if centre else None,
        values=shown_values(study, values),
        estimated=guessed or any(zone.estimated for zone in zones),
        zones=zones,
        scene=scene,
        interval=_interval(study, values),
        guessed=guessed_keys(study, values, [zone.id for zone in zones]),
        chart=sector_chart(study, sector.id),
    )


def _zone_row(study: Study, zone: str, *, changed: bool) -> ZoneRow:
    plan, values = study.plan, study.area(zone=zone)
    members = plan.members(zone)
    pair = values["worst_pair"]
    return ZoneRow(
        id=zone,
        name=printable(plan.zone(zone).name),
        lycees=tuple(_lycee_row(study, lycee) for lycee in members),
        values=shown_values(study, values),
        farthest=_pair(study, pair) if isinstance(pair, tuple) else None,
        estimated=any(study.times.is_estimated(*way) for way in permutations(members, 2)),
        status=study.decisions.zone(zone),
        changed=changed,
        alerts=tuple(point.sentence for point in watch_list(point_rows(study, zone=zone)).counted),
        interval=_interval(study, values),
        guessed=guessed_keys(study, values, [zone]),
        trips=tuple(_trip(study, *way) for way in permutations(members, 2)),
        kilometres={
            item_label(key): km
            for key, km in kilometres(study.cost(zone=zone), study.cost()).items()
        },
    )


def _interval(study: Study, values: Values) -> Interval | None:
    """Return the interval of the longest drive of metrics; ``None`` without a drive.

    Minutes kept with the plan may come from another matrix: its interval is not known any more.
    """
    pair, longest = values["worst_pair"], number_of(values["max_minutes"])
    if not isinstance(pair, tuple):
        return None
    low, high = study.times.interval_both_ways(*pair)
    kept_elsewhere = study.kept is not None and longest is not None and not low <= longest <= high
    return None if kept_elsewhere else (low, high)


def _trip(study: Study, origin: str, destination: str) -> TripRow:
    times, way = study.times, (origin, destination)
    return TripRow(
        *way,
        minutes=times.one_way[origin][destination],
        interval=times.interval(*way),
        estimated=times.is_estimated(*way),
        leg_share=times.leg_share_between(*way),
    )


def _pair(study: Study, pair: tuple[str, ...]) -> tuple[str, str]:
    first, second = (printable(study.name(lycee)) for lycee in pair)
    return first, second


def _position(place: Lycee) -> str:
    """Describe the precision of a position, unless it comes from an address, in French."""
    precision = Precision(place.precision)
    if precision is Precision.COMMUNE:
        return _AT_TOWN
    return "" if precision is Precision.ADDRESS else f"position {precision.about}"


def _lycee_row(study: Study, lycee: str) -> LyceeRow:
    place, releve = study.territory.lycees[lycee], study.releve(lycee)
    placed = math.isfinite(place.lat) and math.isfinite(place.lon)
    notes = (_position(place) if placed else _UNPLACED, printable(place.remark))
    printed = study.territory.printed_name(lycee)
    need = study.teams.need(place)
    pupils, source = study.teams.pupils(place)
    return LyceeRow(
        id=lycee,
        name=printable(place.name),
        commune=printable(place.commune),
        departement=place.departement,
        lat=place.lat,
        lon=place.lon,
        is_support=study.plan.sector_of(lycee).support_centre == lycee,
        note=" ; ".join(filter(None, notes)),
        releve_minutes=None if releve is None else releve[1],
        releve_from="" if releve is None else printable(study.name(releve[0])),
        estimated=releve is not None and study.times.is_estimated(releve[0], lycee),
        interval=None if releve is None else study.times.interval(releve[0], lycee),
        associated_uais=place.associated_uais,
        printed="" if printed is None else printable(printed[0]),
        pupils=pupils,
        pupils_source=printable(source),
        need=need.half_days,
        need_origin=need.origin,
    )


def matrix(study: Study, lycees: Sequence[str]) -> Matrix:
    """Return the minutes between some lycées (ids), in their order."""
    times = study.times.restricted(lycees, lycees)
    guesses = frozenset((row, column) for row, column in np.argwhere(times.estimated).tolist())
    rows = tuple(map(tuple, times.minutes.tolist()))
    return Matrix(tuple(lycees), rows, guesses, study.times.interval_means)


def moves(first: Study, second: Study, zones: Zones | None = None) -> tuple[Moved, ...]:
    """Return the lycées whose zone differs between two plans, sorted by name.

    With ``zones`` (ids) of each plan, only the lycées of these zones.
    """
    before, after = first.plan, second.plan
    seen = zones or all_zones(before, after)
    names = {
        lycee: printable(study.name(lycee))
        for study in (first, second)
        for lycee in study.territory.lycees
    }
    ids = dict.fromkeys((*before.lycees, *after.lycees))
    moved = [
        lycee
        for lycee in ids
        if before.zone_by_lycee.get(lycee) != after.zone_by_lycee.get(lycee)
        and any(
            plan.zone_by_lycee.get(lycee) in side
            for plan, side in zip((before, after), seen, strict=True)
        )
    ]
    return tuple(
        Moved(
            names[lycee],
            zone_name(before, lycee),
            zone_name(after, lycee),
            # an added or removed lycée does not change sector
            len({_sector(before, lycee), _sector(after, lycee)} - {""}) > 1,
            lycee,
            _sector_name(after, lycee),
        )
        for lycee in sorted(moved, key=names.__getitem__)
    )


def values_by_area(study: Study) -> dict[str, Values]:
    """Return the metrics of each zone and each sector, by id."""
    plan = study.plan
    found = {zone.id: study.area(zone=zone.id) for zone in plan.zones if plan.members(zone.id)}
    found |= {s.id: study.area(sector=s.id) for s in plan.sectors if plan.lycees_of(s.id)}
    return {key: shown_values(study, values) for key, values in found.items()}


def zone_name(plan: Plan, lycee: str) -> str:
    """Return the name of the zone of a lycée; empty if the plan lacks the lycée."""
    return printable(plan.zone_of(lycee).name) if lycee in plan.zone_by_lycee else ""


def _sector(plan: Plan, lycee: str) -> str:
    return plan.sector_of(lycee).id if lycee in plan.zone_by_lycee else ""


def _sector_name(plan: Plan, lycee: str) -> str:
    return printable(plan.sector_of(lycee).name) if lycee in plan.zone_by_lycee else ""

"""Rows of a dossier: lycées, zones, sectors, points to watch, moves and other changes."""

import math
from collections.abc import Iterator, Sequence
from itertools import chain, permutations

import numpy as np

from geozones.common.french import capital, number, of, plural
from geozones.domain import Plan, Sector
from geozones.domain.places import Precision
from geozones.domain.terms import terms, worded
from geozones.export import Interval, LyceeRow, Matrix, Moved, SectorRow, TripRow, ZoneRow
from geozones.export.dossier import PointRow
from geozones.export.file_parts import printable
from geozones.metrics import Values, metric, number_of
from geozones.metrics.metric_registry import watch_list
from geozones.render import Scene
from geozones.rules.check import Difference, difference
from geozones.travel.engine import crow_km
from geozones.workspace.figures.costs import item_label, kilometres
from geozones.workspace.figures.plan_comparison import Zones, all_zones
from geozones.workspace.figures.study import Study, guessed_keys
from geozones.workspace.figures.vigilance import VigilancePoint, chosen, vigilance, within
from geozones.workspace.teams.staff import sector_chart


def changed_points(
    before: Study, after: Study, zones: Zones | None = None
) -> Difference[VigilancePoint]:
    """Return the points to watch that a plan brings, worsens or ends.

    Points are of the region, or of some ``zones`` (ids) of each plan.
    """
    sides = zones or all_zones(before.plan, after.plan)
    first, then = (
        within(one.plan, side, vigilance(one))
        for one, side in ((before, sides[0]), (after, sides[1]))
    )
    return difference(first, then)


def point_rows(
    study: Study, sector_id: str | None = None, zone_id: str | None = None
) -> tuple[PointRow, ...]:
    """Return the points to watch of the region, a sector or a zone (ids)."""
    plan = study.plan
    return tuple(
        PointRow(
            kind=point.kind.label,
            sentence=printable(point.sentence),
            about=point.about,
            status=point.status.label,
            sector=printable(plan.sector(point.sector).name),
            zone="" if point.zone is None else printable(plan.zone(point.zone).name),
            zone_id=point.zone or "",
            is_alert=point.is_alert,
            sector_id=point.sector,
            to_confirm=point.to_confirm,
        )
        for point in chosen(vigilance(study), sector_id=sector_id, zone_id=zone_id)
    )


_AT_TOWN = "placé au centre de la commune, faute d'adresse"
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
    plan, values = study.plan, study.area(sector_id=sector.id)
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
        estimate_mark=study.times.estimate_mark,
        zones=zones,
        scene=scene,
        interval=_interval(study, values),
        guessed=guessed_keys(study, values, [zone.id for zone in zones]),
        chart=sector_chart(study, sector.id),
    )


def _zone_row(study: Study, zone_id: str, *, changed: bool) -> ZoneRow:
    plan, values = study.plan, study.area(zone_id=zone_id)
    members = plan.members(zone_id)
    pair = values["worst_pair"]
    farthest = [printable(study.name(key)) for key in pair] if isinstance(pair, tuple) else []
    return ZoneRow(
        id=zone_id,
        name=printable(plan.zone(zone_id).name),
        number=study.zone_numbers[zone_id],
        lycees=tuple(_lycee_row(study, lycee_id) for lycee_id in members),
        values=shown_values(study, values),
        farthest=(farthest[0], farthest[1]) if farthest else None,
        estimated=any(study.times.is_estimated(*way) for way in permutations(members, 2)),
        estimate_mark=study.times.estimate_mark,
        status=study.decisions.zone(zone_id),
        changed=changed,
        alerts=tuple(
            point.sentence for point in watch_list(point_rows(study, zone_id=zone_id)).counted
        ),
        interval=_interval(study, values),
        guessed=guessed_keys(study, values, [zone_id]),
        trips=tuple(_trip(study, *way) for way in permutations(members, 2)),
        kilometres={
            item_label(key): km
            for key, km in kilometres(study.cost(zone_id=zone_id), study.cost()).items()
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


def _lycee_row(study: Study, lycee_id: str) -> LyceeRow:
    place, releve = study.territory.lycees[lycee_id], study.releve(lycee_id)
    placed = math.isfinite(place.lat) and math.isfinite(place.lon)
    precision = Precision(place.precision)
    where = "" if precision is Precision.ADDRESS else f"position {precision.about}"
    if not placed or precision is Precision.COMMUNE:
        where = worded(_AT_TOWN if placed else _UNPLACED)
    notes = (where, printable(place.remark))
    printed = study.territory.printed_name(lycee_id)
    need = study.teams.need(place)
    pupils, source = study.teams.pupils(place)
    return LyceeRow(
        id=lycee_id,
        name=printable(place.name),
        commune=printable(place.commune),
        departement=place.departement,
        lat=place.lat,
        lon=place.lon,
        is_support=study.plan.sector_of(lycee_id).support_centre == lycee_id,
        note=" ; ".join(filter(None, notes)),
        releve_minutes=None if releve is None else releve[1],
        releve_from="" if releve is None else printable(study.name(releve[0])),
        estimated=releve is not None and study.times.is_estimated(releve[0], lycee_id),
        interval=None if releve is None else study.times.interval(releve[0], lycee_id),
        associated_uais=place.associated_uais,
        printed="" if printed is None else printable(printed[0]),
        pupils=pupils,
        pupils_source=printable(source),
        need=need.half_days,
        need_origin=need.origin,
    )


def matrix(study: Study, lycees: Sequence[str]) -> Matrix:
    """Return the minutes between some lycées (ids), in their order."""
    times = study.times
    ranks = [times.origin_index[lycee_id] for lycee_id in lycees]
    at = np.ix_(ranks, ranks)
    guessed = times.estimated[at]
    beyond = np.zeros_like(guessed) if times.beyond is None else times.beyond[at]
    return Matrix(
        tuple(lycees),
        times.minutes[at],
        guessed & ~beyond,
        times.interval_means,
        beyond,
        times.within,
    )


def moves(first: Study, second: Study, zones: Zones | None = None) -> tuple[Moved, ...]:
    """Return the lycées whose zone differs between two plans, sorted by name.

    With ``zones`` (ids) of each plan, only the lycées of these zones.
    """
    before, after = first.plan, second.plan
    seen = zones or all_zones(before, after)
    names = {
        lycee_id: printable(study.name(lycee_id))
        for study in (first, second)
        for lycee_id in study.territory.lycees
    }
    ids = dict.fromkeys((*before.lycees, *after.lycees))
    moved = [
        lycee_id
        for lycee_id in ids
        if before.zone_by_lycee.get(lycee_id) != after.zone_by_lycee.get(lycee_id)
        and any(
            plan.zone_by_lycee.get(lycee_id) in side
            for plan, side in zip((before, after), seen, strict=True)
        )
    ]
    return tuple(
        Moved(
            names[lycee_id],
            zone_name(before, lycee_id),
            zone_name(after, lycee_id),
            # an added or removed lycée does not change sector
            len({_sector(before, lycee_id), _sector(after, lycee_id)} - {""}) > 1,
            lycee_id,
            printable(after.sector_of(lycee_id).name) if lycee_id in after.zone_by_lycee else "",
        )
        for lycee_id in sorted(moved, key=names.__getitem__)
    )


def values_by_area(study: Study) -> dict[str, Values]:
    """Return the metrics of each zone and each sector, by id."""
    plan = study.plan
    found = {zone.id: study.area(zone_id=zone.id) for zone in plan.zones if plan.members(zone.id)}
    found |= {s.id: study.area(sector_id=s.id) for s in plan.sectors if plan.lycees_of(s.id)}
    return {key: shown_values(study, values) for key, values in found.items()}


def zone_name(plan: Plan, lycee_id: str) -> str:
    """Return the name of the zone of a lycée; empty if the plan lacks the lycée."""
    return printable(plan.zone_of(lycee_id).name) if lycee_id in plan.zone_by_lycee else ""


def _sector(plan: Plan, lycee_id: str) -> str:
    return plan.sector_of(lycee_id).id if lycee_id in plan.zone_by_lycee else ""


#: A lycée placed nearer than this to where it was, in km, has not changed place.
_SAME_PLACE_KM = 0.02


def other_changes(before: Study, after: Study) -> tuple[str, ...]:
    """Return what differs between two plans beside the zone of each lycée, in sentences.

    Sectors first (new, gone, name, RNS, support centre, status), then zones, positions and posts.
    """
    found = chain(
        _sectors(before, after), _zones(before.plan, after.plan), _positions(before, after),
        _posts(before, after),
    )  # fmt: skip
    return tuple(printable(sentence) for sentence in found)


def _sectors(before: Study, after: Study) -> Iterator[str]:
    first, then = before.plan, after.plan
    for sector in then.sectors:
        if not first.has_sector(sector.id):
            yield f"Le secteur {sector.name} est créé."
            continue
        yield from _sector_change(first.sector(sector.id), sector, after)
        was, now = (study.decisions.sector(sector.id) for study in (before, after))
        if was is not now:
            yield f"Le secteur {sector.name} passe de « {was.label} » à « {now.label} »."
    for sector in first.sectors:
        if not then.has_sector(sector.id):
            yield f"Le secteur {sector.name} disparaît."


def _sector_change(first: Sector, then: Sector, after: Study) -> Iterator[str]:
    if first.name != then.name:
        yield f"Le secteur {first.name} s'appelle désormais {then.name}."
    if first.rns != then.rns:
        if not then.rns:
            yield f"Le secteur {then.name} n'a plus de RNS nommé ; c'était {first.rns}."
        else:
            was = f" ; c'était {first.rns}" if first.rns else ""
            yield f"{then.rns} est RNS du secteur {then.name}{was}."
    if first.support_centre != then.support_centre:
        centre = terms().support_centre
        if then.support_centre is None:
            yield f"Le secteur {then.name} n'a plus {centre.of}."
        else:
            name = after.name(then.support_centre)
            yield f"{capital(centre.the)} du secteur {then.name} est {name}."
    if first.experimental != then.experimental:
        verb = "entre dans" if then.experimental else "quitte"
        yield f"Le secteur {then.name} {verb} l'expérimentation."


def _zones(first: Plan, then: Plan) -> Iterator[str]:
    for zone in then.zones:
        if not first.has_zone(zone.id):
            yield f"La zone {zone.name} est créée, secteur {then.sector(zone.sector).name}."
            continue
        was = first.zone(zone.id)
        if was.name != zone.name:
            yield f"La zone {was.name} s'appelle désormais {zone.name}."
        if was.sector != zone.sector:
            old, new = first.sector(was.sector).name, then.sector(zone.sector).name
            yield f"La zone {zone.name} passe du secteur {old} au secteur {new}."
    for zone in first.zones:
        if not then.has_zone(zone.id):
            yield f"La zone {zone.name} disparaît."


def _positions(before: Study, after: Study) -> Iterator[str]:
    old, new = before.territory.lycees, after.territory.lycees
    for lycee_id in after.plan.lycees:
        if lycee_id not in old:
            continue
        was, now = old[lycee_id], new[lycee_id]
        km = crow_km((was.lat, was.lon), (now.lat, now.lon))
        if km > _SAME_PLACE_KM:
            name = after.name(lycee_id)
            yield f"La position {of(name)} change de {number(km, 1)} km."


def _posts(before: Study, after: Study) -> Iterator[str]:
    was, now = (len(study.teams.posts) for study in (before, after))
    if before.teams.posts != after.teams.posts:
        old = f"il y en avait {was}" if was else "le plan d'avant n'en définit pas"
        yield f"{plural(now, 'poste')} de {terms().proximity_technician.singular} ; {old}."

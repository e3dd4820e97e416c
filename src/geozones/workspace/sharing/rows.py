"""Rows of a dossier: lycées, zones, sectors, points to watch, moves; the sheet of each lycée."""

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, permutations
from math import isfinite

import numpy as np

from geozones.common.french import (
    capital,
    listing,
    minutes,
    number,
    of,
    plural,
    ranged_minutes,
    typeset,
)
from geozones.domain import Plan, Sector, Zone
from geozones.domain.places import Precision
from geozones.domain.teams import DAYS, NOBODY, TIS, MissedHalfDay, slot_name
from geozones.domain.terms import has_organisation, terms, worded
from geozones.domain.times import ESTIMATED_MEANS
from geozones.export import Interval, LyceeRow, Matrix, Moved, SectorRow, TripRow, ZoneRow
from geozones.export.dossier import PointRow, SiteFact, SiteSheet
from geozones.export.file_parts import printable
from geozones.export.organisation import without_doubt
from geozones.metrics import Values, metric, number_of
from geozones.metrics.metric_registry import watch_list
from geozones.render import Scene
from geozones.rules.check import Difference, difference
from geozones.travel.engine import crow_km
from geozones.workspace.figures.costs import item_label, kilometres
from geozones.workspace.figures.plan_comparison import Zones, all_zones
from geozones.workspace.figures.study import Study, guessed_keys
from geozones.workspace.figures.vigilance import VigilancePoint, chosen, vigilance, within
from geozones.workspace.folder.calendar import PLANNED, due
from geozones.workspace.maps import leaders
from geozones.workspace.teams import sector_chart


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


#: Drives that differ by less than this, in minutes, are told as the same.
_SAME_MIN = 1.0


def site_sheets(after: Study, before: Study | None, lycees: Iterable[str]) -> tuple[SiteSheet, ...]:
    """Return the sheets of some lycées (ids), sorted by town, then by name.

    ``before`` is the study of the plan that a proposal starts from.
    """
    sheets = [_sheet(after, before, lycee) for lycee in lycees]
    return tuple(sorted(sheets, key=lambda sheet: (sheet.town.casefold(), sheet.name.casefold())))


def _sheet(after: Study, before: Study | None, lycee_id: str) -> SiteSheet:
    now, then = _Site(after, lycee_id), None
    if before is not None and lycee_id in before.plan.zone_by_lycee:
        then = _Site(before, lycee_id)
    old = {} if then is None else then.facts
    return SiteSheet(
        lycee=lycee_id,
        name=printable(after.name(lycee_id)),
        town=printable(after.territory.lycees[lycee_id].commune),
        status=after.decisions.zone_text(now.zone.id),
        worse=() if then is None else _printed(_worse(then, now)),
        facts=tuple(SiteFact(key, value, old.get(key, "")) for key, value in now.facts.items()),
        presence=typeset(now.presence),
        cover=_printed(now.cover),
        dates=_printed(_dates(after, now.sector)),
        doubts=_printed(now.doubts),
    )


def _printed(lines: Iterable[str]) -> tuple[str, ...]:
    return tuple(map(typeset, lines))


@dataclass(frozen=True)
class _Site:
    """A lycée (id) in one plan."""

    study: Study
    lycee: str

    @cached_property
    def zone(self) -> Zone:
        return self.study.plan.zone_of(self.lycee)

    @cached_property
    def sector(self) -> Sector:
        return self.study.plan.sector_of(self.lycee)

    @cached_property
    def facts(self) -> dict[str, str]:
        """Facts by label, in the order of the sheet."""
        study, centre = self.study, self.sector.support_centre
        sites = terms().site.plural
        status = study.decisions.sector(self.sector.id)
        others = (key for key in study.plan.members(self.zone.id) if key != self.lycee)
        found = {
            "Zone de continuité": printable(self.zone.name),
            "Secteur": f"{printable(self.sector.name)} ({status.label})",
            **{label: printable(leader) for label, leader in leaders(study, self.sector)},
            f"Autres {sites} de la zone": listing([self.named(key) for key in others]) or "aucun",
        }
        if centre is not None and centre != self.lycee:
            found[f"Trajet depuis {terms().support_centre.the}"] = self._drive(centre)
        if self.nearest is not None:
            found["Collègue le plus proche"] = (
                f"{self.named(self.nearest[0])}, {self._drive(self.nearest[0])}"
            )
        return found

    def named(self, lycee_id: str) -> str:
        """Return the name of a lycée (id)."""
        return printable(self.study.name(lycee_id))

    def _drive(self, origin: str) -> str:
        times, way = self.study.times, (origin, self.lycee)
        return ranged_minutes(
            times.one_way[origin][self.lycee],
            *times.interval(*way),
            estimated=times.is_estimated(*way),
        )

    @cached_property
    def nearest(self) -> tuple[str, float] | None:
        """The lycée of its zone that a colleague comes from the fastest, and the minutes."""
        return self.study.releve(self.lycee)

    @cached_property
    def visits(self) -> Counter[int]:
        """How many technicians are due on each half-day of the week."""
        posts = self.study.teams.of_zone(self.zone.id)
        return Counter(
            slot for post in posts for slot, cell in enumerate(post.cells) if cell == self.lycee
        )

    @cached_property
    def presence(self) -> str:
        if not self.visits:
            return ""
        text = f"{_slots(self.visits)} : {plural(self.visits.total(), 'demi-journée')} par semaine."
        return capital(text)

    @cached_property
    def missed(self) -> tuple[MissedHalfDay, ...]:
        """The half-days missed when each technician is away alone."""
        study = self.study
        team = study.analysis.covers.team(study.plan, study.teams, self.zone.id)
        return tuple(
            half_day
            for rank in range(len(team.posts))
            for slot in sorted(self.visits)
            if team.due(rank, slot) == self.lycee
            for half_day in team.cover(slot, 1 << rank)
        )

    @property
    def cover(self) -> Iterator[str]:
        """Say who comes when the technician of a half-day is away, and in how long."""
        came: dict[tuple[str, str | None], list[MissedHalfDay]] = {}
        for half_day in self.missed:
            came.setdefault((half_day.by, half_day.leaves), []).append(half_day)
        for (who, left), half_days in came.items():
            when = _slots(Counter(half_day.slot for half_day in half_days))
            away = f", qui quitte alors {self.named(left)}" if left else ""
            if who == NOBODY:
                alone = [each for each in half_days if not isfinite(each.minutes)]
                who_text = "Personne ne peut venir" if alone else "Un collègue est déjà sur place"
            else:
                name = capital(terms().sector_technician.singular)
                if who != TIS:
                    name = self.study.teams.label(self.study.plan, self.study.teams.post(who))
                longest = max(half_day.minutes for half_day in half_days)
                who_text = f"{printable(name)}, en {minutes(longest)} au plus"
            yield f"{who_text}{away} : {when}."
        if not self.visits and self.nearest is None:
            yield f"Aucun collègue dans la zone : {terms().site.the} y est seul."

    @property
    def doubts(self) -> Iterator[str]:
        """Sentences on what is still to be confirmed."""
        lycee = self.study.territory.lycees[self.lycee]
        if has_organisation() and self.sector.rns is None:
            yield "Le RNS du secteur n'est pas publié."
        if has_organisation() and self.sector.support_centre is None:
            yield worded("{The_support_centre} n'est pas publié.")
        if Precision(lycee.precision) is not Precision.ADDRESS:
            yield f"Position {Precision(lycee.precision).about}."
        if self.nearest is not None and self.study.times.is_estimated(self.nearest[0], self.lycee):
            yield f"Trajet estimé : {ESTIMATED_MEANS}."
        if not self.visits:
            yield "Les jours de présence ne sont pas encore définis."


def _slots(slots: Counter[int]) -> str:
    """Write half-days: ``lundi, mardi matin (2 présents)``; a whole day is its name alone."""
    parts = []
    for day, name in enumerate(DAYS):
        halves = [slot for slot in (2 * day, 2 * day + 1) if slots[slot]]
        counts = {slots[slot] for slot in halves}
        if len(halves) == 2 and len(counts) == 1:
            parts.append((name, counts.pop()))
        else:
            parts += [(slot_name(slot), slots[slot]) for slot in halves]
    return ", ".join(name if count == 1 else f"{name} ({count} présents)" for name, count in parts)


def _worse(then: _Site, now: _Site) -> Iterator[str]:
    """Say what is worse for a lycée than in the plan before."""
    if then.nearest is not None and now.nearest is None:
        yield f"Plus aucun collègue dans la zone ({then.named(then.nearest[0])} auparavant)."
    elif then.nearest is not None and now.nearest is not None:
        yield from _longer("Le collègue le plus proche est", then.nearest[1], now.nearest[1])
    if then.sector.rns and not now.sector.rns:
        yield f"Plus de RNS nommé ; c'était {then.sector.rns}."
    centres = [(site, site.sector.support_centre) for site in (then, now)]
    drives = [
        0.0 if centre == site.lycee else site.study.times.one_way[centre][site.lycee]
        for site, centre in centres
        if centre is not None
    ]
    if len(drives) == 2:
        yield from _longer(f"{capital(terms().support_centre.the)} est", *drives)
    if then.visits and now.visits.total() < then.visits.total():
        count = plural(now.visits.total(), "demi-journée")
        yield f"{count} de présence par semaine au lieu de {then.visits.total()}."


def _longer(what: str, before: float, after: float) -> Iterator[str]:
    if after > before + _SAME_MIN:
        yield f"{what} à {minutes(after)} au lieu de {minutes(before)}."


def _dates(study: Study, sector: Sector) -> Iterator[str]:
    """Say what the calendar plans for a sector."""
    calendar = study.atlas.calendar
    whom = {
        worded("{Whole_territory}"),
        "Secteurs expérimentaux" if sector.experimental else "Autres secteurs",
        f"Secteur {sector.name}",
    }
    found = [
        f"{without_doubt(step.heading)} : "
        f"{listing([without_doubt(printable(action)) for action in part.actions])}."
        for rank, step in enumerate(calendar)
        for part in due(study.plan, calendar, rank)
        if part.whom in whom
    ]
    yield from found
    if found:
        yield PLANNED

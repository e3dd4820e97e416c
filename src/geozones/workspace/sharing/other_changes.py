"""Changes between two plans other than moves of lycées, in sentences: names, people, places."""

from collections.abc import Iterator
from itertools import chain

from geozones.common.folding import folded
from geozones.common.french import capital, listing, number, of
from geozones.domain import Plan, Sector
from geozones.domain.terms import terms
from geozones.export.text import printable
from geozones.travel.estimate import crow_km
from geozones.workspace.study import Study

#: A lycée placed nearer than this to where it was, in km, has not changed place.
_SAME_PLACE_KM = 0.02


def other_changes(before: Study, after: Study) -> tuple[str, ...]:
    """Return what differs between two plans beside the zone of each lycée, in sentences.

    Sectors first (new, gone, name, RNS, support centre, status), then zones, then positions.
    """
    found = chain(
        _sectors(before, after), _zones(before.plan, after.plan), _towns_lost(before, after),
        _positions(before, after),
    )  # fmt: skip
    return tuple(printable(sentence) for sentence in found)


def _sectors(before: Study, after: Study) -> Iterator[str]:
    first, then = before.plan, after.plan
    for sector in then.sectors:
        if not first.has_sector(sector.id):
            yield f"Le secteur {sector.name} est créé."
            continue
        yield from _sector(first.sector(sector.id), sector, after)
        was, now = (study.decisions.sector(sector.id) for study in (before, after))
        if was is not now:
            yield f"Le secteur {sector.name} passe de « {was.label} » à « {now.label} »."
    for sector in first.sectors:
        if not then.has_sector(sector.id):
            yield f"Le secteur {sector.name} disparaît."


def _sector(first: Sector, then: Sector, after: Study) -> Iterator[str]:
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


def _towns_lost(before: Study, after: Study) -> Iterator[str]:
    """Say which zones keep in their name a town where they have no lycée any more."""
    for zone in after.plan.zones:
        if not before.plan.has_zone(zone.id) or not after.plan.members(zone.id):
            continue
        had, has = (_towns(study, zone.id) for study in (before, after))
        lost = [
            had[town]
            for part in zone.name.split(" – ")
            for town in had.keys() - has.keys()
            if town.startswith(folded(part)) or folded(part).startswith(town)
        ]
        if lost:
            yield (
                f"La zone {zone.name} garde son nom, mais n'a plus {terms().site.of} à "
                f"{listing(sorted(lost))}."
            )


def _towns(study: Study, zone: str) -> dict[str, str]:
    """Return the towns of a zone's lycées, by folded name."""
    towns = (study.territory.lycees[lycee].commune for lycee in study.plan.members(zone))
    return {folded(town): town for town in towns if town}


def _positions(before: Study, after: Study) -> Iterator[str]:
    old, new = before.territory.lycees, after.territory.lycees
    for lycee in after.plan.lycees:
        if lycee not in old:
            continue
        was, now = old[lycee], new[lycee]
        km = crow_km((was.lat, was.lon), (now.lat, now.lon))
        if km > _SAME_PLACE_KM:
            name = after.name(lycee)
            yield f"La position {of(name)} change de {number(km, 1)} km."

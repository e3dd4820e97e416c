"""Places of a plan that a comment may be about."""

from geozones.common.errors import InputError
from geozones.domain import Plan
from geozones.domain.comments import About, PlaceKind
from geozones.domain.terms import terms, worded
from geozones.workspace.study import Study

_WORDS = {PlaceKind.LYCEE: "{Site}", PlaceKind.ZONE: "Zone", PlaceKind.SECTOR: "Secteur"}


def key_of(about: About) -> str:
    """Return the key of a place in links: ``zone:ID``, ``sector:ID``, ``lycee:ID``."""
    kind = "sector" if about.kind is PlaceKind.SECTOR else about.kind.value
    return f"{kind}:{about.id}"


def called(about: About) -> str:
    """Return a place in words: ``Zone Mamers``."""
    word = worded(_WORDS[about.kind])
    return (
        about.name
        if about.name.casefold().startswith(word.casefold())
        else (f"{word} {about.name}")
    )


def places_of(study: Study) -> dict[str, About]:
    """Return the places of a study's plan by key: sectors, then zones, then lycées by name."""
    plan = study.plan
    sectors = [About(PlaceKind.SECTOR, each.id, each.name) for each in plan.sectors]
    zones = [
        About(PlaceKind.ZONE, each.id, each.name) for each in plan.zones if plan.members(each.id)
    ]
    lycees = [About(PlaceKind.LYCEE, lycee, study.name(lycee)) for lycee in plan.lycees]
    lycees.sort(key=lambda each: each.name.casefold())
    return {key_of(each): each for each in (*sectors, *zones, *lycees)}


def place_named(study: Study, key: str) -> About:
    """Return a place of a plan by key.

    Raises
    ------
    InputError
        If the plan has no such place.
    """
    found = places_of(study).get(key)
    if found is None:
        place = f"{terms().site.the}, la zone ou le secteur"
        msg = f"Choisissez {place} dont vous parlez : rien n'est envoyé."
        raise InputError(msg)
    return found


def sector_of(plan: Plan, about: About) -> str | None:
    """Return the sector (id) of a place in a plan; ``None`` if the plan lacks the place."""
    if about.kind is PlaceKind.SECTOR:
        return about.id if plan.has_sector(about.id) else None
    zones = {zone.id: zone.sector for zone in plan.zones}
    if about.kind is PlaceKind.ZONE:
        return zones.get(about.id)
    zone = plan.zone_by_lycee.get(about.id)
    return None if zone is None else zones.get(zone)

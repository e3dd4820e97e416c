"""Screen-reader labels of zones and lycées on the map."""

import re
from collections.abc import Mapping
from itertools import groupby

from geozones.domain import Lycee, Plan, Zone
from geozones.domain.terms import terms, worded

#: Names that already contain the kind of place, besides the noun of the sites.
_KIND = re.compile(r"centre\b|EREA\b|agricampus\b", re.IGNORECASE)


def zone_numbers(plan: Plan) -> dict[str, int]:
    """Return the number of each zone (id) in the legend of its sector, from 1."""
    shown = [zone for zone in plan.zones if plan.members(zone.id)]
    by_sector = groupby(sorted(shown, key=lambda zone: zone.sector), lambda zone: zone.sector)
    return {zone.id: rank for _, zones in by_sector for rank, zone in enumerate(zones, 1)}


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
    return f"{name}, {lycee.commune}, zone {numbers[zone.id]}, secteur {sector}"

"""Plan files: one JSON object, version 1, checked as a whole before anything is kept."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from geozones.common.errors import GeozonesError
from geozones.domain import Lycee, Plan, PlanFileError, Sector, Zone
from geozones.domain.decisions import Decisions
from geozones.domain.places import LocationOverrides
from geozones.domain.plan_documents import (
    details_to_json,
    places_from_json,
    places_to_json,
    plan_from_json,
)
from geozones.domain.terms import terms, worded

FORMAT = "geozones.plan"
VERSION = 1
MAX_BYTES = 5_000_000


@dataclass(frozen=True, slots=True)
class PlanFile:
    """Plan, and its overrides of the lycées of the data folder."""

    plan: Plan
    places: LocationOverrides


def plan_to_json(
    plan: Plan,
    places: LocationOverrides | None = None,
    lycees: Mapping[str, Lycee] | None = None,
    decisions: Decisions | None = None,
) -> dict[str, Any]:
    """Return a plan as the JSON object that ``geozones plan`` prints.

    ``lycees`` are those of the data folder, which ``places`` apply to. ``decisions`` are the
    statuses to write, of sectors and zones; by default, the stored statuses of sectors.
    """
    own = {} if not places else places_to_json(places, lycees or {})
    return {
        "format": FORMAT,
        "version": VERSION,
        "sectors": [_sector_to_json(plan, sector, decisions) for sector in plan.sectors],
        **own,
    }


def _sector_to_json(plan: Plan, sector: Sector, decisions: Decisions | None) -> dict[str, Any]:
    def of_zone(zone: Zone) -> dict[str, Any]:
        status = {} if decisions is None else {"status": decisions.zone(zone.id).value}
        own = {} if zone.name == zone.own_name else {"own_name": zone.own_name}
        names = {"id": zone.id, "name": zone.name, **own}
        return {**names, **status, "lycees": list(plan.members(zone.id))}

    status = sector.status if decisions is None else decisions.sector(sector.id)
    return {
        "id": sector.id,
        "name": sector.name,
        "status": status.value,
        "origin": sector.origin.value,
        "rns": sector.rns,
        "support_centre": sector.support_centre,
        **details_to_json(sector),
        "zones": [of_zone(zone) for zone in plan.zones_of(sector.id)],
    }


def read_plan(content: bytes | str, reference: Plan) -> PlanFile:
    """Read a plan file, and check its lycées against ``reference``.

    It must hold each lycée of ``reference`` once, except lycées that it leaves out, and the lycées
    that it adds. The file defines its own sectors; a sector without the field ``origin``, written
    before sectors could be edited, takes missing fields from the sector of the same id.
    """
    if len(content) > MAX_BYTES:
        raise PlanFileError("Ce fichier est trop gros pour un plan (5 Mo au plus).")
    document = _parse(content)
    try:
        plan, listed = plan_from_json(document, reference)
        places = places_from_json(document)
    except PlanFileError:
        raise
    except KeyError as error:
        raise PlanFileError(
            f"Ce fichier n'a pas la forme d'un plan : il y manque un champ « {error.args[0]} »."
        ) from error
    except (TypeError, AttributeError) as error:
        raise PlanFileError(
            "Ce fichier n'a pas la forme d'un plan : un de ses champs n'est pas du bon type."
        ) from error
    except GeozonesError as error:
        raise PlanFileError(str(error)) from error
    faults = _faults(plan, listed, reference, places)
    if faults:
        raise PlanFileError("Ce plan ne peut pas être ouvert : " + " ; ".join(faults) + ".")
    return PlanFile(plan, places)


def _parse(content: bytes | str) -> dict[str, Any]:
    """Return the JSON object of a plan file of this version."""
    try:
        document = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise PlanFileError(
            "Ce fichier n'est pas un plan lisible : il est tronqué ou n'est pas du JSON, ni un "
            "tableau dont les colonnes « site » et « zone » sont reconnues."
        ) from error
    if not isinstance(document, dict) or "sectors" not in document:
        raise PlanFileError(
            "Ce fichier n'est pas un plan geozones : il n'a pas de liste « sectors »."
        )
    version = document.get("version", VERSION)
    if document.get("format", FORMAT) != FORMAT or version != VERSION:
        raise PlanFileError(
            f"Ce plan est d'une autre version ({ascii(version)[:20]}) ; cet outil lit la version "
            f"{VERSION}."
        )
    return document


def _faults(plan: Plan, listed: list[str], reference: Plan, places: LocationOverrides) -> list[str]:
    """Return, in French, each way in which a plan does not fit ``reference``."""
    shipped = set(reference.zone_by_lycee)
    known = (shipped - places.excluded) | {lycee.id for lycee in places.lycees}
    centres = {sector.support_centre for sector in plan.sectors if sector.support_centre}
    sites = terms().site.plural
    groups = (
        (f"{sites} inconnus", sorted(set(listed) - known)),
        (f"{sites} présents deux fois", _twice(listed)),
        (f"{sites} absents", sorted(known - set(listed))),
        (f"{sites} laissés de côté mais inconnus", sorted(places.excluded - shipped)),
        (
            worded("{support_centres} laissés de côté"),
            sorted(places.excluded & centres),
        ),
        (
            worded("{support_centres} inconnus"),
            sorted(centres - known - places.excluded),
        ),
        ("zones en double", _twice(zone.id for zone in plan.zones)),
        ("secteurs en double", _twice(sector.id for sector in plan.sectors)),
    )
    return [
        f"{label} : {', '.join(values[:5])}{' …' if len(values) > 5 else ''}"
        for label, values in groups
        if values
    ]


def _twice(values: Iterable[str]) -> list[str]:
    return sorted(value for value, count in Counter(values).items() if count > 1)

"""Plan files: one JSON object, version 1, checked as a whole before anything is kept."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from geozones.common.errors import GeozonesError
from geozones.domain import DecisionStatus, Lycee, Plan, PlanFileError, Sector, Zone
from geozones.domain.places import LocationOverrides
from geozones.domain.plan import plan_of
from geozones.intake.place_document import places_of_json, places_to_json

FORMAT = "geozones.plan"
VERSION = 1
MAX_BYTES = 5_000_000
_MAX_NAME = 200


@dataclass(frozen=True, slots=True)
class PlanFile:
    """A plan, and what it overrides in the lycées of the data folder."""

    plan: Plan
    places: LocationOverrides


def plan_to_json(
    plan: Plan, places: LocationOverrides | None = None, lycees: Mapping[str, Lycee] | None = None
) -> dict[str, Any]:
    """Return a plan as the JSON object that ``geozones plan`` prints.

    Parameters
    ----------
    places
        Location overrides that the plan needs.
    lycees
        The lycées of the data folder, by id, which ``places`` apply to.
    """
    own = {} if not places else places_to_json(places, lycees or {})
    return {
        "format": FORMAT,
        "version": VERSION,
        "sectors": [
            {
                "id": sector.id,
                "name": sector.name,
                "status": sector.status.value,
                "rns": sector.rns,
                "support_centre": sector.support_centre,
                "zones": [
                    {"id": zone.id, "name": zone.name, "lycees": list(plan.members(zone.id))}
                    for zone in plan.zones_of(sector.id)
                ],
            }
            for sector in plan.sectors
        ],
        **own,
    }


def read_plan(content: bytes | str, reference: Plan) -> PlanFile:
    """Read a plan file, and check its lycées and sectors against those of ``reference``.

    It must hold each lycée of ``reference`` once, without those that it leaves out and with those
    that it adds, and the same sectors.

    Raises
    ------
    PlanFileError
        If it cannot be read or fails the check; the message lists every fault.
    """
    if len(content) > MAX_BYTES:
        msg = "Ce fichier est trop gros pour un plan (5 Mo au plus)."
        raise PlanFileError(msg)
    document = _parse(content)
    try:
        plan, listed = _build(document)
        places = places_of_json(document)
    except PlanFileError:
        raise
    except KeyError as error:
        msg = f"Ce fichier n'a pas la forme d'un plan : il y manque un champ « {error.args[0]} »."
        raise PlanFileError(msg) from error
    except (TypeError, AttributeError) as error:
        msg = "Ce fichier n'a pas la forme d'un plan : un de ses champs n'est pas du bon type."
        raise PlanFileError(msg) from error
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
        msg = "Ce fichier n'est pas un plan lisible : il est tronqué ou n'est pas du JSON."
        raise PlanFileError(msg) from error
    if not isinstance(document, dict) or "sectors" not in document:
        msg = "Ce fichier n'est pas un plan geozones : il n'a pas de liste « sectors »."
        raise PlanFileError(msg)
    version = document.get("version", VERSION)
    if document.get("format", FORMAT) != FORMAT or version != VERSION:
        msg = (
            f"Ce plan est d'une autre version ({ascii(version)[:20]}) ; cet outil lit la version "
            f"{VERSION}."
        )
        raise PlanFileError(msg)
    return document


def _text(value: object, what: str) -> str:
    if not isinstance(value, str) or not value.strip() or len(value) > _MAX_NAME:
        msg = (
            f"Ce plan ne peut pas être ouvert : {what} doit être un texte de 1 à {_MAX_NAME} "
            "caractères."
        )
        raise PlanFileError(msg)
    if any("\ud800" <= character <= "\udfff" for character in value):
        msg = f"Ce plan ne peut pas être ouvert : {what} contient un caractère illisible."
        raise PlanFileError(msg)
    return " ".join(value.split())


def _status(value: object) -> DecisionStatus:
    try:
        return DecisionStatus(value)  # type: ignore[arg-type]  # anything else is refused here
    except ValueError as error:
        known = " ou ".join(f"« {status} »" for status in DecisionStatus)
        msg = f"Ce plan ne peut pas être ouvert : le statut d'un secteur doit être {known}."
        raise PlanFileError(msg) from error


def _build(document: dict[str, Any]) -> tuple[Plan, list[str]]:
    """Return the plan, and its lycées as listed: more than once if the file repeats them."""
    sectors, zones, listed = [], [], []
    zone_by_lycee: dict[str, str] = {}
    for row in document["sectors"]:
        sector = Sector(
            id=_text(row["id"], "le code d'un secteur"),
            name=_text(row["name"], "le nom d'un secteur"),
            status=_status(row["status"]),
            rns=None if row.get("rns") is None else _text(row["rns"], "le nom d'un RNS"),
            support_centre=row.get("support_centre"),
        )
        sectors.append(sector)
        for entry in row["zones"]:
            zone = Zone(
                _text(entry["id"], "le code d'une zone"),
                _text(entry["name"], "le nom d'une zone"),
                sector.id,
            )
            zones.append(zone)
            for lycee in entry["lycees"]:
                listed.append(_text(lycee, "le code d'un lycée"))
                zone_by_lycee[listed[-1]] = zone.id
    return plan_of(sectors, zones, zone_by_lycee), listed


def _faults(plan: Plan, listed: list[str], reference: Plan, places: LocationOverrides) -> list[str]:
    """Return, in French, each way in which a plan does not fit ``reference``."""
    shipped = set(reference.zone_by_lycee)
    known = (shipped - places.excluded) | {lycee.id for lycee in places.lycees}
    centres = {sector.support_centre for sector in reference.sectors}
    sectors = {sector.id for sector in plan.sectors}
    groups = (
        ("lycées inconnus", sorted(set(listed) - known)),
        ("lycées présents deux fois", _twice(listed)),
        ("lycées absents", sorted(known - set(listed))),
        ("lycées laissés de côté mais inconnus", sorted(places.excluded - shipped)),
        ("centres support laissés de côté", sorted(places.excluded & centres)),
        ("zones en double", _twice(zone.id for zone in plan.zones)),
        ("secteurs en double", _twice(sector.id for sector in plan.sectors)),
        (
            "secteurs différents de ceux des données",
            [s.id for s in plan.sectors if s not in reference.sectors],
        ),
        ("secteurs absents", [s.id for s in reference.sectors if s.id not in sectors]),
    )
    return [
        f"{label} : {', '.join(values[:5])}{' …' if len(values) > 5 else ''}"
        for label, values in groups
        if values
    ]


def _twice(values: Iterable[str]) -> list[str]:
    return sorted(value for value, count in Counter(values).items() if count > 1)

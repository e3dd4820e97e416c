"""Plan files: one JSON object, version 1, checked as a whole before anything is kept."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from geozones.common.errors import GeozonesError, InputError
from geozones.domain import DecisionStatus, Lycee, Origin, Plan, PlanFileError, Sector, Zone
from geozones.domain.decisions import Decisions
from geozones.domain.identifiers import is_valid_id
from geozones.domain.places import LocationOverrides
from geozones.domain.plan import plan_of
from geozones.domain.plan_documents import (
    checked_experimental,
    checked_milestones,
    checked_note,
    checked_technicians,
    details_to_json,
    is_readable,
    lycee_from_json,
    lycee_to_json,
)
from geozones.domain.terms import terms, worded

#: Most lycées that a plan file may add or correct.
MAX_PLACES = 2000


def places_to_json(overrides: LocationOverrides, lycees: Mapping[str, Lycee]) -> dict[str, Any]:
    """Return the overrides as ``{"places": [lycée, …], "without": [id, …]}``, without empty lists.

    Parameters
    ----------
    lycees
        The lycées of the data folder, by id. ``places`` has the lycées that differ from them, with
        all fields, and pupils only if the folder lacks the lycée; ``without`` has only its lycées.
    """
    document: dict[str, Any] = {}
    records = overrides.changed_lycees(lycees)
    if records:
        document["places"] = [
            lycee_to_json(lycee, pupils=lycee.id not in lycees) for lycee in records
        ]
    without = sorted(overrides.excluded & lycees.keys())
    if without:
        document["without"] = without
    return document


def places_from_json(document: Mapping[str, Any]) -> LocationOverrides:
    """Read the overrides that `places_to_json` wrote; a document without any gives none.

    Raises
    ------
    InputError
        If a field of a lycée is missing or is not valid; the message names the lycée.
    """
    rows, without = document.get("places", []), document.get("without", [])
    if not isinstance(rows, list) or not isinstance(without, list) or len(rows) > MAX_PLACES:
        most = f"{MAX_PLACES} {terms().site.plural}"
        msg = f"Les lieux de ce fichier doivent être une liste de {most} au plus."
        raise InputError(msg)
    lycees = tuple(lycee_from_json(row) for row in rows)
    if len({lycee.id for lycee in lycees}) < len(lycees):
        msg = "Un lieu de ce fichier y est deux fois."
        raise InputError(msg)
    wrong = [code for code in without if not (isinstance(code, str) and is_valid_id(code))]
    if wrong:
        msg = worded("{A_site} que ce fichier laisse de côté n'a pas de code valable.")
        raise InputError(msg)
    return LocationOverrides(lycees, excluded=frozenset(without))


FORMAT = "geozones.plan"
VERSION = 1
MAX_BYTES = 5_000_000
_MAX_NAME = 200


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

    Parameters
    ----------
    places
        Location overrides that the plan needs.
    lycees
        The lycées of the data folder, by id, which ``places`` apply to.
    decisions
        The statuses to write, of sectors and zones; by default, the stored statuses of sectors.
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
        plan, listed = _build(document, reference)
        places = places_from_json(document)
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
    if not is_readable(value):
        msg = f"Ce plan ne peut pas être ouvert : {what} contient un caractère illisible."
        raise PlanFileError(msg)
    return " ".join(value.split())


def _one_of[E: StrEnum](kind: type[E], value: object, what: str) -> E:
    try:
        return kind(str(value))
    except ValueError as error:
        known = " ou ".join(f"« {entry} »" for entry in kind)
        msg = f"Ce plan ne peut pas être ouvert : {what} d'un secteur doit être {known}."
        raise PlanFileError(msg) from error


def _build(document: dict[str, Any], reference: Plan) -> tuple[Plan, list[str]]:
    """Return the plan, and its lycées as listed: more than once if the file repeats them."""
    known = {sector.id: sector for sector in reference.sectors}
    sectors, zones, listed = [], [], []
    zone_by_lycee: dict[str, str] = {}
    for row in document["sectors"]:
        sector = _sector(row, known)
        sectors.append(sector)
        for entry in row["zones"]:
            zone = Zone(
                _text(entry["id"], "le code d'une zone"),
                _text(entry.get("own_name", entry["name"]), "le nom d'une zone"),
                sector.id,
            )
            zones.append(zone)
            for lycee in entry["lycees"]:
                listed.append(_text(lycee, f"le code {terms().site.of_a}"))
                zone_by_lycee[listed[-1]] = zone.id
    return plan_of(sectors, zones, zone_by_lycee), listed


def _sector(row: Mapping[str, Any], known: Mapping[str, Sector]) -> Sector:
    """Read a sector; a retained sector becomes a proposal again."""
    status = _one_of(DecisionStatus, row["status"], "le statut")
    if status is DecisionStatus.RETAINED:
        status = DecisionStatus.PROPOSED
    origin = Origin.TOOL if status is DecisionStatus.DRAFT else Origin.REGION
    sector = Sector(
        id=_text(row["id"], "le code d'un secteur"),
        name=_text(row["name"], "le nom d'un secteur"),
        status=status,
        rns=None if row.get("rns") is None else _text(row["rns"], "le nom d'un RNS"),
        support_centre=_centre(row),
        origin=_one_of(Origin, row["origin"], "l'origine") if "origin" in row else origin,
    )
    before = known.get(sector.id)
    if "origin" not in row and before is not None:
        # the tool's own names of its drafts have changed since
        name = before.name if before.is_draft and sector.is_draft else sector.name
        sector = replace(sector, name=name, experimental=before.experimental)
    return _detailed(sector, row)


def _centre(row: Mapping[str, Any]) -> str | None:
    if row.get("support_centre") is None:
        return None
    return _text(row["support_centre"], f"le code {terms().support_centre.of_a}")


def _detailed(sector: Sector, row: Mapping[str, Any]) -> Sector:
    """Return a sector with the details in its row."""
    try:
        return replace(
            sector,
            technicians=checked_technicians(row.get("technicians")),
            experimental=checked_experimental(row.get("experimental", sector.experimental)),
            milestones=checked_milestones(row.get("milestones", ())),
            note=checked_note(row.get("note", "")),
        )
    except InputError as error:
        msg = f"Ce plan ne peut pas être ouvert : secteur {sector.name}. {error}"
        raise PlanFileError(msg) from error


def _faults(plan: Plan, listed: list[str], reference: Plan, places: LocationOverrides) -> list[str]:
    """Return, in French, each way in which a plan does not fit ``reference``."""
    shipped = set(reference.zone_by_lycee)
    known = (shipped - places.excluded) | {lycee.id for lycee in places.lycees}
    centres = {sector.support_centre for sector in plan.sectors if sector.support_centre}
    sites, es = terms().site.plural, f"{terms().site.e}s"
    groups = (
        (f"{sites} inconnu{es}", sorted(set(listed) - known)),
        (f"{sites} présent{es} deux fois", _twice(listed)),
        (f"{sites} absent{es}", sorted(known - set(listed))),
        (f"{sites} laissé{es} de côté mais inconnu{es}", sorted(places.excluded - shipped)),
        (
            worded("{support_centres} laissé{e_support_centre}s de côté"),
            sorted(places.excluded & centres),
        ),
        (
            worded("{support_centres} inconnu{e_support_centre}s"),
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

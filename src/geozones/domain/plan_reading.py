"""Reading of a plan from JSON: sectors, zones and places, in plan files, events and stores."""

from collections.abc import Mapping
from dataclasses import replace
from enum import StrEnum
from typing import Any

from geozones.common.errors import InputError
from geozones.domain.errors import PlanFileError
from geozones.domain.identifiers import is_valid_id
from geozones.domain.places import LocationOverrides
from geozones.domain.plan import DecisionStatus, Lycee, Origin, Plan, Sector, Zone, plan_of
from geozones.domain.plan_documents import (
    checked_experimental,
    checked_milestones,
    checked_note,
    checked_technicians,
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
    """Read the overrides that `places_to_json` wrote; a document without any gives none."""
    rows, without = document.get("places", []), document.get("without", [])
    if not isinstance(rows, list) or not isinstance(without, list) or len(rows) > MAX_PLACES:
        most = f"{MAX_PLACES} {terms().site.plural}"
        raise InputError(f"Les lieux de ce fichier doivent être une liste de {most} au plus.")
    lycees = tuple(lycee_from_json(row) for row in rows)
    if len({lycee.id for lycee in lycees}) < len(lycees):
        raise InputError("Un lieu de ce fichier y est deux fois.")
    wrong = [code for code in without if not (isinstance(code, str) and is_valid_id(code))]
    if wrong:
        raise InputError(worded("{A_site} que ce fichier laisse de côté n'a pas de code valable."))
    return LocationOverrides(lycees, excluded=frozenset(without))


_MAX_NAME = 200


def _text(value: object, what: str) -> str:
    if not isinstance(value, str) or not value.strip() or len(value) > _MAX_NAME:
        raise PlanFileError(
            f"Ce plan ne peut pas être ouvert : {what} doit être un texte de 1 à {_MAX_NAME} "
            "caractères."
        )
    if not is_readable(value):
        raise PlanFileError(
            f"Ce plan ne peut pas être ouvert : {what} contient un caractère illisible."
        )
    return " ".join(value.split())


def _one_of[E: StrEnum](kind: type[E], value: object, what: str) -> E:
    try:
        return kind(str(value))
    except ValueError as error:
        known = " ou ".join(f"« {entry} »" for entry in kind)
        raise PlanFileError(
            f"Ce plan ne peut pas être ouvert : {what} d'un secteur doit être {known}."
        ) from error


def plan_from_json(
    document: Mapping[str, Any], reference: Plan | None = None
) -> tuple[Plan, list[str]]:
    """Return a plan, and its lycées as listed: more than once if the document repeats them.

    A sector without the field ``origin``, written before sectors could be edited, takes missing
    fields from the sector of ``reference`` with the same id. A missing field raises ``KeyError``,
    one of another type ``TypeError`` or ``AttributeError``, another fault ``PlanFileError``.
    """
    known = {} if reference is None else {sector.id: sector for sector in reference.sectors}
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
        raise PlanFileError(
            f"Ce plan ne peut pas être ouvert : secteur {sector.name}. {error}"
        ) from error

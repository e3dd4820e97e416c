"""The location overrides of a plan file: lycées added, corrected or left out."""

import re
from collections.abc import Mapping
from dataclasses import asdict, fields
from typing import Any

from geozones.common.errors import InputError
from geozones.domain import Lycee
from geozones.domain.coordinates import checked_spot
from geozones.domain.places import LocationOverrides, Precision
from geozones.domain.uai import is_uai, is_valid_id

#: Most lycées that a plan file may add or correct.
MAX_PLACES = 2000
_MAX_TEXT = 300
#: Fields that are the data folder's alone.
_PUPILS = {"pupils", "pupils_source"}
_FIELDS = {entry.name for entry in fields(Lycee)} - _PUPILS
_TEXTS = tuple(sorted(_FIELDS - {"lat", "lon", "associated_uais"}))
#: Fields that files of before they came do not have.
_SINCE = {"remark": ""}
_INSEE = re.compile(r"[0-9][0-9AB][0-9]{3}|")


def places_to_json(overrides: LocationOverrides, lycees: Mapping[str, Lycee]) -> dict[str, Any]:
    """Return the overrides as ``{"places": [lycée, …], "without": [id, …]}``, without empty lists.

    Parameters
    ----------
    lycees
        The lycées of the data folder, by id: only those that differ from them are written, each
        with all its fields but pupils.
    """
    document: dict[str, Any] = {}
    records = overrides.changed_lycees(lycees)
    if records:
        document["places"] = [_place(lycee) for lycee in records]
    if overrides.excluded:
        document["without"] = sorted(overrides.excluded)
    return document


def places_of_json(document: Mapping[str, Any]) -> LocationOverrides:
    """Read the overrides that `places_to_json` wrote; a document without any gives none.

    Raises
    ------
    InputError
        If a field of a lycée is missing or is not valid; the message names the lycée.
    """
    rows, without = document.get("places", []), document.get("without", [])
    if not isinstance(rows, list) or not isinstance(without, list) or len(rows) > MAX_PLACES:
        msg = f"Les lieux de ce fichier doivent être une liste de {MAX_PLACES} lycées au plus."
        raise InputError(msg)
    lycees = tuple(_lycee(row) for row in rows)
    if len({lycee.id for lycee in lycees}) < len(lycees):
        msg = "Un lieu de ce fichier y est deux fois."
        raise InputError(msg)
    wrong = [code for code in without if not (isinstance(code, str) and is_valid_id(code))]
    if wrong:
        msg = "Un lycée que ce fichier laisse de côté n'a pas de code valable."
        raise InputError(msg)
    return LocationOverrides(lycees, excluded=frozenset(without))


def _place(lycee: Lycee) -> dict[str, Any]:
    kept = {name: value for name, value in asdict(lycee).items() if name not in _PUPILS}
    return {**kept, "associated_uais": list(lycee.associated_uais)}


def _lycee(row: object) -> Lycee:
    """Return the lycée of a JSON object; raise ``InputError`` if a field is not valid."""
    if isinstance(row, dict):
        row = {**_SINCE, **row}
    if not isinstance(row, dict) or set(row) != _FIELDS:
        msg = "Un lieu de ce fichier n'a pas les champs d'un lycée."
        raise InputError(msg)
    texts = {name: row[name] for name in _TEXTS}
    if not all(_is_text(value) for value in texts.values()):
        msg = f"Un lieu de ce fichier a un champ qui n'est pas un texte de {_MAX_TEXT} signes."
        raise InputError(msg)
    codes = row["associated_uais"]
    valid = (
        is_valid_id(row["id"])
        and texts["name"].strip()
        and _INSEE.fullmatch(texts["insee"])
        and texts["precision"] in set(Precision)
        and isinstance(codes, list)
        and all(isinstance(code, str) and is_uai(code) for code in codes)
    )
    if not valid:
        key = str(row["id"])[:40]
        msg = f"Le lieu « {key} » de ce fichier a un code, un nom ou une précision sans valeur."
        raise InputError(msg)
    spot = checked_spot(row["lat"], row["lon"])
    return Lycee(**texts, lat=spot.lat, lon=spot.lon, associated_uais=tuple(codes))


def _is_text(value: object) -> bool:
    """Tell whether a value is a text, not too long and without characters that break files."""
    return (
        isinstance(value, str)
        and len(value) <= _MAX_TEXT
        and not any("\ud800" <= sign <= "\udfff" or sign == "\0" for sign in value)
    )

"""JSON format of a lycée, in plan files and in events."""

import re
from dataclasses import asdict, fields
from typing import Any

from geozones.common.errors import InputError
from geozones.domain.coordinates import checked_spot
from geozones.domain.entities import Lycee
from geozones.domain.places import Precision
from geozones.domain.terms import terms
from geozones.domain.uai import is_uai, is_valid_id
from geozones.domain.workload import Basis, checked_size

_MAX_TEXT = 300
#: Fields present only if the lycée has pupils of its own.
_PUPILS = {"pupils", "pupils_source"}
_FIELDS = {entry.name for entry in fields(Lycee)} - _PUPILS
_TEXTS = tuple(sorted(_FIELDS - {"lat", "lon", "associated_uais"}))
#: Fields that older files lack: plan files and stores written before lycées had remarks must stay
#: readable, although every other field is required.
_SINCE = {"remark": ""}
_INSEE = re.compile(r"[0-9][0-9AB][0-9]{3}|")


def lycee_to_json(lycee: Lycee, *, pupils: bool) -> dict[str, Any]:
    """Return all the fields of a lycée; its pupils only if known and ``pupils`` is true.

    `lycee_from_json` is the inverse.
    """
    without = set() if pupils and lycee.pupils is not None else _PUPILS
    kept = {name: value for name, value in asdict(lycee).items() if name not in without}
    return {**kept, "associated_uais": list(lycee.associated_uais)}


def lycee_from_json(row: object) -> Lycee:
    """Return the lycée of a JSON object; raise ``InputError`` if a field is not valid."""
    if isinstance(row, dict):
        row = {**_SINCE, **row}
    if not isinstance(row, dict) or set(row) not in (_FIELDS, _FIELDS | _PUPILS):
        msg = f"Un lieu de ce fichier n'a pas les champs {terms().site.of_a}."
        raise InputError(msg)
    names = [name for name in (*_TEXTS, "pupils_source") if name in row]
    texts = {name: row[name] for name in names}
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
    pupils = None
    if "pupils" in row:
        pupils = checked_size(
            row["pupils"], Basis.PUPILS, f"{terms().site.of_the} {texts['name'][:40]}"
        )
    return Lycee(**texts, lat=spot.lat, lon=spot.lon, associated_uais=tuple(codes), pupils=pupils)


def _is_text(value: object) -> bool:
    """Return whether a value is a text, not too long and without characters that break files."""
    return (
        isinstance(value, str)
        and len(value) <= _MAX_TEXT
        and not any("\ud800" <= sign <= "\udfff" or sign == "\0" for sign in value)
    )

"""Location overrides of a plan file: lycées added, corrected or left out."""

from collections.abc import Mapping
from typing import Any

from geozones.common.errors import InputError
from geozones.domain import Lycee
from geozones.domain.lycee_documents import lycee_from_json, lycee_to_json
from geozones.domain.places import LocationOverrides
from geozones.domain.terms import terms, worded
from geozones.domain.uai import is_valid_id

#: Most lycées that a plan file may add or correct.
MAX_PLACES = 2000


def places_to_json(overrides: LocationOverrides, lycees: Mapping[str, Lycee]) -> dict[str, Any]:
    """Return the overrides as ``{"places": [lycée, …], "without": [id, …]}``, without empty lists.

    Parameters
    ----------
    lycees
        The lycées of the data folder, by id: only lycées that differ from them are written, each
        with all its fields, pupils only if the data folder lacks it; only its lycées are left out.
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

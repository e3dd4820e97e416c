"""Finding a place from what someone types, without any network."""

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from geozones.domain import InputError
from geozones.domain.folding import folded
from geozones.domain.french import of
from geozones.workspace.travel import point_of

if TYPE_CHECKING:
    from geozones.workspace.core import Workspace

_POINT = re.compile(r"\s*(-?\d+(?:\.\d+)?)\s*[,;]\s*(-?\d+(?:\.\d+)?)\s*")
_POSTCODE = re.compile(r"\b(\d{2})\d{3}\b")
_MAX_LENGTH = 300


@dataclass(frozen=True, slots=True)
class FoundPlace:
    """A place, as ``Workspace.trip`` takes it, and what it was understood as; empty: as typed."""

    place: str
    understood: str = ""


def find_place(workspace: "Workspace", text: str) -> FoundPlace:
    """Return the place that a text means: ``lat, lon``, a lycée's code, or an address.

    An address is taken to the centre of its commune, the last one it names, in the département of
    its postcode where it has one: streets are not known here.

    Raises
    ------
    InputError
        If it means no place of the territory.
    """
    text = text.strip()[:_MAX_LENGTH]
    point = _POINT.fullmatch(text)
    if point:
        place = f"{float(point[1])},{float(point[2])}"
        point_of(workspace, place)
        return FoundPlace(place)
    if text.upper() in workspace.positions:
        return FoundPlace(text.upper())
    return _in_commune(workspace, text)


def _in_commune(workspace: "Workspace", text: str) -> FoundPlace:
    words = f" {folded(text)} "
    codes = _POSTCODE.findall(text)
    named = [
        (words.rindex(f" {folded(entry.name)} ") + len(folded(entry.name)), entry)
        for entry in workspace.communes
        if f" {folded(entry.name)} " in words and (not codes or entry.departement == codes[-1])
    ]
    if not named:
        msg = (
            "Aucune commune du territoire n'est reconnue dans cette adresse : écrivez la commune "
            "à la fin, ou une position « latitude, longitude »."
        )
        raise InputError(msg)
    last = max(end for end, _ in named)
    ending = [entry for end, entry in named if end == last]
    longest = max(len(entry.name) for entry in ending)
    best = [entry for entry in ending if len(entry.name) == longest]
    if len(best) > 1:
        where = ", ".join(f"{entry.name} ({entry.departement})" for entry in best)
        msg = f"Plusieurs communes portent ce nom : {where}. Ajoutez le code postal."
        raise InputError(msg)
    alone = words.strip() == folded(best[0].name)
    note = (
        ""
        if alone
        else f"Prise au centre {of(best[0].name)} : les rues ne sont pas connues sans réseau."
    )
    return FoundPlace(best[0].place, note)

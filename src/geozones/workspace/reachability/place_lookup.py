"""Offline lookup of a place from a typed text."""

import re
from dataclasses import dataclass

from geozones.common.errors import InputError
from geozones.common.folding import folded
from geozones.common.french import of
from geozones.workspace.reachability.trips import point_of
from geozones.workspace.territory import Territory

_POINT = re.compile(r"\s*(-?\d+(?:\.\d+)?)\s*[,;]\s*(-?\d+(?:\.\d+)?)\s*")
_POSTCODE = re.compile(r"\b(\d{2})\d{3}\b")
_MAX_LENGTH = 300


@dataclass(frozen=True, slots=True)
class FoundPlace:
    """A place, as `trip_between` takes it, and how the text was interpreted; empty if literal."""

    place: str
    understood: str = ""


def find_place(territory: Territory, text: str) -> FoundPlace:
    """Return the place that a text means: ``lat, lon``, a lycée's code, or an address.

    An address stands for the centre of its commune: the last commune that it names, in the
    département of its postcode if it has one. Streets are unknown offline.

    Raises
    ------
    InputError
        If the text means no place of the territory.
    """
    text = text.strip()[:_MAX_LENGTH]
    point = _POINT.fullmatch(text)
    if point:
        place = f"{float(point[1])},{float(point[2])}"
        point_of(territory, place)
        return FoundPlace(place)
    if text.upper() in territory.positions:
        return FoundPlace(text.upper())
    return _in_commune(territory, text)


def _in_commune(territory: Territory, text: str) -> FoundPlace:
    words = f" {folded(text)} "
    codes = _POSTCODE.findall(text)
    named = [
        (words.rindex(f" {folded(entry.name)} ") + len(folded(entry.name)), entry)
        for entry in territory.atlas.communes
        if f" {folded(entry.name)} " in words and (not codes or entry.departement == codes[-1])
    ]
    if not named:
        msg = (
            "Aucune commune du territoire n'est reconnue dans cette adresse. Écrivez la commune à "
            "la fin, ou une position « latitude, longitude »."
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
        else f"Position au centre {of(best[0].name)} : sans réseau, les rues ne sont pas connues."
    )
    return FoundPlace(best[0].place, note)

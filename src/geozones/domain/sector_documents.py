"""JSON format of the fields of a sector, in events, plan files and the data folder."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from geozones.common.days import is_day
from geozones.common.errors import InputError
from geozones.common.french import long_date
from geozones.domain.entities import Milestone, Sector
from geozones.domain.terms import terms

MAX_TECHNICIANS, MAX_MILESTONES, MAX_MILESTONE, MAX_NOTE = 50, 50, 300, 4000


def details_to_json(sector: Sector) -> dict[str, Any]:
    """Return the fields of a sector that people fill in, except name, RNS and support centre."""
    return {
        "technicians": sector.technicians,
        "experimental": sector.experimental,
        "milestones": milestones_to_json(sector.milestones),
        "note": sector.note,
    }


def milestones_to_json(milestones: Sequence[Milestone]) -> list[dict[str, Any]]:
    """Return a calendar as a JSON list; `checked_milestones` is the inverse."""
    return [
        {"date": entry.date, "text": entry.text, "uncertain": entry.uncertain}
        for entry in milestones
    ]


def checked_technicians(value: object) -> int | None:
    """Return a number of T.I.S. or ``None``; raises ``InputError`` if it is out of range."""
    if value is not None and (type(value) is not int or not 0 <= value <= MAX_TECHNICIANS):
        experts = terms().sector_technician.of_plural
        msg = f"Le nombre {experts} d'un secteur est un entier de 0 à {MAX_TECHNICIANS}."
        raise InputError(msg)
    return value


def checked_experimental(value: object) -> bool:
    """Return a flag as a boolean; raise ``InputError`` if it is not true or false."""
    if not isinstance(value, bool):
        msg = "Un secteur est expérimental ou ne l'est pas : le champ est vrai ou faux."
        raise InputError(msg)
    return value


def checked_note(value: object) -> str:
    """Return a note as typed; raise ``InputError`` if it is too long or not a text."""
    if not isinstance(value, str) or len(value) > MAX_NOTE or not _is_readable(value):
        msg = f"La note d'un secteur est un texte de {MAX_NOTE} caractères au plus."
        raise InputError(msg)
    return value.strip()


def checked_milestones(value: object) -> tuple[Milestone, ...]:
    """Read the calendar of a sector: a list of ``{"date", "text", "uncertain"}``.

    Raises
    ------
    InputError
        If there are too many, one is no such object, or the dates are not in order.
    """
    if not isinstance(value, list | tuple) or len(value) > MAX_MILESTONES:
        msg = f"Le calendrier d'un secteur est une liste de {MAX_MILESTONES} dates au plus."
        raise InputError(msg)
    milestones = tuple(_milestone(entry, rank) for rank, entry in enumerate(value, 1))
    for before, after in pairwise(milestones):
        if after.date < before.date:
            msg = (
                f"Les dates du calendrier sont à l'envers : le {long_date(after.date)} vient "
                f"après le {long_date(before.date)}. Remettez-les dans l'ordre."
            )
            raise InputError(msg)
    return milestones


def _milestone(entry: object, rank: int) -> Milestone:
    if not isinstance(entry, Mapping):
        msg = f"La date {rank} du calendrier n'est pas un objet."
        raise InputError(msg)
    day, words, uncertain = (
        entry.get("date"),
        entry.get("text"),
        entry.get("uncertain", False),
    )
    if not isinstance(day, str) or not is_day(day):
        msg = f"La date {rank} du calendrier s'écrit année-mois-jour, par exemple 2026-09-01."
        raise InputError(msg)
    words = " ".join(words.split()) if isinstance(words, str) and _is_readable(words) else ""
    if not 1 <= len(words) <= MAX_MILESTONE or not isinstance(uncertain, bool):
        msg = f"La date {rank} du calendrier a un texte de 1 à {MAX_MILESTONE} signes."
        raise InputError(msg)
    return Milestone(day, words, uncertain)


def _is_readable(value: str) -> bool:
    """Return whether a text has no lone surrogate, which no file can hold."""
    return not any("\ud800" <= character <= "\udfff" for character in value)

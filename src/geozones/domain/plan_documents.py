"""JSON formats of lycées, sectors, posts and plans: written, and read with checks."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, fields, replace
from enum import StrEnum
from itertools import pairwise
from typing import Any

from geozones.common.errors import InputError
from geozones.common.french import is_day, long_date
from geozones.domain.errors import PlanFileError
from geozones.domain.identifiers import is_code, is_valid_id
from geozones.domain.places import LocationOverrides, Precision, checked_spot
from geozones.domain.plan import (
    DecisionStatus,
    Lycee,
    Milestone,
    Origin,
    Plan,
    Sector,
    Zone,
    plan_of,
)
from geozones.domain.teams import (
    MAX_ID,
    SHARES,
    SHARES_RULE,
    SLOTS,
    Basis,
    Post,
    Teams,
    capacity,
    checked_size,
)
from geozones.domain.terms import terms, worded

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
        raise InputError(f"Un lieu de ce fichier n'a pas les champs {terms().site.of_a}.")
    names = [name for name in (*_TEXTS, "pupils_source") if name in row]
    texts = {name: row[name] for name in names}
    if not all(
        isinstance(text, str) and len(text) <= _MAX_TEXT and is_readable(text) and "\0" not in text
        for text in texts.values()
    ):
        raise InputError(
            f"Un lieu de ce fichier a un champ qui n'est pas un texte de {_MAX_TEXT} signes."
        )
    codes = row["associated_uais"]
    valid = (
        is_valid_id(row["id"])
        and texts["name"].strip()
        and _INSEE.fullmatch(texts["insee"])
        and texts["precision"] in set(Precision)
        and isinstance(codes, list)
        and all(isinstance(code, str) and is_code(code) for code in codes)
    )
    if not valid:
        key = str(row["id"])[:40]
        raise InputError(
            f"Le lieu « {key} » de ce fichier a un code, un nom ou une précision sans valeur."
        )
    spot = checked_spot(row["lat"], row["lon"])
    pupils = None
    if "pupils" in row:
        pupils = checked_size(
            row["pupils"], Basis.PUPILS, f"{terms().site.of_the} {texts['name'][:40]}"
        )
    return Lycee(**texts, lat=spot.lat, lon=spot.lon, associated_uais=tuple(codes), pupils=pupils)


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
        raise InputError(
            f"Le nombre {experts} d'un secteur est un entier de 0 à {MAX_TECHNICIANS}."
        )
    return value


def checked_experimental(value: object) -> bool:
    """Return a flag as a boolean; raise ``InputError`` if it is not true or false."""
    if not isinstance(value, bool):
        raise InputError("Un secteur est expérimental ou ne l'est pas : le champ est vrai ou faux.")
    return value


def checked_note(value: object) -> str:
    """Return a note as typed; raise ``InputError`` if it is too long or not a text."""
    if not isinstance(value, str) or len(value) > MAX_NOTE or not is_readable(value):
        raise InputError(f"La note d'un secteur est un texte de {MAX_NOTE} caractères au plus.")
    return value.strip()


def checked_milestones(value: object) -> tuple[Milestone, ...]:
    """Read the calendar of a sector: a list of ``{"date", "text", "uncertain"}``."""
    if not isinstance(value, list | tuple) or len(value) > MAX_MILESTONES:
        raise InputError(
            f"Le calendrier d'un secteur est une liste de {MAX_MILESTONES} dates au plus."
        )
    milestones = tuple(_milestone(entry, rank) for rank, entry in enumerate(value, 1))
    for before, after in pairwise(milestones):
        if after.date < before.date:
            raise InputError(
                f"Les dates du calendrier sont à l'envers : le {long_date(after.date)} vient "
                f"après le {long_date(before.date)}. Remettez-les dans l'ordre."
            )
    return milestones


def _milestone(entry: object, rank: int) -> Milestone:
    if not isinstance(entry, Mapping):
        raise InputError(f"La date {rank} du calendrier n'est pas un objet.")
    day, words, uncertain = (
        entry.get("date"),
        entry.get("text"),
        entry.get("uncertain", False),
    )
    if not isinstance(day, str) or not is_day(day):
        raise InputError(
            f"La date {rank} du calendrier s'écrit année-mois-jour, par exemple 2026-09-01."
        )
    words = " ".join(words.split()) if isinstance(words, str) and is_readable(words) else ""
    if not 1 <= len(words) <= MAX_MILESTONE or not isinstance(uncertain, bool):
        message = f"La date {rank} du calendrier a un texte de 1 à {MAX_MILESTONE} signes."
        raise InputError(message, field=f"{rank - 1}-text")
    return Milestone(day, words, uncertain)


def is_readable(value: str) -> bool:
    """Return whether a text has no lone surrogate, which no file can hold."""
    return not any("\ud800" <= character <= "\udfff" for character in value)


FORMAT, VERSION = "geozones.posts", 1
_MAX_POSTS = 2000


def post_to_json(post: Post) -> dict[str, Any]:
    """Return a post as a JSON object."""
    return {
        "id": post.id,
        "zone": post.zone,
        "share": post.share,
        "cells": list(post.cells),
        "residence": post.residence,
        "locked": sorted(post.locked),
    }


def post_from_json(document: Mapping[str, Any]) -> Post:
    """Read a post; `check_posts` says whether it fits a plan."""
    key, zone, residence = document["id"], document["zone"], document["residence"]
    share, cells = document["share"], tuple(document["cells"])
    if not isinstance(key, str) or not key.strip() or len(key) > MAX_ID:
        raise InputError(f"Le code d'un poste est un texte de 1 à {MAX_ID} caractères.")
    if not isinstance(zone, str) or not isinstance(residence, str | None):
        raise TypeError(document)
    if type(share) is not int or share not in SHARES:
        raise InputError(SHARES_RULE)
    if len(cells) != SLOTS or not all(cell is None or isinstance(cell, str) for cell in cells):
        raise InputError(f"La grille d'un poste a {SLOTS} demi-journées.")
    locked = frozenset(document["locked"])
    if not all(type(slot) is int and 0 <= slot < SLOTS for slot in locked):
        raise InputError(f"Une demi-journée verrouillée est un rang de 0 à {SLOTS - 1}.")
    worked, most = sum(cell is not None for cell in cells), capacity(share)
    if worked > most:
        raise InputError(f"Un poste à {share} % a {most} demi-journées par semaine, pas {worked}.")
    return Post(key, zone, share, cells, residence, locked)


def check_posts(posts: Sequence[Post], zones: Iterable[str], plan: Plan, before: Teams) -> None:
    """Check that posts may replace the posts of some zones (ids).

    A half-day in a lycée of another zone is refused, unless ``before`` had it there already: a
    grid whose lycée has left the zone stays unchanged until someone repairs it.
    """
    allowed = {plan.zone(zone_id).id for zone_id in zones}
    for post in posts:
        _check_zone(post, plan, before)
    others = {post.id for post in before.posts if post.zone not in allowed}
    keys = [post.id for post in posts]
    if len(set(keys)) != len(keys) or others & set(keys):
        raise InputError(
            "Un poste est dans une seule zone : un même code de poste est donné deux fois."
        )
    strays = [post for post in posts if post.zone not in allowed]
    if strays:
        raise InputError(
            f"Le poste {strays[0].id} n'est pas d'une zone que ce changement concerne."
        )
    if len(posts) + len(others) > _MAX_POSTS:
        raise InputError(f"Un plan a {_MAX_POSTS} postes au plus.")


def _check_zone(post: Post, plan: Plan, before: Teams) -> None:
    """Raise for a post in a lycée of another zone, unless it was there already."""
    zone = plan.zone(post.zone)
    old = next((entry for entry in before.posts if entry.id == post.id), None)
    kept = set() if old is None else {*old.lycees, old.residence}
    for lycee_id in (*post.lycees, *([] if post.residence is None else [post.residence])):
        where = plan.zone_of(lycee_id)
        if where.id != zone.id and lycee_id not in kept:
            raise InputError(
                f"Un poste est dans une seule zone : {terms().site.the} {lycee_id} est de la zone "
                f"{where.name}, pas de {zone.name}."
            )


def posts_document(posts: Iterable[Post]) -> dict[str, Any]:
    """Return posts as the JSON object of a file of posts."""
    return {
        "format": FORMAT,
        "version": VERSION,
        "posts": [post_to_json(post) for post in posts],
    }


def posts_from_document(document: object, plan: Plan) -> tuple[Post, ...]:
    """Read the JSON object of a file of posts."""
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise InputError("Ce fichier n'est pas un fichier de postes de geozones.")
    if document.get("version") != VERSION:
        raise InputError(f"Ce fichier de postes est d'une autre version que {VERSION}.")
    try:
        posts = tuple(post_from_json(post) for post in document["posts"])
    except (KeyError, TypeError, AttributeError) as error:
        raise InputError(
            "Ce fichier de postes est mal formé : un champ manque ou n'est pas du bon type."
        ) from error
    check_posts(posts, {post.zone for post in posts}, plan, Teams())
    return posts


#: Most lycées that a plan file may add or correct.
MAX_PLACES = 2000


def places_to_json(overrides: LocationOverrides, lycees: Mapping[str, Lycee]) -> dict[str, Any]:
    """Return the overrides as ``{"places": [lycée, …], "without": [id, …]}``, without empty lists.

    ``lycees`` are those of the data folder, by id. ``places`` has the lycées that differ from them,
    with all fields, and pupils only if the folder lacks the lycée; ``without`` has lycées of the
    folder only.
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
    if row.get("support_centre") is None:
        centre = None
    else:
        centre = _text(row["support_centre"], f"le code {terms().support_centre.of_a}")
    sector = Sector(
        id=_text(row["id"], "le code d'un secteur"),
        name=_text(row["name"], "le nom d'un secteur"),
        status=status,
        rns=None if row.get("rns") is None else _text(row["rns"], "le nom d'un RNS"),
        support_centre=centre,
        origin=_one_of(Origin, row["origin"], "l'origine") if "origin" in row else origin,
    )
    before = known.get(sector.id)
    if "origin" not in row and before is not None:
        # the tool's own names of its drafts have changed since
        name = before.name if before.is_draft and sector.is_draft else sector.name
        sector = replace(sector, name=name, experimental=before.experimental)
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

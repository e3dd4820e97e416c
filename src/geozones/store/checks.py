"""Checks before writing: texts that every database takes, dates, a tree of events that holds."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from geozones.common.errors import InputError
from geozones.domain import (
    Decision,
    Event,
    Scenario,
    ScenarioStatus,
    UnknownScenarioError,
)

_ID = re.compile(r"[A-Za-z0-9_.:~-]{1,100}")
_MAX_VERSION = 2**31 - 1
_SHOWN = 5


def _no_constant(name: str) -> None:
    """Refuse NaN and the infinities, which are no JSON."""
    raise ValueError(name)


_DECODER = json.JSONDecoder(parse_constant=_no_constant)


def refuse(faults: Iterable[str], what: str) -> None:
    """Raise one error that lists the first faults, if there is any.

    Raises
    ------
    InputError
        If there is a fault.
    """
    listed = list(faults)
    if listed:
        more = f" ; et {len(listed) - _SHOWN} autres" if len(listed) > _SHOWN else ""
        msg = f"{what} : " + " ; ".join(listed[:_SHOWN]) + f"{more} ; rien n'a été enregistré."
        raise InputError(msg)


def scenario_faults(scenario: Scenario) -> Iterator[str]:
    """Say what keeps a scenario from being kept, its events included."""
    yield from stored_faults(scenario)
    yield from json_faults(scenario.base, "base")
    yield from _data_faults(scenario.events)


def stored_faults(scenario: Scenario) -> Iterator[str]:
    """Say what is wrong in a scenario that was read, where JSON has been parsed already."""
    if not is_id(scenario.id):
        yield "son code doit avoir de 1 à 100 lettres sans accent, chiffres, « - » ou « _ »"
    for name in ("name", "description", "origin", "author"):
        yield from text_faults(getattr(scenario, name), name)
    for name in ("created", "updated"):
        if not is_date(getattr(scenario, name)):
            yield f"« {name} » n'est pas une date ISO 8601"
    yield from _decision_faults(scenario.decisions)
    if not 0 <= scenario.version <= _MAX_VERSION:
        yield "« version » n'est pas un numéro de version"
    yield from _tree_faults(scenario.events, scenario.head, {})


def summary_faults(row: Mapping[str, Any]) -> Iterator[str]:
    """Say what is wrong in the line of a scenario that was read."""
    if not is_id(row["id"]):
        yield "son code n'en est pas un"
    for name in ("name", "author"):
        yield from text_faults(row[name], name)
    for name in ("created", "updated"):
        if not is_date(row[name]):
            yield f"« {name} » n'est pas une date ISO 8601"
    if row["status"] not in set(ScenarioStatus):
        yield "« status » doit être l'un de : " + ", ".join(ScenarioStatus)
    if type(row["moves"]) is not int:
        yield "« moves » n'est pas un nombre"


def update_faults(given: Mapping[str, Any]) -> Iterator[str]:
    """Say what keeps some fields of a scenario from being written."""
    for name in ("name", "description"):
        yield from text_faults(given.get(name, ""), name)
    yield from _decision_faults(given.get("decisions", ()))


def event_faults(
    events: Iterable[Event], head: str | None, known: Mapping[str, int]
) -> Iterator[str]:
    """Say what keeps events, and a head, from being added after the events known."""
    yield from _tree_faults(events, head, known)
    yield from _data_faults(events)


def _data_faults(events: Iterable[Event]) -> Iterator[str]:
    for event in events:
        yield from (f"changement {event.id} : {fault}" for fault in json_faults(event.data, "data"))


def _tree_faults(
    events: Iterable[Event], head: str | None, known: Mapping[str, int]
) -> Iterator[str]:
    seen = set(known)
    for event in events:
        if not is_id(event.id):
            yield "le code d'un changement doit avoir de 1 à 100 lettres sans accent ou chiffres"
            continue
        where = f"changement {event.id}"
        if event.id in seen:
            yield f"{where} : il y est déjà"
        if event.parent is not None and event.parent not in seen:
            yield f"{where} : le changement qui le précède n'existe pas"
        seen.add(event.id)
        for name in ("kind", "author", "why"):
            yield from (f"{where} : {fault}" for fault in text_faults(getattr(event, name), name))
        if not is_date(event.at):
            yield f"{where} : « at » n'est pas une date ISO 8601"
    if head is not None and head not in seen:
        yield "le dernier changement appliqué n'existe pas"


def depths(events: Iterable[Event], known: Mapping[str, int]) -> dict[str, int]:
    """Count the events from the root to each; ``events`` have no fault."""
    depth = dict(known)
    for event in events:
        depth[event.id] = 1 + (depth[event.parent] if event.parent is not None else 0)
    return depth


def check_key(key: str) -> None:
    """Refuse what cannot be an id before a database, which may choke on it, is asked.

    Raises
    ------
    UnknownScenarioError
        If it cannot be one.
    """
    if not is_id(key):
        raise UnknownScenarioError(key)


def is_id(value: object) -> bool:
    """Tell whether this can be an id: safe in a link and in an index."""
    return isinstance(value, str) and _ID.fullmatch(value) is not None


def is_date(value: object) -> bool:
    """Tell whether this is an ISO 8601 date or time."""
    try:
        datetime.fromisoformat(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return False
    return True


def _decision_faults(decisions: Iterable[Decision]) -> Iterator[str]:
    for decision in decisions:
        yield from text_faults(decision.text, "decision.text")
        yield from text_faults(decision.author, "decision.author")
        yield from text_faults(decision.frozen, "decision.frozen")
        if not is_date(decision.at):
            yield "« decision.at » n'est pas une date ISO 8601"
        if not 0 <= decision.version <= _MAX_VERSION:
            yield "« decision.version » n'est pas un numéro de version"


def text_faults(value: object, name: str) -> Iterator[str]:
    """Say what keeps a text from being kept as it is by every database."""
    if not isinstance(value, str):
        yield f"« {name} » doit être un texte"
    elif "\0" in value or not _is_unicode(value):
        yield f"« {name} » contient un caractère illisible"


def _is_unicode(value: str) -> bool:
    """Tell whether a text has no lone surrogate, which no database takes."""
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def json_faults(value: Mapping[str, Any], name: str) -> Iterator[str]:
    """Say what keeps an object from being written as JSON and read back the same."""
    try:
        write_json(value)
    except InputError:
        yield f"« {name} » n'est pas un objet JSON"


def parse_json(text: object, name: str) -> Any:  # noqa: ANN401 - any JSON value
    """Parse what a column holds.

    Raises
    ------
    InputError
        If it is not JSON.
    """
    try:
        return _DECODER.decode(text)  # type: ignore[arg-type]
    except (TypeError, ValueError, RecursionError) as error:
        msg = f"« {name} » n'est pas du JSON"
        raise InputError(msg) from error


def write_json(value: Any) -> str:  # noqa: ANN401 - any JSON value
    """Write JSON in ASCII, so that no database meets a character that it refuses.

    Raises
    ------
    InputError
        If it is not a JSON value.
    """
    value = dict(value) if isinstance(value, Mapping) else value
    try:
        return json.dumps(value, allow_nan=False, separators=(",", ":"))
    except (TypeError, ValueError, RecursionError) as error:
        msg = "Ce contenu ne peut pas être écrit en JSON : rien n'a été enregistré."
        raise InputError(msg) from error

"""A scenario as a JSON object, and back, each field checked."""

from collections.abc import Callable, Mapping
from dataclasses import fields
from typing import Any

from geozones.common.errors import InputError
from geozones.domain import Decision, Event, Scenario, ScenarioStatus

type Document = dict[str, Any]

_STATUSES = {status.value: status for status in ScenarioStatus}


def to_document(scenario: Scenario) -> Document:
    """Return the scenario, whole, as a JSON object."""
    document = _object(scenario)
    document["base"] = dict(scenario.base)
    document["status"] = scenario.status.value
    document["decisions"] = [_object(decision) for decision in scenario.decisions]
    document["events"] = [{**_object(event), "data": dict(event.data)} for event in scenario.events]
    return document


def from_document(document: Any) -> Scenario:  # noqa: ANN401 - whatever a file holds
    """Read a scenario; see ``checks.scenario_faults`` for what is left to check.

    Raises
    ------
    InputError
        If a field is missing, unknown or of another type; the message names it.
    """
    values = _fields(document, Scenario)
    _typed(values, "base", dict, "un objet")
    _typed(values, "archived", bool, "vrai ou faux")
    _typed(values, "version", int, "un nombre entier")
    if isinstance(values["version"], bool):
        raise _not_a(name="version", word="un nombre entier")
    if not isinstance(values["status"], str) or values["status"] not in _STATUSES:
        raise _not_a(name="status", word="l'un de : " + ", ".join(_STATUSES))
    values["status"] = _STATUSES[values["status"]]
    values["decisions"] = _each(values, "decisions", _decision)
    values["events"] = _each(values, "events", _event)
    _optional_text(values, "head")
    return Scenario(**values)


def decisions_of(items: Any) -> tuple[Decision, ...]:  # noqa: ANN401
    """Read a list of decision notes.

    Raises
    ------
    InputError
        If it is not one.
    """
    return _each({"decisions": items}, "decisions", _decision)


def decisions_as(decisions: tuple[Decision, ...]) -> list[Document]:
    """Return decision notes as JSON objects."""
    return [_object(decision) for decision in decisions]


def _decision(document: Any) -> Decision:  # noqa: ANN401
    return Decision(**_fields(document, Decision))


def _event(document: Any) -> Event:  # noqa: ANN401
    values = _fields(document, Event)
    _typed(values, "data", dict, "un objet")
    _optional_text(values, "parent")
    return Event(**values)


def _object(value: Scenario | Event | Decision) -> Document:
    return {item.name: getattr(value, item.name) for item in fields(value)}


def _fields(document: Any, owner: type[Scenario | Event | Decision]) -> Document:  # noqa: ANN401
    if not isinstance(document, dict):
        raise _not_a(owner.__name__.lower(), "un objet")
    names = {item.name for item in fields(owner)}
    missing, unknown = sorted(names - document.keys()), sorted(document.keys() - names)
    if missing or unknown:
        fault = f"il manque « {missing[0]} »" if missing else f"« {unknown[0][:60]} » est inconnu"
        raise InputError(fault)
    return dict(document)


def _each[T](values: Mapping[str, Any], name: str, read: Callable[[Any], T]) -> tuple[T, ...]:
    _typed(values, name, list, "une liste")
    return tuple(read(item) for item in values[name])


def _typed(values: Mapping[str, Any], name: str, kind: type, word: str) -> None:
    if not isinstance(values[name], kind):
        raise _not_a(name, word)


def _optional_text(values: Mapping[str, Any], name: str) -> None:
    if values[name] is not None:
        _typed(values, name, str, "un texte")


def _not_a(name: str, word: str) -> InputError:
    return InputError(f"« {name} » doit être {word}")

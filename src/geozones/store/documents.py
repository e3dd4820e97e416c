"""Scenarios and publications as JSON objects, and back, each field checked."""

from collections.abc import Callable, Mapping
from dataclasses import fields
from typing import Any

from geozones.common.errors import InputError
from geozones.domain import Decision, Event, Publication, Scenario, ScenarioStatus

type Document = dict[str, Any]
type _Kept = Scenario | Event | Decision | Publication

#: What decisions did not say before they were of a version.
_VERSIONED: Document = {"version": 0, "frozen": ""}
_STATUSES = {status.value: status for status in ScenarioStatus}


def to_document(scenario: Scenario) -> Document:
    """Return the scenario, whole, as a JSON object."""
    document = _object(scenario)
    document["base"] = dict(scenario.base)
    document["status"] = scenario.status.value
    document["decisions"] = decisions_as(scenario.decisions)
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


def publication_as(publication: Publication) -> Document:
    """Return a publication as a JSON object."""
    return _object(publication) | {"plan": dict(publication.plan)}


def publication_of(document: Any) -> Publication:  # noqa: ANN401 - whatever a file holds
    """Read a publication; see ``publications.publication_faults`` for what is left to check.

    Raises
    ------
    InputError
        If a field is missing, unknown or of another type; the message names it.
    """
    values = _fields(document, Publication)
    _typed(values, "plan", dict, "un objet")
    for name in ("position", "scenario_version"):
        if type(values[name]) is not int:
            raise _not_a(name, "un nombre entier")
    _optional_text(values, "withdraws")
    return Publication(**values)


def decisions_of(items: Any) -> tuple[Decision, ...]:  # noqa: ANN401
    """Read a list of decision notes.

    Raises
    ------
    InputError
        If it is not one.
    """
    return _each({"decisions": items}, "decisions", _decision)


def decisions_as(decisions: tuple[Decision, ...]) -> list[Document]:
    """Return decision notes as JSON objects, each without a version where it has none."""
    return [
        {
            name: value
            for name, value in _object(decision).items()
            if value or name not in _VERSIONED
        }
        for decision in decisions
    ]


def _decision(document: Any) -> Decision:  # noqa: ANN401
    values = _fields(
        {**_VERSIONED, **document} if isinstance(document, dict) else document, Decision
    )
    if type(values["version"]) is not int:
        raise _not_a(name="version", word="un nombre entier")
    return Decision(**values)


def _event(document: Any) -> Event:  # noqa: ANN401
    values = _fields(document, Event)
    _typed(values, "data", dict, "un objet")
    _optional_text(values, "parent")
    return Event(**values)


def _object(value: _Kept) -> Document:
    return {item.name: getattr(value, item.name) for item in fields(value)}


def _fields(document: Any, owner: type[_Kept]) -> Document:  # noqa: ANN401
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

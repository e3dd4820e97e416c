"""Scenario files: a scenario as JSON, to transfer it to another installation."""

import json
from dataclasses import replace
from typing import Any

from geozones.common.errors import InputError
from geozones.common.json_parts import has_too_many_parts
from geozones.domain import Decision, Scenario, ScenarioStatus
from geozones.records.kinds import SCENARIO

FORMAT, VERSION = "geozones.scenario", 1
MAX_BYTES = 20_000_000
#: Who decided what a file tells without a name.
_UNNAMED = "une personne non nommée"
_REFUSED = "Ce scénario ne peut pas être importé"


def decided_elsewhere(scenario: Scenario, importer: str, day: str) -> Scenario:
    """Return a file's scenario as a hypothesis: its decisions are not trusted, only quoted.

    Parameters
    ----------
    importer
        The importing user: each decision is signed « selon le fichier importé par » them.
    day
        Today's date (ISO).
    """
    according = f"selon le fichier importé par {importer}"
    decisions = tuple(
        Decision(entry.at, entry.text, f"{entry.author or _UNNAMED}, {according}")
        for entry in scenario.decisions
    )
    if scenario.status is not ScenarioStatus.HYPOTHESIS:
        text = f"Le fichier importé donne le statut « {scenario.status} », qui n'est pas repris."
        decisions = (*decisions, Decision(day, text, importer))
    return replace(scenario, status=ScenarioStatus.HYPOTHESIS, decisions=decisions)


def scenario_document(scenario: Scenario) -> dict[str, Any]:
    """Return a whole scenario as the JSON object of a scenario file."""
    return {"format": FORMAT, "version": VERSION, "scenario": SCENARIO.to_json(scenario)}


def read_scenario(content: bytes) -> Scenario:
    """Read a scenario file.

    Raises
    ------
    InputError
        If it is too big, truncated, of another version, or a field is missing or wrong.
    """
    if len(content) > MAX_BYTES:
        msg = f"{_REFUSED} : le fichier est trop gros ({MAX_BYTES // 1_000_000} Mo au plus)."
        raise InputError(msg)
    if has_too_many_parts(content):
        msg = f"{_REFUSED} : le fichier a trop d'éléments, ce n'est pas un scénario de geozones."
        raise InputError(msg)
    try:
        document = json.loads(content)
    except (ValueError, RecursionError) as error:
        msg = f"{_REFUSED} : le fichier est tronqué ou n'est pas du JSON."
        raise InputError(msg) from error
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        msg = f"{_REFUSED} : ce n'est pas un scénario de geozones."
        raise InputError(msg)
    if document.get("version") != VERSION:
        msg = f"{_REFUSED} : il vient d'une autre version, mettez geozones à jour."
        raise InputError(msg)
    try:
        return SCENARIO.from_json(document.get("scenario"))
    except InputError as error:
        msg = f"{_REFUSED} : {error}."
        raise InputError(msg) from error

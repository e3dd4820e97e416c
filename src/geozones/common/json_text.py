"""JSON reader and writer, in ASCII, with limits on depth and numbers."""

import json
from collections.abc import Mapping
from typing import Any

from geozones.common.errors import InputError

#: Deepest nesting and largest whole number of a JSON value: beyond, a reader may fail.
MAX_DEPTH, MAX_NUMBER = 100, 2**53


def _no_constant(name: str) -> None:
    """Raise for NaN and the infinities, which are not JSON."""
    raise ValueError(name)


_DECODER = json.JSONDecoder(parse_constant=_no_constant)


def parse_json(text: object, name: str) -> Any:  # noqa: ANN401 - any JSON value
    """Parse a text as JSON; raise ``InputError`` if it is invalid or exceeds a limit."""
    try:
        value = _DECODER.decode(text)  # type: ignore[arg-type]
    except (TypeError, ValueError, RecursionError) as error:
        msg = f"« {name} » n'est pas du JSON"
        raise InputError(msg) from error
    fault = json_fault(value)
    if fault is not None:
        msg = f"« {name} » {fault}"
        raise InputError(msg)
    return value


def write_json(value: Any) -> str:  # noqa: ANN401 - any JSON value
    """Write JSON in ASCII, so that every database accepts its characters.

    Raises
    ------
    InputError
        If the value is not a JSON value.
    """
    value = dict(value) if isinstance(value, Mapping) else value
    try:
        return json.dumps(value, allow_nan=False, separators=(",", ":"))
    except (TypeError, ValueError, RecursionError) as error:
        msg = "Ce contenu ne peut pas être écrit en JSON : rien n'a été enregistré."
        raise InputError(msg) from error


def json_fault(value: object) -> str | None:
    """Return the fault that would prevent writing a value as JSON and reading it back the same."""
    level: list[object] = [value]
    for _ in range(MAX_DEPTH):
        if not level:
            return None
        below: list[object] = []
        for item in level:
            if isinstance(item, Mapping):
                if not all(isinstance(key, str) for key in item):
                    return "n'est pas un objet JSON"
                below.extend(item.values())
            elif isinstance(item, list | tuple):
                below.extend(item)
            elif not _is_plain(item):
                return "n'est pas un objet JSON"
        level = below
    return f"a plus de {MAX_DEPTH} niveaux" if level else None


def _is_plain(value: object) -> bool:
    """Return whether a value is a text, a bounded number, true, false or null."""
    if isinstance(value, float):
        return value - value == 0  # neither NaN nor infinite
    if isinstance(value, int):
        return abs(value) <= MAX_NUMBER
    return value is None or isinstance(value, str)


#: Most lists and objects in a text: each takes some hundred bytes once parsed.
MAX_JSON_PARTS = 1_500_000


def has_too_many_parts(text: str | bytes) -> bool:
    """Return whether a JSON text may hold more lists and objects than can be parsed."""
    if isinstance(text, str):
        return text.count("[") + text.count("{") > MAX_JSON_PARTS
    return text.count(b"[") + text.count(b"{") > MAX_JSON_PARTS

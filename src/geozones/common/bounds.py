"""Bounds of kept and received values: type hints of fields, figures of services, depth of JSON.

A field annotated with one of these hints, such as ``id: Key``, is a plain ``str`` or ``int`` for
the rest of the code; the record of its class refuses any value that is out of bounds, wherever it
comes from: a form, a file, a row of the database. `geozones.records` checks them in kept records,
`domain.proposal_conditions` in requests.

JSON is written in ASCII, and read with limits on its depth and its numbers.
"""

import json
import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Annotated, Any

from geozones.common.errors import InputError
from geozones.common.french import is_day

_KEY = re.compile(r"[A-Za-z0-9_.:~-]{1,100}")
_DIGEST = re.compile(r"[0-9a-f]{64}")
_MONTH = re.compile(r"\d{4}-\d{2}")
#: Longest text, in characters. The longest that a form takes is 4,000.
MAX_TEXT = 100_000
#: Longest text that a program writes, such as the rows of a month of a journal.
MAX_LONG_TEXT = 200_000_000
#: Largest whole number: PostgreSQL's ``integer``.
MAX_INTEGER = 2**31 - 1


#: Metadata of a field that entries written by earlier versions lack: its default stands for it.
ADDED_LATER = {"added_later": True}


@dataclass(frozen=True, slots=True)
class Bound:
    """A limit on a value."""

    #: Returns the fault of a value, as the end of a French sentence that begins with the name of
    #: the field; ``None`` for nothing.
    fault: Callable[[object], str | None]


def text_fault(value: object, limit: int = MAX_TEXT) -> str | None:
    """Return the fault that would keep some database from storing a text unchanged."""
    if not isinstance(value, str):
        return "doit être un texte"
    if "\0" in value or not _is_unicode(value):
        return "contient un caractère illisible"
    if len(value) > limit:
        return f"est un texte de plus de {limit} caractères"
    return None


def is_id(value: object) -> bool:
    """Return whether a value can be an id, safe in a link and in an index."""
    return isinstance(value, str) and _KEY.fullmatch(value) is not None


def is_site_id(value: object) -> bool:
    """Return whether a value can be the id of a site: a short printable text without slash."""
    return (
        isinstance(value, str)
        and 0 < len(value) <= 100
        and value.isprintable()
        and not ({"/", "\\"} & set(value))
    )


def is_date(value: object) -> bool:
    """Return whether a value is an ISO 8601 date or time."""
    try:
        datetime.fromisoformat(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return False
    return True


def _is_unicode(value: str) -> bool:
    """Return whether a text has no lone surrogate, which no database accepts."""
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def _matching(accepts: Callable[[object], bool], words: str) -> Bound:
    return Bound(lambda value: None if accepts(value) else words)


def _matching_or_empty(accepts: Callable[[object], bool], words: str) -> Bound:
    return Bound(lambda value: None if value == "" or accepts(value) else words)


def at_least(least: float, words: str) -> Bound:
    """Return the bound of a number from ``least`` on, with the end of the refusing sentence."""
    return _matching(lambda value: isinstance(value, int | float) and value >= least, words)


def more_than(limit: float, words: str) -> Bound:
    """Return the bound of a number above a limit, with the end of the refusing sentence."""
    return _matching(lambda value: isinstance(value, int | float) and value > limit, words)


def _pattern(pattern: re.Pattern[str]) -> Callable[[object], bool]:
    return lambda value: isinstance(value, str) and pattern.fullmatch(value) is not None


def _between(low: int, high: int) -> Callable[[object], bool]:
    return lambda value: type(value) is int and low <= value <= high


_A_KEY = "doit être un code de 1 à 100 lettres sans accent, chiffres, « - » ou « _ »"
_A_SITE_ID = "doit être un code de 1 à 100 caractères, sans barre oblique"
_A_DATE = "n'est pas une date ISO 8601"
_A_DAY = "n'est pas un jour (AAAA-MM-JJ)"

Text = Annotated[str, Bound(text_fault)]
LongText = Annotated[str, Bound(partial(text_fault, limit=MAX_LONG_TEXT))]
SiteId = Annotated[str, _matching(is_site_id, _A_SITE_ID)]
Key = Annotated[str, _matching(is_id, _A_KEY)]
KeyOrEmpty = Annotated[str, _matching_or_empty(is_id, _A_KEY)]
#: A day or a time, ISO 8601.
Moment = Annotated[str, _matching(is_date, _A_DATE)]
MomentOrEmpty = Annotated[str, _matching_or_empty(is_date, _A_DATE)]
Day = Annotated[str, _matching(is_day, _A_DAY)]
DayOrEmpty = Annotated[str, _matching_or_empty(is_day, _A_DAY)]
Month = Annotated[str, _matching(_pattern(_MONTH), "n'est pas un mois (AAAA-MM)")]
#: A SHA-256 in hexadecimal.
Digest = Annotated[str, _matching(_pattern(_DIGEST), "n'est pas une empreinte SHA-256")]
Count = Annotated[int, _matching(_between(0, MAX_INTEGER), "n'est pas un nombre entier de 0 à 2³¹")]
#: A position in an order, from 1.
Rank = Annotated[int, _matching(_between(1, MAX_INTEGER), "n'est pas un rang à partir de 1")]


def figure(value: object) -> float | None:
    """Read a number, or text with a decimal point or comma; ``None`` for anything else."""
    if isinstance(value, bool):
        return None
    try:
        number = float(str(value).strip().replace(",", "."))
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def degrees(value: object, most: float) -> float | None:
    """Parse an angle between -``most`` and ``most`` degrees; ``None`` for anything else."""
    angle = figure(value)
    return angle if angle is not None and abs(angle) <= most else None


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
        raise InputError(f"« {name} » n'est pas du JSON") from error
    fault = json_fault(value)
    if fault is not None:
        raise InputError(f"« {name} » {fault}")
    return value


def write_json(value: Any) -> str:  # noqa: ANN401 - any JSON value
    """Write JSON in ASCII, so that every database accepts its characters."""
    value = dict(value) if isinstance(value, Mapping) else value
    try:
        return json.dumps(value, allow_nan=False, separators=(",", ":"))
    except (TypeError, ValueError, RecursionError) as error:
        raise InputError(
            "Ce contenu ne peut pas être écrit en JSON : rien n'a été enregistré."
        ) from error


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

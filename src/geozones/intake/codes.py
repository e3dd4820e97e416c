"""A UAI as it is printed: the one reading that its key letter and the directory bear out."""

import re
from collections.abc import Container, Sequence
from dataclasses import dataclass
from enum import StrEnum

from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from geozones.domain.uai import is_uai

_DIGITS = {"O": "0", "Q": "0", "D": "0", "I": "1", "L": "1", "|": "1", "S": "5", "B": "8", "Z": "2"}
_LETTERS = {"5": "S", "1": "L", "0": "D", "8": "B", "2": "Z", "I": "L", "|": "L", "O": "D"}
_DATE = re.compile(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{2,4}( .*)?")
_SHAPE = re.compile(r"[0-9A-Z|]{7,8}")
_BETWEEN = re.compile(r"\s*(?:/|;|,|\+|&|\bet\b)\s*", re.IGNORECASE)
#: A code this close to a known one bears out a name, and is nothing alone.
NEAR = 2
_SHORTEST = 7


class Reading(StrEnum):
    """What a printed code is."""

    NONE = "aucun"
    EXACT = "exact"
    REPAIRED = "réparé"
    UNKNOWN = "inconnu"
    UNREADABLE = "illisible"


@dataclass(frozen=True, slots=True)
class Code:
    """A printed code and what it is read as.

    ``uai`` is empty where it cannot be read; ``star`` marks a second site of the establishment.
    """

    printed: str
    reading: Reading
    uai: str = ""
    star: bool = False
    date: bool = False


def read_code(printed: str, known: Container[str]) -> Code:
    """Read a code cell against the codes of the directory."""
    text = printed.strip().strip("'\"").upper()
    star = text.endswith("*")
    bare = re.sub(r"[\s.\-_*]", "", text)
    if not bare:
        return Code(printed, Reading.NONE)
    if _DATE.fullmatch(text):
        return Code(printed, Reading.UNREADABLE, date=True)
    if is_uai(bare):
        reading = Reading.EXACT if bare in known else Reading.UNKNOWN
        return Code(printed, reading, bare, star)
    found = [code for code in readings(bare) if code in known]
    if len(found) == 1:
        return Code(printed, Reading.REPAIRED, found[0], star)
    return Code(printed, Reading.UNREADABLE, star=star)


def readings(text: str) -> tuple[str, ...]:
    """Return the codes with a right key letter that an optical reader may have taken for this.

    A spreadsheet that dropped the first zero is undone too.
    """
    found = []
    for whole in (text, f"0{text}") if len(text) == 7 else (text,):
        if len(whole) != 8 or not _SHAPE.fullmatch(whole):
            continue
        number = "".join(_DIGITS.get(sign, sign) for sign in whole[:7])
        last = whole[7]
        keys = {last, _LETTERS.get(last, last)}
        found += [number + key for key in sorted(keys) if number.isdecimal() and key.isalpha()]
    return tuple(code for code in found if is_uai(code))


def split_codes(printed: str) -> tuple[str, ...]:
    """Return the codes of a cell that holds several: « 0440062D / 0440063E »."""
    parts = [part for part in _BETWEEN.split(printed) if part.strip()]
    several = len(parts) > 1 and all(len(part) >= _SHORTEST for part in parts)
    return tuple(parts) if several else (printed,)


def near_codes(printed: str, known: Sequence[str]) -> frozenset[str]:
    """Return the known codes within two signs of an unreadable one."""
    bare = re.sub(r"[\s.\-_*]", "", printed.upper())
    if not _SHORTEST - 1 <= len(bare) <= _SHORTEST + 3:
        return frozenset()
    plain = "".join(_DIGITS.get(sign, sign) for sign in bare[:7]) + bare[7:]
    return frozenset(
        code
        for text in dict.fromkeys((bare, plain))
        for code, _, _ in process.extract(
            text, known, scorer=Levenshtein.distance, score_cutoff=NEAR, limit=None
        )
    )

"""UAI codes printed in a list: read, repaired by their key letter, or unreadable."""

import re
from collections.abc import Container, Sequence
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256

from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from geozones.common.french import folded
from geozones.domain.identifiers import Scheme, is_free_id, is_uai, scheme

#: Characters that an optical reader confuses with a digit, and with a letter.
_DIGITS = {"O": "0", "Q": "0", "D": "0", "I": "1", "L": "1", "|": "1", "S": "5", "B": "8", "Z": "2"}
_LETTERS = {"5": "S", "1": "L", "0": "D", "8": "B", "2": "Z", "I": "L", "|": "L", "O": "D"}
_DATE = re.compile(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{2,4}( .*)?")
_SHAPE = re.compile(r"[0-9A-Z|]{7,8}")
_BETWEEN_CODES = re.compile(r"\s*(?:/|;|,|\+|&|\bet\b)\s*", re.IGNORECASE)
_LENGTH = 8
#: Length of a code that lost its first zero, as spreadsheets do to « 0530010Y ».
_SHORTEST = 7
#: Largest edit distance at which an unreadable code is near a known code. A near code confirms a
#: name; it identifies nothing by itself.
MAX_DISTANCE = 2
#: Length at most of a provisional key after the département, and of the digest in a long one.
_LONGEST_KEY, _DIGEST = 60, 8


class CodeReading(StrEnum):
    """Reading of a printed code."""

    NONE = "aucun"
    EXACT = "exact"
    REPAIRED = "réparé"
    UNKNOWN = "inconnu"
    UNREADABLE = "illisible"


@dataclass(frozen=True, slots=True)
class PrintedCode:
    """Printed code, and its reading."""

    printed: str
    reading: CodeReading
    uai: str = ""  # The code that was read; empty if ``reading`` is ``NONE`` or ``UNREADABLE``.
    #: Whether an asterisk follows it, which marks a second site of the establishment.
    star: bool = False
    date: bool = False  # Whether the cell holds a date.


def read_code(printed: str, known: Container[str]) -> PrintedCode:
    """Read a cell as a UAI.

    A code with a correct key letter is taken unchanged; another is repaired if exactly one of
    its possible readings is in ``known``, the codes of the directory. Where ids are free, a code
    is taken as it is.
    """
    if scheme() is Scheme.FREE:
        return _free(printed, known)
    text = printed.strip().strip("'\"").upper()
    star = text.endswith("*")
    bare = _without_punctuation(text)
    if not bare:
        return PrintedCode(printed, CodeReading.NONE)
    if _DATE.fullmatch(text):
        return PrintedCode(printed, CodeReading.UNREADABLE, date=True)
    if is_uai(bare):
        reading = CodeReading.EXACT if bare in known else CodeReading.UNKNOWN
        return PrintedCode(printed, reading, bare, star)
    # the UAIs with a correct key letter that an optical reader may have read as text. Seven
    # characters are also tried with the first zero that a spreadsheet drops
    codes = []
    for whole in (bare, f"0{bare}") if len(bare) == _SHORTEST else (bare,):
        if len(whole) != _LENGTH or not _SHAPE.fullmatch(whole):
            continue
        number = "".join(_DIGITS.get(sign, sign) for sign in whole[:7])
        last = whole[7]
        keys = {last, _LETTERS.get(last, last)}
        codes += [number + key for key in sorted(keys) if number.isdecimal() and key.isalpha()]
    repaired = [code for code in tuple(code for code in codes if is_uai(code)) if code in known]
    if len(repaired) == 1:
        return PrintedCode(printed, CodeReading.REPAIRED, repaired[0], star)
    return PrintedCode(printed, CodeReading.UNREADABLE, star=star)


def _free(printed: str, known: Container[str]) -> PrintedCode:
    text = " ".join(printed.split())
    if not text:
        return PrintedCode(printed, CodeReading.NONE)
    if text in known:
        return PrintedCode(printed, CodeReading.EXACT, text)
    reading = CodeReading.UNKNOWN if is_free_id(text) else CodeReading.UNREADABLE
    return PrintedCode(printed, reading, text if reading is CodeReading.UNKNOWN else "")


def split_codes(printed: str) -> tuple[str, ...]:
    """Return the codes of a cell that may hold several: « 0440062D / 0440063E »."""
    parts = [part for part in _BETWEEN_CODES.split(printed) if part.strip()]
    several = len(parts) > 1 and all(len(part) >= _SHORTEST for part in parts)
    return tuple(parts) if several else (printed,)


def near_codes(printed: str, known: Sequence[str]) -> frozenset[str]:
    """Return the known codes at most `MAX_DISTANCE` edits away from an unreadable one."""
    bare = _without_punctuation(printed.upper())
    if not _SHORTEST - 1 <= len(bare) <= _SHORTEST + 3:
        return frozenset()
    plain = "".join(_DIGITS.get(sign, sign) for sign in bare[:7]) + bare[7:]
    return frozenset(
        code
        for text in dict.fromkeys((bare, plain))
        for code, _, _ in process.extract(
            text, known, scorer=Levenshtein.distance, score_cutoff=MAX_DISTANCE, limit=None
        )
    )


def provisional_key(departement: str, name: str, commune: str) -> str:
    """Return the id of a lycée without a published code: « X53-les-iris-craon »."""
    label = name if folded(commune) in folded(name) else f"{name} {commune}"
    slug = re.sub(r"[^a-z0-9]+", "-", folded(label)).strip("-")
    if len(slug) > _LONGEST_KEY:  # two long names may begin alike
        digest = sha256(slug.encode()).hexdigest()[:_DIGEST]
        slug = f"{slug[: _LONGEST_KEY - _DIGEST - 1].rstrip('-')}-{digest}"
    return f"X{departement}-{slug}"


def _without_punctuation(code: str) -> str:
    return re.sub(r"[\s.\-_*]", "", code)

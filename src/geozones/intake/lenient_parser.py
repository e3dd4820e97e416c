"""Lenient parser of a row with lost tabs, or cut in two, by the look of its parts."""

import re
from collections.abc import Container, Sequence

from geozones.intake.listing import Fields

#: Digits, and characters that an optical reader confuses with digits.
_DIGIT = "0-9OoIl|SsBZ"
_DEPARTEMENT = re.compile(rf"\W*([{_DIGIT}]{{2}})(?=[\t ]|[{_DIGIT}]{{7}}|[{_DIGIT}]{{0,6}}\s*\Z)")
_CODE = re.compile(rf"[\t ]*([{_DIGIT}]{{7}}[A-Za-z0-9|])(\*?)(?![a-z])")
#: A code with the name behind it, without any space.
_GLUED_CODE = re.compile(rf"[\t ]*([{_DIGIT}]{{7}}[A-Z0-9|])(\*?)")
#: Any word of 5 to 12 characters with three digits.
_BROKEN_CODE = re.compile(r"[\t ]*((?=[^\t ]*\d[^\t ]*\d[^\t ]*\d)[^\t ]{5,12})")
#: Text after the département in a row cut inside its code (« 04921 », if the next line begins with
#: « 48U »), or cut before its code.
_CUT_CODE = re.compile(rf"[\t ]*[{_DIGIT}]{{0,7}}[\t ]*")
_ODD_START = re.compile(r"\W*\d?[\t ]+")
_TO_DIGITS = str.maketrans("OoIl|SsBZ", "001115582")
#: Least digits and characters of an apparent code at the start of a row.
_FEWEST_DIGITS, _SHORTEST_CODE = 4, 7


def read_departement(text: str, known: Container[str]) -> str:
    """Return a known département's code, repairing misread digits; empty if it is none."""
    code = text.strip().translate(_TO_DIGITS)
    return code if code in known else ""


def parse_leniently(text: str, departements: Container[str]) -> Fields:
    """Parse a row as a département, a code, a name and a commune, in this order.

    The first two are recognised by their characters; the rest at tabs. Each may be missing.
    """
    rest, departement = text, ""
    start = _DEPARTEMENT.match(rest)
    if start and (departement := read_departement(start[1], departements)):
        rest = rest[start.end() :]
    code = ""
    match = _CODE.match(rest) or _GLUED_CODE.match(rest) or _BROKEN_CODE.match(rest)
    if match:
        code = "".join(match.groups())
        rest = rest[match.end() :]
    cells = [cell.strip() for cell in rest.split("\t") if cell.strip()]
    name = cells[0] if cells else ""
    return Fields(code, name, " ".join(cells[1:]), departement)


def parse_joined(parts: Sequence[str], departements: Container[str]) -> tuple[Fields, ...]:
    """Return the readings of a row cut into parts: inside a word, at a tab, or at a space."""
    readings = [parse_leniently(between.join(parts), departements) for between in ("", "\t", " ")]
    return tuple(dict.fromkeys(readings))


def starts_row(text: str, departements: Container[str]) -> bool:
    """Return whether a line begins like a row: with a code, or cut inside its code."""
    start = _DEPARTEMENT.match(text)
    after_departement = start.end() if start and read_departement(start[1], departements) else None
    if after_departement is not None and _CUT_CODE.fullmatch(text, after_departement):
        return True
    code = (
        parse_leniently(text, departements).code
        or parse_leniently(_ODD_START.sub("", text, count=1), departements).code
    )
    digits = sum(sign.isdigit() for sign in code)
    return digits >= _FEWEST_DIGITS and len(code) >= _SHORTEST_CODE

"""Parsers of a row: by its columns, else by the look of its parts."""

import re
from collections.abc import Container, Mapping, Sequence
from dataclasses import replace

from geozones.domain.identifiers import departement_code
from geozones.intake.documents import Columns, DocumentLine
from geozones.intake.listing import Fields

#: Digits, and characters that an optical reader confuses with digits.
_DIGIT = "0-9OoIl|SsBZ"
_DEPARTEMENT = re.compile(
    rf"\W*(97[1-8]|2[ABab]|[{_DIGIT}]{{2}})(?=[\t ]|[{_DIGIT}]{{7}}|[{_DIGIT}]{{0,6}}\s*\Z)"
)
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
    code = text.strip().upper()
    if code in known:
        return code
    repaired = text.strip().translate(_TO_DIGITS)
    return repaired if repaired in known else ""


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


#: The columns that name a zone or a sector, and do not describe the lycée.
_GROUPS = frozenset({"zone", "sector"})
_LONGEST_CODE, _FEWEST_DIGITS_OF_CODE = 11, 3
_LONGEST_DEPARTEMENT = 3
#: Spelling of the national directory.
_LONG_DEPARTEMENT = re.compile(r"0(?:\d{2}|2[AaBb]|97\d)")


def parse_columns(line: DocumentLine, columns: Columns) -> Fields:
    """Return the fields of a row; those without a column are empty."""
    return Fields(
        **{name: line.cell(rank) for name, rank in columns.items() if name not in _GROUPS}
    )


def with_short_departement(fields: Fields) -> Fields:
    """Return the fields with « 053 » read as the département 53, « 02A » as 2A."""
    if _LONG_DEPARTEMENT.fullmatch(fields.departement):
        return replace(fields, departement=departement_code(fields.departement))
    return fields


def parse_groups(line: DocumentLine, columns: Columns) -> Mapping[str, str]:
    """Return the values of the columns ``zone`` and ``sector``, if there are any."""
    return {name: line.cell(rank) for name, rank in columns.items() if name in _GROUPS}


def parse_strictly(
    line: DocumentLine, columns: Columns | None, departements: Container[str]
) -> Fields | None:
    """Return the fields of a row of a text; ``None`` if its cells do not match their titles.

    There must be a name; the code and the département may be empty or misread, but nothing else.
    """
    if columns is None or len(line.cells) < 2:
        return None
    fields = parse_columns(line, columns)
    if not fields.name or not _may_be_departement(fields.departement, departements):
        return None
    if not fields.code:
        return None if starts_row(line.text, departements) else fields
    digits = sum(sign.isdigit() for sign in fields.code)
    return (
        fields if digits >= _FEWEST_DIGITS_OF_CODE and len(fields.code) <= _LONGEST_CODE else None
    )


def _may_be_departement(text: str, known: Container[str]) -> bool:
    if len(text) > _LONGEST_DEPARTEMENT:
        return False
    return not text or text.isdecimal() or bool(read_departement(text, known))


def begins_row(
    line: DocumentLine, columns: Columns | None, departements: Container[str], *, in_table: bool
) -> bool:
    """Return whether a line begins a row: with a code or, in a table, a département and a name."""
    if starts_row(line.text, departements):
        return True
    if not in_table:
        return False
    strict = parse_strictly(line, columns, departements)
    if strict is not None and strict.departement:
        return True
    lenient = parse_leniently(line.text, departements)
    return bool(lenient.departement and lenient.name)


def parse_parts(
    parts: Sequence[DocumentLine], columns: Columns | None, departements: Container[str]
) -> tuple[Fields, ...]:
    """Return the possible readings of a row, from the lines into which it was cut."""
    strict = parse_strictly(parts[0], columns, departements) if len(parts) == 1 else None
    return (strict,) if strict else parse_joined([part.text for part in parts], departements)

"""Parser of a row by its columns."""

import re
from collections.abc import Container, Mapping
from dataclasses import replace

from geozones.intake.columns import Columns
from geozones.intake.documents import DocumentLine
from geozones.intake.lenient_parser import read_departement, starts_row
from geozones.intake.listing import Fields

#: The columns that name a zone or a sector, and do not describe the lycée.
_GROUPS = frozenset({"zone", "sector"})
_LONGEST_CODE, _FEWEST_DIGITS = 11, 3
_LONGEST_DEPARTEMENT = 3
#: Spelling of the national directory.
_LONG_DEPARTEMENT = re.compile(r"0\d{2}")


def parse_columns(line: DocumentLine, columns: Columns) -> Fields:
    """Return the fields of a row; those without a column are empty."""
    return Fields(
        **{name: line.cell(rank) for name, rank in columns.items() if name not in _GROUPS}
    )


def with_short_departement(fields: Fields) -> Fields:
    """Return the fields with « 053 » read as the département 53."""
    if _LONG_DEPARTEMENT.fullmatch(fields.departement):
        return replace(fields, departement=fields.departement[1:])
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
    return fields if digits >= _FEWEST_DIGITS and len(fields.code) <= _LONGEST_CODE else None


def _may_be_departement(text: str, known: Container[str]) -> bool:
    if len(text) > _LONGEST_DEPARTEMENT:
        return False
    return not text or text.isdecimal() or bool(read_departement(text, known))

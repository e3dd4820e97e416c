"""Parser of the rows of a text: by columns if the cells match them, else leniently."""

from collections.abc import Container, Sequence

from geozones.intake.column_parser import parse_strictly
from geozones.intake.columns import Columns
from geozones.intake.documents import DocumentLine
from geozones.intake.lenient_parser import parse_joined, parse_leniently, starts_row
from geozones.intake.listing import Fields


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

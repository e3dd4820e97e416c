"""A list of places to find: which column is what, and each row as a query."""

from geozones.domain import InputError
from geozones.domain.places import PlaceQuery, Unlocated
from geozones.intake.columns import field_of
from geozones.intake.documents import Line
from geozones.intake.lists import read_document

#: A column of a list, and the field of a query that it fills.
_FIELDS = {
    "code": "id",
    "name": "name",
    "address": "address",
    "postcode": "postcode",
    "commune": "commune",
    "insee": "insee",
}
_WHERE = ("id", "address", "commune", "insee")


def read_places(content: bytes) -> tuple[tuple[PlaceQuery, ...], tuple[Unlocated, ...]]:
    """Read a table in any form that lists are read in; its first line names the columns.

    Returns
    -------
    queries, refused
        The places to find, and the rows that name none.

    Raises
    ------
    InputError
        If the file cannot be read, or has no column that says where a place is.
    """
    document = read_document(content)
    lines = [line for line in document.lines if not line.is_blank]
    columns = _columns(lines[0]) if lines else {}
    if not columns.keys() & set(_WHERE):
        msg = (
            "Aucune colonne ne dit où est un lieu : il faut au moins « UAI », « Adresse » ou "
            "« Commune » en première ligne."
        )
        raise InputError(msg)
    queries: list[PlaceQuery] = []
    refused: list[Unlocated] = []
    for line in lines[1:]:
        query = _query(line, columns)
        if query is None:
            why = "ni code, ni adresse, ni commune : rien à chercher"
            refused.append(Unlocated(line.number, why))
        else:
            queries.append(query)
    refused += [Unlocated(note.row, note.what) for note in document.notes if note.row]
    return tuple(queries), tuple(refused)


def _columns(titles: Line) -> dict[str, int]:
    found: dict[str, int] = {}
    for rank, title in enumerate(titles.cells):
        field = _FIELDS.get(field_of(title) or "")
        if field is not None:
            found.setdefault(field, rank)
    return found


def _query(line: Line, columns: dict[str, int]) -> PlaceQuery | None:
    values = {
        field: line.cells[rank] if rank < len(line.cells) else "" for field, rank in columns.items()
    }
    if not any(values.get(field) for field in _WHERE):
        return None
    return PlaceQuery(**{**values, "id": values.get("id", "").upper()}, row=line.number)

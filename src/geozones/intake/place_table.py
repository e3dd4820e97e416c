"""Reader of a table of places to geocode, each row as a query."""

from geozones.common.errors import InputError
from geozones.domain.places import PlaceQuery, Unlocated
from geozones.intake.columns import field_of
from geozones.intake.document_reader import read_document
from geozones.intake.documents import DocumentLine

#: The field of a query that each column fills.
_FIELDS = {
    "code": "id",
    "name": "name",
    "address": "address",
    "postcode": "postcode",
    "commune": "commune",
    "insee": "insee",
}
#: Usual titles of columns for a location, as a message quotes them.
_TITLES = "« UAI », « Adresse » ou « Commune »"
_WHERE = ("id", "address", "commune", "insee")


def read_places(content: bytes) -> tuple[tuple[PlaceQuery, ...], tuple[Unlocated, ...]]:
    """Read a table in any form that `read_document` knows; its first line holds the titles.

    Returns
    -------
    queries, refused
        The places to geocode, and the rows without a location.

    Raises
    ------
    InputError
        If the file cannot be read, or has no column for a location.
    """
    document = read_document(content)
    lines = [line for line in document.lines if not line.is_blank]
    columns = _columns(lines[0]) if lines else {}
    if not columns.keys() & set(_WHERE):
        msg = (
            f"Aucune colonne ne dit où est un lieu : il faut au moins {_TITLES} en première ligne."
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


def _columns(titles: DocumentLine) -> dict[str, int]:
    """Return the column of each field of a query that a title names."""
    columns: dict[str, int] = {}
    for rank, title in enumerate(titles.cells):
        field = _FIELDS.get(field_of(title) or "")
        if field is not None:
            columns.setdefault(field, rank)
    return columns


def _query(line: DocumentLine, columns: dict[str, int]) -> PlaceQuery | None:
    """Return the query of a row; ``None`` if it has neither an id nor a location."""
    values = {field: line.cell(rank) for field, rank in columns.items()}
    if not any(values.get(field) for field in _WHERE):
        return None
    return PlaceQuery(**{**values, "id": values.get("id", "").upper()}, row=line.number)

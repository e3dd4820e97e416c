"""A CSV of places to find: which column is what, and each row as a query."""

import csv
import io
from collections.abc import Sequence

from geozones.domain import InputError
from geozones.domain.folding import folded
from geozones.domain.places import PlaceQuery, Unlocated

MAX_BYTES = 20_000_000
MAX_ROWS = 20_000
_COLUMNS = {
    "id": ("uai", "code uai", "rne", "code rne", "id", "identifiant de l etablissement"),
    "name": ("nom", "nom du lycee", "lycee", "etablissement", "nom etablissement", "name"),
    "address": ("adresse", "adresse 1", "rue", "voie", "address"),
    "postcode": ("code postal", "cp", "postcode"),
    "commune": ("commune", "ville", "nom commune", "libelle commune", "city"),
    "insee": ("code insee", "insee", "code commune", "citycode"),
}


def read_places(content: bytes) -> tuple[tuple[PlaceQuery, ...], tuple[Unlocated, ...]]:
    """Read a CSV with any usual separator, in UTF-8 or Windows-1252.

    Returns
    -------
    queries, refused
        The places to find, and the rows that name none.

    Raises
    ------
    InputError
        If the file is empty, too big, or has no column that says where a place is.
    """
    if len(content) > MAX_BYTES:
        msg = f"Ce fichier est trop gros ({MAX_BYTES // 1_000_000} Mo au plus)."
        raise InputError(msg)
    text = _decoded(content)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=_separator(text))
    queries: list[PlaceQuery] = []
    refused: list[Unlocated] = []
    try:
        fields = _fields(next(rows, []))
        for row in rows:
            if not any(cell.strip() for cell in row):
                continue
            if len(queries) + len(refused) >= MAX_ROWS:
                msg = f"Ce fichier a plus de {MAX_ROWS} lignes : coupez-le."
                raise InputError(msg)
            query = _query(row, fields, rows.line_num)
            if query is None:
                why = "ni code, ni adresse, ni commune : rien à chercher"
                refused.append(Unlocated(rows.line_num, why))
            else:
                queries.append(query)
    except csv.Error as error:
        msg = f"Ce fichier n'est pas un CSV lisible (ligne {rows.line_num})."
        raise InputError(msg) from error
    return tuple(queries), tuple(refused)


def _decoded(content: bytes) -> str:
    if b"\0" in content:
        msg = "Ce fichier n'est pas du texte : donnez un CSV."
        raise InputError(msg)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


def _separator(text: str) -> str:
    first = text.partition("\n")[0]
    return max(";\t,|", key=first.count)


def _fields(header: Sequence[str]) -> dict[str, int]:
    names = [folded(name) for name in header]
    found = {}
    for field, variants in _COLUMNS.items():
        ranks = [names.index(variant) for variant in variants if variant in names]
        if ranks:
            found[field] = ranks[0]
    if not found.keys() & {"id", "address", "commune", "insee"}:
        msg = (
            "Aucune colonne ne dit où est un lieu : il faut au moins « UAI », « Adresse » ou "
            "« Commune » en première ligne."
        )
        raise InputError(msg)
    return found


def _query(row: Sequence[str], fields: dict[str, int], line: int) -> PlaceQuery | None:
    values = {
        field: " ".join(row[rank].split()) if rank < len(row) else ""
        for field, rank in fields.items()
    }
    if not any(values.get(field) for field in ("id", "address", "commune", "insee")):
        return None
    return PlaceQuery(**{**values, "id": values.get("id", "").upper()}, row=line)

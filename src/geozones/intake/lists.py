"""Read the list that someone brings, in whatever form it comes."""

from geozones.intake.decoding import decode
from geozones.intake.delimited import read_text
from geozones.intake.documents import MAX_BYTES, Document, ListError
from geozones.intake.geojson import read_geojson
from geozones.intake.workbooks import read_workbook

_OLD_EXCEL = b"\xd0\xcf\x11\xe0"


def read_document(content: bytes | str) -> Document:
    """Read a list: pasted text, CSV, XLSX, ODS or GeoJSON, told apart by what is in it.

    Raises
    ------
    InputError
        If it is empty, too big, damaged, or none of these.
    """
    if len(content) > MAX_BYTES:
        msg = f"elle est trop grosse ({MAX_BYTES // 1_000_000} Mo au plus)."
        raise ListError(msg)
    if not (content.strip("\ufeff \t\r\n") if isinstance(content, str) else content.strip()):
        msg = "elle est vide."
        raise ListError(msg)
    if isinstance(content, str):
        return _text(content)
    if content.startswith(b"PK"):
        return read_workbook(content)
    if content.startswith(_OLD_EXCEL):
        msg = "c'est un ancien classeur Excel (.xls). Enregistrez-le en .xlsx ou en CSV."
        raise ListError(msg)
    text, notes = decode(content)
    found = _text(text)
    return Document(found.form, found.lines, (*notes, *found.notes))


def _text(text: str) -> Document:
    if not text.strip("\ufeff \t\r\n"):
        msg = "elle est vide."
        raise ListError(msg)
    if text.lstrip("\ufeff \t\r\n").startswith("{"):
        return read_geojson(text)
    return read_text(text.lstrip("\ufeff"))

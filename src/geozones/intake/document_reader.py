"""Reader of lists in any format: pasted text, CSV, XLSX, ODS, GeoJSON."""

from dataclasses import replace

from geozones.intake.decoding import decode
from geozones.intake.delimited import read_text
from geozones.intake.documents import MAX_BYTES, MAX_TEXT_LINES, ListError, SourceDocument
from geozones.intake.geojson import read_geojson
from geozones.intake.workbooks import read_workbook

_TOO_MANY_LINES = "elle a plus d'un million de lignes. Importez-la en plusieurs fois."
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"


def read_document(content: bytes | str) -> SourceDocument:
    """Read the bytes of a file, or a pasted text, recognising its format from its content.

    Raises
    ------
    ListError
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
    if content.count(b"\n") + content.count(b"\r") > 2 * MAX_TEXT_LINES:
        raise ListError(_TOO_MANY_LINES)
    text, notes = decode(content)
    document = _text(text)
    return replace(document, notes=(*notes, *document.notes))


def _text(text: str) -> SourceDocument:
    """Read a text, which is GeoJSON if it begins with a brace."""
    if not text.strip("\ufeff \t\r\n"):
        msg = "elle est vide."
        raise ListError(msg)
    if text.lstrip("\ufeff \t\r\n").startswith("{"):
        return read_geojson(text)
    if text.count("\n") + text.count("\r") > 2 * MAX_TEXT_LINES:
        raise ListError(_TOO_MANY_LINES)
    return read_text(text.lstrip("\ufeff"))

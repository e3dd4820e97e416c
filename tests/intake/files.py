"""Files as people have them, made on the spot."""

import io
import zipfile
from collections.abc import Sequence
from xml.sax.saxutils import escape

import openpyxl

HEAD = ("Secteur", "Zone", "Code RNE", "Nom du lycée", "Ville")
ROWS = (
    ("Mayenne", "A", "0530010Y", "Ambroise Paré", "LAVAL CEDEX 9"),
    ("Mayenne", "A", "0530011Z", "Douanier Rousseau", "laval"),
    ("Mayenne", "B", "0530016E", "Lavoisier", "Mayenne"),
    ("Mayenne", "B", "0720055U", "Paul Scarron", "SILLÉ LE GUILLAUME"),
)
LYCEES = [row[2] for row in ROWS]

type Table = Sequence[Sequence[object]]


def csv_text(rows: Table, separator: str = ";") -> str:
    return "\r\n".join(separator.join(map(str, row)) for row in rows) + "\r\n"


def xlsx(rows: Table, merged: Sequence[str] = (), extra: dict[str, bytes] | None = None) -> bytes:
    """A workbook with one sheet; ``extra`` are parts added to the archive."""
    book = openpyxl.Workbook()
    sheet = book.active
    for row in rows:
        sheet.append(list(row))
    for area in merged:
        sheet.merge_cells(area)
    stream = io.BytesIO()
    book.save(stream)
    if extra:
        with zipfile.ZipFile(stream, "a", zipfile.ZIP_DEFLATED) as archive:
            for name, content in extra.items():
                archive.writestr(name, content)
    return stream.getvalue()


def xlsx_of(sheets: dict[str, Table]) -> bytes:
    """A workbook with several sheets, by their names."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def ods(rows: Table, repeated: int = 1, comment: str = "") -> bytes:
    """An OpenDocument sheet; its last row is said to be there ``repeated`` times."""
    return ods_of({"A": rows}, repeated, comment)


def ods_of(sheets: dict[str, Table], repeated: int = 1, comment: str = "") -> bytes:
    """OpenDocument sheets, by their names; every cell has the comment, if there is one."""
    tables = "".join(
        f'<table:table table:name="{name}">{_ods_rows(rows, repeated, comment)}</table:table>'
        for name, rows in sheets.items()
    )
    content = (
        '<?xml version="1.0"?><office:document-content'
        ' xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
        ' xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
        ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0">'
        f"<office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body>"
        "</office:document-content>"
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    manifest = (
        '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{kind}"/>'
        "</manifest:manifest>"
    )
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", kind, zipfile.ZIP_STORED)
        archive.writestr("META-INF/manifest.xml", manifest)
        archive.writestr("content.xml", content)
    return stream.getvalue()


def _ods_rows(rows: Table, repeated: int, comment: str) -> str:
    note = f"<office:annotation><text:p>{comment}</text:p></office:annotation>" if comment else ""
    lines = []
    for rank, row in enumerate(rows):
        cells = "".join(
            f'<table:table-cell office:value-type="string">{note}'
            f"<text:p>{escape(str(cell))}</text:p></table:table-cell>"
            if cell not in {None, ""}
            else "<table:table-cell/>"
            for cell in row
        )
        times = f' table:number-rows-repeated="{repeated}"' if rank == len(rows) - 1 else ""
        lines.append(f"<table:table-row{times}>{cells}</table:table-row>")
    return "".join(lines)


def parts(book: bytes) -> dict[str, bytes]:
    """What is in the archive of a workbook."""
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def with_parts(book: bytes, changed: dict[str, bytes]) -> bytes:
    """The same workbook, some of its parts replaced."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in {**parts(book), **changed}.items():
            archive.writestr(name, content)
    return stream.getvalue()

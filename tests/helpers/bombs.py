"""Small files that would fill the memory of whoever reads them without counting."""

import io
import random
import resource
import zipfile
from collections.abc import Callable, Iterable

from geozones.common.errors import GeozonesError
from geozones.intake.document_reader import read_document
from geozones.jobs import Listener

#: Bytes that the bad part of a workbook has once unpacked, in the parts of a megabyte.
_SIZE, _STEP = 40_000_000, 1_000_000
_OASIS = "urn:oasis:names:tc:opendocument:xmlns"
_ODS = (
    f'<office:document-content xmlns:office="{_OASIS}:office:1.0" '
    f'xmlns:table="{_OASIS}:table:1.0" xmlns:text="{_OASIS}:text:1.0">'
    '<office:body><office:spreadsheet><table:table table:name="A">'
)
_ODS_END = "</table:table></office:spreadsheet></office:body></office:document-content>"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_KINDS = "application/vnd.openxmlformats-officedocument.spreadsheetml"


def _zipped(parts: dict[str, Iterable[str]]) -> bytes:
    """Pack parts, with noise enough that the whole is not 300 times smaller."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        if "content.xml" in parts:
            kind = "application/vnd.oasis.opendocument.spreadsheet"
            archive.writestr("mimetype", kind, zipfile.ZIP_STORED)
        archive.writestr("noise.bin", random.Random(1).randbytes(170_000))  # noqa: S311
        for name, pieces in parts.items():
            with archive.open(name, "w") as part:
                for piece in pieces:
                    part.write(piece.encode())
    return stream.getvalue()


def _many(text: str) -> list[str]:
    return [text * (_STEP // len(text.encode()))] * (_SIZE // _STEP)


def _ods(*content: str) -> bytes:
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    manifest = (
        f'<m:manifest xmlns:m="{_OASIS}:manifest:1.0">'
        f'<m:file-entry m:full-path="/" m:media-type="{kind}"/></m:manifest>'
    )
    return _zipped({
        "META-INF/manifest.xml": [manifest],
        "content.xml": [_ODS, *content, _ODS_END],
    })  # fmt: skip


def _xlsx(
    rows: Iterable[str] = (), strings: Iterable[str] = (), fonts: Iterable[str] = ()
) -> bytes:
    types = "".join(
        f'<Override PartName="/xl/{name}.xml" ContentType="{_KINDS}.{kind}+xml"/>'
        for name, kind in (
            ("workbook", "sheet.main"), ("worksheets/sheet1", "worksheet"),
            ("sharedStrings", "sharedStrings"), ("styles", "styles"),
        )
    )  # fmt: skip
    related = f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
    return _zipped({
        "[Content_Types].xml": [f'<Types xmlns="{_PACKAGE}/content-types">{types}</Types>'],
        "_rels/.rels": [
            f'{related}Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
        ],
        "xl/_rels/workbook.xml.rels": [
            f'{related}Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>'
        ],
        "xl/workbook.xml": [
            f'<workbook xmlns="{_SHEET}" xmlns:r="{_OFFICE}"><sheets>',
            '<sheet name="A" sheetId="1" r:id="rId1"/></sheets></workbook>',
        ],
        "xl/worksheets/sheet1.xml": [
            f'<worksheet xmlns="{_SHEET}"><sheetData>', *rows, "</sheetData></worksheet>"
        ],
        "xl/sharedStrings.xml": [f'<sst xmlns="{_SHEET}">', *strings, "</sst>"],
        "xl/styles.xml": [
            f'<styleSheet xmlns="{_SHEET}"><fonts><font/>',
            *fonts,
            "</fonts><fills><fill/></fills>",
            "<borders><border/></borders><cellStyleXfs><xf/></cellStyleXfs>",
            "<cellXfs><xf/></cellXfs></styleSheet>",
        ],
    })  # fmt: skip


_ROW = "table:table-row"
_REPEATED = (
    f'<{_ROW} table:number-rows-repeated="1000"><table:table-cell office:value-type="string" '
    f'table:number-columns-repeated="120"><text:p>{"x" * 1900}</text:p></table:table-cell></{_ROW}>'
)
BOMBS: dict[str, Callable[[], bytes]] = {
    "ods, cells of one row": lambda: _ods(f"<{_ROW}>", *_many("<table:table-cell/>"), f"</{_ROW}>"),
    "ods, rows": lambda: _ods(*_many(f"<{_ROW}/>")),
    "ods, one text": lambda: _ods(f"<{_ROW}><table:table-cell><text:p>", *_many("é"), "</text:p>"),
    "ods, levels": lambda: _ods(*_many("<text:p>")),
    "ods, one attribute": lambda: _ods(f'<{_ROW} a="', *_many("a"), '"/>'),
    "ods, repeated rows": lambda: _ods(*[_REPEATED] * 30),
    "xlsx, cells of one row": lambda: _xlsx(['<row r="1">', *_many('<c r="A1"/>'), "</row>"]),
    "xlsx, two cells far apart": lambda: _xlsx([
        '<row r="1"><c r="A1"><v>1</v></c></row>',
        '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>',
    ]),
    "xlsx, one text in every cell": lambda: _xlsx(
        ['<row r="1">', *['<c t="s"><v>0</v></c>' * 1000] * 1000, "</row>"],
        strings=["<si><t>", "é" * 1_000_000, "</t></si>"],
    ),
    "xlsx, shared strings": lambda: _xlsx(strings=_many("<si><t>é</t></si>")),
    "xlsx, fonts": lambda: _xlsx(fonts=_many("<font/>")),
    "geojson, lists": lambda: _json("[]," * 9_000_000 + "[]"),
    "geojson, coordinates": lambda: _json("[1.25,2.5]," * 2_600_000 + "[1,2]"),
    "json, levels": lambda: b"[" * 20_000_000,
    "csv, columns": lambda: b"UAI;Nom" + b";a" * 14_000_000,
    "csv, lines": lambda: b'UAI;Nom\n"' + b"a;\n" * 9_000_000,
}  # fmt: skip


def _json(features: str) -> bytes:
    return f'{{"type":"FeatureCollection","features":[{features}]}}'.encode()


def read(_: Listener, name: str) -> tuple[str, int]:
    """Read a bomb; return what is said of it and the megabytes that reading it took at most."""
    content = BOMBS[name]()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    try:
        said = f"{len(read_document(content).lines)} lignes lues"
    except GeozonesError as error:
        said = str(error)
    return said, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024

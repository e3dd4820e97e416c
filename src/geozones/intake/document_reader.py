"""Reader of lists in any format: pasted text, CSV, XLSX, ODS, GeoJSON, GeoPackage."""

import contextlib
import csv
import json
import tempfile
import warnings
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import geopandas as gpd
import pandas as pd
import pyogrio

from geozones.common.bounds import has_too_many_parts
from geozones.common.french import number, plural
from geozones.domain.terms import terms
from geozones.intake.documents import (
    MAX_BYTES,
    MAX_CELLS,
    MAX_COLUMNS,
    MAX_LINES,
    MAX_TEXT_LINES,
    DocumentLine,
    ListError,
    Note,
    SourceDocument,
    clipped,
    decode,
    too_long,
)
from geozones.intake.site_fields import is_header
from geozones.intake.workbooks import read_workbook

#: A quoted cell over more lines than this was never closed.
_MOST_LINES = 20
_OPEN = "Guillemet jamais refermé : la ligne est lue sans lui. Vérifiez-la, ou corrigez le fichier."
_LONG = "Case trop longue : la ligne est lue sans ses guillemets. Vérifiez-la."


class RawRow(NamedTuple):
    """Row split into cells: the number of its first line, its cells, a French warning."""

    number: int
    cells: list[str]
    warning: str | None = None


def read_csv_rows(lines: Sequence[str], separator: str, width: int) -> Iterator[RawRow]:
    """Yield the rows of a CSV file, given its lines with their line ends.

    ``width`` is the number of cells of most rows: a line with as many is a row, not the rest of a
    quoted cell of the line above.
    """
    start = 0
    while start < len(lines):
        cells, used, warning = _row(lines[start : start + _MOST_LINES], separator, width)
        yield RawRow(start + 1, cells, warning)
        start += used


def _row(lines: Sequence[str], separator: str, width: int) -> tuple[list[str], int, str | None]:
    """Return the cells of the row that starts on the first line, its number of lines, a warning."""
    line = lines[0]
    if '"' not in line:
        return line.split(separator), 1, None
    reader = csv.reader([line, ""], delimiter=separator)
    try:
        cells = next(reader)
    except csv.Error:  # beyond the limit of the csv reader
        return line.replace('"', "").split(separator), 1, _LONG
    if reader.line_num == 1:
        return cells, 1, None
    # a row that starts inside quotes may continue with a line as wide as a row
    most = width if len(cells) == 1 else width - 1
    joined = _joined(lines, separator, most)
    if joined is not None:
        return *joined, None
    *before, rest = cells
    return [*before, *rest.split(separator)], 1, _OPEN


def _joined(lines: Sequence[str], separator: str, most: int) -> tuple[list[str], int] | None:
    """Return the cells of a row on several lines, and how many lines these are.

    ``None`` if its quotes are not closed, or closed inside a cell.
    """
    reader = csv.reader(_narrow(lines, separator, most), delimiter=separator, strict=True)
    try:
        cells = next(reader)
    except csv.Error:
        return None
    return cells, reader.line_num


def _narrow(lines: Sequence[str], separator: str, most: int) -> Iterator[str]:
    """Yield the first line and those below it, up to one with enough cells to be a row."""
    for rank, line in enumerate(lines):
        if rank and line.count(separator) >= most:
            return
        yield line


_SEPARATORS = ";\t,|"
#: Lines examined to recognise the separator, within this number of characters.
_SAMPLE_LINES, _SAMPLE_CHARACTERS = 200, 100_000
#: Share of the lines that must have the same number of cells for a file to be a table.
_CSV_SHARE = 0.6


def read_text(text: str) -> SourceDocument:
    """Read a CSV file, or a text with tables among its paragraphs."""
    written = text.splitlines(keepends=True)
    form, rows = _rows(text, written)
    lines: list[DocumentLine] = []
    notes: list[Note] = []
    for rank, cells, warning in rows:
        if len(lines) >= MAX_LINES:
            notes.append(too_long(len(written), rank))
            break
        if warning is not None:
            notes.append(Note(rank, warning))
        if len(cells) > MAX_CELLS:
            notes.append(Note(rank, f"Plus de {MAX_CELLS} cases : les suivantes ne sont pas lues."))
        lines.append(DocumentLine(rank, tuple(clipped(cell) for cell in cells[:MAX_CELLS])))
    return SourceDocument(form, tuple(lines), tuple(notes))


def text_rows(text: str) -> Iterator[RawRow]:
    """Yield every row of a CSV file or a pasted table, however many there are."""
    return _rows(text.lstrip("\ufeff"), text.lstrip("\ufeff").splitlines(keepends=True))[1]


def _rows(text: str, written: list[str]) -> tuple[str, Iterator[RawRow]]:
    """Return the form of a text, and its rows.

    With tabs it may be a CSV file or a pasted text: the first has titles in its first line.
    """
    characters = text[:_SAMPLE_CHARACTERS]
    sample = [line for line in characters.splitlines() if line.strip()][:_SAMPLE_LINES]
    # the separator of cells, and the width of most lines; None for prose
    best: tuple[float, int, str] | None = None
    for separator in _SEPARATORS:
        share, width = max(_shares(sample, separator))
        if width > 1 and share >= _CSV_SHARE and (best is None or (share, width) > best[:2]):
            best = (share, width, separator)
    table = None if best is None else (best[2], best[1])
    separator, width = table or ("\t", 1)
    if max((line.count(separator) for line in written), default=0) >= MAX_COLUMNS:
        raise ListError(
            f"une de ses lignes a plus de {number(MAX_COLUMNS)} colonnes. Gardez-en les colonnes "
            "utiles."
        )
    if table is None:
        return "texte", _pasted(written)
    if separator != "\t":
        return "csv", read_csv_rows(written, separator, width)
    titled = _is_titled(sample, separator)
    return "texte", read_csv_rows(written, separator, width) if titled else _pasted(written)


def _shares(sample: list[str], separator: str) -> Iterator[tuple[float, int]]:
    """Yield two pairs: share of the rows with the commonest number of cells, and that number.

    First with each line as a row, since a stray quote would swallow the lines below it. Then with
    cells that span several lines: these count as one row if the first line holds titles.
    """
    alone = Counter(len(row) for line in sample for row in csv.reader([line], delimiter=separator))
    whole = Counter(len(row) for row in csv.reader(sample, delimiter=separator))
    among = whole.total() if _is_titled(sample, separator) else len(sample)
    for counts, total in ((alone, len(sample)), (whole, among)):
        width, rows = max(counts.items(), key=lambda entry: (entry[0] > 1, entry[1]))
        yield rows / total, width


def _is_titled(sample: list[str], separator: str) -> bool:
    titles = next(csv.reader(sample[:1], delimiter=separator))
    return is_header(DocumentLine(1, tuple(titles)))


def _pasted(written: list[str]) -> Iterator[RawRow]:
    for rank, line in enumerate(written, start=1):
        yield RawRow(rank, line.split("\t"))


def read_geojson(text: str) -> SourceDocument:
    """Read a FeatureCollection.

    The first line holds the names of the properties, then « latitude » and « longitude ».
    """
    if has_too_many_parts(text):
        raise ListError(
            f"ce GeoJSON a trop d'éléments pour une liste {terms().site.of_plural}. Ôtez-en les "
            "contours, ou exportez-le en CSV."
        )
    try:
        content = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ListError("ce GeoJSON est tronqué ou altéré. Exportez-le à nouveau.") from error
    features = content.get("features") if isinstance(content, dict) else None
    if not isinstance(features, list) or not features:
        raise ListError("ce JSON n'est pas une collection GeoJSON (« features »).")
    features, notes = _of_lycees(features)
    names: dict[str, None] = {}
    for feature in features[:MAX_LINES]:
        names.update(dict.fromkeys(_properties(feature)))
    heads = [*list(names)[: MAX_CELLS - 2], "latitude", "longitude"]
    lines = [DocumentLine(1, tuple(clipped(head) for head in heads))]
    for rank, feature in enumerate(features[:MAX_LINES], start=2):
        row, point = _properties(feature), _point(feature)
        if not row:
            notes.append(Note(rank, f"Élément {rank - 1} : ni propriété ni nom, ignoré."))
            continue
        cells = [_geojson_cell(row.get(head)) for head in heads[:-2]] + point
        lines.append(DocumentLine(rank, tuple(clipped(cell) for cell in cells)))
    if len(features) > MAX_LINES:
        notes.append(too_long(len(features)))
    return SourceDocument("geojson", tuple(lines), tuple(notes))


def _of_lycees(features: list[object]) -> tuple[list[object], list[Note]]:
    """Return the features of the layer « lycees » in a file that geozones exported.

    In any other file, return all of them.
    """
    kept = [feature for feature in features if _properties(feature).get("couche") == "lycees"]
    if not kept or len(kept) == len(features):
        return features, []
    left = plural(len(features) - len(kept), "élément")
    return kept, [Note(0, f"Couche lue : « lycees » ({left} des autres couches, non lus).")]


def _properties(feature: object) -> dict[str, Any]:
    properties = feature.get("properties") if isinstance(feature, dict) else None
    return properties if isinstance(properties, dict) else {}


def _point(feature: object) -> list[str]:
    """Return the latitude and the longitude of a feature; two empty cells if it is no point."""
    geometry = feature.get("geometry") if isinstance(feature, dict) else None
    point = geometry.get("coordinates") if isinstance(geometry, dict) else None
    if isinstance(point, list) and len(point) >= 2 and all(map(_is_number, point[:2])):
        return [str(point[1]), str(point[0])]
    return ["", ""]


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _geojson_cell(value: object) -> str:
    """Return a property as text; empty for an object."""
    if value is None or isinstance(value, dict):
        return ""
    if isinstance(value, list):
        return " ; ".join(str(part) for part in value[:10] if not isinstance(part, dict | list))
    return str(value)


#: First bytes of a SQLite file, which a GeoPackage is.
SIGNATURE = b"SQLite format 3\0"
_DAMAGED = "ce GeoPackage est tronqué ou altéré. Exportez-le à nouveau, ou en CSV."


def read_geopackage(content: bytes) -> SourceDocument:
    """Read the first layer of points, else the first layer; positions are in degrees (WGS84)."""
    try:
        # GDAL warns of each oddity of a file; without its extension, of that too
        with warnings.catch_warnings(), tempfile.NamedTemporaryFile(suffix=".gpkg") as file:
            warnings.simplefilter("ignore")
            file.write(content)
            file.flush()
            layer, others = _layer_to_read(file.name)
            frame = pyogrio.read_dataframe(file.name, layer=layer, max_features=MAX_LINES + 1)
    except ListError:
        raise
    except Exception as error:  # the drivers of GDAL raise exceptions that no documentation lists
        raise ListError(_DAMAGED) from error
    if not len(frame):
        raise ListError(f"la couche « {clipped(layer)[:60]} » de ce GeoPackage n'a aucune ligne.")
    notes = [Note(0, f"Couche lue : « {clipped(layer)} ».")] if others else []
    if len(frame) > MAX_LINES:
        notes.append(too_long(None))
    return SourceDocument("geopackage", tuple(_lines(frame.head(MAX_LINES))), tuple(notes))


def _layer_to_read(path: str) -> tuple[str, bool]:
    """Return the name of the layer to read, and whether there are others."""
    layers = [(str(name), kind or "") for name, kind in pyogrio.list_layers(path)]
    if not layers:
        raise ListError("ce GeoPackage n'a aucune couche.")
    points = (name for name, kind in layers if "Point" in kind)
    return next(points, layers[0][0]), len(layers) > 1


def _lines(frame: pd.DataFrame) -> list[DocumentLine]:
    lat, lon = _degrees(frame)
    names = [name for name in frame.columns if name != "geometry"][: MAX_CELLS - 2]
    columns = [[_geopackage_cell(value) for value in frame[name]] for name in names]
    lines = [DocumentLine(1, (*map(clipped, map(str, names)), "latitude", "longitude"))]
    lines += [
        DocumentLine(rank, cells)
        for rank, cells in enumerate(zip(*columns, lat, lon, strict=True), start=2)
    ]
    return lines


def _degrees(frame: pd.DataFrame) -> tuple[list[str], list[str]]:
    """Return the latitude and the longitude of each feature; empty if it is no point."""
    if not isinstance(frame, gpd.GeoDataFrame):
        return [""] * len(frame), [""] * len(frame)
    points = frame.geometry
    if points.crs is not None:
        with contextlib.suppress(RuntimeError):  # a layer without a usable projection
            points = points.to_crs(4326)
    one = points.geom_type.eq("Point") & ~points.is_empty
    return (
        [str(point.y) if is_point else "" for point, is_point in zip(points, one, strict=True)],
        [str(point.x) if is_point else "" for point, is_point in zip(points, one, strict=True)],
    )


def _geopackage_cell(value: object) -> str:
    """Return an attribute as text: a whole number without decimals."""
    if value is None or (isinstance(value, float) and value != value):  # noqa: PLR0124 - NaN
        return ""
    if value is pd.NaT or value is pd.NA:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return clipped(str(value))


_TOO_MANY_LINES = "elle a plus d'un million de lignes. Importez-la en plusieurs fois."
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"


def read_document(content: bytes | str) -> SourceDocument:
    """Read the bytes of a file, or a pasted text, recognising its format from its content."""
    if len(content) > MAX_BYTES:
        raise ListError(f"elle est trop grosse ({MAX_BYTES // 1_000_000} Mo au plus).")
    if not (content.strip("\ufeff \t\r\n") if isinstance(content, str) else content.strip()):
        raise ListError("elle est vide.")
    if isinstance(content, str):
        return _text(content)
    if content.startswith(b"PK"):
        return read_workbook(content)
    if content.startswith(SIGNATURE):
        return read_geopackage(content)
    if content.startswith(_OLD_EXCEL):
        raise ListError("c'est un ancien classeur Excel (.xls). Enregistrez-le en .xlsx ou en CSV.")
    if content.count(b"\n") + content.count(b"\r") > 2 * MAX_TEXT_LINES:
        raise ListError(_TOO_MANY_LINES)
    text, notes = decode(content)
    document = _text(text)
    return replace(document, notes=(*notes, *document.notes))


def _text(text: str) -> SourceDocument:
    """Read a text, which is GeoJSON if it begins with a brace."""
    if not text.strip("\ufeff \t\r\n"):
        raise ListError("elle est vide.")
    if text.lstrip("\ufeff \t\r\n").startswith("{"):
        return read_geojson(text)
    if text.count("\n") + text.count("\r") > 2 * MAX_TEXT_LINES:
        raise ListError(_TOO_MANY_LINES)
    return read_text(text.lstrip("\ufeff"))

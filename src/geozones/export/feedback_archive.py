"""Tables of comments and opinions, as files: CSV, XLSX, JSON."""

import io
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from geozones.common.errors import InputError
from geozones.export.csv_file import rows_bytes
from geozones.export.text import is_risky, slug

type Rows = Sequence[Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class TableFormat:
    """File format of a table: its key (and extension), its media type, its maker."""

    key: str
    media: str
    make: Callable[[str, Rows], bytes]


def _csv(_: str, rows: Rows) -> bytes:
    return rows_bytes(rows)


def _json(_: str, rows: Rows) -> bytes:
    return json.dumps([dict(row) for row in rows], ensure_ascii=False, indent=1).encode()


def _xlsx(title: str, rows: Rows) -> bytes:
    import xlsxwriter  # noqa: PLC0415 - slow to load, for one format

    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_formulas": False})
    sheet = book.add_worksheet(title)
    head = book.add_format({"bold": True, "font_color": "#ffffff", "bg_color": "#14507a"})
    plain = book.add_format({"text_wrap": True, "valign": "top"})
    risky = book.add_format({"text_wrap": True, "valign": "top", "quote_prefix": True})
    for column, name in enumerate(rows[0] if rows else ()):
        longest = max(len(str(row[name])) for row in rows)
        sheet.set_column(column, column, min(max(longest, len(name)) + 2, 60))
        sheet.write_string(0, column, name, head)
    for at, row in enumerate(rows, 1):
        for column, text in enumerate(row.values()):
            sheet.write_string(at, column, text, risky if is_risky(text) else plain)
    sheet.freeze_panes(1, 0)
    if rows:
        sheet.autofilter(0, 0, len(rows), len(rows[0]) - 1)
    book.close()
    return stream.getvalue()


TABLE_FORMATS = (
    TableFormat("csv", "text/csv", _csv),
    TableFormat("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", _xlsx),
    TableFormat("json", "application/json", _json),
)


def table_format(key: str) -> TableFormat:
    """Return a format by key; raise ``InputError`` for an unknown key."""
    found = next((kind for kind in TABLE_FORMATS if kind.key == key), None)
    if found is None:
        names = ", ".join(kind.key for kind in TABLE_FORMATS)
        msg = f"Le format « {key[:40]} » n'existe pas : choisissez {names}."
        raise InputError(msg)
    return found


def table_name(what: str, plan: str, kind: TableFormat) -> str:
    """Return the name of a file: ``geozones_commentaires_essai.csv``."""
    return f"geozones_{what}_{slug(plan, 30)}.{kind.key}"

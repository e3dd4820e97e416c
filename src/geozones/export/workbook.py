"""XLSX: what it is, one sheet a sector, every drive as a matrix."""

import io
import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from geozones.domain.french import long_date, plural
from geozones.export.dossier import Dossier, SectorRow
from geozones.export.text import is_risky, typeset

_INK, _HEAD, _RULE = "#1f2a33", "#14507a", "#d9d5cd"
_FONT = {"font_name": "Arial", "font_size": 10, "font_color": _INK, "valign": "top"}
_LONGEST_NAME = 31
#: Written beside an estimated duration, which stays a number.
_PLAIN, _ESTIMATED = "0.0", '0.0" (estimé)"'
_COLUMNS = (
    ("Zone", 26),
    ("UAI", 12),
    ("Lycée", 31),
    ("Commune", 21),
    ("Dép.", 6),
    ("Centre support", 9),
    ("Relève (min)", 9),
    ("Relève depuis", 31),
    ("Trajet moyen de la zone (min)", 11),
    ("Le plus long (min)", 11),
    ("Remarque", 22),
)
#: Widths, in characters, for what a cell of minutes may hold, in a wide font too: a number that its
#: column can't hold is shown as ###.
_SHORT, _NO_WAY, _GUESSED = 7, 13, 18
_MINUTES = (6, 8, 9)
_NO_DATE = "2025-06-11"


@dataclass(frozen=True, slots=True)
class _Styles:
    """The formats of a workbook."""

    title: Format
    label: Format
    text: Format
    risky: Format
    head: Format
    turned: Format
    minutes: Format
    guess: Format
    self: Format


def xlsx(dossier: Dossier) -> bytes:
    """Return the workbook: the same dossier gives the same bytes."""
    stream = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(stream, options)
    version = dossier.version
    created = datetime.fromisoformat(version.date or _NO_DATE)
    book.set_properties(
        {
            "title": typeset(dossier.title),
            "subject": version.told,
            "author": "geozones",
            "created": created,
        }
    )
    styles = _styles(book)
    _about(book.add_worksheet("À lire"), dossier, styles)
    taken = {"à lire", "matrice"}
    for sector in dossier.sectors:
        sheet = book.add_worksheet(_sheet_name(sector.name, taken))
        _sector(sheet, dossier, sector, styles)
    _matrix(book.add_worksheet("Matrice"), dossier, styles)
    book.close()
    return stream.getvalue()


def _styles(book: xlsxwriter.Workbook) -> _Styles:
    def made(**more: object) -> Format:
        return book.add_format(_FONT | more)

    head = {"bold": True, "font_color": "#ffffff", "bg_color": _HEAD, "text_wrap": True}
    head |= {"valign": "vcenter", "border": 1, "border_color": _RULE}
    lined = {"text_wrap": True, "bottom": 1, "bottom_color": _RULE}
    return _Styles(
        title=made(bold=True, font_size=15),
        label=made(bold=True, **lined),
        text=made(**lined),
        risky=made(**lined, quote_prefix=True),
        head=made(**head),
        turned=made(**head, rotation=90),
        minutes=made(**lined, num_format=_PLAIN, align="center"),
        guess=made(**lined, num_format=_ESTIMATED, align="center", italic=True),
        self=made(**lined, bg_color="#ecebe8"),
    )


def _sheet_name(name: str, taken: set[str]) -> str:
    """Return a sheet's name that Excel takes, and that no other sheet has."""
    kept = "".join(" " if sign in "[]:*?/\\" else sign for sign in name).strip(" '") or "Secteur"
    rank = 1
    while True:
        end = "" if rank == 1 else f" ({rank})"
        found = _cut(kept, _LONGEST_NAME - len(end)) + end
        if found.casefold() not in taken:
            taken.add(found.casefold())
            return found
        rank += 1


def _cut(text: str, units: int) -> str:
    """Cut a text to so many UTF-16 units, as Excel counts: an emoji is two."""
    while len(text.encode("utf-16-le")) > 2 * units:
        text = text[:-1]
    return text.rstrip(" '")


def _write(sheet: Worksheet, row: int, column: int, text: str, styles: _Styles) -> None:
    """Write a text that can only be a text."""
    sheet.write_string(row, column, text, styles.risky if is_risky(text) else styles.text)


def _about(sheet: Worksheet, dossier: Dossier, styles: _Styles) -> None:
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 1, 100)
    sheet.write_string(0, 0, typeset(dossier.title), styles.title)
    version = dossier.version
    counts = (
        plural(len(dossier.sectors), "secteur"),
        plural(len(dossier.zones), "zone"),
        plural(len(dossier.lycees), "lycée"),
    )
    rows = [
        ("Plan", version.name),
        ("Statut", version.status),
        ("Version", version.mark),
        ("Date", long_date(version.date) if version.date else "non datée"),
        ("Contenu", ", ".join(counts)),
    ]
    rows += [("Heure de pointe", dossier.peak_note)] if dossier.peak_note else []
    rows += [("Durées", "en minutes, en voiture ; « estimé » : pas calculé par un moteur routier")]
    rows += [("Sources" if rank == 0 else "", said) for rank, said in enumerate(dossier.sources)]
    rows += [("Sans position", lycee.name) for lycee in dossier.unplaced]
    for rank, (label, said) in enumerate(rows, 2):
        sheet.write_string(rank, 0, label, styles.label)
        _write(sheet, rank, 1, typeset(said), styles)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)


def _sector(sheet: Worksheet, dossier: Dossier, sector: SectorRow, styles: _Styles) -> None:
    heads = [typeset(name) for name, _ in _COLUMNS]
    least = _minutes_width(dossier)
    for column, (_, width) in enumerate(_COLUMNS):
        sheet.set_column(column, column, max(width, least) if column in _MINUTES else width)
        sheet.write_string(0, column, heads[column], styles.head)
    sheet.set_row(0, 44)
    row = 0
    for zone in sector.zones:
        for lycee in zone.lycees:
            row += 1
            texts = (zone.name, lycee.id, lycee.name, lycee.commune, lycee.departement)
            for column, text in enumerate((*texts, "oui" if lycee.is_support else "")):
                _write(sheet, row, column, text, styles)
            _minutes(sheet, (row, 6), lycee.releve_minutes, styles, guess=lycee.estimated)
            _write(sheet, row, 7, lycee.releve_from, styles)
            _minutes(sheet, (row, 8), zone.mean_minutes, styles, guess=zone.estimated)
            _minutes(sheet, (row, 9), zone.max_minutes, styles, guess=zone.estimated)
            _write(sheet, row, 10, lycee.note, styles)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(row, 1), len(_COLUMNS) - 1)
    _page(sheet, dossier, f"Secteur {sector.name} ({sector.status.lower()})")
    sheet.fit_to_pages(1, 0)


def _minutes_width(dossier: Dossier) -> int:
    """Return the characters that the longest duration takes."""
    if dossier.matrix.estimated:
        return _GUESSED
    reached = all(math.isfinite(value) for row in dossier.matrix.rows for value in row)
    return _SHORT if reached else _NO_WAY


def _minutes(
    sheet: Worksheet, at: tuple[int, int], value: float | None, styles: _Styles, *, guess: bool
) -> None:
    if value is None:
        sheet.write_blank(*at, None, styles.text)
    elif not math.isfinite(value):
        sheet.write_string(*at, "sans accès", styles.text)
    else:
        sheet.write_number(*at, round(value, 1), styles.guess if guess else styles.minutes)


def _matrix(sheet: Worksheet, dossier: Dossier, styles: _Styles) -> None:
    """Write the minutes from the lycée of the row to the one of the column."""
    lines = list(dossier.lines())
    heads = ("UAI", "Lycée", "Zone")
    for column, (head, width) in enumerate(zip(heads, (17, 38, 30), strict=True)):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, head, styles.head)
    sheet.set_row(0, 190)
    sheet.set_column(len(heads), len(heads) + len(lines), _minutes_width(dossier))
    rank_of = {lycee: rank for rank, lycee in enumerate(dossier.matrix.ids)}
    ranks = [rank_of[lycee.id] for _, _, lycee in lines]
    for row, (_, zone, lycee) in enumerate(lines, 1):
        sheet.write_string(0, row + 2, f"{lycee.name} ({lycee.commune})"[:60], styles.turned)
        for column, text in enumerate((lycee.id, lycee.name, zone.name)):
            _write(sheet, row, column, text, styles)
        _drives(sheet, dossier, (row, ranks[row - 1]), ranks, styles)
    sheet.freeze_panes(1, len(heads))
    sheet.autofilter(0, 0, max(len(lines), 1), len(heads) - 1)
    _page(sheet, dossier, "Minutes de la ligne vers la colonne")
    # too wide for a page: its heads and names are on each
    sheet.repeat_columns(0, len(heads) - 1)
    sheet.set_print_scale(60)


def _drives(
    sheet: Worksheet,
    dossier: Dossier,
    line: tuple[int, int],
    ranks: Sequence[int],
    styles: _Styles,
) -> None:
    row, origin = line
    for column, destination in enumerate(ranks, 3):
        if origin == destination:
            sheet.write_blank(row, column, None, styles.self)
            continue
        value = dossier.matrix.rows[origin][destination]
        known = math.inf if math.isnan(value) else value
        guess = (origin, destination) in dossier.matrix.estimated
        _minutes(sheet, (row, column), known, styles, guess=guess)


def _page(sheet: Worksheet, dossier: Dossier, title: str) -> None:
    """Set how a sheet is printed: its name above, which plan it is below."""
    peak = f" · {dossier.peak_note}" if dossier.peak_note else ""
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.repeat_rows(0)
    sheet.set_header(f'&L&"Arial,Bold"&12{_coded(title + peak)}')
    sheet.set_footer(f"&L&9{_coded(dossier.version.told)}&R&9&P / &N")


def _coded(text: str) -> str:
    """Return a text for a page's header or footer, where & begins a code; 200 signs at most."""
    return typeset(text).replace("&", "&&")[:200]

"""XLSX workbook: a sheet about the plan, a sheet for each sector, and the matrix of drives."""

import io
import math
from collections.abc import Sequence
from datetime import datetime

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from geozones.common.french import long_date, plural
from geozones.domain.terms import terms, worded
from geozones.domain.uncertainty import ESTIMATED_MEANS
from geozones.export.dossier import Dossier, SectorRow
from geozones.export.messages import FEEDBACK_TITLE
from geozones.export.text import typeset
from geozones.export.workbook_cells import Styles, make_styles, write_number, write_text
from geozones.export.workbook_comparison import comparison_sheet
from geozones.export.workbook_cost import COST_METRICS, cost_sheet
from geozones.export.workbook_page import set_page
from geozones.export.workbook_summary import summary_metrics, summary_sheet
from geozones.export.workbook_trips import trips_sheet
from geozones.export.workbook_vigilance import vigilance_sheet
from geozones.metrics import Metric, MetricPlace, number_of, shown_in
from geozones.metrics.format import COUNT, KILOMETRES, MINUTES

_LONGEST_NAME = 31
_COLUMNS = (
    ("Zone", 26),
    ("Statut", 17),
    ("{Short_code}", 12),
    ("{Site}", 31),
    ("Nom imprimé", 26),
    ("Commune", 21),
    ("Dép.", 6),
    ("{Support_centre}", 9),
    ("{Sizes}", 8),
    ("Besoin (demi-journées)", 10),
    ("Besoin d'après", 20),
    ("Relève (min)", 9),
    ("Bas (min)", 7),
    ("Haut (min)", 7),
    ("Relève depuis", 31),
)
_REMARK = ("Remarque", 22)
_CHANGES = (("Zone avant", 26), ("Changement", 17))
_METRIC_WIDTH = 11
#: Widths, in characters, for cells of minutes, in a wide font too: a number too wide for its column
#: is shown as ###.
_SHORT, _NO_WAY, _GUESSED = 7, 13, 18
_HEADS = tuple(head for head, _ in _COLUMNS)
_SIZE, _RELEVE = _HEADS.index("{Sizes}"), _HEADS.index("Relève (min)")
_NOT_PRINTED = "La matrice se lit à l'écran : elle est trop large pour être imprimée."


def xlsx(dossier: Dossier) -> bytes:
    """Return the workbook: the same dossier gives the same bytes."""
    stream = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(stream, options)
    version = dossier.version
    created = datetime.fromisoformat(version.file_date)
    book.set_properties(
        {
            "title": typeset(dossier.title),
            "subject": version.full_name,
            "author": "geozones",
            "created": created,
        }
    )
    records = (*_zone_metrics(dossier), *summary_metrics(dossier), *COST_METRICS)
    styles = make_styles(book, (COUNT, KILOMETRES, *(record.format for record in records)))
    _about(book.add_worksheet("À lire"), dossier, styles)
    taken = {"à lire", "synthèse", "ce qui change", "avis et commentaires"}
    taken |= {"coût annuel", "vigilance", "trajets", "matrice"}
    summary_sheet(book.add_worksheet("Synthèse"), dossier, styles)
    if dossier.comparison is not None:
        comparison_sheet(book.add_worksheet("Ce qui change"), dossier, styles)
    if dossier.feedback:
        _feedback(book.add_worksheet("Avis et commentaires"), dossier, styles)
    for sector in dossier.sectors:
        sheet = book.add_worksheet(_sheet_name(sector.name, taken))
        _sector(sheet, dossier, sector, styles)
    cost_sheet(book.add_worksheet("Coût annuel"), dossier, styles)
    vigilance_sheet(book.add_worksheet("Vigilance"), dossier, styles)
    trips_sheet(book.add_worksheet("Trajets"), dossier, styles)
    _matrix(book.add_worksheet("Matrice"), dossier, styles)
    book.close()
    return stream.getvalue()


def _sheet_name(name: str, taken: set[str]) -> str:
    """Return a valid name of a sheet for Excel, different from the names taken."""
    kept = "".join(" " if sign in "[]:*?/\\" else sign for sign in name).strip(" '") or "Secteur"
    rank = 1
    while True:
        end = "" if rank == 1 else f" ({rank})"
        unique = _cut(kept, _LONGEST_NAME - len(end)) + end
        if unique.casefold() not in taken:
            taken.add(unique.casefold())
            return unique
        rank += 1


def _cut(text: str, units: int) -> str:
    """Cut a text to ``units`` UTF-16 units, as Excel counts: an emoji is two."""
    while len(text.encode("utf-16-le")) > 2 * units:
        text = text[:-1]
    return text.rstrip(" '")


def _about(sheet: Worksheet, dossier: Dossier, styles: Styles) -> None:
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 1, 100)
    sheet.write_string(0, 0, typeset(dossier.title), styles.title)
    version = dossier.version
    counts = (
        plural(len(dossier.sectors), "secteur"),
        plural(len(dossier.zones), "zone"),
        terms().site.counted(len(dossier.lycees)),
    )
    rows = [
        ("Plan", version.name),
        ("Statut", version.status or "—"),
        ("Version", version.fingerprint),
        ("Date", long_date(version.date) if version.date else "non datée"),
        ("Contenu", ", ".join(counts)),
    ]
    rows += [(f"Secteur {sector.name}", sector.status_text) for sector in dossier.sectors]
    rows += [("Moment des trajets", dossier.peak_note)] if dossier.peak_note else []
    rows += [("Durées", f"en minutes, en voiture ; « estimé » : {ESTIMATED_MEANS}")]
    rows += [("Bas, haut", dossier.matrix.interval_means)]
    rows += [
        ("Sources" if rank == 0 else "", source) for rank, source in enumerate(dossier.sources)
    ]
    rows += [("Sans position", lycee.name) for lycee in dossier.unplaced]
    for rank, (label, text) in enumerate(rows, 2):
        sheet.write_string(rank, 0, label, styles.label)
        write_text(sheet, rank, 1, typeset(text), styles)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)


def _feedback(sheet: Worksheet, dossier: Dossier, styles: Styles) -> None:
    sheet.set_column(0, 0, 140)
    sheet.write_string(0, 0, FEEDBACK_TITLE, styles.head)
    for row, sentence in enumerate(dossier.feedback, 1):
        write_text(sheet, row, 0, typeset(sentence), styles)
    sheet.freeze_panes(1, 0)
    set_page(sheet, dossier, FEEDBACK_TITLE)
    sheet.fit_to_pages(1, 0)


def _sector(sheet: Worksheet, dossier: Dossier, sector: SectorRow, styles: Styles) -> None:
    records = _zone_metrics(dossier)
    beside = [(record.sheet_title, _METRIC_WIDTH) for record in records]
    columns = (*_COLUMNS, *beside, _REMARK)
    figures = (_RELEVE, *range(len(_COLUMNS), len(columns) - 1))
    comparison = dossier.comparison
    columns += () if comparison is None else _CHANGES
    least = _minutes_width(dossier)
    for column, (head, width) in enumerate(columns):
        sheet.set_column(column, column, max(width, least) if column in figures else width)
        sheet.write_string(0, column, typeset(worded(head)), styles.head)
    sheet.set_row(0, 44)
    row = 0
    for zone in sector.zones:
        for lycee in zone.lycees:
            row += 1
            named = (lycee.name, lycee.printed or lycee.name)
            first = (zone.name, zone.status_text, lycee.id)
            texts = (*first, *named, lycee.commune, lycee.departement)
            for column, text in enumerate((*texts, "oui" if lycee.is_support else "")):
                write_text(sheet, row, column, text, styles)
            write_number(sheet, (row, _SIZE), lycee.pupils, (COUNT, False), styles)
            write_number(sheet, (row, _SIZE + 1), lycee.need, (COUNT, False), styles)
            write_text(sheet, row, _SIZE + 2, lycee.need_origin, styles)
            at, releve = (row, _RELEVE), lycee.releve_minutes
            write_number(sheet, at, releve, (MINUTES, lycee.estimated), styles)
            for rank, end in enumerate(lycee.interval or (None, None), 1):
                write_number(sheet, (row, _RELEVE + rank), end, (MINUTES, False), styles)
            write_text(sheet, row, _RELEVE + 3, lycee.releve_from, styles)
            for column, record in enumerate(records, len(_COLUMNS)):
                value, at = number_of(zone.values[record.key]), (row, column)
                write_number(sheet, at, value, (record.format, record.key in zone.guessed), styles)
            column = len(_COLUMNS) + len(records)
            write_text(sheet, row, column, lycee.note, styles)
            if comparison is not None:
                write_text(sheet, row, column + 1, comparison.zones.get(lycee.id, ""), styles)
                write_text(sheet, row, column + 2, comparison.change_of(lycee.id), styles)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(row, 1), len(columns) - 1)
    set_page(sheet, dossier, f"Secteur {sector.name} ({sector.status_text})")
    sheet.fit_to_pages(1, 0)


def _minutes_width(dossier: Dossier) -> int:
    """Return the number of characters of the longest duration."""
    if dossier.matrix.estimated:
        return _GUESSED
    reached = all(math.isfinite(value) for row in dossier.matrix.rows for value in row)
    return _SHORT if reached else _NO_WAY


def _zone_metrics(dossier: Dossier) -> list[Metric]:
    """Return the metrics of the zone in the row of each lycée."""
    records = shown_in(MetricPlace.LYCEE_ROWS, posts=True)
    return [record for record in records if record.key in dossier.values]


def _matrix(sheet: Worksheet, dossier: Dossier, styles: Styles) -> None:
    """Write the minutes from the lycée of the row to the lycée of the column."""
    lines = list(dossier.lines())
    heads = ("{Short_code}", "{Site}", "Zone")
    for column, (head, width) in enumerate(zip(heads, (17, 38, 30), strict=True)):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, worded(head), styles.head)
    sheet.set_row(0, 190)
    sheet.set_column(len(heads), len(heads) + len(lines), _minutes_width(dossier))
    rank_of = {lycee: rank for rank, lycee in enumerate(dossier.matrix.ids)}
    ranks = [rank_of[lycee.id] for _, _, lycee in lines]
    for row, (_, zone, lycee) in enumerate(lines, 1):
        sheet.write_string(0, row + 2, f"{lycee.name} ({lycee.commune})"[:60], styles.turned)
        for column, text in enumerate((lycee.id, lycee.name, zone.name)):
            write_text(sheet, row, column, text, styles)
        _drives(sheet, dossier, (row, ranks[row - 1]), ranks, styles)
    sheet.freeze_panes(1, len(heads))
    sheet.autofilter(0, 0, max(len(lines), 1), len(heads) - 1)
    # too wide for paper: a sentence is printed in its place, which filters never hide
    last = len(lines) + 2
    sheet.write_string(last, 1, typeset(_NOT_PRINTED), styles.text)
    set_page(sheet, dossier, "Minutes de la ligne vers la colonne", repeat=False)
    sheet.print_area(last, 1, last, 1)


def _drives(
    sheet: Worksheet,
    dossier: Dossier,
    line: tuple[int, int],
    ranks: Sequence[int],
    styles: Styles,
) -> None:
    row, origin = line
    for column, destination in enumerate(ranks, 3):
        if origin == destination:
            sheet.write_blank(row, column, None, styles.self)
            continue
        value = dossier.matrix.rows[origin][destination]
        known = math.inf if math.isnan(value) else value
        guess = (origin, destination) in dossier.matrix.estimated
        write_number(sheet, (row, column), known, (MINUTES, guess), styles)

"""XLSX workbook: a sheet about the plan, one for each sector, and the matrix of drives."""

import io
import math
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

import numpy as np
import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from geozones.common.french import long_date, longer_than, minutes, plural
from geozones.domain.terms import terms, worded
from geozones.domain.times import ESTIMATED_MEANS
from geozones.export.dossier import Dossier, LyceeRow, SectorRow, ZoneRow
from geozones.export.file_parts import typeset
from geozones.export.messages import FEEDBACK_TITLE
from geozones.export.workbook_sheets import (
    COST_METRICS,
    Styles,
    column_width,
    comparison_sheet,
    cost_sheet,
    heads_height,
    make_styles,
    set_page,
    summary_metrics,
    summary_sheet,
    trips_sheet,
    vigilance_sheet,
    write_number,
    write_text,
)
from geozones.metrics import Metric, MetricPlace, number_of, shown_in
from geozones.metrics.metric import COUNT, KILOMETRES, MINUTES, Format

#: Widths, in characters, for cells of minutes, in a wide font too: a number too wide for its column
#: is shown as ###.
_SHORT, _NO_WAY, _GUESSED = 7, 13, 18
_MATRIX_HEADS = (("{Short_code}", 17), ("{Site}", 38), ("Zone", 30))
_HEAD_HEIGHT = 190
#: Lycées above which there is a table a sector: all pairs would be over a million cells.
_WHOLE = 1_000
_NOT_PRINTED = "La matrice se lit à l'écran : elle est trop large pour être imprimée."

type Line = tuple[SectorRow, ZoneRow, LyceeRow]
type Ranks = Mapping[str, int]


def minutes_width(dossier: Dossier) -> int:
    """Return the number of characters of the longest duration."""
    matrix = dossier.matrix
    if matrix.estimated.any() or matrix.beyond.any():
        return _GUESSED
    return _SHORT if np.isfinite(matrix.minutes).all() else _NO_WAY


def matrix_sheet(sheet: Worksheet, dossier: Dossier, styles: Styles) -> None:
    """Write the minutes between all lycées, or a table a sector where they are too many."""
    lines = list(dossier.lines())
    ranks = {lycee: rank for rank, lycee in enumerate(dossier.matrix.ids)}
    for column, (_, width) in enumerate(_MATRIX_HEADS):
        sheet.set_column(column, column, width)
    if len(lines) <= _WHOLE or len(dossier.sectors) < 2:
        sheet.set_column(
            len(_MATRIX_HEADS), len(_MATRIX_HEADS) + len(lines), minutes_width(dossier)
        )
        _table(sheet, dossier, lines, ranks, styles)
        sheet.freeze_panes(1, len(_MATRIX_HEADS))
        sheet.autofilter(0, 0, max(len(lines), 1), len(_MATRIX_HEADS) - 1)
        last = len(lines) + 2
    else:
        last = _sector_tables(sheet, dossier, ranks, styles)
    # too wide for paper: a sentence is printed in its place, which filters never hide
    sheet.write_string(last, 1, typeset(_NOT_PRINTED), styles.text)
    set_page(sheet, dossier, "Minutes de la ligne vers la colonne", repeat=False)
    sheet.print_area(last, 1, last, 1)


def _sector_tables(sheet: Worksheet, dossier: Dossier, ranks: Ranks, styles: Styles) -> int:
    """Write a table a sector, each below the one before; return a row below them."""
    widest = max(len(sector.lycees) for sector in dossier.sectors)
    sheet.set_column(len(_MATRIX_HEADS), len(_MATRIX_HEADS) + widest, minutes_width(dossier))
    sheet.write_string(0, 1, typeset(_left_out(dossier.matrix.within or 0)), styles.label)
    row = 2
    for sector in dossier.sectors:
        own = [(sector, zone, lycee) for zone in sector.zones for lycee in zone.lycees]
        sheet.write_string(row, 0, typeset(f"Secteur {sector.name}"), styles.title)
        _table(sheet, dossier, own, ranks, styles, top=row + 1)
        row += len(own) + 3
    sheet.freeze_panes(0, len(_MATRIX_HEADS))
    return row


def _left_out(within: float) -> str:
    """Return what the sheet leaves out, and where it is."""
    beyond = f"Au-delà de {minutes(within)}, les durées ne sont pas calculées ; " if within else ""
    return worded(
        f"Un tableau par secteur. {beyond}"
        "entre deux {sites} de secteurs différents, la commande « geozones times » donne la durée."
    )


def _table(
    sheet: Worksheet,
    dossier: Dossier,
    lines: Sequence[Line],
    ranks: Ranks,
    styles: Styles,
    *,
    top: int = 0,
) -> None:
    """Write the minutes between the lycées of some lines, with their heads in the row ``top``."""
    for column, (head, _) in enumerate(_MATRIX_HEADS):
        sheet.write_string(top, column, worded(head), styles.head)
    sheet.set_row(top, _HEAD_HEIGHT)
    own = [ranks[lycee.id] for _, _, lycee in lines]
    for row, (_, zone, lycee) in enumerate(lines, 1):
        head = f"{lycee.name} ({lycee.commune})"[:60]
        sheet.write_string(top, row + len(_MATRIX_HEADS) - 1, head, styles.turned)
        for column, text in enumerate((lycee.id, lycee.name, zone.name)):
            write_text(sheet, top + row, column, text, styles)
        _drives(sheet, dossier, (top + row, own[row - 1]), own, styles)


def _drives(
    sheet: Worksheet,
    dossier: Dossier,
    line: tuple[int, int],
    ranks: Sequence[int],
    styles: Styles,
) -> None:
    row, origin = line
    matrix = dossier.matrix
    known = zip(
        ranks,
        matrix.minutes[origin, ranks].tolist(),
        matrix.estimated[origin, ranks].tolist(),
        matrix.beyond[origin, ranks].tolist(),
        strict=True,
    )
    for column, (destination, value, guess, beyond) in enumerate(known, len(_MATRIX_HEADS)):
        if origin == destination:
            sheet.write_blank(row, column, None, styles.self)
        elif beyond:
            write_text(sheet, row, column, longer_than(matrix.within or 0), styles)
        else:
            shown = math.inf if math.isnan(value) else value
            write_number(sheet, (row, column), shown, (MINUTES, guess), styles)


_LONGEST_NAME = 31


class SheetColumn(NamedTuple):
    """Column of the sheet of a sector, which has a row for each lycée."""

    head: str
    width: int  # In characters.
    value: Callable[[ZoneRow, LyceeRow], str | float | None]
    format: Format | None = None  # Format of a number; ``None`` for texts.
    #: Whether a number is an estimate; ``None`` for a column that has none.
    guessed: Callable[[ZoneRow, LyceeRow], bool] | None = None


#: Columns of a sector, in order; those of metrics, the remark and the changes follow.
COLUMNS = (
    SheetColumn("Zone", 26, lambda zone, _: zone.name),
    SheetColumn("Statut", 17, lambda zone, _: zone.status_text),
    SheetColumn("{Short_code}", 12, lambda _, lycee: lycee.id),
    SheetColumn("{Site}", 31, lambda _, lycee: lycee.name),
    SheetColumn("Nom imprimé", 26, lambda _, lycee: lycee.printed or lycee.name),
    SheetColumn("Commune", 21, lambda _, lycee: lycee.commune),
    SheetColumn("Dép.", 6, lambda _, lycee: lycee.departement),
    SheetColumn("{Support_centre}", 9, lambda _, lycee: "oui" if lycee.is_support else ""),
    SheetColumn("{Sizes}", 8, lambda _, lycee: lycee.pupils, COUNT),
    SheetColumn("Besoin (demi-journées)", 10, lambda _, lycee: lycee.need, COUNT),
    SheetColumn("Besoin d'après", 20, lambda _, lycee: lycee.need_origin),
    SheetColumn(
        "Relève (min)",
        9,
        lambda _, lycee: lycee.releve_minutes,
        MINUTES,
        lambda _, lycee: lycee.estimated,
    ),
    SheetColumn("Bas (min)", 7, lambda _, lycee: (lycee.interval or (None, None))[0], MINUTES),
    SheetColumn("Haut (min)", 7, lambda _, lycee: (lycee.interval or (None, None))[1], MINUTES),
    SheetColumn("Relève depuis", 31, lambda _, lycee: lycee.releve_from),
)
_REMARK = SheetColumn("Remarque", 22, lambda _, lycee: lycee.note)
_METRIC_WIDTH = 11


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
    matrix_sheet(book.add_worksheet("Matrice"), dossier, styles)
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
        plural(sum(bool(zone.lycees) for zone in dossier.zones), "zone"),
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
    columns = (*COLUMNS, *map(_metric_column, _zone_metrics(dossier)), _REMARK)
    if (comparison := dossier.comparison) is not None:
        columns += (
            SheetColumn("Zone avant", 26, lambda _, lycee: comparison.zones.get(lycee.id, "")),
            SheetColumn("Changement", 17, lambda _, lycee: comparison.change_of(lycee.id)),
        )
    least = minutes_width(dossier)
    for rank, column in enumerate(columns):
        fit = column_width(column.head, column.width)
        sheet.set_column(rank, rank, max(fit, least) if column.guessed else fit)
        sheet.write_string(0, rank, typeset(worded(column.head)), styles.head)
    sheet.set_row(0, heads_height([(column.head, column.width) for column in columns]))
    row = 0
    for zone in sector.zones:
        for lycee in zone.lycees:
            row += 1
            for rank, column in enumerate(columns):
                value = column.value(zone, lycee)
                if isinstance(value, str):
                    write_text(sheet, row, rank, value, styles)
                elif column.format is not None:
                    guessed = column.guessed is not None and column.guessed(zone, lycee)
                    write_number(sheet, (row, rank), value, (column.format, guessed), styles)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(row, 1), len(columns) - 1)
    set_page(sheet, dossier, f"Secteur {sector.name} ({sector.status_text})")
    sheet.fit_to_pages(1, 0)


def _metric_column(record: Metric) -> SheetColumn:
    """Return the column of a metric of the zone, beside each lycée."""
    return SheetColumn(
        record.sheet_title,
        _METRIC_WIDTH,
        lambda zone, _: number_of(zone.values[record.key]),
        record.format,
        lambda zone, _: record.key in zone.guessed,
    )


def _zone_metrics(dossier: Dossier) -> list[Metric]:
    """Return the metrics of the zone in the row of each lycée."""
    records = shown_in(MetricPlace.LYCEE_ROWS, posts=True)
    return [record for record in records if record.key in dossier.values]

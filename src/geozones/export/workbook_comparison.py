"""Sheet of changes from another plan: figures, points to watch, zones, lycées, reasons."""

from collections.abc import Sequence

from xlsxwriter.worksheet import Worksheet

from geozones.common.french import inside
from geozones.domain.terms import terms, worded
from geozones.export.dossier import Dossier, PlanComparison
from geozones.export.text import typeset
from geozones.export.workbook_cells import Styles, write_text
from geozones.export.workbook_page import set_page
from geozones.metrics import MetricPlace, shown_in

_WIDTHS = (58, 34, 34, 16, 26)
_FIGURE_HEADS = ("Avant", "Après", "Écart", "Appréciation")


def comparison_sheet(sheet: Worksheet, dossier: Dossier, styles: Styles) -> None:
    """Write the figures, what gets worse first; then points to watch, then lycées that moved."""
    comparison = dossier.comparison
    assert comparison is not None  # noqa: S101 - who calls knows
    for column, width in enumerate(_WIDTHS):
        sheet.set_column(column, column, width)
    row = 0
    for heads, rows in _tables(dossier, comparison):
        for column, head in enumerate(heads):
            sheet.write_string(row, column, typeset(head), styles.head)
        for cells in rows:
            row += 1
            for column, text in enumerate(cells):
                write_text(sheet, row, column, text, styles)
        row += 2
    sheet.freeze_panes(0, 1)
    title = f"Ce qui change : {comparison.before.name}, {dossier.version.name}"
    set_page(sheet, dossier, title, repeat=False)
    sheet.fit_to_pages(1, 0)


type _Table = tuple[tuple[str, ...], Sequence[tuple[str, ...]]]


def _tables(dossier: Dossier, comparison: PlanComparison) -> list[_Table]:
    """Return the tables of the sheet, without empty tables."""
    figures = [
        (
            change.metric.file_label,
            change.before_text,
            change.after_text,
            change.difference_text,
            change.word,
        )
        for change in comparison.changes
    ]
    moves = [
        (move.lycee, move.before or "—", move.after or "—", move.id, comparison.change_of(move.id))
        for move in comparison.moves
    ]
    noun, code = worded("{Site}"), worded("{Short_code}")
    tables: list[_Table] = [
        ((f"Chiffre : {dossier.title}", *_FIGURE_HEADS), figures),
        (("Points de vigilance nouveaux ou aggravés",), _column(comparison.new_points)),
        (("Points de vigilance levés",), _column(comparison.gone_points)),
        _changed_zones(dossier, comparison),
        ((noun, "Zone avant", "Zone après", code, "Changement"), moves),
        (("Pourquoi",), _column(dossier.reasons)),
        (("Ce qui est à décider",), _column(dossier.asked)),
    ]
    return [(heads, rows) for heads, rows in tables if rows]


def _column(sentences: Sequence[str]) -> list[tuple[str, ...]]:
    return [(sentence,) for sentence in sentences]


def _changed_zones(dossier: Dossier, comparison: PlanComparison) -> _Table:
    """Return the few plain figures of each zone whose lycées changed, before and after."""
    records = [record for record in shown_in(MetricPlace.ZONE_TABLE) if record.of_zone is not None]
    then = {zone.id: zone for zone in dossier.zones}
    first = {zone.id: zone for zone in comparison.earlier.zones}
    rows = []
    changed = comparison.changed_zones
    for code in (code for code in dict.fromkeys((*then, *first)) if code in changed):
        sides = (first.get(code), then.get(code))
        name = next(row.name for row in reversed(sides) if row is not None)
        counts = ("—" if row is None else str(len(row.lycees)) for row in sides)
        rows.append((f"{name} : {terms().site.plural}", *counts))
        for record in records:
            old, new = (
                "—" if row is None or record.key not in row.values
                else record.write(row.values[record.key], record.format.compared_digits)
                for row in sides
            )  # fmt: skip
            rows.append((f"{name} : {inside(record.file_label)}", old, new))
    return ((f"Zone dont les {terms().site.plural} changent", "Avant", "Après"), rows)

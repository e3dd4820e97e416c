"""The sheet of what changes from another plan: figures, points to watch, lycées."""

from collections.abc import Sequence

from xlsxwriter.worksheet import Worksheet

from geozones.export.dossier import Dossier, PlanComparison
from geozones.export.text import typeset
from geozones.export.workbook_cells import Styles, write_text
from geozones.export.workbook_page import set_page

_WIDTHS = (44, 34, 34, 16, 40)


def comparison_sheet(sheet: Worksheet, dossier: Dossier, styles: Styles) -> None:
    """Write the figures, what gets worse first; then points to watch, then lycées that moved."""
    comparison = dossier.comparison
    assert comparison is not None  # noqa: S101 - who calls knows
    for column, width in enumerate(_WIDTHS):
        sheet.set_column(column, column, width)
    row = 0
    for heads, rows in _tables(comparison):
        for column, head in enumerate(heads):
            sheet.write_string(row, column, typeset(head), styles.head)
        for cells in rows:
            row += 1
            for column, text in enumerate(cells):
                write_text(sheet, row, column, text, styles)
        row += 2
    sheet.freeze_panes(0, 1)
    set_page(sheet, dossier, f"Avant et après : {comparison.before.name}, {dossier.version.name}")
    sheet.fit_to_pages(1, 0)


def _tables(
    comparison: PlanComparison,
) -> list[tuple[tuple[str, ...], Sequence[tuple[str, ...]]]]:
    figures = [
        (
            change.metric.label,
            change.before_text,
            change.after_text,
            change.difference_text,
            change.word,
        )
        for change in comparison.changes
    ]
    points = [(said,) for said in comparison.new_points]
    moves = [(move.lycee, move.before or "—", move.after or "—") for move in comparison.moves]
    tables: list[tuple[tuple[str, ...], Sequence[tuple[str, ...]]]] = [
        (("Chiffre de la région", "Avant", "Après", "Écart", "Ce qu'on peut en dire"), figures),
        (("Points de vigilance nouveaux ou changés",), points),
        (("Lycée", "Zone avant", "Zone après"), moves),
    ]
    return [(heads, rows) for heads, rows in tables if rows]

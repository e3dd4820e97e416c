"""Print settings of the sheets of a workbook."""

from xlsxwriter.worksheet import Worksheet

from geozones.export.dossier import Dossier
from geozones.export.text import typeset


def set_page(sheet: Worksheet, dossier: Dossier, title: str, *, repeat: bool = True) -> None:
    """Set the print layout of a sheet: its name above, the identity of the plan below.

    ``repeat``: repeat the first row on each page.
    """
    peak = f" · {dossier.peak_note}" if dossier.peak_note else ""
    sheet.set_landscape()
    sheet.set_paper(9)
    if repeat:
        sheet.repeat_rows(0)
    sheet.set_header(f'&L&"Arial,Bold"&12{_coded(title + peak)}')
    sheet.set_footer(f"&L&9{_coded(dossier.version.full_name)}&R&9&P / &N")


def _coded(text: str) -> str:
    """Return a text for a page's header or footer, where & begins a code; cut at 200 characters."""
    return typeset(text).replace("&", "&&")[:200]

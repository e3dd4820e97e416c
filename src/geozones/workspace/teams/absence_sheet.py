"""Printable sheet of an absence for a RNS: one HTML file without external resources."""

from collections.abc import Sequence
from datetime import date
from html import escape

from geozones.common.french import long_date, plural
from geozones.domain.terms import worded
from geozones.domain.uncertainty import ESTIMATED_MEANS
from geozones.workspace.teams.staff import Staff

_HEADS = ("Date", "Demi-journée", "{Site}", "Qui vient", "D'où", "En", "Ce qui est laissé")
_STYLE = """
body { font: 10.5pt/1.4 sans-serif; color: #15202b; margin: 2cm; }
h1 { font-size: 16pt; margin: 0 0 .3em; } p { margin: .2em 0; }
table { border-collapse: collapse; width: 100%; margin: 1em 0; }
th, td { border: 1px solid #999; padding: .3em .45em; text-align: left; vertical-align: top; }
th { background: #eee; } tr { break-inside: avoid; } thead { display: table-header-group; }
footer { color: #555; font-size: 8.5pt; } @page { size: A4 landscape; margin: 1.2cm; }
@media print { body { margin: 0; } }
"""


def absence_sheet(
    staff: Staff, post: str, dates: tuple[date, date], rows: Sequence[Sequence[str]]
) -> str:
    """Return the sheet of a post's absence; ``rows`` describe the half-days missed.

    It has no names, unless ``staff`` shows them.
    """
    entry = staff.people.post(post)
    sector = staff.plan.sector(staff.plan.zone(entry.zone).sector)
    title = f"Absence de {staff.label(entry)}"
    first, last = (long_date(day.isoformat()) for day in dates)
    times = staff.study.times
    body = "".join(
        "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows
    )
    heads = "".join(f'<th scope="col">{escape(worded(head))}</th>' for head in _HEADS)
    status = staff.study.decisions.sector_text(sector.id)
    source = (
        f"Trajets en voiture : {times.provenance.label}, {long_date(times.provenance.date)}"
        f"{staff.study.analysis.peak_note} ; entre parenthèses, {times.interval_means} ; estimé : "
        f"{ESTIMATED_MEANS}. Jours comptés : du lundi au vendredi, hors jours fériés."
    )
    return (
        '<!doctype html><html lang="fr"><head><meta charset="utf-8">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head><body>"
        f"<h1>{escape(title)}</h1><p>Du {first} au {last} : "
        f"{plural(len(rows), 'demi-journée manquée', 'demi-journées manquées')}.</p>"
        f"<p>Secteur {escape(sector.name)} ({escape(status)}), RNS : "
        f"{escape(sector.rns or 'non publié')}.</p>"
        f"<table><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table>"
        f"<footer>{escape(source)}</footer></body></html>"
    )

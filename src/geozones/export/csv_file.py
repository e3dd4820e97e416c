"""CSV export, a line for each lycée, for French spreadsheets: semicolons, decimal commas, UTF-8."""

import csv
import io
from collections.abc import Mapping, Sequence

from geozones.export import attributes
from geozones.export.dossier import Dossier
from geozones.export.text import safe_cell


def csv_bytes(dossier: Dossier) -> bytes:
    """Return the lycées in view; a byte order mark tells Excel that it is UTF-8."""
    plan = attributes.of_dossier(dossier)
    rows = [
        {
            **attributes.of_lycee(dossier, sector, zone, lycee),
            "latitude": lycee.lat if lycee.is_placed else None,
            "longitude": lycee.lon if lycee.is_placed else None,
            **attributes.of_zone_beside_lycee(zone),
            **plan,
            "heure_de_pointe": dossier.peak_note or None,
            "sources": " ".join(dossier.sources),
        }
        for sector, zone, lycee in dossier.lines()
    ]
    return rows_bytes(rows)


def rows_bytes(rows: Sequence[Mapping[str, object]]) -> bytes:
    """Return a table of rows with the same columns."""
    stream = io.StringIO(newline="")
    if rows:
        writer = csv.writer(stream, delimiter=";", lineterminator="\r\n")
        writer.writerow(rows[0])
        writer.writerows([_cell(value) for value in row.values()] for row in rows)
    return stream.getvalue().encode("utf-8-sig")


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, float):
        return f"{value:.10g}".replace(".", ",")
    return str(value) if isinstance(value, int) else safe_cell(str(value))

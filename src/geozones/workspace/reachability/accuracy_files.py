"""Files of the panel « Fiabilité »: the whole comparison, and a table to fill in."""

import math
from itertools import combinations

from geozones.export.csv_file import rows_bytes
from geozones.workspace.reachability.accuracy import Accuracy
from geozones.workspace.study import Study

_TO_MEASURE = 20


def accuracy_csv(study: Study, accuracy: Accuracy) -> bytes:
    """Return each reference beside the tool's figure, with its engine and date.

    References without a figure of the tool come last, with empty cells.
    """
    labels = accuracy.references.labels
    figures = {entry.reference: entry for entry in accuracy.checked}
    peak = study.analysis.peak_note.strip(" ()") or None
    rows: list[dict[str, object]] = []
    for time in (*figures, *accuracy.unknown):
        entry = figures.get(time)
        rows.append(
            {
                "de": time.origin,
                "nom_de": labels[time.origin],
                "a": time.destination,
                "nom_a": labels[time.destination],
                "genre": entry and entry.kind,
                "minutes_reference": time.minutes,
                "minutes_outil": entry and round(entry.minutes, 2),
                "bas": entry and round(entry.low, 2),
                "haut": entry and round(entry.high, 2),
                "ecart_pourcent": entry and round(entry.percent, 2),
                "dans_la_fourchette": entry and entry.is_covered,
                "estime": entry and entry.estimated,
                "heure_de_pointe": peak,
                "moteur": entry and entry.source,
                "date_du_calcul": entry and entry.date,
                "usage": time.usage or None,
                "source_reference": time.source or accuracy.references.name,
            }
        )
    return rows_bytes(rows)


def template_csv(study: Study) -> bytes:
    """Return a table to fill in: the drives between colleagues with the widest intervals."""
    times, plan, name = study.times, study.plan, study.name
    pairs = [pair for zone in plan.zones for pair in combinations(plan.members(zone.id), 2)]

    def doubt(pair: tuple[str, str]) -> float:
        low, high = times.interval(*pair)
        return math.log(high / low) if 0 < low < high < math.inf else 0.0

    pairs.sort(key=lambda pair: (-doubt(pair), pair))
    return rows_bytes(
        [
            {"de": a, "nom_de": name(a), "a": b, "nom_a": name(b), "minutes": None, "source": None}
            for a, b in pairs[:_TO_MEASURE]
        ]
    )

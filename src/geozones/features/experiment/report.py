"""Report of a bilan: finding, decisions, figures, areas, hypotheses; then each sector."""

from collections.abc import Mapping
from types import MappingProxyType

from geozones.common.french import capital, inside
from geozones.domain.field_journal import Journal
from geozones.domain.terms import worded
from geozones.export.bilan.content import (
    BilanContent,
    BilanPart,
    BilanTable,
    DrawnFigure,
    IntervalBar,
)
from geozones.export.dossier import Dossier
from geozones.export.messages import FEEDBACK_TITLE
from geozones.features.experiment import model
from geozones.features.experiment.model import DECISIONS_TITLE, INVENTED_NOTICE, Bilan, bilan_of
from geozones.features.experiment.observed import OUTSIDE
from geozones.workspace.study import Study

#: Sentences under the title of an area.
_MOST_FINDINGS = 3
#: Ends of a scale, as multiples of what it must show.
_TWICE, _MARGIN, _ALONE = 2.0, 1.05, 1.25


def content_of(
    study: Study,
    journal: Journal,
    dossier: Dossier,
    sector: str | None = None,
    retained: Mapping[str, str] = MappingProxyType({}),
) -> BilanContent:
    """Return the bilan of the whole and of each sector with rows, or of one sector (id).

    ``retained`` tells the hypotheses that the scenario retains, by name.
    """
    first = bilan_of(study, journal, sector=sector)
    parts = _area(first)
    parts[1:1] = [BilanPart(DECISIONS_TITLE, first.decisions)] if first.decisions else []
    if dossier.feedback:
        parts.append(BilanPart(FEEDBACK_TITLE, tuple(dossier.feedback)))
    rows = model.hypothesis_rows(study, model.observer(study, journal))
    columns = (
        ("Hypothèse", 2.4, False),
        ("Supposé", 1.6, True),
        ("Observé", 3.6, True),
        ("Retenu", 4.0, False),
    )
    cells = (
        (
            row.label,
            row.supposed,
            row.observed or "—",
            retained.get(row.name) or row.why_not or "non",
        )
        for row in rows
    )
    parts.append(
        BilanPart(
            "Hypothèses, d'après tout le journal",
            (),
            BilanTable(columns, tuple(cells)),
            tab="Hypothèses",
        )
    )
    if sector is None:
        for sector_id in model.recorded(study, model.observer(study, journal)):
            parts += _area(bilan_of(study, journal, sector=sector_id))
    return BilanContent(
        f"Bilan de l'expérimentation : {first.area.name}",
        capital(first.period_text),
        INVENTED_NOTICE if first.invented else "",
        tuple(parts),
    )


def _area(bilan: Bilan) -> list[BilanPart]:
    area, what = bilan.area, worded(model.PART_NAMES[bilan.area.kind])
    title = bilan.title if area.kind == "region" else f"{area.title} : {inside(bilan.title)}"
    told = tuple(f"{finding}." for finding in bilan.findings[1:_MOST_FINDINGS])
    columns = ((capital(what), 3.4, False), *((head, 1.9, True) for head in model.part_heads()))
    rows = tuple(
        (part.title.removeprefix(f"{capital(what)} "), *model.part_cells(seen))
        for part, seen in bilan.parts
    )
    return [
        BilanPart(title, told, area=area.title, chapter=True),
        BilanPart(
            "Attendu et observé",
            bilan.counts,
            figures=tuple(map(_drawn, bilan.lines)),
            tab="Chiffres",
        ),
        BilanPart(f"Par {what}", table=BilanTable(columns, rows), tab=f"Par {what}"),
    ]


def _drawn(line: model.BilanLine) -> DrawnFigure:
    most = max(line.estimate.value, line.estimate.high or 0.0)
    alone = 1.0 if line.figure.unit == "%" else _ALONE * most or 1.0
    end = max(_TWICE * line.hoped, _MARGIN * most) if line.hoped else alone

    def place(value: float | None) -> float | None:
        return None if value is None else min(value / end, 1.0)

    bar = IntervalBar(
        min(line.estimate.value / end, 1.0),
        place(line.estimate.low),
        place(line.estimate.high),
        place(line.hoped),
    )
    return DrawnFigure(
        line.figure.label,
        line.observed,
        line.interval,
        line.expected,
        line.verdict.value,
        line.counted,
        bar,
        line.verdict in OUTSIDE,
    )

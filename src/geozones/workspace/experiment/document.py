"""Document of the bilan: the whole, then each sector; worse figures before better."""

from geozones.common.french import inside
from geozones.domain.field_journal import Journal
from geozones.domain.terms import worded
from geozones.experiment.observed import Observer
from geozones.export.bilan.content import BilanContent, BilanMap, BilanPart, BilanTable
from geozones.export.messages import FEEDBACK_TITLE
from geozones.workspace.comments.summary import NO_FEEDBACK, Feedback
from geozones.workspace.experiment.area_rows import HEADS, PART_NAMES, AreaRow
from geozones.workspace.experiment.areas import observer, recorded
from geozones.workspace.experiment.bilan import (
    DECISIONS_TITLE,
    INVENTED_NOTICE,
    Bilan,
    bilan_of,
)
from geozones.workspace.experiment.hypotheses import HypothesisRow, hypothesis_rows
from geozones.workspace.experiment.observed_map import observed_map
from geozones.workspace.experiment.reproposal import Reproposal
from geozones.workspace.study import Study

_ZONES = (
    ("", 0.5, False),
    ("N°", 0.6, True),
    ("Zone", 4.2, False),
    ("Observé", 2.4, True),
    ("Intervalle à 95 %", 2.0, True),
    ("Attendu", 2.2, True),
    ("D'après", 3.2, False),
)
#: Sentences under the title of an area.
_MOST_FINDINGS = 3


def content_of(
    study: Study,
    journal: Journal,
    sector: str | None = None,
    reproposal: Reproposal | None = None,
    feedback: Feedback = NO_FEEDBACK,
) -> BilanContent:
    """Return the bilan of the whole and of each recorded sector, or of one sector (id).

    ``reproposal`` is the comparison of proposals, if it was computed; ``feedback`` the comments and
    opinions on the scenario.

    Raises
    ------
    InputError
        If there is no such sector.
    """
    watched = observer(study, journal)
    first = bilan_of(study, journal, sector=sector)
    parts = _area(study, watched, first)
    parts[1:1] = _decisions(first)
    if reproposal is not None:
        parts.append(BilanPart("Ce que l'outil proposerait", reproposal.sentences(study)))
    parts += _feedback_part(feedback if sector is None else feedback.in_sector(study.plan, sector))
    parts.append(_hypotheses(hypothesis_rows(study, watched)))
    if sector is None:
        held = recorded(study, watched)
        for entry in study.plan.sectors:
            if entry.id in held:
                parts += _area(study, watched, bilan_of(study, journal, sector=entry.id))
                parts += _feedback_part(feedback.in_sector(study.plan, entry.id))
    return BilanContent(
        f"Bilan de l'expérimentation : {first.area.name}",
        f"{first.period_text[:1].upper()}{first.period_text[1:]}",
        INVENTED_NOTICE if first.invented else "",
        tuple(parts),
    )


def _feedback_part(feedback: Feedback) -> list[BilanPart]:
    return [BilanPart(FEEDBACK_TITLE, feedback.sentences)] if feedback.sentences else []


def _area(study: Study, watched: Observer, bilan: Bilan) -> list[BilanPart]:
    what = worded(PART_NAMES[bilan.area.kind])
    return [
        _chapter(bilan),
        *_map(study, watched, bilan),
        BilanPart(
            "Attendu et observé, du moins bon au meilleur",
            figures=tuple(line for line in bilan.lines if line.expected),
            tab="Attendu",
        ),
        BilanPart(
            "Ce que le journal montre aussi",
            figures=tuple(line for line in bilan.lines if not line.expected),
            tab="Autres chiffres",
            record=True,
        ),
        BilanPart("Ce que comptent ces chiffres", bilan.counts, record=True),
        BilanPart(
            "Points de vigilance du document",
            tuple(
                f"{point.title}{' (à surveiller)' if point.alarming else ''} : {point.shown}"
                for point in bilan.points
            ),
            record=bilan.area.kind != "region",
        ),
        BilanPart(f"Par {what}", table=_rows(bilan.parts, what.capitalize()), tab=f"Par {what}"),
        BilanPart("Par mois", table=_rows(bilan.months, "Mois"), tab="Par mois", record=True),
    ]


def _chapter(bilan: Bilan) -> BilanPart:
    """Return the findings of an area, the first as its title, and the cost of the whole."""
    name = bilan.area.name
    told = [f"{finding.text}." for finding in bilan.findings[1:_MOST_FINDINGS]]
    told += [bilan.cost.sentence] if bilan.cost is not None and bilan.decisions else []
    title = (
        bilan.title if bilan.area.kind == "region" else f"{_short(name)} : {inside(bilan.title)}"
    )
    return BilanPart(title, tuple(told), area=_short(name), chapter=True)


def _short(name: str) -> str:
    """Return the name of an area as a title begins with it."""
    plain = name.removeprefix("le ").removeprefix("la ")
    return f"{plain[:1].upper()}{plain[1:]}"


def _decisions(bilan: Bilan) -> list[BilanPart]:
    """Return what is to be decided: from the whole journal, with the effect in the area."""
    return [BilanPart(DECISIONS_TITLE, bilan.decisions)] if bilan.decisions else []


def _map(study: Study, watched: Observer, bilan: Bilan) -> list[BilanPart]:
    shown = observed_map(study, watched, bilan.area, bilan.keys)
    if shown is None:
        return []
    rows = tuple(
        (
            zone.colour,
            str(zone.number),
            zone.name,
            *(
                ("—",) * 4
                if zone.line is None
                else (
                    zone.value,
                    zone.line.interval,
                    zone.line.expected,
                    zone.line.counted,
                )
            ),
        )
        for zone in shown.zones
    )
    drawn = BilanMap(shown.scene, shown.described, shown.lines, shown.legend)
    return [BilanPart(shown.title, table=BilanTable(_ZONES, rows), map=drawn, tab="Carte")]


def _rows(rows: tuple[AreaRow, ...], head: str) -> BilanTable:
    columns = ((head, 3.0, False), *((label, 1.9, True) for label in HEADS))
    return BilanTable(columns, tuple((row.name, *row.cells) for row in rows))


def _hypotheses(rows: tuple[HypothesisRow, ...]) -> BilanPart:
    columns = (
        ("Hypothèse", 3.0, False),
        ("Supposé", 1.6, True),
        ("Observé", 2.8, True),
        ("D'après", 1.8, False),
        ("Adopté dans ce scénario", 2.4, False),
    )
    cells = tuple(
        (
            row.label,
            row.supposed,
            row.observed or "—",
            row.counted or "—",
            row.adopted or (row.why_not or "non"),
        )
        for row in rows
        if not row.why_not.startswith("un choix")
    )
    title = "Hypothèses, d'après tout le journal (tous secteurs)"
    return BilanPart(title, (), BilanTable(columns, cells), tab="Hypothèses", record=True)

"""Document of the bilan: the whole, then each sector; worse figures before better."""

from geozones.domain.field_journal import Journal
from geozones.domain.terms import worded
from geozones.export.bilan.content import BilanContent, BilanPart, BilanTable
from geozones.export.messages import FEEDBACK_TITLE
from geozones.workspace.comments.summary import NO_FEEDBACK, Feedback
from geozones.workspace.experiment.area_rows import HEADS, PART_NAMES, AreaRow
from geozones.workspace.experiment.areas import observer, recorded
from geozones.workspace.experiment.bilan import INVENTED_NOTICE, Bilan, BilanVerdict, bilan_of
from geozones.workspace.experiment.hypotheses import HypothesisRow, hypothesis_rows
from geozones.workspace.experiment.reproposal import Reproposal
from geozones.workspace.study import Study

_LINES = (
    ("Ce qui s'est passé", 3.0, False),
    ("Observé", 2.1, True),
    ("Intervalle à 95 %", 1.9, True),
    ("Attendu", 2.1, True),
    ("", 1.7, False),
    ("D'après", 2.4, False),
)


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
    parts = _area(first, () if reproposal is None else reproposal.sentences(study))
    parts += _feedback_part(feedback if sector is None else feedback.in_sector(study.plan, sector))
    parts.append(_hypotheses(hypothesis_rows(study, watched)))
    if sector is None:
        held = recorded(study, watched)
        for entry in study.plan.sectors:
            if entry.id in held:
                parts += _area(bilan_of(study, journal, sector=entry.id))
                parts += _feedback_part(feedback.in_sector(study.plan, entry.id))
    name = first.area.name
    return BilanContent(
        f"Bilan de l'expérimentation : {name}",
        f"{first.period_text[:1].upper()}{first.period_text[1:]}",
        INVENTED_NOTICE if first.invented else "",
        tuple(parts),
    )


def _feedback_part(feedback: Feedback) -> list[BilanPart]:
    return [BilanPart(FEEDBACK_TITLE, feedback.sentences)] if feedback.sentences else []


def _area(bilan: Bilan, proposed: tuple[str, ...] = ()) -> list[BilanPart]:
    name = bilan.area.name
    rows = tuple(
        (
            line.label,
            line.observed,
            line.interval or "—",
            line.expected or "—",
            line.verdict.value or "—",
            line.counted,
        )
        for line in bilan.lines
    )
    title = f"{name[:1].upper()}{name[1:]}"
    compared = sum(line.verdict is not BilanVerdict.NOT_MODELLED for line in bilan.lines)
    parts = [
        BilanPart(title, chapter=True),
        BilanPart(
            "Attendu et observé, du moins bon au meilleur", (), BilanTable(_LINES, rows, compared)
        ),
        BilanPart("Ce que comptent ces chiffres", bilan.counts),
        BilanPart(
            "Points de vigilance du document",
            tuple(
                f"{point.title}{' (à surveiller)' if point.alarming else ''} : {point.shown}"
                for point in bilan.points
            ),
        ),
    ]
    changes = () if bilan.cost is None else (bilan.cost.sentence,)
    if changes or proposed:
        parts.append(BilanPart("Conséquences pour le plan", (*changes, *proposed)))
    what = worded(PART_NAMES[bilan.area.kind])
    parts.append(BilanPart(f"Par {what}", (), _rows(bilan.parts, what.capitalize())))
    parts.append(BilanPart("Par mois", (), _rows(bilan.months, "Mois")))
    return parts


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
    return BilanPart(title, (), BilanTable(columns, cells))

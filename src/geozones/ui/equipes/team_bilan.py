"""Bilan of the experiment: expected against observed figures, and the effect on the plan."""

import htpy
import streamlit as st

from geozones.common.french import number
from geozones.domain.field_journal import Journal
from geozones.domain.terms import worded
from geozones.export.messages import FEEDBACK_TITLE
from geozones.ui import state
from geozones.ui.equipes.bilan_document import current_feedback, files_of_bilan
from geozones.ui.equipes.journal_files import files_panel, journals
from geozones.ui.equipes.journal_hypotheses import hypotheses_panel, invented_mark
from geozones.ui.state.equipes_views import TeamView
from geozones.ui.widgets import html
from geozones.workspace.experiment.area_rows import HEADS, PART_NAMES, AreaRow
from geozones.workspace.experiment.areas import observer
from geozones.workspace.experiment.bilan import INVENTED_NOTICE, Bilan, BilanVerdict, bilan_of
from geozones.workspace.experiment.hypotheses import hypothesis_rows
from geozones.workspace.study import Study
from geozones.workspace.teams.staff import Staff


def bilan_part(staff: Staff) -> None:
    """Show the bilan of the area in view, the hypotheses, and the files of the journal."""
    study = staff.study
    kept = journals()
    files, journal = kept.files(), kept.read()
    if not journal.rows:
        html.show(
            html.note(
                htpy.strong["Aucune observation pour l'instant. "],
                "Le bilan comparera ce que l'outil a supposé à ce que les équipes ont fait : "
                "interventions, présence, visites, absences, relèves, trajets. Importez un "
                "journal pour commencer.",
            )
        )
        files_panel(study, files)
        return
    _bilan(study, journal)
    files_of_bilan(study, journal, files)
    rows = hypothesis_rows(study, observer(study, journal))
    hypotheses_panel(rows, invented=journal.invented)
    files_panel(study, files)


def _bilan(study: Study, journal: Journal) -> None:
    view = state.of(TeamView)
    bilan = bilan_of(study, journal, sector=view.sector, zone=view.zone)
    if bilan.invented:
        html.show(html.notice("error", INVENTED_NOTICE))
    mark = invented_mark(invented=bilan.invented)
    html.show(html.subtitle(f"Bilan : {bilan.area.name}, {bilan.period_text}", mark))
    html.show(_lines(bilan))
    html.show(html.remark(" ".join(bilan.counts)))
    html.show(html.subtitle("Points de vigilance du document", mark))
    html.show(_points(bilan))
    if bilan.cost is not None:
        html.show(html.subtitle("Conséquences pour le plan", mark))
        html.show(html.sentence(bilan.cost.sentence))
        html.show(_cost(bilan))
    _comments(study)
    part, marked = (
        worded(PART_NAMES[bilan.area.kind]),
        " (journal inventé)" if bilan.invented else "",
    )
    with st.expander(f"Par {part}{marked}", key="bilan.parties"):
        html.show(_rows(f"Observé, par {part}", bilan.parts, linked=True))
    with st.expander(f"Par mois{marked}", key="bilan.mois"):
        html.show(_rows("Observé, par mois", bilan.months, linked=False))


def _comments(study: Study) -> None:
    """Show comments and opinions on the scenario, for the sector in view."""
    feedback, sector = current_feedback(), state.of(TeamView).sector
    sentences = (feedback if sector is None else feedback.in_sector(study.plan, sector)).sentences
    if sentences:
        html.show(html.stack(html.subtitle(FEEDBACK_TITLE), html.bullets(sentences, "gz-steps")))


def _lines(bilan: Bilan) -> htpy.Element:
    rows = [
        (
            line.label,
            line.observed,
            line.interval or "—",
            line.expected or "—",
            _verdict(line.verdict),
            line.counted,
        )
        for line in bilan.lines
    ]
    heads = ("Ce qui s'est passé", "Observé", "Intervalle à 95 %", "Attendu", "Jugement", "D'après")
    return html.table(
        "Attendu et observé, du moins bon au meilleur", heads, rows, numeric=frozenset({1, 2, 3})
    )


def _verdict(verdict: BilanVerdict) -> htpy.Node:
    if verdict is BilanVerdict.WORSE:
        return htpy.strong[verdict.value]
    return verdict.value or "—"


def _points(bilan: Bilan) -> htpy.Element:
    return htpy.ul(".gz-steps")[
        [
            htpy.li[
                htpy.strong[point.title],
                " — à surveiller" if point.alarming else None,
                htpy.br,
                point.shown,
            ]
            for point in bilan.points
        ]
    ]


def _cost(bilan: Bilan) -> htpy.Element:
    assert bilan.cost is not None  # noqa: S101 - the caller checked
    names = ("Coût annuel", "Heures de route", "Ruptures")
    rows = [
        (name, f"{number(before)}\u00a0h", f"{number(after)}\u00a0h")
        for name, before, after in zip(names, bilan.cost.before, bilan.cost.after, strict=True)
    ]
    heads = ("Par an", "Avec les hypothèses", "Avec les valeurs observées")
    return html.table("Coût du plan", heads, rows, numeric=frozenset({1, 2}), hidden_caption=True)


def _rows(caption: str, parts: tuple[AreaRow, ...], *, linked: bool) -> htpy.Element:
    rows = [
        (html.go(part.place, part.name) if linked else part.name, *part.cells) for part in parts
    ]
    heads = ("Secteur ou zone" if linked else "Mois", *HEADS)
    return html.table(caption, heads, rows, numeric=frozenset(range(1, len(heads))))

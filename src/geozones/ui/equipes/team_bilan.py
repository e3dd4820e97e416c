"""Bilan of the experiment: expected against observed figures, and the effect on the plan."""

import htpy
import streamlit as st

from geozones.common.french import number
from geozones.domain.bilan_line import BilanVerdict
from geozones.domain.field_journal import Journal
from geozones.domain.terms import worded
from geozones.export.bilan.content import BAR_KEY
from geozones.export.bilan.interval_drawing import interval_svg
from geozones.export.messages import FEEDBACK_TITLE
from geozones.render.first_picture import zone_picture
from geozones.render.signs import swatch_css
from geozones.ui import state
from geozones.ui.equipes.bilan_document import current_feedback, files_of_bilan
from geozones.ui.equipes.journal_files import files_panel, journals
from geozones.ui.equipes.journal_hypotheses import hypotheses_panel, invented_mark
from geozones.ui.state.equipes_views import TeamView
from geozones.ui.widgets import html
from geozones.workspace.experiment.area_rows import HEADS, PART_NAMES, AreaRow
from geozones.workspace.experiment.areas import observer
from geozones.workspace.experiment.bilan import (
    DECISIONS_TITLE,
    INVENTED_NOTICE,
    Bilan,
    bilan_of,
)
from geozones.workspace.experiment.hypotheses import hypothesis_rows
from geozones.workspace.experiment.observed_map import ObservedMap, observed_map
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
    told = [f"{finding.text}." for finding in bilan.findings[1:]]
    html.show(
        html.stack(
            html.subtitle(bilan.title, mark),
            html.remark(f"Bilan : {bilan.area.name}, {bilan.period_text}."),
            html.bullets(told, "gz-steps") if told else None,
        )
    )
    if bilan.decisions:
        decided = html.bullets(bilan.decisions, "gz-steps")
        html.show(html.stack(html.subtitle(DECISIONS_TITLE, mark), decided))
    _map(observed_map(study, observer(study, journal), bilan.area, bilan.keys), mark)
    html.show(html.subtitle("Attendu et observé", mark))
    html.show(_lines(bilan))
    html.show(html.remark(f"{BAR_KEY} {' '.join(bilan.counts)}"))
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


def _map(shown: ObservedMap | None, mark: htpy.Node) -> None:
    """Draw the map of the most telling figure by zone, with its classes and values."""
    if shown is None:
        return
    picture = html.picture(zone_picture(shown.scene), shown.described)
    classes = [(html.swatch(swatch_css(colour)), words) for colour, words in shown.legend]
    values = [f"{zone.number}. {zone.name} : {zone.value}" for zone in shown.zones]
    html.show(
        html.stack(
            html.subtitle(shown.title, mark),
            htpy.div(".gz-observed")[
                htpy.div(".gz-zone-picture")[picture],
                htpy.div[html.legend("Classes", classes), html.bullets(values, "gz-list")],
            ],
        )
    )


def _lines(bilan: Bilan) -> htpy.Element:
    rows = [
        (
            line.label,
            html.picture(interval_svg(line), line.described),
            line.observed,
            line.interval or "—",
            line.expected or "—",
            _verdict(line.verdict),
            line.counted,
        )
        for line in bilan.lines
    ]
    heads = (
        "Ce qui s'est passé", "Dessin", "Observé", "Intervalle à 95 %", "Attendu", "Jugement",
        "D'après",
    )  # fmt: skip
    caption = "Attendu et observé, du moins bon au meilleur"
    return html.table(
        caption, heads, rows, numeric=frozenset({2, 3, 4}), hidden_caption=True, stacks=True
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

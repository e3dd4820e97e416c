"""« Organisation et calendrier »: deployment planned, who runs each sector, the document quoted."""

import htpy
import streamlit as st
from markupsafe import Markup

from geozones.domain.organisation import NOT_PUBLISHED
from geozones.export.file_parts import typeset
from geozones.export.organisation import STYLE, names_remark, quotes_html, sector_html, whole_html
from geozones.ui.widgets import html
from geozones.workspace.calendar import due
from geozones.workspace.sharing.credits import calendar_notes
from geozones.workspace.study import Study
from geozones.workspace.teams.chart import sector_chart

_ABSENT = (
    "Ces données ne décrivent pas l'organisation d'ensemble : l'administrateur de l'outil peut l'y "
    "ajouter. Les secteurs sont ceux du plan."
)


def organisation_part(study: Study) -> None:
    """Show the calendar of deployment, who runs each sector, and the whole as the document has it.

    The sectors are those of the scenario that is open.
    """
    html.style_sheet(STYLE)
    html.show(html.subtitle("Organisation et calendrier", anchor="organisation"))
    if study.atlas.calendar:
        with st.expander("Calendrier de déploiement", key="organisation.calendrier"):
            html.show(_calendar(study))
    for sector in study.plan.sectors:
        if study.plan.lycees_of(sector.id):
            rns = f"RNS {sector.rns or NOT_PUBLISHED}"
            label = html.unmarked(f"Secteur {sector.name} · {rns}")
            with st.expander(label, key=f"organisation.{sector.id}"):
                html.show(_chart(study, sector.id))
    organisation = study.atlas.organisation
    if organisation is None:
        html.show(html.note(_ABSENT))
        return
    with st.expander("L'ensemble, d'après le document", key="organisation.ensemble"):
        html.show(htpy.div[Markup(whole_html(organisation))])  # noqa: S704 - escaped by `whole_html`
    with st.expander("Extraits du document, mot pour mot", key="organisation.extraits"):
        html.show(htpy.div[Markup(quotes_html(organisation))])  # noqa: S704 - escaped by `quotes_html`


def _calendar(study: Study) -> htpy.Renderable:
    """Return what was planned at each date, for whom, with the doubts of the document's reading."""
    calendar = study.atlas.calendar
    rows = [
        (step.heading, part.whom, " ; ".join(part.actions))
        for rank, step in enumerate(calendar)
        for part in due(study.plan, calendar, rank)
    ]
    doubts = dict.fromkeys(doubt for step in calendar for doubt in step.doubts)
    return html.stack(
        html.table("Actions prévues", ("Date", "Pour qui", "Quoi"), rows, stacks=True),
        html.sources(" ".join((*calendar_notes(study), *doubts))),
    )


def _chart(study: Study, sector: str) -> htpy.Renderable:
    chart = sector_html(sector_chart(study, sector), _link)
    return htpy.fragment[
        htpy.p[html.pill(study.decisions.sector(sector))],
        Markup(chart),  # noqa: S704 - texts are escaped by `sector_html`
        html.remark(names_remark()),
    ]


def _link(where: str, text: str) -> str:
    """Return the HTML of a name that opens its place on the page « Carte » by click or Enter."""
    return str(html.go(where, typeset(text)))

"""Organisation chart of each sector, and the whole organisation quoted from the source document."""

import htpy
import streamlit as st
from markupsafe import Markup

from geozones.export.organisation import (
    NOT_PUBLISHED,
    STYLE,
    TOOLS_NAMES,
    quotes_html,
    sector_html,
    whole_html,
)
from geozones.export.text import typeset
from geozones.ui import state
from geozones.ui.state.equipes_views import TeamView
from geozones.ui.widgets import html
from geozones.workspace.teams.chart import sector_chart
from geozones.workspace.teams.staff import Staff

_ABSENT = (
    "Ces données ne décrivent pas l'organisation d'ensemble : "
    "l'administrateur de l'outil peut l'y ajouter. Les secteurs sont ceux du plan."
)


def organisation_part(staff: Staff) -> None:
    """Show the chart of the sector in view, or of each; then the whole, quoted."""
    html.style_sheet(STYLE)
    view, plan = state.of(TeamView), staff.plan
    if view.sector is not None:
        html.show(_chart(staff, view.sector))
    else:
        for sector in plan.sectors:
            if plan.lycees_of(sector.id):
                rns = f"RNS {sector.rns or NOT_PUBLISHED}"
                label = html.unmarked(f"Secteur {sector.name} · {rns}")
                with st.expander(label):
                    html.show(_chart(staff, sector.id))
    _whole(staff)


def _chart(staff: Staff, sector: str) -> htpy.Renderable:
    entry = staff.plan.sector(sector)
    chart = sector_html(sector_chart(staff.study, sector), _link)
    return htpy.fragment[
        html.subtitle(f"Secteur {entry.name} ", html.pill(staff.study.decisions.sector(sector))),
        Markup(chart),  # noqa: S704 - texts are escaped by `sector_html`
        html.remark(TOOLS_NAMES),
    ]


def _link(where: str, text: str) -> str:
    """Return the HTML of a name that opens its place on the page « Carte » by click or Enter."""
    return str(html.go(where, typeset(text)))


def _whole(staff: Staff) -> None:
    organisation = staff.study.atlas.organisation
    if organisation is None:
        html.show(html.note(_ABSENT))
        return
    html.show(
        htpy.fragment[
            html.subtitle("L'ensemble, d'après le document"),
            Markup(whole_html(organisation)),  # noqa: S704 - escaped by `whole_html`
        ]
    )
    html.show(
        htpy.fragment[
            html.subtitle("Extraits du document, mot pour mot"),
            Markup(quotes_html(organisation)),  # noqa: S704 - escaped by `quotes_html`
        ]
    )

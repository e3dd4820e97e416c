"""Legal notices of a public service, from one Markdown page; « Organisation et calendrier ».

RGAA 4.1 criteria (docs/rgaa.md), accessibility (loi 2005-102, art. 47), personal data (RGPD).
"""

from pathlib import Path

import htpy
import streamlit as st
from markupsafe import Markup

from geozones.common.french import typeset
from geozones.common.settings_file import Contacts, contacts
from geozones.domain.organisation import NOT_PUBLISHED
from geozones.domain.terms import has_organisation, worded
from geozones.export.organisation import STYLE, names_remark, quotes_html, sector_html, whole_html
from geozones.ui import opened_data, state
from geozones.ui.server.auth import actor
from geozones.ui.state.page_views import DataView
from geozones.ui.widgets import html
from geozones.workspace.figures.study import Study
from geozones.workspace.folder.calendar import due
from geozones.workspace.roles import Role
from geozones.workspace.sharing.dossier import calendar_notes, credits_of
from geozones.workspace.teams import sector_chart
from geozones.workspace.upkeep import erase_person

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


def _chart(study: Study, sector_id: str) -> htpy.Renderable:
    chart = sector_html(sector_chart(study, sector_id), _link)
    decisions = study.decisions
    changed = bool(decisions.sector_marks(sector_id))
    return htpy.fragment[
        htpy.p[html.pill(decisions.sector(sector_id), changed=changed)],
        Markup(chart),  # noqa: S704 - texts are escaped by `sector_html`
        html.remark(names_remark()),
    ]


def _link(where: str, text: str) -> str:
    return str(html.go(where, typeset(text)))


#: Part of the page Données with these notices, as named in its address.
NOTICES = "mentions"
#: Legal term for the share of criteria that are met (arrêté du 20 septembre 2019).
VERDICT = "partiellement conforme"
_PAGE = Path(__file__).with_suffix(".md")
#: Anchor of each section, which links of the footer lead to.
_ANCHORS = {"Accessibilité": "accessibilite", "Données personnelles": "donnees-personnelles"}
_ASKED = "l'administrateur de l'outil, qui en donnera l'adresse"


def sections() -> dict[str, str]:
    """Return the text of each section in Markdown, with the contacts of the settings."""
    known = _contacts()
    text = worded(_PAGE.read_text(encoding="utf-8"))
    for name, value in (
        ("ORGANISATION", known.organisation or "Le service qui met cet outil à disposition"),
        ("ACCESSIBILITE", known.accessibility or _ASKED),
        ("DONNEES", known.personal_data or _ASKED),
    ):
        text = text.replace(name, value)
    parts = (part.partition("\n") for part in f"\n{text}".split("\n# ")[1:])
    return {title: body.strip() for title, _, body in parts}


def legal_notices(study: Study) -> None:
    """Draw the sources, the organisation, both notices, and the erasure form of administrators."""
    near = study.atlas.close_ground.credit
    texts = (*credits_of(study), *([f"Fond de carte de près : {near}."] if near else []))
    sources = [htpy.p[text] for text in texts]
    html.show(htpy.fragment[html.subtitle("Sources et méthode", anchor="sources"), sources])
    if has_organisation():
        organisation_part(study)
    for title, body in sections().items():
        html.show(html.subtitle(title, anchor=_ANCHORS[title]))
        st.markdown(body)
    if actor().role >= Role.ADMINISTRATOR:
        html.show(html.subtitle("Effacer un nom"))
        name = state.bound(DataView, "erased").draw(
            st.text_input, "Nom, comme il a été écrit (obligatoire)", max_chars=100
        )
        with st.popover("Effacer ce nom…", disabled=not name.strip()):
            st.button(
                "Effacer ce nom partout, pour toujours",
                key="mentions.effacer",
                icon=":material/delete:",
                on_click=_erase,
            )


def folded_notices() -> None:
    """Draw both notices folded, for a standalone page."""
    for title, body in sections().items():
        with st.expander(f"{title} : {VERDICT}" if title == "Accessibilité" else title):
            st.markdown(body)


def _contacts() -> Contacts:
    with html.showing_errors():
        return contacts()
    return Contacts()


@state.reporting_errors()
def _erase() -> None:
    erasure = erase_person(opened_data.store, actor(), state.of(DataView).erased)
    state.update(DataView, erased="")
    state.notify("ok", erasure.sentence)

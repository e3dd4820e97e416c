"""Page of a shared link: one proposal for decision makers, without tools."""

from collections.abc import Sequence
from dataclasses import replace

import htpy
import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from geozones.common.french import plural
from geozones.domain.terms import worded
from geozones.export import Dossier
from geozones.export.registry import file_name, format_of
from geozones.export.text import slug
from geozones.export.webinar import webinar_page
from geozones.metrics.watch_list import watch_list
from geozones.ui import store_handle
from geozones.ui.opened_data import current_analysis, ledger
from geozones.ui.server.callers import is_user
from geozones.ui.shared_pages.changed_area import changed_area
from geozones.ui.shared_pages.comments_shared import comments_part
from geozones.ui.shared_pages.opinion_asked import lycee_of, opinion_part
from geozones.ui.shared_pages.shared_files import SharedFile
from geozones.ui.shared_pages.shared_lede import head, lede
from geozones.ui.shared_pages.site_sheet_part import site_sheet_part
from geozones.ui.state import address
from geozones.ui.widgets import html, legend
from geozones.ui.widgets.download import download_button
from geozones.ui.widgets.legal_notices import folded_notices
from geozones.ui.widgets.webinar_show import webinar_show
from geozones.workspace.comments.summary import feedback_on
from geozones.workspace.jobs import FILES, VISITOR_FILES
from geozones.workspace.scenarios.open_scenario import Work
from geozones.workspace.sharing.briefing import Briefing, briefing_of
from geozones.workspace.sharing.dossier import dossier
from geozones.workspace.sharing.export_view import ExportView
from geozones.workspace.sharing.exported_plan import ExportedPlan, of_work
from geozones.workspace.sharing.outcome import outcome_of
from geozones.workspace.webinar.story import make_webinar

#: Files to download, in this order: format and name on screen.
_FILES = ("pdf", "pptx", "xlsx")
#: Most sentences of a list before the others are folded.
_LINES = 5
_NONE_TAKEN = "Aucune décision n'est notée à ce jour."
_MOVED = "{Sites} qui changent de zone"


def shared(token: str, work: Work, *, starts_show: bool, personal: str | None = None) -> None:
    """Draw the page of a version; ``starts_show``: its webinar starts at once.

    ``personal`` is the token of a lycée's personal link, whose opinion is asked first.
    """
    feedback = feedback_on(store_handle.store, token)
    if personal is not None:  # a lycée answers without seeing the others' answers
        feedback = replace(feedback, questions=())
    exported = of_work(current_analysis(), work, feedback, ledger())
    exported = exported.at(address.app_address(), token)
    figures = "" if work.kept is None else work.kept.sentence
    inputs = (exported.version.fingerprint, repr((exported.feedback.sentences, exported.asked)))
    key = (exported.address or token, *inputs, figures)
    shown = _dossier(key, exported)
    briefing = briefing_of(shown)
    outcome = outcome_of(ledger(), work)
    html.show(head(work, outcome))
    if personal is not None:
        lycee = lycee_of(personal)
        html.show(htpy.fragment[[site_sheet_part(s) for s in shown.sheets if s.lycee == lycee]])
        opinion_part(personal)
    lede(exported, shown, briefing)
    html.show(_reasons(shown, briefing, shown.asked[1 + len(outcome.lines) :]))
    with st.container(key="gz-after"):
        with st.container(key="gz-after-comments"):
            comments_part(token, exported.study)
        with st.container(key="gz-after-files"):
            _files(key, shown)
    _before_after(token, work, shown)
    _show(exported, work, starts_show=starts_show)
    html.show(htpy.fragment[legend.sources(exported.study), folded_notices()])


@st.cache_resource(max_entries=24, show_spinner="Lecture du scénario…")
def _dossier(key: tuple[str, ...], _exported: ExportedPlan) -> Dossier:  # noqa: ARG001 - the cache's key
    """Return the dossier of the changes, or of the region if there is none."""
    base = _exported.base
    changes = base is not None and base.plan != _exported.plan
    return dossier(_exported, ExportView("before-after" if changes else "region"))


def _reasons(shown: Dossier, briefing: Briefing, taken: Sequence[str]) -> htpy.Element:
    """Return why a version is proposed, decisions noted, what gets worse, points to watch."""
    worse = html.folded_bullets(briefing.worse, "gz-alerts", _LINES, "autre point", "autres points")
    return htpy.div(".gz-columns")[
        htpy.section[
            html.subtitle("Pourquoi"),
            html.bullets(briefing.why, "gz-steps"),
            html.subtitle("Décisions notées"),
            html.bullets(taken or (_NONE_TAKEN,), "gz-steps"),
        ],
        htpy.section[
            html.subtitle("Ce qui se dégrade"),
            worse if briefing.worse else html.note("Aucun nouveau point de vigilance."),
        ],
        _points(shown),
    ]


def _points(shown: Dossier) -> htpy.Element:
    """Return the points to watch that are settled, and the others, which were there before."""
    comparison = shown.comparison
    new = () if comparison is None else comparison.new_points
    gone = () if comparison is None else comparison.gone_points
    known = [point.sentence for point in watch_list(shown.points).counted]
    others = [sentence for sentence in known if sentence not in new]
    settled = html.folded_bullets(gone, "gz-steps", _LINES, "autre point", "autres points")
    return htpy.section[
        html.subtitle("Points de vigilance"),
        _titled("Disparaissent ou changent", settled) if gone else None,
        htpy.details[
            htpy.summary[plural(len(others), "point déjà là", "points déjà là")],
            html.bullets(others, "gz-alerts"),
        ]
        if others
        else html.note("Aucun autre point de vigilance."),
    ]


def _titled(title: str, listed: htpy.Node) -> htpy.Fragment:
    return htpy.fragment[htpy.h3(".gz-subtitle")[title], listed]


def _files(version: tuple[str, ...], shown: Dossier) -> None:
    html.show(htpy.div(".gz-screen")[html.subtitle("À emporter")])
    context = get_script_run_ctx()
    session = "" if context is None else context.session_id
    queue = FILES if is_user() else VISITOR_FILES
    with st.container(horizontal=True, key="gz-shared-files"):
        for key in _FILES:
            kind = format_of(key)
            download_button(
                kind.named,
                SharedFile((*version, key), shown, key, queue, session),
                file_name=file_name(shown, kind.extension, ""),
                mime=kind.media,
                key=f"partage.{key}",
            )


def _before_after(token: str, work: Work, shown: Dossier) -> None:
    comparison = shown.comparison
    if comparison is None:
        return
    rows = [
        (change.metric.label, change.before_text, change.after_text, change.words or "inchangé")
        for change in comparison.headline
    ]
    heads = ("Chiffre", "Avant", "Après", "Écart")
    moved = [(move.lycee, move.before or "—", move.after or "—") for move in comparison.moves]
    html.show(
        html.stack(
            html.subtitle("Avant et après"),
            None if work.kept is None else html.remark(work.kept.sentence),
            html.table("Chiffres, du moins bon au meilleur", heads, rows),
            html.table(worded(_MOVED), (worded("{Site}"), "Avant", "Après"), moved)
            if moved
            else None,
        )
    )
    html.show(changed_area((token, shown.version.fingerprint), shown, for_user=is_user()))


def _show(exported: ExportedPlan, work: Work, *, starts_show: bool) -> None:
    """Offer the webinar, built only on request because its document is large."""
    box = st.expander(
        "Présentation à projeter",
        key="partage.webinaire",
        expanded=starts_show,
        on_change="rerun",
    )
    if not (box.open or starts_show):
        return
    with box:
        page = webinar_page(make_webinar(exported, ledger=ledger()).webinar)
        webinar_show(page.decode(), step=None, rank=0, start=starts_show)
        download_button(
            "Télécharger (un fichier HTML)",
            page,
            file_name=f"webinaire-{slug(work.name)}.html",
            mime="text/html",
            key="partage.webinaire.fichier",
        )

"""Page of a shared link: one proposal for decision makers, without tools."""

from dataclasses import replace

import htpy
import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from geozones.common.french import long_date, plural
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
from geozones.ui.shared_pages.shared_map import shared_map
from geozones.ui.shared_pages.site_sheet_part import site_sheet_part
from geozones.ui.state import address
from geozones.ui.widgets import html, legend
from geozones.ui.widgets.download import download_button
from geozones.ui.widgets.legal_notices import folded_notices
from geozones.ui.widgets.webinar_show import webinar_show
from geozones.workspace.comments.summary import feedback_on
from geozones.workspace.jobs import FILES, VISITOR_FILES
from geozones.workspace.scenarios.open_scenario import Work
from geozones.workspace.sharing.briefing import briefing_of
from geozones.workspace.sharing.dossier import dossier
from geozones.workspace.sharing.export_view import ExportView
from geozones.workspace.sharing.exported_plan import ExportedPlan, of_work
from geozones.workspace.webinar.story import make_webinar

#: Files to download, in this order: format and name on screen.
_FILES = (("pdf", "Document à imprimer"), ("pptx", "Diaporama"), ("xlsx", "Classeur"))
_MOVES = 12


def shared(token: str, work: Work, *, starts_show: bool, personal: str | None = None) -> None:
    """Draw the page of a version; ``starts_show``: its webinar starts at once.

    ``personal`` is the token of a lycée's personal link, whose opinion is asked first.
    """
    feedback = feedback_on(store_handle.store, token)
    if personal is not None:  # a lycée answers without seeing the others' answers
        feedback = replace(feedback, questions=())
    exported = of_work(current_analysis(), work, feedback)
    exported = exported.at(address.app_address(), token)
    figures = "" if work.kept is None else work.kept.sentence
    inputs = (exported.version.fingerprint, repr(exported.feedback.sentences), figures)
    key = (exported.address() or token, *inputs)
    shown = _dossier(key, exported)
    html.show(_head(work))
    if personal is not None:
        lycee = lycee_of(personal)
        html.show(htpy.fragment[[site_sheet_part(s) for s in shown.sheets if s.lycee == lycee]])
        opinion_part(personal)
    html.show(htpy.fragment[_briefing(shown), _decision(token, shown)])
    _before_after(token, shown)
    html.show(html.subtitle("La carte"))
    shared_map(exported)
    comments_part(token, exported.study)
    html.show(_points(shown))
    _files(key, shown)
    _show(exported, work, starts_show=starts_show)
    html.show(htpy.fragment[legend.sources(exported.study), folded_notices()])


@st.cache_resource(max_entries=24, show_spinner="Lecture du scénario…")
def _dossier(key: tuple[str, ...], _exported: ExportedPlan) -> Dossier:  # noqa: ARG001 - the cache's key
    """Return the dossier of the changes, or of the region if there is none."""
    base = _exported.base
    changes = base is not None and base.plan != _exported.plan
    return dossier(_exported, ExportView("before-after" if changes else "region"))


def _head(work: Work) -> htpy.Element:
    scenario = work.scenario
    status = "" if scenario is None else str(scenario.status)
    when = "" if scenario is None else f"version du {long_date(scenario.updated)}"
    author = current_analysis().territory.atlas.starting_plan.author
    return htpy.header(".gz-shared-head")[
        html.kicker(
            " · ".join(filter(None, (author, worded("continuité informatique des {sites}"))))
        ),
        htpy.h1(".gz-title")[work.name],
        htpy.p[htpy.span(".gz-pill.gz-draft")[status.capitalize()], " ", when],
        None if work.kept is None else html.remark(work.kept.sentence),
    ]


def _briefing(shown: Dossier) -> htpy.Element:
    briefing = briefing_of(shown)
    return htpy.section(".gz-briefing", aria_label="En trois phrases")[
        [htpy.p[line] for line in briefing.message],
        htpy.h2["Ce qui est proposé"],
        html.bullets(briefing.proposed, "gz-steps"),
        htpy.h2["Pourquoi"],
        [htpy.p[reason] for reason in briefing.why],
        [htpy.h2["Ce qui se dégrade"], html.bullets(briefing.worse, "gz-steps")]
        if briefing.worse
        else None,
    ]


def _decision(token: str, shown: Dossier) -> htpy.Element:
    published = next((entry for entry in ledger().plans if entry.frozen == token), None)
    lines = list(shown.asked)
    if published is not None:
        lines.insert(0, f"{ledger().line(published)}.")
    elif len(lines) == 1:  # only what is asked: no decision was made
        lines.append("Aucune décision n'est prise à ce jour.")
    return htpy.section(".gz-decision")[
        html.subtitle("La décision"), html.bullets(lines, "gz-steps")
    ]


def _before_after(token: str, shown: Dossier) -> None:
    comparison = shown.comparison
    if comparison is None:
        return
    rows = [
        (change.metric.label, change.before_text, change.after_text, change.words or "inchangé")
        for change in comparison.headline
    ]
    heads = ("Chiffre", "Avant", "Après", "Écart")
    figures = html.table("Chiffres, du moins bon au meilleur", heads, rows)
    moved = [
        htpy.li[htpy.strong[move.lycee], f" : {move.before or '—'} → {move.after or '—'}"]
        for move in comparison.moves
    ]
    listed = htpy.ul(".gz-steps")[moved[:_MOVES]]
    rest = htpy.details[
        htpy.summary[plural(len(moved) - _MOVES, worded("autre {site}"), worded("autres {sites}"))],
        htpy.ul(".gz-steps")[moved[_MOVES:]],
    ]
    html.show(
        html.stack(
            html.subtitle("Avant et après"),
            figures,
            listed,
            rest if len(moved) > _MOVES else None,
        )
    )
    html.show(changed_area((token, shown.version.fingerprint), shown, for_user=is_user()))


def _points(shown: Dossier) -> htpy.Element:
    comparison = shown.comparison
    new = () if comparison is None else comparison.new_points
    gone = () if comparison is None else comparison.gone_points
    known = [point.sentence for point in watch_list(shown.points).counted]
    others = [sentence for sentence in known if sentence not in new]
    return htpy.section[
        html.subtitle("Points de vigilance"),
        _titled("S'ajoutent ou changent", html.bullets(new, "gz-alerts"))
        if new
        else html.note("Aucun nouveau point de vigilance."),
        _titled("Disparaissent ou changent", html.bullets(gone, "gz-steps")) if gone else None,
        others
        and htpy.details[
            htpy.summary[plural(len(others), "autre point, déjà là", "autres points, déjà là")],
            html.bullets(others, "gz-alerts"),
        ],
    ]


def _titled(title: str, listed: htpy.Element) -> htpy.Fragment:
    return htpy.fragment[htpy.h3(".gz-subtitle")[title], listed]


def _files(version: tuple[str, ...], shown: Dossier) -> None:
    html.show(htpy.div(".gz-screen")[html.subtitle("À emporter")])
    context = get_script_run_ctx()
    session = "" if context is None else context.session_id
    queue = FILES if is_user() else VISITOR_FILES
    with st.container(horizontal=True, key="gz-shared-files"):
        for key, label in _FILES:
            kind = format_of(key)
            download_button(
                f"{label} (.{key})",
                SharedFile((*version, key), shown, key, queue, session),
                file_name=file_name(shown, kind.extension, ""),
                mime=kind.media,
                key=f"partage.{key}",
            )


def _show(exported: ExportedPlan, work: Work, *, starts_show: bool) -> None:
    """Offer the webinar, built only on request because its document is large."""
    box = st.expander(
        "Présentation à projeter",
        icon=":material/slideshow:",
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

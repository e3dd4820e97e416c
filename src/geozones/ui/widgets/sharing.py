"""Sharing: choice of a plan and a view, preview, links."""

import base64
from collections.abc import Mapping

import htpy
import streamlit as st

from geozones.common.french import plural
from geozones.common.settings_file import link_to
from geozones.domain import Plan
from geozones.domain.terms import worded
from geozones.export import Dossier
from geozones.jobs import FILES, run_in_process
from geozones.ui import current_scenario, state
from geozones.ui.opened_data import current_analysis, ledger
from geozones.ui.state import address
from geozones.ui.state.page_views import ShareView
from geozones.ui.widgets import html
from geozones.ui.widgets.option_fields import chooser
from geozones.ui.widgets.scenario_bar import other_publications
from geozones.workspace.figures.study import Study
from geozones.workspace.sharing.bundle import drawn_for_screen
from geozones.workspace.sharing.exported_plan import (
    BASELINE,
    ExportedPlan,
    ExportView,
    feedback_readers,
    of_work,
    open_exported_plan,
)

_CURRENT = "essai"
_KINDS = {
    "region": "{Whole_territory}",
    "sector": "Un secteur",
    "before-after": "Avant et après",
}
_LINES = 12


def choose(study: Study) -> tuple[ExportedPlan | None, ExportView | None]:
    """Let the user choose a plan and a view; ``None`` where there is nothing to show yet."""
    plans = _plans()
    _follow_map(study.plan)
    share = state.of(ShareView)
    chosen = share.plan if share.plan in plans else next(iter(plans))
    choose_field("Plan ou scénario", plans, chosen, "plan")
    exported = _exported_plan(study, chosen)
    if exported is None:
        return None, None
    kinds = {key: worded(name) for key, name in _KINDS.items()}
    choose_field("Vue", kinds, share.kind, "kind")
    exported = exported.at(address.app_address())
    return exported, _view(share.kind, exported)


def _follow_map(plan: Plan) -> None:
    """Show the region, or the sector of what was selected on the map."""
    chosen = state.follow_map(ShareView, plan)
    if chosen is not None:
        sector_id, _ = chosen.around(plan)
        state.update(ShareView, kind="region" if sector_id is None else "sector", sector=sector_id)


def choose_field(label: str, names: Mapping[str, str], value: str, field: str) -> None:
    """Draw the choice of one field of `ShareView`."""

    def choose(choice: str) -> None:
        state.update(ShareView, **{field: choice})

    chooser(label, names, state.BoundValue(f"ShareView.{field}", value, choose))


def _plans() -> dict[str, str]:
    """Return the plans that can be shared, by code, the current one first."""
    work = current_scenario.current()
    plans = {}
    if work.timeline.path and (work.scenario is None or work.is_dirty):
        plans[_CURRENT] = f"{work.name} (non enregistré)"
    elif work.timeline.path and work.scenario is not None:
        plans[work.scenario.id] = f"{work.name} · {work.scenario.status}"
    plans.setdefault(BASELINE, current_analysis().baseline.name)
    with html.showing_errors("Les scénarios enregistrés ne sont pas proposés.", html.note):
        for entry in current_scenario.scenarios().list():
            plans.setdefault(entry.id, f"{entry.name} · {entry.status}")
        for damaged in current_scenario.scenarios().damaged():
            html.show(html.note(str(damaged)))
    return plans | other_publications()


def _exported_plan(study: Study, code: str) -> ExportedPlan | None:
    with html.showing_errors():
        if code == _CURRENT:
            work, scenarios = current_scenario.current(), current_scenario.scenarios()
            saved = None if work.scenario is None else work.scenario.id
            feedback = feedback_readers().of_scenario(scenarios, saved)
            return of_work(study.analysis, work, feedback, ledger())
        return open_exported_plan(study.analysis, current_scenario.scenarios(), code)
    return None


def _view(kind: str, exported: ExportedPlan) -> ExportView | None:
    if kind == "sector":
        names = {s.id: s.name for s in exported.plan.sectors if exported.plan.lycees_of(s.id)}
        share = state.of(ShareView)
        chosen = share.sector if share.sector in names else next(iter(names))
        choose_field("Secteur", names, chosen, "sector")
        return ExportView(kind, chosen)
    if kind == "before-after" and exported.changed_from is None:
        why = "Ce plan n'a pas d'avant : il est inchangé."
        html.show(
            html.note(f"{why} Choisissez un scénario, ou essayez un déplacement sur la carte.")
        )
        st.page_link("pages/carte.py", label="Ouvrir la carte", icon=":material/map:")
        return None
    return ExportView(kind)


@st.cache_data(max_entries=24, show_spinner="Préparation de l'aperçu…")
def preview(key: tuple[str, ...], _dossier: Dossier) -> htpy.Element:  # noqa: ARG001 - the cache's key
    """Return a picture for the screen, lighter than the file; cached."""
    picture = run_in_process(FILES, drawn_for_screen, _dossier, check=state.yield_to_streamlit)
    text = f"Aperçu : {_dossier.title}, {_dossier.version.dated_name}"
    return picture_element(picture, text, text)


def picture_element(webp: bytes, alt: str, caption: htpy.Node) -> htpy.Element:
    """Return a picture (WEBP) with its caption and a copy button."""
    source = f"data:image/webp;base64,{base64.b64encode(webp).decode()}"
    copy = htpy.button(".gz-copy", type="button", data_copy_image="")["Copier l'image"]
    return htpy.figure(".gz-preview", role="figure", aria_label=alt)[
        htpy.img(src=source, alt=alt), htpy.figcaption[caption, copy]
    ]


def first_lines(dossier: Dossier) -> htpy.Element:
    """Return the first lines of the tables that the spreadsheet will hold."""
    rows = [
        (lycee.id, lycee.name, lycee.commune, zone.name, sector.name, lycee.releve_text)
        for sector, zone, lycee in dossier.lines()
    ]
    heads = (worded("{Short_code}"), worded("{Site}"), "Commune", "Zone", "Secteur", "Relève")
    caption = f"Aperçu : {plural(min(_LINES, len(rows)), 'première ligne', 'premières lignes')}"
    caption += f" sur {len(rows)}, {dossier.version.dated_name}"
    return html.table(caption, heads, rows[:_LINES], numeric=frozenset({5}))


def whole_link(page: str = "", asks: Mapping[str, str] | None = None) -> str:
    """Return the whole address of a page, under the public address or the browser's own."""
    return link_to(address.app_address(), page, asks)


def link_box(link: str) -> htpy.Element:
    """Return a link to open in another tab, and to copy."""
    return htpy.div(".gz-link")[
        htpy.a(href=link, target="_blank", rel="noopener")[link],
        copy_button(link, "Copier le lien"),
    ]


def copy_button(text: str, label: str) -> htpy.Element:
    """Return a button that copies a text, and confirms it."""
    return htpy.button(".gz-copy", type="button", data_copy=text)[label]


def copy_view_button() -> htpy.Element:
    """Return a button that copies the address of the page at the time of the click."""
    return htpy.button(".gz-copy", type="button", data_copy_view=address.app_address())[
        "Copier le lien de cette vue"
    ]


def open_link(link: str, label: str) -> htpy.Element:
    """Return a link that opens in another tab, because it leads out of the page."""
    return htpy.a(".gz-open", href=link, target="_blank", rel="noopener")[label]
